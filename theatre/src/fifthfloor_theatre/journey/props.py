"""What the journey needs before it begins: photographs, a card in the camera, and three cards to carry."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.words import sentence
from fifthfloor_theatre.cards.format import FatWriter, format_fat32
from fifthfloor_theatre.journey.scenes import INNOCENT, UNWANTED, TakenFile, dcf_name, roll

STAGE_MARKER = ".made-by-fifthfloor-journey"
OWN_FOLDERS = (
    "cards",
    "taken-away",
    "photographs",
    "decoy",
    "came-back",
    "shown-to-them",
    "maps",
    "essay",
    "signed",
    "protected",
    "protected-from",
    "audit",
    "carried",
)
STARTED = datetime(2026, 5, 3, 8, 40)
FIRST_NUMBER = 41
ROLL_FRAMES = 54
ROLL_SEED = 5
TODAY_FRAMES = 9  # of these are still on the card in the camera
VISIBLE_FRAMES = 6
DECOY_FRAMES = 6
CARDS = 3
SIDECAR_SUFFIXES = (".xmp",)
CAMERA_FOLDER = "DCIM/100CAMRA"
_JPEG_SUFFIXES = (".jpg", ".jpeg")
_SMALLEST_CARD_BYTES = 112 << 20
_ROOM_FACTOR = 3.1  # of the hidden bytes on each card: the shards fill about a quarter of the free space
_CAMERA_ROOM_BYTES = 48 << 20
_MOST_TODAY_BYTES = 256 << 20  # of given photographs: what is on the camera's card is held in memory once


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the journey plays.

    Args:
        folder: everything it makes is in here.
        photographs: what was taken before today and must not be found.
        today: files of today's forbidden frames, by their path on the shooting card.
        shooting: the card in the camera.
        cards: the three that are carried.
        decoy: photographs for a floor that may be found.
        hashes: name and SHA-256 of every file that must come back.
        scenes: scene -> SHA-256 of the first photograph that shows it; empty for given photographs.
    """

    folder: Path
    photographs: Path
    today: tuple[str, ...]
    shooting: Path
    cards: tuple[Path, ...]
    decoy: Path
    hashes: tuple[tuple[str, str], ...]
    scenes: dict[str, str]

    @property
    def count(self) -> int:
        """How many photographs must come back, sidecars not counted."""
        return sum(is_photograph(name) for name, _digest in self.hashes)


def is_photograph(name: str) -> bool:
    """Return whether a file is counted as a photograph: everything but sidecars is."""
    return not name.lower().endswith(SIDECAR_SUFFIXES)


