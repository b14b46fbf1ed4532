"""The bench that looks at rolls counts and errs as it says it does, and goes on where it stopped."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.outside import REPOSITORY

sys.path.append(str(REPOSITORY / "bench"))
pytest.importorskip("scipy")
from detect import __main__ as bench
from detect import features, judging, ridge


def test_the_folded_filters_count_what_whole_ones_do() -> None:
    chance = np.random.default_rng(16)
    pixels = (chance.normal(0, 20, (40, 56)).cumsum(0) * 0.3).astype(np.float32)
    steps = np.full(64, 5, np.float32)
    a, b = np.divmod(np.arange(64), 8)
    turned, mirrored = (np.minimum(8 * x + b, 8 * y + (-b % 8)) for x, y in ((a, -a % 8), (-a % 8, a)))
    filters = [(np.outer(features.BASIS[k // 8], features.BASIS[k % 8]), 8.0) for k in range(64)]
    places = [25 * k + np.minimum(a, 8 - a) * 5 + np.minimum(b, 8 - b) for k in range(64)]
    first = 1600
    for number, sigma in enumerate((0.5, 0.75, 1.0, 1.25)):
        for phase in (0.0, np.pi / 2):
            for direction in range(16):
                filters.append((features._gabor(sigma, direction, phase).astype(np.float32), 4.0 * (number + 1)))
                places.append(first + 64 * min(direction, 16 - direction) + (turned if direction <= 8 else mirrored))
            first += 64 * 9
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (8, 8)).reshape(33, 49, 64)
    y, x = np.mgrid[0:33, 0:49] % 8
    counts = np.zeros((first, 5))
    for (weight, scale), place in zip(filters, places, strict=True):
        response = np.abs(windows @ weight.reshape(64)) / np.float32(scale * 5 / features._TYPICAL_MEAN)
        np.add.at(counts, (place[8 * y + x], np.minimum(response + 0.5, 4).astype(int)), 1)
    wanted = counts[np.unique(np.concatenate(places))].reshape(-1)
    found = features.undecimated(pixels, steps) * 4096
    assert found.shape == wanted.shape == (judging.DETECTORS["GFR"][1],)
    assert found.sum() == pytest.approx(wanted.sum(), abs=0.01) == pytest.approx(33 * 49 * 192, abs=0.01)
    # What lies on the border of two levels falls to either side: sums are made in another order.
    assert np.abs(found - wanted).max() <= 2
    assert np.count_nonzero(np.abs(found - wanted) > 0.5) < 20


def test_a_seer_a_guesser_and_the_intervals_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_DRAWS", 60)
    groups = np.repeat(np.arange(40), 4)
    chance = np.random.default_rng(1)
    halves = [np.isin(groups, chance.permutation(40)[:20]) for _ in range(4)]
    sure = [(train, np.array([np.zeros(80), np.ones(80)])) for train in halves]
    assert judging.errors_of(sure, groups) == ((0, 0, 0), (0, 0, 0))
    blind = [(train, chance.random((2, 80))) for train in halves]
    single, pooled = judging.errors_of(blind, groups)
    assert single[1] < 0.5 < single[2]
    assert pooled[1] < 0.5 < pooled[2]
    better = [(train, votes + np.array([[0], [0.1]])) for train, votes in blind]
    few, many = judging.errors_of(better, groups)
    assert few[0] < single[0]
    assert many[0] < few[0]


def test_the_ridge_finds_what_is_planted_and_nothing_where_nothing_is() -> None:
    groups = np.repeat(np.arange(60), 2)
    chance = np.random.default_rng(3)
    cover = chance.normal(0, 1, (300, 120)).astype(np.float32)
    train = groups % 2 == 0
    for added, least, most in ((2.5, 0.9, 1.0), (0.0, 0.3, 0.7)):
        stego = chance.normal(0, 1, (300, 120)).astype(np.float32)
        stego[:6] += added
        plain, carrying = ridge.ridge_scores(ridge.likenesses(cover, stego), groups, train)
        assert plain.shape == carrying.shape == (60,)
        assert least <= ((plain < 0.5).mean() + (carrying > 0.5).mean()) / 2 <= most


def test_what_is_collected_is_not_collected_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(path: Path, _tiles: int) -> dict[str, object]:
        asked.append(path.name)
        return {"cover": np.zeros((2, 3))}

    monkeypatch.setattr(bench, "_one", counted)
    paths = [tmp_path / name for name in ("a.jpg", "b.jpg", "c.jpg")]
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "b.part.npz").write_bytes(b"a stop in the middle")
    bench.collect(tmp_path / "store", paths[:1], 1e9, {})
    bench.collect(tmp_path / "store", paths, 1e9, {})
    assert asked == ["a.jpg", "b.jpg", "c.jpg"]
    assert [path.name for path in judging._files(tmp_path / "store")] == ["a.npz", "b.npz", "c.npz"]
    bench.collect(tmp_path / "store", [tmp_path / "d.jpg"], 0, {})
    assert len(asked) == 3
