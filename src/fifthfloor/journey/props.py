"""What the journey needs before it begins: photographs, and three cards with harmless pictures on them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fifthfloor.cards.format import FatWriter, format_fat32
from fifthfloor.errors import BadInput
from fifthfloor.journey.scenes import FORBIDDEN, HARMLESS, roll

MARKER = ".made-by-fifthfloor-journey"
OWN_FOLDERS = (
    "cards",
    "taken-away",
    "photographs",
    "came-back",
    "maps",
    "essay",
    "protected",
    "protected-from",
    "audit",
)
STARTED = datetime(2026, 5, 3, 8, 40)
ROLL_FRAMES = 54
VISIBLE_FRAMES = 6
CARDS = 3
_SMALLEST_CARD_BYTES = 112 << 20
_ROOM_FACTOR = 3.1  # of the hidden bytes on each card: the shards fill about a quarter of the free space


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the journey plays.

    Args:
        folder: everything it makes is in here.
        photographs: the roll to be hidden.
        cards: the three images.
        scenes: scene -> name of the first photograph that shows it; empty for given photographs.
    """

    folder: Path
    photographs: Path
    cards: tuple[Path, ...]
    scenes: dict[str, str]


def clear(folder: Path) -> None:
    """Make the journey's folder, or take away what an earlier journey left in it, and nothing else.

    Raises:
        BadInput: it holds a folder of one of the journey's names that the journey did not make.
    """
    folder.mkdir(parents=True, exist_ok=True)
    theirs = not (folder / MARKER).exists()
    for name in OWN_FOLDERS:
        if (folder / name).exists():
            if theirs:
                raise BadInput("journey.not_ours", path=str(folder / name))
            shutil.rmtree(folder / name)
    (folder / MARKER).write_text("Folders beside this file are made anew by every journey.\n", encoding="utf-8")


def photographs(folder: Path, given: Path | None) -> tuple[Path, dict[str, str]]:
    """Draw the roll to be hidden, or copy the photographs of `given` (every file in it, in its own folders).

    Returns:
        (the folder, scene -> name of the first photograph that shows it).
    """
    target = folder / "photographs"
    if given is not None:
        if not given.is_dir():
            raise BadInput("journey.no_photographs", path=str(given))
        shutil.copytree(given, target)
        for path in (target, *target.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        return target, {}
    target.mkdir()
    scenes: dict[str, str] = {}
    for file in roll(list(FORBIDDEN), ROLL_FRAMES, STARTED, first_number=41, sidecar_every=9, seed=5):
        path = target / file.name
        path.write_bytes(file.content)
        stamp = file.taken.timestamp()
        os.utime(path, (stamp, stamp))
        scenes.setdefault(file.scene, file.name)
    return target, scenes


def cards(folder: Path, hidden_bytes: int) -> tuple[Path, ...]:
    """Make three FAT32 cards with harmless photographs; as large as the roll needs, sparse until they are swept."""
    (folder / "cards").mkdir()
    size = max(_SMALLEST_CARD_BYTES, int(_ROOM_FACTOR * hidden_bytes / (CARDS - 1)) >> 20 << 20)
    visible = list(roll(list(HARMLESS), CARDS * VISIBLE_FRAMES, STARTED, first_number=1, seed=7))
    paths = []
    for number in range(CARDS):
        path = folder / "cards" / f"card-{number + 1}.img"
        format_fat32(path, size, label=f"CARD{number + 1}")
        with FatWriter(path) as writer:
            for file in visible[number * VISIBLE_FRAMES : (number + 1) * VISIBLE_FRAMES]:
                writer.add_file(f"DCIM/100CAMRA/{file.name}", file.content, file.taken)
        paths.append(path)
    return tuple(paths)


def set_stage(folder: Path, given: Path | None) -> Stage:
    """Make everything; see the functions above."""
    clear(folder)
    roll_folder, scenes = photographs(folder, given)
    hidden = sum(path.stat().st_size for path in roll_folder.rglob("*") if path.is_file())
    return Stage(folder, roll_folder, cards(folder, hidden), scenes)
