"""A floor for rolls: from an archive to sealed slots of 1,024 bytes (spec/floor.md, section 3.3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from fifthfloor.floor.header import FLOOR_ID_BYTES, MAX_NUMBER, SHARE_BYTES, SlotHeader, Terms
from fifthfloor.floor.noise import Random, shuffled
from fifthfloor.floor.numbers import listed_numbers, number_bits
from fifthfloor.floor.roll_plan import RollPlan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shards import encode
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import FINE_IN_SLOT, FINE_SYMBOL_BYTES, RANDOM_BYTES, SMALL_SLOT_BYTES, SlotCipher

_MOST_BITS = (MAX_NUMBER // FINE_IN_SLOT).bit_length() - 1


def seal_rolls(archive: bytes, plan: RollPlan, keys: FloorKeys, random: Random) -> tuple[bytes, list[list[bytes]]]:
    """Encrypt, code and seal an archive for some rolls.

    Args:
        archive: from `archive.pack`, padded to symbols of 880 bytes.
        plan: of the rolls.
        keys: of the floor.
        random: source of chance.

    Returns:
        (floor id, for each roll as many slots as it has room, in uniformly random order).

    Raises:
        ValueError: there are more slots than numbers.
    """
    content_key, floor_id = random(SHARE_BYTES), random(FLOOR_ID_BYTES)
    sealed = Cipher(algorithms.AES(content_key), modes.CTR(bytes(16))).encryptor().update(archive)
    counts = [_counts(sum(slots), len(plan.groups)) for slots in plan.slots]
    stretches = [-(-max(roll) // FINE_IN_SLOT) for roll in counts]
    bits = number_bits(sum(stretches))
    if bits > _MOST_BITS:
        raise ValueError("more slots than there are numbers")
    at = shuffled(np.arange(1, 256, dtype=np.int64), random)[: len(counts)].tolist()
    shares = split(content_key, plan.threshold, len(counts), random, at)
    rolls, first = [], 0
    for x, share, roll, stretch in zip(at, shares, counts, stretches, strict=True):
        terms = Terms(len(counts), plan.threshold, bits, len(plan.groups), sum(plan.groups), first, stretch)
        header = SlotHeader(x, floor_id, 0, 0, share, terms.seal(content_key, x), fine=True)
        numbers = [
            _numbers(listed_numbers(content_key, group, bits)[first : first + stretch], count, random)
            for group, count in enumerate(roll)
        ]
        rolls.append(_sealed(sealed, plan.groups, numbers, header, SlotCipher(keys), random))
        first += stretch
    return floor_id, rolls


def _counts(slots: int, groups: int) -> list[int]:
    """Deal slots to groups as evenly as they go."""
    return [slots // groups + (group < slots % groups) for group in range(groups)]


def _numbers(listed: NDArray[np.int64], count: int, random: Random) -> list[int]:
    """Draw the symbol numbers of one roll and group: each number of the list stands for eighteen."""
    fine = (listed[:, None] * FINE_IN_SLOT + np.arange(FINE_IN_SLOT)).reshape(-1)
    return [int(number) for number in shuffled(fine, random)[:count]]


def _sealed(
    archive: bytes,
    groups: Sequence[int],
    numbers: Sequence[Sequence[int]],
    like: SlotHeader,
    cipher: SlotCipher,
    random: Random,
) -> list[bytes]:
    shards: list[tuple[SlotHeader, bytes | memoryview]] = []
    start = 0
    for group, (count, wanted) in enumerate(zip(groups, numbers, strict=True)):
        end = start + count * FINE_SYMBOL_BYTES
        made = encode(archive[start:end], wanted, FINE_SYMBOL_BYTES)
        for number, symbol in zip(wanted, made, strict=True):
            header = SlotHeader(like.carrier, like.floor_id, group, number, like.share, like.terms, fine=True)
            shards.append((header, symbol.tobytes()))
        start = end
    slots = [memoryview(bytearray(SMALL_SLOT_BYTES)) for _ in shards]
    cipher.seal_into(shards, random(RANDOM_BYTES * len(shards)), slots)
    return [bytes(slots[place]) for place in shuffled(np.arange(len(slots), dtype=np.int64), random).tolist()]
