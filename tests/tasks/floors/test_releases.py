"""What is one frame and what is two: names that come twice, times that differ for many reasons."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.audit.made import exif, photograph
from tests.cards.cards_made import noise
from tests.tasks.cards_at_hand import fat32_card
from tests.tasks.quick import PASSPHRASE, command

from fifthfloor.cards.image import open_card
from fifthfloor.tasks.floors.frames import take_from
from fifthfloor.tasks.floors.releases import frames_of, namesakes
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

DAY = datetime(2026, 5, 4, 10, 0, 0)
LATER = DAY + timedelta(days=2, hours=3)
FOLDER = "DCIM/100NIKON/"
SIDECAR, VOICE = b"<x:xmpmeta/>", b"RIFF" + noise(3_000, 3)
Files = dict[str, tuple[bytes, datetime]]


def shot(moment: datetime, seed: int = 1) -> bytes:
    return photograph(seed, width=160, height=120, taken=moment)


def raw_shot(moment: datetime, seed: int = 2) -> bytes:
    """A TIFF with its Exif first, as raws are."""
    return exif(taken=moment)[6:] + noise(20_000, seed)


def card_of(path: Path, files: Files) -> Path:
    format_fat32(path, 36_000_000, label="NIKON", partitioned=False)
    with FatWriter(path) as writer:
        for name, (data, moment) in files.items():
            writer.add_file(name, data, moment)
    return path


def frames(path: Path) -> list[set[str]]:
    """Names of the files of each frame."""
    with open_card(path) as card:
        return [{file.path.rpartition("/")[2] for file in frame.files} for frame in frames_of(card)]


ONE: dict[str, Files] = {
    "raw and JPEG, FAT's two seconds apart": {
        "DSC_0001.JPG": (shot(DAY), DAY),
        "DSC_0001.NEF": (raw_shot(DAY), DAY + timedelta(seconds=2)),
    },
    "a sidecar minutes later, a voice note a day later": {
        "DSC_0001.JPG": (shot(DAY), DAY),
        "DSC_0001.JPG.xmp": (SIDECAR, DAY + timedelta(minutes=7)),
        "DSC_0001.WAV": (VOICE, LATER),
    },
    "the JPEG was rated two days later, which changed the file and not the exposure": {
        "DSC_0001.JPG": (shot(DAY), LATER),
        "DSC_0001.NEF": (raw_shot(DAY), DAY),
    },
    "one second between what the two say": {
        "DSC_0001.JPG": (shot(DAY + timedelta(seconds=1)), LATER),
        "DSC_0001.NEF": (raw_shot(DAY), DAY),
    },
    "a film ends long after its preview began": {
        "DSC_0001.MOV": (noise(9_000, 1), DAY + timedelta(minutes=29)),
        "DSC_0001.THM": (shot(DAY), DAY),
        "DSC_0001.JPG": (shot(DAY), DAY),
    },
    "two pictures that do not say when, days apart: half a frame must not stay behind": {
        "DSC_0001.JPG": (noise(9_000, 1), DAY),
        "DSC_0001.NEF": (noise(9_000, 2), LATER),
    },
    "no picture at all": {"DSC_0001.MOV": (noise(9_000, 1), DAY), "DSC_0001.WAV": (VOICE, LATER)},
}


@pytest.mark.parametrize("why", ONE)
def test_one_frame(why: str, tmp_path: Path) -> None:
    files = {FOLDER + name: facts for name, facts in ONE[why].items()}
    assert frames(card_of(tmp_path / "card.img", files)) == [set(ONE[why])]


ROLLED_OVER: Files = {
    FOLDER + "DSC_0001.JPG": (shot(DAY), DAY),
    FOLDER + "DSC_0001.xmp": (SIDECAR, DAY + timedelta(minutes=1)),
    FOLDER + "DSC_0001.NEF": (raw_shot(LATER), LATER),
    FOLDER + "DSC_0001.WAV": (VOICE, LATER + timedelta(minutes=5)),
}


def test_numbers_that_began_anew_in_one_folder_are_two_frames(tmp_path: Path) -> None:
    card = card_of(tmp_path / "card.img", ROLLED_OVER)
    first, second = {"DSC_0001.JPG", "DSC_0001.xmp"}, {"DSC_0001.NEF", "DSC_0001.WAV"}
    assert frames(card) == [first, second]
    for word, expected in (
        (FOLDER + "DSC_0001.JPG", first),
        (FOLDER + "DSC_0001.NEF", second),
        (FOLDER + "DSC_0001.WAV", second),
        (FOLDER + "DSC_0001", first | second),
        ("DSC_0001", first | second),
    ):
        (taken,) = take_from([card], word).cards
        assert {file.path.rpartition("/")[2] for file in taken.files} == expected, word
        assert len(taken.frames) + len(taken.left) == 2


def test_one_name_in_two_folders_is_two_frames_and_it_is_said(tmp_path: Path) -> None:
    files: Files = {
        FOLDER + "DSC_0001.JPG": (shot(DAY), DAY),
        "DCIM/101NIKON/DSC_0001.JPG": (shot(LATER), LATER),
        "DCIM/101NIKON/DSC_0002.JPG": (shot(LATER), LATER),
    }
    card = card_of(tmp_path / "card.img", files)
    (taken,) = take_from([card], "DSC_0001").cards
    assert len(taken.frames) == 2
    assert [[frame.folder for frame in same] for same in namesakes(taken.frames)] == [
        ["DCIM/100NIKON", "DCIM/101NIKON"]
    ]
    (taken,) = take_from([card], "DCIM/101NIKON/DSC_0001.JPG").cards
    assert [frame.folder for frame in taken.frames] == ["DCIM/101NIKON"]
    assert namesakes(taken.frames) == []
    (tmp_path / "phrase").write_text(PASSPHRASE)
    other = fat32_card(tmp_path / "other.img", 1, size_bytes=36_000_000, files=2)
    where = ("--in", other, "--passphrase-file", tmp_path / "phrase", "--label", "", "--dry-run", "-v")
    said = command("hide", "--from", card, "--only", "DSC_0001-0002", *where)
    assert "DSC_0001 is the name of 2 frames that are taken, of different times" in said.err
    assert "2026-05-06 13:00:00" in said.err
    assert "DSC_0002 is the name" not in said.err


def test_two_slots_with_folders_of_their_own_are_one_frame_by_time(tmp_path: Path) -> None:
    slots = [
        card_of(tmp_path / "slot1.img", {FOLDER + "DSC_0001.JPG": (shot(DAY), DAY)}),
        card_of(
            tmp_path / "slot2.img",
            {
                "DCIM/104NIKON/DSC_0001.NEF": (raw_shot(DAY), DAY + timedelta(seconds=2)),
                "DCIM/105NIKON/DSC_0001.NEF": (raw_shot(LATER), LATER),
            },
        ),
    ]
    taken = take_from(slots, FOLDER + "DSC_0001.JPG").cards
    assert [[file.path for file in one.files] for one in taken] == [
        [FOLDER + "DSC_0001.JPG"],
        ["DCIM/104NIKON/DSC_0001.NEF"],
    ]
    assert [frame.folder for frame in taken[1].left] == ["DCIM/105NIKON"]
    assert namesakes([frame for one in taken for frame in one.frames]) == []


def test_two_slots_with_the_same_folder_stay_together_though_one_was_rated(tmp_path: Path) -> None:
    slots = [
        card_of(tmp_path / "slot1.img", {FOLDER + "DSC_0001.JPG": (shot(DAY), LATER)}),
        card_of(tmp_path / "slot2.img", {FOLDER + "DSC_0001.NEF": (raw_shot(DAY), DAY)}),
    ]
    taken = take_from(slots, FOLDER + "DSC_0001.JPG").cards
    assert [len(one.files) for one in taken] == [1, 1], "half a frame must not stay behind"
