"""What the benchmarks share: virtual cards, processes measured with all their children, and rows of a table."""

from __future__ import annotations

import compileall
import contextlib
import os
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import fifthfloor
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

# As pip leaves it: where PYTHONDONTWRITEBYTECODE is set, every process would compile every module it imports.
compileall.compile_dir(Path(fifthfloor.__file__).parent, quiet=2)

PROGRAM = str(Path(sys.executable).with_name("fifthfloor"))
PASSPHRASE = "junkman spinout landlord stoneware syrup battering koala"
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and its children took: seconds of wall and CPU, and the peak of their memory, summed, in MB."""

    wall: float
    cpu: float
    peak_mb: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command; memory is the sum of the resident sets of the whole process tree, sampled every 50 ms."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, resident_mb(process.pid))
            time.sleep(0.05)
        said = process.stderr.read() if process.stderr else b""
    wall = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"{command[0]} gave {process.returncode}: {said.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, peak)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process and all below it, summed, in MB."""
    return sum(map(_resident, _tree(pid))) / 1e6


def _tree(pid: int) -> list[int]:
    """A process and all below it, whichever of its threads began them."""
    children: list[str] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            children += thread.read_text(encoding="ascii").split()
    return [pid] + [below for child in children for below in _tree(int(child))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def helped(doc: str | None) -> None:
    """Say what a script measures and what it takes, and end, where `--help` is asked for."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(doc)
        sys.exit(0)


def make_cards(folder: Path, count: int, size_bytes: int) -> list[Path]:
    """Make FAT32 cards with five visible files each."""
    cards = []
    for number in range(1, count + 1):
        path = folder / f"card{number}.img"
        format_fat32(path, size_bytes, label=f"CARD{number}")
        with FatWriter(path) as writer:
            for frame in range(5):
                moment = datetime(2026, 5, 1, 12, frame)
                writer.add_file(f"DCIM/100CAMRA/IMG_{frame:04d}.JPG", secrets.token_bytes(3_000_000), moment)
        cards.append(path)
    return cards


def make_files(folder: Path, total_bytes: int, each_bytes: int = 8_000_000) -> Path:
    """Make files of noise, as raw photographs nearly are."""
    folder.mkdir()
    left, number = total_bytes, 0
    while left > 0:
        size = min(left, each_bytes)
        (folder / f"IMG_{number:05d}.NEF").write_bytes(secrets.token_bytes(size))
        left, number = left - size, number + 1
    return folder


def passphrase_file(folder: Path) -> Path:
    path = folder / "passphrase"
    path.write_text(PASSPHRASE + "\n", encoding="ascii")
    return path


def hide_command(files: Path, cards: Sequence[Path], secret: Path, *more: str) -> list[str]:
    into = [word for card in cards for word in ("--in", str(card))]
    return [PROGRAM, "hide", str(files), *into, "--passphrase-file", str(secret), "--yes", *more]


def row(what: str, measured: str, limit: str, met: bool | None) -> None:
    """Print one row of docs/performance.md."""
    verdict = "not bounded" if met is None else "met" if met else "**missed**"
    print(f"| {what} | {measured} | {limit} | {verdict} |", flush=True)
