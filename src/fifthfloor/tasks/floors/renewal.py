"""Lost shards of kept floors are made anew, under the numbers that were lost (spec/card-carrier.md, section 3.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.collection import Collection
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.noise import shuffled
from fifthfloor.floor.roll_floor import card_symbols
from fifthfloor.floor.shards import encode, solve
from fifthfloor.floor.slot import FINE_SYMBOL_BYTES
from fifthfloor.floor.veil import Veil
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.census import Census

# Of each floor, whatever else is kept: 130 MB. They wait in memory from before the first write, because the groups they
# are made of cannot be read any more while their slots move; the next run makes the next ones.
MOST_RENEWED = 8_000

Renewed = tuple[int, SlotHeader, bytes]
"""The card a shard goes to, its header, its symbol."""


def renew(collection: Collection, census: Census) -> tuple[list[Renewed], int]:
    """Make lost shards anew, the poorest groups first.

    Returns:
        the shards, at most `MOST_RENEWED`, and how many were lost.
    """
    groups = range(len(census.source))
    lost = [census.lost(group) for group in groups]
    missing = np.array([len(one) for one in lost], np.int64)
    allowed = share_budget(census.spare, missing, MOST_RENEWED)
    made: list[Renewed] = []
    collection.begin(compare=True)  # no hash is compared here: a wrong shard that is not noticed would spread to all
    for group in groups:
        count = int(allowed[group])
        whole = collection.group(census.facts, census.unlocked, group) if count else None
        if whole is None:
            continue
        chosen = shuffled(np.arange(len(lost[group]), dtype=np.int64), secret.RANDOM)[:count].tolist()
        wanted = [lost[group][index] for index in chosen]
        symbols = _symbols(census, group, whole, [number for _, number in wanted])
        for (card, number), symbol in zip(wanted, symbols, strict=True):
            made.append((card, census.header(card, group, number), symbol))
    return made, int(missing.sum())


def _symbols(census: Census, group: int, whole: memoryview, numbers: Sequence[int]) -> list[bytes]:
    """Make what slots of these numbers hold, veiled where the floor is."""
    veil = Veil(census.unlocked.content_key) if census.facts.veiled else None
    if census.facts.fine:
        solved = solve(whole, FINE_SYMBOL_BYTES)
        return [card_symbols(solved, veil, group, number).tobytes() for number in numbers]
    made = encode(whole, numbers)
    if veil:
        veil.over_rows(group, numbers, made)
    return [symbol.tobytes() for symbol in made]


def share_budget(spare: NDArray[np.int64], missing: NDArray[np.int64], budget: int) -> NDArray[np.int64]:
    """Say how many shards of each group are made anew: the poorest are raised to one level, as high as it goes.

    Args:
        spare: of each group now, beyond what it needs.
        missing: of each group, at most so many.
        budget: of all groups together.
    """
    if int(missing.sum()) <= budget:
        return missing
    low, high = int(spare.min()), int((spare + missing).max())
    while low < high:
        level = (low + high + 1) // 2
        if int(np.clip(level - spare, 0, missing).sum()) <= budget:
            low = level
        else:
            high = level - 1
    given = np.clip(low - spare, 0, missing)
    # What is left over raises some groups by one more.
    further = np.flatnonzero((given < missing) & (spare + given == low))[: budget - int(given.sum())]
    given[further] += 1
    return given
