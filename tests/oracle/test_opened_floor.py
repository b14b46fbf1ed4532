"""Who holds a floor's passphrase, and two images, cannot tell whether another was kept beside it (spec/unseen.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.oracle.opened_floor import (
    SMALL,
    TELLS,
    Features,
    Seen,
    Story,
    Tell,
    Teller,
    features,
    permuted,
    told_apart,
)

from fifthfloor.errors import NoRoom
from fifthfloor.tasks.floors import place

EACH = 150  # stories with a second floor, and as many without
ALARM = 0.001
Told = tuple[list[Seen], NDArray[np.bool_], NDArray[np.bool_]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What was seen; whether there was a floor B; whether the last sweep hid a floor C. Chance is seeded."""
    teller = Teller(tmp_path_factory.mktemp("stories"), SMALL)
    stories = [Story(number, number % 2 == 0, number % 4 < 2) for number in range(2 * EACH)]
    seen = [teller.tell(story) for story in stories]
    return seen, np.array([story.b for story in stories]), np.array([story.c for story in stories])


def rows_of(seen: list[Seen]) -> Features:
    return np.stack([features(one) for one in seen])


@pytest.mark.parametrize("question", ["was there another floor", "did the last sweep hide one"])
def test_neither_a_classifier_nor_any_feature_tells(question: str, told: Told) -> None:
    seen, other, hid = told
    labels = other if question == "was there another floor" else hid
    rows = rows_of(seen)
    area, low, high = told_apart(rows, labels)
    assert low <= 0.5 <= high, f"{area:.3f} ({low:.3f} to {high:.3f})"
    assert permuted(rows, labels) > ALARM


@pytest.mark.parametrize("tell", TELLS, ids=lambda tell: str(tell.__name__))
def test_it_catches_a_planted_tell(tell: Tell, told: Told) -> None:
    seen, labels, _ = told
    rows = rows_of([tell(one) if other else one for one, other in zip(seen, labels, strict=True)])
    assert permuted(rows, labels) <= ALARM
    assert told_apart(rows, labels)[1] > 0.6


def test_a_floor_has_the_shards_of_a_plan_on_all_places(told: Told) -> None:
    """The first finding, without statistics: the others took up to a third of the card, and it does not show."""
    for one in told[0]:
        assert len(one.first.at) == one.plan[0]
    assert max(one.others for one in told[0]) > 20
    assert sum(one.lost > 0 for one in told[0]) > EACH, "the camera wrote over some, which were made anew"
    assert all(len(one.second.at) == one.plan[0] for one in told[0])


def test_every_sweep_moves_everything(told: Told) -> None:
    """The second: in two images hardly a slot stands where it stood, whatever was kept."""
    for one in told[0]:
        _, first, second = np.intersect1d(one.first.symbols, one.second.symbols, return_indices=True)
        assert float(np.mean(one.first.at[first] == one.second.at[second])) < 0.5
    together = [np.mean(np.isin(one.second.at, one.first.at)) for one in told[0]]
    expected = np.mean([len(one.first.at) / one.first.places for one in told[0]])
    assert abs(float(np.mean(together)) - float(expected)) < 0.05, "as chance has it"


@pytest.mark.parametrize("number", [10_132, 50_414])
def test_a_draw_that_a_stop_could_not_bear_is_drawn_again(number: int, tmp_path: Path) -> None:
    """Of 1,400 stories 5 were refused, all with a second floor: whoever sits beside would see that."""
    teller, story = Teller(tmp_path, SMALL), Story(number, b=True, c=number == 10_132)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(place, "DRAWS", 1)
        with pytest.raises(NoRoom) as refused:
            teller.tell(story)
        assert refused.value.key == "keep.no_spare"
    assert len(teller.tell(story).second.at) > 0
