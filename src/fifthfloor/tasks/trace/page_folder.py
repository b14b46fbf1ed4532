"""Files that a saved page names: beside it, or elsewhere in the folder that was given.

Rule: a page names files; only those in the folder that was given are opened, wherever links lead to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from fifthfloor.errors import BadInput
from fifthfloor.files import files_below, read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.metadata.endings import kind_of_name
from fifthfloor.trace.html_page import ReadPage, read_page
from fifthfloor.trace.page_addresses import is_data
from fifthfloor.trace.saved import MAX_KEPT_BYTES

HTML_ENDINGS = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A page in a file.

    Args:
        path: of the page.
        folder: in which it may name files.
        named: files that it and its frames have named so far.
    """

    path: Path
    folder: Path
    named: set[Path] = field(default_factory=set, compare=False)
    address: str = ""

    def read(self) -> ReadPage:
        """Read the page. Raises BadInput as `read_page` does, or where the file cannot be read."""
        return read_page(read_whole(self.path, MAX_KEPT_BYTES), is_xml=self.path.name.lower().endswith(".xhtml"))

    def files(self, base: str, address: str) -> Iterator[Path]:
        """Yield where an address may lead to: a file's name may hold what is behind a question mark in an address."""
        if is_data(address):
            return
        try:
            parts = urlsplit(address.replace("\\", "/"))
            beside = urlsplit(base.replace("\\", "/"))
        except ValueError:
            return
        if parts.scheme not in ("", "file") or parts.netloc:
            return
        before = "" if beside.scheme or beside.netloc else beside.path.rpartition("/")[0]
        names = (parts.path, f"{parts.path}?{parts.query}") if parts.query else (parts.path,)
        for name in filter(None, map(unquote, names)):
            if "\0" not in name:
                yield Path(os.path.normpath(self.path.parent / before.lstrip("/") / name.lstrip("/")))

    def picture(self, base: str, source: str) -> bytes | None:
        """Read a picture that the page names; None where there is none, or it lies elsewhere."""
        for file in self.files(base, source):
            self.named.add(file)
            data = self.kept(file)
            if data is not None:
                return data
        return None

    def framed(self, base: str, address: str) -> PageFile | None:
        """Return a page that the page has in a frame; None where there is none."""
        for file in self.files(base, address):
            if file.name.lower().endswith(HTML_ENDINGS) and self._is_within(file) and file.is_file():
                return PageFile(file, self.folder, self.named)
        return None

    def kept(self, file: Path) -> bytes | None:
        """Read a file; None where there is none, or it lies elsewhere."""
        try:
            return read_whole(file, MAX_PICTURE_BYTES) if self._is_within(file) else None
        except (BadInput, OSError):
            return None

    @property
    def saved_beside(self) -> Path:
        """The folder that browsers make for what a page needs, by the name that is known."""
        return self.path.with_name(f"{self.path.stem}_files")

    def left(self) -> Iterator[Path]:
        """Yield pictures that were saved beside the page and that nothing names: style sheets and scripts load some."""
        beside = self.saved_beside
        if beside.is_dir() and not beside.is_symlink():
            for file in sorted(files_below(beside)):
                if kind_of_name(file.name) == "photograph" and file not in self.named:
                    yield file

    def _is_within(self, file: Path) -> bool:
        try:
            return file.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):  # links that lead to each other
            return False


def name_of(address: str) -> str:
    """Return the name of the file that an address ends in; empty where there is none."""
    try:
        return PurePosixPath(unquote(urlsplit(address.replace("\\", "/")).path)).name
    except ValueError:
        return ""


def told_by_pages(pages: Sequence[Path], folder: Path) -> Callable[[Path], bool]:
    """Return what says of a file whether one of these pages tells of it: a picture with its caption, or a frame.

    Those that a page shows lie in a folder that browsers name in many languages; of what else lies in it, one name
    is known. Of frames within each other one is looked at.
    """
    beside = [PageFile(page, folder) for page in pages if page.name.lower().endswith(HTML_ENDINGS)]
    folders = {page.saved_beside for page in beside}
    shown: set[Path] = set()
    framed: dict[Path, set[Path]] = {}
    for page in beside:
        pictures, framed[page.path] = _named_by(page)
        shown |= pictures
    roots = framed.keys() - {file for page, files in framed.items() for file in files if file != page}
    told: set[Path] = set()
    for path in [*sorted(roots), *sorted(framed)]:
        if path not in told:
            told |= _reached(path, framed) - {path}
    return lambda file: file in shown or file in told or not folders.isdisjoint(file.parents)


def _reached(path: Path, framed: dict[Path, set[Path]]) -> set[Path]:
    found: set[Path] = set()
    left = [path]
    while left:
        one = left.pop()
        left.extend(framed.get(one, set()) - found)
        found.add(one)
    return found


def _named_by(page: PageFile) -> tuple[set[Path], set[Path]]:
    """Return the pictures and the frames that a page names."""
    try:
        read = page.read()
    except (BadInput, OSError):
        return set(), set()  # said where the page itself is looked at
    pictures = {file for one in read.pictures for source in one.sources for file in page.files(read.base, source)}
    frames = (page.framed(read.base, one.address) for one in read.frames if not one.html)
    return pictures, {one.path for one in frames if one}
