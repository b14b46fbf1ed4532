"""Missing numbers, folders and frames."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.audit.numbering import gaps, numbered, numbering_findings


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


@given(st.sets(st.integers(1, 4000), min_size=2, max_size=60))
def test_gaps_are_exactly_what_is_missing(present: set[int]) -> None:
    missing = {n for gap in gaps(names(*present)) for n in range(gap.first, gap.last + 1)}
    assert missing == set(range(min(present), max(present))) - present
