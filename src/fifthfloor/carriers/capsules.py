"""Reading: capsules of any number of carriers, tried at every place where one may stand (spec/sealed.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fifthfloor.cards.device import Device
from fifthfloor.cards.reading import read_card_on
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.carriers.free_space import Advance
from fifthfloor.floor.capsule import MEANT_BYTES, Entrusted, open_capsules
from fifthfloor.floor.grid import MOST_VOLUMES, STRIDE_BYTES
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.slot import SLOT_BYTES


def capsule_places(device: SkippingDevice) -> list[int]:
    """Return the offsets at which a capsule may stand, rising; they depend on the visible file systems alone.

    Where no file system is, such as in a collection (section 6), these are the multiples of 1 MiB.
    """
    size = device.size_bytes
    volumes = read_card_on(device).volumes[:MOST_VOLUMES]
    spans = [
        (one.heap_offset_bytes, min(size, one.heap_offset_bytes + one.cluster_count * one.cluster_bytes))
        for one in volumes
    ]
    return sorted(
        {at for first, end in spans or [(0, size)] for at in range(first, end - SLOT_BYTES + 1, STRIDE_BYTES)}
    )


def places_before_formatting(device: SkippingDevice, tried: Sequence[int]) -> list[int]:
    """Return where capsules may stand on a card that was formatted anew: cards are sold with heaps at a full MiB.

    Args:
        tried: what `capsule_places` returns; these are left out.
    """
    return sorted(set(range(0, device.size_bytes - SLOT_BYTES + 1, STRIDE_BYTES)).difference(tried))


def find_capsules(
    devices: Sequence[SkippingDevice], places: Sequence[Sequence[int]], key: RecipientKey, label: str, advance: Advance
) -> list[tuple[Entrusted, int, int]]:
    """Try every place of every device; what is found does not change what is read.

    Args:
        devices: in any order, strangers among them.
        places: of each device, rising.
        key: of the recipient.
        label: as typed.
        advance: told the bytes of card just passed.

    Returns:
        for each different key what its capsules hold, and where the first of them is: device and offset; those with
        capsules on the most devices come first, then those with the most.
    """
    found: dict[bytes, tuple[Entrusted, int, int]] = {}
    copies: dict[bytes, list[int]] = {}
    for number, (device, here) in enumerate(zip(devices, places, strict=True)):
        for at, opened in zip(here, open_capsules(_read(device, here, advance), key, label), strict=True):
            if opened is not None:
                master = bytes(opened.master)
                found.setdefault(master, (opened, number, at))
                copies.setdefault(master, []).append(number)
    # Whoever has the recipient's line may have planted any number; the true one stands on every card, many times.
    return [found[master] for master in sorted(found, key=lambda one: (-len({*copies[one]}), -len(copies[one]), one))]


def _read(device: Device, places: Sequence[int], advance: Advance) -> Iterator[bytes]:
    for at in places:
        yield device.read(at, MEANT_BYTES)
        advance(STRIDE_BYTES)
