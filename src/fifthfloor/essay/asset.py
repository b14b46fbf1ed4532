"""What a build says of itself: a file it published, a warning for the writer. Costs nothing to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asset:
    """A published file.

    Args:
        path: in the site, "/" between names.
        sha256: hex.
    """

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning.

    Args:
        key: of its sentence in `fifthfloor.words`.
        facts: what the sentence names.
    """

    key: str
    facts: dict[str, str | int]
