"""Floors of earlier versions are kept in theirs, whole, and what they lost is made anew."""

from __future__ import annotations

import random
from unittest import mock

import numpy as np
import pytest
from tests.tasks.memory_cards import card_of, no_progress, ragged
from tests.tasks.quick import LABEL, PASSPHRASE, seeded
from tools.vectors.build import CONTENT_KEY, Terms, archive, dealt, dealt_2, tar

from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.floor.raptor import replay
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES, SlotCipher
from fifthfloor.floor.symbol_numbers import listed_numbers
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.keep import prepare
from fifthfloor.tasks.floors.wipe import intend_wipe, wipe

FILES = (("a.jpg", random.Random(1).randbytes(120_000)),)
DEALT, LOST = 40, 6


@pytest.mark.usefixtures("quick_kdf")
def test_an_old_floor_is_kept_and_renewed() -> None:
    keys, plain = secret.keys_of(PASSPHRASE, LABEL), archive(tar(files=FILES))
    card = card_of(ragged((2 << 20,), 3, 1))
    places = random.Random(2).sample(card.layout.places.tolist(), DEALT)
    slots = dealt(plain, 2, 1, {1: range(DEALT)}, by=keys)[1]
    device = card.card.device
    for place, slot in zip(places[LOST:], slots[LOST:], strict=True):
        device.write(place, slot)
    # The other carrier, whole, tells how many a carrier was dealt.
    other = card_of(ragged((2 << 20,), 3, 2))
    more = dealt(plain, 2, 1, {2: range(DEALT, 2 * DEALT)}, by=keys)[2]
    for place, slot in zip(random.Random(3).sample(other.layout.places.tolist(), DEALT), more, strict=True):
        other.card.device.write(place, slot)
    with mock.patch.object(secret, "RANDOM", seeded(1)):
        keeping = prepare([card, other], [keys], no_progress)
        assert not replay._MEMORY.octets.size, "what is kept leaves its memory to what is hidden beside it"
        wipe([card, other], no_progress, keeping, intend_wipe([card, other], keeping))
    (health,) = keeping.health
    assert (health.lost, health.before, health.after) == (LOST, 2 * DEALT - LOST, 2 * DEALT)
    cipher, devices = SlotCipher(keys), [device, other.card.device]
    collection = Collection(devices, cipher, scan(devices, cipher, lambda _done: None))
    (facts,) = collection.floors()
    unlocked = facts.unlock()
    assert unlocked
    found = list(collection.placed(facts, 0))
    assert len(found) == 2 * DEALT
    assert {header.old is not None for _, header in found} == {True}
    assert max(header.symbol for _, header in found) == 2 * DEALT + LOST - 1, "above all that any carrier was dealt"
    at = np.array([offset for (source, offset), _ in found if source == 0])
    assert np.isin(at, card.layout.places).all()
    assert len(set(at.tolist()) & set(places)) < DEALT / 2, "new places"
    whole = collection.group(facts, unlocked, 0)
    assert whole is not None
    assert len(whole) == len(plain)
    assert len(plain) % SYMBOL_BYTES == 0


@pytest.mark.usefixtures("quick_kdf")
@pytest.mark.parametrize("veiled", [False, True], ids=["version 2", "version 4"])
def test_a_floor_keeps_its_veil_or_that_it_has_none(veiled: bool) -> None:
    keys, plain = secret.keys_of(PASSPHRASE, LABEL), archive(tar(files=FILES))
    card = card_of(ragged((2 << 20,), 3, 1))
    terms = Terms(1, 1, 14, 1, len(plain) // SYMBOL_BYTES, 0, DEALT)
    numbers = [(0, number) for number in listed_numbers(CONTENT_KEY, 0, 14, DEALT).tolist()]
    slots = dealt_2(plain, terms, {7: numbers}, by=keys, veiled=veiled)[7]
    places = random.Random(2).sample(card.layout.places.tolist(), DEALT)
    for place, slot in zip(places[LOST:], slots[LOST:], strict=True):
        card.card.device.write(place, slot)
    with mock.patch.object(secret, "RANDOM", seeded(1)):
        keeping = prepare([card], [keys], no_progress)
        wipe([card], no_progress, keeping, intend_wipe([card], keeping))
    cipher, devices = SlotCipher(keys), [card.card.device]
    collection = Collection(devices, cipher, scan(devices, cipher, lambda _done: None))
    (facts,) = collection.floors()
    unlocked = facts.unlock()
    assert unlocked
    placed = list(collection.placed(facts, 0))
    assert {header.kind for _, header in placed} == {(False, veiled)}
    found = {header.symbol: cipher.open(card.card.device.read(at, SLOT_BYTES)) for (_, at), header in placed}
    whole = {opened[0].symbol: opened for slot in slots if (opened := cipher.open(slot))}
    assert len(whole) == DEALT
    assert found == whole, "the lost ones are what they were"
    again = collection.group(facts, unlocked, 0)
    assert again is not None
    assert len(again) == len(plain)
