"""What is known before photographs are written, as one document."""

from __future__ import annotations

from typing import Any

from fifthfloor.tasks.floors.roll_hide import RollIntent, most_bytes
from fifthfloor.tasks.floors.roll_sources import Shrunk


def as_document(intent: RollIntent, shrunk: Shrunk | None) -> dict[str, Any]:
    """Return it for `words.lines.rolls`, and for --dry-run --json (docs/guide/json.md)."""
    rolls = [
        {
            "folder": str(roll.folder),
            "name": roll.folder.name or str(roll.folder),
            "photographs": len(roll.photographs),
            "covers": sum(bool(one.offer.most) for one in roll.photographs),
            "written": sum(bool(count) for count in counts),
            "slots": sum(counts),
            "most_bytes": most_bytes(roll, intent.lose_photographs),
            "refused": roll.refused,
        }
        for roll, counts in zip(intent.rolls, intent.plan.slots, strict=True)
    ]
    made = shrunk and {
        "pictures": shrunk.pictures,
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
