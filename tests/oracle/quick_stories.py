"""What the holder of floor A sees of a `hide --quick` beside it, in two images: runs that differ, and slots of A gone.

The limit of the law (spec/unseen.md): a quick floor does not keep others, and is told from nothing at all.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from tests.oracle.opened_floor import observe
from tests.tasks.memory_cards import card_of, no_progress, one_file, ragged
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, quick_argon2id, seeded

from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.kept import NOTHING_KEPT
from fifthfloor.tasks.floors.quick import draw
from fifthfloor.tasks.floors.wipe import wipe

CARD_BYTES = 160 << 20
A_BYTES = 6_000_000
OVERWRITE = 0.2
RUN_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class QuickSeen:
    """Both images as A's holder sees them, and what only the test knows.

    Args:
        hidden_bytes: of the quick floor.
        runs_changed: MiB of free space that differ between the images.
        free_bytes: of the card.
        before, after: slots of A in each image.
    """

    hidden_bytes: int
    runs_changed: int
    free_bytes: int
    before: int
    after: int

    @property
    def changed_share(self) -> float:
        return self.runs_changed * RUN_BYTES / self.free_bytes

    @property
    def lost_share(self) -> float:
        return (self.before - self.after) / self.before


def tell_quick(folder: Path, number: int) -> QuickSeen:
    """Tell one story: a swept card, A, and a quick floor of a size by chance, with the real tasks.

    Args:
        folder: for what is hidden.
        number: of the story; the same number is the same story.
    """
    size = random.Random(number).randrange(1_000_000, 24_000_000)
    a, c = one_file(folder, A_BYTES, 1), one_file(folder, size, 2 + number)
    with mock.patch.object(secret, "KDF", quick_argon2id), mock.patch.object(secret, "RANDOM", seeded(number)):
        keys_a, keys_c = secret.keys_of(PASSPHRASE, LABEL), secret.keys_of(WRONG, "c")
        card = card_of(ragged((CARD_BYTES,), 5, number))
        wipe([card], no_progress)
        hiding.hide(intend(a, [card], 0, OVERWRITE, NOTHING_KEPT), [card], keys_a, no_progress, NOTHING_KEPT)
        device = card.card.device
        first, before = device.read(0, device.size_bytes), len(observe(card, keys_a).at)
        drawn = draw(c, [card], 0, OVERWRITE)
        hiding.hide(drawn.intent, drawn.cards, keys_c, no_progress, NOTHING_KEPT)
        second = device.read(0, device.size_bytes)
        sectors = len(first) // 512
        changed = np.frombuffer(first, np.uint8, sectors * 512) != np.frombuffer(second, np.uint8, sectors * 512)
        runs = round(int(changed.reshape(sectors, 512).any(axis=1).sum()) * 512 / RUN_BYTES)
        return QuickSeen(size, runs, card.layout.free_bytes, before, len(observe(card, keys_a).at))
