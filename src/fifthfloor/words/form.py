"""How numbers are put into sentences, and how foreign names are made safe for a terminal."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from typing import Any

from fifthfloor.words.installed import way_to_add

Document = dict[str, Any]  # of the program, as --json prints it
Values = Mapping[str, str | int | float]


def _counted(count: Any, spec: str) -> str:
    """Choose by a number: "card|cards" says it before, "this card|these # cards" where # is; "|both|all #" knows two."""
    one, *more = spec.split("|")
    chosen = one if count == 1 else more[0] if count == 2 else more[-1]
    return chosen.replace("#", str(count)) if "#" in spec else f"{count} {chosen}"


class _Form(string.Formatter):
    """Formats one template; `{x:phrase}` is the key of a phrase, filled with the same facts, or a word of the system.

    `{x:extra}` is what to type to have that extra, `{x:colon}` a path and what is said of it.
    """

    def __init__(self, facts: Values, phrases: Mapping[str, str]) -> None:
        self._facts, self._phrases = facts, phrases

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "bytes":
            return size(int(value))
        if format_spec == "phrase":
            known = self._phrases.get(str(value))
            return printable(str(value)) if known is None else _Form(self._facts, {}).vformat(known, (), self._facts)
        if format_spec == "colon":
            return before_colon(str(value))
        if format_spec == "extra":
            key, facts = way_to_add(str(value))
            return _Form(facts, {}).vformat(self._phrases[key], (), facts)
        if "|" in format_spec:
            return _counted(value, format_spec)
        if format_spec == "seconds":
            return duration(float(value))
        if isinstance(value, str):
            value = printable(value)
        return str(super().format_field(value, format_spec))


def fill(template: str, facts: Values, phrases: Mapping[str, str]) -> str:
    """Fill a template of `fifthfloor.words`; `{x:bytes}`, `{x:seconds}`, `{x:card|cards}` are for people.

    Args:
        phrases: the sentences by key; `{x:phrase}` takes one of them.
    """
    return _Form(facts, phrases).vformat(template, (), facts)


def size(length_bytes: int) -> str:
    """Write a length in bytes as a person reads it, in decimal units as cards are sold: 31.2 MB."""
    if length_bytes < 1000:
        return f"{length_bytes} bytes"
    for unit, divisor in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if length_bytes / divisor < 999.95:
            return f"{length_bytes / divisor:.1f} {unit}"
    return f"{length_bytes / 1e12:.1f} TB"


def duration(seconds: float) -> str:
    """Write a time a person waits: 40 s, 3 min, 2 h 10 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def span(low_seconds: float, high_seconds: float) -> str:
    """Write a range of time: 40 to 90 s, 4 to 14 min, 1 to 2 h; one number where both ends read the same."""
    for divisor, unit in ((1, "s"), (60, "min"), (3600, "h")):
        low, high = math.floor(low_seconds / divisor), math.ceil(high_seconds / divisor)
        if high < 100 or unit == "h":
            # Below a whole unit the lower end is named as the upper one of nothing: "up to 2 s".
            return f"up to {high} {unit}" if low < 1 else f"{low} {unit}" if low == high else f"{low} to {high} {unit}"
    raise ValueError("no unit for this time")


def before_colon(place: str) -> str:
    """Write a path with the colon that something is said behind; a drive of Windows (`\\\\.\\E:`) has its own."""
    return printable(place).removesuffix(":") + ":"


def printable(text: str) -> str:
    """Escape what could steer a terminal: names on a card are written by others."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text)
