"""Which photographs may be in a picture: what one pass over all hashes finds, beside a plain count of every bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthfloor.trace import candidates
from fifthfloor.trace.candidates import near
from fifthfloor.trace.kernels import nearest

WORDS = 4


def hashes(count: int, seed: int) -> NDArray[np.uint64]:
    return np.random.default_rng(seed).integers(0, 1 << 64, (count, WORDS), dtype=np.uint64)


def flipped(one: NDArray[np.uint64], bits: int, chance: np.random.Generator) -> NDArray[np.uint64]:
    mask = np.zeros(64 * WORDS, np.uint8)
    mask[chance.choice(64 * WORDS, bits, replace=False)] = 1
    found: NDArray[np.uint64] = one ^ np.packbits(mask).view(np.uint64)
    return found


def counted(found: NDArray[np.uint64], sought: list[bytes], most_bits: int) -> list[tuple[int, int, int]]:
    """Compare every hash with every one sought, bit by bit."""
    bits = np.unpackbits(found.view(np.uint8), axis=1)
    apart = [(bits != np.unpackbits(np.frombuffer(one, np.uint8))).sum(1) for one in sought]
    return sorted(
        (int(distance), row, way)
        for way, distances in enumerate(apart)
        for row, distance in enumerate(distances)
        if distance <= most_bits
    )


@pytest.mark.parametrize("block", [1 << 16, 7])
@pytest.mark.parametrize("most_bits", [0, 31, 60, 128])
def test_every_hash_within_the_bits_is_found_whatever_the_way(
    block: int, most_bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_LOOKED_UP_AT_ONCE", block)
    chance, all_hashes, sought = np.random.default_rng(1), hashes(300, 2), hashes(8, 3)
    for row in range(0, 260, 4):
        all_hashes[row] = flipped(sought[row % 8], row // 4 * 2, chance)
    given = [one.tobytes() for one in sought]
    expected = counted(all_hashes, given, most_bits)
    assert len(expected) > most_bits // 4
    assert near(all_hashes, given, most_bits, 5000) == expected
    assert near(all_hashes, given, most_bits, 7) == expected[:7]


def test_a_mapped_file_is_looked_through_as_memory_is(tmp_path: Path) -> None:
    held = hashes(50, 4)
    held.tofile(tmp_path / "pdq")
    mapped = np.memmap(tmp_path / "pdq", np.uint64, "r", shape=held.shape)
    assert near(mapped, [held[17].tobytes()], 60, 40) == [(0, 17, 0)]
    assert near(held[:0], [held[17].tobytes()], 60, 40) == []


def test_of_more_than_are_looked_at_the_nearest_are_kept() -> None:
    """A long burst: more frames within the bits than are looked at, and the nearest is the last one."""
    chance, sought = np.random.default_rng(5), hashes(1, 6)
    burst = np.stack([flipped(sought[0], bits, chance) for bits in range(59, -1, -1)])
    assert [row for _, row, _ in near(burst, [sought[0].tobytes()], 60, 40)] == list(range(59, 19, -1))


def test_the_nearest_signs_are_those_of_a_plain_count() -> None:
    ours, others = hashes(40, 7)[:, :2], hashes(90, 8)[:, :2].copy()
    others[60] = others[30]
    apart = np.bitwise_count(ours[:, None] ^ others[None]).sum(2)
    number, distance = nearest(np.ascontiguousarray(ours), others)
    assert number.tolist() == apart.argmin(1).tolist()
    assert distance.tolist() == apart.min(1).tolist()
