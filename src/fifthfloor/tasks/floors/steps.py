"""The steps of a job, as its bar expects them, and the pace they are begun with."""

from __future__ import annotations

from collections.abc import Sequence

from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.look import bytes_looked_at, look_bytes
from fifthfloor.tasks.floors.pace import Pace, Step, cpu_rate
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.swept_after import SweptAfter

# A process of its own is begun, or 256 MiB of memory gone through: seconds, whatever the cards do.
_START_SECONDS = (0.2, 4.0)


def pace_of(cards: Sequence[OpenedCard], after: Sequence[SweptAfter] = ()) -> Pace:
    """Return what is known before anything was done: how fast each card was read just now.

    Args:
        cards: that are written first.
        after: shooting cards that are swept at the end; they are counted behind the others.
    """
    rates = [*(card.read_rate for card in cards), *(card.read_rate for card in after)]
    return Pace([max(1.0, rate) for rate in rates], cpu_rate(secret.RANDOM))


def look_steps(cards: Sequence[OpenedCard], *, keys: bool = False, after: Sequence[SweptAfter] = ()) -> list[Step]:
    """What comes before the question.

    Args:
        cards: that are looked at.
        keys: whether a passphrase is worked on first.
        after: as for `pace_of`.
    """
    before = [Step("work.keys", "think", seconds=(0.3, 8.0))] if keys else []
    looked_at = [*map(look_bytes, cards), *(bytes_looked_at(card.free_bytes) for card in after)]
    return before + [Step("work.look", "read", length, number) for number, length in enumerate(looked_at)]


def sweep_steps(cards: Sequence[OpenedCard], source_bytes: int) -> list[Step]:
    """Reading what is hidden, and for each card its writing and its reading back.

    Args:
        cards: that are swept.
        source_bytes: of what is hidden; 0 for a wipe.
    """
    return steps_of([opened.layout.free_bytes for opened in cards], source_bytes)


def steps_of(written: Sequence[int], source_bytes: int) -> list[Step]:
    """Do `sweep_steps` with how many bytes are written to each card."""
    steps = [Step("work.sources", "think", source_bytes, seconds=_START_SECONDS)] if source_bytes else []
    return steps + _written(written)


def sweep_after_steps(cards: Sequence[OpenedCard], after: Sequence[SweptAfter]) -> list[Step]:
    """Return the sweep of shooting cards, after frames were removed from them; arguments as `pace_of`."""
    return _written([card.free_bytes for card in after], len(cards))


def _written(lengths: Sequence[int], first: int = 0) -> list[Step]:
    steps = []
    for number, length in enumerate(lengths, first):
        steps += [Step("work.write", "write", length, number), Step("work.check", "read", length, number)]
    return steps


def prove_steps(cards: Sequence[OpenedCard]) -> list[Step]:
    """Opening every shard of a sealed floor again, while its key is there; arguments as `remove_steps`."""
    return [Step("work.prove", "read", sum(opened.card.device.size_bytes for opened in cards), seconds=_START_SECONDS)]


def remove_steps(cards: Sequence[OpenedCard], removed_bytes: int) -> list[Step]:
    """Opening it all again in a process of its own, and removing the originals.

    Args:
        cards: that hold the floor; all of each is read.
        removed_bytes: of the originals.
    """
    return [
        *prove_steps(cards),
        Step("work.remove", "think", removed_bytes, seconds=(0.0, 5.0)),
    ]
