"""Structures that lie: of two copies the sounder one is read, and no lie hides a photograph from a searcher."""

from __future__ import annotations

import struct
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.audit.made import CARD_BYTES, MOMENT, camera_card, name, photograph
from tests.cards.cards_made import bend, noise, refusal, set_entry, volume_of
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.exfat_entries import set_checksum
from fifthfloor.cards.extents import Extent, outside_of
from fifthfloor.cards.reading import read_card
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover

MIB = 24 << 20
FIRST = 600  # a cluster with the directory, and the photographs right behind it


def contents(path: Path) -> dict[str, bytes]:
    """What a reader sees: every visible file, and its bytes."""
    with read_card(path) as card:
        return {
            file.path: b"".join(volume.read_file(file))
            for volume in card.volumes
            for file in volume.files()
            if not file.is_directory
        }


def borne_on(path: Path) -> set[str]:
    with read_card(path) as card:
        return {fault.key for fault in card.borne}


def brought_back(path: Path, out: Path) -> set[bytes]:
    return {file.path.read_bytes() for file in recover(path, out).files if file.whole}


TABLES = ("blank", "its first sector is blank", "a sector is blank", "noise")


@pytest.mark.parametrize("kind", TABLES)
def test_a_damaged_first_table_beside_a_sound_second(kind: str, tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    before = contents(path)
    geometry = volume_of(path).geometry
    damage = {"blank": bytes(geometry.fat_bytes), "noise": noise(geometry.fat_bytes)}.get(kind, bytes(512))
    bend(path, geometry.fat_offset_bytes + 512 * (kind == "a sector is blank"), damage)
    kept = path.read_bytes()
    assert refusal(path) in ("cards.mirrors_differ", "cards.dirty")
    assert contents(path) == before
    assert "cards.table_copy" in borne_on(path)
    assert set(before.values()) <= brought_back(path, tmp_path / "out")
    assert path.read_bytes() == kept


def test_a_first_table_with_a_broken_chain_is_read_where_the_second_is_older(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    geometry = volume_of(path).geometry
    set_entry(path, first_of(path, name(3)) + 3, 0, copies=(0,))
    bend(path, geometry.fat_offset_bytes + geometry.fat_bytes + 12, bytes(geometry.fat_bytes - 12))
    assert {name(1), name(2)} <= contents(path).keys()
    assert "cards.table_copy" not in borne_on(path)


BOOTS = {"cluster": (13, b"\x08"), "reserved": (14, b"\x21\0"), "table": (36, b"\0\1\0\0"), "root": (44, b"\5\0\0\0")}


@pytest.mark.parametrize("kind", BOOTS)
def test_a_boot_sector_that_says_otherwise_than_its_sound_copy(kind: str, tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    before = contents(path)
    bend(path, *BOOTS[kind])
    assert contents(path) == before
    assert "cards.boot_copy" in borne_on(path)


@pytest.mark.parametrize(("at", "said"), [(3, b"EXFAT   "), (32, bytes(4))], ids=["exFAT was here", "no length"])
def test_what_linux_mounts_all_the_same(at: int, said: bytes, tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    before = contents(path)
    bend(path, at, said)
    assert contents(path) == before


def test_a_root_without_an_entry_in_the_table_is_its_first_cluster(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    before = contents(path)
    set_entry(path, 2, 0)
    assert contents(path) == before


def test_a_card_copied_behind_something_else_is_found(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    before = contents(path)
    behind = tmp_path / "behind.img"
    behind.write_bytes(b"a header of another program".ljust(77 * 512, b"h") + path.read_bytes())
    assert contents(behind) == before


def test_a_boot_sector_alone_behind_something_else_is_no_card(tmp_path: Path) -> None:
    boot = camera_card(tmp_path / "c.img", 1).read_bytes()[:512]
    stray = tmp_path / "stray.img"
    stray.write_bytes(noise(77 * 512) + boot + noise(CARD_BYTES))
    with read_card(stray) as card:
        assert card.volumes == ()
        assert {fault.key for fault in card.borne} == {"cards.no_file_system"}


def test_two_names_of_one_chain_both_show_it(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    second = path.read_bytes().index(b"DSC_0002JPG")
    third = path.read_bytes().index(b"DSC_0003JPG")
    bend(path, third + 26, path.read_bytes()[second + 26 : second + 32])
    assert contents(path)[name(2)] == contents(path)[name(3)] == photograph(2)
    assert photograph(3) in brought_back(path, tmp_path / "out")


def test_a_picture_in_clusters_marked_as_bad_is_found(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 1)
    data, geometry = photograph(9), volume_of(path).geometry
    bend(path, geometry.heap_offset_bytes + 20_000 * 512, data)
    marks = struct.pack("<I", 0x0FFFFFF7) * (1 + len(data) // 512)
    for copy in (0, 1):
        bend(path, geometry.fat_offset_bytes + copy * geometry.fat_bytes + 4 * 20_002, marks)
    assert "card.outside" in {found.kind for found in audit([path], None).report.findings}
    assert data in brought_back(path, tmp_path / "out")


def exfat(path: Path, *, deleted: int = 0) -> ExfatBuilder:
    """A directory, right behind it three photographs in one run each, and those that were deleted."""
    builder = ExfatBuilder(path, MIB, cluster_bytes=4096)
    folder = builder.directory("DCIM/100NCD90")
    folder.clusters, folder.no_chain = builder.take(1, start=FIRST), True
    for number in range(1, 4 + deleted):
        node = builder.add(name(number), photograph(number, gps=(47.1, 8.5)), start=FIRST)
        if number > 3:
            builder.delete(node)
            folder.children.remove(node)
    builder.finish()
    return builder


def resize(path: Path, named: str, size: int) -> None:
    """Say another size in an entry, its checksum right."""
    data = path.read_bytes()
    at = data.index(named.encode("utf-16-le")) - 66
    raw = bytearray(data[at : at + 32 * (1 + data[at + 1])])
    raw[40:48] = raw[56:64] = struct.pack("<Q", size)
    raw[2:4] = struct.pack("<H", set_checksum(bytes(raw)))
    bend(path, at, bytes(raw))


@pytest.mark.parametrize("size", [0, 4097, 60_000, 1 << 20, 1 << 40])
def test_a_directory_whose_size_lies_hides_no_photograph(size: int, tmp_path: Path) -> None:
    path = exfat(tmp_path / "c.img").path
    before = contents(path)
    resize(path, "100NCD90", size)
    assert contents(path) == before
    report = audit([path], None).report
    assert {"photo.gps"} <= {found.kind for found in report.findings}
    assert "card.slack" not in {found.kind for found in report.findings}


def test_what_visible_names_show_is_no_slack_where_the_bitmap_is_blank(tmp_path: Path) -> None:
    builder = exfat(tmp_path / "c.img")
    bend(builder.path, builder.place(builder.bitmap_clusters[0]), bytes(len(builder.bitmap)))
    report = audit([builder.path], None).report
    assert "photo.gps" in {found.kind for found in report.findings}
    assert "card.slack" not in {found.kind for found in report.findings}


def test_a_directory_of_no_length_is_written_by_nobody(tmp_path: Path) -> None:
    """Its photographs belong to no file for who believes the length: `tidy --lost` swept them."""
    path = exfat(tmp_path / "c.img").path
    resize(path, "100NCD90", 0)
    assert refusal(path) == "cards.entry_sizes"


def test_a_directory_that_holds_itself_is_read_once(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3)
    before, data = contents(path), path.read_bytes()
    folder = data[data.index(b"100NCD90   ") :][:32]
    bend(path, data.index(b"DSC_0003JPG"), b"AGAIN      " + folder[11:])
    assert contents(path).keys() == before.keys() - {name(3)}


@pytest.mark.parametrize("size", [400_000, 1 << 50])
def test_a_size_that_is_too_long_hides_no_deleted_photograph(size: int, tmp_path: Path) -> None:
    path = exfat(tmp_path / "c.img", deleted=1).path
    resize(path, "DSC_0002.JPG", size)
    assert contents(path)[name(3)] == photograph(3, gps=(47.1, 8.5))
    assert photograph(4, gps=(47.1, 8.5)) in brought_back(path, tmp_path / "out")


def test_a_photograph_behind_a_size_that_is_too_short_comes_back(tmp_path: Path) -> None:
    path = exfat(tmp_path / "e.img").path
    resize(path, "DSC_0002.JPG", 5000)
    assert brought_back(path, tmp_path / "one") == {photograph(2, gps=(47.1, 8.5))}
    path = camera_card(tmp_path / "f.img", 3)
    bend(path, path.read_bytes().index(b"DSC_0002JPG") + 28, struct.pack("<I", 5000))
    assert brought_back(path, tmp_path / "two") == {photograph(2)}
    assert "card.slack" in {found.kind for found in audit([path], None).report.findings}


def test_a_set_that_counts_too_many_entries_hides_no_other(tmp_path: Path) -> None:
    path = exfat(tmp_path / "c.img").path
    bend(path, path.read_bytes().index("DSC_0001.JPG".encode("utf-16-le")) - 65, b"\xff")
    assert {name(2), name(3)} <= contents(path).keys()


@pytest.mark.parametrize(("days", "named"), [(-40, False), (0, True)])
def test_a_picture_taken_after_its_entry_was_written_is_another_one(days: int, named: bool, tmp_path: Path) -> None:
    newer = photograph(5, taken=MOMENT)
    path = camera_card(tmp_path / "c.img", 3, delete=(2,))
    data = path.read_bytes()
    bend(path, data.index(photograph(2)), newer + bytes(2048))
    entry = data.index(b"\xe5SC_0002JPG")
    day = MOMENT + timedelta(days=days)
    date = (day.year - 1980) << 9 | day.month << 5 | day.day
    bend(
        path,
        entry + 24,
        struct.pack("<HHI", date, *struct.unpack("<H", data[entry + 26 : entry + 28]), len(newer) + 99),
    )
    out = tmp_path / "out"
    assert [bool(file.name) for file in recover(path, out).files] == [named]


def test_an_entry_of_no_known_form_inside_of_a_picture_is_gone(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=4096)
    builder.delete(builder.add("DCIM/100NCD90/DSC_0001.KDC", b"c" * 9000, start=FIRST + 3))
    node = builder.add("DCIM/100NCD90/DSC_0002.JPG", photograph(2), start=FIRST)
    builder.delete(node)
    builder.directory("DCIM/100NCD90").children.remove(node)
    builder.finish()
    assert [file.name for file in recover(builder.path, tmp_path / "out").files] == [""]


def test_what_of_an_extent_lies_outside_of_others() -> None:
    taken = np.array([(10, 10), (40, 5), (90, 30)], np.int64)
    assert outside_of(Extent(0, 100), taken) == [Extent(0, 10), Extent(20, 20), Extent(45, 45)]
    assert outside_of(Extent(12, 4), taken) == []
    assert outside_of(Extent(45, 3), taken[:0]) == [Extent(45, 3)]


def first_of(path: Path, named: str) -> int:
    with read_card(path) as card:
        volume = card.volumes[0]
        (start,) = [file.extents[0].offset_bytes for file in volume.files() if file.path == named]
        return (start - volume.heap_offset_bytes) // volume.cluster_bytes + 2
