"""CPU seconds a photograph of the essay's pictures, beside sigal and thumbsup making the same sizes in the same run.

    python -m bench.essay_pictures --photos ../shared/photos/roll [--sigal PROGRAM] [--thumbsup PROGRAM] [--times 3]

CPU of a process and all its children (user and system): on shared cores the only number that repeats. A peer that is
not given is left out. Each row is the median of `--times` runs, taken in turn so that noise meets all of them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[Path], Sequence[str]]
OURS = {
    "JPEG set, 3 sizes": ("480,800,1200", "jpg"),
    "AVIF and JPEG, 3 sizes": ("480,800,1200", "avif,jpg"),
    "JPEG, sigal's sizes": ("280,2048", "jpg"),
    "JPEG, thumbsup's sizes": ("240,683,2048", "jpg"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--sigal")
    parser.add_argument("--thumbsup")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("SIDES", "FORMATS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    photos = sorted(path for path in given.photos.iterdir() if path.suffix.casefold() in (".jpg", ".jpeg"))
    if given.child:
        _child(photos, [int(side) for side in given.child[0].split(",")], given.child[1].split(","))
        return
    with tempfile.TemporaryDirectory() as temporary:
        _compare(photos, given, Path(temporary))


def _compare(photos: Sequence[Path], given: argparse.Namespace, work: Path) -> None:
    source = work / "in" / "album"
    source.mkdir(parents=True)
    for photo in photos:
        shutil.copy(photo, source / f"{photo.stem}.jpg")
    runs: dict[str, Run] = {}
    for name, (sides, formats) in OURS.items():
        command = [sys.executable, "-m", "bench.essay_pictures", "--photos", str(source), "--child", sides, formats]
        runs[name] = lambda _out, command=command: command  # type: ignore[misc]
    if given.sigal:
        settings = work / "sigal.conf.py"
        settings.write_text("img_size = (2048, 2048)\nthumb_size = (280, 210)\n")
        runs["sigal"] = lambda out: [given.sigal, "build", "-c", str(settings), str(source.parent), str(out)]
    if given.thumbsup:
        runs["thumbsup"] = lambda out: [given.thumbsup, "--input", str(source.parent), "--output", str(out)]
    found = {name: [] for name in runs}  # type: dict[str, list[float]]
    for number in range(given.times):
        for name, run in runs.items():
            found[name].append(_cpu_seconds(run(work / f"out-{name.split()[0]}-{number}"), work) / len(photos))
    _print({name: statistics.median(values) for name, values in found.items()}, len(photos))


def _cpu_seconds(command: Sequence[str], work: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"HOME": str(work)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _child(photos: Sequence[Path], sides: Sequence[int], formats: Sequence[str]) -> None:
    from fifthfloor.essay import pictures, written_xmp

    packet = written_xmp.packet(caption="A caption", alt="An alt text", credit="A credit")
    for photo in photos:
        pictures.derive(photo.read_bytes(), name=photo.name, xmp=packet, sides_px=sides, formats=formats)  # type: ignore[arg-type]


def _print(rows: dict[str, float], count: int) -> None:
    print(f"| {count} photographs | CPU-s each | beside |\n|---|---|---|")
    for name, seconds in rows.items():
        peer = name.partition(", ")[2].partition("'s sizes")[0]
        beside = f"{seconds / rows[peer]:.2f} of {peer}" if peer in rows else ""
        print(f"| {name} | {seconds:.3f} | {beside} |")
    print(f"\nlargest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
