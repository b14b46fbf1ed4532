"""The rulebook: a customs form as a TOML file, and what it matches.

The format is documented in `docs/guide/rulebook.md`; `rulebook.toml` beside this file is the default. A rule's own
sentences are in the rulebook, because each country's are different.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, Literal

from fifthfloor.audit.finding import SEVERITIES, Finding, Place, Severity, Sureness, finding, listed
from fifthfloor.audit.of_programs import is_of_programs
from fifthfloor.audit.shots import Shot, per_day
from fifthfloor.errors import BadInput

RuleKind = Literal["words", "types", "sites", "area", "per_day", "question"]
_RULES_FORMAT = 1
MAX_RULES = 2000
MAX_WORDS = 20_000  # of all rules together: a dictionary of titles still matches in one pass
_RULES_WINDOW_CHARS = 1 << 18  # of a text whose words are looked up at a time: bounds memory
LONGEST_WORD_CHARS = 400  # two windows share as much
_ANY_WORD = re.compile(r"\w+")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the form.

    Args:
        name: unique in the rulebook.
        kind: which of the following counts.
        severity: of a hit.
        why: one sentence of the rulebook.
        source: where it is published, or "example".
        words: for "words" terms and titles, for "types" endings of names, for "sites" hosts.
        area: for "area", corners as (latitude, longitude); two are a box, more a polygon.
        limit: for "per_day", photographs a day.
    """

    name: str
    kind: RuleKind
    severity: Severity
    why: str
    source: str
    words: tuple[str, ...] = ()
    area: tuple[Point, ...] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules, and the expression that finds any of their words."""

    title: str
    rules: tuple[Rule, ...]

    def of_kind(self, kind: RuleKind) -> Iterator[Rule]:
        return (rule for rule in self.rules if rule.kind == kind)


def default_rulebook() -> Rulebook:
    """Read the rulebook that comes with the program."""
    return parse_rulebook(resources.files("fifthfloor.audit").joinpath("rulebook.toml").read_bytes(), "rulebook.toml")


def parse_rulebook(data: bytes, path: str) -> Rulebook:
    """Read a rulebook.

    Args:
        data: TOML in UTF-8.
        path: for the error.

    Raises:
        BadInput: not TOML, or a rule that says nothing; the rule is named.
    """
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput("audit.rules_not_toml", path=path, reason=str(error)) from error
    raw = table.get("rule", [])
    if table.get("format") != _RULES_FORMAT or not isinstance(raw, list) or not 0 < len(raw) <= MAX_RULES:
        raise BadInput("audit.rules_format", path=path, known=_RULES_FORMAT)
    rules = tuple(_rule(entry, number + 1, path) for number, entry in enumerate(raw))
    if sum(len(rule.words) for rule in rules) > MAX_WORDS:
        raise BadInput("audit.rules_words", path=path, limit=MAX_WORDS)
    return Rulebook(str(table.get("title", "")), rules)


def _rule(entry: Any, number: int, path: str) -> Rule:
    def bad() -> BadInput:
        name = str(entry.get("name", number)) if isinstance(entry, dict) else str(number)
        return BadInput("audit.rule", path=path, rule=name)

    if not isinstance(entry, dict) or entry.get("severity") not in SEVERITIES:
        raise bad()
    try:
        words = tuple(str(word) for word in entry.get("words", ()) if fold(str(word)))
        area = tuple((float(a), float(b)) for a, b in entry.get("area", ()))
        limit = int(entry.get("limit", 0))
    except (TypeError, ValueError) as error:
        raise bad() from error
    kind: RuleKind = entry.get("kind", "")
    enough = {
        "words": bool(words), "types": bool(words), "sites": bool(words), "area": len(area) >= 2,
        "per_day": limit > 0, "question": bool(entry.get("why")),
    }  # fmt: skip
    if not enough.get(kind, False) or not entry.get("source"):
        raise bad()
    return Rule(
        str(entry.get("name", number)), kind, entry["severity"], str(entry.get("why", "")), str(entry["source"]),
        words, area, limit,
    )  # fmt: skip


def fold(text: str) -> str:
    """Bring a text to the form in which it is compared: NFKC, case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Matcher:
    """Finds the words of a rulebook in texts; each hit is remembered with its place.

    Args:
        book: the rulebook.
    """

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._rule_of: dict[str, Rule] = {}
        for rule in (*book.of_kind("words"), *book.of_kind("sites")):
            for word in rule.words:
                self._rule_of.setdefault(fold(word), rule)
        self._of_first: dict[str, list[str]] = {}
        self._unspaced: list[str] = []
        for word in self._rule_of:
            first = _ANY_WORD.search(word)
            if _is_spaced(word) and first is not None and first.start() == 0:
                self._of_first.setdefault(first[0], []).append(word)
            else:
                self._unspaced.append(word)
        self._hits: dict[str, dict[Place, None]] = {}

    def take(self, other: Matcher) -> None:
        """Add the hits of another one with the same rulebook."""
        for rule, places in other._hits.items():
            self._hits.setdefault(rule, {}).update(places)

    def text(self, text: str, path: str) -> None:
        """Look for every word in a text of the file `path`."""
        folded = fold(text)
        for at in range(0, len(folded), _RULES_WINDOW_CHARS):
            part = folded[max(0, at - LONGEST_WORD_CHARS) : at + _RULES_WINDOW_CHARS]
            for word in self._candidates(part):
                if word in part and re.search(_bounded(word), part):
                    self._add(self._rule_of[word], path, word)

    def _candidates(self, part: str) -> Iterator[str]:
        """Yield the words that could be there: those whose first word is (a set is faster than an expression)."""
        for first in self._of_first.keys() & set(_ANY_WORD.findall(part)):
            yield from self._of_first[first]
        yield from self._unspaced

    def name(self, path: str) -> None:
        """Look at a file's name: its words and its type."""
        pure = PurePosixPath(path)
        self.text(re.sub(r"[._\-]+", " ", pure.name), path)
        ending = pure.suffix[1:].lower()
        for rule in self._book.of_kind("types"):
            if ending and ending in (word.lower().lstrip(".") for word in rule.words):
                self._add(rule, path, ending)

    def shots(self, shots: Iterable[Shot]) -> None:
        """Look at photographs: what is written in them, where they were taken, how many a day."""
        known = list(shots)
        for shot in known:
            for values in shot.facts.texts.values():
                for value in values:
                    self.text(value, shot.path)
            for rule in self._book.of_kind("area"):
                if shot.facts.gps is not None and inside(shot.facts.gps, rule.area):
                    self._add(rule, shot.path, f"{shot.facts.gps[0]:.4f}, {shot.facts.gps[1]:.4f}")
        for rule in self._book.of_kind("per_day"):
            for day, count in sorted(per_day(known).items()):
                if count > rule.limit:
                    self._add(rule, "", f"{day}: {count}")

    def findings(self) -> list[Finding]:
        """One finding for each rule that was hit, and one for each question the photographer has to answer."""
        found = []
        for rule in self._book.rules:
            places = list(self._hits.get(rule.name, ()))
            if rule.kind == "question":
                found.append(finding("rule.question", rule.severity, "possible", count=1, rule=rule.name,
                                     why=rule.why, source=rule.source))  # fmt: skip
                continue
            # Programs' own texts are full of such words; a kind of file is one wherever it lies.
            of_programs = {place for place in places if rule.kind in ("words", "sites") and is_of_programs(place.path)}
            kinds: tuple[tuple[str, Severity, Sureness, list[Place]], ...] = (
                ("rule.hit", rule.severity, "likely", [place for place in places if place not in of_programs]),
                ("rule.in_programs", "low", "possible", [place for place in places if place in of_programs]),
            )
            for kind, severity, sure, met in kinds:
                if met:
                    values = listed(dict.fromkeys(place.note for place in met))
                    found.append(finding(kind, severity, sure, met, rule=rule.name, why=rule.why, source=rule.source,
                                         values=values))  # fmt: skip
        return found

    def _add(self, rule: Rule, path: str, note: str) -> None:
        self._hits.setdefault(rule.name, {})[Place(path, note=note)] = None


def _is_spaced(word: str) -> bool:
    return all(ord(letter) < 0x2E80 for letter in word)


def _bounded(word: str) -> str:
    """Return an expression for a word; letters next to it would make it another, except in scripts without spaces."""
    return rf"(?<!\w){re.escape(word)}(?!\w)" if _is_spaced(word) else re.escape(word)


def inside(place: Point, area: tuple[Point, ...]) -> bool:
    """Say whether a place lies in a box (two corners) or polygon; edges count as inside of a box."""
    latitude, longitude = place
    if len(area) == 2:
        (south, west), (north, east) = area
        wraps = west > east  # a box over the date line
        within = longitude >= west or longitude <= east if wraps else west <= longitude <= east
        return south <= latitude <= north and within
    crossings = 0
    for (a, b), (c, d) in zip(area, (*area[1:], area[0]), strict=True):
        if (a > latitude) != (c > latitude) and longitude < b + (latitude - a) * (d - b) / (c - a):
            crossings += 1
    return crossings % 2 == 1
