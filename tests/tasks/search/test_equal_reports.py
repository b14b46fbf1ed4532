"""A wiped card and a card that hides something get equal reports: no feature of the JSON separates 300 of them.

The two groups are filled by the real sweeps of `wipe` and `hide`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.audit.made import MOMENT, name, photograph

from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import Card, open_card
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks.floors.hide import hide, intend
from fifthfloor.tasks.floors.keep import prepare
from fifthfloor.tasks.floors.sources import gather
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.wipe import wipe
from fifthfloor.tasks.search.audit import as_document, audit
from fifthfloor.words import sentence
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

Fill = Callable[[Card], None]

CARDS = 300
# Kolmogorov and Smirnov's distance of two groups of 150: chance exceeds it once in 400,000 (2 exp(-150 d^2)).
MOST_DISTANCE = 0.301


def swept(card: Card) -> None:
    """Fill all free space as a sweep does: noise, in pieces of at most 4 MiB."""
    writer = FreeWriter(card)
    for offset, length in card.free.tolist():
        for at in range(0, length, 4 << 20):
            writer.write(offset + at, os.urandom(min(4 << 20, length - at)))
    writer.flush()


def opened(card: Card) -> OpenedCard:
    return OpenedCard(Path(card.device.path), card, lay_out(card.volumes), 0.0)


@contextmanager
def silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None


def wiped(card: Card) -> None:
    """What `fifthfloor wipe` leaves."""
    wipe([opened(card)], silent)


def hiding(card: Card) -> None:
    """What `fifthfloor hide` leaves; the floor takes about a quarter of the free space."""
    file = Path(card.device.path).with_suffix(".hidden")
    file.write_bytes(os.urandom(600_000))
    ready = opened(card)
    keys = FloorKeys(os.urandom(32), os.urandom(32))
    hide(intend(gather([file]), [ready], 0, 0.2), [ready], keys, silent)
    file.unlink()


def keeping_one(card: Card) -> None:
    """What `fifthfloor hide --keep` leaves: a floor that was there, and another beside it."""
    first = FloorKeys(os.urandom(32), os.urandom(32))
    files = [Path(card.device.path).with_suffix(f".hidden{number}") for number in (1, 2)]
    for file in files:
        file.write_bytes(os.urandom(250_000))
    ready = opened(card)
    hide(intend(gather(files[:1]), [ready], 0, 0.6), [ready], first, silent)
    kept = prepare([ready], [first], silent)
    intent = intend(gather(files[1:]), [ready], 0, 0.2, kept)
    hide(intent, [ready], FloorKeys(os.urandom(32), os.urandom(32)), silent, keeping=kept)
    for file in files:
        file.unlink()


def with_a_header(card: Card) -> None:
    """A sweep that betrays itself: one plain header among the noise."""
    swept(card)
    writer = FreeWriter(card)
    writer.write(int(card.free[0, 0]), b"FIFTHFLOOR".ljust(96 << 10, b"\0"))
    writer.flush()


def with_a_bias(card: Card) -> None:
    """A sweep whose noise lacks one byte value in its first MiB: invisible to the eye."""
    swept(card)
    writer = FreeWriter(card)
    noise = np.frombuffer(os.urandom(1 << 20), np.uint8)
    writer.write(int(card.free[0, 0]), np.where(noise < 16, noise | 16, noise).astype(np.uint8).tobytes())
    writer.flush()


def used_card(path: Path, free_mib: int) -> Path:
    """A small card with some free space at its end; few and large photographs, as many would take most of the time."""
    format_fat32(path, 36 << 20, label="EOS_DIGITAL", cluster_bytes=512, partitioned=False)
    with FatWriter(path) as writer:
        number = 0
        while writer.free_bytes > free_mib << 20:
            number += 1
            more = min(number % 7 * 1_000_000, writer.free_bytes - (free_mib << 20))
            writer.add_file(name(number), photograph(number % 5) + bytes(more), MOMENT)
    return path


def report_of(path: Path) -> dict[str, Any]:
    """The whole document that `fifthfloor audit CARD --json` prints."""
    return as_document(audit([path], None).report, sentence)


def features(value: Any, path: str = "") -> dict[str, float | str]:
    """Flatten a document: every number, every text, every length."""
    if isinstance(value, dict):
        return {key: found for part, inner in value.items() for key, found in features(inner, f"{path}/{part}").items()}
    if isinstance(value, list):
        found: dict[str, float | str] = {f"{path}#": float(len(value))}
        for index, inner in enumerate(value):
            found |= features(inner, f"{path}/{index}")
        return found
    return {path: float(value) if isinstance(value, int | float) else str(value)}


def most_telling(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> tuple[float, str]:
    """Return the largest distance of the two groups in any feature, and which."""
    left, right = [features(document) for document in one], [features(document) for document in other]
    worst = (0.0, "")
    for key in {key for found in (*left, *right) for key in found}:
        a, b = ([found.get(key, "absent") for found in group] for group in (left, right))
        if all(isinstance(value, float) for value in (*a, *b)):
            steps = sorted({float(value) for value in (*a, *b)})
            distance = float(np.abs(_shares(a, steps) - _shares(b, steps)).max())
        else:
            distance = max(abs(a.count(value) / len(a) - b.count(value) / len(b)) for value in {*a, *b})
        worst = max(worst, (distance, key))
    return worst


def _shares(values: list[float | str], steps: list[float]) -> NDArray[np.float64]:
    """The share of values that are at most each step."""
    return np.searchsorted(np.sort(np.array(values, float)), steps, "right") / len(values)


def most_telling_together(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> float:
    """Return the share of documents that all numbers together put into their group, each judged by the others'.

    A document belongs to the group whose mean (itself left out) is the nearer one; numbers are in deviations.
    """
    every = [numbers(document) for document in (*one, *other)]
    names = sorted({name for found in every for name in found})
    table = np.array([[found.get(name, -1.0) for name in names] for found in every])
    spread = table.std(axis=0)
    table = (table[:, spread > 0] - table[:, spread > 0].mean(axis=0)) / spread[spread > 0]
    side = np.array([0] * len(one) + [1] * len(other))
    right = 0
    for index, row in enumerate(table):
        rest = np.arange(len(table)) != index
        means = [table[rest & (side == group)].mean(axis=0) for group in (0, 1)]
        direction = means[1] - means[0]
        right += int((row - (means[0] + means[1]) / 2) @ direction > 0) == side[index]
    return right / len(table)


def numbers(document: dict[str, Any]) -> dict[str, float]:
    """Every number of a document, and what lists of numbers are together."""
    found = {key: value for key, value in features(document).items() if isinstance(value, float)}
    lists: dict[str, list[float]] = {}
    for key, value in found.items():
        lists.setdefault(re.sub(r"/\d+", "/*", key), []).append(value)
    for key, values in lists.items():
        found |= {f"{key} {what}": float(of(values)) for what, of in (("sum", sum), ("least", min), ("spread", np.std))}
        steps = np.diff(values)
        found[f"{key} falls"] = float((steps < 0).sum())
    return found


def groups(
    place: Path, fills: tuple[Fill, Fill], count: int, free_mib: int = 4
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Audit `count` cards, half of them filled by each; the two kinds alternate, so that nothing else differs."""
    model = used_card(place / "model.img", free_mib)
    found: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for number in range(count):
        image = place / "card.img"
        shutil.copyfile(model, image)
        with open_card(image, writable=True) as card:
            fills[number % 2](card)
        found[number % 2].append(report_of(image))
    return found


