"""The front matter of a telling: TOML between two lines of `+++`, first thing in the file."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from datetime import date, datetime
from typing import Any

from fifthfloor.errors import BadInput
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.story import WITHHELD, Head, PublishedText

FENCE = "+++"
REQUIRED = ("title", "standfirst", "byline", "place", "date", "language", "licence")
OPTIONAL = ("embargo", "published", "outlet", "credit")
# What readers see as it is written; the language and the days are the program's to say.
READ_BY_ALL = ("title", "standfirst", "byline", "place", "date", "licence", "outlet", "credit")
FIELD = re.compile(r"\s*(#|[\w\"'.-]+\s*=)")
# Of one text between three quotation marks.
MOST_FIELD_LINES = 200
# Nothing is known of it: a text is looked through as if day and place were withheld.
UNKNOWN = Head("", "", "", WITHHELD, WITHHELD, "", "")
# BCP 47 as far as a page needs it: en, pt-BR, zh-Hant-TW.
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def split_front(file: str, text: str, faults: Faults) -> tuple[str | None, str, int]:
    """Part the front matter from the story; where it is missing or has no end, the story is looked for all the same.

    Args:
        file: name of the telling, for errors.
        text: the whole file, lines ended by "\\n".
        faults: takes what is wrong.

    Returns:
        The TOML, or None where there is none; the rest; and the line on which the rest begins, from 1.
    """
    lines = text.split("\n")
    if lines[0].strip() != FENCE:
        faults.add(BadInput("essay.no_front", file=file))
        return None, text, 1
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == FENCE:
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    faults.add(BadInput("essay.open_front", file=file))
    # What is no field, no remark and not empty begins the story.
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.strip() and not FIELD.match(line)), len(lines))
    return "\n".join(lines[1:end]), "\n".join(lines[end:]), end + 1


def read_front(file: str, toml: str | None, faults: Faults) -> Head:
    """Read and check the front matter.

    Args:
        file: name of the telling, for errors.
        toml: what `split_front` returned; None for what is missing, of which nothing more is said.
        faults: takes what is no TOML, and a key that is missing, unknown or of the wrong kind; file and line are named.
    """
    if toml is None:
        return UNKNOWN
    try:
        table = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError):
        table = _by_field(file, toml.split("\n"), faults)
    for key in table:
        if key not in REQUIRED + OPTIONAL:
            near = difflib.get_close_matches(key, REQUIRED + OPTIONAL, n=1)
            known = near[0] if near else ", ".join(REQUIRED + OPTIONAL)
            faults.add(BadInput("essay.front_unknown", file=file, line=_line_of(toml, key), field=key, known=known))
    texts = {key: faults.get(functools.partial(_text, file, toml, table, key), "") for key in REQUIRED}
    if texts["language"] and not LANGUAGE.fullmatch(texts["language"]):
        line = _line_of(toml, "language")
        faults.add(BadInput("essay.language", file=file, line=line, given=texts["language"], field="language"))
    return Head(
        taken=texts.pop("date"),
        **texts,
        embargo=faults.get(lambda: _day(file, toml, table, "embargo"), None),
        published=faults.get(lambda: _day(file, toml, table, "published"), None),
        outlet=faults.get(lambda: _text(file, toml, table, "outlet", needed=False), ""),
        credit=faults.get(lambda: _text(file, toml, table, "credit", needed=False), ""),
        said=_said(toml, table),
        lines={key: _line_of(toml, key) for key, value in table.items() if value != ""},
    )


def _by_field(file: str, lines: list[str], faults: Faults) -> dict[str, Any]:
    """Read each field by itself, where one that is no TOML would hide what is wrong with the others.

    Args:
        lines: of the front matter; the first is line 2 of the file.
        faults: takes each field that is no TOML; what it says is taken as a text all the same.
    """
    table: dict[str, Any] = {}
    at = 0
    while at < len(lines):
        end = _end_of(lines, at)
        try:
            found = tomllib.loads("\n".join(lines[at:end]))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            faults.add(BadInput("essay.not_toml", file=file, line=at + 2, reason=_reason(error)))
            key, _, text = lines[at].partition("=")
            found = {key.strip().strip("\"'"): text.strip().strip("\"'")} if FIELD.match(lines[at]) else {}
            end = at + 1
        for key in found.keys() & table.keys():
            first = _line_of("\n".join(lines), key)
            faults.add(BadInput("essay.twice", file=file, line=at + 2, field=key, first=first))
        table = found | table
        at = end
    return table


def _end_of(lines: list[str], at: int) -> int:
    """Return where a field ends that begins on a line: behind it, or where what it opens is closed."""
    for opened in ('"""', "'''"):
        if lines[at].count(opened) == 1:
            end = range(at + 1, min(len(lines), at + MOST_FIELD_LINES))
            return next((line + 1 for line in end if opened in lines[line]), at + 1)
    return at + 1


def _said(toml: str, table: dict[str, Any]) -> tuple[PublishedText, ...]:
    texts = [(key, table[key]) for key in table if key in READ_BY_ALL and isinstance(table[key], str)]
    return tuple(PublishedText(key, _line_of(toml, key), " ".join(text.split())) for key, text in texts)


def _text(file: str, toml: str, table: dict[str, Any], key: str, *, needed: bool = True) -> str:
    value = table.get(key, "")
    if key == "date" and isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if not isinstance(value, str):
        raise BadInput("essay.front_kind", file=file, line=_line_of(toml, key), field=key)
    if needed and not value.strip():
        raise BadInput("essay.front_missing", file=file, line=_line_of(toml, key), field=key)
    return " ".join(value.split())


def _day(file: str, toml: str, table: dict[str, Any], key: str) -> date | None:
    value = table.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput("essay.day", file=file, line=_line_of(toml, key), given=str(value), field=key) from None


def _line_of(toml: str, key: str) -> int:
    for number, line in enumerate(toml.split("\n"), start=2):
        if re.match(rf"\s*[\"']?{re.escape(key)}\b", line):
            return number
    return 1


def _reason(error: Exception) -> str:
    reason = re.sub(r"\s*\(at .*\)$", "", str(error)) or type(error).__name__
    return reason[:1].lower() + reason[1:120]
