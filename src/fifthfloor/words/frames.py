"""Sentences of `frames`."""

from __future__ import annotations

_SPELLINGS = (
    "write DSC_0041-0057, DSC_0041.JPG-DSC_0057.JPG, DSC_0041, 41-57, DSC_00*, 2026-05-03, today, all, or a file that has "
    "these, one a line"
)

ERRORS: dict[str, tuple[str, str]] = {
    "frames.nothing_asked": (
        "--only names no frame; the card has {count}",
        _SPELLINGS,
    ),
    "frames.not_there": (
        "{name} is not among the {count:frame|frames} of the card",
        "names are those of the camera; where an earlier --remove was stopped, run: fifthfloor tidy --lost",
    ),
    "frames.other_ending": (
        "{name}: {stem} is on the card as {there}, not as {ending}",
        "write {stem} without an ending to take all its files",
    ),
    "frames.bad_range": (
        "{name} is not understood as a name, a range or a day",
        _SPELLINGS,
    ),
    "frames.two_endings": (
        "{name}: the two ends of a range have different endings, {first} and {last}",
        "give both the same, or none: a frame is taken with all its files; " + _SPELLINGS,
    ),
    "frames.not_that_day": (
        "of {count:frame|frames} none was taken on {day} by the camera's clock; the newest is of {newest}",
        "give the day that the camera believes in: --only {newest}",
    ),
    "frames.list_unreadable": ("the list {path} cannot be read as UTF-8 text", "one name or range a line"),
}

SENTENCES: dict[str, str] = {
    "frames.namesakes": "  {name} is the name of {count} frames that are taken, of different times: {where}; a path such as "
    "{path} names one",
}
