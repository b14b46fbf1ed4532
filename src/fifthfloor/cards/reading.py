"""The lenient load: whatever of a card any operating system or examiner's program would read.

`image.open_card` is for whoever may write, and refuses what it does not understand whole. Here nothing is ever written,
so nothing is refused: faults are borne and listed, sectors that cannot be read are skipped and listed, and where there
is no file system at all the whole device is what a searcher carves.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import exfat
from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.descriptor import DeviceFacts
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import merged
from fifthfloor.cards.image import Card
from fifthfloor.cards.opening import open_path
from fifthfloor.cards.partitions import Partition, read_partitions, whole
from fifthfloor.cards.recognise import (
    EXFAT,
    FAT32,
    file_system_of,
    has_its_copy,
    leftover_of,
    starts_a_volume,
)
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.cards.soundest import load_soundest
from fifthfloor.cards.volume import Volume
from fifthfloor.errors import BadInput

# Some systems, or all, show nothing of a card with one of these, or not all of it, and the way out is a format
# (`words.cards`): there `recover` copies the visible files as well.
RESCUED = frozenset(
    {
        "cards.bad_name",
        "cards.behind_end",
        "cards.bitmap_short",
        "cards.boot_checksum",
        "cards.boot_copy",
        "cards.boot_signature",
        "cards.chain_broken",
        "cards.chain_leaves",
        "cards.chain_loops",
        "cards.chain_missing",
        "cards.cross_linked",
        "cards.cut_short",
        "cards.entry_missing",
        "cards.entry_set",
        "cards.entry_sizes",
        "cards.exfat_boot",
        "cards.fat_boot",
        "cards.gpt_damaged",
        "cards.name_hash",
        "cards.no_file_system",
        "cards.partition_chain",
        "cards.partition_leaves",
        "cards.partitions_overlap",
        "cards.table_copy",
        "cards.table_gone",
        "cards.upcase",
    }
)
_SEARCHED_CARD_BYTES = 64 << 20  # where a first partition begins; SD cards of 2 TB begin theirs at 16 MiB
_SEARCH_PIECE_BYTES = 1 << 20


def read_card(path: Path) -> Card:
    """Open an image or block device to be read and never written.

    Args:
        path: an image file, or on Linux a block device.

    Raises:
        BadInput: it is not there, or is no file or device.
        DeviceRefused: mounted, in use by another, or no device of this system.
    """
    device, facts = open_path(path, writable=False, serial=None)
    try:
        return read_card_on(SkippingDevice(device), facts)
    except BaseException:
        device.close()
        raise


def open_raw_to_read(path: Path) -> SkippingDevice:
    """Open anything to be read byte by byte, around sectors that cannot be read. Raises like `read_card`."""
    return SkippingDevice(open_path(path, writable=False, serial=None)[0])


def read_card_on(device: SkippingDevice, facts: DeviceFacts | None = None) -> Card:
    """Read the card on an open device, which stays open."""
    tables = Bearing(lenient=True)
    volumes: list[Volume] = []
    bearings = [tables]
    for partition, name in _volumes_on(device, tables):
        try:
            volumes.append(_load(device, partition, name))
        except BadInput as error:
            tables.bear(error)
        else:
            bearings.append(volumes[-1].bearing)
            if (cut := volumes[-1].geometry.lost_clusters) and "cards.cut_short" not in bearings[-1].borne:
                bearings[-1].fault("cards.last_clusters", path=device.path, count=cut)
    if not volumes:
        tables.fault("cards.no_file_system", path=device.path)
    borne = tuple(fault for bearing in bearings for fault in bearing.borne.values())
    outside = merged([_outside(device.size_bytes, volumes), *(volume.bad for volume in volumes)])
    free = merged([volume.free for volume in volumes]) if volumes else outside
    if not volumes:
        outside = outside[:0]
    return Card(device, tuple(volumes), free, facts or DeviceFacts(), borne, outside)


def _load(device: Device, partition: Partition, name: str) -> Volume:
    if name == EXFAT:
        return exfat.load(device, partition.offset_bytes, partition.length_bytes, bearing=Bearing(lenient=True))
    return load_soundest(device, partition.offset_bytes, partition.length_bytes)


def _volumes_on(device: Device, bearing: Bearing) -> list[tuple[Partition, str]]:
    """Find every FAT32 and exFAT volume, in this order: by a partition table, as the whole device, by its first sector.

    A partition that holds something else is told, and its bytes are carved like those between partitions.
    """
    if device.size_bytes < 512:
        return []
    found: list[tuple[Partition, str]] = []
    table: Bearing | None = None
    for sector in (device.sector_bytes,) if device.sector_bytes != 512 else (512, 4096):
        # A table whose addresses count in other sectors reads as nonsense; only what led to volumes is worth a word.
        here = Bearing(lenient=True)
        try:
            found = _recognised(device, read_partitions(device, sector, here), here)
        except BadInput as error:
            here.bear(error)
        if found:
            bearing.borne.update(here.borne)
            break
        table = table or here
    bare = _recognised(device, (whole(device),), bearing)
    if found and bare:
        bearing.fault("cards.two_layouts", path=device.path)
    if not found and not bare and table is not None:
        bearing.borne.update(table.borne)
    return found or bare or _searched(device, bearing)


def _recognised(device: Device, partitions: tuple[Partition, ...], bearing: Bearing) -> list[tuple[Partition, str]]:
    found = []
    for partition in sorted(partitions, key=lambda one: one.offset_bytes):
        name = file_system_of(device, partition, lenient=True)
        if name in (FAT32, EXFAT):
            found.append((partition, name))
            left = leftover_of(device, partition) if name == FAT32 else None
            if left:
                bearing.fault("cards.leftover", path=device.path, name=left)
        elif name in ("FAT12", "FAT16"):
            bearing.fault("cards.fat16", path=device.path)
        elif name is not None:
            bearing.fault("cards.other_file_system", path=device.path, name=name)
    return found


def _searched(device: Device, bearing: Bearing) -> list[tuple[Partition, str]]:
    """Find volumes whose partition table is gone: their boot sector says at which sector it is, or has its copy.

    What was copied behind something else says another sector than the one where it is now.
    """
    found: list[tuple[Partition, str]] = []
    end = min(device.size_bytes // 512 * 512, _SEARCHED_CARD_BYTES)
    for start in range(0, end, _SEARCH_PIECE_BYTES):
        data = device.read(start, min(_SEARCH_PIECE_BYTES, end - start))
        words = np.frombuffer(data, "<u2")[255::256]
        for index in np.flatnonzero(words == 0xAA55):
            offset = start + int(index) * 512
            taken = any(p.offset_bytes <= offset < p.offset_bytes + p.length_bytes for p, _ in found)
            boot = data[int(index) * 512 :][:512]
            begins = offset and not taken and starts_a_volume(boot, offset)
            if begins or (offset and not taken and has_its_copy(device, boot, offset)):
                partition = Partition(offset, device.size_bytes - offset)
                name = file_system_of(device, partition, lenient=True)
                if name in (FAT32, EXFAT):
                    bearing.fault("cards.table_gone", path=device.path, offset=offset)
                    found.append((partition, name))
    return found


def _outside(size_bytes: int, volumes: list[Volume]) -> NDArray[np.int64]:
    """What belongs to no heap: before, between and behind volumes, their first sectors, and cut last clusters."""
    extents, at = [], 0
    for volume in sorted(volumes, key=lambda one: one.heap_offset_bytes):
        start = volume.heap_offset_bytes
        if at < start:
            extents.append((at, start - at))
        at = max(at, start + volume.cluster_count * volume.cluster_bytes)
    if at < size_bytes:
        extents.append((at, size_bytes - at))
    outside = np.array(extents, np.int64).reshape(-1, 2)
    outside.flags.writeable = False
    return outside
