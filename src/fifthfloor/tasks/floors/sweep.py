"""What wipe and hide share: opened cards, what they offer, what will be gone, and the sweep itself."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.cards.free_writer import CardMedium as CardMedium  # benches and tests put a slow one in its place
from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.opening import same_place
from fifthfloor.carriers.free_space import Layout, Slots, lay_out, sweep
from fifthfloor.errors import BadInput
from fifthfloor.tasks import secret
from fifthfloor.tasks.progress import Progress, silent
from fifthfloor.unreadable import take_the_place_of_what_was_let_go

_SWEPT_SAMPLE_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card ready to be swept.

    Args:
        path: as the person gave it.
        card: opened for writing, and locked.
        layout: its writes and places.
        read_rate: bytes a second, measured just now on its free space, past the cache; 0 where nothing is free.
    """

    path: Path
    card: Card
    layout: Layout
    read_rate: float


def refuse_twice(paths: Sequence[Path]) -> None:
    """Raise BadInput where one card is given twice, under one name or two."""
    seen: set[str] = set()
    for path in paths:
        if same_place(path) in seen:
            raise BadInput("cards.twice", path=str(path))
        seen.add(same_place(path))


@contextmanager
def opened_cards(
    paths: Sequence[Path], serial: str | None = None, progress: Progress = silent
) -> Iterator[list[OpenedCard]]:
    """Open cards for writing, each once; everything is checked and nothing is written.

    Args:
        paths: block devices or images.
        serial: allows a device that is not removable.
        progress: shown while tables are read and the speed is measured, which is seconds on a slow card.

    Raises:
        BadInput: one is given twice, or is not a card that can be understood whole.
        DeviceRefused: mounted, not removable, in use.
    """
    refuse_twice(paths)
    with ExitStack() as stack:
        opened = []
        for path in paths:
            with progress("work.cards", 0):
                card = stack.enter_context(open_card(path, writable=True, serial=serial))
                layout = lay_out(card.volumes)
                opened.append(OpenedCard(path, card, layout, read_rate(card, layout)))
        yield opened


# Benchmarks put a slow card here, tests a recording one.
MEDIUM: type[CardMedium] = CardMedium


def sweep_card(opened: OpenedCard, slots: Slots | None, progress: Progress) -> None:
    """Sweep one card and read it back; see `carriers.free_space.sweep`."""
    take_the_place_of_what_was_let_go()
    free = opened.layout.free_bytes
    with ExitStack() as steps:
        advance = [steps.enter_context(progress("work.write", free))]
        done = 0

        def told(length_bytes: int) -> None:
            # Writing is over when all of it was told; what follows is the reading back, at another rate.
            nonlocal done
            if done >= free and len(advance) == 1:
                steps.close()
                advance.append(steps.enter_context(progress("work.check", free)))
            done += length_bytes
            advance[-1](length_bytes)

        sweep(MEDIUM(opened.card), opened.layout, slots, secret.RANDOM, told)


def read_rate(card: Card, layout: Layout) -> float:
    """Measure how many bytes a second of its free space are read; 0 where nothing is free."""
    card.device.drop_cache()
    done = 0
    begun = time.perf_counter()
    for offset, length in layout.writes.tolist():
        try:
            card.device.read(offset, length)
        except OSError:
            continue
        done += length
        if done >= _SWEPT_SAMPLE_BYTES:
            break
    return done / max(1e-6, time.perf_counter() - begun)
