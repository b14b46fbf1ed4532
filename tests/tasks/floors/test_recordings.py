"""A frame is all of its recording: `hide --from --only --remove` takes every file of it, or says what stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.audit.made import film, photograph
from tests.cards.exfat_builder import ExfatBuilder
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.quick import LABEL, Said, command

from fifthfloor.cards.image import open_card
from fifthfloor.tasks.floors.frames import sources_of, take_from
from fifthfloor.tasks.floors.releases import Frame
from fifthfloor.tasks.floors.still_named import still_named

pytestmark = pytest.mark.usefixtures("quick_kdf")
INDEX = b'<MediaProfile><Material uri="./CLIP/C0001.MP4"/><Material uri="./CLIP/C0002.MP4"/></MediaProfile>'
GOPRO = ["GX014838.MP4", "GX014838.THM", "GL014838.LRV", "GX014839.MP4", "GX014839.THM", "GL014839.LRV", "GX024839.MP4",
         "GL024839.LRV", "GX014840.MP4", "GL014840.LRV"]  # fmt: skip
SONY = ["CLIP/C0001.MP4", "CLIP/C0001M01.XML", "THMBNL/C0001T01.JPG", "CLIP/C0002.MP4", "CLIP/C0002M01.XML",
        "THMBNL/C0002T01.JPG", "SUB/C0002S03.MP4", "MEDIAPRO.XML"]  # fmt: skip


def card_of(path: Path, root: str, names: list[str], days: list[int] | None = None) -> Path:
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=32768)
    for number, name in enumerate(names):
        data = INDEX if name == "MEDIAPRO.XML" else photograph(number, width=64, height=48)
        node = builder.add(
            f"{root}/{name}", film(number, length=40_000 + number) if ".MP4" in name or ".LRV" in name else data
        )
        node.moment += timedelta(days=days[number] if days else 0)
    builder.finish()
    return path


def left(path: Path) -> set[str]:
    with open_card(path) as card:
        return {file.path.rpartition("/")[2] for file in card.files() if not file.is_directory}


def remove(card: Path, wanted: str, tmp_path: Path) -> Said:
    carrier = exfat_card(tmp_path / "carrier.img", 9, size_bytes=12_000_000, files=4)
    return command(
        "hide", "--from", card, "--only", wanted, "--in", carrier, "--remove", "--no-wipe",
        "--label", LABEL, "--passphrase-file", "-", "--yes", "--json", "--discard",
    )  # fmt: skip


def test_chapters_and_small_copies_go_with_the_film(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "DCIM/100GOPRO", GOPRO)
    said = remove(card, "GX014839", tmp_path)
    assert said.code == 0, said.err
    assert left(card) == {name for name in GOPRO if "4839" not in name}
    assert said.document["removed"]["still_named"] == []


@pytest.mark.parametrize("wanted", ["C0002", "C0002M01.XML", "PRIVATE/M4ROOT/THMBNL/C0002T01.JPG"])
def test_any_name_of_a_clip_names_all_of_it(wanted: str, tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "PRIVATE/M4ROOT", SONY)
    taken = take_from([card], wanted).cards[0]
    assert {file.path.rpartition("/")[2] for file in taken.files} == {
        name.rpartition("/")[2] for name in SONY if "C0002" in name
    }


@pytest.mark.parametrize(
    ("folder", "clip"),
    [("A001_C001_0501AB.RDC", "A001_C001_0501AB_001.R3D"), ("CLIPS001/AA0002", "AA000201.MXF")],
)
def test_a_folder_that_is_called_as_the_clip_in_it_is_said(folder: str, clip: str, tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "Rush", [f"{folder}/{clip}", "A001_C002_0502CD.RDC/A001_C002_0502CD_001.R3D"])
    taken = take_from([card], f"Rush/{folder}/{clip}").cards[0]
    assert set(still_named(taken)) - {file.path for file in taken.files} == {f"Rush/{folder}/"}


def test_what_still_names_a_removed_clip_is_said(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "PRIVATE/M4ROOT", SONY)
    said = remove(card, "C0002", tmp_path)
    assert said.code == 0, said.err
    assert said.document["removed"]["still_named"] == [f"{card}:/PRIVATE/M4ROOT/MEDIAPRO.XML"]
    assert not any("C0002" in name for name in left(card))


AVCHD = ["STREAM/00000.MTS", "CLIPINF/00000.CPI", "STREAM/00001.MTS", "CLIPINF/00001.CPI"]


@pytest.mark.parametrize("wanted", ["00000", "00000.MTS", "PRIVATE/AVCHD/BDMV/STREAM/00000.MTS"])
def test_a_clip_that_is_counted_from_zero_is_a_frame(wanted: str, tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "PRIVATE/AVCHD/BDMV", AVCHD)
    taken = take_from([card], wanted).cards[0]
    assert [file.path.rpartition("/")[2] for file in taken.files] == ["00000.MTS", "00000.CPI"]
    assert len(take_from([card], "00000-00001").cards[0].frames) == 2


def test_a_film_is_a_frame_wherever_it_lies_and_whatever_it_is_called(tmp_path: Path) -> None:
    names = ["Movie/holiday.MP4", "Movie/holiday.GPX", "Movie/NOTES.TXT", "XDROOT/Clip/B7.MXF", "clip.mov"]
    card = card_of(tmp_path / "c.img", "CARD", names)
    (taken,) = take_from([card], "all").cards
    assert {file.path.rpartition("/")[2] for file in taken.files} == {
        "holiday.MP4",
        "holiday.GPX",
        "B7.MXF",
        "clip.mov",
    }


def test_another_frame_of_the_same_number_is_not_one_that_still_carries_it(tmp_path: Path) -> None:
    names = ["100CANON/IMG_0003.JPG", "101CANON/IMG_0003.JPG", "100CANON/IMG_0004.JPG"]
    card = card_of(tmp_path / "c.img", "DCIM", names)
    assert still_named(take_from([card], "DCIM/100CANON/IMG_0004").cards[0]) == ["DCIM/100CANON/IMG_0004.JPG"]


WRAPPED = ["100GOPRO/GX010001.MP4", "100GOPRO/GL010001.LRV", "100GOPRO/GX020001.MP4", "101GOPRO/GX030001.MP4",
           "102GOPRO/GX010001.MP4", "102GOPRO/GL010001.LRV", "102GOPRO/GH010001.MP4"]  # fmt: skip


def names(frame: Frame) -> set[str]:
    return {file.path.removeprefix("DCIM/") for file in frame.files}


def test_a_chapter_is_once_in_a_recording_and_all_have_one_codec(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "DCIM", WRAPPED)
    (first,) = take_from([card], "DCIM/100GOPRO/GX010001").cards[0].frames
    assert names(first) == set(WRAPPED[:4])
    (later,) = take_from([card], "102GOPRO/GX010001.MP4").cards[0].frames
    (other,) = take_from([card], "GH010001").cards[0].frames
    assert names(later) | names(other) == set(WRAPPED[4:])
    assert "102GOPRO/GH010001.MP4" not in names(later)


def test_a_film_that_stays_and_has_the_removed_number_is_said(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "DCIM", ["100GOPRO/GX010001.MP4", "101GOPRO/GX010001.MP4"])
    said = remove(card, "DCIM/101GOPRO/GX010001", tmp_path)
    assert said.document["removed"]["files"] == 1
    assert said.document["removed"]["still_named"] == [f"{card}:/DCIM/100GOPRO/GX010001.MP4"]


OF_TWO_DAYS = [
    (["DJI_100/DJI_0001.MP4", "100MEDIA/DJI_0001.MP4", "100MEDIA/DJI_0001.SRT"], [0, 3, 3]),
    (["100DRONE/DJI_0001.MP4", "100MEDIA/DJI_0001.MP4", "PANORAMA/100_0001/DJI_0001.JPG"], [0, 3, 3]),
    (["100GFRNT/GPFR0001.MP4", "100GBACK/GPBK0001.MP4"], [0, 3]),
    (["100GOPRO/GX010001.MP4", "101GOPRO/GX020001.MP4", "101GOPRO/GL020001.LRV"], [0, 3, 3]),
]


@pytest.mark.parametrize(("files", "days"), OF_TWO_DAYS, ids=lambda value: str(value)[2:20])
def test_no_recording_of_another_day_goes_with_one_of_its_number(
    files: list[str], days: list[int], tmp_path: Path
) -> None:
    """It was taken off the card, though nobody named it."""
    card = card_of(tmp_path / "c.img", "DCIM", files, days)
    for first, others in ((0, files[:1]), (1, files[1:])):
        (frame,) = take_from([card], f"DCIM/{files[first]}").cards[0].frames
        assert names(frame) == set(others)


RIG = ["VID_20240324_090228/origin_1.mp4", "VID_20240324_090228/origin_2.mp4", "VID_20240324_090228/preview.mp4",
       "VID_20240324_090228/pro.prj", "VID_20240324_090500/origin_1.mp4"]  # fmt: skip


@pytest.mark.parametrize("wanted", ["A/VID_20240324_090228/origin_1.mp4", "VID_20240324_090228"])
def test_all_lenses_of_a_rig_are_one_recording(wanted: str, tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "A", [*RIG, "VID_20240324_090228/other.bin"])
    taken = take_from([card], wanted).cards[0]
    assert [len(frame.files) for frame in taken.frames] == [4]
    assert {file.path.removeprefix("A/") for file in taken.files} == set(RIG[:4])
    assert set(still_named(taken)) - {file.path for file in taken.files} == {"A/VID_20240324_090228/"}


SETS = ["100MEDIA/DJI_0001.JPG", "100MEDIA/DJI_0002.JPG", "100MEDIA/DJI_0003.MP4", "PANORAMA/100_0002/DJI_0001.JPG",
        "PANORAMA/100_0002/DJI_0003.JPG", "PANORAMA/100_0004/DJI_0001.JPG",
        "HYPERLAPSE/100_0003/HYPERLAPSE_0001.JPG"]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [("DJI_0001.JPG", {0}), ("DJI_0001*", {0}), ("100MEDIA/DJI_0003.MP4", {2, 6}), ("DJI_0002", {1, 3, 4}),
     ("DCIM/PANORAMA/100_0002/DJI_0001.JPG", {1, 3, 4}), ("100_0004", {5}), ("PANORAMA/100_0004", {5})],
)  # fmt: skip
def test_a_panorama_is_of_the_recording_that_has_its_folders_number(
    wanted: str, taken: set[int], tmp_path: Path
) -> None:
    card = card_of(tmp_path / "c.img", "DCIM", SETS)
    (frame,) = take_from([card], wanted).cards[0].frames
    assert names(frame) == {SETS[number] for number in taken}


def test_a_folder_that_has_the_removed_number_is_said(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "DCIM", SETS)
    said = remove(card, "DJI_0003.MP4", tmp_path)
    assert said.document["removed"]["files"] == 2
    assert said.document["removed"]["still_named"] == [f"{card}:/DCIM/HYPERLAPSE/100_0003/"]


def test_of_two_films_of_one_number_none_takes_a_hyperlapse(tmp_path: Path) -> None:
    film, later = "DJI_001/DJI_20240501120000_0021_D.MP4", "DJI_001/DJI_20240601120000_0021_D.MP4"
    frames = "HYPERLAPSE/001_0021/HYPERLAPSE_0001.JPG"
    one, two = (card_of(tmp_path / f"{number}.img", "DCIM", [film, frames, later][:number]) for number in (2, 3))
    assert names(take_from([one], f"DCIM/{film}").cards[0].frames[0]) == {film, frames}
    taken = take_from([two], f"DCIM/{film}").cards[0]
    assert names(taken.frames[0]) == {film}
    assert set(still_named(taken)) == {"DCIM/HYPERLAPSE/001_0021/", f"DCIM/{film}"}  # nothing was removed yet


def test_names_that_other_systems_cannot_write_are_stored_under_ones_they_can(tmp_path: Path) -> None:
    """A Shift-JIS short name with a backslash in it, half of a surrogate pair, 480 bytes of mountains."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=32768)
    for number, name in enumerate(("A\\B.JPG", "IMG_0002\ud83d.JPG", "\U0001f3d4" * 120 + ".JPG", "A_B.JPG")):
        builder.add(f"DCIM/100MEDIA/{name}", photograph(number, width=64, height=48))
    builder.finish()
    names = [entry.name for entry in sources_of([take_from([builder.path], "all").cards[0]]).entries]
    assert len(set(names)) == 4
    assert all("\\" not in name and len(name.encode()) <= 240 for name in names)
    assert sum(name.endswith("A_B.JPG") for name in names) == 2


