"""The map of free space: each fill told from the others, the bounds of noise exact, photographs never noise."""

from __future__ import annotations

import functools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.audit.made import picture
from tests.outside import photos_dir

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.free_map import BLOCK_BYTES, FreeMap, FreeMapper, StretchKind, chi_squared, screen
from fifthfloor.metadata.source import BytesSource

MIB = 1 << 20
SECTOR = 512


def noise(length: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(length)


@functools.cache
def _pool() -> bytes:
    return b"".join(picture(seed, 1600, 1200) for seed in range(6)) * 2


def remains(length: int, seed: int = 1) -> bytes:
    """Photographs one after the other, cut anywhere, as they lie on a used card."""
    pool = _pool()
    start = seed * 100_003 % (len(pool) // 2)
    return (pool[start:] + pool * (length // len(pool) + 1))[:length]


def mapped(data: bytes, extents: list[tuple[int, int]] | None = None) -> FreeMap:
    reader = BytesSource(data)
    mapper = FreeMapper(reader)
    for _ in FreeSpace(reader, extents or [(0, len(data))], mapper.feed).from_position(0):
        pass
    return mapper.result()


def runs(found: FreeMap) -> list[tuple[int, int]]:
    return [(run.offset_bytes, run.length_bytes) for run in found.random_runs]


@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_blank_is_told_by_its_value(fill: bytes) -> None:
    found = mapped(fill * (3 * MIB))
    assert found.bytes_of["ff" if fill[0] else "zero"] == 3 * MIB
    assert found.random_runs == ()


def test_noise_is_one_run_from_its_first_byte_to_its_last() -> None:
    found = mapped(noise(9 * MIB + 5 * SECTOR, 1))
    assert runs(found) == [(0, 9 * MIB + 5 * SECTOR)]
    assert found.share("random") == 1.0


def test_remains_of_photographs_give_no_run_of_noise() -> None:
    found = mapped(remains(24 * MIB))
    assert found.random_runs == ()
    assert found.share("photo") > 0.9


@pytest.mark.photos
def test_real_remains_give_no_run_of_noise() -> None:
    place = photos_dir()
    assert place is not None
    data = b"".join(file.read_bytes() for file in sorted(place.glob("*/*.*")) if file.suffix.lower() == ".jpg")
    found = mapped(data[: len(data) // SECTOR * SECTOR])
    assert found.random_runs == ()
    assert found.share("random") < 0.01


@settings(max_examples=12)
@example(before=1, length=2048, after=0, blank=True)
@example(before=0, length=2048, after=65, blank=True)
@given(before=st.integers(0, 900), length=st.integers(2048, 6000), after=st.integers(0, 900), blank=st.booleans())
def test_bounds_among_photographs_or_blank_are_exact(before: int, length: int, after: int, blank: bool) -> None:
    around = bytes if blank else lambda size: remains(size) if size else b""
    data = around(before * SECTOR) + noise(length * SECTOR, before + after) + around(after * SECTOR)
    (start, size), *others = runs(mapped(data))
    assert not others
    # Blank neighbours to the sector; among photographs a header may cost a few, never a block.
    slack = 0 if blank else BLOCK_BYTES
    assert abs(start - before * SECTOR) <= slack
    assert abs(start + size - (before + length) * SECTOR) <= slack


def test_bounds_among_photographs_cut_anywhere_are_mostly_exact() -> None:
    """Remains that begin and end anywhere, nothing carved: 22 of 24 bounds to the sector or two."""
    good = 0
    for seed in range(12):
        before = remains(MIB + seed * 7 * SECTOR, seed)
        data = before + noise(2 * MIB + seed * SECTOR, seed) + remains(MIB, seed + 50)
        ((start, size),) = runs(mapped(data))
        good += abs(start - len(before)) <= 2 * SECTOR
        good += abs(start + size - len(before) - 2 * MIB - seed * SECTOR) <= 2 * SECTOR
    assert good >= 22, good


@pytest.mark.photos
def test_bounds_of_a_sweep_that_was_stopped_are_exact_among_real_photographs(photos_dir: Path) -> None:
    """Files on clusters, a sweep over some, what is left of the rest carved: 95 of 100 to two sectors."""
    files = [file.read_bytes() for file in sorted(photos_dir.glob("*/*.*")) if file.suffix.lower() == ".jpg"]
    chance, errors = random.Random(11), []
    card = b"".join(data + bytes(-len(data) % 4096) for data in chance.sample(files, 60))
    for seed in range(30):
        first = chance.randrange(len(card) - 5 * MIB) // 4096 * 4096
        before, length = (chance.randrange(256, 320) * 4096 for _ in range(2))
        after = card[first + before + length :][:MIB]
        data = card[first : first + before] + noise(length, seed) + after
        reader = BytesSource(data)
        mapper = FreeMapper(reader)
        found = list(carve(FreeSpace(reader, [(0, len(data))], mapper.feed)))
        (run,) = mapper.result((item.offset_bytes, item.found.length_bytes) for item in found).random_runs
        errors += [run.offset_bytes - before, run.offset_bytes + run.length_bytes - before - length]
    exact = sum(abs(error) <= 2 * SECTOR for error in errors)
    assert exact >= 0.95 * len(errors), errors


def test_runs_keep_to_their_extents_and_short_ones_are_not_runs() -> None:
    data = noise(8 * MIB, 3)
    found = mapped(data, [(0, 2 * MIB), (2 * MIB + 4096, MIB // 2), (4 * MIB, 3 * MIB)])
    assert runs(found) == [(0, 2 * MIB), (4 * MIB, 3 * MIB)]
    assert found.total_bytes == 5 * MIB + MIB // 2


def test_a_carved_film_is_no_noise() -> None:
    data = noise(4 * MIB, 4)
    reader = BytesSource(data)
    mapper = FreeMapper(reader)
    for _ in FreeSpace(reader, [(0, len(data))], mapper.feed).from_position(0):
        pass
    found = mapper.result([(0, 3 * MIB)])
    assert runs(found) == [(3 * MIB, MIB)]
    assert found.bytes_of["photo"] == 3 * MIB


def test_chi_squared_of_noise_is_255_at_any_length() -> None:
    values = [chi_squared(np.frombuffer(noise(16384, seed), np.uint8)) for seed in range(200)]
    assert 245 < float(np.mean(values)) < 265
    assert 18 < float(np.std(values)) < 28


def test_the_screen_agrees_with_the_map() -> None:
    data = bytes(16 * MIB) + noise(16 * MIB, 5) + remains(16 * MIB) + b"\xff" * (16 * MIB)
    whole, sampled = mapped(data), screen(BytesSource(data), [(0, len(data))])
    kinds: tuple[StretchKind, ...] = ("zero", "ff", "random", "photo")
    for kind in kinds:
        assert abs(whole.share(kind) - sampled.share(kind)) < 0.03, kind
    assert runs(sampled) == [(16 * MIB, 16 * MIB)]


@settings(max_examples=25)
@given(st.binary(min_size=1, max_size=70_000))
def test_any_bytes_are_mapped_once(data: bytes) -> None:
    assert mapped(data).total_bytes == len(data)
