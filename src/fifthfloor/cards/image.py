"""A card: its device, its volumes, its free extents, and what a person is shown before it is written.

Rule: `open_card` is the only way to a writable card, and it refuses whatever it does not understand whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import exfat, fat32
from fifthfloor.cards.bearing import Borne
from fifthfloor.cards.descriptor import DeviceFacts
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import Extent, merged
from fifthfloor.cards.opening import open_path
from fifthfloor.cards.partitions import TABLE_ERRORS, Partition, read_partitions, whole
from fifthfloor.cards.recognise import EXFAT, FAT32, file_system_of
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.cards.volume import VisibleFile, Volume
from fifthfloor.errors import BadInput, reason_of
from fifthfloor.metadata.endings import is_picture


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """What a person is shown of a card before it is written.

    Args:
        path: as given.
        facts: maker, model, serial and kind of the device; empty for an image.
        size_bytes: of the whole device.
        labels: of its volumes, in order.
        photographs: how many visible files have the name of a photograph.
        files: how many visible files there are.
        used_bytes: what they hold together.
    """

    path: str
    facts: DeviceFacts
    size_bytes: int
    labels: tuple[str, ...]
    photographs: int
    files: int
    used_bytes: int

    @property
    def label(self) -> str:
        """All labels, joined."""
        return ", ".join(label for label in self.labels if label)


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A card whose volumes have all been checked; made by `open_card` or `card_on`.

    Args:
        device: closed when the card is.
        volumes: rising by offset, at least one.
        free: free extents of all volumes, shape (n, 2), bytes on the device, rising, read-only.
        facts: what the system says about the device.
        borne: faults that a reader bore (`reading.read_card`); none on a card that may be written.
        outside: for a reader, bytes that belong to no heap, shape (n, 2).
    """

    device: Device
    volumes: tuple[Volume, ...]
    free: NDArray[np.int64]
    facts: DeviceFacts = field(default_factory=DeviceFacts)
    borne: tuple[Borne, ...] = ()
    outside: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))

    @property
    def unreadable(self) -> tuple[tuple[int, int], ...]:
        """What a reader has skipped so far: (offset_bytes, length_bytes); empty on a card that may be written."""
        return self.device.unreadable if isinstance(self.device, SkippingDevice) else ()

    def lacks(self, extents: Iterable[Extent]) -> bool:
        """Whether a sector of these could not be read: what lies there is in part, whatever its structure says."""
        bad = self.unreadable
        return bool(bad) and any(
            offset < extent.offset_bytes + extent.length_bytes and extent.offset_bytes < offset + length
            for extent in extents
            for offset, length in bad
        )

    @property
    def lost(self) -> NDArray[np.int64]:
        """Clusters that are taken and belong to no file, shape (n, 2), bytes on the device, rising."""
        return merged([volume.lost for volume in self.volumes])

    def files(self) -> Iterator[VisibleFile]:
        """Walk the visible files of all volumes."""
        for volume in self.volumes:
            yield from volume.files()

    @property
    def identity(self) -> CardIdentity:
        files = [file for file in self.files() if not file.is_directory]
        return CardIdentity(
            self.device.path,
            self.facts,
            self.device.size_bytes,
            tuple(volume.label for volume in self.volumes),
            sum(is_picture(file.path) for file in files),
            len(files),
            sum(file.size_bytes for file in files),
        )

    def close(self) -> None:
        self.device.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        # Wherever in the block a sector could not be read: the person is told of which card.
        if isinstance(error, OSError) and error.filename == self.device.path:
            raise _unreadable(self.device, error) from error


def open_card(path: Path, *, writable: bool = False, serial: str | None = None, mending: bool = False) -> Card:
    """Open an image or block device as a card.

    Args:
        path: an image file, or on Linux a block device.
        writable: whether it will be written; takes an exclusive lock.
        serial: the serial number a person typed, for a device that is not removable.
        mending: bear what a deletion leaves that was stopped (`remove.reclaim_lost` finishes it).

    Raises:
        BadInput: not a card, or one whose file systems do not hold together; from the `with` block of a card also
            where a sector of it cannot be read.
        DeviceRefused: mounted, not removable, in use by another, or no device of this system.
    """
    device, facts = open_path(path, writable=writable, serial=serial)
    try:
        return card_on(device, facts, mending=mending)
    except BaseException:
        device.close()
        raise


def open_raw(path: Path) -> Device:
    """Open anything to be read byte by byte; its file systems are not looked at. Raises like `open_card`."""
    return open_path(path, writable=False, serial=None)[0]


def card_on(device: Device, facts: DeviceFacts | None = None, *, mending: bool = False) -> Card:
    """Read the card on an open device, which stays open; raises BadInput like `open_card`."""
    try:
        volumes = tuple(_load(device, partition, name, mending) for partition, name in find_volumes(device))
    except OSError as error:
        raise _unreadable(device, error) from error
    return Card(device, volumes, merged([volume.free for volume in volumes]), facts or DeviceFacts())


def _unreadable(device: Device, error: OSError) -> BadInput:
    return BadInput("cards.unreadable", path=device.path, reason=reason_of(error))


def find_volumes(device: Device) -> list[tuple[Partition, str]]:
    """Find every FAT32 and exFAT volume of a device.

    Raises:
        BadInput: there is none, there is a file system that is not one of the two, or there are two answers.
    """
    if not device.size_bytes:
        raise BadInput("cards.empty", path=device.path, size=0)
    if device.size_bytes < 512:
        raise BadInput("cards.no_file_system", path=device.path)
    bare = file_system_of(device, whole(device))
    tables = [found for sector in _sector_sizes(device) if (found := _recognised(device, sector, bare is not None))]
    if len(tables) + (bare is not None) > 1:
        raise BadInput("cards.two_layouts", path=device.path)
    found = tables[0] if tables else [(whole(device), bare)] if bare else []
    if not found:
        raise BadInput("cards.no_file_system", path=device.path)
    for _, name in found:
        if name in ("FAT12", "FAT16"):
            raise BadInput("cards.fat16", path=device.path)
        if name not in (FAT32, EXFAT):
            raise BadInput("cards.other_file_system", path=device.path, name=name)
    return sorted(found, key=lambda one: one[0].offset_bytes)


def _sector_sizes(device: Device) -> tuple[int, ...]:
    # An image does not say in which sectors its table counts; a device does.
    return (device.sector_bytes,) if device.sector_bytes != 512 else (512, 4096)


def _recognised(device: Device, sector_bytes: int, lenient: bool) -> list[tuple[Partition, str]]:
    """The partitions that hold a file system; what looks like a damaged table may be boot code where `lenient`."""
    try:
        partitions = read_partitions(device, sector_bytes)
    except BadInput as error:
        if error.key in TABLE_ERRORS and (lenient or sector_bytes != _sector_sizes(device)[0]):
            return []
        raise
    named = [(partition, file_system_of(device, partition)) for partition in partitions]
    return [(partition, name) for partition, name in named if name is not None]


def _load(device: Device, partition: Partition, name: str, mending: bool) -> Volume:
    if name == EXFAT:
        return exfat.load(device, partition.offset_bytes, partition.length_bytes)
    return fat32.load(device, partition.offset_bytes, partition.length_bytes, mending=mending)
