"""The audit's figures: carving beside PhotoRec, the free map, the screen of 64 GiB, metadata, memory.

python bench/audit.py [PHOTOS]        Markdown rows; PHOTOS is a folder of camera files (default ../shared/photos)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import PROGRAM, cost_of, helped
from tests.audit.carvable import FORMS, forms

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.free_map import FreeMapper, screen
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.trailers import exact_trailer
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import Card, open_card
from fifthfloor.files import opened
from fifthfloor_theatre.cards.format import format_fat32

MIB = 1 << 20
CARD_BYTES = 600 * MIB


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call, this process alone."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |")


def used_card(path: Path, photographs: list[bytes]) -> None:
    """A card whose free space is full of deleted photographs, one after the other."""
    format_fat32(path, CARD_BYTES, label="NIKON D90", cluster_bytes=8192, partitioned=False)
    with open_card(path, writable=True) as card:
        writer, (offset, length) = FreeWriter(card), card.free[0].tolist()
        end, number = offset + length, 0
        while True:
            data = photographs[number % len(photographs)]
            if offset + len(data) > end:
                break
            writer.write(offset, data)
            offset += -(-len(data) // 8192) * 8192
            number += 1
        writer.flush()


def noise_card(path: Path) -> None:
    format_fat32(path, CARD_BYTES, label="WIPED", cluster_bytes=8192, partitioned=False)
    with open_card(path, writable=True) as card:
        writer = FreeWriter(card)
        for offset, length in card.free.tolist():
            for at in range(0, length, 4 * MIB):
                writer.write(offset + at, os.urandom(min(4 * MIB, length - at)))


def carving(place: Path, image: Path, what: str, kinds: str = "everything,disable,jpg,enable") -> None:
    if shutil.which("photorec") is None:
        row("carving", "not measured: no photorec here", "", "")
        return
    command = f"partition_none,fileopt,{kinds},freespace,search"
    out = place / "photorec"
    out.mkdir()
    before = os.times()
    subprocess.run(
        ["photorec", "/log", "/logname", str(place / "log"), "/d", str(out / "r"), "/cmd", str(image), command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = os.times()
    theirs = after.children_user + after.children_system - before.children_user - before.children_system
    found = len(list(out.glob("r.*/f*")))
    shutil.rmtree(out)
    with open_card(image) as card:
        read = cpu(lambda: _read_all(card))
        ours = cpu(lambda: list(carve(FreeSpace(card.device, card.free.tolist()))))
        count = len(list(carve(FreeSpace(card.device, card.free.tolist()))))
    row(f"carving {CARD_BYTES // MIB} MiB of {what}, CPU", f"{ours:.2f} s ({count} found; reading alone {read:.2f} s)",
        f"PhotoRec {theirs:.2f} s ({found} found)", f"{theirs / ours:.1f} times (10 wanted)")  # fmt: skip


def _read_all(card: Card) -> None:
    """Read what is free as carving does: no carver is quicker than that."""
    space = FreeSpace(card.device, card.free.tolist())
    for index in range(len(space.pieces)):
        space.bytes_of(index)


def mapping(image: Path, what: str) -> None:
    with open_card(image) as card:
        mapper = FreeMapper(card.device)
        total = int(card.free[:, 1].sum())

        def run() -> None:
            for _ in FreeSpace(card.device, card.free.tolist(), mapper.feed).from_position(0):
                pass
            mapper.result()

        seconds = cpu(run)
    rate = total / seconds / 1e6
    row(f"free map, {what}, one core", f"{rate:.0f} MB/s", "400 MB/s wanted", f"{rate / 400:.1f} times")


def screening(place: Path) -> None:
    image = place / "large.img"
    format_fat32(image, 64 << 30, label="LARGE")
    with open_card(image) as card:
        seconds = cpu(lambda: screen(card.device, card.free.tolist()))
    row("screen of a sparse 64 GiB card, CPU", f"{seconds:.1f} s", "10 s wanted", f"{10 / seconds:.1f} times")
    image.unlink()


def metadata(files: list[Path], what: str) -> None:
    thousand = (files * (1000 // len(files) + 1))[:1000]

    def run(*, whole: bool) -> None:
        for file in thousand:
            with opened(file) as source:
                if source is not None:
                    read_photo(source)
                    if whole:
                        exact_trailer(source)

    size = sum(file.stat().st_size for file in thousand) / len(thousand) / 1e6
    seconds = cpu(lambda: run(whole=False))
    title = f"metadata of 1,000 {what} ({size:.1f} MB each), CPU"
    row(title, f"{seconds:.2f} s", "3 s wanted", f"{3 / seconds:.1f} times")
    seconds = cpu(lambda: run(whole=True))
    row("the same, each picture followed to its end", f"{seconds:.2f} s", "no figure", "")


def memory(image: Path) -> None:
    # Its exit code is 1, as it should be on such a card; cost_of takes only 0.
    program = "import sys; from fifthfloor.cli.outcome import run; from fifthfloor.cli.group import fifthfloor; "
    cost = cost_of([sys.executable, "-c", f"{program} run(fifthfloor, ['audit', sys.argv[1], '--json'])", str(image)])
    peak = f"{cost.peak_mb:.0f} MB"
    row("peak memory of `audit` on that card", peak, "500 MB wanted", f"{500 / cost.peak_mb:.1f} times")


def main() -> None:
    photos = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "photos"
    rolls, cameras = sorted((photos / "roll").glob("*.JPG")), sorted((photos / "cameras").glob("*.jpg"))
    if not rolls or not cameras:
        raise SystemExit(f"no photographs at {photos}")
    assert Path(PROGRAM).exists()
    print("| what | measured | beside | ratio |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as name:
        place = Path(name)
        used, wiped = place / "used.img", place / "wiped.img"
        used_card(used, list(FORMS.values()))
        carving(place, used, "small files of 16 kinds", "everything,enable")
        used.unlink()
        used_card(used, list(forms(10).values()))
        carving(place, used, "16 kinds of 0.9 to 24 MB", "everything,enable")
        used.unlink()
        used_card(used, [file.read_bytes() for file in rolls + cameras])
        carving(place, used, "photographs")
        mapping(used, "photo remains")
        memory(used)
        noise_card(wiped)
        mapping(wiped, "noise")
        wiped.unlink()
        screening(place)
        metadata(cameras, "files of 88 cameras")
        metadata(rolls, "photographs of two rolls")


if __name__ == "__main__":
    helped(__doc__)
    main()
