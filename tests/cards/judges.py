"""What other people's programs say of a card."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.outside import BARE, named, program_at

from fifthfloor.cards.image import Card


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run an outside program in English and UTC; its exit code is the caller's to judge."""
    assert program in named or program in BARE, f'this test runs {program}: mark it with judge("{program}")'
    found = program_at(program)
    assert found, program
    return subprocess.run(
        [found, *map(str, arguments)],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"},
    )


def done(program: str, *arguments: str | Path) -> str:
    """Run an outside program that must succeed; returns its output."""
    result = run(program, *arguments)
    assert result.returncode == 0, f"{program}: {result.stdout}{result.stderr}"
    return result.stdout


def unmount(place: Path) -> None:
    """Unmount a card; whoever looks into every new mount (a desktop, our count of what tests hold) is waited for."""
    for _again in range(50):
        result = run("umount", place)
        if "busy" not in result.stderr:
            break
        time.sleep(0.1)
    assert result.returncode == 0, result.stderr


def assert_clean(image: Path, file_system: str) -> None:
    """`fsck` finds nothing to say about a bare volume."""
    if file_system == "fat32":
        result = run("fsck.fat", "-n", image)
        lines = [line for line in result.stdout.splitlines() if line and not line.startswith(("fsck.fat", str(image)))]
        assert (result.returncode, lines) == (0, []), result.stdout
    else:
        result = run("fsck.exfat", "-n", image)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "clean" in result.stdout, result.stdout + result.stderr


def free_sectors_by_sleuthkit(image: Path, offset_bytes: int = 0, sector_bytes: int = 512) -> NDArray[np.int64]:
    """Sectors of the volume that `blkls -l` calls unallocated, counted from the volume's start."""
    listing = done("blkls", "-l", "-b", str(sector_bytes), "-o", str(offset_bytes // sector_bytes), image)
    rows = (line.split("|") for line in listing.splitlines())
    return np.array(
        sorted(int(row[0]) for row in rows if len(row) > 1 and row[0].isdigit() and row[1] == "f"), np.int64
    )


def free_sectors(card: Card, sector_bytes: int = 512) -> NDArray[np.int64]:
    """The same by our own map, for a card of one volume."""
    volume = card.volumes[0]
    parts = [
        np.arange(offset // sector_bytes, (offset + length) // sector_bytes)
        for offset, length in (card.free - [volume.offset_bytes, 0]).tolist()
    ]
    return np.concatenate([np.empty(0, np.int64), *parts])


def files_by_sleuthkit(image: Path, offset_bytes: int = 0, sector_bytes: int = 512) -> set[str]:
    """Paths of visible files and directories by `fls`, its own inventions left out."""
    listing = done("fls", "-r", "-p", "-u", "-b", str(sector_bytes), "-o", str(offset_bytes // sector_bytes), image)
    rows = [line.split("\t", 1) for line in listing.splitlines()]
    return {row[1] for row in rows if len(row) == 2 and row[0][0] in "rd" and not row[1].startswith("$")}


def deleted_by_sleuthkit(image: Path) -> set[str]:
    """Paths of deleted files and directories by `fls -d`; orphans, which it invents on exFAT, left out."""
    listing = done("fls", "-r", "-p", "-d", image)
    rows = [line.split("\t", 1) for line in listing.splitlines()]
    return {row[1] for row in rows if len(row) == 2 and not row[1].startswith("$")}