# Chance alone puts this share of 300 into their groups once in a million (4.9 deviations of sqrt(300) / 600).
MOST_RIGHT = 0.641


# A kept floor must be able to spare a piece of 4 MiB, so its cards are larger, and fewer.
@pytest.mark.parametrize(("hidden", "count", "free_mib"), [(hiding, CARDS, 4), (keeping_one, 40, 24)])
def test_no_feature_of_the_report_separates_wiped_from_hidden_cards(
    tmp_path: Path, hidden: Fill, count: int, free_mib: int
) -> None:
    of_wiped, of_hidden = groups(tmp_path, (wiped, hidden), count, free_mib)
    distance, feature = most_telling(of_wiped, of_hidden)
    assert distance < MOST_DISTANCE * (CARDS / count) ** 0.5, feature
    assert most_telling_together(of_wiped, of_hidden) < 0.5 + (MOST_RIGHT - 0.5) * (CARDS / count) ** 0.5
    (noise,) = [found for found in of_wiped[0]["findings"] if found["kind"] == "card.noise"]
    assert noise["severity"] == "high"
    assert "this looks like a wiped card; so does a card that hides something" in noise["title"]
    assert {document["verdict"] for document in (*of_wiped, *of_hidden)} == {of_wiped[0]["verdict"]}
    assert of_wiped[0]["verdict"] != "nothing"


@pytest.mark.parametrize("betrayed", [with_a_header, with_a_bias])
def test_a_sweep_that_betrays_itself_is_separated(tmp_path: Path, betrayed: Fill) -> None:
    """The test above can fail: both of these are told apart by it."""
    of_wiped, of_betrayed = groups(tmp_path, (wiped, betrayed), 20)
    assert most_telling(of_wiped, of_betrayed)[0] > 0.9
    assert most_telling_together(of_wiped, of_betrayed) > 0.9
