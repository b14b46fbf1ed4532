"""Which file system a partition holds, by its bytes and never by its type in the table.

Only FAT32 and exFAT are read. The others are recognised so that a card that holds one is refused by name.
"""

from __future__ import annotations

import struct

from fifthfloor.cards.device import Device
from fifthfloor.cards.fat_boot import backup_boot
from fifthfloor.cards.partitions import Partition

FAT32, EXFAT = "FAT32", "exFAT"

# offset in the partition, bytes there, name; sources: the magic numbers in util-linux' libblkid
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (3, b"NTFS    ", "NTFS"),
    (0x438, b"\x53\xef", "ext2/3/4"),
    (0x400, b"H+", "HFS+"),
    (0x400, b"HX", "HFS+"),
    (0x400, b"BD", "HFS"),
    (32, b"NXSB", "APFS"),
    (0x400, b"\x10\x20\xf5\xf2", "F2FS"),
    (0x10040, b"_BHRfS_M", "Btrfs"),
    (0, b"XFSB", "XFS"),
    (0, b"LUKS\xba\xbe", "LUKS"),
    (3, b"-FVE-FS-", "BitLocker"),
    (0x8001, b"CD001", "ISO 9660"),
    (0x8001, b"NSR0", "UDF"),
    (0, b"hsqs", "SquashFS"),
    (0xFF6, b"SWAPSPACE2", "swap"),
    (512, b"LABELONE", "LVM"),
)


def file_system_of(device: Device, partition: Partition, *, lenient: bool = False) -> str | None:
    """Name the file system that a partition holds, or None where nothing is recognised.

    Args:
        device: the card.
        partition: of it, or the whole.
        lenient: take what drivers mount without a signature, a boot sector by its copy, and FAT32 before what another
            file system has left behind it.
    """
    if partition.length_bytes < 512:
        return None
    boot = device.read(partition.offset_bytes, 512)
    # exFAT has zeros where FAT32 says its sectors; its name outlives it, and no driver of FAT32 looks at it.
    if lenient and _fat(boot, lenient=True) == FAT32:
        return FAT32
    if boot[3:11] == b"EXFAT   ":
        return EXFAT
    return leftover_of(device, partition) or _fat(boot) or (_by_copy(device, partition) if lenient else None)


def leftover_of(device: Device, partition: Partition) -> str | None:
    """Name a file system by its magic number alone, FAT and exFAT left out; such numbers outlive their systems."""
    for offset, magic, name in _MAGIC:
        end = offset + len(magic)
        if end <= partition.length_bytes and device.read(partition.offset_bytes + offset, len(magic)) == magic:
            return name
    return None


def _by_copy(device: Device, partition: Partition) -> str | None:
    """Name FAT32 or exFAT by the copy of a boot sector that is gone."""
    for sector in (512, 4096):
        at = 12 * sector
        if partition.length_bytes >= at + 512 and device.read(partition.offset_bytes + at + 3, 8) == b"EXFAT   ":
            return EXFAT
    return FAT32 if backup_boot(device, partition.offset_bytes, partition.length_bytes) else None


def starts_a_volume(boot: bytes, offset_bytes: int) -> bool:
    """Whether a sector is the boot sector of a FAT32 or exFAT volume that says itself that it begins there."""
    if boot[3:11] == b"EXFAT   ":
        return int.from_bytes(boot[64:72], "little") << boot[108] == offset_bytes if 9 <= boot[108] <= 12 else False
    if _fat(boot) != FAT32:
        return False
    sector, hidden = int.from_bytes(boot[11:13], "little"), int.from_bytes(boot[28:32], "little")
    return hidden * sector == offset_bytes


def has_its_copy(device: Device, boot: bytes, offset_bytes: int) -> bool:
    """Whether the copy that FAT32 and exFAT keep stands behind a boot sector, wherever that says that it is."""
    if boot[3:11] == b"EXFAT   " and 9 <= boot[108] <= 12:
        at, said = offset_bytes + (12 << boot[108]), slice(3, 106)
    elif _fat(boot) == FAT32:
        at, said = offset_bytes + 6 * int.from_bytes(boot[11:13], "little"), slice(11, 64)
    else:
        return False
    return at + 512 <= device.size_bytes and device.read(at, 512)[said] == boot[said]


def _fat(boot: bytes, *, lenient: bool = False) -> str | None:
    """Tell the FATs by the fields that only they have; the text "FAT32" in the boot sector means nothing.

    Linux and mtools ask neither for the signature nor for the jump: `lenient` does not either.
    """
    sector, per_cluster, reserved, fats, root_entries = struct.unpack_from("<HBHBH", boot, 11)
    sectors16, media, fat16 = struct.unpack_from("<HBH", boot, 19)
    sectors32, fat32 = struct.unpack_from("<II", boot, 32)
    plausible = (
        (lenient or (boot[510:512] == b"\x55\xaa" and boot[0] in (0xEB, 0xE9)))
        and sector in (512, 1024, 2048, 4096)
        and per_cluster.bit_count() == 1
        and reserved
        and 0 < fats <= 4
        and (media == 0xF0 or media >= 0xF8)
        and (lenient or sectors16 or sectors32)  # Linux takes as many clusters as the table has entries
    )
    if not plausible:
        return None
    if not fat16 and fat32 and not root_entries:
        return FAT32
    size = fat16 or fat32
    root_sectors = -(-root_entries * 32 // sector)
    clusters = ((sectors16 or sectors32) - reserved - fats * size - root_sectors) // per_cluster
    return "FAT12" if clusters < 4085 else "FAT16"