def set_stage(folder: Path, given: Path | None) -> Stage:
    """Make everything in `folder`, with the photographs of `given` or with drawn ones.

    Raises:
        BadInput: the folder holds one of the journey's names that no journey made, or `given` holds no photograph.
    """
    _clear(folder)
    photographs = folder / "photographs"
    files = list(_drawn(photographs) if given is None else _copied(given, photographs))
    hashes = tuple(_hashes(photographs)) + tuple((file.name, _digest(file.content)) for file in files)
    if not any(is_photograph(name) for name, _ in hashes):
        raise BadInput("journey.empty", path=str(given))
    decoy = folder / "decoy"
    _write(decoy, roll(("breakfast", "cat"), DECOY_FRAMES, STARTED, first_number=301, seed=11))
    (folder / "cards").mkdir()
    hidden = sum(path.stat().st_size for part in (photographs, decoy) for path in part.rglob("*") if path.is_file())
    hidden += sum(len(file.content) for file in files)
    scenes: dict[str, str] = {}
    if given is None:
        by_name = dict(hashes)
        for number in range(ROLL_FRAMES):
            scene = list(UNWANTED)[number // 3 % len(UNWANTED)]
            scenes.setdefault(scene, by_name[dcf_name(FIRST_NUMBER + number)])
    shooting = _shooting_card(folder / "cards" / "shooting.img", files)
    today = tuple(f"{CAMERA_FOLDER}/{file.name}" for file in files)
    return Stage(folder, photographs, today, shooting, _cards(folder, hidden), decoy, hashes, scenes)


def files_of(folder: Path) -> Iterator[tuple[Path, str]]:
    """Give every file below a folder with its SHA-256, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, _digest(path.read_bytes())


def _clear(folder: Path) -> None:
    """Make the journey's folder, or take away what an earlier journey left in it, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    theirs = not (folder / STAGE_MARKER).exists()
    for name in OWN_FOLDERS:
        if (folder / name).exists():
            if theirs:
                raise BadInput("journey.not_ours", path=str(folder / name))
            shutil.rmtree(folder / name)
    (folder / STAGE_MARKER).write_text(sentence("journey.marker") + "\n", encoding="utf-8")


def _drawn(photographs: Path) -> Iterator[TakenFile]:
    """Draw the roll: the earlier days into a folder, today's frames as what the camera wrote."""
    drawn = list(roll(list(UNWANTED), ROLL_FRAMES, STARTED, first_number=FIRST_NUMBER, sidecar_every=9, seed=ROLL_SEED))
    first_today = dcf_name(FIRST_NUMBER + ROLL_FRAMES - TODAY_FRAMES)
    _write(photographs, (file for file in drawn if file.name < first_today))
    yield from (file for file in drawn if file.name >= first_today)


def _copied(given: Path, photographs: Path) -> Iterator[TakenFile]:
    """Copy a folder whole; up to nine of its JPEGs, at most half, play today's frames under names of the camera's."""
    if not given.is_dir():
        raise BadInput("journey.no_photographs", path=str(given))
    shutil.copytree(given, photographs)
    for path in (photographs, *photographs.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    jpegs = [path for path in sorted(photographs.rglob("*")) if path.suffix.lower() in _JPEG_SUFFIXES]
    count, left = min(TODAY_FRAMES, len(jpegs) // 2), _MOST_TODAY_BYTES
    for number, path in enumerate(jpegs[len(jpegs) - count :]):
        left -= path.stat().st_size
        if left < 0:
            return
        name = dcf_name(FIRST_NUMBER + ROLL_FRAMES - TODAY_FRAMES + number)
        yield TakenFile(name, path.read_bytes(), STARTED + timedelta(hours=9, minutes=number), "")
        path.unlink()


def _write(folder: Path, files: Iterator[TakenFile]) -> None:
    folder.mkdir()
    for file in files:
        path = folder / file.name
        path.write_bytes(file.content)
        stamp = file.taken.timestamp()
        os.utime(path, (stamp, stamp))


def _shooting_card(path: Path, today: Sequence[TakenFile]) -> Path:
    """Make the card in the camera: today's forbidden frames, and after them some that anybody may see."""
    after = STARTED + timedelta(days=1)
    number = FIRST_NUMBER + ROLL_FRAMES
    harmless = list(roll(list(INNOCENT), VISIBLE_FRAMES, after, first_number=number, seed=9))
    room = 2 * sum(len(file.content) for file in (*today, *harmless)) + _CAMERA_ROOM_BYTES
    format_fat32(path, room >> 20 << 20, label="CAMERA")
    _fill(path, (*today, *harmless))
    return path


def _cards(folder: Path, hidden_bytes: int) -> tuple[Path, ...]:
    """Make three FAT32 cards with harmless photographs; as large as the roll needs, sparse until they are swept."""
    size = max(_SMALLEST_CARD_BYTES, int(_ROOM_FACTOR * hidden_bytes / (CARDS - 1)) >> 20 << 20)
    visible = list(roll(list(INNOCENT), CARDS * VISIBLE_FRAMES, STARTED, first_number=1, seed=7))
    paths = []
    for number in range(CARDS):
        path = folder / "cards" / f"card-{number + 1}.img"
        format_fat32(path, size, label=f"CARD{number + 1}")
        _fill(path, visible[number * VISIBLE_FRAMES : (number + 1) * VISIBLE_FRAMES])
        paths.append(path)
    return tuple(paths)


def _fill(card: Path, files: Sequence[TakenFile]) -> None:
    with FatWriter(card) as writer:
        for file in files:
            writer.add_file(f"{CAMERA_FOLDER}/{file.name}", file.content, file.taken)


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path, digest in files_of(folder):
        yield path.relative_to(folder).as_posix(), digest


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
