"""Tests of randomness that an examiner with a card and no key can make, and some that need the key's map.

Each gives p-values; a good card has no very small one. Sources: chi-square and serial tests as in Knuth, TAOCP 2,
3.3.1 and 3.3.2; runs as in NIST SP 800-22, 2.3; the tail of chi-square by Wilson and Hilferty (1931).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from tests.tasks.memory_cards import Swept

from fifthfloor.carriers.free_space import STRETCH_BYTES
from fifthfloor.floor.slot import SLOT_BYTES

Bytes = NDArray[np.uint8]
_NEAR = 64  # bytes on either side of a boundary


def battery(card: Swept) -> dict[str, float]:
    """Return the p-value of each test."""
    noise = card.noise
    slots = np.stack([card.contents[at : at + SLOT_BYTES] for at in card.places.tolist()])
    phases = histograms(np.ascontiguousarray(slots.T))
    whole = np.bincount(noise, minlength=256)
    found = {
        "bytes": chi_square(whole),
        "bits": normal(ones(whole) - 4.0 * len(noise), math.sqrt(2.0 * len(noise))),
        "runs of bits": runs(noise, whole),
        **both("slot", histograms(slots)),
        **both("64 KiB", histograms(noise[: len(noise) // 65536 * 65536].reshape(-1, 65536))),
        **both("phase in slot", phases),
        **both("phase in sector", phases.reshape(-1, 512, 256).sum(axis=0)),
        "repeats": repeats(noise),
    }
    found |= {f"serial correlation at {lag}": serial(noise, lag) for lag in (1, 2, 16, 512, SLOT_BYTES)}
    for name, offsets in boundaries(card).items():
        found |= across(name, card.contents, offsets)
    return found | like_each_other(slots, card)


def boundaries(card: Swept) -> dict[str, NDArray[np.int64]]:
    """Places where one thing ends and the next begins, with free bytes on both sides where there are such."""
    heaps = np.array(card.volumes)
    pieces = np.concatenate([np.arange(heap, heap + (1 << 26), STRETCH_BYTES) for heap in card.volumes])
    edges = np.cumsum(card.windows)[:-1]
    return {
        "slot": card.slots,
        "place": card.places,
        "piece": np.unique(pieces),
        "window": card.slots[edges],
        "group": card.slots[1:][card.groups[1:] != card.groups[:-1]],
        "extent": card.free[:, 0],
        "end of extent": card.free[:, 0] + card.free[:, 1],
        "volume": heaps,
    }


def across(name: str, contents: Bytes, offsets: NDArray[np.int64]) -> dict[str, float]:
    """What stands just before and after boundaries; used bytes there are zeros and are left out."""
    after = [contents[at : at + _NEAR] for at in offsets.tolist() if at + _NEAR <= len(contents)]
    before = [contents[at - _NEAR : at] for at in offsets.tolist() if at >= _NEAR]
    found = {}
    for side, pieces in (("after", after), ("before", before)):
        kept = [piece for piece in pieces if piece.any()]
        if kept:
            found[f"{side} {name}"] = chi_square(np.bincount(np.concatenate(kept), minlength=256))
    sides = [
        (contents[at - _NEAR : at], contents[at : at + _NEAR])
        for at in offsets.tolist()
        if at >= _NEAR and at + _NEAR <= len(contents)
    ]
    pairs = [left ^ right for left, right in sides if left.any() and right.any()]
    if pairs:
        found[f"across {name}"] = chi_square(np.bincount(np.concatenate(pairs), minlength=256))
    return found


def like_each_other(slots: Bytes, card: Swept) -> dict[str, float]:
    """Whether slots that follow each other, in all or in one group, repeat or complement each other."""
    mine = slots[np.searchsorted(card.places, card.slots)]
    order = np.lexsort((card.slots, card.groups))
    same = card.groups[order][1:] == card.groups[order][:-1]
    inside = (mine[order][1:] ^ mine[order][:-1])[same]
    return {
        "slot after slot": chi_square(np.bincount((slots[1:] ^ slots[:-1]).ravel(), minlength=256)),
        "slot after slot of a group": chi_square(np.bincount(inside.ravel(), minlength=256)),
        "prefix after prefix of a group": chi_square(np.bincount(inside[:, :48].ravel(), minlength=256)),
    }


def histograms(rows: Bytes) -> NDArray[np.int64]:
    """Count the bytes of each row; shape (rows, 256)."""
    return np.stack([np.bincount(row, minlength=256) for row in rows])


def both(name: str, counts: NDArray[np.int64]) -> dict[str, float]:
    """The worst row, corrected for their number, and all rows together, too good or too bad."""
    expected = counts.sum(axis=1, keepdims=True) / 256
    statistic = ((counts - expected) ** 2 / expected).sum(axis=1)
    worst = min(upper_tail(float(statistic.max()), 255), upper_tail_low(float(statistic.min()), 255))
    together = float(statistic.sum())
    freedom = 255 * len(counts)
    return {
        f"worst {name}": -math.expm1(2 * len(counts) * math.log1p(-min(worst, 0.5))),
        f"every {name}": 2 * min(upper_tail(together, freedom), upper_tail_low(together, freedom)),
    }


def chi_square(counts: NDArray[np.int64]) -> float:
    """Two-sided p-value of a histogram of bytes."""
    expected = counts.sum() / 256
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return 2 * min(upper_tail(statistic, 255), upper_tail_low(statistic, 255))


def upper_tail(statistic: float, freedom: int) -> float:
    """Odds that chi-square is at least so large."""
    return 0.5 * math.erfc(_deviation(statistic, freedom) / math.sqrt(2))


def upper_tail_low(statistic: float, freedom: int) -> float:
    """Odds that chi-square is at most so large."""
    return 0.5 * math.erfc(-_deviation(statistic, freedom) / math.sqrt(2))


def _deviation(statistic: float, freedom: int) -> float:
    spread = 2 / (9 * freedom)
    return float(((statistic / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread))


def normal(distance: float, deviation: float) -> float:
    """Two-sided p-value of a distance from the mean."""
    return math.erfc(abs(distance) / deviation / math.sqrt(2))


_ONES = np.array([byte.bit_count() for byte in range(256)])
_TURNS = np.array([((byte ^ byte >> 1) & 0x7F).bit_count() for byte in range(256)])


def ones(whole: NDArray[np.int64]) -> float:
    """Bits that are one."""
    return float(_ONES @ whole)


def runs(noise: Bytes, whole: NDArray[np.int64]) -> float:
    """Turns from bit to bit: half of the pairs, if there is nothing to see."""
    inside = int(_TURNS @ whole)
    between = int(np.count_nonzero((noise[:-1] & 1) != (noise[1:] >> 7)))
    pairs = 8 * len(noise) - 1
    return normal(inside + between - pairs / 2, math.sqrt(pairs) / 2)


def repeats(noise: Bytes) -> float:
    """Odds of as many equal pairs among the 8 bytes at every sixteenth; a buffer used twice shows here only."""
    words = np.sort(noise[: len(noise) // 16 * 16].view(np.uint64)[::2])
    pairs = int(np.count_nonzero(words[1:] == words[:-1]))
    return 1.0 if not pairs else len(words) ** 2 / 2 / 2.0**64


def serial(noise: Bytes, lag: int) -> float:
    """Correlation of each byte with the one `lag` later."""
    total, count, step = 0.0, len(noise) - lag, 1 << 20
    for start in range(0, count, step):
        end = min(start + step, count)
        left = noise[start:end].astype(np.float32) - 127.5
        right = noise[start + lag : end + lag].astype(np.float32) - 127.5
        total += float(left @ right)
    variance = (256**2 - 1) / 12
    return normal(total, variance * math.sqrt(count))
