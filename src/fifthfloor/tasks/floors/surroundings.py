"""What lies around frames that are to be removed: where it is noise, noise in their place says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreePiece, FreeReader, FreeSpace
from fifthfloor.audit.free_map import BLOCK_BYTES, MIN_TELLING_BYTES, RANDOM_KIND, Band, classify, screen
from fifthfloor.audit.islands import Extents
from fifthfloor.audit.swept import noise_findings
from fifthfloor.cards.image import Card, open_card
from fifthfloor.tasks.floors.frames import Taken

MIB = 1 << 20
NEAR_BYTES = 2 * MIB  # of free space on each side, files left out; what is further away is looked at in samples
_MOST_RUNS = 256  # of frames; of more of them so many are looked at, spread over all


def no_noise_in(
    reader: FreeReader, extents: Extents, see: Callable[[bytes], None] = lambda _data: None
) -> tuple[int, int]:
    """Read free space, and count what is no noise.

    Args:
        reader: the device.
        extents: offset and length in bytes, rising.
        see: shown all that is read.

    Returns:
        how many MiB of it do not look like noise, and how many deleted photographs begin there.

    Raises:
        OSError: the card cannot be read.
    """
    strange: set[int] = set()

    def look(piece: FreePiece, data: bytes) -> None:
        block = np.frombuffer(data, np.uint8)
        for at in range(0, len(block), BLOCK_BYTES):
            if classify(block[at : at + BLOCK_BYTES])[0] != RANDOM_KIND:
                strange.add((piece.start + at) // MIB)
        see(data)

    found = sum(1 for _ in carve(FreeSpace(reader, extents, look)))
    return len(strange), found


def would_be_island(taken: Taken, serial: str | None = None) -> bool:
    """Say whether frames that are removed from a card would leave noise where they lay, among what is none.

    Asked is whether all is noise that lies near them, and whether `audit` would call it an island. Where nothing else
    is free, no sweep would change what is seen.

    Raises:
        BadInput, DeviceRefused: as `open_card` for writing: a locked card is met before anything is asked.
    """
    with open_card(taken.path, writable=True, serial=serial) as card:
        free = _of(card.free.tolist())
        if not free or not taken.places:
            return False
        near = [(low, length) for low, length in near_by(free, taken.places) if length >= MIN_TELLING_BYTES]
        return any(any(no_noise_in(card.device, [one])) for one in near) or _named(card, free, taken.places)


def near_by(free: Extents, places: Extents) -> list[tuple[int, int]]:
    """Return the parts of free space that lie nearest to places, before and behind them.

    Args:
        free, places: offset and length, rising; `places` are none of `free`.
    """
    runs = _joined(places, free)
    runs = runs[:: -(-len(runs) // _MOST_RUNS)]
    starts = np.array([offset for offset, _ in free], np.int64)
    before = np.concatenate(([0], np.cumsum([length for _, length in free]))).astype(np.int64)
    spans: list[tuple[int, int]] = []  # in the sequence of all free bytes
    for offset in runs:
        at = int(before[np.searchsorted(starts, offset)])
        spans.append((max(0, at - NEAR_BYTES), min(int(before[-1]), at + NEAR_BYTES)))
    space = _parts(free, before, spans)
    return _of(space)


def _joined(places: Extents, free: Extents) -> list[int]:
    """Return one place of each run that no free space divides: what is near to one of them is near to all."""
    starts = np.array([offset for offset, _ in free], np.int64)
    gaps = np.searchsorted(starts, [offset for offset, _ in places])
    return [
        places[0][0],
        *(place[0] for (a, b), place in zip(pairwise(gaps.tolist()), places[1:], strict=True) if a != b),
    ]


def _parts(free: Extents, before: np.ndarray, spans: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    done = 0
    for low, high in sorted(spans):
        at = max(low, done)
        number = int(np.searchsorted(before, at, side="right")) - 1
        while at < high:
            step = min(high, int(before[number + 1])) - at
            yield free[number][0] + at - int(before[number]), step
            at, number = at + step, number + 1
        done = max(done, high)


def _named(card: Card, free: Extents, places: Extents) -> bool:
    """Whether `audit` would find an island where the places are, as far as a sample of the card tells."""
    seen = screen(card.device, free)
    gone = [Band("random", offset, length) for offset, length in places]
    runs = sorted([*gone, *(band for band in seen.bands if band.kind == "random")], key=lambda run: run.offset_bytes)
    sizes = seen.bytes_of | {"random": seen.bytes_of["random"] + sum(band.length_bytes for band in gone)}
    heaps = [volume.heap_offset_bytes for volume in card.volumes]
    all_free = sorted([*free, *places])
    found = noise_findings(replace(seen, bytes_of=sizes, random_runs=tuple(runs)), all_free, heaps, sharp=False)
    begun = {place.offset_bytes for item in found if item.kind == "card.noise_island" for place in item.places}
    return any(offset in begun for offset, _ in places)


def _of(extents: Iterable[Sequence[int]]) -> list[tuple[int, int]]:
    return [(int(offset), int(length)) for offset, length in extents]
