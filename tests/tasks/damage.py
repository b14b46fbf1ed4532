"""What happens to a card after it was swept, as `--overwrite` promises to survive it (spec/floor.md, section 7).

Every function takes an image, changes it, and returns nothing; chance comes from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
from tests.tasks.cards_at_hand import layout_of

from fifthfloor.cards.image import open_card
from fifthfloor.floor.plan import OVERWRITTEN_RUN_BYTES, places_hit
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor_theatre.cards.format import FatWriter, fill_like_a_camera

MOMENT = datetime(2026, 5, 5, 9, 0, 0)


def camera_files(path: Path, percent: float, seed: int = 1) -> None:
    """Photographs of 4 to 25 MB through the file system, from the first free cluster on (FAT32)."""
    chance = random.Random(seed)
    total = int(layout_free(path) * percent / 100) - 64 * 1024  # what the folder and last clusters take is inside
    with FatWriter(path) as writer:
        fill_like_a_camera(writer, total, chance.randbytes, MOMENT)


def first_free_clusters(path: Path, percent: float, seed: int = 1) -> None:
    """The same bytes without a file system: the first free ones, rising."""
    _overwrite(path, 0, int(layout_free(path) * percent / 100), seed)


def burst(path: Path, percent: float, start: float, seed: int = 1) -> None:
    """One run of the free bytes from a fraction `start` of them on; past the end it goes on at the beginning."""
    free = layout_free(path)
    length = int(free * percent / 100)
    first = int(free * start)
    _overwrite(path, first, min(length, free - first), seed)
    _overwrite(path, 0, max(0, length - (free - first)), seed + 1)


def scattered_places(path: Path, percent: float, seed: int = 1) -> None:
    """Blocks of one place each, wherever chance puts them."""
    layout = layout_of(path)
    chance = random.Random(seed)
    count = int(layout.free_bytes * percent / 100) // SLOT_BYTES
    with path.open("r+b") as image:
        for offset in chance.sample(layout.places.tolist(), min(count, len(layout.places))):
            image.seek(offset)
            image.write(chance.randbytes(SLOT_BYTES))


def scattered_runs(path: Path, percent: float, seed: int = 1) -> None:
    """Runs of 4 MiB at any byte of the free space, each touching a place beyond its length."""
    chance = random.Random(seed)
    free = layout_free(path)
    count = int(free * percent / 100) // OVERWRITTEN_RUN_BYTES
    gaps = sorted(chance.randrange(free - count * OVERWRITTEN_RUN_BYTES) for _ in range(count))
    for number, gap in enumerate(gaps):
        _overwrite(path, gap + number * OVERWRITTEN_RUN_BYTES, OVERWRITTEN_RUN_BYTES, seed + number)


def flipped_bits(path: Path, percent: float, seed: int = 1) -> None:
    """As many single bits as places may be hit."""
    layout = layout_of(path)
    chance = random.Random(seed)
    with path.open("r+b") as image:
        for offset in chance.sample(layout.places.tolist(), places_hit(layout.room, percent / 100)):
            at = offset + chance.randrange(SLOT_BYTES)
            image.seek(at)
            byte = image.read(1)[0]
            image.seek(at)
            image.write(bytes([byte ^ 1 << chance.randrange(8)]))


def bad_sectors(path: Path, percent: float, seed: int = 1) -> list[int]:
    """Sectors of as many places as may be hit; the image is not changed, reading them is to fail."""
    layout = layout_of(path)
    chance = random.Random(seed)
    hit = chance.sample(layout.places.tolist(), places_hit(layout.room, percent / 100))
    return [offset // 512 + chance.randrange(SLOT_BYTES // 512) for offset in hit]


def cut_short(path: Path, percent: float, seed: int = 1) -> None:
    """The image ends early, as when reading it was stopped, by so much of its free bytes; chance has no part."""
    del seed
    with open_card(path) as card:
        ends = np.cumsum(card.free[::-1, 1])
        wanted = int(card.free[:, 1].sum() * percent / 100)
        at = int(np.searchsorted(ends, wanted))
        offset, length = card.free[::-1][at].tolist()
        left_over = wanted - (int(ends[at - 1]) if at else 0)
        size = offset + length - left_over
    with path.open("r+b") as image:
        image.truncate(size)


def layout_free(path: Path) -> int:
    """Free bytes of a card."""
    return layout_of(path).free_bytes


def _overwrite(path: Path, first: int, length: int, seed: int) -> None:
    """Overwrite `length` of the free bytes, counted from the first."""
    chance = random.Random(seed)
    with open_card(path) as card:
        free = card.free.tolist()
    with path.open("r+b") as image:
        for offset, count in _part(free, first, length):
            image.seek(offset)
            image.write(chance.randbytes(count))


def _part(free: list[list[int]], first: int, length: int) -> Iterator[tuple[int, int]]:
    at = 0
    for offset, count in free:
        low, high = max(first, at), min(first + length, at + count)
        if low < high:
            yield offset + low - at, high - low
        at += count
