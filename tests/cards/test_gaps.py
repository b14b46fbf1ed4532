"""Scrubbed names between others leave no gap, and closing it may be stopped after any sector."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from tests.audit.made import MOMENT
from tests.cards import judges
from tests.cards.cards_made import bend, noise, remove_files
from tests.cards.exfat_builder import ExfatBuilder
from tests.cards.test_emptied import FOLDER, MADE, SLOTS, emptied, finding, folder, path_of
from tests.cards.test_remove import contents, stopped_states

from fifthfloor.cards.extents import Extent
from fifthfloor.cards.gaps import plan_closing
from fifthfloor.cards.image import open_card
from fifthfloor.cards.remove import lost_extents, plan_scrub, scrub_deleted
from fifthfloor.cards.sector_plan import execute
from fifthfloor.tasks.search.tidy import tidy
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

GONE = (3, 4, 9, 31, 40)


def with_gaps(path: Path, kind: str) -> tuple[Path, bytes]:
    """A card of which some photographs were removed, and what its folder must be in the end."""
    card = MADE[kind](path, 60)
    before, slots = folder(card), SLOTS[kind] * 32
    first = 64 if kind == "fat32" else 0  # "." and ".."
    taken = [slice(first + (number - 1) * slots, first + number * slots) for number in GONE]
    wanted = bytearray(before)
    for one in reversed(taken):
        del wanted[one]
    with open_card(card, writable=True) as opened:
        remove_files(opened, [path_of(number) for number in GONE])
    assert emptied(card) == [(FOLDER, len(GONE) * SLOTS[kind])]
    return card, bytes(wanted).ljust(len(before), b"\0")


def places(path: Path) -> tuple[Extent, ...]:
    with open_card(path) as card:
        return next(file.extents for file in card.files() if file.path == FOLDER)


@pytest.mark.judge("fls", "fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", MADE)
def test_a_folder_is_as_if_they_had_never_been_and_nothing_else_changes(kind: str, tmp_path: Path) -> None:
    card, wanted = with_gaps(tmp_path / "c.img", kind)
    others = bytearray(card.read_bytes())
    at = 0
    for extent in places(card):
        others[extent.offset_bytes : extent.offset_bytes + extent.length_bytes] = wanted[at : at + extent.length_bytes]
        at += extent.length_bytes
    assert tidy(card).emptied == 0
    assert folder(card) == wanted
    assert card.read_bytes() == others, "the borrowed clusters and the tables are as they were"
    assert emptied(card) == []
    assert finding(card) is None
    assert judges.deleted_by_sleuthkit(card) == set()
    judges.assert_clean(card, kind)


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", MADE)
def test_it_may_be_stopped_after_any_sector(kind: str, tmp_path: Path) -> None:
    card, _ = with_gaps(tmp_path / "c.img", kind)
    with open_card(card, writable=True) as opened:
        plan, before = plan_closing(opened), contents(opened)
    assert len(plan) >= 6
    untouched = card.read_bytes()
    for number, writes in enumerate(stopped_states(plan, 5)):
        for write in writes:
            bend(card, write.offset_bytes, write.data)
        with open_card(card, writable=True, mending=True) as opened:
            assert contents(opened) == before
        if number % 40 == 0:
            tidy(card, lost=True)
            judges.assert_clean(card, kind)
            with open_card(card) as opened:
                assert contents(opened) == before
                assert lost_extents(opened.volumes[0]).size == 0
            assert emptied(card) == []
        card.write_bytes(untouched)


def test_a_small_root_is_closed_by_one_write(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="CARD", partitioned=False)
    with FatWriter(path) as writer:
        for name in ("A.JPG", "DCIM/100NCD90/B.JPG", "C.JPG", "D.JPG"):
            writer.add_file(name, noise(3000, 1), MOMENT)
    with open_card(path, writable=True) as opened:
        remove_files(opened, ["A.JPG", "C.JPG"])
    assert [count for _, count in emptied(path)] == [2]
    with open_card(path, writable=True) as opened:
        plan = plan_closing(opened)
        assert [len(stage) for stage in plan] == [1]
        execute(opened.device, plan)
    assert emptied(path) == []
    with open_card(path) as opened:
        assert {file.path for file in opened.files() if not file.is_directory} == {"D.JPG", "DCIM/100NCD90/B.JPG"}


def test_what_cannot_be_moved_stays_and_is_said(tmp_path: Path) -> None:
    """A folder of FAT32 that holds another, with names in two sectors: its ".." would name the wrong place."""
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="CARD", partitioned=False)
    with FatWriter(path) as writer:
        for number in range(30):
            writer.add_file(f"DCIM/A{number}.JPG", noise(3000, number), MOMENT)
        writer.add_file("DCIM/100NCD90/B.JPG", noise(3000, 1), MOMENT)
    with open_card(path, writable=True) as opened:
        remove_files(opened, ["DCIM/A1.JPG"])
    untouched = path.read_bytes()
    assert tidy(path).emptied == 1
    assert path.read_bytes() == untouched


@pytest.mark.judge("mcopy", "mdel", "mdir", "fsck.fat")
def test_names_that_mtools_deleted_are_closed_too(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="CARD", partitioned=False)
    judges.done("mmd", "-i", path, "::DCIM", "::DCIM/100NCD90")
    (tmp_path / "one.jpg").write_bytes(noise(5000, 1))
    names = [f"DSC_{number:04d}.JPG" for number in range(1, 41)]
    for name in names:
        judges.done("mcopy", "-i", path, tmp_path / "one.jpg", f"::{FOLDER}/{name}")
    for name in names[2:30:9]:
        judges.done("mdel", "-i", path, f"::{FOLDER}/{name}")
        names.remove(name)
    with open_card(path, writable=True) as opened:
        assert plan_scrub(opened)
        scrub_deleted(opened)
    assert tidy(path).emptied == 0
    listed = judges.done("mdir", "-b", "-i", path, f"::{FOLDER}").split()
    assert [line.rpartition("/")[2] for line in listed] == names
    judges.assert_clean(path, "fat32")


def test_what_stands_behind_the_end_mark_does_not_come_back_to_life(tmp_path: Path) -> None:
    """A name of an earlier roll behind the end mark belongs to nobody; closing a gap must not move it to the living."""
    card, _ = with_gaps(tmp_path / "c.img", "fat32")
    data = folder(card)
    end = next(at for at in range(0, len(data), 32) if not data[at])
    at = end + 32
    for extent in places(card):
        if at < extent.length_bytes:
            bend(card, extent.offset_bytes + at, data[64 : 64 + 32 * SLOTS["fat32"]])
            break
        at -= extent.length_bytes
    with open_card(card, writable=True) as opened:
        before = [file.path for file in opened.files()]
        execute(opened.device, plan_closing(opened))
    with open_card(card, writable=True, mending=True) as opened:
        assert [file.path for file in opened.files()] == before


@pytest.mark.judge("fsck.exfat")
def test_a_folder_whose_own_entries_stand_in_two_places_keeps_its_checksum(tmp_path: Path) -> None:
    """The root is in pieces, the folder's name in the second one: the checksum is over all of its entries."""
    path = tmp_path / "c.img"
    builder = ExfatBuilder(path, 36 << 20, cluster_bytes=4096)
    for number in range(41):  # with the three entries of every root, two of the next set are left in its first cluster
        builder.add(f"F{number:02}.TXT", noise(100, number))
    for number in range(1, 7):
        builder.add(f"100CANON/IMG_{number:04}.JPG", noise(9000, number))
    builder.take = functools.partial(builder.take, stride=2)  # type: ignore[method-assign]
    builder.finish()
    with open_card(path, writable=True) as opened:
        remove_files(opened, ["100CANON/IMG_0002.JPG", "100CANON/IMG_0004.JPG"])
    with open_card(path) as opened:
        before = contents(opened)
    assert tidy(path).emptied == 0
    with open_card(path) as opened:
        assert contents(opened) == before
    judges.assert_clean(path, "exfat")
