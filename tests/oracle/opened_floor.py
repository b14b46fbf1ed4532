"""What somebody sees who holds the passphrase of floor A, over the life of a card on which there may be a floor B.

A story is: a swept card, perhaps B hidden; A hidden (beside B); the camera writes; a sweep that keeps A (and B, and
perhaps hides C). Two images, from before and after the last sweep. Pieces are 64 KiB, so that 2 MiB are a card.
Rule: `Seen` is worked out from the images and A's keys alone, as `fifthfloor open` and `health` would.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from tests.oracle.test_floor_classifier import auc, fit
from tests.tasks.memory_cards import bare_volume, card_of, no_progress, one_file, ragged
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, quick_argon2id, seeded

from fifthfloor.cards.volume import Volume
from fifthfloor.carriers import free_space
from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.floor.plan import Plan, Room, make_plan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import keep as keeping
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.kept import NOTHING_KEPT, Keeping
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.wipe import intend_wipe, wipe

PIECE = 64 << 10
OVERWRITE = 0.35
Numbers = NDArray[np.int64]
Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Image:
    """One image of the card, as A's passphrase shows it.

    Args:
        places: how many the card has.
        at: place of each of A's slots, rising.
        groups, symbols: of each.
        headers: what the headers say beside that, one line for each that differs.
        on_grid: how many of A's slots stand where a capsule may.
    """

    places: int
    at: Numbers
    groups: Numbers
    symbols: Numbers
    headers: tuple[bytes, ...]
    on_grid: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """Both images, and what only the tests know.

    Args:
        first, second: before and after the last sweep.
        plan: what A's holder works out that A should have, of each group, on all places.
        others: places that the other floors took, in the first image.
        lost: how many of A's shards the camera wrote over.
    """

    first: Image
    second: Image
    plan: tuple[int, ...]
    others: int
    lost: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large card and floors are, in bytes."""

    card: int
    a: int
    b: tuple[int, ...]
    c: int


SMALL = Sizes(2 << 20, 200_000, (80_000, 160_000, 240_000), 90_000)


@contextmanager
def cheap() -> Iterator[None]:
    """Small pieces and keys that cost nothing."""
    with (
        mock.patch.object(free_space, "STRETCH_BYTES", PIECE),
        mock.patch.object(free_space, "LEAST_STRETCH_BYTES", PIECE),
        mock.patch.object(secret, "KDF", quick_argon2id),
    ):
        yield


@dataclass(frozen=True, slots=True)
class Story:
    """What happened; `b` and `c` are all that A's holder must not tell."""

    number: int
    b: bool
    c: bool


class Teller:
    """Tells stories with the real tasks.

    Args:
        folder: for what is hidden.
        sizes: of card and floors.
    """

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self._sizes = sizes
        self._a = one_file(folder, sizes.a, 1)
        self._b = [one_file(folder, size, 2 + number) for number, size in enumerate(sizes.b)]
        self._c = one_file(folder, sizes.c, 9)
        with cheap():
            self.keys = secret.keys_of(PASSPHRASE, LABEL)
            self._keys_b = secret.keys_of(WRONG, "b")
            self._keys_c = secret.keys_of(WRONG, "c")

    def tell(self, story: Story) -> Seen:
        chance = random.Random(story.number)
        with cheap(), mock.patch.object(secret, "RANDOM", seeded(story.number)):
            volumes = ragged((self._sizes.card,), 5, story.number)
            card = card_of(volumes)
            wipe([card], no_progress)
            kept: list[FloorKeys] = []
            if story.b:
                self._hide(card, chance.choice(self._b), self._keys_b, kept, 0.1)
                kept = [self._keys_b]
            plan = self._hide(card, self._a, self.keys, kept, OVERWRITE)
            others = sum(len(observe(card, keys).at) for keys in kept)
            first = observe(card, self.keys)
            again = camera_writes(card, volumes, chance)
            lost = len(first.at) - len(observe(again, self.keys).at)
            if story.c:
                self._hide_c(again, self._c, [self.keys, *kept])
            else:
                keep = _keeping(again, [self.keys, *kept])
                wipe([again], no_progress, keep, intend_wipe([again], keep))
            return Seen(first, observe(again, self.keys), plan, others, lost)

    def _hide_c(self, card: OpenedCard, sources: Sources, kept: list[FloorKeys]) -> None:
        self._hide(card, sources, self._keys_c, kept, 0.1)

    def _hide(
        self, card: OpenedCard, sources: Sources, keys: FloorKeys, kept: list[FloorKeys], overwrite: float
    ) -> tuple[int, ...]:
        keep = _keeping(card, kept) if kept else NOTHING_KEPT
        intent = intend(sources, [card], 0, overwrite, keep)
        hiding.hide(intent, [card], keys, no_progress, keep)
        rooms = [card.layout.room]
        alone = make_plan(rooms, sum(intent.plan.groups), 0, overwrite)
        assert isinstance(alone, Plan)
        return (*alone.shards, sum(alone.groups))


