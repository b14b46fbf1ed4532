"""One image of a card: runs that `--quick` wrote and stretches it did not are the same noise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.oracle.test_floor_noise import ALARM, TELLS
from tests.tasks.battery import battery
from tests.tasks.memory_cards import Swept, card_of, no_progress, one_file, ragged, wipe_in
from tests.tasks.quick import PASSPHRASE, quick_argon2id, seeded

from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors.quick import draw


def written_card(folder: Path, seed: int) -> Swept:
    """A wiped card in memory and a quick floor on it."""
    opened = card_of(ragged((48 << 20, 16 << 20), 40, seed))
    nothing = np.zeros(0, np.int64)
    like = Swept(np.zeros(0, np.uint8), opened.card.free, (), opened.layout.places, nothing, nothing, ())
    wiped = wipe_in(opened, seed, like)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "RANDOM", seeded(1000 + seed))
        patch.setattr(secret, "KDF", quick_argon2id)
        drawn = draw(one_file(folder, 10_000_000, seed), [opened], 0, 0.1)
        keys = secret.keys_of(PASSPHRASE, "quick")
        begun = hiding.begin(drawn.intent, hiding.first_pass(drawn.intent, no_progress))
        hiding.hide(drawn.intent, drawn.cards, keys, no_progress, begun=begun)
    device, placed = opened.card.device, drawn.intent.placed[0]
    contents = np.frombuffer(device.read(0, device.size_bytes), np.uint8)
    return replace(wiped, contents=contents, slots=placed.offsets, groups=placed.groups, windows=(len(placed.groups),))


@pytest.mark.parametrize("seed", range(4))
def test_runs_and_the_rest_pass_the_battery(seed: int, tmp_path: Path) -> None:
    card = written_card(tmp_path, seed)
    assert 0.1 < len(card.slots) / len(card.places) < 0.6
    assert {test: p for test, p in battery(card).items() if p < ALARM} == {}
    assert told_apart(card) > ALARM


@pytest.mark.parametrize("tell", TELLS, ids=lambda tell: tell.__name__)
def test_the_battery_sees_what_is_planted_in_runs(tell: object, tmp_path: Path) -> None:
    assert callable(tell)
    card = written_card(tmp_path, 0)
    contents = card.contents.copy()
    tell(contents, card)
    planted = replace(card, contents=contents)
    assert min(*battery(planted).values(), told_apart(planted)) < ALARM


def told_apart(card: Swept) -> float:
    """The least p-value, times the tests made, of bytes commoner in runs than beside them (chi-square, 2 x 256)."""
    from scipy.stats import chi2_contingency

    others = np.setdiff1d(card.places, card.slots)
    near = [np.arange(at, at + 1) for at in range(40)]
    whole = [np.arange(0, 16384, 7)]
    odds = []
    for columns in (*near, *whole):
        table = [
            np.bincount(card.contents[offsets[:, None] + columns].reshape(-1), minlength=256)
            for offsets in (card.slots, others)
        ]
        counts = np.array(table)
        odds.append(float(chi2_contingency(counts[:, counts.any(axis=0)]).pvalue))
    return min(1.0, min(odds) * len(odds))


def test_a_run_written_badly_is_told_apart(tmp_path: Path) -> None:
    card = written_card(tmp_path, 1)
    contents = card.contents.copy()
    contents[card.slots[:, None] + np.arange(20)] &= 0xFE
    assert told_apart(replace(card, contents=contents)) < ALARM
