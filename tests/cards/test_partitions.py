"""Partition tables, and the question whether a card has one."""

from __future__ import annotations

import struct
import uuid
import zlib
from pathlib import Path

import pytest
from tests.cards.cards_made import bend, fat_card, refusal
from tests.cards.exfat_builder import ExfatBuilder
from tests.doubles import memory_device

from fifthfloor.cards.image import open_card
from fifthfloor.cards.partitions import Partition, read_partitions
from fifthfloor.errors import BadInput

MIB = 1 << 20
BASIC_DATA = uuid.UUID("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7").bytes_le


def mbr(*entries: tuple[int, int, int]) -> bytes:
    """Kind, first sector, sectors."""
    packed = b"".join(struct.pack("<B3xB3xII", 0, kind, first, count) for kind, first, count in entries)
    return bytes(446) + packed.ljust(64, b"\0") + b"\x55\xaa"


def gpt(sector: int, parts: list[tuple[int, int]], total: int) -> bytes:
    """Protective MBR, header and entries of partitions given as first and last sector."""
    rows = b"".join(
        BASIC_DATA + bytes([index + 1]) * 16 + struct.pack("<QQQ72x", first, last, 0)
        for index, (first, last) in enumerate(parts)
    ).ljust(128 * 128, b"\0")
    last = total // sector - 1
    header = struct.pack(
        "<8sIIIIQQQQ16sQIII",
        b"EFI PART",
        0x10000,
        92,
        0,
        0,
        1,
        last,
        34,
        last - 34,
        bytes(16),
        2,
        128,
        128,
        zlib.crc32(rows),
    )
    header = header[:16] + struct.pack("<I", zlib.crc32(header)) + header[20:]
    return mbr((0xEE, 1, last)).ljust(sector, b"\0") + header.ljust(sector, b"\0") + rows


def card(path: Path, table: bytes, volumes: list[int], *, sector: int = 512, size: int = 64 * MIB) -> Path:
    """An image with a table, and exFAT volumes of 8 MiB at the given offsets."""
    path.touch()
    for offset in volumes:
        ExfatBuilder(path, 8 * MIB, cluster_bytes=4096, offset_bytes=offset, sector_bytes=sector, label="V").finish()
    with path.open("r+b") as image:
        image.truncate(size)
    bend(path, 0, table)
    return path


@pytest.mark.parametrize("sector", [512, 4096])
def test_gpt_with_two_volumes(tmp_path: Path, sector: int) -> None:
    per = MIB // sector
    path = card(
        tmp_path / "c.img",
        gpt(sector, [(16 * per, 24 * per - 1), (4 * per, 12 * per - 1)], 64 * MIB),
        [4 * MIB, 16 * MIB],
        sector=sector,
    )
    with open_card(path) as found:
        assert [volume.offset_bytes for volume in found.volumes] == [4 * MIB, 16 * MIB]
        assert (found.free[1:, 0] > found.free[:-1, 0] + found.free[:-1, 1]).all()


@pytest.mark.parametrize("sector", [512, 4096])
def test_mbr_counts_in_sectors_of_its_device(tmp_path: Path, sector: int) -> None:
    per = MIB // sector
    path = card(tmp_path / "c.img", mbr((7, 4 * per, 8 * per)), [4 * MIB], sector=sector)
    with open_card(path) as found:
        assert [volume.offset_bytes for volume in found.volumes] == [4 * MIB]


def test_logical_partitions(tmp_path: Path) -> None:
    path = card(tmp_path / "c.img", mbr((5, 2048, 100_000)), [2 * MIB, 20 * MIB])
    bend(path, MIB, mbr((7, 2048, 16384), (5, 36864 - 2048, 20_000)))
    bend(path, 18 * MIB, mbr((7, 4096, 16384)))
    with open_card(path) as found:
        assert [volume.offset_bytes for volume in found.volumes] == [2 * MIB, 20 * MIB]


def test_what_is_no_file_system_is_not_touched(tmp_path: Path) -> None:
    path = card(tmp_path / "c.img", mbr((0x83, 2048, 2048), (7, 8192, 16384)), [4 * MIB])
    with open_card(path) as found:
        assert len(found.volumes) == 1
        assert (found.free[:, 0] >= 4 * MIB).all()


