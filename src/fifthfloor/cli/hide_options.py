"""What was given after `hide`, what `hide` did, and what it says before it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.hide import Hidden, Intent
    from fifthfloor.tasks.floors.keep import Keeping
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


@dataclass(frozen=True, slots=True)
class HideOptions:
    """What was given after `hide`.

    Args:
        lose: carriers that may be lost; None where nothing was said.
        overwrite: percent of each other carrier's free space.
        shooting: cards of `--from`.
        wanted: the list of `--only`.
        serial: of `--device`.
    """

    files: tuple[Path, ...]
    carriers: tuple[Path, ...]
    lose: int | None
    overwrite: float
    shooting: tuple[Path, ...]
    wanted: str | None
    remove: bool
    keep: bool
    keep_files: tuple[Path, ...]
    quick: bool
    label: str | None
    passphrase_file: Path | None
    serial: str | None

    @property
    def losable(self) -> int:
        """Carriers that may be lost."""
        return self.lose if self.lose is not None else int(len(self.carriers) >= 3)


@dataclass(frozen=True, slots=True)
class Done:
    """What was hidden, and how.

    Args:
        intent: what was planned.
        hidden: what was written.
        keys: of the floor.
        keeping: floors carried over; None after `--quick`.
    """

    intent: Intent
    hidden: Hidden
    keys: FloorKeys
    keeping: Keeping | None


def show_intent(console: Console, intent: Intent, cards: Sequence[OpenedCard]) -> None:
    size, carriers, threshold = intent.sources.size_bytes, len(cards), intent.plan.threshold
    console.note(sentence("hide.what", files=intent.sources.files, size=size, carriers=carriers))
    times = intent.written_bytes / max(1, size)
    console.note(sentence("hide.cost", written=intent.written_bytes, times=times))
    key = "hide.threshold_one" if carriers == 1 else "hide.threshold_all" if threshold == carriers else "hide.threshold"
    console.note(sentence(key, threshold=threshold, carriers=carriers))
    if intent.overwrite:
        console.note(sentence("hide.overwrite", percent=100 * intent.overwrite))
        for opened in cards:
            cluster = min(volume.cluster_bytes for volume in opened.card.volumes)
            if cluster < 16384:
                console.note(sentence("hide.small_clusters", path=str(opened.path), cluster=cluster))
