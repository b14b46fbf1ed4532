"""Memory of the essay's pictures over many photographs, and CPU of a build that has nothing to do.

    python -m bench.essay_memory [--photographs 200] [--build 2000]

The first figure publishes fourteen small protected photographs and runs the command again. The second makes
derivatives of one 12 MP picture again and again and prints the memory along the way: a leak or a cache would rise.
The third publishes one essay of so many protected photographs (0.6 MP, each another) in one build, and prints what the
program has resident along the way; drawing and protecting 2,000 takes some ten minutes before that.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image


def photograph() -> bytes:
    """Draw a JPEG of 12 MP with slopes and grain."""
    y, x = np.mgrid[0:3024, 0:4032]
    grain = np.random.default_rng(8).normal(0, 9, (3024, 4032))
    planes = [np.clip((x * a + y * b) % 256 + grain, 0, 255) for a, b in ((0.05, 0.02), (0.03, 0.06), (0.01, 0.04))]
    out = io.BytesIO()
    Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def _grow(count: int) -> None:
    from fifthfloor.essay import pictures

    data = photograph()
    # Not the largest so far: drawing the picture takes more than all that follows.
    print(f"| photographs | memory |\n|---|---|\n| 0 (the bench's own) | {_resident_mb()} MB |")
    for number in range(1, count + 1):
        pictures.derive(data, name="drawn.jpg", xmp=b"")
        if number in (1, 10, 50, 100, 200, 500, 1000, 1500, count):
            print(f"| {number} | {_resident_mb()} MB |", flush=True)


def _resident_mb(process: int | str = "self", field: str = "VmRSS") -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int((status.partition(f"{field}:")[2].split() or ["0"])[0]) // 1000


def _again(work: Path) -> None:
    from tests.essay.protected import essay

    command = [
        sys.executable,
        "-m",
        "fifthfloor",
        "publish",
        str(essay(work / "trip", 14)),
        "--out",
        str(work / "site"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    time.sleep(2.5)
    subprocess.run(command, check=True, capture_output=True)
    found = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert said.startswith("nothing changed"), said
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"\nnothing changed, 14 photographs: {sorted(found)[2]:.3f} CPU-s in all, limit 0.2")


def _build(count: int, work: Path) -> None:
    from tests.essay.protected import lines, protect, telling
    from tests.jpeg.pictures import jpeg

    names = [f"{number:04d}.jpg" for number in range(1, count + 1)]
    for number, name in enumerate(names):
        protect(work / "many", name, jpeg(960, 640, seed=number, subsampling=2))
    (work / "many" / "essay.md").write_text(telling("Very many.", *(lines(name) for name in names)))
    command = [sys.executable, "-m", "fifthfloor", "publish", str(work / "many"), "--out", str(work / "all")]
    print("\n| photographs of one build | memory |\n|---|---|")
    steps = [share * count // 8 for share in range(1, 9)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        while program.poll() is None:
            done = len(list((work / "all" / "proof").glob("*.jpg")))
            if steps and done >= steps[0]:
                print(f"| {done} | {_resident_mb(program.pid)} MB |", flush=True)
                steps = [step for step in steps if step > done]
            # The kernel's own high-water mark: nothing between two looks is missed.
            most = max(most, _resident_mb(program.pid, "VmHWM"))
            time.sleep(0.05)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert program.returncode == 0
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n{count} photographs: at most {most} MB, limit 500; {seconds / count:.3f} CPU-s each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=int, default=200)
    parser.add_argument("--build", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        _again(Path(work))
    if given.photographs:
        _grow(given.photographs)
    if given.build:
        with tempfile.TemporaryDirectory() as work:
            _build(given.build, Path(work))


if __name__ == "__main__":
    main()