FUSION = ["100GFRNT/GPFR0001.MP4", "100GFRNT/GF010001.MP4", "100GBACK/GPBK0001.MP4", "100GBACK/GPBK0001.WAV",
          "100GBACK/GB010001.MP4", "100GFRNT/GPFR0002.MP4", "100GBACK/GPBK0002.MP4", "101GFRNT/GPFR0001.MP4",
          "101GBACK/GPBK0001.MP4"]  # fmt: skip
PHONE = ["100APPLE/IMG_0001.HEIC", "100APPLE/IMG_0001.MOV", "100APPLE/IMG_0001.AAE", "100APPLE/IMG_E0001.HEIC",
         "100APPLE/IMG_E0001.MOV", "100APPLE/IMG_O0001.AAE", "100APPLE/IMG_E0003.JPG", "100APPLE/IMG_0002.HEIC",
         "fileinfo_list.list", "100APPLE/NOTES.XML"]  # fmt: skip


def test_both_lenses_of_a_fusion_are_one_recording_on_one_card_and_on_two(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "DCIM", FUSION)
    wholes = {"DCIM/100GFRNT/GPFR0001": FUSION[:5], "GPBK0002": FUSION[5:7], "101GBACK/GPBK0001.MP4": FUSION[7:]}
    for wanted, files in wholes.items():
        (frame,) = take_from([card], wanted).cards[0].frames
        assert names(frame) == set(files), wanted
    front = card_of(tmp_path / "front.img", "DCIM", [one for one in FUSION[:7] if "GFRNT" in one])
    back = card_of(tmp_path / "back.img", "DCIM", [one for one in FUSION[:7] if "GBACK" in one])
    taken = take_from([front, back], "GPFR0001").cards
    assert [{name for frame in one.frames for name in names(frame)} for one in taken] == [
        set(FUSION[:2]),
        set(FUSION[2:5]),
    ]


