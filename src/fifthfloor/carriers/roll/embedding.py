"""Slots into a photograph and out of it (spec/roll-carrier.md, sections 4 and 5).

The kernels are numba's, in the extras `home` and `roll`; they are imported when first needed.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.roll.both_layers import for_first_layer, sharpness_of
from fifthfloor.carriers.roll.columns import READ_HEIGHTS, TRELLIS_HEIGHT, columns_of
from fifthfloor.carriers.roll.covers import SLOT_BITS, Cover, ladder_of
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import PREFIX_BYTES, SECTOR_BYTES, SMALL_SLOT_BYTES, SlotCipher
from fifthfloor.jpeg.coefficients import write

LAYER_BITS = SLOT_BITS // 2  # the first half of a slot is in the lowest bits of coefficients, the second in the next
DEAREST = 8.0  # times sharpness: what the best code would change once in 3,000 is not looked at
_WHOLE_TABLE = (0x00, 0xF0, *(run << 4 | size for run in range(16) for size in range(1, 11)))


@dataclass(frozen=True, slots=True)
class Carrying:
    """A photograph with slots in it.

    Args:
        data: the whole file.
        changes: coefficients that were changed, each by one.
    """

    data: bytes
    changes: int


def embed(cover: Cover, slots: Sequence[bytes], roll_key: bytes) -> Carrying | None:
    """Put slots into a photograph; None where its coefficients do not hold them. Counterpart: `extract`.

    Args:
        cover: from `cover_of`.
        slots: 1,024 bytes each, as many as one of `ladder_of`.
        roll_key: of the passphrase.
    """
    from fifthfloor.carriers.roll import trellis, viterbi

    if len(slots) not in ladder_of(len(cover.rows)) or any(len(slot) != SMALL_SLOT_BYTES for slot in slots):
        raise ValueError("a photograph holds as many slots as the ladder says, of 1,024 bytes")
    order, columns = cover.order(roll_key), columns_of()
    coefficients = cover.picture.coefficients.copy()
    allowed, weights, quantiser = _prices(cover)
    changes = 0
    sharpness = sharpness_of(_some(weights[cover.rows], quantiser), len(slots) * SLOT_BITS / cover.coefficients)
    for span, slot in zip(cover.spans(len(slots)), slots, strict=True):
        bits = np.unpackbits(np.frombuffer(slot, np.uint8))
        # The upper layer first: there the direction of a change is bound, and what it changes the other leaves alone.
        for layer in (1, 0):
            part = bits[layer * LAYER_BITS : (layer + 1) * LAYER_BITS]
            found = trellis.cheapest(coefficients, allowed, weights, quantiser, order, columns, span, layer, part)
            costs = found[0] if layer == 0 else for_first_layer(found[0], sharpness)
            flips, price = viterbi.choose(costs, columns, found[2], TRELLIS_HEIGHT, np.float32(DEAREST / sharpness))
            if price < 0:
                return None
            changes += int(trellis.apply(coefficients, allowed, found[1], flips, layer))
    data = write(replace(cover.picture, coefficients=coefficients))
    return Carrying(data, changes)


def extract(cover: Cover, cipher: SlotCipher, keys: FloorKeys) -> list[bytes]:
    """Return the slots of these keys that a photograph holds; for a photograph without any the same work but for them.

    Args:
        cover: from `cover_of`.
        cipher: of `keys`.
        keys: of the floors.

    Counterpart: `embed`.
    """
    order, found = cover.order(keys.roll), []
    for height, count in itertools.product(READ_HEIGHTS, ladder_of(len(cover.rows))):
        spans, columns = cover.spans(count), columns_of(height)
        sectors = np.zeros((count, SECTOR_BYTES), np.uint8)
        for number, span in enumerate(spans):
            sectors[number, :PREFIX_BYTES] = _said(cover, order, columns, span, 1, 8 * PREFIX_BYTES)
        for number in cipher.recognise(sectors.reshape(-1)).sector.tolist():
            found.append(_said(cover, order, columns, spans[number], 2, LAYER_BITS).tobytes())
    return found


def richness(cover: Cover) -> NDArray[np.uint8]:
    """Count for each luma block that is seen its AC coefficients that are not zero."""
    from fifthfloor.carriers.roll import costs

    counts: NDArray[np.uint8] = costs.non_zero(cover.picture.coefficients, cover.rows)
    return counts


def has_whole_table(cover: Cover) -> bool:
    """Say whether the file's table has a code for every run and size of luma, as typical tables have."""
    return bool(_codes(cover)[list(_WHOLE_TABLE)].all())


def _said(
    cover: Cover,
    order: tuple[NDArray[np.int64], NDArray[np.int64]],
    columns: NDArray[np.int64],
    span: tuple[int, int],
    layers: int,
    bits: int,
) -> NDArray[np.uint8]:
    """Return the first bits of a segment in its layers, as bytes one after the other."""
    from fifthfloor.carriers.roll import trellis

    said = trellis.syndrome(cover.picture.coefficients, *order, columns, span, layers, bits, LAYER_BITS)
    return np.packbits(said)


def _some(weights: NDArray[np.float32], quantiser: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the costs of some blocks of a photograph, of which there are millions."""
    some = weights[:: max(1, 63 * len(weights) // 60_000)]
    return np.asarray(np.outer(some, quantiser[1:]).reshape(-1), np.float32)


def _prices(cover: Cover) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """Which changes may be made, and what they cost: the weight of a block times the step of a frequency."""
    from fifthfloor.carriers.roll import costs

    picture, luma = cover.picture, cover.picture.frame.components[0]
    quantiser = picture.header.quantisers[luma.quantiser].astype(np.float32)
    where = (luma.first_block, luma.blocks_wide, luma.blocks_high, luma.padded_wide)
    weights = costs.weigh(picture.coefficients, *where, quantiser)
    allowed = costs.allow(picture.coefficients, cover.rows, weights, _codes(cover), has_whole_table(cover))
    return allowed, weights, quantiser


def _codes(cover: Cover) -> NDArray[np.bool_]:
    scan = cover.picture.header.scans[0]
    table = scan.ac_tables[scan.components.index(0)]
    return table.emit != 0 if table is not None else np.zeros(256, np.bool_)
