"""Deleted photographs in pieces: how many come back byte for byte, beside PhotoRec and The Sleuth Kit on the same card.

python bench/fragments.py [PHOTOS [COUNT [CARD...]]]     Markdown rows; PHOTOS is a folder of camera files, cards 1 to 4

Where PHOTOS holds fewer than COUNT pictures that are long enough, more are made of them by cjpeg and ImageMagick
(other sizes, qualities, sampling, tables, restart markers). The cards are made by mtools: gaps are left by deleting,
photographs are copied into them, then everything is deleted; names stay, chains do not. PhotoRec runs twice: as it
comes, and with its search for pieces (`paranoid_bf`), each with at most CPU_SECONDS.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import PROGRAM, helped
from tests.audit.fragmented import card_in_pieces
from tests.outside import named

UNIT = 32768
MIB = 1 << 20
CPU_SECONDS = 60  # for one run of PhotoRec on one card: five times what ours takes
CARD_PICTURES = 28  # of one card
_LEAST_CLUSTERS = 6
_Between = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """What one program brought back of a card: how it is called there, its CPU seconds, its files."""

    program: str
    cpu: float
    files: list[bytes]


def ran(program: str, command: Sequence[str], out: Path, where: Path) -> Result:
    """Run one program, at most CPU_SECONDS long, and take every picture it left."""
    out.mkdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["prlimit", f"--cpu={CPU_SECONDS}", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=where,  # PhotoRec leaves its session where it runs
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = [path for path in out.parent.glob(f"{out.name}*/**/*") if path.suffix.lower() in (".jpg", ".mpo", ".insp")]
    files = [path.read_bytes() for path in found if ".partial" not in path.name]
    for folder in out.parent.glob(f"{out.name}*"):
        shutil.rmtree(folder)
    return Result(program, cpu, files)


def brought_back(image: Path, place: Path) -> Iterable[Result]:
    """Run all programs on one card, one after the other."""
    yield ran(
        "fifthfloor recover", [PROGRAM, "recover", str(image), "--out", str(place / "ours")], place / "ours", place
    )
    for name, options in (("photorec", ""), ("photorec, paranoid_bf", "options,paranoid_bf,")):
        search = f"partition_none,{options}fileopt,everything,disable,jpg,enable,freespace,search"
        command = ["photorec", "/log", "/d", str(place / "theirs" / "r"), "/cmd", str(image), search]
        yield ran(name, command, place / "theirs", place)
    yield ran("tsk_recover", ["tsk_recover", str(image), str(place / "tsk")], place / "tsk", place)


@dataclass(slots=True)
class Tally:
    """What one program did on all cards of a kind.

    Args:
        right: photographs that came back byte for byte.
        short: their beginnings, up to the end mark.
        wrong: files that begin as one of them, are called whole, and are neither. PhotoRec and The Sleuth Kit have no
            word for "in part".
        cpu: seconds.
    """

    right: int = 0
    short: int = 0
    wrong: int = 0
    cpu: float = 0.0


def tallied(photographs: list[bytes], gaps: Sequence[int], between: _Between, tallies: dict[str, Tally]) -> None:
    """Make a card, let everybody look, and count."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        names = {f"IMG_{number:04}.JPG": data for number, data in enumerate(photographs)}
        image = card_in_pieces(place, names, gaps, between=between, cluster_bytes=UNIT)
        wanted = set(photographs)
        heads = {data[:4096] for data in photographs}
        for result in brought_back(image, place):
            tally = tallies.setdefault(result.program, Tally())
            begun = [data for data in result.files if data[:4096] in heads and data not in wanted]
            short = sum(data.endswith(b"\xff\xd9") and data in cut(photographs, data) for data in begun)
            tally.right += len(wanted.intersection(result.files))
            tally.short += short
            tally.wrong += len(begun) - short
            tally.cpu += result.cpu


def measured(what: str, photographs: list[bytes], gaps: Sequence[int], between: _Between) -> None:
    """Lay all photographs on cards of CARD_PICTURES, and print a row a program."""
    tallies: dict[str, Tally] = {}
    for at in range(0, len(photographs), CARD_PICTURES):
        tallied(photographs[at : at + CARD_PICTURES], gaps, between, tallies)
    size = (sum(map(len, photographs)) + sum(gaps) * UNIT * len(photographs)) / (1 << 30)
    for program, tally in tallies.items():
        share = 100 * tally.right / len(photographs)
        print(
            f"| {what} | {program} | {tally.right} of {len(photographs)} ({share:.0f} %) | {tally.short} "
            f"| {tally.wrong} | {tally.cpu:.0f} s, {tally.cpu / size:.0f} a GiB |",
            flush=True,
        )


