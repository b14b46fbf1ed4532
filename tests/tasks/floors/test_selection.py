"""What stands after `--only`: every way a tired person writes a range, and everything that is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.cards.volume import VisibleFile
from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors.frame_names import named
from fifthfloor.tasks.floors.releases import Frame
from fifthfloor.tasks.floors.selection import choose
from fifthfloor.words import error

FOLDER = "DCIM/100CANON"


def frame(stem: str, *endings: str, day: int = 3, folder: str = FOLDER) -> Frame:
    moment = datetime(2026, 5, day, 10, 0)
    files = tuple(VisibleFile(f"{folder}/{stem}.{ending}", False, 1, (), moment) for ending in endings or ("JPG",))
    return Frame(folder, stem, files)


ROLL = [frame(f"IMG_{number:04d}", day=3 if number < 811 else 4) for number in range(801, 831) if number != 820]
PAIRS = [frame("IMG_0901", "JPG", "CR3"), frame("IMG_0902", "CR3"), frame("MVI_0903", "MP4")]
OLYMPUS = [frame(f"P5030{number:03d}", "ORF", folder="DCIM/100OLYMP") for number in range(801, 804)]
SONY = [frame(f"DSC-{number:04d}", "ARW", folder="DCIM/100MSDCF") for number in (1, 2, 3)]


def numbers(wanted: str, frames: list[Frame] = ROLL) -> list[int]:
    return [int(one.stem[-4:]) for one in choose(frames, wanted, date(2026, 5, 4)).frames]


@pytest.mark.parametrize(
    "wanted",
    [
        "IMG_0822-IMG_0825",
        "IMG_0822-0825",
        "img_0822-img_0825",
        "IMG_0822.JPG-IMG_0825.JPG",
        "img_0822.jpg-img_0825.jpg",
        "IMG_0822..IMG_0825",
        "img_0822..img_0825",
        "IMG_0822.JPG..IMG_0825.JPG",
        "IMG_0822...0825",
        "IMG_0822 - IMG_0825",
        "IMG_0822—0825",
        "IMG_0822 — 0825",
        "822…825",
        "IMG_0822–0825",
        "822-825",
        "0822..0825",
        "822,823,0824,825",
        "IMG_0822,IMG_0823.JPG IMG_0824\tdcim/100canon/img_0825.jpg",
        "IMG_0822 IMG_0823-IMG_0825",
    ],
)
def test_every_way_to_write_the_same_four(wanted: str) -> None:
    assert numbers(wanted) == [822, 823, 824, 825]


def test_patterns_days_and_all() -> None:
    assert numbers("IMG_081*") == list(range(810, 820))
    assert numbers("img_08?1.jpg") == [801, 811, 821]
    assert numbers("*.JPG") == numbers("all") == numbers("ALL") == [one.number for one in ROLL]
    assert numbers("DCIM/100CANON/IMG_083*") == [830]
    assert numbers("today") == [number for number in range(811, 831) if number != 820]
    assert numbers("2026-05-03") == list(range(801, 811))


def test_frames_of_a_range_that_are_missing_are_named() -> None:
    chosen = choose(ROLL, "IMG_0818-0822,IMG_0829-0834,820-821")
    assert [one.number for one in chosen.frames] == [818, 819, 821, 822, 829, 830]
    assert chosen.missing == ("IMG_0820", "IMG_0831 to IMG_0834", "0820")
    assert chosen.missing_frames == (1, 4, 1), "frames are counted, not runs"
    assert choose(ROLL, "IMG_0801-0810").missing == ()
    # A frame without the ending that was asked for is on the card: only its file is not.
    mixed = [frame("IMG_0001", "JPG", "NEF"), frame("IMG_0002", "JPG"), frame("IMG_0004", "NEF")]
    assert choose(mixed, "IMG_0001.NEF-IMG_0004.NEF").missing == ("IMG_0002.NEF to IMG_0003.NEF",)
    assert choose(mixed, "IMG_0001.JPG-0003").missing == ("IMG_0003.JPG",)


def test_an_ending_must_be_there_and_still_takes_the_whole_frame() -> None:
    assert [one.stem for one in choose(PAIRS, "IMG_0901.JPG").frames] == ["IMG_0901"]
    chosen = choose(PAIRS, "IMG_0901.JPG-IMG_0902.JPG")
    assert ([one.stem for one in chosen.frames], chosen.missing) == (["IMG_0901"], ("IMG_0902.JPG",))
    assert [one.stem for one in choose(PAIRS, "*.CR3").frames] == ["IMG_0901", "IMG_0902"]
    assert [one.stem for one in choose(PAIRS, "901-903").frames] == ["IMG_0901", "IMG_0902", "MVI_0903"]
    with pytest.raises(BadInput) as caught:
        choose(PAIRS, "IMG_0901.foo")
    assert caught.value.key == "frames.other_ending"
    assert (caught.value.facts["ending"], caught.value.facts["there"]) == ("foo", "CR3, JPG")


def test_names_with_dashes_and_numbers_of_a_date() -> None:
    assert numbers("DSC-0001-DSC-0002", SONY) == numbers("dsc-0001-0002", SONY) == [1, 2]
    assert numbers("DSC-0003", SONY) == [3]
    assert numbers("801-802", OLYMPUS) == [801, 802]
    assert numbers("803", OLYMPUS) == [803]
    assert numbers("P5030801-P5030802", OLYMPUS) == [801, 802]


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("IMG_0801.foo", "frames.other_ending"),
        ("IMG_0801-MVI_0810", "frames.bad_range"),
        ("IMG_0810-0801", "frames.bad_range"),
        ("IMG_0801-", "frames.bad_range"),
        ("-IMG_0801", "frames.bad_range"),
        ("IMG_0801-x", "frames.bad_range"),
        ("IMG_0801-810x", "frames.bad_range"),
        ("..", "frames.bad_range"),
        ("1-999999999", "frames.bad_range"),
        ("IMG_0801.foo-IMG_0810.foo", "frames.other_ending"),
        ("IMG_0801.JPG..IMG_0803.NEF", "frames.two_endings"),
        ("IMG_0801.NEF-0803.JPG", "frames.two_endings"),
        ("IMG_0801-IMG_0803.NEF", "frames.other_ending"),
        ("IMG_0801+IMG_0802", "frames.bad_range"),
        ("IMG_0901-0910", "frames.not_there"),
        ("yesterday", "frames.bad_range"),
        ("gestern", "frames.bad_range"),
        ("30.11.2026", "frames.bad_range"),
        ("30-11-2026", "frames.bad_range"),
        ("3.5.26", "frames.bad_range"),
        ("11/30/2026", "frames.bad_range"),
        ("2026/11/30", "frames.bad_range"),
        ("2026-05-03..2026-05-04", "frames.bad_range"),
        ("picks.txt", "frames.bad_range"),
        ("/media/stick/picks.txt", "frames.bad_range"),
        ("DCIM/100CANON/IMG_0801-0803", "frames.bad_range"),
        ("DCIM/100CANON/IMG_0999.JPG", "frames.not_there"),
        ("[0-9]", "frames.bad_range"),
        ("IMG_0820", "frames.not_there"),
        ("820", "frames.not_there"),
        ("IMG_09*", "frames.not_there"),
        ("IMG_08", "frames.not_there"),
        ("0801:0810", "frames.bad_range"),
        ("2026-05-09", "frames.not_that_day"),
        ("", "frames.nothing_asked"),
        (" , ", "frames.nothing_asked"),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_else_is_taken(wanted: str, key: str) -> None:
    for text in (wanted, f"IMG_0801,{wanted}") if wanted.strip(" ,") else (wanted,):
        with pytest.raises(BadInput) as caught:
            choose(ROLL, text)
        assert caught.value.key == key, text
        if key in ("frames.bad_range", "frames.nothing_asked", "frames.two_endings"):
            _cause, hint = error(key, caught.value.facts)
            assert all(way in hint for way in ("DSC_0041-0057", "DSC_00*", "2026-05-03", "today", "all", "a file")), (
                hint
            )


def test_no_day_is_guessed_and_the_cameras_own_is_said() -> None:
    with pytest.raises(BadInput) as caught:
        choose(ROLL, "today", date(2026, 11, 29))
    assert (caught.value.key, caught.value.facts["newest"]) == ("frames.not_that_day", "2026-05-04")


def test_a_file_of_the_same_name_beside_the_person_is_not_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("IMG_0801.JPG").write_bytes(b"\xff\xd8\xff")
    assert numbers("IMG_0801.JPG") == [801]
    Path("list").write_text("IMG_0801.JPG-IMG_0803.JPG  # the square\nIMG_083*\n", encoding="utf-8")
    assert numbers("list") == [801, 802, 803, 830]
    Path("list").write_bytes(b"\xef\xbb\xbfimg_0802.jpg\r\n0804\r\n")
    assert numbers("list") == [802, 804], "as Notepad writes it"


@given(st.text(max_size=40))
def test_any_text_is_frames_or_a_named_refusal(text: str) -> None:
    try:
        chosen = bool(choose(ROLL, text).frames)
    except BadInput as error:
        chosen = error.key.startswith("frames.")
    assert chosen


@given(st.integers(801, 830), st.integers(801, 830), st.sampled_from(["-", "..", "–"]), st.booleans())
def test_a_range_is_its_frames_and_its_missing_ones(low: int, high: int, dash: str, short: bool) -> None:
    low, high = sorted((low, high))
    word = f"{low}{dash}{high}" if short else f"img_{low:04d}.jpg{dash}IMG_{high:04d}.JPG"
    if low == high == 820:
        return
    chosen = choose(ROLL, word)
    assert [one.number for one in chosen.frames] == [n for n in range(low, high + 1) if n != 820]
    assert bool(chosen.missing) == (low <= 820 <= high)


def names(wanted: str, frames: list[Frame]) -> list[str]:
    chosen = choose(frames, wanted).frames
    return named(chosen, [one for one in frames if one not in chosen])


TWO_FOLDERS = [*ROLL[:3], *(frame(f"IMG_0{n}", folder="DCIM/101CANON") for n in (801, 802, 850))]
ONE_NAME = [
    replace(frame("IMG_0001", ending, day=day), alone=False) for ending, day in (("JPG", 3), ("CR3", 4))
] + [frame("IMG_0002")]  # fmt: skip


def test_frames_are_named_as_they_are_and_none_is_read_into_a_range() -> None:
    assert names("801,803", ROLL) == ["IMG_0801", "IMG_0803"]
    assert names("801-803,805", ROLL) == ["IMG_0801 to IMG_0803", "IMG_0805"]
    assert names("818-822", ROLL) == ["IMG_0818 to IMG_0819", "IMG_0821 to IMG_0822"], "820 is not on the card"
    assert names("901-903", PAIRS) == ["IMG_0901 to IMG_0902", "MVI_0903"]
    assert names("all", SONY) == ["DSC-0001 to DSC-0003"]
    assert names("all", [frame("A0009"), frame("A010"), frame("A0011"), frame("HOLIDAY")]) == [
        "A0009", "A010", "A0011", "HOLIDAY",
    ]  # fmt: skip


def test_one_name_in_two_folders_is_named_with_its_folder_and_can_be_typed_so() -> None:
    assert names("IMG_0801", TWO_FOLDERS) == ["100CANON/IMG_0801", "101CANON/IMG_0801"]
    assert names("101CANON/IMG_0802", TWO_FOLDERS) == ["101CANON/IMG_0802"], "the other one stays"
    assert names("all", TWO_FOLDERS) == [
        "100CANON/IMG_0801 to 100CANON/IMG_0803",
        "101CANON/IMG_0801 to 101CANON/IMG_0802",
        "101CANON/IMG_0850",
    ]
    assert names("850", TWO_FOLDERS) == ["IMG_0850"], "no other frame has its name"
    assert names("all", ONE_NAME) == ["100CANON/IMG_0001.JPG", "100CANON/IMG_0001.CR3", "100CANON/IMG_0002"]
    same_end = [frame("IMG_0001"), frame("IMG_0001", folder="MISC/100CANON")]
    assert names("all", same_end) == ["DCIM/100CANON/IMG_0001", "MISC/100CANON/IMG_0001"]


@given(st.sets(st.integers(801, 830).filter(lambda n: n != 820), min_size=1))
def test_what_is_named_is_what_is_taken(wanted: set[int]) -> None:
    said = names(",".join(map(str, sorted(wanted))), ROLL)
    ends = [[int(name[-4:]) for name in one.split(" to ")] for one in said]
    assert [n for one in ends for n in range(one[0], one[-1] + 1)] == sorted(wanted)
