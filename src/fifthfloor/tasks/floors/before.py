"""Everything that is known before a sweep and said before its question, as one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from fifthfloor.cards.opening import short_name
from fifthfloor.cards.volume import Volume
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor.metadata.endings import is_picture
from fifthfloor.tasks.floors.earlier import Earlier
from fifthfloor.tasks.floors.frame_names import named
from fifthfloor.tasks.floors.frames import Taken
from fifthfloor.tasks.floors.hide import Intent
from fifthfloor.tasks.floors.listing import Listed
from fifthfloor.tasks.floors.look import Looked
from fifthfloor.tasks.floors.remove import lost_bytes
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.visible_roll import gaps_of

Others = Literal["", "ask", "given"]


@dataclass(frozen=True, slots=True)
class Before:
    """What will happen.

    Args:
        cards: that will be swept.
        looked: what was seen on each.
        seconds: at least and at most, for all that follows the question.
        intent: what will be hidden; None for a wipe.
        kept: floors of the same passphrase that are carried over.
        kept_others: those of other passphrases that were given with --keep.
        discarded: floors of the same passphrase that are not.
        removed: frames that will be removed, for each shooting card.
        removed_files: originals that the system will delete.
        others: whether floors of other passphrases are lost: "ask" where none was given with --keep.
    """

    cards: Sequence[OpenedCard]
    looked: Sequence[Looked]
    seconds: tuple[float, float]
    intent: Intent | None = None
    kept: Sequence[Listed] = ()
    kept_others: Sequence[Listed] = ()
    discarded: Sequence[Listed] = ()
    removed: Sequence[Taken] = ()
    removed_files: int = 0
    others: Others = ""
    extra: dict[str, Any] = field(default_factory=dict)


def as_document(before: Before) -> dict[str, Any]:
    """Return it for `words.lines.before`, and for --dry-run --json (docs/guide/json.md)."""
    stakes = [one.stake for one in before.looked]
    known = [stake for stake in stakes if stake is not None]
    document: dict[str, Any] = {
        "cards": [_card(opened) for opened in before.cards],
        "deleted_photographs": sum(stake.count for stake in known) if len(known) == len(stakes) else None,
        "deleted_bytes": sum(stake.length_bytes for stake in known),
        "deleted_photographs_exact": all(stake.everything for stake in known),
        "seconds": [round(second, 1) for second in before.seconds],
        **before.extra,
    }
    if before.intent is None:
        return document
    sources, plan = before.intent.sources, before.intent.plan
    for card, slots in zip(document["cards"], plan.slots, strict=True):
        card["written_bytes"] = slots * SLOT_BYTES
    return document | {
        "files": sources.files,
        "photographs": photographs([entry.name for entry in sources.entries if not entry.is_directory]),
        "bytes": sources.size_bytes,
        "threshold": plan.threshold,
        "sealed_to": list(before.intent.sealed_to),
        "overwrite_percent": 100 * before.intent.overwrite,
        "kept": [kept_document(one) for one in before.kept],
        "kept_others": [kept_document(one) for one in before.kept_others],
        "discarded": [kept_document(one) for one in before.discarded],
        "removed": [removed_document(one) for one in before.removed if one.frames],
        "removed_files": before.removed_files,
        "swept_after": [],
        "others": before.others,
    }


def sweep_document(
    cards: Sequence[OpenedCard],
    there: Earlier,
    intent: Intent,
    seconds: tuple[float, float],
    taken: Sequence[Taken] = (),
    *,
    remove: bool = False,
    removed_files: int = 0,
) -> dict[str, Any]:
    """Return `as_document` of a sweep that hides.

    Args:
        cards: opened.
        there: what becomes of what is there.
        intent: what is hidden.
        seconds: at least and at most.
        taken: the frames it is, where it comes from shooting cards.
        remove: whether they go from those afterwards.
        removed_files: originals that the system deletes afterwards, where it comes from files.
    """
    extra: dict[str, Any] = {"labelled": there.labelled}
    if taken:
        extra["frames"] = sum(len(one.frames) for one in taken)
    before = Before(
        cards,
        there.looked,
        seconds,
        intent,
        there.kept,
        there.kept_others,
        there.discarded,
        taken if remove else (),
        removed_files,
        others="given" if there.asked else "ask",
        extra=extra,
    )
    return as_document(before)


def tail_bytes(volumes: Sequence[Volume]) -> int:
    """Count the bytes behind the ends of visible files in their own clusters, which no sweep writes (decision 0151)."""
    return sum(
        sum(extent.length_bytes for extent in file.extents) - file.size_bytes
        for volume in volumes
        for file in volume.files()
        if not file.is_directory
    )


def photographs(names: Sequence[str]) -> int:
    """Count the names that are those of photographs."""
    return sum(map(is_picture, names))


def _card(opened: OpenedCard) -> dict[str, Any]:
    who = opened.card.identity
    return {
        "card": str(opened.path),
        "name": short_name(opened.path),
        "label": who.label,
        "bytes": who.size_bytes,
        "free_bytes": opened.layout.free_bytes,
        "tail_bytes": tail_bytes(opened.card.volumes),
        "lost_bytes": lost_bytes(opened.card),
        "cut_clusters": sum(volume.geometry.lost_clusters for volume in opened.card.volumes),
        "photographs": who.photographs,
        "other_files": who.files - who.photographs,
    }


def kept_document(one: Listed) -> dict[str, Any]:
    """Return one floor by name, for a person and for --json."""
    listing = one.listing
    return {
        "id": one.short_id,
        "hidden": listing.hidden if listing else None,
        "files": len(listing.files) if listing else None,
        "bytes": listing.size_bytes if listing else None,
    }


def removed_document(taken: Taken) -> dict[str, Any]:
    """Return what will be removed from a card, and what a minder will then count."""
    ranges = named(taken.frames, taken.left)
    return {
        "card": short_name(taken.path),
        "frames": len(taken.frames),
        "names": ", ".join(ranges),
        "ranges": ranges,
        "left": len(taken.left),
        "gaps": gaps_of(taken.left),
    }
