"""After `hide --to`: every shard is opened and every file compared while the key is still there; nobody can later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fifthfloor.carriers.collection import Collection, FloorFacts, scan
from fifthfloor.errors import BadInput
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks.floors.hide import Hidden, Intent
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.verifying import file_hashes
from fifthfloor.tasks.progress import Progress


def check_every_shard(
    intent: Intent, hidden: Hidden, cards: Sequence[OpenedCard], keys: FloorKeys, progress: Progress
) -> None:
    """Read the cards again as whoever opens them will, and compare.

    Args:
        intent, hidden: of the floor that was just written; its capsules were compared when they were read back.
        cards: still opened.
        keys: of the floor.
        progress: shown for the reading.

    Raises:
        BadInput: a shard does not open, or a file came back different: this floor is not to be counted on.
    """
    devices = [opened.card.device for opened in cards]
    cipher = SlotCipher(keys)
    with progress("work.prove", sum(device.size_bytes for device in devices)) as advance:
        collection = Collection(devices, cipher, scan(devices, cipher, advance))
    facts = next((one for one in collection.floors() if one.floor_id == hidden.floor_id), None)
    unlocked = facts.unlock() if facts else None
    due = np.array(intent.plan.slots)
    if facts is None or unlocked is None:
        raise BadInput("sealed.not_whole", have=0, due=int(due.sum()))
    have = _counted(collection, facts, unlocked.groups, len(cards))
    if not np.array_equal(have, due):
        raise BadInput("sealed.not_whole", have=int(have.sum()), due=int(due.sum()))
    entries = intent.sources.entries
    read = {e.name: digest for e, digest in zip(entries, hidden.file_hashes, strict=True) if not e.is_directory}
    if file_hashes(collection, facts, unlocked) != read:
        raise BadInput("floor.archive_broken")


def _counted(
    collection: Collection, facts: FloorFacts, groups: int, cards: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    have = np.zeros(cards, np.int64)
    for group in range(groups):
        for (card, _offset), _header in collection.placed(facts, group):
            have[card] += 1
    return have
