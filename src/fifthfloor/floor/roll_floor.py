"""A floor for rolls, and for cards with them: from an archive to sealed slots (spec/floor.md, section 3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from fifthfloor.floor.header import FLOOR_ID_BYTES, MAX_NUMBER, SHARE_BYTES, SlotHeader, Terms
from fifthfloor.floor.noise import Random, shuffled
from fifthfloor.floor.roll_plan import RollPlan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shards import Solved, encode
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import (
    FINE_IN_SLOT,
    FINE_SYMBOL_BYTES,
    RANDOM_BYTES,
    SMALL_SLOT_BYTES,
    SYMBOL_BYTES,
    SlotCipher,
)
from fifthfloor.floor.symbol_numbers import dealt_numbers, listed_numbers
from fifthfloor.floor.veil import Veil

_FINE_LIST_BITS = (MAX_NUMBER // FINE_IN_SLOT).bit_length() - 1


@dataclass(frozen=True, slots=True, repr=False)
class CardPart:
    """What one card has of a floor that is in rolls too. Has no repr, because of the share.

    Args:
        carrier, share, terms: of its headers.
        numbers: of each of its slots, in order of writing; each stands for the eighteen symbols of a slot.
    """

    carrier: int
    share: bytes
    terms: bytes
    numbers: NDArray[np.int64]


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A floor that is in rolls.

    Args:
        floor_id: of it.
        rolls: for each roll as many slots as it has room, in uniformly random order.
        cards: for each card what it has.
        groups: what the symbols on cards are made of, encrypted.
        veil: over all of them.
    """

    floor_id: bytes
    rolls: list[list[bytes]]
    cards: list[CardPart]
    groups: list[memoryview]
    veil: Veil


def seal_rolls(
    archive: bytes, plan: RollPlan, keys: FloorKeys, random: Random, labels: Sequence[NDArray[np.int64]] = ()
) -> Sealed:
    """Encrypt, code and seal an archive for some rolls, and number what cards get of it.

    Args:
        archive: from `archive.pack`, padded to symbols of 880 bytes.
        plan: of the rolls, and of the cards.
        keys: of the floor.
        random: source of chance.
        labels: for each card, the group of each of its slots, in order of writing.

    Raises:
        ValueError: there are more slots than numbers.
    """
    content_key, floor_id = random(SHARE_BYTES), random(FLOOR_ID_BYTES)
    sealed = Cipher(algorithms.AES(content_key), modes.CTR(bytes(16))).encryptor().update(archive)
    counts = [_counts(sum(slots), len(plan.groups)) for slots in plan.slots]
    # The cards come first: their numbers are those of section 4.1.
    stretches = [*plan.shards, *(-(-max(roll) // FINE_IN_SLOT) for roll in counts)]
    carriers, cards = len(stretches), len(plan.shards)
    at = shuffled(np.arange(1, 256, dtype=np.int64), random)[:carriers].tolist()
    shares = split(content_key, plan.threshold, carriers, random, at)
    starts = [sum(stretches[:carrier]) for carrier in range(carriers)]
    heads = [
        Terms(carriers, plan.threshold, _FINE_LIST_BITS, len(plan.groups), sum(plan.groups), first, stretch).seal(
            content_key, x
        )
        for x, first, stretch in zip(at, starts, stretches, strict=True)
    ]
    dealt = dealt_numbers(labels, len(plan.groups), _FINE_LIST_BITS, content_key, random)
    parts = [CardPart(at[n], shares[n], heads[n], numbers) for n, numbers in enumerate(dealt)]
    rolls, veil = [], Veil(content_key)
    listed = [
        listed_numbers(content_key, group, _FINE_LIST_BITS, sum(stretches))
        for group in range(len(plan.groups) if counts else 0)
    ]
    for n, roll in enumerate(counts, start=cards):
        header = SlotHeader(at[n], floor_id, 0, 0, shares[n], heads[n], fine=True, veiled=True)
        numbers = [
            _numbers(listed[group][starts[n] : starts[n] + stretches[n]], count, random)
            for group, count in enumerate(roll)
        ]
        veiled = _veiled(sealed, plan.groups, numbers, veil)
        rolls.append(_sealed(veiled, numbers, header, SlotCipher(keys), random))
    return Sealed(floor_id, rolls, parts, list(_cut(sealed, plan.groups)), veil)


def _cut(archive: bytes, groups: Sequence[int]) -> Iterator[memoryview]:
    start = 0
    for count in groups:
        yield memoryview(archive)[start : start + count * FINE_SYMBOL_BYTES]
        start += count * FINE_SYMBOL_BYTES


def card_symbols(solved: Solved, veil: Veil | None, group: int, number: int) -> memoryview:
    """Make what a card's slot holds (section 3.3): eighteen symbols of one group, and zeros to their end.

    Args:
        solved: the group.
        veil: to lay over each; None for a floor without.
        group, number: of the slot.
    """
    first = number * FINE_IN_SLOT
    held = np.zeros(SYMBOL_BYTES, np.uint8)
    made = held[: FINE_IN_SLOT * FINE_SYMBOL_BYTES].reshape(FINE_IN_SLOT, FINE_SYMBOL_BYTES)
    solved.encode_into(np.arange(first, first + FINE_IN_SLOT, dtype=np.int64), list(made))
    if veil:
        veil.over_rows(group, range(first, first + FINE_IN_SLOT), made)
    return held.data


def _counts(slots: int, groups: int) -> list[int]:
    """Deal slots to groups as evenly as they go."""
    return [slots // groups + (group < slots % groups) for group in range(groups)]


def _numbers(listed: NDArray[np.int64], count: int, random: Random) -> list[int]:
    """Draw the symbol numbers of one roll and group: each number of the list stands for eighteen."""
    fine = (listed[:, None] * FINE_IN_SLOT + np.arange(FINE_IN_SLOT)).reshape(-1)
    return [int(number) for number in shuffled(fine, random)[:count]]


def _veiled(
    archive: bytes, groups: Sequence[int], numbers: Sequence[Sequence[int]], veil: Veil
) -> list[NDArray[np.uint8]]:
    """Make the symbols of these numbers, of each group one a row."""
    found = []
    for group, (whole, wanted) in enumerate(zip(_cut(archive, groups), numbers, strict=True)):
        made = encode(whole, wanted, FINE_SYMBOL_BYTES)
        veil.over_rows(group, wanted, made)
        found.append(made)
    return found


def _sealed(
    veiled: Sequence[NDArray[np.uint8]],
    numbers: Sequence[Sequence[int]],
    like: SlotHeader,
    cipher: SlotCipher,
    random: Random,
) -> list[bytes]:
    shards: list[tuple[SlotHeader, bytes | memoryview]] = []
    for group, (made, wanted) in enumerate(zip(veiled, numbers, strict=True)):
        for number, symbol in zip(wanted, made, strict=True):
            shards.append((replace(like, group=group, symbol=number), symbol.tobytes()))
    slots = [memoryview(bytearray(SMALL_SLOT_BYTES)) for _ in shards]
    cipher.seal_into(shards, random(RANDOM_BYTES * len(shards)), slots)
    return [bytes(slots[place]) for place in shuffled(np.arange(len(slots), dtype=np.int64), random).tolist()]
