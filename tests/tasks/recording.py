"""What a command asks of the cards, call by call."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.doubles import Call, FailingDevice, Fails

from fifthfloor.cards import image, reading
from fifthfloor.cards.descriptor import DeviceFacts
from fifthfloor.cards.device import Device
from fifthfloor.cards.opening import open_path


class Reader:
    """Stands between the program and every card it opens.

    Args:
        faults: for each opening of a card, in order, what goes wrong with it.
    """

    def __init__(self) -> None:
        self.faults: list[tuple[Fails, ...]] = []
        self.devices: list[FailingDevice] = []
        self._really = open_path

    def open_path(self, path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
        device, facts = self._really(path, writable=writable, serial=serial)
        number = len(self.devices)
        self.devices.append(FailingDevice(device, self.faults[number] if number < len(self.faults) else ()))
        return self.devices[-1], facts

    @property
    def logs(self) -> list[list[Call]]:
        """Of each opening of a card, in order; `open` and `health` open every card twice, first for a short look."""
        return [device.log for device in self.devices]

    def forget(self) -> None:
        """Begin anew."""
        self.devices = []


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A recording reader in place of the real one."""
    made = Reader()
    for way in (image, reading):  # the strict way to a card and the lenient one
        monkeypatch.setattr(way, "open_path", made.open_path)
    return made
