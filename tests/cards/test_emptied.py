"""What scrubbing leaves in directories: nothing at their end, and between names slots that say nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.audit.made import MOMENT
from tests.cards import judges
from tests.cards.cards_made import bend, noise, remove_files
from tests.cards.exfat_builder import ExfatBuilder
from tests.cards.test_exfat import volume_of as exfat_of

from fifthfloor.audit.card import audit_card
from fifthfloor.audit.finding import Finding
from fifthfloor.cards.deleted import deleted_entries, emptied_slots
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.image import open_card
from fifthfloor.cards.remove import plan_scrub, scrub_deleted
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

FOLDER = "DCIM/100NCD90"
SLOTS = {"fat32": 1, "exfat": 3}  # entries of a name of eight letters and three


def path_of(number: int) -> str:
    return f"{FOLDER}/DSC_{number:04d}.JPG"


def fat32(path: Path, count: int) -> Path:
    format_fat32(path, 36_000_000, label="CARD", partitioned=False)
    with FatWriter(path) as writer:
        for number in range(1, count + 1):
            writer.add_file(path_of(number), noise(9000, number), MOMENT)
    return path


def exfat(path: Path, count: int) -> Path:
    builder = ExfatBuilder(path, 36 << 20, cluster_bytes=4096)
    for number in range(1, count + 1):
        builder.add(path_of(number), noise(9000, number))
    builder.finish()
    return path


MADE: dict[str, Callable[[Path, int], Path]] = {"fat32": fat32, "exfat": exfat}


def folder(path: Path) -> bytes:
    with open_card(path) as card:
        (extents,) = [file.extents for file in card.files() if file.path == FOLDER]
        return b"".join(card.device.read(extent.offset_bytes, extent.length_bytes) for extent in extents)


def emptied(path: Path) -> list[tuple[str, int]]:
    with open_card(path) as card:
        return [(where, count) for where, _, count in emptied_slots(card.volumes[0])]


def finding(path: Path) -> Finding | None:
    with open_card(path) as card:
        return next((item for item in audit_card(card, quick=True).findings if item.kind == "card.emptied"), None)


def remove(path: Path, *numbers: int) -> None:
    with open_card(path, writable=True) as card:
        remove_files(card, [path_of(number) for number in numbers])


@pytest.mark.judge("fls", "fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("count", [20, 60])
def test_what_goes_at_the_end_leaves_the_directory_as_if_it_had_never_been(
    kind: str, count: int, tmp_path: Path
) -> None:
    """Byte for byte as on a card on which only the first photographs were ever taken; 60 names are in many sectors."""
    least = MADE[kind](tmp_path / "least.img", count - 14)
    card = MADE[kind](tmp_path / "c.img", count)
    remove(card, *range(count - 13, count + 1))
    short = folder(least)
    assert folder(card)[: len(short)] == short
    assert not folder(card)[len(short) :].strip(b"\0")
    assert emptied(card) == []
    assert finding(card) is None
    assert judges.deleted_by_sleuthkit(card) == set()
    judges.assert_clean(card, kind)


@pytest.mark.judge("fls", "fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", MADE)
def test_what_goes_between_others_leaves_slots_that_the_audit_names(kind: str, tmp_path: Path) -> None:
    card = MADE[kind](tmp_path / "c.img", 20)
    assert finding(card) is None
    remove(card, 3, 4, 9, 20)
    assert emptied(card) == [(FOLDER, 3 * SLOTS[kind])]
    found = finding(card)
    assert found is not None
    assert (found.severity, found.facts["count"], found.facts["names"]) == ("medium", 3 * SLOTS[kind], FOLDER)
    assert judges.deleted_by_sleuthkit(card) == set()
    judges.assert_clean(card, kind)
    remove(card, *range(10, 20))
    assert emptied(card) == [(FOLDER, 2 * SLOTS[kind])], "what was emptied before and ends the directory now goes too"


@pytest.mark.parametrize("kind", MADE)
def test_a_name_that_somebody_else_deleted_is_no_end(kind: str, tmp_path: Path) -> None:
    """`--remove` takes what it was asked to take: an older deleted name stays, and so does what stands before it."""
    card = MADE[kind](tmp_path / "c.img", 10)
    at = folder(card).index(b"DSC_0010" if kind == "fat32" else "DSC_0010.JPG".encode("utf-16-le"))
    with open_card(card) as opened:
        (extents,) = [file.extents for file in opened.files() if file.path == FOLDER]
    marks = [at] if kind == "fat32" else [at // 32 * 32 - 64, at // 32 * 32 - 32, at // 32 * 32]
    for mark in marks:
        first = folder(card)[mark]
        bend(card, _place(extents, mark), b"\xe5" if kind == "fat32" else bytes([first & 0x7F]))
    if kind == "fat32":
        with open_card(card) as opened:
            assert [entry.path for entry in deleted_entries(opened.volumes[0])] == [f"{FOLDER}/_SC_0010.JPG"]
    remove(card, 8, 9)
    assert emptied(card) == [(FOLDER, 2 * SLOTS[kind])]
    with open_card(card) as opened:
        assert len([entry.path for entry in deleted_entries(opened.volumes[0])]) == 1


def _place(extents: tuple[Extent, ...], at: int) -> int:
    for extent in extents:
        if at < extent.length_bytes:
            return extent.offset_bytes + at
        at -= extent.length_bytes
    raise AssertionError(at)


@pytest.mark.judge("mcopy", "fls", "fsck.fat")
def test_the_next_photographs_fill_the_slots_where_the_first_free_one_is_taken(tmp_path: Path) -> None:
    card = fat32(tmp_path / "c.img", 20)
    remove(card, 3, 4, 9)
    assert emptied(card) == [(FOLDER, 3)]
    for number in (21, 22, 23):
        (tmp_path / "one.jpg").write_bytes(noise(5000, number))
        judges.done("mcopy", "-i", card, tmp_path / "one.jpg", f"::{path_of(number)}")
    assert emptied(card) == []
    assert finding(card) is None
    judges.assert_clean(card, "fat32")


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"A"])
def test_other_programs_wiping_is_named_too(filler: bytes, tmp_path: Path) -> None:
    card = fat32(tmp_path / "c.img", 6)
    with open_card(card) as opened:
        (extents,) = [file.extents for file in opened.files() if file.path == FOLDER]
    at = folder(card).index(b"DSC_0003")
    bend(card, _place(extents, at), b"\xe5" + filler * 31)
    found = finding(card)
    assert found is not None
    assert found.facts["count"] == 1


@pytest.mark.parametrize(("name", "told"), [("ZZZZZZZZ.ZZZ", True), ("OOOOOOOO.OOO", True), ("0000", True),
                                            ("DSC_0003.JPG", False), ("AA.JPG", False), ("00", False)])  # fmt: skip
def test_a_name_of_one_letter_is_that_of_a_program_that_shreds(name: str, told: bool, tmp_path: Path) -> None:
    format_fat32(tmp_path / "c.img", 36_000_000, label="CARD", partitioned=False)
    with FatWriter(tmp_path / "c.img") as writer:
        for one in ("A.JPG", name, "C.JPG"):
            writer.add_file(f"D/{one}", noise(5000, 1), MOMENT)
    stem, _, ending = name.partition(".")
    short = f"{stem:8}{ending:3}".encode()
    bend(tmp_path / "c.img", (tmp_path / "c.img").read_bytes().index(short), b"\xe5")
    assert (finding(tmp_path / "c.img") is not None) == told


def test_a_card_without_a_label_keeps_the_slot_that_says_so(tmp_path: Path) -> None:
    """Systems write a label entry that is not in use; `tidy` made an emptied slot of it, where nothing was deleted."""
    card = exfat(tmp_path / "c.img", 4)
    root = exfat_of(card).root_extents[0].offset_bytes
    raw = card.read_bytes()
    (at,) = [root + at for at in range(0, 512, 32) if raw[root + at] & 0x7F == 3]
    bend(card, at, b"\x03" + bytes(31))
    assert emptied(card) == []
    with open_card(card) as opened:
        assert plan_scrub(opened) == ()
    bend(card, at, b"\x03\x04" + "OLDS".encode("utf-16-le") + bytes(22))
    with open_card(card, writable=True) as opened:
        assert scrub_deleted(opened) == 1
    assert card.read_bytes()[at : at + 32] == b"\x03" + bytes(31)
