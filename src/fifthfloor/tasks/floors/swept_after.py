"""Shooting cards that are swept once frames were removed from them: what that takes and ends, before it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fifthfloor.audit.card import Recoverable
from fifthfloor.cards.opening import short_name
from fifthfloor.errors import BadInput
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks.floors.frames import Taken
from fifthfloor.tasks.floors.look import look_at, look_bytes
from fifthfloor.tasks.floors.sweep import opened_cards
from fifthfloor.tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class SweptAfter:
    """A shooting card that is swept after frames were removed from it.

    Args:
        path: of the card.
        free_bytes: that are swept; the clusters of the removed frames are among them.
        read_rate: bytes a second, measured just now.
    """

    path: Path
    free_bytes: int
    read_rate: float


def measured(taken: Taken, serial: str | None, progress: Progress) -> SweptAfter:
    """Measure a card that will be swept after its frames have gone. Raises as `opened_cards`."""
    with opened_cards([taken.path], serial, progress) as (opened,):
        freed = sum(length for _, length in taken.places)
        return SweptAfter(taken.path, opened.layout.free_bytes + freed, opened.read_rate)


def look_before(
    cards: Sequence[SweptAfter], keys: Sequence[FloorKeys], serial: str | None, progress: Progress, *, discard: bool
) -> list[dict[str, Any]]:
    """Say of each card what its sweep will end, for the screen and for --dry-run --json (docs/guide/json.md).

    Args:
        cards: to be looked at; nothing is written.
        keys: of the floor that will be hidden; none where it is sealed.
        serial: of `--device`.
        progress: shown for each.
        discard: whether what these keys hid there before may go.

    Raises:
        BadInput: something of theirs is there: nothing keeps it through this sweep.
    """
    seen = []
    for one in cards:
        with opened_cards([one.path], serial) as (opened,), progress("work.look", look_bytes(opened)) as advance:
            looked = look_at(opened, keys, advance)
        if looked.met and not discard:
            raise BadInput("remove.hidden_there", card=short_name(one.path))
        seen.append(_document(one, looked.stake))
    return seen


def _document(card: SweptAfter, stake: Recoverable | None) -> dict[str, Any]:
    return {
        "card": short_name(card.path),
        "free_bytes": card.free_bytes,
        "deleted_photographs": None if stake is None else stake.count,
        "deleted_bytes": 0 if stake is None else stake.length_bytes,
        "deleted_photographs_exact": stake is not None and stake.everything,
    }
