"""The list of visible files while it grows: names that cannot be paths are refused, so is more than fits."""

from __future__ import annotations

import re

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.volume import VisibleFile

# A card of 2 TB with half-megabyte photographs has four million clusters in use but DCF allows 900 x 9,999 frames;
# in practice tens of thousands. Half a million entries of full paths stay under 200 MB.
MAX_ENTRIES = 500_000
MAX_PATH_CHARACTERS = 1024


_NEVER = re.compile(r"[/\0]|^\.{1,2}$|^$")


class PathBook:
    """Files found so far on one volume.

    Args:
        place: where the volume is, for error messages.
        bearing: what is done about names that cannot be paths.
    """

    def __init__(self, place: str, bearing: Bearing | None = None) -> None:
        self.files: list[VisibleFile] = []
        self._place = place
        self._bearing = bearing or Bearing()

    def join(self, parent: str, name: str) -> str | None:
        """Append an untrusted name to a checked path; None where that is borne and cannot be a path."""
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            self._bearing.fault("cards.bad_name", place=self._place, path=parent or "/", name=name)
            name = _NEVER.sub("_", name)
        path = f"{parent}/{name}" if parent else name
        if len(path) > MAX_PATH_CHARACTERS:
            self._bearing.fault("cards.path_long", place=self._place, path=path[:80], limit=MAX_PATH_CHARACTERS)
            return None
        return path

    def add(self, file: VisibleFile) -> bool:
        """Take a file into the list; False where that is borne and the list is full."""
        if len(self.files) >= MAX_ENTRIES:
            self._bearing.fault("cards.too_many_files", place=self._place, limit=MAX_ENTRIES)
            return False
        self.files.append(file)
        return True
