"""`--quick` beside a floor that is opened: the limit that the law names, and what holds all the same."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from tests.oracle.opened_floor import observe
from tests.oracle.quick_stories import OVERWRITE, QuickSeen, tell_quick
from tests.tasks.memory_cards import card_of, no_progress, one_file, ragged
from tests.tasks.quick import LABEL, PASSPHRASE, quick_argon2id, seeded

from fifthfloor import engine
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.kept import NOTHING_KEPT
from fifthfloor.tasks.floors.quick import draw
from fifthfloor.tasks.floors.wipe import wipe

STORIES = 6


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[QuickSeen]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "stream", lambda function, *arguments: function(*arguments))
        return [tell_quick(tmp_path_factory.mktemp("quick"), number) for number in range(STORIES)]


def test_two_images_show_a_quick_floor_and_about_its_size(told: list[QuickSeen]) -> None:
    """No promise: that it is seen, always, is what the threat model says, with the figure."""
    assert min(one.runs_changed for one in told) > 10
    by_size = sorted(told, key=lambda one: one.hidden_bytes)
    ends = [by_size[0], by_size[-1]]
    line = np.polyfit([one.runs_changed for one in ends], [one.hidden_bytes for one in ends], 1)
    errors = [abs(float(np.polyval(line, one.runs_changed)) / one.hidden_bytes - 1) for one in by_size[1:-1]]
    assert max(errors) < 0.2


def test_the_other_floor_loses_about_the_share_that_was_written(told: list[QuickSeen]) -> None:
    """So it is written without regard to where that floor stands: no more of it goes, and no less."""
    lost, written = [one.lost_share for one in told], [one.changed_share for one in told]
    assert float(np.corrcoef(lost, written)[0, 1]) > 0.9
    assert max(abs(one - other) for one, other in zip(lost, written, strict=True)) < 0.08


def test_where_it_is_written_is_drawn_alike_whatever_stands_on_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several images of a card that was swept, or swept and used for a floor: the same chance gives the same runs."""
    monkeypatch.setattr(secret, "KDF", quick_argon2id)
    monkeypatch.setattr(engine, "stream", lambda function, *arguments: function(*arguments))
    runs = []
    for other in (False, True):
        card = card_of(ragged((32 << 20,), 5, 1))
        wipe([card], no_progress)
        if other:
            keys = secret.keys_of(PASSPHRASE, LABEL)
            intent = intend(one_file(tmp_path, 2_000_000, 1), [card], 0, OVERWRITE, NOTHING_KEPT)
            hiding.hide(intent, [card], keys, no_progress)
            assert len(observe(card, keys).at) > 100
        monkeypatch.setattr(secret, "RANDOM", seeded(random.Random(3).randrange(1 << 30)))
        runs.append(draw(one_file(tmp_path, 1_000_000, 2), [card], 0, 0.1).intent.placed[0].offsets)
    assert np.array_equal(runs[0], runs[1])
