"""Names that claim the same clusters: whose they are, the contents say.

One wrong entry of a table leads a file's chain into another's clusters, and its own lie behind its first ones, lost. A
camera writes in one run where it can: a photograph that comes to its end along its chain, or along the run from its
first cluster on, and not along the other, lies there.
"""

from __future__ import annotations

from fifthfloor.audit.agreement import first_bytes
from fifthfloor.audit.carve import follow
from fifthfloor.audit.carved import JPEG_FORMS, Carved
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeReader, FreeSpace
from fifthfloor.audit.inner_lengths import holds_together
from fifthfloor.audit.rejoin import Rejoiner
from fifthfloor.cards.extents import Extent, outside_of, touch
from fifthfloor.cards.volume import VisibleFile, Volume

_MOST_TANGLED = 400  # ways followed; a damaged card has a few
_TANGLED_PIECE_BYTES = 1 << 20


class Tangled:
    """The clusters of one volume that are claimed twice.

    Args:
        volume: read leniently.
    """

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._shared, self._said_free = volume.shared, volume.said_free
        self._left = _MOST_TANGLED

    def __bool__(self) -> bool:
        return bool(self._shared.size or self._said_free.size)

    def touches(self, extents: tuple[Extent, ...]) -> bool:
        """Whether two names claim some of these, or some, and not all (the map is wrong), are said to be free."""
        if touch(extents, self._shared):
            return True
        return touch(extents, self._said_free) and any(outside_of(extent, self._said_free) for extent in extents)

    def own_of(self, file: VisibleFile, size_bytes: int) -> tuple[Extent, ...]:
        """Return where the contents of a visible file are for sure, empty where that is not told.

        Args:
            file: one whose chain `touches`.
            size_bytes: of its contents.
        """
        ways = {first_bytes(file.extents, size_bytes), self._straight(file.extents[0].offset_bytes, size_bytes)}
        good = [way for way in ways if way and self.stand_alone(way, size_bytes)]
        return good[0] if len(good) == 1 else ()

    def contradicts(self, extents: tuple[Extent, ...]) -> bool:
        """Whether a photograph or film in several pieces says itself that not all of them are its own.

        A chain that one wrong entry leads into clusters which nothing else claims any more looks like any other.
        """
        self._left -= len(extents) > 1
        return len(extents) > 1 and self._left >= 0 and _judged(self._volume.device, extents)[1] is False

    def stand_alone(self, extents: tuple[Extent, ...], size_bytes: int) -> bool:
        """Whether a photograph or film is there from its first byte to its last, as far as it can be told."""
        self._left -= 1
        return self._left >= 0 and _judged(self._volume.device, extents) == (size_bytes, True)

    def _straight(self, offset_bytes: int, size_bytes: int) -> tuple[Extent, ...]:
        """The run of clusters from a place on; empty where it leaves the volume."""
        end = self._volume.heap_offset_bytes + self._volume.cluster_count * self._volume.cluster_bytes
        return (Extent(offset_bytes, size_bytes),) if size_bytes and offset_bytes + size_bytes <= end else ()


def _judged(reader: FreeReader, extents: tuple[Extent, ...]) -> tuple[int, bool | None]:
    """Follow what begins at a place: its length, and whether decoding, sums or inner lengths lead to its end.

    None where nothing of this kind tells.
    """
    runs = ((extent.offset_bytes, extent.length_bytes) for extent in extents)
    space = FreeSpace(reader, runs, piece_bytes=_TANGLED_PIECE_BYTES, kept_pieces=4)
    found = follow(space, 0)
    if found is None:
        return 0, None
    if found.form in JPEG_FORMS:
        sound = Rejoiner(space, SECTOR_BYTES).is_sound(Carved(0, extents, found)) if found.whole else False
    else:
        sound = holds_together(space, 0, found)
        sound = False if sound and not found.whole else sound
    return found.length_bytes, sound
