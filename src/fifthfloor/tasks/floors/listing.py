"""What a passphrase opens, by name: for `list`, and for `hide`, which says what it keeps or lets go."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.carriers.collection import Collection, FloorFacts
from fifthfloor.errors import BadInput
from fifthfloor.floor.manifest import Listing, read_listing
from fifthfloor.tasks.floors.here import Opener, floors_here, raise_nothing
from fifthfloor.tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class Listed:
    """One floor.

    Args:
        short_id: eight hexadecimal digits of its id.
        listing: its date and files; None where too much of it is missing to say.
    """

    short_id: str
    listing: Listing | None


def list_floors(paths: Sequence[Path], keys: Opener, progress: Progress) -> list[Listed]:
    """List what is in every floor of a passphrase or identity; no photograph is brought back.

    Args:
        paths: cards and images, strangers among them.
        keys: of the floors.
        progress: shown for the reading.

    Raises:
        NothingFound: nothing is recognised, with the same error as `tasks.floors.open.open_floors`.
    """
    with floors_here(paths, keys, progress) as here:
        floors = [listed_floor(one.collection, one.facts) for one in here]
        if not floors:
            raise_nothing(keys)
    return sorted(floors, key=in_order)


def in_order(one: Listed) -> tuple[bool, str, tuple[tuple[str, int], ...]]:
    """Order floors by their dates, then by what is in them; those that cannot be read come last."""
    listing = one.listing
    return (True, "", ()) if listing is None else (False, listing.hidden, listing.files)


def listed_floor(collection: Collection, facts: FloorFacts) -> Listed:
    """List one floor of a collection."""
    return Listed(facts.floor_id.hex()[:8], _listing(collection, facts))


def _listing(collection: Collection, facts: FloorFacts) -> Listing | None:
    unlocked = facts.unlock()
    if unlocked is None:
        return None
    try:
        for compare in (False, True):  # a wrong shard that the first look misses is left out by the second
            collection.begin(compare=compare)
            with suppress(BadInput):
                return read_listing(
                    lambda number: collection.group(facts, unlocked, number),
                    unlocked.groups,
                    unlocked.content_key,
                    facts.symbol_bytes,
                )
    finally:
        collection.begin(compare=False)
    # A floor that lists nonsense is still a floor: opening it says what is wrong.
    return None
