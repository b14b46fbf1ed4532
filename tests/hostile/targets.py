"""The parsers as functions of bytes, for property tests, for the corpus and for long fuzzing runs.

Each target has one lawful outcome: a result, or one of the project's own errors, in bounded steps.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.cards.cards_made import exfat_card, fat_card
from tests.doubles import FailingDevice, memory_device
from tests.hostile.floor_targets import archives, slots

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.rejoin import in_one_piece_again
from fifthfloor.cards import exfat_entries, fat_entries
from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.cards.exfat_boot import boot_checksum
from fifthfloor.cards.extents import merged
from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.fat_boot import read_geometry
from fifthfloor.cards.image import card_on, open_card
from fifthfloor.cards.partitions import read_partitions, whole
from fifthfloor.cards.reading import read_card_on
from fifthfloor.cards.recognise import file_system_of
from fifthfloor.cards.remove import plan_scrub
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.cards.unchained import unchained_entries
from fifthfloor.errors import FifthFloorError

MAX_READS = 20_000  # calls; a sound card of this size takes some dozens


def whole_card(data: bytes) -> None:
    """Everything that is done with a card before it is written, and what tidy would plan."""
    with FailingDevice(memory_device(data)) as device:
        use(device)
        assert device.calls <= MAX_READS
        assert all(kind == "read" for kind, _, _ in device.log)


def use(device: Device) -> None:
    read_all(device)
    try:
        card = card_on(device)
    except FifthFloorError:
        return
    end = 0
    for offset, length in card.free.tolist():
        assert end <= offset < offset + length <= device.size_bytes
        end = offset + length
    for volume in card.volumes:
        for file in volume.files():
            assert sum(len(piece) for piece in volume.read_file(file)) == file.size_bytes
        for _ in zip(range(1000), deleted_entries(volume), strict=False):
            pass
    plan_scrub(card)


def read_all(device: Device) -> None:
    """What a reader bears: no bytes are an error, free and lost clusters lie apart, and all of it is bounded."""
    card = read_card_on(SkippingDevice(device))
    end = 0
    for offset, length in merged([card.free, card.lost]).tolist():
        assert end <= offset < offset + length <= device.size_bytes
        end = offset + length
    for volume in card.volumes:
        for file in volume.files():
            assert sum(len(piece) for piece in volume.read_file(file)) <= file.size_bytes
        for _ in zip(range(1000), deleted_entries(volume), strict=False):
            pass
        for _ in unchained_entries(volume):
            pass


def partitions(data: bytes) -> None:
    with memory_device(data.ljust(512, b"\0")) as device:
        for sector_bytes in (512, 4096):
            try:
                for found in read_partitions(device, sector_bytes):
                    assert found.offset_bytes + found.length_bytes <= device.size_bytes
            except FifthFloorError:
                continue
        file_system_of(device, whole(device))


def fat_boot(data: bytes) -> None:
    try:
        read_geometry(data[:512].ljust(512, b"\0"), "here", 0, 1 << 40)
    except FifthFloorError:
        return


def fat_directory(data: bytes) -> None:
    slots = [(at, data[at : at + 32]) for at in range(0, len(data) - 31, 32)]
    for record in fat_entries.records(slots):
        assert record.offsets_bytes
        assert record.modified is None or record.modified.year >= 1980


def exfat_directory(data: bytes) -> None:
    slots = [(at, data[at : at + 32]) for at in range(0, len(data) - 31, 32)]
    try:
        for item in exfat_entries.entry_sets(slots, "here", "/"):
            assert item
    except FifthFloorError:
        return


def sealed_exfat(data: bytes) -> bytes:
    """Make the boot checksum of a bent card right, so that what lies behind it is reached."""
    shift = data[108] if len(data) > 108 and 9 <= data[108] <= 12 else 9
    sector = 1 << shift
    if len(data) < 12 * sector:
        return data
    checksum = struct.pack("<I", boot_checksum(data[: 11 * sector])) * (sector // 4)
    return data[: 11 * sector] + checksum + data[12 * sector :]


def pieces(data: bytes) -> None:
    """Free space in clusters of 512 bytes: what is carved of it and put together is as long as its places, inside."""
    data = data.ljust(-(-len(data) // 512) * 512, b"\0")
    with memory_device(data) as device:
        space = FreeSpace(device, [(0, len(data))])
        for item in in_one_piece_again(space, carve(space), 512):
            assert sum(run.length_bytes for run in item.runs) == item.found.length_bytes > 0
            assert all(0 <= run.offset_bytes <= len(data) - run.length_bytes for run in item.runs)


@dataclass(frozen=True)
class Sound:
    """A card nothing is wrong with, in memory, and the parts of it that parsers read (offset, length)."""

    contents: bytes
    device: OpenFile
    places: tuple[tuple[int, int], ...]

    def use_bent(self, edits: list[tuple[int, bytes]], *, seal: bool) -> None:
        """Bend the card at device offsets, use it, and put it back."""
        try:
            for at, data in edits:
                self.device.write(at, data)
            if seal:
                self.device.write(0, sealed_exfat(self.device.read(0, 12 * 512)))
            device = FailingDevice(self.device)
            use(device)
            assert device.calls <= MAX_READS
            assert all(kind == "read" for kind, _, _ in device.log)
        finally:
            for at, data in [*edits, (0, bytes(12 * 512))]:
                self.device.write(at, self.contents[at : at + len(data)])

    def edits(self, data: bytes) -> list[tuple[int, bytes]]:
        """Read bytes as edits: place (2 bytes, over all parts), length (1 byte), contents."""
        found: list[tuple[int, bytes]] = []
        at, total = 0, sum(length for _, length in self.places)
        while at + 3 < len(data) and len(found) < 32:
            where, length = int.from_bytes(data[at : at + 2], "little") % total, 1 + data[at + 2] % 64
            for offset, room in self.places:
                if where < room:
                    found.append((offset + where, data[at + 3 : at + 3 + min(length, room - where)]))
                    break
                where -= room
            at += 3 + length
        return found


@cache
def sound(file_system: str) -> Sound:
    """Make the card once a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "card.img"
        if file_system == "fat32":
            fat_card(path)
        else:
            exfat_card(path)
        with open_card(path) as card:
            volume = card.volumes[0]
            directories = [*volume.root_extents, *(e for f in card.files() if f.is_directory for e in f.extents)]
            places = [(extent.offset_bytes, min(extent.length_bytes, 768)) for extent in directories]
            if isinstance(volume, Fat32Volume):
                geometry = volume.geometry
                tables = [geometry.fat_offset_bytes + copy * geometry.fat_bytes for copy in range(geometry.fat_count)]
                places += [(0, 512), *((table, 1024) for table in tables)]
            else:
                places += [(64, 56), (128 * 512, 1024), (volume.heap_offset_bytes, 256)]
        contents = path.read_bytes()
    return Sound(contents, memory_device(contents), tuple(places))


def bent_fat32(data: bytes) -> None:
    card = sound("fat32")
    card.use_bent(card.edits(data), seal=False)


def bent_exfat(data: bytes) -> None:
    card = sound("exfat")
    card.use_bent(card.edits(data), seal=True)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "whole_card": whole_card,
    "partitions": partitions,
    "fat_boot": fat_boot,
    "fat_directory": fat_directory,
    "exfat_directory": exfat_directory,
    "bent_fat32": bent_fat32,
    "bent_exfat": bent_exfat,
    "slots": slots,
    "archives": archives,
    "pieces": pieces,
}
