"""What the stories of `test_opened_floor.py` have one of: cards, groups; and what they do not look at: dates, headers.

Floor A is hidden again and again on two cards beside floors B and C, which are kept: nothing of A may tell that.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from tests.oracle.opened_floor import OVERWRITE, cheap
from tests.tasks.memory_cards import card_of, no_progress, one_file, ragged
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, seeded

from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.floor import plan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import RANDOM_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import keep as keeping
from fifthfloor.tasks.floors import renewal
from fifthfloor.tasks.floors.hide import Intent, intend
from fifthfloor.tasks.floors.kept import NOTHING_KEPT
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.wipe import wipe

ROUNDS = 12
FAR = 4.5  # standard errors: one of 10^5 seeds


class Beside:
    """Two cards with floors B and C, on which A is hidden."""

    def __init__(self, folder: Path) -> None:
        self.met: list[
            int
        ] = []  # old slots of a kept floor where something stands afterwards, and how many chance makes
        self.chances: list[float] = []
        self.cards: list[OpenedCard] = [card_of(ragged((5 << 20,), 5, number)) for number in (1, 2)]
        self.a, self.keys = one_file(folder, 250_000, 1), secret.keys_of(PASSPHRASE, LABEL)
        self.others = [secret.keys_of(WRONG, label) for label in "bc"]
        wipe(self.cards, no_progress)
        for number, keys in enumerate(self.others):
            self.hide(one_file(folder, 80_000, 2 + number), keys, self.others[:number])

    def hide(self, sources: Sources, keys: FloorKeys, kept: list[FloorKeys]) -> Intent:
        keep = keeping.prepare(self.cards, kept, no_progress) if kept else NOTHING_KEPT
        intent = intend(sources, self.cards, 1, OVERWRITE, keep)
        for card, (placed, opened) in enumerate(zip(intent.placed, self.cards, strict=True)):
            old = [floor.cards[card].old for floor in keep.floors]
            self.chances += [len(placed.offsets) * len(one) / len(opened.layout.places) for one in old]
            self.met += [int(np.isin(one, placed.offsets).sum()) for one in old]
        hiding.hide(intent, self.cards, keys, no_progress, keep)
        return intent

    def heads(self, keys: FloorKeys) -> tuple[list[int], list[bytes]]:
        """The carriers that A's holder sees, and the chance at the head of every slot."""
        devices, cipher = [opened.card.device for opened in self.cards], SlotCipher(keys)
        carriers, chance = [], []
        collection = Collection(devices, cipher, scan(devices, cipher, lambda _done: None))
        for facts in collection.floors():
            carriers += list(facts.shares)
            for group in range(facts.unlock().groups):  # type: ignore[union-attr]
                chance += [devices[card].read(at, RANDOM_BYTES) for (card, at), _ in collection.placed(facts, group)]
        return carriers, chance


def test_nothing_of_a_floor_tells_what_was_kept_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "RANDOM", seeded(11))
    with cheap(), mock.patch.object(plan, "MAX_SOURCE_SYMBOLS", 7):
        beside = Beside(tmp_path)
        alone = intend(beside.a, beside.cards, 1, OVERWRITE)
        assert len(alone.plan.groups) > 2
        carriers: list[int] = []
        chance: list[bytes] = []
        rises: list[float] = []
        for _ in range(ROUNDS):
            intent = beside.hide(beside.a, beside.keys, beside.others)
            assert intent.plan == alone.plan
            assert intent.hidden == alone.hidden
            carriers += beside.heads(beside.keys)[0]
            chance += itertools.chain.from_iterable(beside.heads(keys)[1] for keys in (beside.keys, *beside.others))
            rises += [float(np.corrcoef(np.arange(len(one.groups)), one.groups)[0, 1]) for one in intent.placed]
    assert abs(np.mean(carriers) - 128) < FAR * np.sqrt((255**2 - 1) / 12 / len(carriers)), "1 to 255, all alike"
    assert abs(np.mean(rises)) < FAR * np.std(rises) / np.sqrt(len(rises)), "groups stand in no order"
    bits = np.unpackbits(np.frombuffer(b"".join(chance), np.uint8).reshape(-1, RANDOM_BYTES), axis=1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < FAR * 0.5 / np.sqrt(len(bits)), "every bit of every nonce is even"
    assert abs(sum(beside.met) - sum(beside.chances)) < FAR * np.sqrt(sum(beside.chances)), "old slots are not shunned"
    assert len(set(chance)) == len(chance), "no slot keeps its bytes in a sweep"


def test_how_much_is_made_anew_is_a_matter_of_each_floor_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more was lost than one run makes anew: the stories lose a handful, and never meet that bound."""
    monkeypatch.setattr(secret, "RANDOM", seeded(12))
    monkeypatch.setattr(renewal, "MOST_RENEWED", 6)
    with cheap():
        beside = Beside(tmp_path)
        beside.hide(beside.a, beside.keys, beside.others)
        free = beside.cards[0].layout.places
        beside.cards[0].card.device.write(int(free[0]), bytes(int(free[len(free) // 4] - free[0])))
        kept = [[beside.keys], [beside.keys, *beside.others]]
        alone, among = (keeping.prepare(beside.cards, keys, no_progress).floors[0].health for keys in kept)
    assert alone.lost > 6
    assert alone.after - alone.before == among.after - among.before == 6
