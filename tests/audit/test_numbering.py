"""Missing numbers, folders and frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.audit.counters import numbered
from fifthfloor.audit.numbering import gaps, numbering_findings


def names(*numbers: int, folder: str = "DCIM/100CANON") -> list[str]:
    return [f"{folder}/IMG_{number:04d}.JPG" for number in numbers]


def kinds(paths: list[str], *, inside: bool = False) -> dict[str, dict[str, object]]:
    return {found.kind: dict(found.facts) for found in numbering_findings(paths, inside)}


def test_gaps_are_named() -> None:
    found = kinds(names(1, 2, 4, 5, 9))
    assert found["numbers.gap"]["missing"] == 4
    assert found["numbers.gap"]["numbers"] == "100CANON/0003, 100CANON/0006-0008"


def test_where_the_number_is_inside_renumbering_is_not_advised() -> None:
    from fifthfloor.words.finding import FINDINGS

    assert "numbers.gap_inside" in kinds(names(1, 3), inside=True)
    assert "do not renumber" in FINDINGS["numbers.gap_inside"][1]


def test_a_roll_that_wraps_has_no_gap() -> None:
    assert gaps(names(9998, 9999, 1, 2)) == []
    assert [(gap.first, gap.last) for gap in gaps(names(9997, 9999, 1, 3))] == [(9998, 9998), (2, 2)]


def test_raw_and_jpeg_are_one_frame() -> None:
    assert gaps(["DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/IMG_0001.CR2", "DCIM/100CANON/IMG_0002.CR2"]) == []


def test_folders_missing_twice_and_jumps_between_them() -> None:
    paths = names(1, 2) + names(9, 10, folder="DCIM/101CANON") + names(11, folder="DCIM/104CANON")
    found = kinds([*paths, "DCIM/104NIKON/DSC_0011.JPG"])
    assert found["numbers.folder_gap"]["numbers"] == "102, 103"
    assert found["numbers.folder_twice"]["count"] == 2
    assert found["numbers.gap_between"]["missing"] == 6


def test_a_panorama_of_single_pictures_is_no_gap_and_no_folder_twice() -> None:
    sets = ["DCIM/PANORAMA/100_0002/DJI_0001.JPG", "DCIM/PANORAMA/100_0002/DJI_0009.JPG",
            "DCIM/HYPERLAPSE/100_0003/HYPERLAPSE_0001.JPG"]  # fmt: skip
    assert kinds(["DCIM/100MEDIA/DJI_0001.JPG", "DCIM/100MEDIA/DJI_0004.JPG", *sets]) == {}
    assert kinds(["DCIM/100MEDIA/DJI_0001.JPG", *sets[:2], "DCIM/100MEDIA/DJI_0004.JPG"])["numbers.gap"]["missing"] == 1


def test_names_that_are_no_dcf_names() -> None:
    for name in ("DCIM/100CANON/holiday.jpg", "IMG_0000.JPG", "IMG_12345.JPG", "IMG_0001.torrent"):
        assert numbered(name) is None


def seq(pattern: str, *numbers: int) -> list[str]:
    return [pattern.format(number) for number in numbers]


GOPRO, FRONT, BACK = "DCIM/100GOPRO/G", "DCIM/100GFRNT/G", "DCIM/100GBACK/G"
CLIP = "CINEMA/A001_{0:03d}/A001_{0:03d}_20260701_000001.DNG"
ARRI = "A001R0Z3/A001C{0:03d}_250925_R0Z3/A001C{0:03d}_250925_R0Z3.mxf"
# Names on a card, how many numbers or parts are missing, and what is said of them.
MISSING = [
    # a chapter before a later one, the first one too; a loop keeps its last files alone
    ([*seq(GOPRO + "X0{}0001.MP4", 1, 3), GOPRO + "X010002.MP4"], 1, "GX020001"),
    ([*seq(GOPRO + "H0{}0007.MP4", 2, 3)], 1, "GH010007"),
    ([GOPRO + "OPR0009.MP4", GOPRO + "P020009.MP4"], 1, "GP010009"),
    ([GOPRO + "P010009.MP4"], 1, "GOPR0009"),
    (["DCIM/100GOPRO/GX010001.MP4", "DCIM/101GOPRO/GX020001.MP4"], 0, ""),
    ([GOPRO + "XAB0001.MP4", GOPRO + "LAB0001.LRV"], 0, ""),
    (seq("A001_C001_0501AB_00{}.R3D", 1, 3), 1, "002"),
    # a recording of the Fusion is one number, though it is in two folders; a lens may be missing
    ([*seq(FRONT + "PFR000{}.MP4", 1, 2, 3), *seq(BACK + "PBK000{}.MP4", 1, 2, 3)], 0, ""),
    ([*seq(FRONT + "PFR000{}.MP4", 1, 3), *seq(BACK + "PBK000{}.MP4", 1, 3)], 1, "0002"),
    ([*seq(FRONT + "PFR000{}.MP4", 1, 2, 3), *seq(BACK + "PBK000{}.MP4", 1, 3)], 1, "100GBACK/GPBK0002"),
    (seq(FRONT + "PFR000{}.MP4", 1, 2, 3), 0, ""),  # a card for each lens
    # Panasonic begins a folder with 0001 after 999; before that it was told to
    (["DCIM/100_PANA/P1000998.JPG", "DCIM/101_PANA/P1010001.JPG"], 1, "0999"),
    (["DCIM/100_PANA/P1000998.JPG", "DCIM/101_PANA/P1010003.JPG"], 3, "0999-0002"),
    (["DCIM/100_PANA/P1000999.JPG", "DCIM/101_PANA/P1010001.JPG"], 0, ""),
    (["DCIM/100_PANA/P1000500.JPG", "DCIM/101_PANA/P1010001.JPG"], 0, ""),
    (["DCIM/100_PANA/P1000500.JPG", "DCIM/101_PANA/P1010002.JPG"], 1, "0001"),
    # over a folder, and from 9999 to 0001
    (["DCIM/100CANON/IMG_9998.JPG", "DCIM/101CANON/IMG_0002.JPG"], 2, "9999-0001"),
    (["DCIM/100CANON/IMG_9999.JPG", "DCIM/101CANON/IMG_0001.JPG"], 0, ""),
    (["DCIM/100CANON/IMG_5000.JPG", "DCIM/101CANON/IMG_0001.JPG"], 0, ""),
    (["DCIM/100MSDCF/DSC04000.ARW", "DCIM/101MSDCF/DSC04002.ARW"], 1, "4001"),
    (seq("DCIM/Camera01/VID_2024050112000{0}_00_99{0}.insv", 8, 9)
     + seq("DCIM/Camera01/VID_2024050112010{0}_00_00{0}.insv", 1, 2), 0, ""),
    # two cameras on one card, each with its own numbers
    ([*seq("DCIM/100CANON/IMG_000{}.JPG", 1, 2), *seq("DCIM/101NIKON/DSC_50{}0.JPG", 1)], 0, ""),
    ([*seq("Trip/IMG_000{}.JPG", 1, 2), *seq("Trip/DSC_500{}.JPG", 1, 3)], 1, "5002"),
    (["DCIM/100CANON/IMG_0001.JPG", "DCIM/103NIKON/DSC_0001.JPG"], 0, ""),
    # films and stills by one counter, whatever letters they have
    (["DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/MVI_0005.MP4"], 3, "0002-0004"),
    (["DCIM/100CANON/_MG_0001.CR2", "DCIM/100CANON/IMG_0003.JPG"], 1, "0002"),
    (["DCIM/100NIKON/DSC_0001.NEF", "DCIM/100NIKON/_DSC0003.NEF"], 1, "0002"),
    # clips that have a folder each
    (seq(CLIP, 1, 2, 4), 1, "003"),
    (seq(ARRI, 1, 3), 1, "002"),
    (["CINEMA/A001_001_20260801.MOV", "CINEMA/A001_003_20260801.MOV"], 1, "002"),
    (seq("VID_2024_05_01_12_0{}_00/origin_1.mp4", 1, 3), 0, ""),  # named after their time
]  # fmt: skip


@pytest.mark.parametrize(("paths", "missing", "said"), MISSING, ids=lambda value: str(value)[:40])
def test_what_is_missing_is_counted_as_makers_count(paths: list[str], missing: int, said: str) -> None:
    found = kinds(paths)
    counted = [facts for kind, facts in found.items() if kind in ("numbers.gap", "numbers.gap_between")]
    assert sum(int(str(facts["missing"])) for facts in counted) == missing, found
    assert said in str([facts["numbers"] for facts in counted])
    assert not found.keys() - {"numbers.gap", "numbers.gap_between"}


def test_a_folder_that_one_of_two_cameras_lacks_is_missing() -> None:
    paths = [f"DCIM/{name}_0001.JPG" for name in ("100CANON/IMG", "102NIKON/DSC", "103CANON/IMG")]
    assert kinds(paths)["numbers.folder_gap"]["numbers"] == "101"
    assert "numbers.folder_gap" not in kinds(paths[:2])


@given(st.sets(st.integers(1, 4000), min_size=2, max_size=60))
def test_gaps_are_exactly_what_is_missing(present: set[int]) -> None:
    missing = {n for gap in gaps(names(*present)) for n in range(gap.first, gap.last + 1)}
    assert missing == set(range(min(present), max(present))) - present
