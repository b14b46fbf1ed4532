"""Which photographs are meant: from what a person names to one task a frame.

Rule 1: what cannot be taken is said by name and stops nothing else.
Rule 2: what a camera wrote twice is one frame: a JPEG (HEIC, HIF, AVIF) and the raw of the same name in the same
        folder. The raw's hash is signed, and that it stays is said. A TIFF, PNG or WebP is a photograph of its own.
Rule 3: links inside folders are not followed, and named; the folder that is written to, and those of systems, are
        not searched.
Rule 4: every path that a frame may write is claimed before any is written: no frame overwrites another's.
        Where numbers are the names, two frames of one name are listed under different ones.
"""

from __future__ import annotations

import itertools
import os
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from fifthfloor.errors import BadInput, FactValue, FifthFloorError, reason_of
from fifthfloor.files import read_head, reading
from fifthfloor.redact.admission import statement_path_of, web_path_of
from fifthfloor.redact.converting import converted_kind_of
from fifthfloor.redact.raw import is_developed, raw_kind_of
from fifthfloor.tasks.called import sources_of
from fifthfloor.tasks.people.beside import LeftAlone, by_name, is_film, is_signed, is_system_folder

# Enough to tell a JPEG, a TIFF, an ISO medium, a Fujifilm raw and a film.
_PHOTOGRAPH_HEAD_BYTES = 400
JPEG_BEGINNING = b"\xff\xd8\xff"
_Half = Literal["camera", "raw", "alone"]
_OTHER_HALF: dict[_Half, _Half] = {"camera": "raw", "raw": "camera"}
# What file systems write: 255 bytes or, on FAT and NTFS, units of UTF-16, which are never more.
MAX_NAME_BYTES = 255


@dataclass(frozen=True, slots=True)
class GivenPhoto:
    """A photograph to be protected.

    Args:
        name: what it will be called: after its source, "DSC_0001.jpg", or by a number.
        path: the JPEG, or the raw where there is no JPEG.
        raw: the raw of the same frame, where there is a JPEG too.
    """

    name: str
    path: Path
    raw: Path | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant: photographs, what cannot be taken, and what is left where it is."""

    frames: tuple[GivenPhoto, ...]
    refused: tuple[Refused, ...]
    left: LeftAlone


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not done, and why: a key of `fifthfloor.words` and its facts."""

    path: Path
    key: str
    facts: Mapping[str, FactValue]
    exit_code: int

    @classmethod
    def because(cls, path: Path, error: FifthFloorError) -> Refused:
        return cls(path, error.key, error.facts, error.exit_code)

    @classmethod
    def by_system(cls, path: Path, error: OSError) -> Refused:
        reason = reason_of(error)
        return cls.because(path, BadInput("protect.system", reason=reason))


def frames(files: Sequence[Path], out: Path, *, numbered: bool = False) -> Meant:
    """Find the photographs in files and folders.

    Args:
        files: as the person gave them.
        out: where will be written; not searched.
        numbered: they will be called by numbers (`tasks.called`), so none can take the name of another's rendition.

    Returns:
        Frames in the order given (a folder's by name), what cannot be taken, and what folders hold beside them.
    """
    search = _Names(numbered)
    for path, is_given in _walk(files, out, search):
        try:
            search.take(path, is_given)
        except FifthFloorError as error:
            search.refused.append(Refused.because(path, error))
        except OSError as error:
            search.refused.append(Refused.by_system(path, error))
    return Meant(
        tuple(search.found.values()),
        tuple(search.refused),
        LeftAlone(**{f"{kind}s" if kind != "signed" else kind: tuple(paths) for kind, paths in search.left.items()}),
    )


def said_last(found: Meant, refused: Collection[Path]) -> Iterator[Refused | LeftAlone]:
    """Yield the raws that are signed as part of nothing, as their photographs were refused, and what stays behind.

    Args:
        found: all that was meant.
        refused: paths of the photographs that were refused.
    """
    signed = {frame.raw for frame in found.frames if frame.path not in refused}
    alone = {frame.raw: frame.path.name for frame in found.frames if frame.raw and frame.raw not in signed}
    for raw, name in alone.items():
        yield Refused.because(raw, BadInput("protect.raw_unseen", name=name))
    left = replace(found.left, raws=tuple(raw for raw in found.left.raws if raw not in alone))
    if left:
        yield left


