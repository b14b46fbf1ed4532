"""What others write into the same photograph at the same payload: steghide itself, the rest simulated.

Simulated: LSB replacement (JSteg); OutGuess 0.2 (Provos 2001: replacement, then the histogram is put right); nsF5 at
the bound of its code (Fridrich, Pevny, Kodovsky, ACM MM&Sec 2007); J-UNIWARD at the ternary bound (Holub, Fridrich,
Denemark, EURASIP 2014), which is what HStego comes near to. Planted: our own number of changes, with costs left out.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import correlate1d
from scipy.optimize import brentq

from detect.features import BASIS, ZIGZAG, decoded
from fifthfloor.carriers.roll.covers import cover_of

Planes = NDArray[np.int16]
_NO_DC = np.arange(64) > 0
# The high pass of Daubechies' wavelet of 16 taps; the low pass is it reversed, every second sign turned.
_DB8 = np.array(
    [-0.0544158422, 0.3128715909, -0.6756307363, 0.5853546837, 0.0158291053, -0.2840155430, -0.0004724846,
     0.1287474266, 0.0173693010, -0.0440882539, -0.0139810279, 0.0087460940, 0.0048703530, -0.0003917404,
     -0.0006754494, -0.0001174768]
)  # fmt: skip


def _usable(fit: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.flatnonzero((fit & _NO_DC).reshape(-1))


def lsb(blocks: Planes, bits: int, chance: np.random.Generator) -> Planes:
    """Replace the lowest bits of coefficients that are neither 0 nor 1 (JSteg), at random places."""
    out = blocks.copy()
    flat = out.reshape(-1)
    chosen = chance.choice(_usable((blocks != 0) & (blocks != 1)), bits, replace=False)
    flat[chosen] = (flat[chosen] & ~1) | chance.integers(0, 2, bits).astype(np.int16)
    return out


def outguess(blocks: Planes, bits: int, chance: np.random.Generator) -> Planes:
    """Replace as `lsb` does, then turn back as many others of each pair of values as went over."""
    out = lsb(blocks, bits, chance)
    flat, before = out.reshape(-1), blocks.reshape(-1)
    free = _usable((blocks != 0) & (blocks != 1) & (out == blocks))
    for even in range(-40, 41, 2):
        if even == 0:
            continue
        surplus = int((flat == even).sum() - (before == even).sum())
        source = even if surplus > 0 else even + 1
        there = free[flat[free] == source]
        chosen = chance.choice(there, min(abs(surplus), len(there)), replace=False)
        flat[chosen] = 2 * even + 1 - source
    return out


def nsf5(blocks: Planes, bits: int, chance: np.random.Generator) -> Planes:
    """Bring coefficients nearer to 0, as many as an ideal wet paper code changes for so many bits."""
    out = blocks.copy()
    flat, usable = out.reshape(-1), _usable(blocks != 0)

    def entropy(p: float) -> float:
        return float(-p * np.log2(p) - (1 - p) * np.log2(1 - p))

    share = brentq(lambda p: entropy(p) - bits / len(usable), 1e-9, 0.5)
    chosen = chance.choice(usable, round(share * len(usable)), replace=False)
    flat[chosen] -= np.sign(flat[chosen])
    return out


def without_costs(blocks: Planes, changes: int, chance: np.random.Generator) -> Planes:
    """Change any coefficients by one: a fault that a detector must find, else it is none."""
    out = blocks.copy()
    flat = out.reshape(-1)
    chosen = chance.choice(_usable(np.ones(blocks.shape, np.bool_)), changes, replace=False)
    flat[chosen] += chance.choice(np.array([-1, 1], np.int16), changes)
    return out


def uniward_costs(blocks: Planes, steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what J-UNIWARD says a change by one costs; (high, wide, 64) zigzag."""
    high = _DB8.astype(np.float32)
    low = high[::-1] * np.where(np.arange(16) % 2, -1, 1).astype(np.float32)
    pixels = np.pad(decoded(blocks, steps), 16, mode="symmetric")
    basis = np.pad(BASIS, ((0, 0), (15, 15)))
    total = np.zeros((blocks.shape[0] * blocks.shape[1], 64), np.float32)
    for down, across in ((low, high), (high, low), (high, high)):
        seen = correlate1d(correlate1d(pixels, down, axis=0), across, axis=1)
        weight = (1 / (np.abs(seen) + np.float32(2**-6))).astype(np.float32)
        # A change of one coefficient moves 23 x 23 of these numbers, by a product of two rows.
        rows = np.abs([np.convolve(row[15:23], down[::-1]) for row in basis]).astype(np.float32)
        columns = np.abs([np.convolve(row[15:23], across[::-1]) for row in basis]).astype(np.float32)
        first = 16 - 7  # where the first block's window begins, to the filter's own shift
        wide = sliding_window_view(weight, 23, axis=1)[:, first : first + 8 * blocks.shape[1] : 8] @ columns.T
        tall = sliding_window_view(wide, 23, axis=0)[first : first + 8 * blocks.shape[0] : 8]
        total += np.einsum("yxlt,kt->yxkl", tall, rows, optimize=True).reshape(-1, 64)
    return (total.reshape(*blocks.shape[:2], 64)[..., ZIGZAG] * steps).astype(np.float32)


def at_bound(blocks: Planes, costs: NDArray[np.float32], bits: int, chance: np.random.Generator) -> Planes:
    """Change by one as an ideal ternary code would, at these costs."""
    flat = blocks.reshape(-1).copy()
    cost = costs[..., 1:].reshape(-1).astype(np.float64)
    cost /= np.median(cost)
    sample = chance.choice(cost, min(len(cost), 400_000), replace=False)

    def change(logarithm: float, of: NDArray[np.float64]) -> NDArray[np.float64]:
        weight = np.exp(-np.minimum(np.exp(logarithm) * of, 700))
        return np.asarray(weight / (1 + 2 * weight))

    def surplus(logarithm: float) -> float:
        p = change(logarithm, sample)
        said = -(2 * p * np.log2(np.maximum(p, 1e-300)) + (1 - 2 * p) * np.log2(np.maximum(1 - 2 * p, 1e-300)))
        return float(said.mean() * len(cost) - bits)

    share = change(brentq(surplus, -10, 30, xtol=1e-3), cost)
    drawn = chance.random(len(cost))
    step = (drawn < share).astype(np.int16) - (drawn > 1 - share).astype(np.int16)
    flat.reshape(-1, 64)[:, 1:] += step.reshape(-1, 63)
    return flat.reshape(blocks.shape)


def steghide(data: bytes, bits: int, chance: np.random.Generator) -> Planes | None:
    """Let steghide hide as many random bytes, neither packed nor with a name; None where it cannot or is not there."""
    with tempfile.TemporaryDirectory() as made:
        cover, secret, out = (Path(made) / name for name in ("a.jpg", "b", "c.jpg"))
        cover.write_bytes(data)
        secret.write_bytes(chance.bytes(bits // 8 - 30))
        line: list[str | Path] = [
            "steghide",
            "embed",
            "-q",
            "-Z",
            "-N",
            "-K",
            "-p",
            "p",
            "-cf",
            cover,
            "-ef",
            secret,
            "-sf",
            out,
        ]
        try:
            subprocess.run(line, check=True, capture_output=True, timeout=60)
        except (OSError, subprocess.SubprocessError):
            return None
        written = cover_of(out.read_bytes())
    part = written.picture.frame.components[0]
    return np.asarray(written.picture.coefficients[written.rows].reshape(part.blocks_high, part.blocks_wide, 64))
