"""Partition tables, magic numbers, chains, extents and paths at the edge of their rules, and the facts of errors."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import struct
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.cards.test_partitions import BASIC_DATA, MIB, gpt, mbr
from tests.doubles import FailingDevice, memory_device

from fifthfloor.cards import chains as chains_module
from fifthfloor.cards import paths
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.descriptor import open_descriptor
from fifthfloor.cards.device import OpenFile
from fifthfloor.cards.extents import Extent, on_device, read_extents
from fifthfloor.cards.fat32 import FAT32_BAD, FAT32_END_OF_CHAIN
from fifthfloor.cards.partitions import Partition, read_partitions
from fifthfloor.cards.paths import PathBook
from fifthfloor.cards.recognise import file_system_of
from fifthfloor.cards.sector_plan import Planner, execute
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.errors import BadInput, DeviceRefused, FifthFloorError, NoRoom

# From the sources of util-linux (libblkid/src/superblocks), not from ours.
MAGIC = [
    ("NTFS", 3, b"NTFS    "), ("ext2/3/4", 0x438, b"\x53\xef"), ("HFS+", 0x400, b"H+"), ("HFS+", 0x400, b"HX"),
    ("HFS", 0x400, b"BD"), ("APFS", 32, b"NXSB"), ("F2FS", 0x400, b"\x10\x20\xf5\xf2"), ("Btrfs", 0x10040, b"_BHRfS_M"),
    ("XFS", 0, b"XFSB"), ("LUKS", 0, b"LUKS\xba\xbe"), ("BitLocker", 3, b"-FVE-FS-"), ("ISO 9660", 0x8001, b"CD001"),
    ("UDF", 0x8001, b"NSR0"), ("SquashFS", 0, b"hsqs"), ("swap", 0xFF6, b"SWAPSPACE2"), ("LVM", 512, b"LABELONE"),
    ("exFAT", 3, b"EXFAT   "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at", "magic"), MAGIC)
def test_every_magic_number_inside_its_partition(name: str, at: int, magic: bytes) -> None:
    image = bytes(512) + (bytes(at) + magic).ljust(0x11000, b"\0")
    with memory_device(image) as device:
        assert file_system_of(device, Partition(512, 0x11000)) == name
        end = at + len(magic)
        if end > 512:
            assert file_system_of(device, Partition(512, end)) == name
            assert file_system_of(device, Partition(512, end - 1)) is None
        assert file_system_of(device, Partition(512, 511)) is None
        assert file_system_of(device, Partition(0, 0x11000)) is None


def fat_boot(end: bytes = b"\x55\xaa", **other: int) -> bytes:
    """A boot sector of FAT16 with as few clusters as it may have; fields by short names."""
    f = {
        "jump": 0xEB, "sector": 512, "per": 1, "reserved": 1, "fats": 2, "roots": 512, "s16": 0, "media": 0xF8,
        "fat16": 9, "s32": 4085 + 1 + 18 + 32, "fat32": 0,
    } | other  # fmt: skip
    boot = bytearray(512)
    boot[0] = f["jump"]
    names = ("sector", "per", "reserved", "fats", "roots", "s16", "media", "fat16")
    struct.pack_into("<HBHBHHBH", boot, 11, *(f[name] for name in names))
    struct.pack_into("<II", boot, 32, f["s32"], f["fat32"])
    boot[510:512] = end
    return bytes(boot)


@pytest.mark.parametrize(
    ("other", "name"),
    [({}, "FAT16"), ({"s32": 4085 + 50}, "FAT12"), ({"s32": 0, "s16": 4085 + 51}, "FAT16"), ({"s32": 0}, None),
     ({"s32": 0, "s16": 4085 + 50}, "FAT12"), ({"per": 2, "s32": 2 * 4085 + 51}, "FAT16"),
     ({"per": 2, "s32": 2 * 4085 + 50}, "FAT12"), ({"roots": 513, "s32": 4085 + 51}, "FAT12"),
     ({"roots": 497, "s32": 4085 + 51}, "FAT16"), ({"roots": 496, "s32": 4085 + 50}, "FAT16"),
     ({"fat16": 0, "fat32": 9}, "FAT16"), ({"fat16": 0, "fat32": 9, "roots": 0}, "FAT32"),
     ({"roots": 0, "fat32": 9, "s32": 4085 + 19}, "FAT16"), ({"roots": 0, "fat16": 0, "s32": 4085}, "FAT12"),
     ({"jump": 0xE9}, "FAT16"), ({"jump": 0xEA}, None), ({"sector": 1024}, "FAT16"), ({"sector": 2048}, "FAT16"),
     ({"sector": 4096}, "FAT16"), ({"sector": 256}, None), ({"sector": 8192}, None), ({"per": 0}, None),
     ({"per": 3}, None), ({"reserved": 0}, None), ({"fats": 0}, None), ({"media": 0xF0}, "FAT16"),
     ({"media": 0xF7}, None), ({"media": 0xFF}, "FAT16"), ({"media": 0xF1}, None), ({"end": b"\x55\xab"}, None)],
)  # fmt: skip
def test_the_fats_are_told_by_their_fields(other: dict[str, Any], name: str | None) -> None:
    with memory_device(fat_boot(**other)) as device:
        assert file_system_of(device, Partition(0, 512)) == name


def table_error(table: bytes, size: int = MIB, sector: int = 512) -> tuple[str, dict[str, object]]:
    with memory_device(table.ljust(size, b"\0")[:size]) as device:
        try:
            read_partitions(device, sector)
        except BadInput as error:
            return error.key, dict(error.facts)
    return "", {}


def partitions_of(table: bytes, size: int = MIB, sector: int = 512) -> list[tuple[int, int]]:
    with memory_device(table.ljust(size, b"\0")) as device:
        return [(one.offset_bytes // sector, one.length_bytes // sector) for one in read_partitions(device, sector)]


def test_rows_of_an_mbr() -> None:
    assert partitions_of(mbr((7, 1, 20), (0, 30, 20), (7, 60, 0), (7, 0, 20))) == [(1, 20)]
    assert partitions_of(mbr((7, 1, 20), (12, 21, 10), (7, 2047, 1))) == [(1, 20), (21, 10), (2047, 1)]
    assert table_error(mbr((7, 1, 20), (7, 20, 1))) == (
        "cards.partitions_overlap",
        {"path": "memory", "offset": 20 * 512},
    )
    assert table_error(mbr((7, 2047, 2))) == (
        "cards.partition_leaves", {"path": "memory", "offset": 2049 * 512, "size": MIB}
    )  # fmt: skip
    active = bytearray(mbr((7, 1, 20)))
    active[446] = 0x80
    assert partitions_of(bytes(active)) == [(1, 20)]
    for row in range(4):
        spoilt = bytearray(mbr((7, 1, 20)))
        spoilt[446 + 16 * row] = 0x81
        assert partitions_of(bytes(spoilt)) == []
    assert partitions_of(mbr((7, 1, 20))[:-1] + b"\xab") == []
    assert partitions_of(mbr((7, 1, 20)), 40 * 4096, 4096) == [(1, 20)]


@pytest.mark.parametrize("kind", [0x05, 0x0F, 0x85])
def test_logical_partitions_by_hand(kind: int) -> None:
    image = bytearray(MIB)
    image[:512] = mbr((kind, 100, 900))
    image[100 * 512 : 101 * 512] = mbr((7, 1, 10), (kind, 50, 100))
    image[150 * 512 : 151 * 512] = mbr((7, 2, 20), (kind, 899, 1))
    image[999 * 512 : 1000 * 512] = mbr((7, 1, 30))
    assert partitions_of(bytes(image)) == [(101, 10), (152, 20), (1000, 30)]
    image[150 * 512 : 151 * 512] = mbr((7, 2, 20), (kind, 900, 1))
    assert table_error(bytes(image)) == ("cards.partition_chain", {"path": "memory", "offset": 1000 * 512})
    image[150 * 512 : 151 * 512] = mbr((7, 2, 20), (kind, 50, 1))
    assert table_error(bytes(image))[0] == "cards.partition_chain", "it must rise"
    image[:512] = mbr((kind, 2048, 900))
    assert table_error(bytes(image)) == ("cards.partition_leaves", {"path": "memory", "offset": MIB, "size": MIB})
    image[:512] = mbr((kind, 2047, 900))
    assert partitions_of(bytes(image)) == []


@pytest.mark.parametrize(("count", "lawful"), [(129, True), (130, False)])
def test_how_many_logical_partitions_are_followed(count: int, lawful: bool) -> None:
    image = bytearray(4 * MIB)
    image[:512] = mbr((5, 1, 8000))
    for at in range(count):
        rows = [(7, 4000, 1), *([(5, at + 1, 1)] if at + 1 < count else [])]
        image[(1 + at) * 512 : (2 + at) * 512] = mbr(*rows)
    with memory_device(bytes(image)) as device:
        if lawful:
            assert len(read_partitions(device, 512)) == count
        else:
            with pytest.raises(BadInput):
                read_partitions(device, 512)


def gpt_of(rows: int = 128, entry: int = 128, size: int = 92, own: int = 1, first: int = 40, last: int = 60,
           usable: tuple[int, int] = (34, 2014), at: int = 2) -> bytes:  # fmt: skip
    """A GPT of one partition in its last row, every sum right."""
    row = BASIC_DATA + bytes(16) + struct.pack("<QQQ72x", first, last, 0)
    table = (bytes((rows - 1) * entry) + row.ljust(entry, b"\0"))[: rows * entry] if rows else b""
    form = "<8sIIIIQQQQ16sQIII"
    fields = (b"EFI PART", 0x10000, size, 0, 0, own, 2047, *usable, bytes(16), at, rows, entry, zlib.crc32(table))
    header = struct.pack(form, *fields).ljust(512, b"\0")
    header = header[:16] + struct.pack("<I", zlib.crc32(header[:size])) + header[20:]
    return mbr((0xEE, 1, 2047)) + header + bytes((at - 2) * 512) + table


@pytest.mark.parametrize(
    ("other", "found"),
    [({}, [(40, 21)]), ({"rows": 1024}, [(40, 21)]), ({"rows": 1025}, None), ({"entry": 256}, [(40, 21)]),
     ({"entry": 512}, [(40, 21)]), ({"entry": 1024}, None), ({"size": 93}, [(40, 21)]), ({"size": 512}, [(40, 21)]),
     ({"own": 2}, None), ({"first": 34, "last": 34}, [(34, 1)]), ({"first": 33}, None), ({"last": 2014}, [(40, 1975)]),
     ({"last": 2015}, None), ({"first": 61}, None), ({"first": 60}, [(60, 1)]), ({"rows": 0}, []),
     ({"at": 2016, "usable": (34, 100)}, [(40, 21)]), ({"at": 2017, "usable": (34, 100)}, None)],
)  # fmt: skip
def test_edges_of_a_gpt(other: dict[str, int], found: list[tuple[int, int]] | None) -> None:
    table = gpt_of(**other)  # type: ignore[arg-type]
    if found is None:
        assert table_error(table)[0] == "cards.gpt_damaged"
    else:
        assert partitions_of(table) == found


def test_a_gpt_with_one_wrong_bit() -> None:
    sound = gpt_of()
    for at in (512 + 16, 512 + 24, 512 + 80, 1024, 1024 + 128 * 128 - 1):
        bent = bytearray(sound)
        bent[at] ^= 1
        assert table_error(bytes(bent))[0] == "cards.gpt_damaged", at
    for size in (91, 0):
        small = bytearray(sound)
        struct.pack_into("<I", small, 512 + 12, size)
        assert table_error(bytes(small))[0] == "cards.gpt_damaged"
    assert partitions_of(sound[:512] + b"EFI PARX" + sound[520:]) == []
    assert partitions_of(sound[:512], 1024) == []
    assert table_error(sound[:1024], 1024)[0] == "cards.gpt_damaged"
    assert partitions_of(gpt(4096, [(40, 60)], 100 * 4096), 100 * 4096, 4096) == [(40, 21)]


def chain(entries: list[int]) -> Chains:
    table = np.array([0x0FFFFFF8, 0x0FFFFFFF, *entries], np.uint32)
    return Chains("here", table, table[2:] != 0, FAT32_END_OF_CHAIN, FAT32_BAD)


@pytest.mark.parametrize("length", [1, 2, 63, 64, 65, 66, 320, 321, 5000, 400_000])
def test_straight_chains_of_every_window(length: int) -> None:
    made = chain([*range(3, 2 + length), 0x0FFFFFFF, 0, 0x0FFFFFFF])
    assert made.follow(2, "a") == [(2, length)]
    assert made.follow(length + 3, "b") == [(length + 3, 1)]
    assert not made.lost()[:length].any()


def error_of(made: Chains, first: int) -> tuple[str, dict[str, object]]:
    try:
        made.follow(first, "DCIM/A.JPG")
    except BadInput as error:
        assert error.facts.pop("place") == "here"  # noqa: PT017
        assert error.facts.pop("path") == "DCIM/A.JPG"  # noqa: PT017
        return error.key, dict(error.facts)
    return "", {}


def test_what_a_broken_chain_is_told_with() -> None:
    end = 0x0FFFFFFF
    assert error_of(chain([3, 4, 0, end]), 2) == ("cards.uses_free", {"cluster": 2})
    assert error_of(chain([3, 0, end, end]), 2) == ("cards.uses_free", {"cluster": 2})
    assert error_of(chain([3, 9, end]), 2) == ("cards.chain_leaves", {"cluster": 9, "last": 4})
    assert error_of(chain([3, 5, end]), 2)[0] == "cards.chain_leaves"
    assert error_of(chain([3, 4, end]), 5) == ("cards.chain_leaves", {"cluster": 5, "last": 4})
    assert error_of(chain([3, 4, end]), 4) == ("", {})
    assert error_of(chain([3, 4, end]), 1)[0] == "cards.chain_leaves"
    assert error_of(chain([3, 4, FAT32_BAD]), 2) == ("cards.chain_broken", {"cluster": 4})
    assert error_of(chain([3, 4, 2]), 2) == ("cards.chain_loops", {"cluster": 2})
    assert error_of(chain([3, 4, 4]), 2)[0] == "cards.chain_loops"
    assert error_of(chain([FAT32_END_OF_CHAIN]), 2) == ("", {})
    assert error_of(chain([FAT32_END_OF_CHAIN - 1]), 2)[0] == "cards.chain_broken"
    crossed = chain([3, 4, end, 6, 3])
    assert crossed.follow(2, "first") == [(2, 3)]
    assert error_of(crossed, 5) == ("cards.cross_linked", {"cluster": 3})


def test_runs_that_are_taken_at_once() -> None:
    made = chain([1] * 10)
    assert made.take(2, 10, "a") == [(2, 10)]
    for first, count in ((2, 11), (1, 3), (12, 1)):
        with pytest.raises(BadInput) as caught:
            chain([1] * 10).take(first, count, "a")
        assert caught.value.key == "cards.chain_leaves"
    part = chain([1] * 10)
    part.take(4, 2, "a")
    assert part.claims(np.array([5]))
    assert not part.claims(np.array([3, 6]))
    assert part.claims(np.array([6, 4]))
    assert np.flatnonzero(part.lost()).tolist() == [0, 1, 4, 5, 6, 7, 8, 9]
    for first, count in ((3, 2), (5, 1), (4, 1)):
        with pytest.raises(BadInput):
            part.take(first, count, "b")
    assert part.take(2, 2, "c") == [(2, 2)]
    assert part.take(6, 1, "d") == [(6, 1)]
    allocated = np.ones(10, np.bool_)
    allocated[2] = False
    with pytest.raises(BadInput) as caught:
        part.now_allocated(allocated, "bitmap")
    assert (caught.value.key, caught.value.facts["cluster"]) == ("cards.uses_free", 4)
    assert chain([FAT32_BAD, 5]).lost().tolist() == [False, True]
    assert chains_module.MAX_CLUSTERS == 1 << 27


def test_extents_are_read_in_pieces_at_their_places() -> None:
    contents = np.arange(3 << 20, dtype=np.uint32).view(np.uint8).tobytes()
    extents = (Extent(5 << 20, (2 << 20) + 512), Extent(512, 1024))
    whole = contents[5 << 20 : (7 << 20) + 512] + contents[512:1536]
    with FailingDevice(memory_device(contents)) as device:
        for length in (len(whole), len(whole) - 1, (2 << 20) + 512, (2 << 20) + 513, 1, 0, (1 << 20) + 1):
            device.log.clear()
            pieces = list(read_extents(device, extents, length))
            assert b"".join(pieces) == whole[:length]
            assert max(map(len, pieces), default=0) <= 1 << 20
            assert sum(n for _, _, n in device.log) == length, "nothing is read twice or in vain"
    assert on_device([(2, 3), (9, 1)], 1000, 512) == (Extent(1000, 1536), Extent(1000 + 7 * 512, 512))


def test_the_book_of_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    book = PathBook("here")
    assert (book.join("", "a"), book.join("a", "b"), book.join("a/b", "c")) == ("a", "a/b", "a/b/c")
    for parent, shown in (("", "/"), ("DCIM", "DCIM")):
        with pytest.raises(BadInput) as caught:
            book.join(parent, "..")
        assert caught.value.facts == {"place": "here", "path": shown, "name": ".."}
    with pytest.raises(BadInput) as long:
        book.join("a" * 1000, "b" * 24)
    assert long.value.facts == {"place": "here", "path": "a" * 80, "limit": 1024}
    monkeypatch.setattr(paths, "MAX_ENTRIES", 2)
    for name in ("a", "b"):
        book.add(VisibleFile(name, False, 0, (), None))
    with pytest.raises(BadInput) as many:
        book.add(VisibleFile("c", False, 0, (), None))
    assert many.value.facts == {"place": "here", "limit": 2}
    assert [file.path for file in book.files] == ["a", "b"]


def test_a_plan_of_sectors() -> None:
    device = FailingDevice(memory_device(bytes(range(256)) * 16))
    planner = Planner(device, 512)
    planner.put(510, b"abcd")
    planner.put(600, b"x")
    assert planner.read(508, 8) == bytes([252, 253]) + b"abcd" + bytes([2, 3])
    assert planner.read(0, 4096)[:510] == (bytes(range(256)) * 2)[:510]
    planner.end_stage()
    planner.put(600, b"x")
    planner.end_stage()
    planner.put(1023, b"yz")
    plan = planner.plan()
    assert [[write.offset_bytes for write in stage] for stage in plan] == [[0, 512], [512, 1024]]
    assert [len(write.data) for stage in plan for write in stage] == [512] * 4
    assert (plan[0][0].data[509:], plan[1][0].data[-1:], plan[1][1].data[:2]) == (bytes([253]) + b"ab", b"y", b"z\1")
    device.log.clear()
    done: list[int] = []
    execute(device, plan, done.append)
    assert [kind for kind, _, _ in device.log if kind in ("write", "flush")] == ["write", "write", "flush"] * 2
    assert done == [512] * 4
    assert device.read(510, 4) == b"abcd"
    large = Planner(FailingDevice(memory_device(bytes(16384))), 4096)
    large.put(4095, b"pq")
    assert [(w.offset_bytes, len(w.data)) for stage in large.plan() for w in stage] == [(0, 4096), (4096, 4096)]
    large.put(0, b"\0")
    assert large.plan() == large.plan()


@pytest.mark.parametrize(
    ("number", "kind", "key"),
    [(errno.EBUSY, DeviceRefused, "cards.in_use"), (errno.EACCES, BadInput, "cards.no_permission"),
     (errno.EPERM, BadInput, "cards.no_permission"), (errno.EROFS, BadInput, "cards.locked"),
     (errno.ENOENT, BadInput, "cards.missing")],
)  # fmt: skip
@pytest.mark.parametrize("writable", [True, False])
def test_what_the_system_says_at_opening(
    number: int, kind: type[FifthFloorError], key: str, writable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def refuse(_path: Path, flags: int) -> int:
        asked.append(flags)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(kind) as caught:
        open_descriptor(Path("card.img"), writable, os.O_EXCL)
    assert caught.value.key == key
    assert asked == [os.O_EXCL | os.O_CLOEXEC | (os.O_RDWR if writable else os.O_RDONLY)]
    if key == "cards.no_permission":
        assert caught.value.facts["doing"] == f"cards.what.{'writing' if writable else 'reading'}"
    if key == "cards.missing":
        assert caught.value.facts["reason"] == "files.reason.missing"


def test_the_facts_of_a_full_disk_and_of_a_card_that_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=12_345))
        monkeypatch.setattr(os, "pwrite", lambda *_: 0)
        with pytest.raises(BadInput) as nothing:
            device.write(512, b"abc")
        assert (nothing.value.key, nothing.value.facts["offset"]) == ("cards.write_failed", 512)

        def full(*_: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(NoRoom) as caught:
            device.write(0, b"abc")
        assert caught.value.facts == {"path": str(path), "free": 12_345, "needed": 10_000}
        dropped: list[tuple[int, int, int]] = []
        monkeypatch.setattr(os, "posix_fadvise", lambda _fd, *call: dropped.append(call))
        device.drop_cache()
        assert dropped == [(0, 0, os.POSIX_FADV_DONTNEED)]
        with pytest.raises(BadInput) as beyond:
            device.read(9_999, 2)
        assert beyond.value.facts == {"path": str(path), "end": 10_001, "size": 10_000}
    device.close()
    assert device._descriptor == -1


def test_pairs_of_bytes_are_one_reading() -> None:
    """A device read byte by byte and at once says the same, at every offset."""
    contents = bytes(range(256)) * 4
    with memory_device(contents) as device:
        for at, length in itertools.product((0, 1, 511, 512, 1000), (0, 1, 24)):
            assert device.read(at, length) == contents[at : at + length]
