"""Small cards for tests, made by the project, and the means to bend a byte of them."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.remove import _clusters_in, _free_clusters, known_volume, plan_unnaming, planner_of
from fifthfloor.cards.sector_plan import Stages, execute
from fifthfloor.errors import FifthFloorError
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

MOMENT = datetime(2026, 5, 4, 10, 20, 30)
FAT_BYTES = 36_000_000


def noise(length: int, seed: int = 1) -> bytes:
    """Bytes that are the same in every run."""
    return random.Random(seed).randbytes(length)


def fat_card(path: Path, *, partitioned: bool = False, sector_bytes: int = 512, size_bytes: int = FAT_BYTES) -> Path:
    """A FAT32 card with a photograph, one with a long name, and an empty file."""
    format_fat32(path, size_bytes, label="EOS_DIGITAL", partitioned=partitioned, sector_bytes=sector_bytes)
    with FatWriter(path) as writer:
        for number in range(1, 4):
            writer.add_file(f"DCIM/100CANON/IMG_{number:04d}.JPG", noise(100_000 * number, number), MOMENT)
        writer.add_file("DCIM/100CANON/Ein längerer Name als acht und drei.jpg", noise(5000, 9), MOMENT)
        writer.add_file("MISC/empty.txt", b"", MOMENT)
    return path


def exfat_card(path: Path, *, cluster_bytes: int = 4096, sector_bytes: int = 512, finish: bool = True) -> ExfatBuilder:
    """An exFAT card with contiguous, fragmented, deleted and empty files."""
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=cluster_bytes, sector_bytes=sector_bytes)
    builder.add("DCIM/100CANON/IMG_0001.JPG", noise(100_000, 1))
    builder.add("DCIM/100CANON/IMG_0002.JPG", noise(200_000, 2), stride=2)
    gone = builder.add("DCIM/100CANON/IMG_0003.JPG", noise(50_000, 3), start=2000 if cluster_bytes == 4096 else 2)
    builder.add("DCIM/100CANON/ein längerer Name als fünfzehn Zeichen.jpg".replace("ä", "ae").replace("ü", "ue"), b"x")
    builder.add("MISC/empty.txt", b"")
    builder.delete(gone)
    if finish:
        builder.finish()
    return builder


def bend(path: Path, offset_bytes: int, data: bytes) -> None:
    """Overwrite bytes of an image."""
    with path.open("r+b") as image:
        image.seek(offset_bytes)
        image.write(data)


def volume_of(path: Path) -> Fat32Volume:
    """The FAT32 volume of a card, for its geometry; its device is closed."""
    with open_card(path) as card:
        volume = card.volumes[0]
    assert isinstance(volume, Fat32Volume)
    return volume


def set_entry(path: Path, cluster: int, value: int, *, copies: tuple[int, ...] = (0, 1)) -> None:
    """Overwrite an entry in the copies of a FAT32 card's allocation table."""
    geometry = volume_of(path).geometry
    for copy in copies:
        bend(path, geometry.fat_offset_bytes + copy * geometry.fat_bytes + cluster * 4, struct.pack("<I", value))


def refusal(path: Path) -> str:
    """The key of the error with which a card is refused; "" where it is not."""
    try:
        with open_card(path):
            return ""
    except FifthFloorError as error:
        return error.key


def plan_removal(card: Card, paths: Iterable[str]) -> Stages:
    """Plan both halves of a deletion as one, so that every state between its sectors can be tried."""
    chosen = list(dict.fromkeys(paths))
    unnaming = plan_unnaming(card, chosen)
    files = [file for volume in card.volumes for file in volume.files() if file.path in chosen]
    freeing = [(extent.offset_bytes, extent.length_bytes) for file in files for extent in file.extents]
    return unnaming + _plan_freeing(card, np.array(freeing, np.int64).reshape(-1, 2))


def _plan_freeing(card: Card, extents: NDArray[np.int64]) -> Stages:
    plan: Stages = ()
    for volume in card.volumes:
        known = known_volume(volume)
        clusters = _clusters_in(known, extents)
        if clusters.any():
            planner = planner_of(card, volume)
            _free_clusters(planner, known, clusters)
            plan += planner.plan()
    return plan


def remove_files(card: Card, paths: Iterable[str]) -> int:
    """Plan and do a removal; returns the number of sectors written. The card must be opened again to be read."""
    plan = plan_removal(card, paths)
    execute(card.device, plan)
    return sum(len(stage) for stage in plan)
