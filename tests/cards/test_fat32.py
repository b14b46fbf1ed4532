"""FAT32: what is read, and everything that must be refused before a card is written."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import MOMENT, bend, fat_card, noise, refusal, set_entry, volume_of

from fifthfloor.cards.extents import runs_of
from fifthfloor.cards.fat_entries import short_checksum
from fifthfloor.cards.image import open_card
from fifthfloor.cards.paths import PathBook
from fifthfloor.errors import BadInput
from fifthfloor_theatre.cards.fat_writer import runs_from


@pytest.mark.parametrize(("partitioned", "sector_bytes"), [(False, 512), (True, 512)])
def test_reads_what_the_writer_wrote(tmp_path: Path, partitioned: bool, sector_bytes: int) -> None:
    with open_card(fat_card(tmp_path / "c.img", partitioned=partitioned, sector_bytes=sector_bytes)) as card:
        files = {file.path: file for file in card.files()}
        photo = files["DCIM/100CANON/IMG_0003.JPG"]
        assert (photo.size_bytes, photo.modified, photo.is_directory) == (300_000, MOMENT, False)
        assert b"".join(card.volumes[0].read_file(photo)) == noise(300_000, 3)
        assert files["DCIM/100CANON"].is_directory
        assert "DCIM/100CANON/Ein längerer Name als acht und drei.jpg" in files
        assert files["MISC/empty.txt"].extents == ()
        assert list(files).index("DCIM") < list(files).index("DCIM/100CANON/IMG_0001.JPG")
        identity = card.identity
        assert (identity.label, identity.photographs, identity.files) == ("EOS_DIGITAL", 4, 5)


def test_free_extents_hold_no_byte_of_a_file(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    with open_card(path) as card:
        taken = np.zeros(path.stat().st_size // 512, np.bool_)
        for offset, length in card.free.tolist():
            assert offset % 512 == length % 512 == 0
            taken[offset // 512 : (offset + length) // 512] = True
        for file in card.files():
            for extent in file.extents:
                assert not taken[extent.offset_bytes // 512 : (extent.offset_bytes + extent.length_bytes) // 512].any()
        assert not card.free.flags.writeable


def boot(path: Path, at: int, data: bytes) -> None:
    bend(path, volume_of(path).offset_bytes + at, data)


BENT: dict[str, tuple[Callable[[Path], None], str]] = {
    "mirrors differ": (lambda p: set_entry(p, 60_000, 5, copies=(1,)), "cards.mirrors_differ"),
    "not closed (table)": (lambda p: set_entry(p, 1, 0x07FFFFFF), "cards.dirty"),
    "not closed (boot sector)": (lambda p: boot(p, 65, b"\x01"), "cards.dirty"),
    "errors (table)": (lambda p: set_entry(p, 1, 0x0BFFFFFF), "cards.media_errors"),
    "errors (boot sector)": (lambda p: boot(p, 65, b"\x02"), "cards.media_errors"),
    "mirroring off": (lambda p: boot(p, 40, b"\x80"), "cards.fat_mirroring_off"),
    "too few clusters": (lambda p: boot(p, 32, struct.pack("<I", 40_000)), "cards.fat_small"),
    "longer than the card": (lambda p: boot(p, 32, struct.pack("<I", 1 << 30)), "cards.cut_short"),
    "table too short": (lambda p: boot(p, 36, struct.pack("<I", 20)), "cards.fat_boot"),
    "version": (lambda p: boot(p, 42, b"\x01"), "cards.fat_boot"),
    "three tables": (lambda p: boot(p, 16, b"\x03"), "cards.fat_boot"),
    "root outside": (lambda p: boot(p, 44, struct.pack("<I", 0x0FFFFFF0)), "cards.chain_leaves"),
    "root is cluster 1": (lambda p: boot(p, 44, struct.pack("<I", 1)), "cards.chain_leaves"),
    "root is free": (lambda p: boot(p, 44, struct.pack("<I", 60_000)), "cards.uses_free"),
    "root is circular": (lambda p: set_entry(p, 2, 2), "cards.chain_loops"),
    "chain leaves": (lambda p: set_entry(p, first(p, "DCIM/100CANON/IMG_0001.JPG"), 0x0FFFFF00), "cards.chain_leaves"),
    "chain circular": (lambda p: loop(p, "DCIM/100CANON/IMG_0002.JPG"), "cards.chain_loops"),
    "chain meets free": (lambda p: cut(p, "DCIM/100CANON/IMG_0002.JPG", 0), "cards.uses_free"),
    "chain meets bad": (lambda p: cut(p, "DCIM/100CANON/IMG_0002.JPG", 0x0FFFFFF7), "cards.chain_broken"),
    "chain meets reserved": (lambda p: cut(p, "DCIM/100CANON/IMG_0002.JPG", 0x0FFFFFF2), "cards.chain_leaves"),
    "chain too short": (lambda p: cut(p, "DCIM/100CANON/IMG_0002.JPG", 0x0FFFFFFF), "cards.chain_short"),
    "cross-linked": (lambda p: link(p), "cards.cross_linked"),
    "directory is its own child": (lambda p: point(p, "DCIM/100CANON", "DCIM"), "cards.cross_linked"),
    "directory is the root": (lambda p: point(p, "DCIM/100CANON", ""), "cards.cross_linked"),
    "contents and no chain": (lambda p: entry(p, "DCIM/100CANON/IMG_0001.JPG", 26, b"\0\0"), "cards.no_chain"),
    "name with a slash": (lambda p: entry(p, "DCIM/100CANON/IMG_0001.JPG", 0, b"IM/"), "cards.bad_name"),
}


def first(path: Path, name: str) -> int:
    volume = volume_of(path)
    extent = next(file.extents[0] for file in volume.files() if file.path == name)
    return (extent.offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes + 2


def loop(path: Path, name: str) -> None:
    set_entry(path, first(path, name) + 3, first(path, name) + 1)


def cut(path: Path, name: str, value: int) -> None:
    at = first(path, name) + 3
    if value:
        set_entry(path, at, value)
    else:
        set_entry(path, at + 1, 0)


def link(path: Path) -> None:
    set_entry(path, first(path, "DCIM/100CANON/IMG_0001.JPG") + 3, first(path, "DCIM/100CANON/IMG_0002.JPG") + 1)


def entry(path: Path, name: str, at: int, data: bytes) -> None:
    """Bend bytes of a short entry, found by its first cluster."""
    volume, cluster = volume_of(path), first(path, name)
    wanted = struct.pack("<H", cluster & 0xFFFF)
    parent = name.rpartition("/")[0]
    extents = next((f.extents for f in volume.files() if f.path == parent), volume.root_extents)
    raw = path.read_bytes()
    for extent in extents:
        for place in range(extent.offset_bytes, extent.offset_bytes + extent.length_bytes, 32):
            slot = raw[place : place + 32]
            if slot[26:28] == wanted and slot[0] not in (0, 0x2E, 0xE5) and slot[11] != 15:
                bend(path, place + at, data)
                return
    raise AssertionError(name)


def point(path: Path, name: str, target: str) -> None:
    entry(path, name, 26, struct.pack("<H", first(path, target) if target else 2))


@pytest.mark.parametrize("case", BENT)
def test_refuses(tmp_path: Path, case: str) -> None:
    path = fat_card(tmp_path / "c.img")
    bend_it, key = BENT[case]
    bend_it(path)
    before = hashlib.sha256(path.read_bytes()).digest()
    assert refusal(path) == key
    assert hashlib.sha256(path.read_bytes()).digest() == before


def test_reserved_bits_and_bad_clusters(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    free = volume_of(path).free[:, 1].sum()
    set_entry(path, 60_000, 0xF0000000)
    set_entry(path, 60_002, 0x0FFFFFF7)
    set_entry(path, 60_004, 0x00000005)  # taken by nobody: lost, and not free
    volume = volume_of(path)
    assert volume.free[:, 1].sum() == free - 2 * volume.cluster_bytes
    assert any(o <= volume.heap_offset_bytes + 59_998 * volume.cluster_bytes < o + n for o, n in volume.free.tolist())


def test_hints_are_shown_and_never_believed(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    before = volume_of(path)
    at = before.geometry.fsinfo_offset_bytes
    assert at is not None
    assert before.facts.free_clusters_hint == before.free[:, 1].sum() // before.cluster_bytes
    bend(path, at + 488, struct.pack("<II", 7, 0xFFFFFFFF))
    after = volume_of(path)
    assert (after.facts.free_clusters_hint, after.facts.next_free_hint) == (7, None)
    assert np.array_equal(after.free, before.free)


def test_a_long_name_that_does_not_fit_its_short_name_is_not_believed(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    raw = path.read_bytes()
    at = raw.index("Ein".encode("utf-16-le")) - 1
    bend(path, at + 13, bytes([raw[at + 13] ^ 1]))
    names = {file.path for file in volume_of(path).files()}
    assert any("~1" in name for name in names)
    assert not any("längerer" in name for name in names)


def test_runs() -> None:
    assert runs_of(np.array([0, 1, 1, 0, 1], np.bool_)).tolist() == [[1, 2], [4, 1]]
    assert runs_of(np.array([1, 1], np.bool_)).tolist() == [[0, 2]]
    assert runs_of(np.array([0], np.bool_)).tolist() == []
    assert runs_of(np.zeros(0, np.bool_)).tolist() == []
    assert runs_from([3, 4, 5, 9, 8]) == [(3, 3), (9, 1), (8, 1)]


def test_the_checksum_of_a_short_name() -> None:
    # the specification's C function, run by hand
    assert short_checksum(b"           ") == 247
    assert short_checksum(b"\x01" + bytes(10)) == 0x40


def test_the_limits_of_paths() -> None:
    book = PathBook("here")
    assert len(book.join("a" * 1000, "b" * 23) or "") == 1024
    with pytest.raises(BadInput) as caught:
        book.join("a" * 1000, "b" * 24)
    assert caught.value.key == "cards.path_long"
    for name in ("", ".", "..", "a/b", "a\0b"):
        with pytest.raises(BadInput) as refused:
            book.join("", name)
        assert refused.value.key == "cards.bad_name"
