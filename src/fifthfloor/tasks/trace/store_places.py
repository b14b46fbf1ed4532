"""Where a photograph lies: a path, or an address in a store (`remote.py` reads there)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import BadInput

# Protocol -> what brings it. `memory` is of this one process: for tests.
STORES = {"s3": "s3fs", "memory": "fsspec"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """As of when a file was looked at: it and its statement together, and the later change of the two."""

    length_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Remote:
    """A file or folder of a store, by its address; `str` gives the address."""

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def name(self) -> str:
        """What stands behind the last slash."""
        return self.url.rpartition("/")[2]

    def with_name(self, name: str) -> Remote:
        """Return the address of a file beside this one."""
        return Remote(f"{self.url.rpartition('/')[0]}/{name}")


StoredAt = Path | Remote

# As `Store` writes bytes of a path that are no UTF-8.
_WRITTEN_OUT = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a photograph of an archive lies: its places, those that hold it first, and those that do not."""

    places: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def laid(places: Sequence[str], former: Sequence[str], length_bytes: int) -> Laid:
    """Look which places still hold a file of this length; a store is not asked.

    Args:
        former: where another photograph was added since; said where there is no other place.
    """
    there = [place for place in places if _is_there(place, length_bytes)]
    gone = [place for place in places if place not in there] or ([] if there else former)
    return Laid((*there, *gone), tuple(gone))


def _is_there(place: str, length_bytes: int) -> bool:
    if place.partition("://")[0] in STORES:
        return True
    written = place.encode()
    read_back = _WRITTEN_OUT.sub(lambda one: bytes.fromhex(one[1].decode()), written)
    return any(_holds(Path(os.fsdecode(path)), length_bytes) for path in {written, read_back})


def _holds(path: Path, length_bytes: int) -> bool:
    try:
        return path.stat().st_size == length_bytes
    except (OSError, ValueError):
        return False


def place_of(given: str) -> StoredAt:
    """Return what a person gave as a path or, with a protocol, as an address. Raises BadInput for one not taken."""
    protocol, mark, rest = given.partition("://")
    if not mark:
        return Path(given)
    if protocol not in STORES:
        raise BadInput("stores.protocol", protocol=protocol, known=", ".join(f"{one}://" for one in STORES))
    if "@" in rest.partition("/")[0]:
        raise BadInput("stores.password")
    return Remote(given.rstrip("/"))
