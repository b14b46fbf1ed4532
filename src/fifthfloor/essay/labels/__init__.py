"""What a published page says by itself, in the essay's language: one TOML file a language.

These are not in `fifthfloor.words`: that is the language of the person at the command line, this is the reader's.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

ENGLISH = "en"
# Languages written from right to left, by their primary tag.
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})


class Labels:
    """The texts of one language; those of English where it has no file.

    Args:
        language: a BCP 47 tag.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        table = _table(_primary(language))
        self.known = table is not None
        self._texts: dict[str, Any] = table or _table(ENGLISH) or {}

    def say(self, key: str, **facts: str | int) -> str:
        """Return the text `key`, filled with its facts."""
        return str(self._texts[key]).format(**facts)

    def counted(self, key: str, count: int) -> str:
        """Return the text `key` for a number of things; for two there is another, `key_two`."""
        return self.say(f"{key}_two" if count == 2 else key, count=count)

    def number(self, number: int) -> str:
        """Write a number in groups of three, which narrow spaces part: so every language here reads it."""
        return f"{number:,}".replace(",", "\u202f")

    def day(self, day: date) -> str:
        """Write a day as it is written in this language."""
        return self.say("day", day=day.day, month=self._texts["months"][day.month - 1], year=day.year)


def languages() -> tuple[str, ...]:
    """List the languages that have a file, by their primary tags."""
    return tuple(sorted(file.name[:-5] for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")))


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a BCP 47 tag."""
    return "rtl" if _primary(language) in RIGHT_TO_LEFT else "ltr"


def _primary(language: str) -> str:
    return language.partition("-")[0].casefold()


@lru_cache(maxsize=8)
def _table(primary: str) -> dict[str, Any] | None:
    if not (primary.isascii() and primary.isalpha()):
        return None
    file = resources.files(__name__) / f"{primary}.toml"
    if not file.is_file():
        return None
    return tomllib.loads(file.read_text(encoding="utf-8"))
