"""`trace`: pictures looked for in an archive, and what became of them.

Rule 1: what is said is "similar"; "the same file" only where the bytes are.
Rule 2: of frames that lie alike, the one that differs least is named, or it is said that they cannot be told apart.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.engine.many import Executor, Lost, each
from fifthfloor.errors import BadInput, FactValue, FifthFloorError, reason_of
from fifthfloor.files import files_below
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.metadata.endings import kind_of_name
from fifthfloor.tasks.trace.page_folder import told_by_pages
from fifthfloor.tasks.trace.remote import listed, read_place
from fifthfloor.tasks.trace.saved_pages import ShownOn, is_page, pictures_of
from fifthfloor.tasks.trace.store import Known, Store
from fifthfloor.tasks.trace.store_places import Laid, Remote, StoredAt, laid
from fifthfloor.trace.candidates import (
    CLOSER_BY_POINTS,
    CLOSER_BY_VOTES,
    CLOSER_POINTS,
    FIRST_WAYS,
    LEAST_CLOSER,
    MANY_CANDIDATES,
    PDQ_MATCH,
    TURNED_WAYS,
    Candidate,
    Searched,
    candidates,
    searched,
)
from fifthfloor.trace.differing import FEW_SHARED, FEWEST_SHARED, SURE_SHARED, Differences, differences
from fifthfloor.trace.grey import REFERENCE_PX, is_icon, opened, scaled
from fifthfloor.trace.likeness import mean_tiles, read_likeness
from fifthfloor.trace.matching import Placement, match
from fifthfloor.trace.one_channel import WORTH_ASKING, likest
from fifthfloor.trace.one_scene import FrameInCopy, nearer
from fifthfloor.trace.points import Points, find_points
from fifthfloor.trace.record import thumbnail

# A thumbnail's tile is about five pixels of 512: an area of a hundredth of the width is the least that is seen.
COMPARED_TILES = 96
# Of two frames that lie alike, the nearer one is named only if the other one is so much further.
_CLEARLY = 1.25
# So much further away a frame may still be the right one, and that many are compared with each other.
_MAYBE, _MOST_FRAMES = 2.0, 12
_A_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Similar:
    """A photograph of the archive that is in a picture.

    Args:
        laid: where files of it are.
        shared: points that agree; 0 where only the hash of the whole says so.
        pdq: distance, of 256.
        differences: None where only the hash says so: then nothing was compared.
        signed: whether a statement that verified lies beside it.
    """

    number: int
    laid: Laid
    shared: int
    pdq: int
    differences: Differences | None
    signed: bool

    @classmethod
    def by_hash(cls, known: Known, pdq: int) -> Similar:
        """What the hash of the whole says, and nothing else."""
        return cls(known.number, _laid(known), 0, pdq, None, known.statement is not None)

    @property
    def places(self) -> tuple[str, ...]:
        """Files of it, those first that are still there."""
        return self.laid.places

    @property
    def is_copy(self) -> bool:
        """Whether the picture seems made of this very frame; otherwise it shows the same scene, or is much changed."""
        return self.differences is None or self.differences.is_this_frame


@dataclass(frozen=True, slots=True)
class Traced:
    """What a picture is: the likeliest photograph first.

    Args:
        name: of the file, and of the picture in it if it is a page.
        same: where files of the very same bytes are; None where no photograph of the archive is this file.
        similar: the likeliest first.
        alike: how many of these cannot be told apart; 1 where the frame is named.
        shown: the page that it stands on, if it does.
        seen: of a page's picture that was found, a small JPEG of it.
    """

    name: str
    same: Laid | None
    similar: tuple[Similar, ...]
    alike: int
    shown: ShownOn | None = None
    seen: bytes = b""

    @property
    def same_file(self) -> tuple[str, ...]:
        """Places of the very same bytes."""
        return self.same.places if self.same else ()

    @property
    def alike_copies(self) -> tuple[Similar, ...]:
        """What the picture was made of: one frame, or those that cannot be told apart."""
        return tuple(one for one in self.similar if one.is_copy)[: self.alike]

    @property
    def is_found(self) -> bool:
        """Whether it is, or is a copy of, a photograph of the archive: another frame of its scene is not."""
        return self.same is not None or any(one.is_copy for one in self.similar)


@dataclass(frozen=True, slots=True)
class Untraced:
    """A file that could not be looked at, and why."""

    name: str
    key: str
    facts: dict[str, FactValue]
    shown: ShownOn | None = None


def trace(
    files: Sequence[StoredAt], archive: Path, executor: Executor | None = None, *, links: bool = True
) -> Generator[Traced | Untraced, None, None]:
    """Look for pictures in an archive; yields one result a picture, in order.

    Args:
        executor: what looks; None: this process, one after the other.
        links: look at what links in folders lead to; otherwise each of them is named, and not followed.
    """
    with Store(archive) as store:
        Finder(store)  # its arrays are made here, once, and not by every worker
        stamp = store.stamp
    tasks = _tasks(files, archive.resolve(), stamp, links=links)
    for found in map(_find, tasks) if executor is None else each(_find, tasks, executor):
        if isinstance(found, Lost):
            found = Untraced(found.task.name, "trace.poisoned", {"count": found.tries}, found.task.shown)
        if found is not None:
            yield found


@dataclass(frozen=True, slots=True)
class _LookTask:
    """A picture to look for: a file, or one of a page with its bytes.

    `stamp` changes with the archive, so that no worker looks in what it was; `error` where there is nothing to look at.
    """

    name: str
    path: StoredAt | None
    archive: Path
    stamp: tuple[int, int]
    data: bytes = b""
    shown: ShownOn | None = None
    error: FifthFloorError | None = None


def _tasks(files: Sequence[StoredAt], archive: Path, stamp: tuple[int, int], *, links: bool) -> Iterator[_LookTask]:
    for path, folder in _files(files):
        if not links and isinstance(path, Path) and path.is_symlink():
            yield _LookTask(str(path), None, archive, stamp, error=BadInput("protect.link"))
            continue
        if isinstance(path, Remote) or not is_page(path):
            # A worker may stand in another folder.
            at = path if isinstance(path, Remote) else path.absolute()
            yield _LookTask(str(path), at, archive, stamp)
            continue
        try:
            for one in pictures_of(path, folder):
                lost = BadInput("trace.not_saved") if one.data is None else None
                yield _LookTask(one.name, None, archive, stamp, one.data or b"", one.shown, lost)
        except FifthFloorError as error:
            yield _LookTask(str(path), None, archive, stamp, error=error)
        except OSError as error:
            refused = BadInput("trace.system", reason=reason_of(error))
            yield _LookTask(str(path), None, archive, stamp, error=refused)


def _find(task: _LookTask) -> Traced | Untraced | None:
    """Look for a picture; None for an icon of a page."""
    if task.error:
        return Untraced(task.name, task.error.key, task.error.facts, task.shown)
    finder = _finder(task.archive, task.stamp, threading.get_ident())
    try:
        if task.path is not None:
            return finder.find(task.name, read_place(task.path, MAX_PICTURE_BYTES))
        if is_icon(task.data):
            return None
        found = finder.find(task.name, task.data)
        return replace(found, shown=task.shown, seen=thumbnail(task.data) if found.is_found else b"")
    except FifthFloorError as error:
        return Untraced(task.name, error.key, error.facts, task.shown)
    except OSError as error:
        return Untraced(task.name, "trace.system", {"reason": reason_of(error)}, task.shown)


# A database connection is one thread's: a cluster's workers may have several.
@lru_cache(maxsize=8)
def _finder(archive: Path, stamp: tuple[int, int], thread: int) -> Finder:
    del stamp, thread
    return Finder(Store(archive))


class Finder:
    """An archive with its arrays mapped: for many pictures one after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hashes = store.hashes()
        self._tables = store.tables()
        self._last: tuple[bytes, Traced] | None = None

    def find(self, name: str, data: bytes) -> Traced:
        """Look for one picture. Raises BadInput if it is none."""
        digest = hashlib.sha256(data).digest()
        if self._last is None or self._last[0] != digest:  # a page may name one file by hundreds of addresses
            self._last = digest, self._found(digest, data)
        return replace(self._last[1], name=name)

    def _found(self, digest: bytes, data: bytes) -> Traced:
        number = self._store.number_of(digest)
        picture = searched(data)
        found = self._as_first_or_turned(picture) or self._again(picture)
        ranked, alike = _told_apart(sorted(found, key=_rank), picture)
        same = None if number is None else _laid(self._store.known(number))
        return Traced("", same, tuple(one.similar for one in ranked), alike)

    def _as_first_or_turned(self, picture: Searched) -> list[_Hit]:
        """Look again in the other six ways where nothing was compared: a hash is found in all eight of them."""
        first = self._similar(picture, FIRST_WAYS)
        if any(hit.told for hit in first):
            return first
        turned = self._similar(picture, TURNED_WAYS)
        return turned if any(hit.told for hit in turned) else first or turned

    def _similar(self, picture: Searched, ways: tuple[int, ...]) -> list[_Hit]:
        found = []
        for candidate in candidates(picture, self._hashes, self._tables, ways):
            known = self._store.known(candidate.number)
            hit = _matched(known, read_likeness(known.likeness).points, candidate, picture, FEW_SHARED)
            if hit is not None and hit.told is not None and hit.told.bears_out(hit.similar.shared):
                found.append(hit)
            elif candidate.pdq <= PDQ_MATCH:
                found.append(_Hit(Similar.by_hash(known, candidate.pdq), None))
        return found

    def _again(self, picture: Searched) -> list[_Hit]:
        """Look at more where nothing was found, and closer: of what is dark and cut few recorded points are left."""
        found, rest = [], []
        likely = candidates(picture, self._hashes, self._tables, FIRST_WAYS, MANY_CANDIDATES)
        for candidate in likely:
            known = self._store.known(candidate.number)
            points = read_likeness(known.likeness).points
            placement = match(points, picture.points, candidate.ways, LEAST_CLOSER)
            if placement is None:
                continue
            rest.append((placement.shared, candidate))
            if placement.shared >= FEWEST_SHARED:
                hit = _hit(known, points, placement, candidate, picture)
                if hit.told is not None and hit.told.bears_out(placement.shared, again=True):
                    found.append(hit)
        if found:
            return found
        rest.sort(key=lambda one: -one[0])
        chosen = [*likely[:CLOSER_BY_VOTES], *(candidate for _, candidate in rest[:CLOSER_BY_POINTS])]
        closer = [self._looked_closer_at(picture, one) for at, one in enumerate(chosen) if one not in chosen[:at]]
        return [hit for hit in closer if hit is not None]

    def _looked_closer_at(self, picture: Searched, candidate: Candidate) -> _Hit | None:
        """Compare with many points of a photograph's thumbnail."""
        known = self._store.known(candidate.number)
        hit = _matched(known, find_points(_thumbnail(known), CLOSER_POINTS), candidate, picture, FEWEST_SHARED)
        return hit if hit is not None and hit.told is not None and hit.told.bears_out_closer() else None


