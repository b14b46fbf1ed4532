"""What a roll's codes cost: distortion against the bound, and CPU time and memory of one photograph.

    python bench/roll_coding.py PHOTOGRAPH...

Coding loss is 1 - m / m', with m the bits embedded and m' what an ideal code would embed at the same cost (Filler et
al. 2011): on that paper's profiles of costs and on the costs of the photographs themselves, none of them forbidden, for
one layer (binary) and for both (ternary).
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from measure import helped
from numpy.typing import NDArray
from scipy.optimize import brentq

from fifthfloor import engine
from fifthfloor.carriers.roll import embedding, viterbi
from fifthfloor.carriers.roll.both_layers import for_first_layer, sharpness_of
from fifthfloor.carriers.roll.columns import columns_of
from fifthfloor.carriers.roll.covers import Cover, cover_of, ladder_of
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher

KEYS = FloorKeys(b"r" * 32, b"s" * 32, b"o" * 32)
BITS = 4096


def ideal(costs: NDArray[np.float64], bits: float, changes: int) -> float:
    """Return the least cost of embedding so many bits with 1 (binary) or 2 (ternary) changes a coefficient."""

    def at(logarithm: float) -> tuple[float, float]:
        weight = np.exp(-np.minimum(np.exp(logarithm) * costs, 700.0))
        p = weight / (1 + changes * weight)
        rest = 1 - changes * p
        entropy = -(changes * p * np.log2(np.maximum(p, 1e-300)) + rest * np.log2(np.maximum(rest, 1e-300))).sum()
        return float(entropy), float((changes * p * costs).sum())

    low, high = -10.0, 40.0
    return at(brentq(lambda value: at(value)[0] - bits, low, high, xtol=1e-4))[1]


def loss(costs: NDArray[np.float64], bits: int, price: float, changes: int) -> float:
    """Return the coding loss of embedding `bits` at `price`."""
    return 1 - bits / float(brentq(lambda m: ideal(costs, m, changes) - price, bits * 0.9, bits * 2.0, xtol=bits / 500))


Costs = NDArray[np.float32]


def coded(costs: Costs, bits: int, height: int, seed: int, sharpness: float) -> NDArray[np.int64]:
    """Embed random bits at some costs, 1e30 for what may not change; return which places are changed.

    What `trellis.cheapest` does, for costs that no photograph has.
    """
    columns, each = columns_of(height), len(costs) // bits
    window = np.full(-(-each // columns.size) * columns.size, 1e30, np.float32)[None].repeat(bits, axis=0)
    window[:, :each] = costs[: bits * each].reshape(bits, each)
    turns = window.reshape(bits, -1, columns.size)
    best = turns.argmin(axis=1)
    wrong = np.random.default_rng(seed).integers(0, 2, bits).astype(np.uint8)
    cheapest, dearest = np.ascontiguousarray(turns.min(axis=1)), np.float32(embedding.DEAREST / sharpness)
    flips, _price = viterbi.choose(cheapest, columns, wrong, height, dearest)
    bit, column = np.nonzero(flips)
    places: NDArray[np.int64] = bit * each + best[bit, column] * columns.size + column
    return places


def losses(costs: Costs) -> str:
    """Say the binary loss for each height, and the ternary loss for h = 12, of as many bits a place in all."""
    half, sharpness = costs[: len(costs) // 2], sharpness_of(costs[::16], 2 * BITS / len(costs))
    binary = [float(half[coded(half, BITS, height, 1, sharpness)].sum()) for height in (8, 10, 12)]
    left, both = costs.copy(), 0.0
    for layer in (1, 0):
        places = coded(for_first_layer(left, sharpness) if layer else left, BITS, 12, layer, sharpness)
        both += float(costs[places].sum())
        left[places] = 1e30
    found = [*(loss(half.astype(np.float64), BITS, price, 1) for price in binary)]
    ternary = loss(costs.astype(np.float64), 2 * BITS, both, 2)
    return f"loss h=8 {found[0]:.3f} h=10 {found[1]:.3f} h=12 {found[2]:.3f} ternary h=12 {ternary:.3f}"


def profiles() -> Iterator[tuple[str, Costs]]:
    """Yield the profiles of costs of Filler et al., at the windows of 0.02, 0.05 and 0.1 in a photograph of 12 MP."""
    chance = np.random.default_rng(1)
    for rate, window in ((0.02, 270), (0.05, 110), (0.1, 54)):
        drawn = chance.random(BITS * window).astype(np.float32)
        yield f"linear profile, {window} places a bit and layer (rate {rate})", drawn
        yield f"square profile, {window} places a bit and layer (rate {rate})", drawn * drawn


def _costs(cover: Cover, span: tuple[int, int]) -> Costs:
    """Return the costs of a segment of a photograph, without what is never changed."""
    rows, turns = cover.order(KEYS.roll)
    _allowed, weights, quantiser = embedding._prices(cover)
    t = np.arange(*span)
    costs: Costs = weights[rows[(t // 63 + turns[t % 63]) % len(rows)]] * quantiser[1 + t % 63]
    return costs[costs > 0]


def main() -> None:
    """Print a line a profile, then for each photograph a line a rate, its times, and what two processes gain."""
    for name, costs in profiles():
        print(name, losses(costs), flush=True)
    for path in map(Path, sys.argv[1:]):
        cover = cover_of(path.read_bytes())
        rich = int(embedding.richness(cover).sum(dtype=np.int64))
        for rate in (0.02, 0.05, 0.1):
            slots = max(1, round(rich * rate / 8192))
            print(
                f"{path.name} rate {8192 * slots / rich:.3f}", losses(_costs(cover, cover.spans(slots)[0])), flush=True
            )
        times(path, rich)
    together([Path(name) for name in sys.argv[1:]])


def together(paths: list[Path]) -> None:
    """Print what two processes gain over one, each photograph four times.

    In CPU seconds of the process that is busy longest, its start and this one's work with it: on a machine that others
    use too the clock says how busy those are.
    """
    tasks, took = paths * 4, []
    for workers in (1, 2):
        began, busy = time.process_time(), dict[int, float]()
        for worker, spent in engine.map_processes(_embedded, tasks, workers=workers):
            busy[worker] = max(spent, busy.get(worker, 0.0))
        busy.pop(os.getpid(), None)  # one alone works in this one
        took.append((time.process_time() - began + max(busy.values(), default=0.0), sum(busy.values())))
    (one, _), (two, both) = took
    if tasks:
        print(
            f"two processes: {one / two:.2f} times one ({one:.1f} s, {two:.1f} s; all that the two did: {both:.1f} s)"
        )


def _embedded(path: Path) -> tuple[int, float]:
    cover = cover_of(path.read_bytes())
    rich = int(embedding.richness(cover).sum(dtype=np.int64))
    most = max((step for step in ladder_of(len(cover.rows)) if step * 8192 <= 0.02 * rich), default=0)
    embedding.embed(cover, [np.random.default_rng(n).bytes(1024) for n in range(most)], KEYS.roll)
    return os.getpid(), time.process_time()


def times(path: Path, rich: int) -> None:
    """Print CPU seconds and memory of embedding at 0.02 and of reading."""
    for _ in range(2):  # the first compiles
        began = time.process_time()
        cover = cover_of(path.read_bytes())
        most = max((step for step in ladder_of(len(cover.rows)) if step * 8192 <= 0.02 * rich), default=0)
        made = embedding.embed(cover, [np.random.default_rng(n).bytes(1024) for n in range(most)], KEYS.roll)
        embedded = time.process_time()
        if made is not None:
            embedding.extract(cover_of(made.data), SlotCipher(KEYS), KEYS)
        read = time.process_time()
    if made is None:
        raise SystemExit(f"{path.name} does not hold {most} slots")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = cover.picture.frame.width * cover.picture.frame.height / 1e6
    print(f"{path.name} {size:.1f} MP, {most} slots: embed {embedded - began:.2f} s, read {read - embedded:.2f} s, "
          f"{peak} MB, {made.changes} changes, {len(made.data) - path.stat().st_size:+d} bytes")  # fmt: skip


if __name__ == "__main__":
    helped(__doc__)
    main()
