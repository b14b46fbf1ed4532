"""Where a photograph lies: a path, or an address in a store (`remote.py` reads there)."""

from __future__ import annotations

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
