"""The publish gate: the only way to a `RedactedPhoto`, and so the only way into an essay (law five).

Rule 1: nothing that was written is believed: every file is opened again as bytes and judged by itself.
Rule 2: a file is read once at the gate, hashed, and let go; whoever reads it later gets these very bytes or an error.
Rule 3: what has not been looked at by a person, or said to be looked at by nobody, does not pass.

SHAPE ONLY for now (people branch, not committed): `admit` raises until the verifier is merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Approval:
    """Who looked at the hidden parts before the photograph was published.

    Args:
        by: name or pseudonym, or None where nobody looked (`--approve-all`).
        at: UTC, or None where nobody looked.
    """

    by: str | None
    at: datetime | None

    @property
    def looked_at(self) -> bool:
        return self.by is not None


@dataclass(frozen=True, slots=True)
class RedactedPhoto:
    """A photograph that passed the gate. Made by `admit` and by nothing else."""

    name: str  # base name, "DSC_0001.jpg"
    picture_path: Path  # full size
    statement_path: Path
    web_picture_path: Path | None  # 2,048 px; None where it would not be smaller
    web_statement_path: Path | None
    width_px: int  # as stored; see orientation
    height_px: int
    orientation: int  # EXIF 1 to 8
    taken: datetime | None  # camera's local time, only if the statement discloses it
    approval: Approval
    hidden_boxes: int  # connected hidden areas
    signer: str  # fingerprint of the signing key: SHA-256 of it, hex
    # + private hashes

    def picture_bytes(self) -> bytes:
        """Read the full-size picture; raises BadInput if it is not what passed the gate."""
        raise NotImplementedError

    def statement_bytes(self) -> bytes:
        raise NotImplementedError

    def web_picture_bytes(self) -> bytes | None:
        raise NotImplementedError

    def web_statement_bytes(self) -> bytes | None:
        raise NotImplementedError


def admit(picture_path: Path, *, c2pa: bool = False) -> RedactedPhoto:
    """Judge one photograph of a `protect` folder (statement and 2,048 px rendition beside it)."""
    raise NotImplementedError
