"""What a search would find on a card: names, contents, holes and hints, and what its free space looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from fifthfloor.audit.card_names import (
    OrphanFinder,
    deleted_findings,
    emptied_findings,
    invented_findings,
    orphan_findings,
)
from fifthfloor.audit.carve import carve
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.finding import Finding, Place, Severity, finding, listed
from fifthfloor.audit.free_bytes import FreePiece, FreeReader, FreeSpace
from fifthfloor.audit.free_map import FreeMap, FreeMapper, screen
from fifthfloor.audit.grounds import Elsewhere, elsewhere, slack_of
from fifthfloor.audit.holes import hole_findings, order_findings
from fifthfloor.audit.islands import Extents, with_islands, with_noise_at
from fifthfloor.audit.named_pieces import decoded_by_name
from fifthfloor.audit.report import Unchecked
from fifthfloor.audit.swept import noise_findings
from fifthfloor.audit.used_again import Judge
from fifthfloor.cards.deleted import MAX_DELETED, DeletedEntry, deleted_entries
from fifthfloor.cards.image import Card
from fifthfloor.cards.remove import lost_extents
from fifthfloor.cards.unchained import unchained_left_out
from fifthfloor.cards.volume import VisibleFile, Volume
from fifthfloor.metadata.endings import SYSTEM_FILES, SYSTEM_FOLDERS, is_shot

# OEM names that computers write into a boot sector; cameras write their own or blanks.
COMPUTERS = {
    "mkfs.fat": "Linux", "mkdosfs": "Linux", "MSDOS5.0": "Windows", "MSWIN4.1": "Windows", "BSD  4.4": "macOS",
    "FRDOS": "FreeDOS", "android": "Android",
}  # fmt: skip
LITTER = SYSTEM_FOLDERS | SYSTEM_FILES | {"lost.dir", "found.000"}


@dataclass(frozen=True, slots=True)
class CardAudit:
    """Everything a search would find on one card.

    Args:
        free_map: of all its free space.
        carved: photographs and films in free space; empty after a quick look.
        deleted: entries of removed files.
        findings: unordered, without those of the photographs that are there.
        quick: only a sample of free space was looked at.
        unchecked: what of the card was not looked at, with its number.
    """

    free_map: FreeMap
    carved: tuple[Carved, ...]
    deleted: tuple[DeletedEntry, ...]
    findings: tuple[Finding, ...]
    quick: bool
    unchecked: tuple[Unchecked, ...] = ()


class FileOnCard:
    """A visible file as a `Source` for the photo reader.

    Args:
        card: open.
        file: on one of its volumes.
    """

    def __init__(self, card: Card, file: VisibleFile) -> None:
        written = file.size_bytes if file.written_bytes is None else file.written_bytes
        self.size_bytes = min(written, sum(extent.length_bytes for extent in file.extents))
        extents = ((extent.offset_bytes, extent.length_bytes) for extent in file.extents)
        self._space = FreeSpace(card.device, extents, piece_bytes=256 << 10, kept_pieces=2)

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        return self._space.read(offset_bytes, max(0, min(length_bytes, self.size_bytes - offset_bytes)))


def audit_card(
    card: Card,
    *,
    quick: bool = False,
    closely: Extents = (),
    progress: Callable[[int], None] = lambda _done: None,
) -> CardAudit:
    """Look at a card without any key; reads all free space once, or with `quick` 8 KiB of each MiB.

    Args:
        card: open; it is never written.
        quick: no carving, no orphan directories, bounds to a MiB.
        closely: extents that are read whole all the same, as (offset_bytes, length_bytes).
        progress: called with the free bytes just passed.
    """
    named = [(volume, entry) for volume in card.volumes for entry in deleted_entries(volume)]
    if quick:
        extents = [(int(offset), int(length)) for offset, length in card.free]
        searched = _CardSearched(with_noise_at(screen(card.device, extents), closely, card.device))
    else:
        searched = _searched_whole(card, {offset for _, entry in named for offset in entry.offsets_bytes}, progress)
    judge = Judge(card, {item.offset_bytes: item for item in searched.carved}, lengths=not quick)
    agreed = judge.agreed([*named, *searched.orphans])
    if not quick:
        decoded = decoded_by_name(card, searched.carved, judge, [*named, *searched.orphans], agreed)
        if decoded.carved != searched.carved:
            judge = Judge(card, {item.offset_bytes: item for item in decoded.carved})
            agreed = judge.agreed([*named, *searched.orphans])
        searched = replace(searched, carved=decoded.carved, undecoded=decoded.undecoded)
    entries = judge.entries(agreed)
    searched = replace(searched, carved=tuple(_as_read(card, item) for item in searched.carved))
    deleted, from_orphans = entries[: len(named)], entries[len(named) :]
    findings = (
        *deleted_findings(deleted),
        *orphan_findings(from_orphans),
        *_findings_beside_names(card, searched, sharp=not quick),
        *(found for volume in card.volumes for found in emptied_findings(volume, (e for v, e in named if v is volume))),
        *(finding for volume in card.volumes for finding in _volume_findings(volume, searched.free_map)),
    )
    unchecked = (*_unchecked(card, searched), *_behind_the_first(card, named, searched.passed_bytes))
    return CardAudit(searched.free_map, searched.carved, (*deleted, *from_orphans), findings, quick, unchecked)


def _as_read(card: Card, item: Carved) -> Carved:
    """Call in part what was carved across a sector that could not be read, as `recover` does."""
    if not item.found.whole or not card.lacks(item.runs):
        return item
    return replace(item, found=replace(item.found, whole=False))


@dataclass(frozen=True, slots=True)
class _CardSearched:
    """What one look at the bytes of a card found.

    Args:
        free_map: of all its free space.
        carved: photographs and films, in free space and elsewhere.
        orphans: entries in directories that nothing leads to, without those that are named.
        beside: what lies outside of free space; None after a quick look.
        passed_bytes: of directories that were too many to be read.
        undecoded: photographs and films that are called whole by their outer structure alone.
    """

    free_map: FreeMap
    carved: tuple[Carved, ...] = ()
    orphans: tuple[tuple[Volume, DeletedEntry], ...] = ()
    beside: Elsewhere | None = None
    passed_bytes: int = 0
    undecoded: int = 0


def _searched_whole(card: Card, known: set[int], progress: Callable[[int], None]) -> _CardSearched:
    """Read all free space once: the map of it, what is carved from it, and directories that nothing leads to.

    Args:
        known: where entries lie that directories name.
    """
    extents = [(int(offset), int(length)) for offset, length in card.free]
    mapper = FreeMapper(card.device)
    finders = [OrphanFinder(volume) for volume in card.volumes]

    def find(piece: FreePiece, data: bytes) -> None:
        for finder in finders:
            finder.feed(piece, data)

    def look(piece: FreePiece, data: bytes) -> None:
        mapper.feed(piece, data)
        find(piece, data)

    in_free = list(carve(FreeSpace(card.device, extents, look), progress))
    beside = elsewhere(card, find, known)
    free_map = mapper.result((run.offset_bytes, run.length_bytes) for item in in_free for run in item.runs)
    free_map = with_islands(free_map, extents, card.volumes, card.device)
    orphans = [
        (volume, entry)
        for volume, finder in zip(card.volumes, finders, strict=True)
        for entry in finder.names()
        if not known.intersection(entry.offsets_bytes)
    ]
    passed = sum(finder.passed_bytes for finder in finders)
    return _CardSearched(free_map, (*in_free, *beside.carved), tuple(orphans), beside, passed)


def _findings_beside_names(card: Card, searched: _CardSearched, *, sharp: bool) -> Iterator[Finding]:
    extents = [(int(offset), int(length)) for offset, length in card.free]
    heaps = [volume.heap_offset_bytes for volume in card.volumes]
    yield from _carved_findings(card, searched.carved)
    yield from noise_findings(searched.free_map, extents, heaps, sharp=sharp)
    yield from _two_readings(card)


def _unchecked(card: Card, searched: _CardSearched) -> Iterator[Unchecked]:
    """Say how much of what lies in free space has no known form, and what was not searched at all."""
    known = [(run.offset_bytes, run.length_bytes) for item in searched.carved for run in item.runs]
    remains = searched.free_map.remains_beside(known, card.device)
    if remains:
        yield Unchecked("remains", remains)
    if searched.undecoded:
        yield Unchecked("undecoded", searched.undecoded)
    beside = searched.beside
    if beside is not None:
        yield from (
            Unchecked(what, count)
            for what, count in (("slack_remains", beside.slack_bytes), ("outside", beside.outside_bytes))
            if count
        )
    else:
        slack = sum(extent.length_bytes for file in card.files() for extent in slack_of(file) if not file.is_directory)
        if slack:
            yield Unchecked("slack", slack)


def _behind_the_first(card: Card, named: Sequence[tuple[Volume, DeletedEntry]], passed: int) -> Iterator[Unchecked]:
    """Say where a list ended before the card did."""
    deleted = sum(1 for volume in card.volumes if sum(one is volume for one, _ in named) >= MAX_DELETED)
    if deleted:
        yield Unchecked("deleted", deleted * MAX_DELETED)
    unchained = sum(unchained_left_out(volume) for volume in card.volumes)
    if unchained:
        yield Unchecked("unchained", unchained)
    if passed:
        yield Unchecked("orphans", passed)


def _two_readings(card: Card) -> list[Finding]:
    """Find names behind the end mark of a directory: some systems show them, others do not."""
    count = sum(fault.count for fault in card.borne if fault.key == "cards.behind_end")
    return [finding("card.two_readings", "high", "certain", count=count)] if count else []


def _volume_findings(volume: Volume, free_map: FreeMap) -> Iterator[Finding]:
    yield from hole_findings(volume)
    yield from order_findings(volume)
    yield from _formatter(volume)
    yield from _hints(volume)
    yield from _litter(volume)
    yield from _lost(volume)
    if volume.file_system == "exfat":
        yield from invented_findings(sum(run.length_bytes for run in free_map.random_runs))


def _carved_findings(card: Card, carved: tuple[Carved, ...]) -> list[Finding]:
    """What can be brought back: from free space, which a sweep reaches, and from what no sweep reaches."""
    kinds = {"free": "card.recoverable", "lost": "card.lost_contents", "slack": "card.slack", "outside": "card.outside"}
    return [
        found
        for where, kind in kinds.items()
        for found in _carved_finding(card, [item for item in carved if item.where == where], kind)
    ]


def _carved_finding(card: Card, carved: Sequence[Carved], kind: str) -> list[Finding]:
    if not carved:
        return []
    places = [
        Place("", item.offset_bytes, item.found.length_bytes, _cluster(card, item.offset_bytes), _state(item))
        for item in carved
    ]
    whole = sum(item.found.whole for item in carved)
    return [
        finding(
            kind,
            "critical",
            "certain",
            places,
            whole=whole,
            part=len(carved) - whole,
            size=sum(item.found.length_bytes for item in carved),
            forms=listed(sorted(item.found.form for item in carved)),
        )
    ]


def _state(item: Carved) -> str:
    return item.found.form if item.found.whole else f"{item.found.form}, partial"


def _cluster(card: Card, offset_bytes: int) -> int | None:
    for volume in card.volumes:
        index = (offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes
        if 0 <= index < volume.cluster_count:
            return index + 2
    return None


def _formatter(volume: Volume) -> list[Finding]:
    name = volume.facts.formatter.strip()
    system = next((system for oem, system in COMPUTERS.items() if name.startswith(oem.strip())), "")
    if not system or volume.file_system != "fat32":
        return []
    place = Place("", volume.offset_bytes, 512, None, name)
    # Some cameras write Windows' name too (belief: nobody measured which); the others are computers' alone.
    severity: Severity = "low" if system == "Windows" else "medium"
    return [finding("card.formatted", severity, "possible" if severity == "low" else "likely", [place], name=name,
                    system=system)]  # fmt: skip


def _hints(volume: Volume) -> list[Finding]:
    """Find hints that point beyond the last file: something was there when they were written."""
    last = max((e.offset_bytes + e.length_bytes for f in volume.files() for e in f.extents), default=0)
    beyond = (last - volume.heap_offset_bytes) // volume.cluster_bytes + 2  # the cluster after the last live one
    hint = volume.facts.next_free_hint
    found = []
    if hint is not None and last and beyond < hint <= volume.cluster_count + 1:
        places = [Place("", volume.heap_offset_bytes + (hint - 2) * volume.cluster_bytes, None, hint)]
        found.append(finding("card.hint", "high", "possible", places, hint=hint, last=beyond - 1))
    free = int(volume.free[:, 1].sum()) // volume.cluster_bytes
    told = volume.facts.free_clusters_hint
    # A cluster that is cut off counts as free for those who write the hint.
    if told is not None and not free <= told <= free + volume.geometry.lost_clusters:
        found.append(finding("card.count", "medium", "possible", count=abs(told - free), told=told, free=free))
    percent = volume.facts.percent_used_hint
    used = 100 * (volume.cluster_count - free) / volume.cluster_count
    if percent is not None and abs(percent - used) > 2:
        found.append(finding("card.percent", "medium", "possible", count=1, told=percent, used=round(used)))
    return found


def _lost(volume: Volume) -> list[Finding]:
    """Find clusters that are marked as used and belong to no file: an interrupted deletion, which no sweep reaches."""
    places = [Place("", int(offset), int(length)) for offset, length in lost_extents(volume)]
    size = sum(place.length_bytes or 0 for place in places)
    return [finding("card.lost", "high", "certain", places, size=size)] if places else []


def _litter(volume: Volume) -> list[Finding]:
    """Find files that computers leave on a card that was only ever in a camera."""
    paths = [
        file.path
        for file in volume.files()
        if PurePosixPath(file.path).name.lower() in LITTER or PurePosixPath(file.path).name.startswith("._")
    ]
    if not paths:
        return []
    names = listed(PurePosixPath(path).name for path in paths)
    return [finding("card.litter", "medium", "certain", [Place(path) for path in paths], names=names)]


@dataclass(frozen=True, slots=True)
class Recoverable:
    """What a sweep would destroy for good.

    Args:
        count: deleted photographs and films that can still be brought back, whole or in part.
        length_bytes: theirs.
        everything: all free space was looked at; else both numbers are "at least".
    """

    count: int
    length_bytes: int
    everything: bool


QUICK_BUDGET_BYTES = 2 << 30  # half a minute of a fast card: long enough to know, short enough to wait for
STRIPES = 64


def recoverable(card: Card, reader: FreeReader | None = None, *, budget_bytes: int = QUICK_BUDGET_BYTES) -> Recoverable:
    """Count what a sweep of this card would destroy, for the question before it (`tasks`: hide, wipe, keep).

    Args:
        card: open.
        reader: reads its free space; the card's own device where none is given.
        budget_bytes: how much free space is read at most; where there is more, stripes spread over all of it.
    """
    extents = [(int(offset), int(length)) for offset, length in card.free]
    reader = reader or card.device
    space = FreeSpace(reader, extents)
    everything = space.length_bytes <= budget_bytes
    carved: dict[int, int] = {}
    for low, high in _stripes(space.length_bytes, budget_bytes):
        part = FreeSpace(reader, [(run.offset_bytes, run.length_bytes) for run in space.runs(low, high - low)])
        for item in carve(part):
            carved.setdefault(item.offset_bytes, item.found.length_bytes)
    for volume in card.volumes:
        for entry in deleted_entries(volume):
            if entry.extents and entry.state != "gone" and is_shot(entry.path) and not entry.is_directory:
                start = entry.extents[0].offset_bytes
                if start not in carved and not everything and _is_there(space, start):
                    carved[start] = entry.size_bytes
    return Recoverable(len(carved), sum(carved.values()), everything)


def _stripes(total_bytes: int, budget_bytes: int) -> list[tuple[int, int]]:
    if total_bytes <= budget_bytes:
        return [(0, total_bytes)]
    step, length = total_bytes // STRIPES, budget_bytes // STRIPES // 512 * 512
    return [(index * step // 512 * 512, index * step // 512 * 512 + length) for index in range(STRIPES)]


def _is_there(space: FreeSpace, offset_bytes: int) -> bool:
    """Say whether a photograph still begins at a place: an entry outlives what it points to."""
    from fifthfloor.audit.carve import starts_in

    position = space.position_of(offset_bytes)
    return position is not None and bool(starts_in(space.read(position, 512)))
