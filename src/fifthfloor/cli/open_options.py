"""What was given after `open`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """What was given after `open`.

    Args:
        out: folder; None with `check`.
        wanted: patterns of `--only`.
        check: read everything, write nothing.
        collection: of `--collect`.
        identities: files with the secrets that floors and shots are sealed to.
        passing: of `--after`.
        dry_run: the same, and `out` may be given.
    """

    carriers: tuple[Path, ...]
    out: Path | None
    wanted: tuple[str, ...]
    check: bool
    collection: Path | None
    identities: tuple[Path, ...]
    passing: int
    dry_run: bool
    label: str | None
    passphrase_file: Path | None
    force: bool

    @property
    def reads_only(self) -> bool:
        """Whether nothing is to be written."""
        return self.check or self.dry_run
