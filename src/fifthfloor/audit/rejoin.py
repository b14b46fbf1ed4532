"""Photographs in pieces: the next piece is the one in which the picture goes on (Garfinkel, DFRWS 2007).

A camera that records a film beside its stills, or writes into the gaps of a full card, puts a photograph down in
pieces, and a deleted file has lost the chain between them. So its scan is decoded cluster by cluster. Where it breaks
off, each free cluster ahead is tried: foreign data breaks the code within a few hundred bytes, and another picture
does not fit the rows above. A picture counts only if exactly its MCUs come out and its end mark follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from fifthfloor.audit.carve import starts_in
from fifthfloor.audit.carve_jpeg import carve_jpeg
from fifthfloor.audit.carved import JPEG_FORMS, Carved, Found
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.thumbnail_witness import contradicts, witness_of
from fifthfloor.cards.extents import Extent
from fifthfloor.errors import BadInput
from fifthfloor.jpeg.following import Scanned, ScanPlace
from fifthfloor.metadata.jpeg_head import SOS

_BEFORE_SCAN_BYTES = 1 << 20  # before the scan: previews and makers' notes
_GAP_BYTES = 64 << 20  # between two pieces
_STEPS_ONE_PICTURE = 30_000  # clusters tried for one picture in one search
ALL_STEPS = 400_000  # and on one card: a used one is full of remains that are in no pieces, they are only half gone
_TRAILER_BYTES = 8 << 20
_FIRST_BYTES = 2048  # foreign data is told from this many nearly always
_WHOLE_STEP_BYTES = 1 << 20
_BACK = 4  # clusters before the break where it may really have begun
_HEAD_MARKERS = frozenset((0xC0, 0xC1, 0xC4, 0xDA, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)))
_MOST_SEGMENTS = 512  # before a scan
_FEW_JOINS = 3  # with more, each piece holds a row of the picture at least
_LEAST_MEAN_PIECE = 4  # clusters, of more pieces than a few: chance makes a picture of single clusters of others
_AT_THE_BREAK = 2  # joins tried there, whatever is smoother before it
_ROUGH = 4  # roughest rows where a piece may have ended, if what follows is another picture's code


@dataclass(frozen=True, slots=True)
class _Care:
    """How a search goes: the roughest join it takes, how many joins, how many candidates it follows in a block."""

    seam: float
    joins: int
    tries: int


# Few joins first; what has many is believed only if all are smooth: chance makes a picture of many pieces.
_SEARCHES: Final = (_Care(2.0, 1, 4), _Care(1.9, 24, 2), _Care(3.5, 2, 4))


@dataclass(slots=True)
class _Path:
    """Clusters of one picture so far, in order: positions, and the place in the scan before each."""

    positions: list[int]
    places: list[ScanPlace]
    run_start: int = 0  # index of the first cluster of the piece that is being followed
    joins: list[int] = field(default_factory=list)

    def copy(self) -> _Path:
        return _Path(self.positions[:], self.places[:], self.run_start, self.joins[:])

    def cut(self, index: int) -> _Path:
        return _Path(self.positions[:index], self.places[: index + 1], index, [*self.joins, index])


class Rejoiner:
    """Puts photographs of one sequence of free bytes together.

    Args:
        space: the free bytes.
        cluster_bytes: pieces begin and end on multiples of it, counted from the start of `space`.
        pulse: called now and then while pieces are tried.
        most_steps: clusters tried in all; ALL_STEPS where it is not given.
    """

    def __init__(
        self,
        space: FreeSpace,
        cluster_bytes: int,
        pulse: Callable[[], None] = lambda: None,
        *,
        most_steps: int | None = None,
    ) -> None:
        self._pulse = pulse
        self._space = space
        self._unit = cluster_bytes
        self._used = bytearray(-(-space.length_bytes // cluster_bytes) + 1)
        self._open: dict[int, bool] = {}
        self._steps = 0
        self._left = ALL_STEPS if most_steps is None else most_steps
        self._care = _SEARCHES[0]
        self._witness: Scanned | None = None

    def claim(self, item: Carved) -> None:
        """Take the clusters of what was carved for its own, undecoded: nobody else's pieces are looked for there."""
        end = item.start + item.found.length_bytes
        self._claim(range(item.start // self._unit, -(-end // self._unit)))

    def claim_if_sound(self, item: Carved) -> bool:
        """Whether a photograph that was carved in one piece is sound, or cannot be told; then its clusters are its."""
        return self.is_sound(item) is not False

    def is_sound(self, item: Carved) -> bool | None:
        """Whether a photograph that was carved in one piece decodes to its end; its clusters are nobody else's then.

        None where it cannot be told: progressive files, and without the codec (base install).
        """
        try:
            scanned = Scanned(self._space.read(item.start, min(item.found.length_bytes, _BEFORE_SCAN_BYTES)))
        except BadInput:
            return None
        place, at = scanned.beginning, item.start + scanned.start_bytes
        end = item.start + item.found.length_bytes
        while at < end:
            step = scanned.step(place, self._space.read(at, min(_WHOLE_STEP_BYTES, end - at)))
            if step.status == "foreign" or (step.status == "done" and not step.end_bytes):
                return False
            if step.status == "done":
                self._call_witness(item)
                if self._contradicted(scanned):
                    return False
                self.claim(item)
                return True
            place, at = step.place, at + _WHOLE_STEP_BYTES
        return False

    def rejoin(self, item: Carved) -> Carved | None:
        """Return a photograph put together from its pieces, None where they are not found."""
        start = item.start // self._unit
        last = min(len(self._used), start + _BEFORE_SCAN_BYTES // self._unit + 2)
        begun = next(self._headed(item), None) or self._begun(item, list(range(start, last)), 0)
        if begun is None:
            return None
        scanned, path = begun
        self._call_witness(item)
        for self._care in _SEARCHES:
            self._steps = given = min(_STEPS_ONE_PICTURE, self._left)
            found = self._follow(scanned, path.copy()) if given > 0 else None
            self._left -= given - self._steps
            if found is not None:
                return self._made(item, found)
        return None

    def _begun(self, item: Carved, clusters: list[int], cut: int) -> tuple[Scanned, _Path] | None:
        """Follow a picture's head, in these clusters, to the end of the one in which its scan begins.

        Args:
            cut: number of the cluster with which the head's second piece begins; 0 where it is in one.
        """
        skip = item.start % self._unit
        head = b"".join(self._space.read(index * self._unit, self._unit) for index in clusters)[skip:]
        try:
            scanned = Scanned(head)
        except BadInput:
            return None
        begins = skip + scanned.start_bytes
        first = begins // self._unit
        step = scanned.step(scanned.beginning, head[scanned.start_bytes : (first + 1) * self._unit - skip])
        if step.status != "more" or first < cut:
            return None
        path = _Path(clusters[: first + 1], [scanned.beginning] * (first + 1) + [step.place], first)
        return scanned, replace(path, run_start=cut or first, joins=[cut] if cut else [])

    def _headed(self, item: Carved) -> Iterator[tuple[Scanned, _Path]]:
        """Look for the second piece of a head that was cut before its scan: where the next segment must begin.

        The cut is known where that is in the cluster behind the last segment's beginning; a segment over more clusters
        may be cut at any of them.
        """
        before, at = _segments_reached(self._space, item.start)
        cluster, inside = divmod(at, self._unit)
        if not before or before // self._unit != cluster - 1:
            return
        own = list(range(item.start // self._unit, cluster))
        for block in self._blocks(cluster + 1):
            self._pulse()
            for index in block:
                self._left -= 1
                if self._left <= 0:
                    return
                mark = self._cluster(index)[inside : inside + 2]
                if mark[:1] == b"\xff" and len(mark) > 1 and mark[1] in _HEAD_MARKERS:
                    rest = range(index, min(len(self._used), index + _BEFORE_SCAN_BYTES // self._unit + 2))
                    begun = self._begun(item, [*own, *rest], len(own))
                    if begun is not None:
                        yield begun

    def _follow(self, scanned: Scanned, path: _Path) -> _Path | None:
        """Follow the piece at the end of `path` as far as it goes, then look for the next one."""
        while True:
            index = path.positions[-1] + 1
            data = self._cluster(index)
            step = scanned.step(path.places[-1], data) if data else None
            self._steps -= 1
            if step is None or step.status == "foreign" or (step.status == "done" and not step.end_bytes):
                break
            path.positions.append(index)
            path.places.append(step.place)
            if step.status == "done":
                return path if self._fits(scanned, path) else None
        if len(path.joins) >= self._care.joins:
            return None
        return self._next_piece(scanned, path)

    def _next_piece(self, scanned: Scanned, path: _Path) -> _Path | None:
        breaks = self._breaks(scanned, path)
        floor = min(path.places[index].mcu for index in breaks)
        kept = scanned.lights[floor:].copy()
        for block in self._blocks(path.positions[-1] + 1):
            self._pulse()
            tried: list[tuple[float, int, int]] = []
            for at in breaks:
                if self._steps <= 0:
                    break
                scanned.lights[floor:] = kept
                tried += [(seam, at, index) for index in block if (seam := self._seam(scanned, path, at, index))]
            if self._steps <= 0:
                return None
            for _, at, index in self._likeliest(tried, len(path.positions)):
                scanned.lights[floor:] = kept
                found = self._try(scanned, path.cut(at), index)
                if found is not None:
                    return found
        return None

    def _likeliest(self, tried: list[tuple[float, int, int]], end: int) -> list[tuple[float, int, int]]:
        """The smoothest joins; first those at the break itself: foreign data hardly ever reaches a next cluster."""
        smooth = sorted(tried)
        there = [one for one in smooth if one[1] == end][:_AT_THE_BREAK]
        return [*there, *[one for one in smooth if one not in there][: self._care.tries]]

    def _try(self, scanned: Scanned, path: _Path, index: int) -> _Path | None:
        step = scanned.step(path.places[-1], self._cluster(index))
        path.positions.append(index)
        path.places.append(step.place)
        if step.status == "done":
            return path if step.end_bytes and self._fits(scanned, path) else None
        return self._follow(scanned, path)

    def _breaks(self, scanned: Scanned, path: _Path) -> list[int]:
        """Where the piece may really have ended: at the break or a little before, or where the rows cease to fit."""
        lowest, end = path.run_start + 1, len(path.positions)
        if self._care.joins > _FEW_JOINS:
            row = path.places[path.run_start].mcu + scanned.mcus_wide
            lowest = next((index for index in range(lowest, end) if path.places[index].mcu >= row), end)
        near = range(end, max(lowest, end - _BACK + 1) - 1, -1)
        reached = path.places[end].mcu
        rough = sorted(
            (-scanned.seam(path.places[index].mcu, reached), index) for index in range(lowest, end - _BACK + 1)
        )
        return [*near, *(index for _, index in rough[:_ROUGH])]

    def _blocks(self, first: int) -> Iterator[list[int]]:
        """Yield clusters ahead, near ones first, a few more each time."""
        size, at = max(1, (1 << 20) // self._unit), first
        last = min(len(self._used) - 1, first + _GAP_BYTES // self._unit)
        while at < last:
            yield list(range(at, min(at + size, last)))
            at, size = at + size, min(2 * size, (8 << 20) // self._unit)
        # A camera that came to the end of a full card went on at its beginning.
        before = min(first, _GAP_BYTES // self._unit)
        yield from (list(range(at, min(at + size, before))) for at in range(0, before, size))

    def _seam(self, scanned: Scanned, path: _Path, at: int, index: int) -> float:
        """How well a cluster, and what follows it for a row of the picture, continues it; 0 where it does not."""
        self._steps -= 1
        data = self._cluster(index)
        place = path.places[at]
        if not data or scanned.step(place, data[:_FIRST_BYTES]).status == "foreign":
            return 0.0
        row = place.mcu + scanned.mcus_wide
        step = scanned.step(place, data)
        while step.status == "more" and step.place.mcu < row and (data := self._cluster(index := index + 1)):
            self._steps -= 1
            step = scanned.step(step.place, data)
        if step.status == "foreign" or (step.status == "done" and not step.end_bytes):
            return 0.0
        seam = scanned.seam(place.mcu, step.place.mcu)
        return seam if seam <= self._care.seam else 0.0

    def _fits(self, scanned: Scanned, path: _Path) -> bool:
        if len(path.joins) > _FEW_JOINS and len(path.positions) < _LEAST_MEAN_PIECE * (len(path.joins) + 1):
            return False
        smooth = all(scanned.seam(path.places[at].mcu, scanned.mcus) <= self._care.seam for at in path.joins)
        return smooth and not self._contradicted(scanned)

    def _call_witness(self, item: Carved) -> None:
        place = item.found.thumbnail
        self._witness = witness_of(self._space.read(item.start + place[0], place[1])) if place else None

    def _contradicted(self, scanned: Scanned) -> bool:
        return self._witness is not None and contradicts(self._witness, scanned)

    def _cluster(self, index: int) -> bytes:
        """The bytes of a cluster, empty where it is another's: used, blank, or the beginning of a file."""
        if index >= len(self._used) or self._used[index]:
            return b""
        data = self._space.read(index * self._unit, self._unit)
        if index not in self._open:
            blank = not data[:64].strip(b"\0")
            self._open[index] = not blank and 0 not in starts_in(data[:512].ljust(512, b"\0"))
        return data if self._open[index] else b""

    def _claim(self, clusters: Iterable[int]) -> None:
        for index in clusters:
            self._used[index] = 1

    def _made(self, item: Carved, path: _Path) -> Carved:
        """The photograph, with what belongs to it behind its end mark, as carving reads it."""
        extents: list[Extent] = []
        for index in path.positions:
            extents += self._space.runs(index * self._unit, self._unit)
        behind = (path.positions[-1] + 1) * self._unit
        extents += self._space.runs(behind, _TRAILER_BYTES)
        joined = FreeSpace(self._space.reader, [(one.offset_bytes, one.length_bytes) for one in extents])
        start = item.start % self._unit
        found = carve_jpeg(joined, start, starts_in) or Found(0, "jpeg", False)
        self._claim(path.positions)
        return replace(item, runs=joined.runs(start, found.length_bytes), found=replace(found, form=item.found.form))


def _segments_reached(space: FreeSpace, start: int) -> tuple[int, int]:
    """Walk the segments of a JPEG's head; return where the last one begins, and where the next should and does not.

    Both are positions; (0, 0) where a scan is reached.
    """
    before, at = 0, start + 2
    for _ in range(_MOST_SEGMENTS):
        head = space.read(at, 4)
        if len(head) < 4 or head[0] != 0xFF or head[1] not in _HEAD_MARKERS:
            return before, at
        if head[1] == SOS:
            break
        before, at = at, at + 2 + int.from_bytes(head[2:], "big")
    return 0, 0


def in_one_piece_again(
    space: FreeSpace, carved: Iterable[Carved], cluster_bytes: int, progress: Callable[[int], None] = lambda _done: None
) -> list[Carved]:
    """Return what was carved, with the photographs that lay in pieces put together where they can be.

    A photograph that was carved in one piece is decoded too: the end mark that it was followed to may be another's.
    One that is foreign to its own head, or to its own thumbnail, and is not put together, is not whole. Where the
    codec is missing (base install) everything stays as it was carved.

    Args:
        space: the free bytes that were carved.
        carved: what was found there, rising.
        cluster_bytes: pieces begin and end on multiples of it.
        progress: called with the bytes just passed, `to_be_followed` in all.
    """
    rejoiner = Rejoiner(space, cluster_bytes, lambda: progress(0))
    items = list(carved)
    broken = []
    for number, item in enumerate(items):
        if item.found.form not in JPEG_FORMS:
            continue
        if item.found.whole and rejoiner.claim_if_sound(item):
            progress(2 * item.found.length_bytes)
        else:
            progress(item.found.length_bytes)
            broken.append(number)
    for number in broken:
        item = items[number]
        items[number] = rejoiner.rejoin(item) or replace(item, found=replace(item.found, whole=False))
        progress(item.found.length_bytes)
    return items


def to_be_followed(carved: Iterable[Carved]) -> int:
    """Say how many bytes `in_one_piece_again` reports: each photograph is decoded once, then perhaps searched for."""
    return sum(2 * item.found.length_bytes for item in carved if item.found.form in JPEG_FORMS)
