"""Virtual cards: makes FAT32 images, formats them again, and writes files to them as a camera does.

For the journey and the tests; real cards are formatted by cameras. Images are sparse. Nothing here is safe against
being stopped, because a virtual card can be made again.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from fifthfloor.cards.device import Device
from fifthfloor.cards.fat_boot import FatGeometry
from fifthfloor.cards.fat_entries import VOLUME_LABEL
from fifthfloor.cards.image import find_volumes
from fifthfloor.cards.opening import open_path
from fifthfloor.errors import BadInput
from fifthfloor_theatre.cards.boot_packing import fitting_cluster_bytes, pack_boot, pack_fsinfo, plan
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.fat_writer import FatWriter

__all__ = ["FatWriter", "delete_like_a_camera", "fill_like_a_camera", "format_fat32", "quick_format"]

PARTITION_START_BYTES = 1 << 20
SMALLEST_PHOTO_BYTES, LARGEST_PHOTO_BYTES = 4_000_000, 25_000_000
_FAT32_LBA = 0x0C
_ZEROS = bytes(1 << 20)


def format_fat32(
    path: Path,
    size_bytes: int,
    *,
    label: str,
    cluster_bytes: int | None = None,
    sector_bytes: int = 512,
    partitioned: bool = True,
) -> None:
    """Make a new image file of an empty FAT32 card.

    Args:
        path: must not exist.
        size_bytes: of the card; at least about 34 MB.
        label: at most 11 characters of code page 437.
        cluster_bytes: None takes the largest, up to 32 KiB, that a card of this size can have.
        sector_bytes: 512 or 4096.
        partitioned: one partition in an MBR, as cards are sold; else the volume is the whole card.

    Raises:
        BadInput: the file exists.
        NoRoom: too small to be FAT32 with such clusters.
    """
    start = PARTITION_START_BYTES if partitioned else 0
    length = size_bytes - start
    cluster_bytes = cluster_bytes or fitting_cluster_bytes(length, sector_bytes)
    geometry = plan(start, length, sector_bytes, cluster_bytes, zlib.crc32(label.encode()), label)
    try:
        with path.open("xb") as image:
            image.truncate(size_bytes)
    except FileExistsError as error:
        raise BadInput("cards.exists", path=str(path)) from error
    with open_path(path, writable=True, serial=None)[0] as device:
        if partitioned:
            device.write(0, _mbr(start // sector_bytes, geometry.length_bytes // sector_bytes))
        _write_empty(device, geometry, label)


def quick_format(path: Path, *, label: str, cluster_bytes: int | None = None) -> None:
    """Format a card's first volume again as a camera's quick format does: boot sectors, tables and root only.

    Args:
        path: an image; its partition table stays.
        cluster_bytes: None keeps to what `format_fat32` would take.

    Raises:
        BadInput: the image holds no FAT32 or exFAT volume.
        NoRoom: too small to be FAT32 with such clusters.
    """
    with open_path(path, writable=True, serial=None)[0] as device:
        partition, _ = find_volumes(device)[0]
        cluster_bytes = cluster_bytes or fitting_cluster_bytes(partition.length_bytes, 512)
        serial = zlib.crc32(label.encode() + b"again")
        geometry = plan(partition.offset_bytes, partition.length_bytes, 512, cluster_bytes, serial, label)
        for start in range(geometry.offset_bytes, geometry.heap_offset_bytes, len(_ZEROS)):
            device.write(start, _ZEROS[: geometry.heap_offset_bytes - start])
        _write_empty(device, geometry, label)


def fill_like_a_camera(
    writer: FatWriter, total_bytes: int, draw: Callable[[int], bytes], moment: datetime, folder: str = "DCIM/101CAMRA"
) -> int:
    """Write files of 4 to 25 MB, from the first free cluster on, until they hold `total_bytes`.

    Args:
        writer: of the card to be overwritten.
        total_bytes: to write in all; the last file may be shorter than 4 MB.
        draw: gives so many bytes of chance; they become sizes and contents.
        moment: time of the first file; each later one is 10 s after it.

    Returns:
        The number of files written.

    Raises:
        NoRoom: the card has less room than that; what fitted has been written.
    """
    number, left = 0, total_bytes
    while left > 0:
        span = LARGEST_PHOTO_BYTES - SMALLEST_PHOTO_BYTES
        size = min(left, SMALLEST_PHOTO_BYTES + int.from_bytes(draw(8), "little") % (span + 1))
        number += 1
        writer.add_file(f"{folder}/CAM_{number:04d}.JPG", draw(size), moment + timedelta(seconds=10 * number))
        left -= size
    return number


def _mbr(first_sector: int, sectors: int) -> bytes:
    entry = struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", _FAT32_LBA, b"\xfe\xff\xff", first_sector, sectors)
    return bytes(446) + entry + bytes(48) + b"\x55\xaa"


def _write_empty(device: Device, geometry: FatGeometry, label: str) -> None:
    """Write boot sectors, FSInfo, both tables' first entries and a root directory that holds the label."""
    sector = geometry.sector_bytes
    boot = pack_boot(geometry)
    info = pack_fsinfo(geometry.cluster_count - 1, 3, sector)
    third = bytes(510) + b"\x55\xaa" + bytes(sector - 512)
    for at in (0, 6):
        device.write(geometry.offset_bytes + at * sector, boot + info + third)
    first_entries = struct.pack("<III", 0x0FFFFFF8, 0x0FFFFFFF, 0x0FFFFFFF)
    for copy in range(geometry.fat_count):
        device.write(geometry.fat_offset_bytes + copy * geometry.fat_bytes, first_entries)
    root = struct.pack("<11sB20x", label.encode("cp437").ljust(11)[:11], VOLUME_LABEL) if label else b""
    device.write(geometry.heap_offset_bytes, root.ljust(geometry.cluster_bytes, b"\0"))
    device.flush()
