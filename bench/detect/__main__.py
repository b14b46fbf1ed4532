"""Can a detector tell: real output of the roll beside LSB replacement and nsF5, at equal payload.

    PYTHONPATH=bench python -m detect --seconds 420 PHOTOGRAPH...

Tiles of 512 x 512 pixels, grouped by photograph: no photograph is in both halves of a split. Errors are (false alarms
and misses) / 2 at the half of the votes, so 0.5 is chance; intervals are the 5th and 95th percentile over ten splits,
and do not hold what other cameras would add. Pooled: the mean vote of 50 tiles of the test half, drawn
with replacement.
LSB and nsF5 are simulations (nsF5 at the bound of its code). Stops taking photographs when the time is over.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detect.ensemble import error, trained_scores
from detect.features import TILE_BLOCKS, among_themselves, dctr
from fifthfloor.carriers.roll.covers import Cover, cover_of, ladder_of
from fifthfloor.carriers.roll.embedding import embed, richness

Planes = NDArray[np.int16]
METHODS = ("roll 0.02", "roll 0.05", "nsF5 0.05", "LSB 0.02")
_TILES = 10
_SPLITS = 10
_BAG = 50


def luma(cover: Cover) -> Planes:
    """Return the luma blocks that are seen, (high, wide, 64)."""
    part = cover.picture.frame.components[0]
    return cover.picture.coefficients[cover.rows].reshape(part.blocks_high, part.blocks_wide, 64)


def ours(data: bytes, cover: Cover, rate: float, rich: int, number: int) -> tuple[Planes, int]:
    """Return what the program writes at a rate, and the bits in it."""
    steps = [step for step in ladder_of(len(cover.rows)) if step * 8192 <= rate * rich]
    chance = np.random.default_rng(number)
    slots = [chance.bytes(1024) for _ in range(max(steps))]
    made = embed(cover_of(data), slots, chance.bytes(32))
    return luma(cover_of(made.data)), 8192 * len(slots)


def lsb(blocks: Planes, bits: int, number: int) -> Planes:
    """Replace the lowest bits of coefficients that are neither 0 nor 1 (JSteg), at random places."""
    chance, out = np.random.default_rng(number), blocks.copy()
    flat = out.reshape(-1)
    usable = np.flatnonzero((flat != 0) & (flat != 1) & (np.arange(flat.size) % 64 != 0))
    chosen = chance.choice(usable, bits, replace=False)
    flat[chosen] = (flat[chosen] & ~1) | chance.integers(0, 2, bits).astype(np.int16)
    return out


def nsf5(blocks: Planes, bits: int, number: int) -> Planes:
    """Bring coefficients nearer to 0, as many as an ideal wet paper code changes for so many bits."""
    chance, out = np.random.default_rng(number), blocks.copy()
    flat = out.reshape(-1)
    usable = np.flatnonzero((flat != 0) & (np.arange(flat.size) % 64 != 0))
    low, high = 0.0, 0.5
    for _ in range(60):  # the change rate whose entropy is the payload
        middle = (low + high) / 2
        entropy = -middle * np.log2(middle) - (1 - middle) * np.log2(1 - middle)
        low, high = (middle, high) if entropy < bits / len(usable) else (low, middle)
    chosen = chance.choice(usable, round(low * len(usable)), replace=False)
    flat[chosen] -= np.sign(flat[chosen])
    return out


def features_of(planes: Planes, places: list[tuple[int, int]], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a row of features a tile."""
    rows = []
    for y, x in places:
        tile = planes[y : y + TILE_BLOCKS, x : x + TILE_BLOCKS]
        rows.append(np.concatenate([dctr(tile, steps, 4.0), among_themselves(tile)]))
    return np.array(rows, np.float32)


def tables(paths: list[Path], seconds: float) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.int64]]:
    """Return the features of covers and of every method, and the photograph of each row."""
    found: dict[str, list[NDArray[np.float32]]] = {name: [] for name in ("cover", *METHODS)}
    groups: list[int] = []
    for number, path in enumerate(paths):
        if time.process_time() > seconds:
            break
        data = path.read_bytes()
        cover = cover_of(data)
        blocks, rich = luma(cover), int(richness(cover).sum(dtype=np.int64))
        part = cover.picture.frame.components[0]
        steps = cover.picture.header.quantisers[part.quantiser].astype(np.float32)
        grid = [(y, x) for y in range(0, blocks.shape[0] - 63, 64) for x in range(0, blocks.shape[1] - 63, 64)]
        chosen = np.random.default_rng(number).permutation(len(grid))[:_TILES]
        places = [grid[index] for index in chosen]
        small, small_bits = ours(data, cover, 0.02, rich, number)
        large, large_bits = ours(data, cover, 0.05, rich, number)
        planes = {"cover": blocks, "roll 0.02": small, "roll 0.05": large}
        planes |= {"nsF5 0.05": nsf5(blocks, large_bits, number), "LSB 0.02": lsb(blocks, small_bits, number)}
        for name, plane in planes.items():
            found[name].append(features_of(plane, places, steps))
        groups += [number] * len(places)
        print(path.name, f"{small_bits / rich:.4f} {large_bits / rich:.4f} {time.process_time():.0f} s", flush=True)
    return {name: np.concatenate(rows) for name, rows in found.items()}, np.array(groups)


def judged(
    cover: NDArray[np.float32], stego: NDArray[np.float32], groups: NDArray[np.int64]
) -> tuple[list[float], list[float]]:
    """Return the errors of single tiles and of bags of 50, one a split."""
    single, pooled = [], []
    photographs = np.unique(groups)
    for split in range(_SPLITS):
        chance = np.random.default_rng(split)
        half = chance.permutation(photographs)[: len(photographs) // 2]
        train = np.isin(groups, half)
        seen = np.concatenate([cover[~train], stego[~train]])
        scores = trained_scores(cover[train], stego[train], seen, split)
        plain, carrying = np.split(scores, 2)
        single.append(error(plain, carrying))
        bags = [chance.integers(0, len(plain), _BAG) for _ in range(200)]
        # Against the middle of both, which the detector cannot know: to its advantage.
        middle = (plain.mean() + carrying.mean()) / 2
        alarms = np.mean([plain[bag].mean() > middle for bag in bags])
        misses = np.mean([carrying[bag].mean() <= middle for bag in bags])
        pooled.append(float((alarms + misses) / 2))
    return single, pooled


def main() -> None:
    """Print a line a method."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=420.0)
    parser.add_argument("photographs", type=Path, nargs="+")
    given = parser.parse_args()
    rows, groups = tables(given.photographs, given.seconds)
    print(f"{len(np.unique(groups))} photographs, {len(groups)} tiles a class")
    for name in METHODS:
        single, pooled = judged(rows["cover"], rows[name], groups)
        said = [f"{np.mean(e):.3f} [{np.percentile(e, 5):.3f}, {np.percentile(e, 95):.3f}]" for e in (single, pooled)]
        print(f"{name}: single {said[0]}, pooled over {_BAG} {said[1]}", flush=True)


if __name__ == "__main__":
    main()
