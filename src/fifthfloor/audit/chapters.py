"""Parts of a recording that are not there: a chapter before a later one, one lens of two."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fifthfloor.metadata.naming import is_companion

# GoPro (GX010001, GX020001; before HERO6 GOPR0001, GP010001; Fusion GPFR0001, GF010001) and RED (..._001.R3D). Loops
# have letters there and keep their last files alone.
_CHAPTERS = (
    re.compile(r"(?P<codec>G[XHS])(?P<chapter>\d\d)(?P<of>\d{4}\.(?:MP4|360))", re.IGNORECASE),
    re.compile(r"(?P<codec>GP)(?P<chapter>\d\d)(?P<of>\d{4}\.MP4)", re.IGNORECASE),
    re.compile(r"(?P<codec>G[FB])(?P<chapter>\d\d)(?P<of>\d{4}\.MP4)", re.IGNORECASE),
    re.compile(r"(?P<codec>[A-Z]\d{3}_C\d{3}_\w{4,6}_)(?P<chapter>\d{3})(?P<of>\.R3D)", re.IGNORECASE),
)
_LENS = re.compile(r"GP(?P<lens>FR|BK)(?P<number>\d{4})\.(?P<form>MP4|JPG)", re.IGNORECASE)
_OTHER_FOLDER = {"FR": (r"(?i)FRNT\Z", "BACK"), "BK": (r"(?i)BACK\Z", "FRNT")}
_FIRST_NAMES = {"GP": "GOPR", "GF": "GPFR", "GB": "GPBK"}  # of what has no number for its first chapter


def missing_chapters(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return the folders and names of chapters that are not there while a later one is."""
    there: dict[str, set[str]] = {}
    chapters: dict[tuple[str, str, str], dict[int, tuple[str, str]]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        card = path.rpartition(":/")[0]
        there.setdefault(card, set()).add(name.upper())
        match = next((found for pattern in _CHAPTERS if (found := pattern.fullmatch(name))), None)
        if match is not None and not is_companion(path):
            key = (card, match["codec"].upper(), match["of"].upper())
            chapters.setdefault(key, {})[int(match["chapter"])] = (folder, match["chapter"])
    missing = []
    for (card, codec, of), known in sorted(chapters.items()):
        first = _FIRST_NAMES.get(codec)
        for number in range(1, max(known)):
            if number not in known:
                folder, written = known[min(at for at in known if at > number)]
                missing.append((folder, f"{codec}{number:0{len(written)}d}{of.partition('.')[0]}"))
        if first and f"{first}{of}" not in there[card]:
            missing.append((known[min(known)][0], f"{first}{of.partition('.')[0]}"))
    return missing


def missing_lenses(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return folders and names of what one lens of a GoPro Fusion recorded alone, where files of both lenses are."""
    cards: dict[str, dict[str, dict[tuple[str, str], str]]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if match := _LENS.fullmatch(name):
            lenses = cards.setdefault(path.rpartition(":/")[0], {"FR": {}, "BK": {}})
            lenses[match["lens"].upper()][match["number"], match["form"].upper()] = folder
    return [
        (re.sub(*_OTHER_FOLDER[lens], lenses[lens][key]), f"GP{other}{key[0]}")
        for _, lenses in sorted(cards.items())
        if lenses["FR"] and lenses["BK"]
        for lens, other in (("FR", "BK"), ("BK", "FR"))
        for key in sorted(lenses[lens].keys() - lenses[other].keys())
    ]
