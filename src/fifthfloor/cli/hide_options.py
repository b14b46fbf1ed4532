"""What was given after `hide`, what is hidden, and what `hide` did."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fifthfloor.words import sentence
from fifthfloor.words.form import Document

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.hide import Hidden, Intent
    from fifthfloor.tasks.floors.kept import Keeping
    from fifthfloor.tasks.floors.sealing import SealedFloor
    from fifthfloor.tasks.floors.sources import Sources
    from fifthfloor.tasks.floors.swept_after import SweptAfter
    from fifthfloor.tasks.secret import FloorKeys


@dataclass(frozen=True, slots=True)
class HideOptions:
    """What was given after `hide`.

    Args:
        lose: carriers that may be lost; None where nothing was said.
        overwrite: percent of each other carrier's free space; None where nothing was said.
        recipients: to whom it is sealed, each a line or a file that holds one.
        shooting: cards of `--from`.
        wanted: the list of `--only`.
        lose_photographs: percent of the photographs of a folder that may be lost; None where nothing was said.
        shrink: long edge in pixels of what is hidden in folders; None for pictures as they are.
        rate: bits for each coefficient of a folder's photographs that is not zero; None where nothing was said.
        wipe: whether shooting cards are wiped after frames were removed; None where nothing was said.
        discard: let go what this passphrase hid here before.
        discard_broken: let go what of it does not come back from these cards.
        serial: of `--device`.
    """

    files: tuple[Path, ...]
    carriers: tuple[Path, ...]
    lose: int | None
    overwrite: float | None
    recipients: tuple[str, ...]
    shooting: tuple[Path, ...]
    wanted: str | None
    remove: bool
    lose_photographs: float | None
    shrink: int | None
    rate: float | None
    wipe: bool | None
    keep: bool
    keep_files: tuple[Path, ...]
    discard: bool
    discard_broken: bool
    quick: bool
    dry_run: bool
    own_passphrase: bool
    label: str | None
    passphrase_file: Path | None
    serial: str | None

    @property
    def overwrite_percent(self) -> float:
        """What of each other carrier's free space may be overwritten."""
        return 20.0 if self.overwrite is None else self.overwrite

    @property
    def losable(self) -> int:
        """Carriers that may be lost."""
        return self.lose if self.lose is not None else int(len(self.carriers) >= 3)


@dataclass(frozen=True, slots=True)
class Material:
    """What is hidden.

    Args:
        sources: the files.
        taken: the frames they are, where they come from shooting cards.
        wiped: shooting cards that are wiped after frames were removed.
        islands: those that are not, though noise will stand on them where the frames lay, among what is none.
        notes: what is to be known of what was typed (`words.lines.notes`).
    """

    sources: Sources
    taken: tuple[Taken, ...] = ()
    wiped: tuple[SweptAfter, ...] = ()
    islands: tuple[Path, ...] = ()
    notes: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What was hidden, and how.

    Args:
        intent: what was planned.
        hidden: what was written; None after `--dry-run`.
        keys: of the floor.
        keeping: floors carried over; None after `--quick`.
        sealed: where it has recipients instead of a passphrase.
    """

    intent: Intent
    hidden: Hidden
    keys: FloorKeys
    keeping: Keeping | None
    sealed: SealedFloor | None = None


def originals_deleted(options: HideOptions, material: Material) -> int:
    """Return how many files the system will delete; frames of a card are removed by us."""
    return material.sources.files if options.remove and not material.taken else 0


def stopped_done_key(options: HideOptions, *, sealed: bool = False) -> str:
    """Return the key of what is true where `hide` is stopped once everything is hidden."""
    if not options.remove:
        return "hide.stopped_done"
    return "sealed.stopped_proving" if sealed else "hide.stopped_proving"


def question(area: str, options: HideOptions, material: Material, cards: int) -> str:
    """Return what is asked before anything is written; it names what will be removed.

    Args:
        area: of the words: "before" for a sweep, "quick".
        options: of `hide`.
        material: what is hidden.
        cards: how many are written.
    """
    from fifthfloor.tasks.floors.at_hand import short_name

    if not options.remove:
        return sentence(f"{area}.ask", count=cards)
    if not material.taken:
        return sentence(f"{area}.ask_remove_files", count=cards, files=material.sources.files)
    frames = sum(len(one.frames) for one in material.taken)
    names = ", ".join(short_name(one.path) for one in material.taken if one.frames)
    if swept := ", ".join(short_name(one.path) for one in material.wiped):
        return sentence(f"{area}.ask_remove_sweep", count=cards, frames=frames, names=names, swept=swept)
    return sentence(f"{area}.ask_remove", count=cards, frames=frames, names=names)
