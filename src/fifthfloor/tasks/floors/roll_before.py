"""What is known before photographs are written, as one document."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from fifthfloor.tasks.floors.roll_covers import Roll
from fifthfloor.tasks.floors.roll_hide import RollIntent, most_bytes
from fifthfloor.tasks.floors.roll_sources import SMALL_BYTES, Shrunk


def room_of(roll: Roll, lose_photographs: float) -> dict[str, Any]:
    """Return what one folder can hold, how many photographs like its own that is, and why some are not used."""
    room = most_bytes(roll, lose_photographs)
    sizes = sorted(one.facts.st_size for one in roll.photographs if one.offer.most)
    whole = sum(size <= room for size in accumulate(sizes))
    return {
        "folder": str(roll.folder),
        "name": roll.folder.name or str(roll.folder),
        "photographs": len(roll.photographs),
        "covers": sum(bool(one.offer.most) for one in roll.photographs),
        "most_bytes": room,
        "most_whole": whole,
        "whole_bytes": sum(sizes[: max(1, whole)]) // max(1, whole),
        "most_small": room // SMALL_BYTES,
        "small_bytes": SMALL_BYTES,
        "refused": roll.refused,
    }


def as_document(intent: RollIntent, shrunk: Shrunk | None) -> dict[str, Any]:
    """Return it for `words.lines.rolls`, and for --dry-run --json (docs/guide/json.md)."""
    rolls = [
        room_of(roll, intent.lose_photographs) | {"written": sum(map(bool, counts)), "slots": sum(counts)}
        for roll, counts in zip(intent.rolls, intent.plan.slots, strict=True)
    ]
    made = shrunk and {
        "pictures": shrunk.pictures,
        "of_pictures": shrunk.of_pictures,
        "before_bytes": shrunk.before_bytes,
        "after_bytes": shrunk.after_bytes,
    }
    return {
        "rolls": rolls,
        "files": intent.sources.files,
        "bytes": intent.sources.size_bytes,
        "threshold": intent.plan.threshold,
        "lose_photographs_percent": round(100 * intent.lose_photographs, 6),
        "shrunk": made,
    }
