"""A wiped card and a card with a floor, before the same battery (issue "Floor and sweep").

20 fixed seeds of 64 MiB each, wiped and hidden (`make test-long`; CI sees the first two). False alarms: at most one in
a hundred for all cards and tests together (Bonferroni), and the seeds are fixed, so that a green battery stays green
until the bytes change.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cards.judges import done
from tests.outside import in_long
from tests.tasks.battery import battery
from tests.tasks.memory_cards import Swept, card_of, hide_in, one_file, ragged, wipe_in

from fifthfloor.cards.volume import Volume

SEEDS = 20
TESTS = 40  # of the battery, at most
ALARM = 0.01 / (2 * SEEDS * TESTS)
HALF = 32 << 20


def pair(folder: Path, seed: int) -> dict[str, Swept]:
    """The same card, hidden in and wiped; about two thirds of the places hold slots."""
    hidden = hidden_card(folder, seed)
    return {"hidden": hidden, "wiped": wipe_in(card_of(shape(seed)), 1000 + seed, hidden)}


def hidden_card(folder: Path, seed: int) -> Swept:
    return hide_in(card_of(shape(seed)), one_file(folder, 28_000_000, seed), seed)


def shape(seed: int) -> tuple[Volume, ...]:
    return ragged((HALF, HALF), 60, seed)


@pytest.mark.parametrize("seed", range(in_long(SEEDS, 2)))
@pytest.mark.judge("ent")
def test_both_pass_the_battery_and_ent(seed: int, tmp_path: Path) -> None:
    for name, card in pair(tmp_path, seed).items():
        found = battery(card)
        assert 30 <= len(found) <= TESTS
        assert {test: p for test, p in found.items() if p < ALARM} == {}, name
        judge_by_ent(card, tmp_path / "noise")


def judge_by_ent(card: Swept, path: Path) -> None:
    """Five deviations on either side, where 40 cards and four figures have a false alarm once in ten thousand."""
    noise = card.noise
    noise.tofile(path)
    rows = [line.split(",") for line in done("ent", "-t", path).splitlines()]
    said = {name: float(value) for name, value in zip(*rows, strict=True)}
    assert said["File-bytes"] == len(noise) == 64 << 20
    assert said["Entropy"] > 7.99999
    assert abs(said["Chi-square"] - 255) < 5 * 510**0.5
    assert abs(said["Mean"] - 127.5) < 5 * 73.9 / len(noise) ** 0.5
    assert abs(said["Monte-Carlo-Pi"] - np.pi) < 5 * 1.642 / (len(noise) / 6) ** 0.5
    assert abs(said["Serial-Correlation"]) < 5 / len(noise) ** 0.5


def zeroed_sector(contents: NDArray[np.uint8], card: Swept) -> None:
    """VeraCrypt 1.x: one in each 8 MiB here, as one in 128 MiB of a large card."""
    for offset in card.places[:: (8 << 20) // 16384]:
        contents[offset : offset + 512] = 0


def constant_byte(contents: NDArray[np.uint8], card: Swept) -> None:
    """A version number in the clear at the head of every slot."""
    contents[card.slots + 28] = 1


def biased_recogniser(contents: NDArray[np.uint8], card: Swept) -> None:
    """One bit of the recogniser is one in three slots of four."""
    contents[card.slots[::2] + 16] |= 0x80


def repeated_r(contents: NDArray[np.uint8], card: Swept) -> None:
    """Every second slot begins with the 16 random bytes of the one before it."""
    second = card.slots[1::2, None] + np.arange(16)
    contents[second] = contents[card.slots[: 2 * len(second) : 2, None] + np.arange(16)]


def stale_buffer(contents: NDArray[np.uint8], card: Swept) -> None:
    """The last sector of each piece is that of the piece before."""
    for offset in range(card.volumes[0] + (8 << 20) - 512, card.volumes[1] - (4 << 20), 4 << 20):
        contents[offset : offset + 512] = contents[offset - (4 << 20) : offset - (4 << 20) + 512]


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    return hidden_card(tmp_path_factory.mktemp("card"), 0)


TELLS = [zeroed_sector, constant_byte, biased_recogniser, repeated_r, stale_buffer]


@pytest.mark.parametrize("tell", TELLS, ids=lambda tell: tell.__name__)
def test_the_battery_sees_what_others_shipped(tell: object, card: Swept) -> None:
    assert callable(tell)
    contents = card.contents.copy()
    tell(contents, card)
    found = battery(replace(card, contents=contents))
    assert {test for test, p in found.items() if p < ALARM}
