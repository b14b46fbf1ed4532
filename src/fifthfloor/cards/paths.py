"""The list of visible files while it grows: names that cannot be paths are refused, so is more than fits."""

from __future__ import annotations

from fifthfloor.cards.volume import VisibleFile
from fifthfloor.errors import BadInput

# A card of 2 TB with half-megabyte photographs has four million clusters in use but DCF allows 900 x 9,999 frames;
# in practice tens of thousands. Half a million entries of full paths stay under 200 MB.
MAX_ENTRIES = 500_000
MAX_PATH_CHARACTERS = 1024


class PathBook:
    """Files found so far on one volume.

    Args:
        place: where the volume is, for error messages.
    """

    def __init__(self, place: str) -> None:
        self.files: list[VisibleFile] = []
        self._place = place

    def join(self, parent: str, name: str) -> str:
        """Append an untrusted name to a checked path."""
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise BadInput("cards.bad_name", place=self._place, path=parent or "/", name=name)
        path = f"{parent}/{name}" if parent else name
        if len(path) > MAX_PATH_CHARACTERS:
            raise BadInput("cards.path_long", place=self._place, path=path[:80], limit=MAX_PATH_CHARACTERS)
        return path

    def add(self, file: VisibleFile) -> None:
        if len(self.files) >= MAX_ENTRIES:
            raise BadInput("cards.too_many_files", place=self._place, limit=MAX_ENTRIES)
        self.files.append(file)
