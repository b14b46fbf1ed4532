"""Deleted names whose photograph lies in pieces: `audit` says of them what `recover` will say.

What `audit` carves it follows by structure alone. Where that contradicts a name although a JPEG begins at the name's
place, the picture may lie in pieces, and only decoding tells: so a few of them are decoded, as `recover` decodes all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fifthfloor.audit.agreement import EXACT, Agreed
from fifthfloor.audit.carved import JPEG_FORMS, Carved
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.rejoin import Rejoiner
from fifthfloor.audit.used_again import Judge
from fifthfloor.cards.deleted import DeletedEntry
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import Volume

MOST_DECODED = 40  # of a card; each may cost a tenth of a second and more
_MOST_TRIED = 40_000  # clusters in all, a tenth of what `recover` tries


def named_in_pieces(
    card: Card,
    carved: tuple[Carved, ...],
    judge: Judge,
    named: Sequence[tuple[Volume, DeletedEntry]],
    agreed: Sequence[Agreed],
) -> tuple[Carved, ...]:
    """Put together what belongs to a deleted name that does not fit what was carved at its place.

    Args:
        card: open.
        carved: what was found.
        judge: has judged the names.
        named: the names.
        agreed: how, in the same order.

    Returns:
        What was found, in its order. What could not be put together, or was one too many, is not whole: the name may
        come back in part at least.
    """
    exact = {one.extents[0].offset_bytes for one in agreed if one.extents and one.grade == EXACT}
    jpegs = {
        item.offset_bytes: item
        for item in carved
        if item.where == "free" and item.found.form in JPEG_FORMS and item.offset_bytes not in exact
    }
    wanted = dict.fromkeys(
        offset
        for state in ("gone", "part")
        for (volume, entry), one in zip(named, agreed, strict=True)
        if one.state == state and jpegs
        for offset in judge.starts(volume, entry)
        if offset in jpegs
    )
    if not wanted:
        return carved
    space = FreeSpace(card.device, [(int(offset), int(length)) for offset, length in card.free])
    unit = min(volume.cluster_bytes for volume in card.volumes)
    rejoiner = Rejoiner(space, unit, most_steps=_MOST_TRIED)
    for item in carved:
        if item.where == "free" and item.found.whole and item.offset_bytes not in wanted:
            rejoiner.claim(item)
    broken, judged = list[int](), dict[int, Carved]()
    for number, offset in enumerate(wanted):
        item = jpegs[offset]
        if number >= MOST_DECODED or not item.found.whole or not rejoiner.claim_if_sound(item):
            judged[offset] = replace(item, found=replace(item.found, whole=False))
            broken += [offset] if number < MOST_DECODED else []
    for offset in broken:
        judged[offset] = rejoiner.rejoin(jpegs[offset]) or judged[offset]
    return tuple(judged.get(item.offset_bytes, item) for item in carved)
