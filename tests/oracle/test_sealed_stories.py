"""The stories that `bench/opened_floor.py` judges seal a floor indeed, with capsules where A has slots too."""

from __future__ import annotations

from pathlib import Path

from tests.oracle.opened_floor import Story
from tests.oracle.sealed_stories import SealedTeller


def test_a_sealed_floor_is_hidden_beside_those_that_are_kept(tmp_path: Path) -> None:
    teller = SealedTeller(tmp_path)
    seen = teller.tell(Story(3, b=True, c=True))
    assert teller.capsules > 1
    assert seen.others > 0
    assert len(seen.second.at) == seen.plan[0], "A is whole beside it"
    assert seen.first.on_grid > 0