@dataclass(frozen=True, slots=True, eq=False)
class _Hit:
    """A photograph that is in the picture, and what tells it from other frames of its scene, where points do."""

    similar: Similar
    frame: FrameInCopy | None

    @property
    def told(self) -> Differences | None:
        """What became of the photograph."""
        return self.similar.differences


def _laid(known: Known) -> Laid:
    return laid(known.places, known.former, known.length_bytes)


def _matched(known: Known, points: Points, candidate: Candidate, picture: Searched, least: int) -> _Hit | None:
    """Compare a picture with a photograph where so many points of it lie alike."""
    placement = match(points, picture.points, candidate.ways, least)
    return None if placement is None else _hit(known, points, placement, candidate, picture)


def _hit(known: Known, points: Points, placement: Placement, candidate: Candidate, picture: Searched) -> _Hit:
    image, frame = opened(known.thumbnail, REFERENCE_PX), (points.width, points.height)
    tiles = _tiles(image)
    told = differences(tiles, frame, placement, picture.image)
    if told.misfit > WORTH_ASKING and placement.shared >= SURE_SHARED:
        likely = likest([tiles, *map(_tiles, image.split())], frame, placement, picture.image)
        if likely is not tiles:
            tiles, told = likely, differences(likely, frame, placement, picture.image)
    signed = known.statement is not None
    similar = Similar(known.number, _laid(known), placement.shared, candidate.pdq, told, signed)
    return _Hit(similar, FrameInCopy(tiles, frame, placement, told))


