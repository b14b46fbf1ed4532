"""The table of what is left on a shooting card."""

from __future__ import annotations

from datetime import datetime

from fifthfloor.cards.volume import VisibleFile
from fifthfloor.tasks.floors.releases import Frame
from fifthfloor.tasks.floors.visible_roll import Day, days_left, gaps_of


def frame(number: int, day: int | None, folder: str = "DCIM/100CANON") -> Frame:
    moment = None if day is None else datetime(2026, 5, day, 10, 0)
    file = VisibleFile(f"{folder}/IMG_{number:04d}.JPG", False, 1, (), moment)
    return Frame(folder, f"IMG_{number:04d}", (file,))


def test_days_numbers_and_gaps() -> None:
    left = [frame(n, 3) for n in (10, 11, 14, 15)] + [frame(n, 4) for n in (20, 30)]
    gone = [frame(n, 3) for n in (12, 13)] + [frame(n, 5) for n in (31, 32)]
    assert days_left(left, gone) == [
        Day("2026-05-03", 4, 6, "IMG_0010", "IMG_0015", ((11, 14),)),
        Day("2026-05-04", 2, 2, "IMG_0020", "IMG_0030", ((20, 30),)),
        Day("2026-05-05", 0, 2, "", "", ()),
    ]


def test_a_run_from_the_end_leaves_no_gap() -> None:
    (day,) = days_left([frame(n, 3) for n in range(10, 20)], [frame(n, 3) for n in range(20, 25)])
    assert (day.left, day.before, day.gaps) == (10, 15, ())


def test_frames_without_a_time_have_a_day_of_their_own() -> None:
    assert [day.day for day in days_left([frame(1, None), frame(2, 3)], [])] == ["", "2026-05-03"]


def test_counting_goes_on_in_the_next_folder() -> None:
    left = [frame(9999, 3), frame(1, 3, "DCIM/101CANON"), frame(2, 3, "DCIM/101CANON")]
    (day,) = days_left(left, [])
    assert (day.first, day.last, day.gaps) == ("IMG_9999", "IMG_0002", ())


def test_a_roll_that_wraps_in_its_folder_has_no_gap_of_ten_thousand() -> None:
    left = [frame(n, 3) for n in (9997, 9999, 1, 2, 5)]
    (day,) = days_left(left, [])
    assert day.gaps == ((9997, 9999), (2, 5))
    assert gaps_of(left) == [(9998, 9998), (3, 4)], "as the audit counts them"


def test_nothing_at_all() -> None:
    assert days_left([], []) == []
