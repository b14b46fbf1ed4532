"""Stories as in `opened_floor`, in which C is sealed to somebody: capsules stand among A's slots (spec/sealed.md, 5).

A capsule may stand at every 16th place here, so that a small card has some; everything else is as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
from tests.oracle.opened_floor import Features, Seen, Sizes, Story, Teller, features
from tests.tasks.memory_cards import no_progress

from fifthfloor.carriers import free_space
from fifthfloor.floor import grid
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.keep import prepare
from fifthfloor.tasks.floors.sealing import seal_to
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard

EDITOR = RecipientKey(bytes(range(32)))
STRIDE = 16
SIZES = Sizes(4 << 20, 400_000, (160_000, 320_000, 480_000), 180_000)


@contextmanager
def denser() -> Iterator[None]:
    """A capsule may stand at every 16th place."""
    with (
        mock.patch.object(free_space, "STRIDE_BYTES", STRIDE * SLOT_BYTES),
        mock.patch.object(grid, "STRIDE_BYTES", STRIDE * SLOT_BYTES),
    ):
        yield


class SealedTeller(Teller):
    """Tells stories in which the last sweep seals C, or only keeps."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SIZES)
        self.capsules = 0

    def tell(self, story: Story) -> Seen:
        with denser():
            return super().tell(story)

    def _hide_c(self, card: OpenedCard, sources: Sources, kept: list[FloorKeys]) -> None:
        sealed = seal_to([EDITOR.public.line()], "")
        keeping = prepare([card], kept, no_progress)
        intent = intend(sources, [card], 0, 0.1, keeping, sealed.fingerprints)
        hiding.hide(intent, [card], sealed, no_progress, keeping)
        self.capsules = intent.capsules[0]


def sealed_features(seen: Seen) -> Features:
    """And what only the places of capsules could tell."""
    one, two = seen.first, seen.second
    on = [float(one.on_grid), float(two.on_grid), float(two.on_grid - one.on_grid)]
    return np.concatenate([features(seen), on])


def pushed_aside(seen: Seen) -> float:
    """A planted tell: A's slots on the grid where capsules had been drawn first, a third of them gone elsewhere."""
    return seen.second.on_grid * 2 / 3
