"""`open --collect`: what some cards hold of a floor, kept until the others are there (spec/sealed.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import placed
from fifthfloor.floor.grid import STRIDE_PLACES
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.here import Here


@dataclass(frozen=True, slots=True)
class Collected:
    """What was kept.

    Args:
        path: of the file.
        slots: of it.
    """

    path: Path
    slots: int


def check_collection(path: Path | None) -> None:
    """Refuse a name that is taken, before anybody types a secret. Raises BadInput."""
    if path is not None and path.exists():
        raise BadInput("open.collection_there", path=str(path))


def collect(floors: Sequence[Here], path: Path) -> Collected:
    """Write the slots of some floors, sealed as they are, into a new file that is a carrier like any other.

    Args:
        floors: that do not come back yet.
        path: where nothing lies.

    Raises:
        OSError: from the system; nothing stays then.
    """
    count = 0
    with placed(path, private=True) as file:
        for slot in _laid_out(floors):
            file.write(slot)
            count += 1
    return Collected(path, count)


def _laid_out(floors: Sequence[Here]) -> Iterator[bytes]:
    """Give a capsule at every 64th place, and the slots between; chance where they are too few to reach the next."""
    capsules = [one.capsule for one in floors if one.capsule]
    slots = chain.from_iterable(one.collection.raw(one.facts) for one in floors)
    for number, capsule in enumerate(capsules, start=1):
        yield capsule
        for _ in range(STRIDE_PLACES - 1 if number < len(capsules) else 0):
            yield next(slots, None) or secret.RANDOM(SLOT_BYTES)
    yield from slots
