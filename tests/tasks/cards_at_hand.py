"""Small cards with visible photographs and ragged free space, and a roll to hide: all drawn by the tests."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.image import open_card
from fifthfloor.carriers.free_space import Layout, lay_out
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

MOMENT = datetime(2026, 5, 4, 10, 20, 30)
CARD_BYTES = 40_000_000


def fat32_card(
    path: Path, seed: int = 1, *, size_bytes: int = CARD_BYTES, files: int = 30, cluster_bytes: int | None = None
) -> Path:
    """A bare FAT32 card whose files lie where chance put them, so that the free space is in pieces."""
    chance = random.Random(seed)
    format_fat32(path, size_bytes, label="EOS_DIGITAL", partitioned=False, cluster_bytes=cluster_bytes)
    with FatWriter(path) as writer:
        clusters = int(writer.free_bytes // writer._volume.cluster_bytes)
        for number in range(files):
            writer._lowest = chance.randrange(2, clusters * 9 // 10)  # as after years of deleting
            writer.add_file(
                f"DCIM/100CANON/IMG_{number:04d}.JPG", chance.randbytes(chance.randrange(9_000, 90_000)), MOMENT
            )
    return path


def exfat_card(
    path: Path, seed: int = 1, *, size_bytes: int = CARD_BYTES, files: int = 30, cluster_bytes: int = 32768
) -> Path:
    """A bare exFAT card, half of its files in pieces."""
    chance = random.Random(seed)
    builder = ExfatBuilder(path, size_bytes // 512 * 512, cluster_bytes=cluster_bytes)
    for number in range(files):
        start = chance.randrange(2, builder.count * 8 // 10)
        contents = chance.randbytes(chance.randrange(9_000, 90_000))
        builder.add(f"DCIM/100CANON/IMG_{number:04d}.JPG", contents, stride=1 + number % 2, start=start)
    builder.finish()
    return path


CardMaker = Callable[[Path, int], Path]
KINDS: dict[str, CardMaker] = {"fat32": fat32_card, "exfat": exfat_card}


def in_partition(bare: Path, path: Path, first_sector: int) -> Path:
    """Put a bare volume behind an MBR, `first_sector` sectors in, with some sectors after it."""
    length = bare.stat().st_size
    kind = 0x07 if bare.read_bytes()[3:8] == b"EXFAT" else 0x0C
    entry = struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", kind, b"\xfe\xff\xff", first_sector, length // 512)
    with path.open("xb") as card, bare.open("rb") as volume:
        card.write((bytes(446) + entry + bytes(48) + b"\x55\xaa").ljust(first_sector * 512, b"\0"))
        shutil.copyfileobj(volume, card, 1 << 20)
        card.write(bytes(40 * 512))
    return path


def layout_of(path: Path) -> Layout:
    """What a sweep would do to a card."""
    with open_card(path) as card:
        return lay_out(card.volumes)


def visible(path: Path) -> dict[str, str]:
    """Path and SHA-256 of every visible file, by our own reader."""
    with open_card(path) as card:
        return {
            file.path: hashlib.sha256(b"".join(volume.read_file(file))).hexdigest()
            for volume in card.volumes
            for file in volume.files()
            if not file.is_directory
        }


def outside_free(path: Path) -> str:
    """SHA-256 of every byte that is not in the free space."""
    contents = memoryview(path.read_bytes())
    digest, at = hashlib.sha256(), 0
    with open_card(path) as card:
        for offset, length in card.free.tolist():
            digest.update(contents[at:offset])
            at = offset + length
    digest.update(contents[at:])
    return digest.hexdigest()


def roll(folder: Path, seed: int = 7, *, megabytes: float = 6) -> Path:
    """A folder to hide: photographs of several sizes, a folder in it, an empty file, names of the world, old times."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    left = int(megabytes * 1e6)
    (folder / "märz 행군").mkdir()
    (folder / "empty folder").mkdir()
    names = ["DSC_0041.JPG", "DSC_0041.NEF", "märz 행군/DSC_0042.JPG", "märz 행군/notes.txt", "zero.xmp"]
    sizes = [left // 3, left - left // 3 - left // 5 - 1000, left // 5, 1000, 0]
    for name, size in zip(names, sizes, strict=True):
        (folder / name).write_bytes(chance.randbytes(size))
    for number, path in enumerate([*sorted(folder.rglob("*"), reverse=True), folder]):
        os.utime(path, ns=(0, (1_700_000_000 + number) * 10**9 + 123_456_000))
    return folder


Tree = dict[str, tuple[str, int]]
"""Relative path -> (SHA-256, or "folder"; time of last change in nanoseconds)."""


def tree(folder: Path) -> Tree:
    """Everything in a folder, to compare before and after."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder",
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
    }
