"""Changes to directories and tables as a list of whole-sector writes in stages, so that they can be stopped anywhere.

A sector is the unit a card writes or does not write. Within a stage the writes may reach the medium in any order;
between stages the device is flushed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fifthfloor.cards.device import Device
from fifthfloor.errors import BadInput


@dataclass(frozen=True, slots=True)
class SectorWrite:
    """One sector to be written, whole.

    Args:
        offset_bytes: on the device, a multiple of the sector.
        data: all of it.
    """

    offset_bytes: int
    data: bytes


WriteStage = tuple[SectorWrite, ...]
Stages = tuple[WriteStage, ...]


class Planner:
    """Collects changes; the device is only read.

    Args:
        device: the card.
        sector_bytes: the larger of the device's and the volume's.
    """

    def __init__(self, device: Device, sector_bytes: int) -> None:
        self._device = device
        self._sector_bytes = sector_bytes
        self._sectors: dict[int, bytearray] = {}
        self._written: dict[int, bytes] = {}
        self._touched: dict[int, None] = {}
        self._stages: list[WriteStage] = []

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        """Read as if everything planned so far had been written."""
        first = offset_bytes // self._sector_bytes * self._sector_bytes
        end = offset_bytes + length_bytes
        joined = b"".join(self._sector(at) for at in range(first, end, self._sector_bytes))
        return joined[offset_bytes - first : end - first]

    def put(self, offset_bytes: int, data: bytes) -> None:
        """Plan a change in the current stage; it may cross sectors."""
        done = 0
        while done < len(data):
            at = (offset_bytes + done) // self._sector_bytes * self._sector_bytes
            start = offset_bytes + done - at
            piece = data[done : done + self._sector_bytes - start]
            self._sector(at)[start : start + len(piece)] = piece
            self._touched[at] = None
            done += len(piece)

    def end_stage(self) -> None:
        """What was put so far must be on the medium before what follows."""
        stage = []
        for at in self._touched:
            now = bytes(self._sectors[at])
            if now != self._written[at]:
                stage.append(SectorWrite(at, now))
                self._written[at] = now
        self._touched = {}
        if stage:
            self._stages.append(tuple(stage))

    def plan(self) -> Stages:
        self.end_stage()
        return tuple(self._stages)

    def _sector(self, at: int) -> bytearray:
        if at not in self._sectors:
            self._written[at] = self._device.read(at, self._sector_bytes)
            self._sectors[at] = bytearray(self._written[at])
        return self._sectors[at]


def execute(device: Device, plan: Stages, done: Callable[[int], None] = lambda _bytes: None) -> None:
    """Write a plan, and read each stage back before the next begins.

    A later stage is sound only on top of the earlier one: a card that loses a write must not get further.

    Args:
        device: of a card opened writable; the card must be opened again afterwards to be read.
        plan: made for this card as it is now.
        done: told the bytes just written.

    Raises:
        BadInput, NoRoom, DeviceRefused: as `Device.write`; or the card acknowledges writes and loses them.
    """
    for stage in plan:
        for write in stage:
            device.write(write.offset_bytes, write.data)
            done(len(write.data))
        device.flush()
        device.drop_cache()
        for write in stage:
            if device.read(write.offset_bytes, len(write.data)) != write.data:
                raise BadInput("cards.writes_lost", path=device.path, offset=write.offset_bytes)
