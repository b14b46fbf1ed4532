"""Cards in memory, of any size and shape, swept by the real tasks: for tests that need many of them."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from tests.doubles import memory_device
from tests.tasks.quick import LABEL, PASSPHRASE, quick_argon2id, seeded

from fifthfloor.cards.extents import merged
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import Volume
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.floor import plan
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import symbols
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.sources import Sources, gather
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.wipe import wipe

ONE_DAY = 1_790_000_000  # seconds since 1970; in September 2026


@dataclass(frozen=True, slots=True)
class _Bare:
    """All that a sweep asks of a volume."""

    heap_offset_bytes: int
    free: NDArray[np.int64]


def bare_volume(heap_offset_bytes: int, free: NDArray[np.int64]) -> Volume:
    """Make a volume that has free extents and nothing else."""
    return cast(Volume, _Bare(heap_offset_bytes, free))


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep left in the free space.

    Args:
        contents: the whole device, shape (bytes,).
        free: extents, shape (n, 2).
        volumes: first byte of each volume's heap.
        places: offsets of all places.
        slots: offsets of the places that hold slots; for a wiped card, of those that would.
        groups: group of each of `slots`.
        windows: how many slots each window of the encoder has.
    """

    contents: NDArray[np.uint8]
    free: NDArray[np.int64]
    volumes: tuple[int, ...]
    places: NDArray[np.int64]
    slots: NDArray[np.int64]
    groups: NDArray[np.int64]
    windows: tuple[int, ...]

    @property
    def noise(self) -> NDArray[np.uint8]:
        """All free bytes, one extent after the other."""
        return np.concatenate([self.contents[offset : offset + length] for offset, length in self.free.tolist()])


def ragged(volume_bytes: tuple[int, ...], extents: int, seed: int) -> tuple[Volume, ...]:
    """Volumes whose free space adds up to `volume_bytes`, each in about `extents` pieces of whole sectors."""
    chance = random.Random(seed)
    at, made = 4096 * 8, []
    for total in volume_bytes:
        cuts = sorted(chance.sample(range(1, total // 512), extents - 1))
        bounds = [0, *(512 * cut for cut in cuts), total]
        heap, rows = at, []
        for low, high in itertools.pairwise(bounds):
            rows.append((at, high - low))
            at += high - low + 512 * chance.randrange(1, 9)  # a small file between
        made.append(bare_volume(heap, np.array(rows, np.int64)))
        at += 1 << 16
    return tuple(made)


def card_of(volumes: tuple[Volume, ...], contents: bytes | None = None) -> OpenedCard:
    """An opened card with these volumes."""
    last = volumes[-1].free[-1]
    device = memory_device(contents or bytes(int(last.sum()) + 8192))
    free = merged([volume.free for volume in volumes])
    card = Card(device, volumes, free)
    return OpenedCard(Path("memory"), card, lay_out(volumes), 0.0)


@contextmanager
def no_progress(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None


@contextmanager
def small_groups(source_symbols: int, window_slots: int) -> Iterator[list[tuple[list[int], NDArray[np.int64]]]]:
    """Several groups and windows where there would be one; gives the counts and labels of each hide."""
    noted: list[tuple[list[int], NDArray[np.int64]]] = []
    cut = partial(symbols.windows, most=window_slots)

    def windows(
        labels: NDArray[np.int64], numbers: NDArray[np.int64], groups: int, _most: int
    ) -> list[list[NDArray[np.int64]]]:
        rows = cut(labels, numbers, groups)
        noted.append(([sum(map(len, row)) for row in rows], labels))
        return rows

    with (
        mock.patch.object(plan, "MAX_SOURCE_SYMBOLS", source_symbols),
        mock.patch.object(hiding, "windows", windows),
        mock.patch.object(symbols, "_SMALL_SLOTS", 1 << 30),
    ):
        yield noted


def hide_in(opened: OpenedCard, sources: Sources, seed: int, overwrite: float = 0.2) -> Swept:
    """Hide on one card with seeded chance."""
    with (
        mock.patch.object(secret, "RANDOM", seeded(seed)),
        mock.patch.object(secret, "KDF", quick_argon2id),
        small_groups(500, 700) as noted,
    ):
        keys = secret.keys_of(PASSPHRASE, LABEL)
        intent = intend(sources, [opened], 0, overwrite)
        hiding.hide(intent, [opened], keys, no_progress)
    counts, labels = noted[0]
    return _swept(opened, intent.placed[0].offsets, labels, tuple(counts))


def wipe_in(opened: OpenedCard, seed: int, like: Swept) -> Swept:
    """Wipe a card with seeded chance; `like` says where slots would have been."""
    with mock.patch.object(secret, "RANDOM", seeded(seed)):
        wipe([opened], no_progress)
    return _swept(opened, like.slots, like.groups, like.windows)


def one_file(folder: Path, size_bytes: int, seed: int) -> Sources:
    """Something to hide, always of the same day: the manifest says it, and with it every byte of a floor is drawn."""
    path = folder / f"photo{seed}.jpg"
    path.write_bytes(random.Random(seed).randbytes(size_bytes))
    os.utime(path, (ONE_DAY, ONE_DAY))
    return gather([path])


def _swept(opened: OpenedCard, slots: NDArray[np.int64], groups: NDArray[np.int64], windows: tuple[int, ...]) -> Swept:
    device = opened.card.device
    contents = np.frombuffer(device.read(0, device.size_bytes), np.uint8)
    heaps = tuple(volume.heap_offset_bytes for volume in opened.card.volumes)
    return Swept(contents, opened.card.free, heaps, opened.layout.places, slots, groups, windows)
