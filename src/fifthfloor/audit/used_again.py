"""Several deleted names and one place: what lies there is one file, and one name is right.

Clusters that were used again have the name of each file that lay there. A name is judged by itself first (`agreement`);
here all names of a card are judged together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fifthfloor.audit.agreement import EXACT, LIKELY, ZONES, Agreed, Agreement, first_bytes, taken_at
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.tangled import Tangled
from fifthfloor.cards.deleted import DeletedEntry, State
from fifthfloor.cards.extents import merged
from fifthfloor.cards.image import Card
from fifthfloor.cards.unchained import unchained_extents
from fifthfloor.cards.volume import Volume

_JUDGED_PIECE_BYTES = 256 << 10
_ClaimToAPlace = tuple[int, bool, float]


class Judge:
    """The agreement of every volume of a card, over the clusters that no visible file uses.

    Args:
        card: open.
        carved: by offset on the device.
        lengths: as for `Agreement`.
    """

    def __init__(self, card: Card, carved: Mapping[int, Carved], *, lengths: bool = True) -> None:
        self._card = card
        self._carved = carved
        self._lengths = lengths
        self._tangled = {id(volume): Tangled(volume) for volume in card.volumes}
        own = [unchained_extents(volume) for volume in card.volumes]
        extents = [(int(offset), int(length)) for offset, length in merged([card.free, card.lost, *own])]
        # Beginnings lie far apart: small pieces, or as much would be read as for carving.
        self._space = space = FreeSpace(card.device, extents, piece_bytes=_JUDGED_PIECE_BYTES, kept_pieces=64)
        steps = sum(volume.cluster_count for volume in card.volumes)
        self._of = {id(v): Agreement(v, space, carved, steps, card.lacks, lengths=lengths) for v in card.volumes}

    def agreed(self, named: Sequence[tuple[Volume, DeletedEntry]]) -> list[Agreed]:
        """Judge entries of the card's volumes, each as it was given, all of them together.

        Clusters that were used again have several names for one place. What lies there is one file: whose length fits
        it exactly, else (raws of one camera are all of one length) near whose time it was taken, else the one that was
        written last; for every other entry it is gone, and for all where several lengths fit as well. A file in which
        another one begins, and is there to its end, has lost those clusters.
        """
        judged = [self._untangled(volume, self._of[id(volume)].on(entry)) for volume, entry in named]
        return self._with_checksums(named, _used_again(self._one_a_place(judged)))

    def _untangled(self, volume: Volume, agreed: Agreed) -> Agreed:
        """Believe a name whose clusters a visible file's chain wrongly runs into, where its contents are all there.

        Of a visible file that lost its chain the others' may run there without sharing anything.
        """
        entry = agreed.entry
        if agreed.state == "whole" or not self._lengths or entry.is_directory or not entry.extents:
            return agreed
        run = first_bytes(entry.extents, entry.size_bytes)
        tangled = self._tangled[id(volume)]
        whole = (entry.visible or tangled.touches(run)) and tangled.stand_alone(run, entry.size_bytes)
        return Agreed(entry, "whole", run, EXACT) if whole else agreed

    def _one_a_place(self, judged: list[Agreed]) -> list[Agreed]:
        together: dict[int, list[Agreed]] = {}
        for agreed in judged:
            if agreed.extents:
                together.setdefault(agreed.extents[0].offset_bytes, []).append(agreed)
        wrong = {
            id(one) for start, several in together.items() if len(several) > 1 for one in self._wrong(start, several)
        }
        return [Agreed(one.entry, "gone", ()) if id(one) in wrong else one for one in judged]

    def _wrong(self, start: int, several: Sequence[Agreed]) -> list[Agreed]:
        """Return those of several claims to one place that are not its file's."""
        position = self._space.position_of(start)
        taken = taken_at(self._space, position) if position is not None else None

        def claim(agreed: Agreed) -> _ClaimToAPlace:
            """A file that was renamed has two of the same."""
            moment = agreed.entry.modified
            near = taken is not None and moment is not None and abs(moment.replace(tzinfo=None) - taken) <= ZONES
            grade = agreed.grade if agreed.grade == EXACT else LIKELY
            return grade, near, moment.timestamp() if moment is not None else 0.0

        best = max(claim(agreed) for agreed in several)
        lengths = {agreed.entry.size_bytes for agreed in several if claim(agreed) == best}
        return [agreed for agreed in several if claim(agreed) != best or len(lengths) > 1]

    def _with_checksums(self, named: Sequence[tuple[Volume, DeletedEntry]], judged: list[Agreed]) -> list[Agreed]:
        """Give names that lost their place to what was carved, where the checksum of their set is a file's alone."""
        starts = {agreed.extents[0].offset_bytes for agreed in judged if agreed.extents}
        nameless = [one for one in self._carved.values() if one.found.whole and one.offset_bytes not in starts]
        found = {
            index: placed
            for index, (volume, entry) in enumerate(named)
            if entry.without_stream is not None
            and (placed := self._of[id(volume)].by_checksum(entry, nameless)) is not None
        }
        claims = Counter(placed.extents[0].offset_bytes for placed in found.values())
        sure = {index: placed for index, placed in found.items() if claims[placed.extents[0].offset_bytes] == 1}
        return [sure.get(index, agreed) for index, agreed in enumerate(judged)]

    def starts(self, volume: Volume, entry: DeletedEntry) -> Iterator[int]:
        """As `Agreement.starts`."""
        return self._of[id(volume)].starts(entry)

    def entries(self, judged: Sequence[Agreed]) -> list[DeletedEntry]:
        """Return the entries, as `agreed` judged them, with their states and places as their contents say."""
        return [
            agreed.entry
            if agreed.entry.is_directory or not agreed.entry.size_bytes
            else replace(agreed.entry, state=self._state(agreed), extents=agreed.extents or agreed.entry.extents)
            for agreed in judged
        ]

    def _state(self, agreed: Agreed) -> State:
        return "part" if agreed.state == "whole" and self._card.lacks(agreed.extents) else agreed.state


def _used_again(judged: list[Agreed]) -> list[Agreed]:
    """Call "part" whatever has another file in it that begins behind its beginning and fits its entry exactly.

    What was written over would not begin there: whatever the dates say, it is the newer one.
    """
    exact = sorted(one.extents[0].offset_bytes for one in judged if one.extents and one.grade == EXACT)

    def holds_another(agreed: Agreed) -> bool:
        own = agreed.extents[0].offset_bytes
        for extent in agreed.extents:
            at = bisect_left(exact, extent.offset_bytes)
            end = extent.offset_bytes + extent.length_bytes
            while at < len(exact) and exact[at] == own:
                at += 1
            if at < len(exact) and exact[at] < end:
                return True
        return False

    return [
        replace(one, state="part") if one.extents and one.state == "whole" and holds_another(one) else one
        for one in judged
    ]
