"""Where the desk may look and write: its folder, what was named on the command line, and the cards in the readers.

Rule: a path below the folder is taken part by part, and no part may be a link; so nothing leads out of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors.at_hand import short_name

_MOST_PLACES = 2_000  # of one folder; more images than that are nobody's desk
_MOST_NAME_CHARS = 120


class Places:
    """What was chosen when the desk was opened.

    Args:
        folder: DIR.
        named: cards and folders of the command line.
        seed: makes the short names of places, which tell nobody what they stand for.
    """

    def __init__(self, folder: Path, named: Sequence[Path], seed: bytes) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.named = tuple(Path(os.path.abspath(path)) for path in named)  # noqa: PTH100 - a link that was named is meant
        self._seed = seed
        self._known: dict[str, Path] = {}

    def id_of(self, path: Path) -> str:
        """Return a short name for a path, which stands in forms and addresses instead of it. Counterpart: `of_id`."""
        short = hashlib.sha256(self._seed + os.fsencode(path)).hexdigest()[:12]
        self._known[short] = path
        return short

    def of_id(self, short: str) -> Path:
        """Return the path of a short name.

        Raises:
            BadInput: none was given out, or a link stands by now where the place was.
        """
        if short not in self._known:
            raise BadInput("desk.unknown_place")
        return self.still(self._known[short])

    def still(self, path: Path) -> Path:
        """Return a place that was given out before, if no link has been put on the way to it since (BadInput)."""
        if path not in self.named:
            for root in self._roots():
                if path.is_relative_to(root):
                    self._refuse_links(root, path)
        return path

    def called(self, path: Path) -> str:
        """Return how a page calls a card: an image as it is called in the folder, all else by its last part."""
        inside = path.relative_to(self.folder) if path.is_relative_to(self.folder) else Path()
        if inside.parts and not any(part.startswith(".") for part in inside.parts):  # a copy that was brought here
            return inside.as_posix()
        return short_name(path)

    def inside(self, typed: str) -> Path:
        """Return the path that a person typed, if it is in the folder or was named.

        Raises:
            BadInput: it leads elsewhere, by `..`, by a link or by being somewhere else.
        """
        path = Path(os.path.abspath(self.folder / typed.strip()))  # noqa: PTH100 - without following a link
        if "\0" in typed:
            raise BadInput("desk.outside", path=typed.replace("\0", "?"))
        if path in self.named:
            return path
        for root in self._roots():
            if path == root or path.is_relative_to(root):
                self._refuse_links(root, path)
                return path
        raise BadInput("desk.outside", path=str(path))

    def new(self, typed: str) -> Path:
        """Return the path of something that will be made, in the folder. Raises BadInput like `inside`."""
        if not typed.strip() or len(typed) > _MOST_NAME_CHARS:
            raise BadInput("desk.no_name")
        return self.inside(typed)

    def images(self) -> Iterator[Path]:
        """Yield the files that may be images of cards: those named, those in the folder and one below."""
        for path in self.named:
            if not path.is_dir():
                yield path
        for root in self._roots():
            for entry in self._entries(root):
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    yield from (
                        Path(e.path) for e in self._entries(Path(entry.path)) if e.is_file(follow_symlinks=False)
                    )

    def folders(self) -> Iterator[Path]:
        """Yield the folders in the folder."""
        for root in self._roots():
            yield from (Path(e.path) for e in self._entries(root) if e.is_dir(follow_symlinks=False))

    def _roots(self) -> tuple[Path, ...]:
        return (self.folder, *(place for place in self.named if place.is_dir()))

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                entries = sorted((entry for entry in found if entry.name[0] != "."), key=lambda entry: entry.name)
        except OSError:
            return []
        return entries[:_MOST_PLACES]

    def _refuse_links(self, root: Path, path: Path) -> None:
        at = root
        for part in path.relative_to(root).parts:
            at = at / part
            if at.is_symlink():
                raise BadInput("desk.link", path=str(at))