@dataclass(slots=True)
class _Names:
    """What was found so far; `claimed` holds every name that will be written, and for which file."""

    numbered: bool = False
    found: dict[str, GivenPhoto] = field(default_factory=dict)
    of_stem: dict[tuple[Path, str, _Half], list[str]] = field(default_factory=dict)
    claimed: dict[str, Path] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    left: dict[str, list[Path]] = field(
        default_factory=lambda: {kind: [] for kind in ("film", "sidecar", "signed", "raw", "folder")}
    )

    def take(self, path: Path, is_given: bool) -> None:
        """Take a file as a frame, as half of one, or leave it. Raises BadInput for what is none; named."""
        if not is_given and path.is_symlink():
            raise BadInput("protect.link")
        beside = None if is_given else "signed" if is_signed(path) else by_name(path)
        if beside is not None:
            self.left[beside].append(path)
            return
        head = _head(path)
        if is_film(head) or (by_name(path) == "film" and not _is_photograph(head)):
            if is_given:
                raise BadInput("protect.film")
            self.left["film"].append(path)
            return
        if not head:
            raise BadInput("protect.empty")
        if not _is_photograph(head):
            raise BadInput("protect.not_a_photograph")
        self._place(path, _half_of(path, head))

    def _place(self, path: Path, half: _Half) -> None:
        stem = path.parent, claim_of(path.stem)
        for key in self.of_stem.get((*stem, _OTHER_HALF[half]), ()) if half != "alone" else ():
            other = self.found[key]
            if other.raw is None:
                published, raw = (other.path, path) if half == "raw" else (path, other.path)
                self.found[key] = GivenPhoto(other.name, published, raw)
                self.left["raw"].append(raw)
                return
        frame = GivenPhoto(self._name_of(path), path)
        key = claim_of(frame.name)
        names = (frame.name,) if self.numbered else (frame.name, web_path_of(Path(frame.name)).name)
        longest = len(os.fsencode(statement_path_of(Path(names[-1])).name))
        if not self.numbered and longest > MAX_NAME_BYTES:
            raise BadInput("protect.long_name", name=frame.name, length=longest, limit=MAX_NAME_BYTES)
        for name in names:
            first = self.claimed.get(claim_of(name))
            if first is not None:
                raise BadInput("protect.same_name", name=name, first=str(first), second=str(path))
        self.claimed |= {claim_of(name): path for name in names}
        self.found[key] = frame
        self.of_stem.setdefault((*stem, half), []).append(key)

    def _name_of(self, path: Path) -> str:
        """Return what a photograph is called; where a number will be its name, no two need share one."""
        names = sources_of(path)
        first = self.claimed.get(claim_of(names[0]))
        if not self.numbered or first is None or _is_same(first, path):
            return names[0]
        more = (f"{names[2][:-4]} ({number}).jpg" for number in itertools.count(2))
        return next(name for name in itertools.chain(names, more) if claim_of(name) not in self.claimed)


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def claim_of(name: str) -> str:
    """Return what two names share that are one file on some file system: case and composed accents do not count."""
    return unicodedata.normalize("NFC", name).casefold()


def _walk(files: Sequence[Path], out: Path, search: _Names) -> Iterator[tuple[Path, bool]]:
    """Yield each file, and whether the person named it (or a folder that holds it)."""
    written = out.resolve()
    refused = search.refused
    for given in files:
        if not given.is_dir():
            yield given, True
            continue

        def failed(error: OSError, given: Path = given) -> None:
            refused.append(Refused.by_system(Path(error.filename or given), error))

        for folder, inside, names in os.walk(given, onerror=failed):
            here = Path(folder)
            if here.resolve() == written:
                inside.clear()
                refused.append(Refused.because(here, BadInput("protect.inside", path=str(here))))
                continue
            for name in [name for name in inside if (here / name).is_symlink()]:
                inside.remove(name)
                refused.append(Refused.because(here / name, BadInput("protect.link")))
            for name in [name for name in inside if is_system_folder(here / name)]:
                inside.remove(name)
                search.left["folder"].append(here / name)
            inside.sort()
            yield from ((here / name, False) for name in sorted(names))


def _head(path: Path) -> bytes:
    """Return the first bytes of an ordinary file."""
    try:
        return read_head(path, _PHOTOGRAPH_HEAD_BYTES)
    except BadInput:
        raise BadInput("protect.not_a_file") from None  # its name stands before it


def _half_of(path: Path, head: bytes) -> _Half:
    """Tell which half of a frame a photograph may be."""
    if raw_kind_of(head) is None:
        is_by_camera = head[:3] == JPEG_BEGINNING or converted_kind_of(head) in ("HEIC", "AVIF")
        return "camera" if is_by_camera else "alone"
    with reading(path) as file:

        def read(offset: int, length: int) -> bytes:
            file.seek(max(offset, 0))
            return file.read(max(length, 0)) if offset >= 0 else b""

        return "alone" if is_developed(read) else "raw"


def _is_photograph(head: bytes) -> bool:
    return head[:3] == JPEG_BEGINNING or raw_kind_of(head) is not None or converted_kind_of(head) is not None
