"""What an entry's size hides: a photograph longer than its entry says, and others in clusters that it only claims.

Systems show as much of a file as its entry says, examiners' programs what lies there. A size that is too short leaves
the rest of a photograph where no system shows it; one that is too long covers free clusters, and what was deleted in
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.audit.carve import carve, follow, starts_in
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.cards.extents import merged, touch
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import VisibleFile, Volume
from fifthfloor.metadata.endings import is_shot

_ENTRY_PIECE_BYTES = 256 << 10


def behind_sizes(card: Card) -> Iterator[Carved]:
    """Yield what the sizes of visible files hide, as slack: no sweep reaches it.

    Args:
        card: open for reading (`cards.reading.read_card`).
    """
    for volume in card.volumes:
        lost = {int(offset): int(length) for offset, length in volume.lost}
        for file in volume.files():
            # Of two files with a cluster in common, one is not what its chain says.
            if not file.is_directory and is_shot(file.path) and not touch(file.extents, volume.shared) and file.extents:
                yield from _cut(card, volume, file, lost)
    yield from _under(card)


def _cut(card: Card, volume: Volume, file: VisibleFile, lost: dict[int, int]) -> Iterator[Carved]:
    """Follow a visible photograph on behind its size, through its own clusters and those of nobody behind them."""
    extents = [(extent.offset_bytes, extent.length_bytes) for extent in file.extents]
    length = sum(length for _, length in extents)
    end = sum(extents[-1])
    if length - file.size_bytes < volume.cluster_bytes and end not in lost:
        return
    own = FreeSpace(card.device, _first(extents, file.size_bytes), piece_bytes=_ENTRY_PIECE_BYTES, kept_pieces=2)
    if not starts_in(own.read(0, SECTOR_BYTES).ljust(SECTOR_BYTES, b"\0")):
        return
    shown = follow(own, 0)
    if shown is None or shown.whole:
        return
    space = FreeSpace(
        card.device, [*extents, *([(end, lost[end])] if end in lost else [])], piece_bytes=_ENTRY_PIECE_BYTES
    )
    found = follow(space, 0)
    if found is not None and found.whole and found.length_bytes > file.size_bytes:
        yield Carved(0, space.runs(0, found.length_bytes), found, "slack")


def _first(extents: list[tuple[int, int]], length_bytes: int) -> list[tuple[int, int]]:
    cut, left = [], length_bytes
    for offset, length in extents:
        if left > 0:
            cut.append((offset, min(left, length)))
        left -= length
    return cut


def _under(card: Card) -> Iterator[Carved]:
    """Carve the clusters that visible names claim and the file system calls free; what the names show is theirs."""
    extents = [(int(offset), int(length)) for offset, length in merged([volume.said_free for volume in card.volumes])]
    shown = {file.extents[0].offset_bytes for file in card.files() if file.extents} if extents else set()
    space = FreeSpace(card.device, extents)
    for item in carve(space) if extents else ():
        if item.offset_bytes not in shown:
            yield Carved(item.start, item.runs, item.found, "slack")
