"""Carving beside PhotoRec on cards that hold one of each kind, spread about, and are else blank or noise.

python bench/one_of_each.py [PHOTOS] [RUNS]    Markdown rows, medians of RUNS (default 3), all of a row in one run

What a search costs on such a card is nearly all reading, for everybody. So each row says beside the whole what both
programs take on the same card without the files, and how the rest compares. The last rows are whole commands, with
Python's start, the decoding of every JPEG and writing.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from measure import MIB, PROGRAM, helped
from tests.audit.carvable import FORMS, forms

from audit import cpu
from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor_theatre.cards.format import format_fat32

_CLUSTER_OF = {256 * MIB: 2048, 1024 * MIB: 8192}


def spread(path: Path, size: int, files: list[bytes], *, noise: bool) -> None:
    """A card whose free space is blank or noise, and holds the files in this order with gaps between them."""
    cluster = _CLUSTER_OF[size]
    format_fat32(path, size, label="ONE OF EACH", cluster_bytes=cluster, partitioned=False)
    with open_card(path, writable=True) as card:
        writer, (offset, length) = FreeWriter(card), card.free[0].tolist()
        for at in range(0, length, 4 * MIB) if noise else ():
            writer.write(offset + at, os.urandom(min(4 * MIB, length - at)))
        spare = length // cluster - sum(-(-len(file) // cluster) for file in files)
        gaps, at = sorted(random.Random(5).randrange(spare) for _ in files), 0
        for gap, file in zip(gaps, files, strict=True):
            writer.write(offset + (gap + at) * cluster, file)
            at += -(-len(file) // cluster)
        writer.flush()


def cpu_of(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def photorec(place: Path, image: Path) -> float:
    out = place / "photorec"
    out.mkdir()
    asked = "partition_none,fileopt,everything,enable,freespace,search"
    taken = cpu_of(
        ["photorec", "/log", "/logname", str(place / "log"), "/d", str(out / "r"), "/cmd", str(image), asked]
    )
    shutil.rmtree(out)
    return taken


def carving(image: Path) -> float:
    with open_card(image) as card:
        return cpu(lambda: list(carve(FreeSpace(card.device, card.free.tolist()))))


def rows(place: Path, what: str, size: int, files: list[bytes], runs: int, *, noise: bool) -> None:
    full, empty = place / "full.img", place / "empty.img"
    spread(full, size, files, noise=noise)
    spread(empty, size, [], noise=noise)
    measured = [(photorec(place, full), photorec(place, empty), carving(full), carving(empty)) for _ in range(runs)]
    theirs, their_floor, ours, our_floor = (median(column) for column in zip(*measured, strict=True))
    title = f"{size // MIB} MiB, {what}, else {'noise' if noise else 'blank'}"
    beyond = (theirs - their_floor) / max(ours - our_floor, 1e-3)
    print(f"| {title} | {ours:.2f} s ({our_floor:.2f} without the files) | {theirs:.2f} s ({their_floor:.2f}) "
          f"| {theirs / ours:.1f} | {beyond:.1f} |", flush=True)  # fmt: skip
    if not noise:
        whole_commands(place, full, title, theirs, runs)
    full.unlink()
    empty.unlink()


def whole_commands(place: Path, image: Path, title: str, theirs: float, runs: int) -> None:
    for command in (["recover", str(image), "--out", str(place / "out")], ["audit", str(image)]):
        taken = []
        for _ in range(runs):
            taken.append(cpu_of([PROGRAM, *command]))
            shutil.rmtree(place / "out", ignore_errors=True)
        ours = median(taken)
        print(
            f"| the same, all of `{command[0]}` | {ours:.2f} s | {theirs:.2f} s | {theirs / ours:.1f} | |", flush=True
        )
    start = median(cpu_of([PROGRAM, "--version"]) for _ in range(runs))
    print(f"| of that, the start of the program ({title}) | {start:.2f} s | | | |", flush=True)


def main() -> None:
    photos = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "photos"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    cameras = sorted((photos / "cameras").glob("*.jpg"))[:16]
    if not cameras or shutil.which("photorec") is None:
        raise SystemExit(f"photographs of cameras are wanted at {photos}, and PhotoRec")
    small = list(FORMS.values())
    every = [*small, *forms(10).values(), *(file.read_bytes() for file in cameras)]
    print("| card | carving, CPU | PhotoRec, CPU | times | times, for the files alone |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="one-of-each-") as name:
        for size in _CLUSTER_OF:
            for noise in (False, True):
                rows(Path(name), "16 small files", size, small, runs, noise=noise)
                rows(Path(name), "16 small, 16 large, 16 photographs", size, every, runs, noise=noise)


if __name__ == "__main__":
    helped(__doc__)
    main()
