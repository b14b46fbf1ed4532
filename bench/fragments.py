"""Deleted photographs in pieces: how many come back byte for byte, beside PhotoRec on the same card.

python bench/fragments.py [PHOTOS] [COUNT]     Markdown rows; PHOTOS is a folder of camera files
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.rejoin import in_one_piece_again
from fifthfloor.cards.extents import read_extents
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor_theatre.cards.format import format_fat32

UNIT = 32768
MIB = 1 << 20
_Between = Callable[[], bytes]


def pieces_of(data: bytes, count: int, chance: random.Random) -> list[bytes]:
    padded = data + bytes(-len(data) % UNIT)
    clusters = len(padded) // UNIT
    cuts = sorted(chance.sample(range(3, clusters - 1), count - 1))
    return [padded[a * UNIT : b * UNIT] for a, b in zip([0, *cuts], [*cuts, clusters], strict=True)]


def written(photographs: list[bytes], count: int, between: _Between, chance: random.Random) -> bytes:
    """All photographs in pieces, one after the other, with foreign data between two pieces."""
    out = []
    for data in photographs:
        parts = pieces_of(data, count, chance)
        for part in parts[:-1]:
            out += [part, between()]
        out.append(parts[-1])
    return b"".join(out)


def by_photorec(image: Path, place: Path) -> list[bytes]:
    out = place / "photorec"
    out.mkdir()
    command = "partition_none,options,paranoid_bf,fileopt,everything,disable,jpg,enable,freespace,search"
    subprocess.run(
        ["photorec", "/log", "/logname", str(place / "log"), "/d", str(out / "r"), "/cmd", str(image), command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=place,  # it leaves its session where it runs
        timeout=900,
        check=False,
    )
    found = [path.read_bytes() for path in out.glob("r.*/*.jpg")]
    shutil.rmtree(out)
    return found


def measured(what: str, photographs: list[bytes], count: int, between: _Between, chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        image, data = place / "card.img", written(photographs, count, between, chance)
        format_fat32(image, len(data) + 64 * MIB + 66_000 * UNIT, label="CARD", cluster_bytes=UNIT, partitioned=False)
        with open_card(image, writable=True) as card:
            writer = FreeWriter(card)
            for at in range(0, len(data), MIB):
                writer.write(int(card.free[0, 0]) + at, data[at : at + MIB])
            writer.flush()
        wanted = set(photographs)
        with open_card(image) as card:
            space = FreeSpace(card.device, card.free.tolist())
            begun = time.process_time()
            found = in_one_piece_again(space, carve(space), UNIT)
            seconds = time.process_time() - begun
            whole = [item for item in found if item.found.whole]
            ours = [b"".join(read_extents(card.device, item.runs, item.found.length_bytes)) for item in whole]
        theirs = by_photorec(image, place)
        right, beside = len(wanted.intersection(ours)), len(wanted.intersection(theirs))
        prefixes = sum(any(one != data and one.startswith(data) for one in wanted) for data in ours)
        wrong = len(ours) - right - prefixes
        print(
            f"| {what}, {len(photographs)} pictures | {right} (and {prefixes} without what stood behind the end mark) "
            f"| {beside} | {wrong} | {seconds / (len(data) / (1 << 30)):.0f} CPU s per GiB |",
            flush=True,
        )


def main() -> None:
    photos = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "photos"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    files = sorted(photos.glob("roll/*.JPG")) + sorted(photos.glob("cameras/*.jpg"))
    chance = random.Random(1)
    chance.shuffle(files)
    photographs = [data for file in files if len(data := file.read_bytes()) > 8 * UNIT][:count]
    if not photographs or shutil.which("photorec") is None:
        raise SystemExit(f"no photographs at {photos}, or no photorec")

    def noise() -> bytes:
        return chance.randbytes(chance.randint(1, 40) * UNIT)

    print("| photographs | byte for byte | PhotoRec | wrong | cost |\n|---|---|---|---|---|")
    measured("two pieces, film between", photographs, 2, noise, chance)
    measured("three pieces, film between", photographs, 3, noise, chance)
    tail = max(photographs[:10], key=len)
    rest = tail[len(tail) // 2 // UNIT * UNIT :]
    measured(
        "two pieces, the end of another picture between",
        photographs,
        2,
        lambda: rest + bytes(-len(rest) % UNIT),
        chance,
    )


main()
