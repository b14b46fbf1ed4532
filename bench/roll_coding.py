"""What a roll's codes cost: distortion against the bound, and CPU time and memory of one photograph.

    python bench/roll_coding.py PHOTOGRAPH...

Coding loss is 1 - m / m', with m the bits embedded and m' what an ideal code would embed at the same cost (Filler et
al. 2011): on the costs of the photographs themselves, for one layer (binary) and for both (ternary).
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from fifthfloor.carriers.roll import embedding, trellis
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


def one_layer(cover: Cover, segments: int, height: int) -> tuple[float, float]:
    """Embed one segment of `segments` in the lower layer; return the binary loss and CPU seconds."""
    order, columns = cover.order(KEYS.roll), columns_of(height)
    allowed, weights, quantiser = embedding._prices(cover)
    message = np.random.default_rng(1).integers(0, 2, BITS).astype(np.uint8)
    span = cover.spans(segments)[0]
    began = time.process_time()
    found = trellis.cheapest(cover.picture.coefficients, allowed, weights, quantiser, order, columns, span, 0, message)
    _flips, price = trellis.choose(found[0], columns, found[2], height)
    seconds = time.process_time() - began
    return loss(_costs(cover, span), BITS, float(price), 1), seconds


def both_layers(cover: Cover, segments: int) -> float:
    """Embed one slot's bits in both layers of one segment; return the ternary loss."""
    order, columns = cover.order(KEYS.roll), columns_of()
    coefficients = cover.picture.coefficients.copy()
    allowed, weights, quantiser = embedding._prices(cover)
    span, price = cover.spans(segments)[0], 0.0
    for layer in (1, 0):
        message = np.random.default_rng(layer).integers(0, 2, BITS).astype(np.uint8)
        found = trellis.cheapest(coefficients, allowed, weights, quantiser, order, columns, span, layer, message)
        flips, cost = trellis.choose(found[0], columns, found[2], 10)
        trellis.apply(coefficients, allowed, found[1], flips, layer)
        price += float(cost)
    return loss(_costs(cover, span), 2 * BITS, price, 2)


def _costs(cover: Cover, span: tuple[int, int]) -> NDArray[np.float64]:
    rows, turns = cover.order(KEYS.roll)
    _allowed, weights, quantiser = embedding._prices(cover)
    t = np.arange(*span)
    costs = weights[rows[(t // 63 + turns[t % 63]) % len(rows)]].astype(np.float64) * quantiser[1 + t % 63]
    found: NDArray[np.float64] = costs[costs > 0]
    return found


def main() -> None:
    """Print a line a photograph and rate."""
    for path in map(Path, sys.argv[1:]):
        cover = cover_of(path.read_bytes())
        rich = int(embedding.richness(cover).sum(dtype=np.int64))
        for rate in (0.02, 0.05, 0.1):
            slots = max(1, round(rich * rate / 8192))
            # A layer alone holds the rate in half as many segments.
            binary = [one_layer(cover, 2 * slots, height)[0] for height in (8, 10)]
            ternary = both_layers(cover, slots)
            print(f"{path.name} rate {8192 * slots / rich:.3f} loss h=8 {binary[0]:.3f} h=10 {binary[1]:.3f} "
                  f"ternary h=10 {ternary:.3f}", flush=True)  # fmt: skip
        times(path, rich)


def times(path: Path, rich: int) -> None:
    """Print CPU seconds and memory of embedding at 0.02 and of reading."""
    for _ in range(2):  # the first compiles
        began = time.process_time()
        cover = cover_of(path.read_bytes())
        most = max((step for step in ladder_of(len(cover.rows)) if step * 8192 <= 0.02 * rich), default=0)
        slots = [np.random.default_rng(n).bytes(1024) for n in range(most)]
        made = embedding.embed(cover, slots, KEYS.roll)
        embedded = time.process_time()
        embedding.extract(cover_of(made.data), SlotCipher(KEYS), KEYS)
        read = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = cover.picture.frame.width * cover.picture.frame.height / 1e6
    print(f"{path.name} {size:.1f} MP, {most} slots: embed {embedded - began:.2f} s, read {read - embedded:.2f} s, "
          f"{peak} MB, {made.changes} changes, {len(made.data) - path.stat().st_size:+d} bytes")  # fmt: skip


if __name__ == "__main__":
    main()
