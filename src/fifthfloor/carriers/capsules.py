"""Reading: capsules of any number of carriers, tried at every place where one may stand (spec/sealed.md, section 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fifthfloor.cards.device import Device
from fifthfloor.cards.reading import read_card_on
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.floor.capsule import MEANT_BYTES, Entrusted, open_capsules
from fifthfloor.floor.grid import MOST_VOLUMES, STRIDE_BYTES
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.slot import SLOT_BYTES

Advance = Callable[[int], None]


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


def find_capsules(
    devices: Sequence[SkippingDevice], key: RecipientKey, label: str, advance: Advance
) -> list[tuple[Entrusted, int, int]]:
    """Try every place of every device; what is found does not change what is read.

    Args:
        devices: in any order, strangers among them.
        key: of the recipient.
        label: as typed.
        advance: told the bytes of card just passed.

    Returns:
        for each different floor what its capsules hold, and where the first of them is: device and offset.
    """
    found: dict[bytes, tuple[Entrusted, int, int]] = {}
    for number, device in enumerate(devices):
        places = capsule_places(device)
        for at, opened in zip(places, open_capsules(_read(device, places, advance), key, label), strict=True):
            if opened is not None:
                found.setdefault(bytes(opened.master), (opened, number, at))
    return [found[master] for master in sorted(found)]


def _read(device: Device, places: Sequence[int], advance: Advance) -> Iterator[bytes]:
    for at in places:
        yield device.read(at, MEANT_BYTES)
        advance(STRIDE_BYTES)
