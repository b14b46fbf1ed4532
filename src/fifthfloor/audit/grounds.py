"""Where a searcher looks besides free space: lost clusters, slack, and what belongs to no heap.

Slack is what lies between the end of a file, or of a directory, and the end of its last cluster: an earlier roll in
smaller clusters may have left a whole picture there. Nothing of it is free, so no sweep reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fifthfloor.audit.carve import carve, follow, starts_in
from fifthfloor.audit.carved import Carved, Where
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import VisibleFile

SECTOR_BYTES = 512
_PIECE_BYTES = 1 << 20


def elsewhere(card: Card, progress: Callable[[int], None] = lambda _done: None) -> list[Carved]:
    """Carve everything that is neither free nor a visible file's contents.

    Args:
        card: open for reading (`cards.reading.read_card`).
        progress: called with the bytes just passed.
    """
    found = _carved_in(card, [(int(o), int(n)) for o, n in card.lost], "lost", progress)
    found += _carved_in(card, [(int(o), int(n)) for o, n in card.outside], "outside", progress)
    return [*found, *_carved_in_slack(card)]


def _carved_in(
    card: Card, extents: list[tuple[int, int]], where: Where, progress: Callable[[int], None]
) -> list[Carved]:
    space = FreeSpace(card.device, extents)
    return [Carved(item.start, item.runs, item.found, where) for item in carve(space, progress)]


def slack_of(file: VisibleFile) -> list[Extent]:
    """The whole sectors of a file's clusters behind what was written of it; of a directory all of them.

    A sector of a directory that begins like a picture is no entry.
    """
    used = file.size_bytes if file.written_bytes is None else min(file.size_bytes, file.written_bytes)
    skip = 0 if file.is_directory else -(-used // SECTOR_BYTES) * SECTOR_BYTES
    found = []
    for extent in file.extents:
        inside = min(skip, extent.length_bytes)
        skip -= inside
        if inside < extent.length_bytes:
            found.append(Extent(extent.offset_bytes + inside, extent.length_bytes - inside))
    return found


def _carved_in_slack(card: Card) -> Iterator[Carved]:
    """Carve each stretch of slack by itself: what begins in one does not go on in the next."""
    stretches = [extent for volume in card.volumes for extent in volume.root_extents]
    stretches += [extent for file in card.files() for extent in slack_of(file)]
    for stretch in sorted(stretches, key=lambda extent: extent.offset_bytes):
        resume = 0
        for start in range(0, stretch.length_bytes, _PIECE_BYTES):
            length = min(_PIECE_BYTES, stretch.length_bytes - start)
            for inside in starts_in(card.device.read(stretch.offset_bytes + start, length)):
                at = start + inside
                if at < resume:
                    continue
                space = FreeSpace(card.device, [(stretch.offset_bytes + at, stretch.length_bytes - at)])
                found = follow(space, 0)
                if found is not None and found.length_bytes > 0:
                    resume = at + found.length_bytes
                    yield Carved(0, space.runs(0, found.length_bytes), found, "slack")
