"""Names that Windows forbids, and the lawful ones under which such files come back there (spec/floor.md, section 6.1).

Rule: the lawful name is a function of the stored names alone, in the order they are stored, so that whoever wrote the
      manifest and whoever brings the files back arrive at the same one without asking each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# "Naming Files, Paths, and Namespaces" of the Win32 documentation. Some forms are forbidden by old Windows only.
_FORBIDDEN_CHARACTERS = re.compile(r'[\x01-\x1f<>:"|?*]')
_RESERVED_NAMES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\xb9\xb2\xb3])[ ]*", re.IGNORECASE)
_TRAILING = re.compile(r"[ .]+$")
_LONGEST_PART, _LONGEST_KEPT_ENDING = 255, 20  # UTF-16 units, as Windows counts; characters


class LawfulNames:
    """Gives one stored name after another its lawful one; two never get the same, capital letters or not."""

    def __init__(self) -> None:
        # stored folder or file, as the tuple of its parts -> its lawful path
        self._given: dict[tuple[str, ...], str] = {(): ""}
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        """Return the lawful form of a stored name: the name itself where Windows allows it."""
        parts = tuple(name.split("/"))
        for depth in range(1, len(parts) + 1):
            if parts[:depth] not in self._given:
                self._given[parts[:depth]] = self._free(self._given[parts[: depth - 1]], _lawful_part(parts[depth - 1]))
        return self._given[parts]

    def _free(self, folder: str, part: str) -> str:
        stem, dot, ending = part.rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (part, "")
        number = 1
        tried = _fitting(stem, "", ending)
        while (path := f"{folder}/{tried}" if folder else tried).upper() in self._taken:
            number += 1
            tried = _fitting(stem, f"~{number}", ending)
        self._taken.add(path.upper())
        return path


def _fitting(stem: str, mark: str, ending: str) -> str:
    """Join the pieces of a part; what is too long loses the end of what stands before the mark."""
    if _units(stem + mark + ending) <= _LONGEST_PART:
        return stem + mark + ending
    if len(ending) > _LONGEST_KEPT_ENDING:
        stem, ending = stem + ending, ""
    while _units(stem + mark + ending) > _LONGEST_PART:
        stem = stem[:-1]
    return _TRAILING.sub(lambda found: "_" * len(found[0]), stem + mark + ending)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def renamed(stored_names: Iterable[str]) -> dict[str, str]:
    """Return the lawful names of those that need one: stored name -> lawful name."""
    names = LawfulNames()
    pairs = ((stored, names.of(stored)) for stored in stored_names)
    return {stored: lawful for stored, lawful in pairs if stored != lawful}


def _lawful_part(part: str) -> str:
    part = _FORBIDDEN_CHARACTERS.sub("_", part)
    part = _TRAILING.sub(lambda found: "_" * len(found[0]), part)
    stem, dot, rest = part.partition(".")
    return f"{stem}_{dot}{rest}" if _RESERVED_NAMES.fullmatch(stem) else part