def test_an_edited_copy_is_of_the_photograph_and_an_index_is_no_frame(tmp_path: Path) -> None:
    card = card_of(tmp_path / "c.img", "DCIM", PHONE)
    for wanted in ("IMG_0001", "IMG_E0001", "IMG_O0001.AAE"):
        (frame,) = take_from([card], wanted).cards[0].frames
        assert names(frame) == set(PHONE[:6]), wanted
    assert [frame.stem for frame in take_from([card], "all").cards[0].frames] == ["IMG_0001", "IMG_0002", "IMG_E0003"]


# removed, what of the files left carries it, what does not
LEFT_OVER = [
    ("DSCF0001", ["A/DSCF0001_P.MOV", "A/DSCF0001-edited.JPG", "A/DSCF0001~2.JPG", "A/DSCF0001 (1).JPG",
                  "A/DSCF0001(1).JPG", "A/DSCF0001_edit.TIF", "A/DSCF0001-1.JPG", "A/MVDSCF0001.MP4",
                  "A/Copy of DSCF0001.JPG", "B/DSCF0001A.JPG"],
     ["A/DSCF00010.JPG", "A/DSCF10001.JPG", "A/DSCF0002_P.MOV", "B/DSCF0001.JPG", "A/DSC_10001.JPG", "A/IMG_0001.JPG"]),
    ("IMG_0001", ["A/MVIMG_0001.JPG", "B/IMG_E0001.JPG"], ["A/IMG_00010.JPG", "A/DSC_10001.JPG", "A/IMG_0010.JPG"]),
    ("DSCF0007_P", ["A/DSCF0007.MOV"], ["B/DSCF0007.MOV", "A/DSCF0008.MOV"]),
    ("MVI_0002", ["A/MVI_0002_01.MP4"], ["A/MVI_00021.MP4"]),
    ("IMG_20190101_120000",
     ["A/MVIMG_20190101_120000.JPG", "A/PXL_20190101_120000123.JPG", "A/VID_20190101_120000.MP4"],
     ["A/IMG_20190101_120001.JPG", "A/IMG_20190102_120000.JPG"]),
    ("VID_20240501_120000_NF", ["A/VID_20240501_120000_NR.MOV"], ["A/VID_20240501_120300_NF.MOV"]),
    ("VID_2024-05-01_12-00-00-front", ["A/2024-05-01_12-00-00-back.MP4"], ["A/2024-05-01_12-01-00-back.MP4"]),
    ("VIO20240501120000_000002F", ["A/VIO20240501120000_000003R.MOV"], ["A/VIO20240501120100_000004F.MOV"]),
    ("holiday", ["A/holiday-1.JPG"], ["A/holidays.JPG"]),
    ("C0001", [], ["A/DSC0001.JPG", "A/C00012.MP4"]),
]  # fmt: skip


