"""`health`: does a floor still come back, and how much more can it lose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.quick_runs import run_of_each, stand_in_runs
from fifthfloor.floor.header import MAX_NUMBER
from fifthfloor.floor.odds import PROMISED_ODDS, group_failure, survivors
from fifthfloor.floor.runs import RUN_SLOTS, damage_borne
from fifthfloor.floor.slot import FINE_IN_SLOT, SLOT_BYTES
from fifthfloor.tasks.floors.census import SPARE_SYMBOLS, brings_back
from fifthfloor.tasks.floors.here import Here, Opener, floors_here, raise_nothing
from fifthfloor.tasks.floors.open import would_open
from fifthfloor.tasks.progress import Progress

_MANY_PLACES = 1 << 26  # a terabyte of places: losses then are independent, which is the worse case

_RESERVE = 6  # symbols beyond K, which the code may ask for (`floor.roll_plan` keeps as many)


@dataclass(frozen=True, slots=True)
class Health:
    """How one floor stands.

    Args:
        short_id: eight hexadecimal digits of the floor id.
        size_bytes: of its archive; None while it is not known.
        carriers_here: of its carriers.
        threshold, carriers: how many are needed, and how many there were; None while those that are here are too few to
            open it. They then tell neither, nor its size (version 1 tells all of it).
        groups: in all; of those that are here while the others are not known.
        groups_lost: groups with fewer shards than source symbols.
        poorest_spare: shards that the poorest group has beyond its source symbols; negative when it is lost.
        more_cards: carriers that may still be lost, any of them.
        more_percent: of each carrier that may still be overwritten, with the promised odds.
        photographs: how many of a roll's photographs hold something of it; then `more_percent` is of those, the fullest
            first. 0 where it is on cards.
        unreadable_bytes: how much of the carriers could not be read, and was passed over.
        broken: shards enough, and what they hold contradicts itself: `open` would refuse it.
    """

    short_id: str
    size_bytes: int | None
    carriers_here: int
    threshold: int | None
    carriers: int | None
    groups: int
    groups_lost: int
    poorest_spare: int
    more_cards: int
    more_percent: int
    photographs: int = 0
    unreadable_bytes: int = 0
    broken: bool = False

    @property
    def opens(self) -> bool:
        enough = self.threshold is not None and self.carriers_here >= self.threshold
        return enough and self.groups_lost == 0 and not self.broken


def examine(paths: Sequence[Path], keys: Opener, progress: Progress) -> list[Health]:
    """Open every shard of every floor of a passphrase or identity, count, and bring back what opens to see it does.

    Raises:
        NothingFound: nothing is recognised; the same error as `tasks.floors.open.open_floors`.
    """
    with floors_here(paths, keys, progress) as floors:
        if not floors:
            raise_nothing(keys)
        stand = [(here, _examine(here, progress)) for here in floors]
        return [replace(one, unreadable_bytes=here.collection.unreadable_bytes) for here, one in stand]


def as_document(floors: Sequence[Health]) -> dict[str, Any]:
    """Return it for `words.lines.health`, and for --json."""
    return {"floors": [_floor_document(floor) for floor in floors]}


def _floor_document(floor: Health) -> dict[str, Any]:
    return {
        "id": floor.short_id,
        "opens": floor.opens,
        "bytes": floor.size_bytes,
        "carriers_here": floor.carriers_here,
        "carriers": floor.carriers,
        "threshold": floor.threshold,
        "more_carriers_needed": None if floor.threshold is None else max(0, floor.threshold - floor.carriers_here),
        "groups": floor.groups,
        "groups_lost": floor.groups_lost,
        "poorest_spare": floor.poorest_spare,
        "may_lose_cards": floor.more_cards,
        "may_lose_percent": floor.more_percent,
        "photographs": floor.photographs,
        "unreadable_bytes": floor.unreadable_bytes,
        "broken": floor.broken,
    }


def _examine(here: Here, progress: Progress) -> Health:
    """Count authenticated shards: `counts[i, c]` of the i-th group that is here, on the c-th carrier that is.

    Groups without a single slot are counted and not listed: a hostile header may claim a million of them.
    """
    collection, facts = here.collection, here.facts
    unlocked = facts.unlock()
    if unlocked is None and facts.old is None:
        return _locked(here)
    carriers, threshold, groups_in_all = (
        (unlocked.carriers, unlocked.threshold, unlocked.groups)
        if unlocked is not None
        else (facts.old.carriers, facts.old.threshold, facts.old.groups)  # type: ignore[union-attr]
    )
    groups = collection.groups_here(facts, groups_in_all)
    column = {carrier: number for number, carrier in enumerate(sorted(facts.shares))}
    counts = np.zeros((len(groups), len(column)), np.int64)
    source = np.ones(len(groups), np.int64)
    stands: list[tuple[int, int, int, int]] = []
    in_photographs: Counter[tuple[int, int, int]] = Counter()  # (device, photograph, row of the group) -> slots
    keepers: dict[int, set[tuple[int, int]]] = {}  # carrier -> photographs that hold its share of the key
    with progress("work.count", len(collection) * SLOT_BYTES) as advance:
        for row, group in enumerate(groups):
            for where, header in collection.placed(facts, group):
                if header.carrier not in column:
                    continue  # two carriers in one image, and one of them without a slot of the first group
                counts[row, column[header.carrier]] += 1
                source[row] = facts.source_symbols(header, unlocked) or 1
                stands.append((*where, row, header.carrier))
                if (photograph := collection.photograph(where)) is not None:
                    in_photographs[where[0], photograph, row] += 1
                    keepers.setdefault(header.carrier, set()).add((where[0], photograph))
                advance(SLOT_BYTES)
    spare = counts.sum(axis=1) - source
    for row in np.flatnonzero((spare >= 0) & (spare < SPARE_SYMBOLS)).tolist():
        if unlocked is not None and not brings_back(collection, facts, unlocked, groups[row]):
            spare[row] = -1  # by bad luck these do not do: one more is needed at least
    absent, cards, most = groups_in_all - len(groups), len(column), int(source.max(initial=1))
    opens = cards >= threshold and not absent and bool((spare >= 0).all())
    broken = opens and unlocked is not None and would_open(here, unlocked, progress) is None
    opens = opens and not broken
    for row, carrier in _named_wrong(here, groups, stands):
        counts[row, column[carrier]] -= 1
        spare[row] -= 1
    if in_photographs:
        held_by = sorted(map(len, keepers.values()))
        more_percent = _more_photographs(in_photographs, spare, held_by, cards - threshold) if opens else 0
    else:
        in_slot = FINE_IN_SLOT if facts.fine else 1
        slots = np.unique(np.array(stands, np.int64).reshape(-1, 4), axis=0)  # each once, however many symbols it holds
        more_percent = bearable_percent(counts // in_slot, -(-source // in_slot), slots) if opens else 0
    return Health(
        short_id=facts.floor_id.hex()[:8],
        size_bytes=(int(source.sum()) + absent * most) * facts.symbol_bytes,
        carriers_here=cards,
        threshold=threshold,
        carriers=carriers,
        groups=groups_in_all,
        groups_lost=int((spare < 0).sum()) + absent,
        poorest_spare=min(int(spare.min()), -most) if absent else int(spare.min()),
        more_cards=bearable_cards(counts, source, cards, threshold) if opens else 0,
        more_percent=more_percent,
        photographs=len({where[:2] for where in in_photographs}),
        broken=broken,
    )


def _named_wrong(
    here: Here, groups: Sequence[int], stands: Sequence[tuple[int, int, int, int]]
) -> list[tuple[int, int]]:
    """Return row and carrier of each shard that bringing back named as wrong and left out: it bears nothing."""
    carrier_at = {stand[:3]: stand[3] for stand in stands}
    rows = [(groups.index(one.group), one) for one in here.collection.wrong]
    return [(row, carrier_at[one.source, one.offset, row]) for row, one in rows]


def _locked(here: Here) -> Health:
    """What can be said of a floor that these cards do not open: that it is here, and what its capsule tells."""
    groups = len(here.collection.groups_here(here.facts, MAX_NUMBER))
    threshold, carriers = (here.told.threshold, here.told.carriers) if here.told else (None, None)
    return Health(here.facts.floor_id.hex()[:8], None, len(here.facts.shares), threshold, carriers, groups, 0, 0, 0, 0)


def bearable_cards(counts: NDArray[np.int64], source: NDArray[np.int64], here: int, threshold: int) -> int:
    """Return how many carriers may be lost, whichever they are.

    Args:
        counts: shards of each group and carrier.
        source: source symbols of each group.
        here: carriers that have any.
        threshold: carriers that are needed.
    """
    present = np.flatnonzero(counts.sum(axis=0))
    for lost in range(1, here - threshold + 1):
        for gone in combinations(present.tolist(), lost):
            left = counts.sum(axis=1) - counts[:, list(gone)].sum(axis=1)
            if not (left >= source + 2).all():
                return lost - 1
    return here - threshold


def bearable_percent(counts: NDArray[np.int64], source: NDArray[np.int64], stands: NDArray[np.int64]) -> int:
    """Return the largest percentage of each carrier that may be hit.

    Args:
        counts: shards of each group and carrier.
        source: source symbols of each group.
        stands: device, offset, row of `counts` and carrier number of each shard, shape (shards, 4).
    """
    stands = stands[np.lexsort((stands[:, 1], stands[:, 0]))]
    if stand_in_runs(stands[:, 0], stands[:, 1]):
        return min(_more_percent_of_runs(source, stands, touching=touching) for touching in (True, False))
    poorest = int(np.argmin(counts.sum(axis=1) - source))
    for percent in range(95, 0, -1):
        hit = _MANY_PLACES * percent // 100
        left = [survivors(_MANY_PLACES, hit, int(n)) for n in counts[poorest] if n]
        if len(source) * group_failure(int(source[poorest]), left) <= PROMISED_ODDS:
            return percent
    return 0


def _more_photographs(
    held: Counter[tuple[int, int, int]], spare: NDArray[np.int64], keepers: list[int], shares: int
) -> int:
    """Return the percentage of photographs that may still be lost, whichever they are.

    Args:
        held: (device, photograph, row of the group) -> slots.
        spare: symbols beyond K of each group; six stay, as when it was hidden.
        keepers: how many photographs hold the share of each roll, rising.
        shares: how many shares may be lost; those on cards are not.
    """
    photographs = len({where[:2] for where in held})
    # The smallest carriers go first: with the last of these photographs one share too many would be gone.
    keyless = sum(keepers[: shares + 1]) - (shares < len(keepers))
    fewest = max(0, min(photographs, keyless))
    for row, left in enumerate(spare.tolist()):
        fullest = sorted((count for where, count in held.items() if where[2] == row), reverse=True)
        bearable = next((n for n in range(len(fullest)) if sum(fullest[: n + 1]) > left - _RESERVE), len(fullest))
        fewest = min(fewest, bearable)
    return 100 * fewest // photographs


def _more_percent_of_runs(source: NDArray[np.int64], stands: NDArray[np.int64], *, touching: bool) -> int:
    """The same for shards that `hide --quick` put into runs (spec/floor.md, section 7.1)."""
    run = run_of_each(stands[:, 0], stands[:, 1], touching=touching)
    held = [np.bincount(run[stands[:, 2] == row]) for row in range(len(source))]
    carriers = [len(np.unique(run[stands[:, 3] == carrier])) for carrier in np.unique(stands[:, 3])]
    # Runs begin a stratum apart on average; the shortest stratum, in places, is the one most easily hit.
    stratum = min(
        (np.ptp(stands[stands[:, 3] == carrier, 1]) / SLOT_BYTES - RUN_SLOTS + 1) / max(1, runs - 1)
        for carrier, runs in zip(np.unique(stands[:, 3]), carriers, strict=True)
    )
    return damage_borne(held, source.tolist(), carriers, max(1.0, stratum / max(RUN_SLOTS, stratum - RUN_SLOTS + 1)))
