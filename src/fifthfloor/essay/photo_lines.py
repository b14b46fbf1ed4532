"""The lines that make a photograph: `photo: FILE`, then one `field: value` a line.

    photo: 07-bank-by-day.jpg
    kicker: Watchful Eyes
    caption: Across the river the windows have no glass,
      and the chimneys no smoke.
    alt: (what is seen, 125 to 250 characters)
    claim: seen

A value goes on in the next line where that line begins with white space. An empty line ends the photograph.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Sequence
from datetime import date
from typing import cast

from fifthfloor.errors import BadInput
from fifthfloor.essay import prose
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.front import LANGUAGE
from fifthfloor.essay.story import (
    ALT_MAX_CHARACTERS,
    ALT_MIN_CHARACTERS,
    CLAIMS,
    Claim,
    Correction,
    Notes,
    Photograph,
    PublishedText,
)

PUBLISHED = ("kicker", "caption", "alt", "claim", "credit", "place", "language", "label", "correction")
PRIVATE = ("consent", "risk", "rights", "embargo", "approved-by", "note")
FIELDS = ("photo", *PUBLISHED, *PRIVATE)
REPEATED = ("correction",)
# What readers see as it is written.
_READERS_SEE = ("kicker", "caption", "alt", "credit", "place", "label", "correction")

_FIELD_LINE = re.compile(r"([A-Za-z][A-Za-z-]*)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
# What would end the line or act on a terminal; a tab is a blank.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CORRECTION = re.compile(r"(\d{4}-\d{2}-\d{2})[:,]?\s+(\S.*)")
_RIGHTS = re.compile(r"(cleared|restricted)\b", re.IGNORECASE)

LineValue = tuple[int, str]  # line in the file, text
Fields = dict[str, list[LineValue]]


def field_name(line: str) -> str | None:
    """Return the field a line begins with, in lower case, where it is one that a photograph has."""
    found = _FIELD_LINE.match(line)
    return found[1].casefold() if found and found[1].casefold() in FIELDS else None


def read_photograph(file: str, first_line: int, lines: Sequence[str], faults: Faults) -> Photograph:
    """Read one photograph.

    Args:
        file: name of the telling, for errors.
        first_line: number of `lines[0]` in that file, from 1.
        lines: `photo: ...` and all that belongs to it, none of them empty.
        faults: takes fields that are unknown, twice there, missing or wrong; with file, line and what to write.

    Raises:
        BadInput: it names no file.
    """
    fields = _fields(file, first_line, lines, faults)
    name = _file_name(file, fields["photo"][0])
    return Photograph(
        file=name,
        line=first_line,
        kicker=_one(fields, "kicker").rstrip(" :："),
        caption=faults.get(lambda: _caption(file, fields, first_line, name), ""),
        alt=faults.get(lambda: _alt(file, fields, first_line, name), ""),
        claim=faults.get(lambda: _claim(file, fields, first_line, name), cast(Claim, CLAIMS[0])),
        credit=_one(fields, "credit"),
        place=_one(fields, "place"),
        language=faults.get(lambda: _language(file, fields), ""),
        label=_one(fields, "label"),
        corrections=_corrections(file, fields, faults),
        notes=_notes(file, fields, faults),
        said=_said(fields),
    )


def _said(fields: Fields) -> tuple[PublishedText, ...]:
    found = [PublishedText(key, line, text) for key in _READERS_SEE for line, text in fields.get(key, [])]
    # The day before a correction is the program's to write, and no slip.
    found = [
        PublishedText(one.field, one.line, _words_of(one.text)) if one.field == "correction" else one for one in found
    ]
    return tuple(sorted(found, key=lambda one: one.line))


def _words_of(correction: str) -> str:
    parts = _CORRECTION.fullmatch(correction)
    return parts[2] if parts else correction


def _fields(file: str, first_line: int, lines: Sequence[str], faults: Faults) -> Fields:
    fields: Fields = {}
    last = ""
    for number, line in enumerate(lines, start=first_line):
        if line[:1] in (" ", "\t") and last:
            at, text = fields[last][-1]
            fields[last][-1] = (at, f"{text} {line.strip()}".strip())
            continue
        found = _FIELD_LINE.match(line)
        key = found[1].casefold() if found else ""
        if not found or key not in FIELDS:
            near = difflib.get_close_matches(key, FIELDS, n=1) if key else []
            known = near[0] if near else ", ".join(FIELDS[1:])
            faults.add(BadInput("essay.photo_line", file=file, line=number, given=line[:60], known=known))
            if near:
                # Misspelt, it is there all the same: one error, not two.
                fields.setdefault(near[0], []).append((number, (found[2] if found else "") or "-"))
            continue
        if key in fields and key not in REPEATED:
            faults.add(BadInput("essay.twice", file=file, line=number, field=key, first=fields[key][0][0]))
            continue
        fields.setdefault(key, []).append((number, (found[2] or "").strip()))
        last = key
    return fields


def can_name(name: str) -> bool:
    """Tell whether a line `photo: NAME` names the file of that name: it is text, of one line, without blanks around."""
    try:
        name.encode()
    except UnicodeEncodeError:  # a name that is not UTF-8
        return False
    try:
        return not _CONTROLS.search(name) and name == name.strip() and _file_name("", (0, name)) == name
    except BadInput:
        return False


def _file_name(file: str, value: LineValue) -> str:
    line, name = value
    name = name.replace("\\", "/").removeprefix("./")
    parts = name.split("/")
    if not name or ".." in parts or "" in parts or ":" in parts[0] or "\0" in name:
        raise BadInput("essay.photo_place", file=file, line=line, given=name)
    return name


def _one(fields: Fields, key: str) -> str:
    return fields[key][0][1] if key in fields else ""


def _needed(file: str, fields: Fields, key: str, first_line: int, name: str) -> str:
    text = _one(fields, key)
    if not text:
        line = fields[key][0][0] if key in fields else first_line
        raise BadInput("essay.missing", file=file, line=line, photo=name, field=key)
    return text


def _caption(file: str, fields: Fields, first_line: int, name: str) -> str:
    caption = _needed(file, fields, "caption", first_line, name)
    line = fields["caption"][0][0]
    if any(kind == "picture" for kind, _ in prose.forbidden(caption)):
        raise BadInput("essay.picture_in_text", file=file, line=line)
    if not prose.plain(caption):
        raise BadInput("essay.missing", file=file, line=line, photo=name, field="caption")
    return caption


def _alt(file: str, fields: Fields, first_line: int, name: str) -> str:
    line = fields["alt"][0][0] if "alt" in fields else first_line
    alt = " ".join(_one(fields, "alt").split())
    if not alt:
        raise BadInput("essay.no_alt", file=file, line=line, photo=name)
    stem = name.rpartition("/")[2].rpartition(".")[0]
    if stem and re.search(rf"(?<!\w){re.escape(stem)}(?!\w)", alt, re.IGNORECASE) and re.search(r"\d|_", stem):
        raise BadInput("essay.alt_is_name", file=file, line=line, photo=name)
    if alt.casefold() == prose.plain(_one(fields, "caption")).casefold():
        raise BadInput("essay.alt_is_caption", file=file, line=line, photo=name)
    if not ALT_MIN_CHARACTERS <= len(alt) <= ALT_MAX_CHARACTERS:
        raise BadInput(
            "essay.alt_length",
            file=file,
            line=line,
            photo=name,
            length=len(alt),
            least=ALT_MIN_CHARACTERS,
            most=ALT_MAX_CHARACTERS,
        )
    return alt


def _claim(file: str, fields: Fields, first_line: int, name: str) -> Claim:
    claim = _needed(file, fields, "claim", first_line, name).casefold()
    if claim not in CLAIMS:
        raise BadInput("essay.claim", file=file, line=fields["claim"][0][0], given=claim)
    return cast(Claim, claim)


def _language(file: str, fields: Fields) -> str:
    language = _one(fields, "language")
    if language and not LANGUAGE.fullmatch(language):
        raise BadInput("essay.language", file=file, line=fields["language"][0][0], given=language, field="language")
    return language


def _corrections(file: str, fields: Fields, faults: Faults) -> tuple[Correction, ...]:
    found = [faults.get(functools.partial(_correction, file, value), None) for value in fields.get("correction", [])]
    return tuple(correction for correction in found if correction is not None)


def _correction(file: str, value: LineValue) -> Correction:
    line, text = value
    found = _CORRECTION.fullmatch(text)
    if not found:
        raise BadInput("essay.correction", file=file, line=line, given=text[:60])
    return Correction(_day(file, (line, found[1]), "correction"), found[2])


def _day(file: str, value: LineValue, key: str) -> date:
    line, text = value
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("essay.day", file=file, line=line, given=text[:60], field=key) from None


def _notes(file: str, fields: Fields, faults: Faults) -> Notes:
    rights = _one(fields, "rights")
    if rights and not _RIGHTS.match(rights):
        # A misspelt "restricted" must not publish what it was to hold back.
        faults.add(BadInput("essay.rights", file=file, line=fields["rights"][0][0], given=rights[:60]))
    held = fields["embargo"][0] if _one(fields, "embargo") else None
    return Notes(
        consent=_one(fields, "consent"),
        risk=_one(fields, "risk"),
        rights=rights,
        embargo=None if held is None else faults.get(lambda: _day(file, held, "embargo"), None),
    )
