"""Two images of one card, from before and after a sweep: nothing tells what the sweep was.

Before, every card has a floor. Then it is wiped, or a floor of one of two sizes is hidden, or the first is kept and
another hidden beside it. The classifier of `test_floor_classifier` sees the difference, and what the two images have in
common anywhere. Pieces are 64 KiB here instead of 4 MiB, so that a card of 1 MiB has sixteen.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from unittest import mock

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.oracle.test_floor_classifier import auc, features, fit
from tests.outside import in_long
from tests.tasks.memory_cards import Swept, card_of, hide_in, no_progress, one_file, ragged, wipe_in
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, quick_argon2id, seeded

from fifthfloor.carriers import free_space
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import keep as keeping
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard

TRAINED, HELD_OUT = in_long(150, 40), in_long(700, 80)  # 150 a class and more
BYTES, PIECE = 1 << 20, 64 << 10
Kind = Literal["wipe", "small", "large", "keep"]
# Two classifiers: of the difference, and of what the images have in common; the second would drown in the first.
PARTS = {"difference": slice(None, -5), "in common": slice(-5, None)}
Bytes = NDArray[np.uint8]
Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """One card twice.

    Args:
        kind: what the sweep between the two was.
        before, after: the whole device.
        card: the free space, and where slots are or would be.
        kept: offsets of kept slots; for other sweeps, of the slots that would have been.
    """

    kind: Kind
    before: Bytes
    after: Bytes
    card: Swept
    kept: NDArray[np.int64]


@contextmanager
def small_pieces() -> Iterator[None]:
    with (
        mock.patch.object(free_space, "STRETCH_BYTES", PIECE),
        mock.patch.object(secret, "KDF", quick_argon2id),
    ):
        yield


def keep_in(opened: OpenedCard, sources: Sources, seed: int) -> NDArray[np.int64]:
    """Hide beside the floor that is there; returns where kept slots stand."""
    with mock.patch.object(secret, "RANDOM", seeded(seed)):
        kept = keeping.prepare([opened], [secret.keys_of(PASSPHRASE, LABEL)], no_progress)
        intent = intend(sources, [opened], 0, 0.1, kept)
        hiding.hide(intent, [opened], secret.keys_of(WRONG, "other"), no_progress, kept)
    placed = intent.placed[0]
    kept_at: NDArray[np.int64] = placed.offsets[placed.owner != 0]
    return kept_at


def whole(opened: OpenedCard) -> Bytes:
    device = opened.card.device
    return np.frombuffer(device.read(0, device.size_bytes), np.uint8).copy()


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    folder = tmp_path_factory.mktemp("pairs")
    first, small, large = (one_file(folder, size, size) for size in (100_000, 60_000, 300_000))
    kinds: tuple[Kind, ...] = ("wipe", "small", "large", "keep")
    made = []
    with small_pieces():
        for number in range(TRAINED + HELD_OUT):
            opened = card_of(ragged((BYTES,), 5, number))
            card = hide_in(opened, first, 3 * number, 0.4)
            before, kind, kept = whole(opened), random.Random(number).choice(kinds), card.slots
            if kind == "wipe":
                wipe_in(opened, 3 * number + 1, card)
            elif kind == "keep":
                kept = keep_in(opened, small, 3 * number + 1)
            else:
                hide_in(opened, small if kind == "small" else large, 3 * number + 1, 0.1)
            made.append(Pair(kind, before, whole(opened), card, kept))
            opened.card.close()
    assert min(sum(pair.kind == kind for pair in made) for kind in kinds) > TRAINED // 6
    return made


def seen(pair: Pair, after: Bytes) -> Features:
    """What an examiner of two images can count."""
    free = np.concatenate([np.arange(o, o + n) for o, n in pair.card.free.tolist()])
    old, new = pair.before[free], after[free]
    size = len(free) // 512 * 512
    equal = (old[:size] == new[:size]).reshape(-1, 512).sum(axis=1)
    heads = pair.card.places[:, None] + np.arange(32)
    same_heads = (pair.before[heads] == after[heads]).sum(axis=1)
    words = [np.unique(data[: size // 8 * 8].view(np.uint64)) for data in (old, new)]
    common = len(np.intersect1d(words[0], words[1], assume_unique=True))
    more = [equal.max(), equal.std(), same_heads.max(), same_heads.std(), common]
    return np.concatenate([features(pair.card, pair.before ^ after), more])


@pytest.fixture(scope="module")
def untold(pairs: list[Pair]) -> dict[int, Features]:
    """What is seen of each pair as it is, by its `id`."""
    return {id(pair): seen(pair, pair.after) for pair in pairs}


def judged(pairs: list[Pair], labels: NDArray[np.bool_], rows: Features) -> dict[str, tuple[float, float, float]]:
    half, found = len(pairs) * TRAINED // (TRAINED + HELD_OUT), {}
    for name, part in PARTS.items():
        score = fit(rows[:half, part], labels[:half])
        found[name] = auc(score(rows[half:, part]), labels[half:])
    return found


def asked(pairs: list[Pair], yes: set[Kind], no: set[Kind]) -> tuple[list[Pair], NDArray[np.bool_]]:
    chosen = [pair for pair in pairs if pair.kind in yes | no]
    return chosen, np.array([pair.kind in yes for pair in chosen])


QUESTIONS: dict[str, tuple[set[Kind], set[Kind]]] = {
    "was a floor kept": ({"keep"}, {"wipe", "small", "large"}),
    "was it a wipe": ({"wipe"}, {"small", "large", "keep"}),
    "was it the larger floor": ({"large"}, {"small"}),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_pair_does_not_answer(question: str, pairs: list[Pair], untold: dict[int, Features]) -> None:
    chosen, labels = asked(pairs, *QUESTIONS[question])
    rows = np.stack([untold[id(pair)] for pair in chosen])
    for name, (area, low, high) in judged(chosen, labels, rows).items():
        assert low <= 0.5 <= high, f"{name}: {area:.3f} ({low:.3f} to {high:.3f})"


def copied(pair: Pair) -> Bytes:
    """A kept slot is written back as it was."""
    after = pair.after.copy()
    for at in pair.kept.tolist():
        after[at : at + 16384] = pair.before[at : at + 16384]
    return after


def same_head(pair: Pair) -> Bytes:
    """A kept slot keeps its random bytes: sealed again under the nonce it had."""
    after = pair.after.copy()
    heads = pair.kept[:, None] + np.arange(24)
    after[heads] = pair.before[heads]
    return after


def moved(pair: Pair) -> Bytes:
    """A kept slot is copied to the place of the next one."""
    after = pair.after.copy()
    for old, new in zip(pair.kept, np.roll(pair.kept, 1), strict=True):
        after[new : new + 16384] = pair.before[old : old + 16384]
    return after


def a_few_untouched(pair: Pair) -> Bytes:
    """A sector of some kept slots is not rewritten."""
    after = pair.after.copy()
    for at in pair.kept[::6].tolist():
        after[at + 4096 : at + 4608] = pair.before[at + 4096 : at + 4608]
    return after


@pytest.mark.parametrize("tell", [copied, same_head, moved, a_few_untouched], ids=lambda tell: str(tell.__name__))
def test_it_catches_a_planted_tell(tell: object, pairs: list[Pair], untold: dict[int, Features]) -> None:
    assert callable(tell)
    chosen, labels = asked(pairs, *QUESTIONS["was a floor kept"])
    rows = np.stack([seen(pair, tell(pair)) if pair.kind == "keep" else untold[id(pair)] for pair in chosen])
    found = judged(chosen, labels, rows)
    assert max(low for _area, low, _high in found.values()) > 0.75, found


def sizes_told(pair: Pair) -> Bytes:
    """Only as much is rewritten as the floor needs."""
    after = pair.after.copy()
    rest = pair.card.places[len(pair.card.places) // (2 if pair.kind == "large" else 4) :]
    for at in rest.tolist():
        after[at : at + 16384] = pair.before[at : at + 16384]
    return after


def test_it_catches_a_sweep_that_is_as_long_as_the_floor(pairs: list[Pair]) -> None:
    chosen, labels = asked(pairs, *QUESTIONS["was it the larger floor"])
    rows = np.stack([seen(pair, sizes_told(pair)) for pair in chosen])
    found = judged(chosen, labels, rows)
    assert max(low for _area, low, _high in found.values()) > 0.75, found


def test_every_free_sector_changes_in_every_pair(pairs: list[Pair]) -> None:
    for pair in pairs:
        for offset, length in pair.card.free.tolist():
            same = pair.before[offset : offset + length] == pair.after[offset : offset + length]
            assert same[: length // 512 * 512].reshape(-1, 512).sum(axis=1).max(initial=0) < 32, pair.kind
