"""Cards opened by a process that may, for one that may not: only those in readers, each checked again by who opens it.

Counterparts: `Holder` in the process with the rights, `asking` in the one without. What carries requests and
descriptors from one to the other is the desk's (`desk.helper`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fifthfloor import engine
from fifthfloor.cards.descriptor import ASKED, Asking
from fifthfloor.cards.device import OpenFile
from fifthfloor.cards.opening import open_path
from fifthfloor.cards.windows import RawDevice
from fifthfloor.errors import BadInput, DeviceRefused
from fifthfloor.tasks.floors.readers import Offered, cards_in_readers


class Holder:
    """What the process with the rights does: list, and open by a number of its last list."""

    def __init__(self) -> None:
        self._listed: tuple[Offered, ...] = ()

    def cards(self) -> list[str]:
        """List the cards in readers; none is mounted, and the system's own disk is never among them."""
        self._listed = tuple(cards_in_readers())
        return [one.path for one in self._listed]

    def open(self, number: int, *, writable: bool) -> OpenFile | RawDevice:
        """Open a card of the last list, if it is still the same one; it is locked as any card that is open.

        Raises:
            DeviceRefused: it is not in its reader any more, another one is, or like `open_card`.
            BadInput: there is no such number, or like `open_card`.
        """
        if not 0 <= number < len(self._listed):
            raise BadInput("desk.unknown_place")
        meant = self._listed[number]
        same = [one for one in cards_in_readers() if (one.path, one.facts, one.size_bytes) == _key(meant)]
        if not same:
            raise DeviceRefused("cards.gone", path=meant.path)
        device, _ = open_path(Path(meant.path), writable=writable, serial=None)
        if not isinstance(device, OpenFile | RawDevice):
            device.close()
            raise DeviceRefused("cards.gone", path=meant.path)
        return device


def _key(card: Offered) -> tuple[object, ...]:
    return card.path, card.facts, card.size_bytes


@contextmanager
def asking(opener: Asking, in_workers: Callable[[], None]) -> Iterator[None]:
    """Ask `opener` for every device that this process may not open, until the block ends.

    Args:
        opener: gives descriptors as `cards.descriptor.Asking` says.
        in_workers: done by each process that is begun meanwhile; calls `ask_always` there.
    """
    ASKED.append(opener)
    engine.FIRST.append(in_workers)
    try:
        yield
    finally:
        ASKED.remove(opener)
        engine.FIRST.remove(in_workers)


def ask_always(opener: Asking) -> None:
    """Ask `opener` as long as this process lives."""
    ASKED.append(opener)