def cut(photographs: Iterable[bytes], data: bytes) -> Iterable[bytes]:
    """Yield the photographs' beginnings of the length of `data`."""
    return (one[: len(data)] for one in photographs)


def originals(photos: Path) -> list[bytes]:
    """Return the cameras' own pictures that are long enough to be cut, in an order of no meaning."""
    files = sorted(photos.glob("roll/*.JPG")) + sorted(photos.glob("cameras/*.jpg"))
    random.Random(1).shuffle(files)
    return [data for file in files if len(data := file.read_bytes()) > _LEAST_CLUSTERS * UNIT]


def made_of(pictures: list[bytes], count: int) -> list[bytes]:
    """Write pictures anew with other people's encoders until there are `count` that are long enough."""
    ways: list[Callable[[bytes], bytes]] = [
        lambda data: _piped(data, ["djpeg"], ["cjpeg", "-quality", "92", "-sample", "2x2"]),
        lambda data: _piped(data, ["djpeg"], ["cjpeg", "-quality", "85", "-sample", "1x1", "-optimize"]),
        lambda data: _piped(data, ["djpeg"], ["cjpeg", "-quality", "95", "-sample", "2x1", "-restart", "1"]),
        lambda data: _piped(data, ["convert", "-", "-resize", "70%", "-quality", "93", "-interlace", "none", "jpg:-"]),
    ]
    made: list[bytes] = []
    for number in range(8 * count):
        if len(made) >= count:
            break
        data = ways[number % len(ways)](pictures[number % len(pictures)])
        if len(data) > _LEAST_CLUSTERS * UNIT and data[:2] == b"\xff\xd8":
            made.append(data)
    return made


def _piped(data: bytes, *commands: Sequence[str]) -> bytes:
    for command in commands:
        data = subprocess.run(command, input=data, capture_output=True, check=False).stdout
    return data


def tails_of(pictures: list[bytes]) -> _Between:
    """Make foreign data of the later halves of other pictures: their code is valid, and it has an end mark."""
    chance = random.Random(3)

    def between(length: int) -> bytes:
        other = chance.choice(pictures)
        tail = other[len(other) // 2 // UNIT * UNIT :]
        return tail[-length:] if len(tail) >= length else tail.ljust(length, b"\1")

    return between


def pictures_of(photos: Path, count: int) -> tuple[list[bytes], int]:
    """Return pictures of cameras, others made of them where they are too few, and how many are cameras' own."""
    pictures = originals(photos)[:count]
    return pictures + (made_of(pictures, count - len(pictures)) if pictures else []), len(pictures)


def cards_of(pictures: list[bytes]) -> list[tuple[str, Sequence[int], _Between]]:
    """Name the kinds of cards: what they are, how many clusters are between the pieces, and what stands there."""
    film: _Between = random.Random(2).randbytes
    return [
        ("two pieces, a film between", (17,), film),
        ("three pieces, a film between", (9, 30), film),
        ("two pieces, another picture's end between", (24,), tails_of(pictures)),
        ("five pieces beside a film", (3, 2, 5, 2), film),
    ]


def main() -> None:
    photos = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "photos"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 110
    wanted = sys.argv[3:]
    missing = [name for name in ("photorec", "tsk_recover", "mcopy", "djpeg", "convert") if shutil.which(name) is None]
    pictures, own = pictures_of(photos, count)
    if not pictures or missing:
        raise SystemExit(f"no photographs at {photos}, or not here: {', '.join(missing)}")
    named.update({"mkfs.fat", "mcopy", "mdel"})
    print(f"{own} pictures of cameras, {len(pictures) - own} made of them by cjpeg and ImageMagick\n")
    print("| photographs | program | byte for byte | up to the end mark | wrong | CPU |\n|---|---|---|---|---|---|")
    cards = cards_of(pictures)
    for number, (what, gaps, between) in enumerate(cards, 1):
        if not wanted or str(number) in wanted:
            measured(what, pictures, gaps, between)


if __name__ == "__main__":
    helped(__doc__)
    main()
