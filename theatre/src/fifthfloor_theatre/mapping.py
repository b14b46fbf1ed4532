"""What stands where on a card, for the owner's eyes: only with the keys do hidden and random differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.device import Device
from fifthfloor.cards.image import open_card, open_raw
from fifthfloor.carriers.collection import scan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher

StripKind = Literal["visible", "deleted", "hidden", "decoy", "random", "damaged"]


@dataclass(frozen=True, slots=True)
class Strip:
    """Bytes of one kind on a card."""

    offset_bytes: int
    length_bytes: int
    kind: StripKind


@dataclass(frozen=True, slots=True)
class CardState:
    """A card as it was at one moment.

    Args:
        size_bytes: of the card.
        stretches: visible, then free, then hidden and decoy; later ones lie over earlier ones.
        slots: device offsets of the recognised slots, rising.
    """

    size_bytes: int
    stretches: tuple[Strip, ...]
    slots: NDArray[np.int64]


def state_of(path: Path, keys: FloorKeys, decoy_keys: FloorKeys | None = None) -> CardState:
    """Read a card and say what stands where.

    Args:
        path: an image whose file system can be read.
        keys: of the floors to be shown as hidden.
        decoy_keys: of the floors to be shown as decoys.
    """
    with open_raw(path) as device:
        slots = _slots_of(device, keys)
        decoys = np.zeros(0, np.int64) if decoy_keys is None else _slots_of(device, decoy_keys)
    with open_card(path) as card:
        visible = [
            Strip(extent.offset_bytes, extent.length_bytes, "visible")
            for file in card.files()
            for extent in file.extents
        ]
        free = [Strip(int(offset), int(length), "random") for offset, length in card.free]
        stretches = (*visible, *free, *_slots(slots, "hidden"), *_slots(decoys, "decoy"))
        return CardState(card.device.size_bytes, stretches, np.union1d(slots, decoys))


def compared(before: CardState, after: CardState) -> tuple[Strip, ...]:
    """Return the stretches of `after`, and what became of those of `before`.

    Slots that are gone are damaged; free space that held a visible file, and was not swept since, is a deleted one.
    """
    deleted = (Strip(stretch.offset_bytes, stretch.length_bytes, "deleted") for stretch in _of_kind(before, "visible"))
    lost = np.setdiff1d(before.slots, after.slots)
    return (
        *_of_kind(after, "random"),
        *deleted,
        *_of_kind(after, "visible"),
        *_of_kind(after, "hidden"),
        *_of_kind(after, "decoy"),
        *_slots(lost, "damaged"),
    )


def _slots_of(device: Device, keys: FloorKeys) -> NDArray[np.int64]:
    return np.sort(scan([device], SlotCipher(keys), lambda _done: None).offset)


def _of_kind(state: CardState, kind: StripKind) -> Iterator[Strip]:
    return (stretch for stretch in state.stretches if stretch.kind == kind)


def _slots(offsets: NDArray[np.int64], kind: StripKind) -> Iterator[Strip]:
    return (Strip(int(offset), SLOT_BYTES, kind) for offset in offsets)