def _thumbnail(known: Known) -> Image.Image:
    return scaled(opened(known.thumbnail, REFERENCE_PX), REFERENCE_PX)


def _tiles(image: Image.Image) -> NDArray[np.uint8]:
    grey = scaled(image, REFERENCE_PX)
    wide, high = (max(1, round(COMPARED_TILES * edge / max(grey.size))) for edge in grey.size)
    return mean_tiles(np.asarray(grey), wide, high)


def _rank(found: _Hit) -> float:
    """Return how far a photograph is from the picture: less is nearer."""
    one = found.similar
    if one.differences is None:
        return 10.0 + one.pdq
    return one.differences.misfit + _A_STEP + one.differences.differing


def _told_apart(ranked: list[_Hit], picture: Searched) -> tuple[list[_Hit], int]:
    """Put the frame that the picture was made of first; also say how many of the first cannot be told apart."""
    if not ranked:
        return [], 0
    best = ranked[0]
    near = [one for one in ranked if _rank(one) < _MAYBE * _rank(best)][:_MOST_FRAMES]
    for one in near[1:]:
        if _nearer(best, one, picture) < 0:
            best = one
    alike = [
        one
        for one in ranked
        if one is not best
        and _rank(one) < _CLEARLY * _rank(best)
        and (one not in near or _nearer(best, one, picture) == 0)
    ]
    first = [best, *alike]
    return [*first, *(one for one in ranked if one not in first)], len(first)


def _nearer(first: _Hit, second: _Hit, picture: Searched) -> int:
    if first.frame is None or second.frame is None:
        return 0
    return nearer(first.frame, second.frame, picture.image)


def _is_looked_at(path: Path) -> bool:
    if not path.is_file():
        return False
    return is_page(path) or kind_of_name(path.name) == "photograph"


def _files(given: Sequence[StoredAt]) -> Iterator[tuple[StoredAt, Path | None]]:
    """Yield files, each with the folder that was given, in which a page may name others."""
    for path in given:
        if isinstance(path, Remote):
            yield from ((file, None) for file, _ in listed(path) if kind_of_name(file.name) == "photograph")
        elif path.is_dir():
            below = sorted(filter(_is_looked_at, files_below(path, links=True)))
            by_pages = told_by_pages([file for file in below if is_page(file)], path)
            yield from ((file, path) for file in below if not by_pages(file))
        elif path.exists():
            yield path, None
        else:
            raise BadInput("files.missing", path=str(path))