def _keeping(card: OpenedCard, kept: list[FloorKeys]) -> Keeping:
    return keeping.prepare([card], kept, no_progress)


def camera_writes(card: OpenedCard, volumes: tuple[Volume, ...], chance: random.Random) -> OpenedCard:
    """A file of a twelfth of the card, of whole sectors, at the start of an extent: no slot is left in it."""
    device = card.card.device
    contents = bytearray(device.read(0, device.size_bytes))
    free = volumes[0].free.copy()
    row = chance.randrange(len(free))
    length = min(int(free[row, 1]) - 4096, int(free[:, 1].sum()) // 12) // 512 * 512
    if length > 0:
        at = int(free[row, 0])
        contents[at : at + length] = chance.randbytes(length)
        free[row] = (at + length, int(free[row, 1]) - length)
    return card_of((bare_volume(volumes[0].heap_offset_bytes, free),), bytes(contents))


def observe(card: OpenedCard, keys: FloorKeys) -> Image:
    device, cipher = card.card.device, SlotCipher(keys)
    collection = Collection([device], cipher, scan([device], cipher, lambda _done: None))
    rows, headers = [], set()
    for facts in collection.floors():
        unlocked = facts.unlock()
        assert unlocked
        for group in range(unlocked.groups):
            for (_, offset), header in collection.placed(facts, group):
                rows.append((offset, group, header.symbol))
                headers.add(header.terms + header.share + bytes([header.carrier]) + header.floor_id)
    found = np.array(sorted(rows), np.int64).reshape(-1, 3)
    places = card.layout.places
    at = np.searchsorted(places, found[:, 0])
    on_grid = int(card.layout.on_grid[at].sum())
    return Image(len(places), at, found[:, 1], found[:, 2], tuple(sorted(headers)), on_grid)


def features(seen: Seen) -> Features:
    """What an examiner thinks of: counts against the plan, places, numbers, and both images together."""
    one, two = seen.first, seen.second
    due = seen.plan[0] * (int(one.groups.max(initial=0)) + 1)
    found: list[float] = [len(one.at) - due, len(two.at) - due, len(two.at) - len(one.at), len(two.headers)]
    for image in (one, two):
        found += np.histogram(image.at / image.places, bins=8, range=(0, 1))[0].tolist()
        gaps = np.diff(image.at)
        found += [float(gaps.mean()), float(gaps.std()), float((gaps == 1).sum()), float(gaps.max())]
        order = image.symbols[np.lexsort((image.at, image.groups))]
        breaks = float((np.diff(order) < 0).sum())
        ranks = np.argsort(np.argsort(image.symbols))
        along = float(np.corrcoef(np.arange(len(ranks)), ranks)[0, 1])
        found += [breaks, along, float(order.max()), float(order.mean()), float(order.min()), float(order.std())]
        found += [float((image.symbols < seen.plan[-1]).sum()), float(image.symbols.max() - len(order))]
    same_place = np.intersect1d(one.at, two.at)
    same_symbol, at_one, at_two = np.intersect1d(one.symbols, two.symbols, return_indices=True)
    moved = np.abs(one.at[at_one] - two.at[at_two])
    new = np.setdiff1d(two.symbols, one.symbols)
    found += [float(len(same_place)), float(len(same_symbol)), float((moved == 0).sum()), float(np.median(moved))]
    found += [
        float(moved.max(initial=0)),
        float(len(new)),
        float(new.max(initial=0)),
        float((new > one.symbols.max()).sum()),
    ]
    inversions = float((np.diff(two.at[at_two][np.argsort(one.at[at_one])]) < 0).sum())
    return np.array([*found, inversions])


def squared(rows: Features) -> Features:
    """Features and their squares about the mean, so that a spread that differs is seen by a straight line too."""
    spread = rows.std(axis=0)
    scaled = (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return np.concatenate([scaled, scaled**2], axis=1)


def told_apart(rows: Features, labels: NDArray[np.bool_], seed: int = 1) -> tuple[float, float, float]:
    """Train on half of the stories; area under the curve on the others, and its 99 % interval."""
    order = np.random.default_rng(seed).permutation(len(labels))
    half, wide = len(order) // 2, squared(rows)
    score = fit(wide[order[:half]], labels[order[:half]])
    return auc(score(wide[order[half:]]), labels[order[half:]])


def permuted(rows: Features, labels: NDArray[np.bool_], rounds: int = 999, seed: int = 2) -> float:
    """p-value of the feature that differs most, by shuffling which story is which."""
    wide, chance = squared(rows), np.random.default_rng(seed)

    def most(which: NDArray[np.bool_]) -> float:
        yes, no = wide[which], wide[~which]
        error = np.sqrt(yes.var(axis=0) / len(yes) + no.var(axis=0) / len(no)) + 1e-9
        return float((np.abs(yes.mean(axis=0) - no.mean(axis=0)) / error).max())

    found = most(labels)
    return (1 + sum(most(chance.permutation(labels)) >= found for _ in range(rounds))) / (rounds + 1)


Tell = Callable[[Seen], Seen]


def planned_on_what_is_left(seen: Seen) -> Seen:
    """Today's first: reserved places are not room, so that the shards a group tell how many there are."""
    free = seen.first.places * 16384
    left = make_plan([Room(seen.first.places - seen.others, free)], seen.plan[-1], 0, OVERWRITE)
    more = left.shards[0] - seen.plan[0] if isinstance(left, Plan) else 4
    return Seen(_longer(seen.first, more), _longer(seen.second, more), seen.plan, seen.others, seen.lost)


def _longer(image: Image, more: int) -> Image:
    at = np.setdiff1d(np.arange(image.places), image.at)[:: max(1, image.places // (8 * more + 8))][:more]
    numbers = np.setdiff1d(np.arange(1 << 14), image.symbols)[97::311][: len(at)]
    order = np.argsort(np.concatenate([image.at, at]), kind="stable")
    joined = [
        np.concatenate(pair)[order] for pair in ((image.at, at), (image.groups, 0 * at), (image.symbols, numbers))
    ]
    return Image(image.places, joined[0], joined[1], joined[2], image.headers)


def numbers_above_all(seen: Seen) -> Seen:
    """Today's second: renewed shards have the numbers after the highest."""
    two = seen.second
    new = ~np.isin(two.symbols, seen.first.symbols) | (np.arange(len(two.symbols)) % 40 == 0)
    symbols = two.symbols.copy()
    symbols[new] = symbols.max() + 1 + np.arange(int(new.sum()))
    return Seen(
        seen.first, Image(two.places, two.at, two.groups, symbols, two.headers), seen.plan, seen.others, seen.lost
    )


def stays_where_it_was(seen: Seen) -> Seen:
    """A kept slot keeps its place unless something else was drawn there."""
    two, one = seen.second, seen.first
    _, at_one, at_two = np.intersect1d(one.symbols, two.symbols, return_indices=True)
    at = two.at.copy()
    stay = np.arange(len(at_two)) % 5 != 0
    at[at_two[stay]] = one.at[at_one[stay]]
    order = np.argsort(at, kind="stable")
    second = Image(two.places, at[order], two.groups[order], two.symbols[order], two.headers)
    return Seen(one, second, seen.plan, seen.others, seen.lost)


def around_the_others(seen: Seen) -> Seen:
    """Places keep clear of the others, which lie in the first half."""
    one = seen.first
    at = np.sort(one.at + (one.at < one.places // 3) * (one.places // 3 * (np.arange(len(one.at)) % 2)))
    return Seen(
        Image(one.places, at, one.groups, one.symbols, one.headers), seen.second, seen.plan, seen.others, seen.lost
    )


def rises_with_the_place(seen: Seen) -> Seen:
    """Numbers are handed out in order of writing in one of the images."""
    one = seen.first
    first = Image(one.places, one.at, one.groups, np.sort(one.symbols), one.headers)
    return Seen(first, seen.second, seen.plan, seen.others, seen.lost)


def renewed_less(seen: Seen) -> Seen:
    """The budget of renewed shards is shared with the other floors."""
    two = seen.second
    keep = np.isin(two.symbols, seen.first.symbols) | (np.arange(len(two.symbols)) % 2 == 0)
    keep[::37] = False
    second = Image(two.places, two.at[keep], two.groups[keep], two.symbols[keep], two.headers)
    return Seen(seen.first, second, seen.plan, seen.others, seen.lost)


TELLS: tuple[Tell, ...] = (
    planned_on_what_is_left,
    numbers_above_all,
    stays_where_it_was,
    around_the_others,
    rises_with_the_place,
    renewed_less,
)