@pytest.mark.parametrize(
    ("at", "magic", "key"),
    [
        (3, b"NTFS    ", "cards.other_file_system"),
        (0x438, b"\x53\xef", "cards.other_file_system"),
        (0x400, b"H+", "cards.other_file_system"),
        (0, b"LUKS\xba\xbe", "cards.other_file_system"),
    ],
)
def test_another_file_system_beside_ours_refuses_the_whole_card(
    tmp_path: Path, at: int, magic: bytes, key: str
) -> None:
    path = card(tmp_path / "c.img", mbr((0x83, 40_960, 2048), (7, 8192, 16384)), [4 * MIB])
    bend(path, 20 * MIB + at, magic)
    assert refusal(path) == key


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (mbr((7, 8192, 16384), (7, 9000, 100)), "cards.partitions_overlap"),
        (mbr((7, 8192, 1 << 30)), "cards.partition_leaves"),
        (gpt(512, [(8192, 24575), (9000, 9100)], 64 * MIB), "cards.partitions_overlap"),
        (gpt(512, [(8192, 1 << 40)], 64 * MIB), "cards.gpt_damaged"),
        (gpt(512, [(24575, 8192)], 64 * MIB), "cards.gpt_damaged"),
        (gpt(512, [(8192, 24575)], 64 * MIB)[:-1] + b"\x01", "cards.gpt_damaged"),
        (bytes(512), "cards.no_file_system"),
        (mbr((0xEE, 1, 100)), "cards.no_file_system"),
        (mbr((5, 2048, 100_000)), "cards.no_file_system"),
        (mbr((5, 1 << 30, 100_000)), "cards.partition_leaves"),
    ],
)
def test_refuses_tables_that_do_not_hold_together(tmp_path: Path, table: bytes, key: str) -> None:
    assert refusal(card(tmp_path / "c.img", table, [4 * MIB])) == key


def test_a_circular_chain_of_logical_partitions_ends(tmp_path: Path) -> None:
    path = card(tmp_path / "c.img", mbr((5, 2048, 100_000)), [])
    bend(path, MIB, mbr((5, 100, 20_000)))
    bend(path, MIB + 51_200, mbr((5, 100, 20_000)))
    assert refusal(path) == "cards.partition_chain"


def test_an_endless_chain_of_logical_partitions_ends() -> None:
    image = bytearray(64 * MIB)
    image[:512] = mbr((5, 1, 100_000))
    for at in range(1, 1000):
        image[at * 512 : at * 512 + 512] = mbr((7, 50_000 + at, 1), (5, at, 1))
    with pytest.raises(BadInput) as caught:
        read_partitions(memory_device(bytes(image)), 512)
    assert caught.value.key == "cards.partition_chain"


def test_a_partition_table_over_an_old_file_system_is_two_answers(tmp_path: Path) -> None:
    """What `fdisk` leaves of a card that was formatted whole before: both readings would find a volume."""
    path = fat_card(tmp_path / "c.img")
    with path.open("r+b") as image:
        image.truncate(80 * MIB)
    ExfatBuilder(path, 8 * MIB, cluster_bytes=4096, offset_bytes=60 * MIB).finish()
    bend(path, 446, mbr((7, 60 * 2048, 8 * 2048))[446:])
    assert refusal(path) == "cards.two_layouts"


def test_boot_code_is_no_partition_table(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    bend(path, 446, b"NTLDR is missing, press any key to restart this camera, or not"[:62])
    assert refusal(path) == ""


def test_addresses_are_bytes() -> None:
    table = gpt(4096, [(256, 511)], 64 * MIB)
    assert read_partitions(memory_device(table.ljust(64 * MIB, b"\0")), 4096) == (Partition(MIB, MIB),)


def test_fat16_is_refused(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    bend(path, 22, struct.pack("<H", 200))
    assert refusal(path) == "cards.fat16"


def test_a_tiny_file_is_no_card(tmp_path: Path) -> None:
    for size in (0, 1, 511, 512, 513, 4096):
        path = tmp_path / f"{size}.img"
        path.write_bytes(b"\xff" * size)
        assert refusal(path) == ("cards.no_file_system" if size else "cards.empty")
