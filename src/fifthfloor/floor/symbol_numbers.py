"""Which symbol numbers a floor has, and which of them each carrier (spec/floor.md, section 4.1).

Rule: numbers say nothing. Those of one carrier are a random subset of a range that is the same for every floor, and a
lost shard is made anew under its own number, so a renewed floor is the one that was hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from fifthfloor.floor.header import MAX_NUMBER, expand
from fifthfloor.floor.noise import Random, shuffled

LIST_BITS = (MAX_NUMBER - 1).bit_length()


def listed_numbers(content_key: bytes, group: int, bits: int, count: int) -> NDArray[np.int64]:
    """Return how a group's list of numbers begins: those below 2^bits, in an order that only the content key tells.

    A carrier has the stretch `first` to `first + shards` of it.

    Args:
        content_key: 32 bytes.
        group: whose list.
        bits: of the floor's terms.
        count: of how many numbers; 1 or more.

    Raises:
        ValueError: there are not so many.
    """
    if count > 1 << bits:
        raise ValueError("more shards of a group than there are numbers")
    key = expand(content_key, b"numbers" + group.to_bytes(4, "big"))
    stream = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(8 << bits))
    words = np.frombuffer(stream, ">u8").astype(np.uint64)
    # A list is a million numbers and begins with thousands: only those are sorted.
    first = np.flatnonzero(words <= np.partition(words, count - 1)[count - 1])
    return first[np.argsort(words[first], kind="stable")][:count].astype(np.int64)


def dealt_numbers(
    labels: Sequence[NDArray[np.int64]], groups: int, bits: int, content_key: bytes, random: Random
) -> list[NDArray[np.int64]]:
    """Draw which symbol number stands at each slot.

    Args:
        labels: for each carrier, the group of each of its slots; of every group equally many on one carrier.
        groups: of the floor.
        bits: of the floor's terms.
        content_key: 32 bytes.
        random: decides what stands where; the content key does not tell it.

    Returns:
        like `labels`.
    """
    numbers = [np.empty(len(one), np.int64) for one in labels]
    orders = [np.argsort(one, kind="stable") for one in labels]
    each = [len(one) // groups for one in labels]
    for group in range(groups):
        listed, first = listed_numbers(content_key, group, bits, sum(each)), 0
        for mine, order, count in zip(numbers, orders, each, strict=True):
            mine[order[group * count : (group + 1) * count]] = shuffled(listed[first : first + count], random)
            first += count
    return numbers
