"""Frames of a shooting card: which there are, which are chosen, and whether every byte of them is read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.cards.cards_made import MOMENT, noise
from tests.cards.exfat_builder import ExfatBuilder
from tests.tasks.quick import Said, command, open_in_process

from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput
from fifthfloor.floor.tar_stream import Entry
from fifthfloor.tasks.floors.frames import sources_of, take_from
from fifthfloor.tasks.floors.releases import frames_of
from fifthfloor.tasks.floors.selection import choose
from fifthfloor.tasks.search.audit import write_pick
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

Files = dict[str, bytes]
FRAME_41 = {
    "DCIM/100NIKON/DSC_0041.JPG": noise(70_000, 1),
    "DCIM/100NIKON/DSC_0041.NEF": noise(200_000, 2),
    "DCIM/100NIKON/DSC_0041.WAV": noise(5_000, 3),
    "DCIM/100NIKON/DSC_0041.JPG.xmp": noise(900, 4),
    "DCIM/100NIKON/DSC_0041.MOV": noise(90_000, 5),
}
OTHERS = {f"DCIM/100NIKON/DSC_{number:04d}.JPG": noise(9_000, number) for number in (42, 43, 57, 9999)}
OTHER_FOLDER = {"DCIM/101NIKON/DSC_0041.JPG": noise(12_000, 6), "DCIM/101NIKON/DSC_0001.JPG": noise(3_000, 7)}
NOT_FRAMES = {"MISC/AUTPRINT.MRK": b"x", "DSC_0050.JPG": noise(100, 8)}


def shooting_card(path: Path, files: Files, moment: datetime = MOMENT) -> Path:
    """A FAT32 card with these files, a minute apart."""
    format_fat32(path, 36_000_000, label="NIKON", partitioned=False)
    with FatWriter(path) as writer:
        for number, (name, data) in enumerate(files.items()):
            writer.add_file(name, data, moment + timedelta(minutes=number))
    return path


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return shooting_card(tmp_path / "shooting.img", {**FRAME_41, **OTHERS, **OTHER_FOLDER, **NOT_FRAMES})


def chosen(card: Path, wanted: str) -> list[str]:
    """Folder number and number of each chosen frame."""
    with open_card(card) as opened:
        return [f"{frame.folder[5:8]}-{frame.number}" for frame in choose(frames_of(opened), wanted).frames]


def stored(*cards: Path, wanted: str) -> Files:
    """What would be hidden, read as the archive reads it."""
    sources = sources_of(take_from(cards, wanted).cards)
    return {entry.name: b"".join(sources.reader(entry)) for entry in sources.entries}


def test_a_frame_is_every_file_of_one_name_in_one_folder(card: Path) -> None:
    with open_card(card) as opened:
        frames = frames_of(opened)
    assert [(frame.folder, frame.stem) for frame in frames] == [
        *(("DCIM/100NIKON", f"DSC_{number:04d}") for number in (41, 42, 43, 57, 9999)),
        ("DCIM/101NIKON", "DSC_0001"),
        ("DCIM/101NIKON", "DSC_0041"),
    ]
    assert {file.path for file in frames[0].files} == set(FRAME_41)
    assert (frames[0].taken, frames[0].number) == (MOMENT, 41)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("DSC_0042", ["100-42"]),
        ("dsc_0042.jpg", ["100-42"]),
        ("DSC_0041", ["100-41", "101-41"]),
        ("DCIM/101NIKON/DSC_0041.JPG", ["101-41"]),
        ("dcim/101nikon/DSC_0041", ["101-41"]),
        ("DSC_0042-0057", ["100-42", "100-43", "100-57"]),
        ("DSC_0042-DSC_0043", ["100-42", "100-43"]),
        ("DSC_9999, DSC_0042\tDSC_0043-0043", ["100-42", "100-43", "100-9999"]),
        ("DSC_0042,DSC_0042,DSC_0041-0042", ["100-41", "100-42", "101-41"]),
    ],
)
def test_names_and_ranges(card: Path, wanted: str, expected: list[str]) -> None:
    assert chosen(card, wanted) == expected


def test_a_file_of_names(card: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("# the plaza\n\nDSC_0042   # the guard\n  DSC_0057-9999\n", encoding="utf-8")
    assert chosen(card, str(names)) == ["100-42", "100-57", "100-9999"]
    names.write_text("# nothing yet\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        chosen(card, str(names))
    assert caught.value.key == "frames.nothing_asked"
    names.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput) as caught:
        chosen(card, str(names))
    assert caught.value.key == "frames.list_unreadable"


def test_a_picking_list_as_audit_writes_it(tmp_path: Path) -> None:
    files = {"DCIM/100 odd, folder/DSC#0041.JPG": b"a", "DCIM/100 odd, folder/DSC_0042.JPG": b"b"}
    card = shooting_card(tmp_path / "shooting.img", {**files, **FRAME_41})
    write_pick((*files, "DCIM/100NIKON/DSC_0041.JPG", "DCIM/100NIKON/DSC_0041.NEF"), tmp_path / "pick.txt")
    assert stored(card, wanted=str(tmp_path / "pick.txt")) == {
        path.rpartition("/")[2]: data for path, data in {**files, **FRAME_41}.items()
    }


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("DSC_0044", "frames.not_there"),
        ("DSC_0042,IMG_0042", "frames.not_there"),
        ("DSC_0050", "frames.not_there"),  # not below DCIM
        ("DSC_0100-0200", "frames.not_there"),
        ("DCIM/102NIKON/DSC_0042.JPG", "frames.not_there"),
        ("DSC_0042-IMG_0043", "frames.bad_range"),
        ("DSC_0057-0042", "frames.bad_range"),
        ("DSC_0000-999999999999", "frames.bad_range"),
        (" , ", "frames.nothing_asked"),
    ],
)
def test_what_is_not_there_is_refused(card: Path, wanted: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        take_from([card], wanted).cards[0]
    assert caught.value.key == key


def test_the_rest_of_the_roll_is_left(card: Path) -> None:
    taken = take_from([card], "DSC_0041-0043").cards[0]
    assert [(frame.folder[5:8], frame.number) for frame in taken.left] == [("100", 57), ("100", 9999), ("101", 1)]
    assert len(taken.files) == len(FRAME_41) + 3


def test_every_byte_and_time_is_read(card: Path) -> None:
    assert stored(card, wanted="DSC_0041-0043") == {
        **{path.rpartition("/")[2]: data for path, data in FRAME_41.items() if not path.endswith("0041.JPG")},
        "DSC_0041.JPG": FRAME_41["DCIM/100NIKON/DSC_0041.JPG"],
        "101NIKON/DSC_0041.JPG": OTHER_FOLDER["DCIM/101NIKON/DSC_0041.JPG"],
        **{path.rpartition("/")[2]: OTHERS[path] for path in OTHERS if path[-8:-4] in ("0042", "0043")},
    }
    entries = sources_of([take_from([card], "DSC_0042").cards[0]]).entries
    assert [entry.modified for entry in entries] == [(MOMENT + timedelta(minutes=len(FRAME_41))).timestamp()]


def test_two_slots_of_one_camera_are_stored_once(tmp_path: Path) -> None:
    first = shooting_card(tmp_path / "slot1.img", FRAME_41)
    second = shooting_card(tmp_path / "slot2.img", FRAME_41)
    assert stored(first, second, wanted="DSC_0041") == {
        path.rpartition("/")[2]: data for path, data in FRAME_41.items()
    }
    raw_only = {"DCIM/100NIKON/DSC_0041.NEF": noise(200_000, 2), "DCIM/100NIKON/DSC_0041.JPG": noise(70_000, 99)}
    third = shooting_card(tmp_path / "slot3.img", raw_only)
    found = stored(first, third, wanted="DSC_0041")
    assert found["DSC_0041.JPG"] == FRAME_41["DCIM/100NIKON/DSC_0041.JPG"]
    assert found["100NIKON/DSC_0041.JPG"] == noise(70_000, 99), "another picture of the same name is another picture"
    assert sum(name.endswith(".NEF") for name in found) == 1


def test_a_slot_that_was_full_earlier_need_not_hold_every_name(tmp_path: Path) -> None:
    first = shooting_card(tmp_path / "slot1.img", {**FRAME_41, **OTHERS})
    second = shooting_card(tmp_path / "slot2.img", FRAME_41)
    taken = take_from([first, second], "DSC_0041-0042,DSC_0057").cards
    assert [[frame.number for frame in one.frames] for one in taken] == [[41, 42, 57], [41]]
    with pytest.raises(BadInput) as caught:
        take_from([first, second], "DSC_0041,DSC_0044")
    assert caught.value.key == "frames.not_there"


def test_three_different_files_of_one_name_all_stay(tmp_path: Path) -> None:
    cards = [
        shooting_card(tmp_path / f"{number}.img", {"DCIM/100NIKON/DSC_0041.JPG": noise(500, number)})
        for number in range(4)
    ]
    found = stored(*cards, wanted="DSC_0041")
    assert sorted(found.values()) == sorted(noise(500, number) for number in range(4))
    assert len(found) == 4


def test_what_exfat_allocated_and_never_wrote_reads_as_zeros(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "card.img", 24 << 20, cluster_bytes=4096)
    stale = noise(50_000, 1)
    builder.add("DCIM/100CANON/MVI_0001.MP4", stale, written=20_001)
    builder.add("DCIM/100CANON/MVI_0002.MP4", stale, stride=3, written=0)
    builder.finish()
    assert stored(tmp_path / "card.img", wanted="MVI_0001-0002") == {
        "MVI_0001.MP4": stale[:20_001] + bytes(29_999),
        "MVI_0002.MP4": bytes(50_000),
    }


def test_files_in_pieces_and_empty_files(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "card.img", 24 << 20, cluster_bytes=4096)
    builder.add("DCIM/100CANON/IMG_0001.JPG", noise(1_300_000, 1), stride=2)
    builder.add("DCIM/100CANON/IMG_0001.XMP", b"")
    builder.finish()
    assert stored(tmp_path / "card.img", wanted="IMG_0001") == {
        "IMG_0001.JPG": noise(1_300_000, 1),
        "IMG_0001.XMP": b"",
    }


def test_a_card_that_ends_too_early_is_noticed(card: Path) -> None:
    taken = take_from([card], "DCIM/100NIKON/DSC_0041.JPG").cards[0]
    sources = sources_of([taken])
    last = max(taken.files, key=lambda file: file.extents[0].offset_bytes)
    with card.open("r+b") as image:
        image.truncate(last.extents[0].offset_bytes)
    name = last.path.rpartition("/")[2]
    entry = next(entry for entry in sources.entries if entry.name.endswith(name))
    with pytest.raises(BadInput) as caught:
        list(sources.reader(entry))
    assert caught.value.key == "hide.changed"
    card.unlink()
    with pytest.raises(BadInput) as caught:
        list(sources.reader(Entry(entry.name, entry.size_bytes, 0.0)))
    assert caught.value.key == "hide.unreadable"


@pytest.mark.usefixtures("quick_kdf")
def test_a_card_that_changes_between_the_passes_is_noticed(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fifthfloor.tasks.floors import hide as hiding
    from fifthfloor.tasks.floors import meanwhile

    carrier = shooting_card(tmp_path / "carrier.img", {})
    really = hiding.begin

    def begin_after_a_change(*arguments: object) -> object:
        extent = take_from([card], "DSC_0042").cards[0].files[0].extents[0]
        with card.open("r+b") as image:
            image.seek(extent.offset_bytes)
            image.write(b"changed")
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(meanwhile, "begin", begin_after_a_change)
    said = hide_frames(card, carrier, wanted="DSC_0042", options=("--remove", "--no-wipe"))
    assert said.code == 3
    assert "a file changed while it was being read" in said.err
    assert take_from([card], "DSC_0042").cards[0].files, "nothing was removed"


def hide_frames(card: Path, *carriers: Path, wanted: str, options: tuple[str | Path, ...] = ()) -> Said:
    where = [item for carrier in carriers for item in ("--in", carrier)]
    return command(
        "hide", "--from", card, "--only", wanted, *where, "--label", "", "--passphrase-file", "-", "--yes", "--json",
        *options,
    )  # fmt: skip


@pytest.mark.usefixtures("quick_kdf")
def test_frames_come_back_from_the_floor(tmp_path: Path, card: Path) -> None:
    carrier = shooting_card(tmp_path / "carrier.img", {})
    before = card.read_bytes()
    said = hide_frames(card, carrier, wanted="DSC_0041,DSC_0057")
    assert said.code == 0, said.err
    assert card.read_bytes() == before, "without --remove the shooting card is only read"
    (shown,) = said.document["visible"]
    assert (shown["left"], shown["before"]) == (4, 7)
    assert open_in_process(tmp_path / "out", carrier, label="").code == 0
    back = {path.relative_to(tmp_path / "out").as_posix(): path for path in (tmp_path / "out").rglob("*.*")}
    assert {name: path.read_bytes() for name, path in back.items()} == stored(card, wanted="DSC_0041,DSC_0057")
    assert back["DSC_0041.JPG"].stat().st_mtime == MOMENT.timestamp()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "card.img", "--in", "carrier.img"),
        ("--only", "DSC_0041", "--in", "carrier.img"),
        ("photo.jpg", "--from", "card.img", "--only", "DSC_0041", "--in", "carrier.img"),
        ("--in", "carrier.img"),
    ],
)
def test_half_a_question_is_refused(arguments: tuple[str, ...]) -> None:
    assert command("hide", *arguments).code == 2
