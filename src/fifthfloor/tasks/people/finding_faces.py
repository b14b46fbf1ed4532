"""Where the faces of a photograph are: the long part of `protect`, which needs no key and may be done by any machine.

Rule 1: what goes to another machine is where a photograph lies and what a person decided; what comes back is boxes.
Rule 2: boxes count for the very bytes in which they were found, and for no others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError, reason_of
from fifthfloor.files import read_whole
from fifthfloor.jpeg.canonical import CanonicalPicture
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.decisions import Decision
from fifthfloor.redact.hidden_parts import Part, parts_of, still_asked, tile_px_of
from fifthfloor.redact.pixels import seen
from fifthfloor.redact.prepare import prepare


@dataclass(frozen=True, slots=True)
class Search:
    """A photograph to be searched, and how (`redact.hidden_parts.parts_of`).

    Args:
        raw: of the same frame, where `path` is its JPEG.
        find_faces: False to take a person's decision alone.
    """

    path: Path
    raw: Path | None
    decision: Decision
    find_faces: bool
    suggest_writing: bool
    nobody_looks: bool


@dataclass(frozen=True, slots=True)
class Files:
    """The bytes of a photograph and, where there is one beside it, of its raw."""

    data: bytes
    raw: bytes | None

    @property
    def digest(self) -> bytes:
        """Of both; tells a photograph from another one at the same path."""
        return b"".join(hashlib.sha256(part).digest() for part in (self.data, self.raw) if part is not None)


@dataclass(frozen=True, slots=True)
class FoundFaces:
    """What was found in a photograph, or why it could not be looked at."""

    digest: bytes
    parts: tuple[Part, ...]
    error: FifthFloorError | None = None

    def of(self, files: Files) -> tuple[Part, ...]:
        """Return the parts, for the bytes that are here. Raises BadInput where those were others, or none."""
        if self.error is not None:
            raise self.error
        if self.digest != files.digest:
            raise BadInput("cluster.other_file")
        return self.parts


def read(path: Path, raw: Path | None) -> Files:
    """Read a photograph, and its raw. Raises as `read_whole` does."""
    beside = read_whole(raw, MAX_PICTURE_BYTES) if raw else None
    return Files(read_whole(path, MAX_PICTURE_BYTES), beside)


def find(search: Search) -> FoundFaces:
    """Search a photograph; whatever is the matter with it is returned."""
    try:
        files = read(search.path, search.raw)
        return FoundFaces(files.digest, parts_in(prepare(files.data, files.raw).picture, search))
    except FifthFloorError as error:
        return FoundFaces(b"", (), error)
    except OSError as error:
        return FoundFaces(b"", (), BadInput("protect.system", reason=reason_of(error)))


def parts_in(picture: CanonicalPicture, search: Search) -> tuple[Part, ...]:
    """Decide what of a photograph is hidden."""
    parts = parts_of(
        seen(picture) if search.find_faces else None,
        search.decision,
        nobody_looks=search.nobody_looks,
        suggest_writing=search.suggest_writing,
        tile_px=tile_px_of(picture.header),
    )
    return still_asked(picture, parts)
