"""Deleted names and the photographs at their places, decoded: `audit` says of them what `recover` will say.

What `audit` carves it follows by structure alone. Where that contradicts a name although a JPEG begins at the name's
place, the picture may lie in pieces; where it agrees, a sweep or another photograph may have been over its middle.
Only decoding tells: so some of them are decoded, as `recover` decodes all, and the others are counted.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from fifthfloor.audit.agreement import Agreed
from fifthfloor.audit.carved import JPEG_FORMS, Carved
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.inner_lengths import INNER_FORMS, checked
from fifthfloor.audit.rejoin import Rejoiner
from fifthfloor.audit.used_again import Judge
from fifthfloor.cards.deleted import DeletedEntry
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import Volume

MOST_DECODED = 40  # of a card, of those that their names contradict; each may cost a tenth of a second and more
MOST_FOLLOWED_BYTES = 128 << 20  # of those that agree with their names: three seconds of CPU
_MOST_TRIED = 40_000  # clusters in all, a tenth of what `recover` tries


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was carved, after some of it was decoded.

    Args:
        carved: in its order. What could not be put together, or was one too many, is not whole: its name may come
            back in part at least.
        undecoded: photographs and films in free space that are called whole by their outer structure alone.
    """

    carved: tuple[Carved, ...]
    undecoded: int


def decoded_by_name(
    card: Card,
    carved: tuple[Carved, ...],
    judge: Judge,
    named: Sequence[tuple[Volume, DeletedEntry]],
    agreed: Sequence[Agreed],
) -> Decoded:
    """Decode what deleted names stand for, and put together what does not fit the name at its place.

    Args:
        card: open.
        carved: what was found.
        judge: has judged the names.
        named: the names.
        agreed: how, in the same order.
    """
    carved, unchecked = _checked(card, carved, _places(agreed))
    jpegs = {item.offset_bytes: item for item in carved if item.where == "free" and item.found.form in JPEG_FORMS}
    fitting = [jpegs[at] for at in _places(agreed) if at in jpegs and jpegs[at].found.whole]
    taken = {item.offset_bytes for item in fitting}
    contradicted = dict.fromkeys(
        offset
        for state in ("gone", "part")
        for (volume, entry), one in zip(named, agreed, strict=True)
        if one.state == state and jpegs
        for offset in judge.starts(volume, entry)
        if offset in jpegs and offset not in taken
    )
    whole = sum(item.found.whole for item in jpegs.values())
    if not fitting and not contradicted:
        return Decoded(carved, whole + unchecked)
    space = FreeSpace(card.device, [(int(offset), int(length)) for offset, length in card.free])
    unit = min(volume.cluster_bytes for volume in card.volumes)
    rejoiner = Rejoiner(space, unit, most_steps=_MOST_TRIED)
    for item in carved:
        if item.where == "free" and item.found.whole and item.offset_bytes not in taken | contradicted.keys():
            rejoiner.claim(item)
    judged, sound = _followed(rejoiner, fitting)
    broken = list(judged)
    for number, offset in enumerate(contradicted):
        item = jpegs[offset]
        told = rejoiner.is_sound(item) if item.found.whole and number < MOST_DECODED else False
        sound += told is True
        if told is False:
            judged[offset] = replace(item, found=replace(item.found, whole=False))
            broken += [offset] if number < MOST_DECODED else []
    for offset in broken:
        judged[offset] = rejoiner.rejoin(jpegs[offset]) or judged[offset]
    lost = sum(jpegs[offset].found.whole for offset in judged)
    return Decoded(tuple(judged.get(item.offset_bytes, item) for item in carved), whole - sound - lost + unchecked)


def _checked(card: Card, carved: tuple[Carved, ...], named: Container[int]) -> tuple[tuple[Carved, ...], int]:
    """Look for sums and lengths inside of films and pictures that do not agree, with names first; count the others."""
    judged, unchecked, left = dict[int, Carved](), 0, MOST_FOLLOWED_BYTES
    inner = [item for item in carved if item.found.whole and item.found.form in INNER_FORMS]
    for item in sorted(inner, key=lambda one: one.offset_bytes not in named):
        left -= item.found.length_bytes
        unchecked += left < 0
        if left >= 0:
            judged[item.offset_bytes] = checked(card.device, item)
    return tuple(judged.get(item.offset_bytes, item) for item in carved), unchecked


def _places(agreed: Iterable[Agreed]) -> dict[int, None]:
    """Return where whole contents of names begin, each once."""
    return dict.fromkeys(one.extents[0].offset_bytes for one in agreed if one.extents and one.state == "whole")


def _followed(rejoiner: Rejoiner, fitting: Sequence[Carved]) -> tuple[dict[int, Carved], int]:
    """Decode photographs that agree with their names, the first of them; return the others' places, and how many are
    sound."""
    broken, sound, left = dict[int, Carved](), 0, MOST_FOLLOWED_BYTES
    for item in fitting:
        left -= item.found.length_bytes
        told = rejoiner.is_sound(item) if left >= 0 else None
        sound += told is True
        if told is False:
            broken[item.offset_bytes] = replace(item, found=replace(item.found, whole=False))
        elif told is None:
            rejoiner.claim(item)
    return broken, sound
