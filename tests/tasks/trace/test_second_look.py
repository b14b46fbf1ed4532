"""What is looked at once more where a first look at the archive found nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from tests.trace.scenes import CHANGES, cropped, jpeg, scene

from fifthfloor.tasks.trace.ingest import add, waiting
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Finder
from fifthfloor.trace.candidates import searched
from fifthfloor.trace.kernels import nearest
from fifthfloor.trace.likeness import read_likeness
from fifthfloor.trace.matching import match


def test_of_a_part_with_little_in_it_five_points_do_where_nothing_else_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, mine = tmp_path / "pictures", tmp_path / "mine"
    pictures.mkdir()
    for seed in range(3):
        (pictures / f"{seed}.jpg").write_bytes(jpeg(scene(seed, 600, 400)))
    list(add(waiting([pictures], mine).files, mine))
    data = jpeg(cropped(scene(1, 600, 400), 0.6, Random(1)), 30)
    with Store(mine) as store:
        picture, recorded = searched(data), read_likeness(store.known(1).likeness).points
        found = match(recorded, picture.points, (0,))
        assert found is not None
        there, _ = nearest(recorded.words, picture.points.words)
        few = there[found.agreeing[:: len(found.agreeing) // 5][:5]]
        parts = {name: getattr(picture.points, name)[few] for name in ("x", "y", "size", "values")}
        little = replace(picture, points=replace(picture.points, **parts))
        monkeypatch.setattr("fifthfloor.tasks.trace.trace.searched", lambda _: little)
        (one,) = Finder(store).find("a part", data).similar
        assert ([Path(place).name for place in one.places], one.shared) == (["1.jpg"], 5)
        monkeypatch.setattr("fifthfloor.tasks.trace.trace.FEWEST_SHARED", 6)
        assert not Finder(store).find("a part", data).similar


def test_of_the_likeliest_more_points_than_are_recorded_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So few points are recorded here that a part has less than five of them: its thumbnail has the others."""
    pictures, mine = tmp_path / "pictures", tmp_path / "mine"
    pictures.mkdir()
    for seed in range(3):
        (pictures / f"{seed}.jpg").write_bytes(jpeg(scene(seed, 600, 400)))
    monkeypatch.setattr("fifthfloor.trace.record.RECORDED_POINTS", 7)
    list(add(waiting([pictures], mine).files, mine))
    with Store(mine) as store:
        data = jpeg(CHANGES["night, crop"](scene(1, 600, 400), Random(1)), 30)
        (one,) = Finder(store).find("a dark part", data).similar
        assert [Path(place).name for place in one.places] == ["1.jpg"]
        assert not Finder(store).find("another", jpeg(cropped(scene(7, 600, 400), 0.6, Random(1)), 30)).similar