@pytest.mark.parametrize(("removed", "carry", "others"), LEFT_OVER, ids=lambda value: str(value)[:12])
def test_whatever_else_carries_the_removed_name(
    removed: str, carry: list[str], others: list[str], tmp_path: Path
) -> None:
    ending = "MOV" if removed.endswith("_P") or removed[0] in "VC" else "JPG"
    card = card_of(tmp_path / "c.img", "DCIM", [f"A/{removed}.{ending}", *carry, *others])
    (taken,) = take_from([card], f"DCIM/A/{removed}.{ending}").cards
    found = set(still_named(taken)) - {file.path for file in taken.files}
    assert found == {f"DCIM/{name}" for name in carry}


@pytest.mark.parametrize("text", [b"\x0a\x22/DCIM/A/IMG_0001.JPG\x12\x04", "x IMG_0001.JPG".encode("utf-16-le"),
                                  b"?" + "img_0001.jpg".encode("utf-16-le"), b"IMG_00010 IMG_0001"])  # fmt: skip
def test_an_index_in_dcim_that_names_what_was_removed(text: bytes, tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=32768)
    for name, data in (("A/IMG_0001.JPG", photograph(1)), ("A/IMG_0002.JPG", photograph(2)), ("B/IMG_0001.JPG", b"x"),
                       ("fileinfo_list.list", text), ("A/IMG_0002.XMP", text), ("B/IMG_0001.XMP", b"IMG_0001.JPG"),
                       ("other.list", b"IMG_00010.JPG 10001 XIMG_00012")):  # fmt: skip
        builder.add(f"DCIM/{name}", data)
    builder.finish()
    (taken,) = take_from([tmp_path / "c.img"], "DCIM/A/IMG_0001").cards
    found = set(still_named(taken)) - {file.path for file in taken.files}
    assert found == {"DCIM/fileinfo_list.list", "DCIM/A/IMG_0002.XMP"}
