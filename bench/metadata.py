"""The metadata filter beside exiftool and mat2, in one run on the same files: rows for docs/performance/people.md.

python bench/metadata.py
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from measure import helped

from fifthfloor.errors import BadInput
from fifthfloor.redact.metadata import rebuild

PHOTOS = Path(os.environ.get("FIFTHFLOOR_PHOTOS", Path(__file__).resolve().parents[2] / "shared/photos"))
MAT2_FILES = 6  # it takes seconds for each


def ours(files: list[Path]) -> tuple[int, float]:
    start = time.process_time()
    done = 0
    for file in files:
        try:
            rebuild(file.read_bytes())
            done += 1
        except BadInput:
            continue
    return done, time.process_time() - start


def theirs(command: list[str], files: list[Path]) -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as folder:
        copies = [shutil.copy(file, Path(folder) / f"{number}.jpg") for number, file in enumerate(files)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*command, *map(str, copies)], capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return len(files), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    files = sorted((PHOTOS / "cameras").glob("*.jpg")) + sorted((PHOTOS / "roll").glob("*.JPG"))
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    ours(files[:3])
    rows = [
        ("fifthfloor, whitelist", *ours(files)),
        ("exiftool -all= --icc_profile:all", *theirs(["exiftool", "-q", "-all=", "--icc_profile:all"], files)),
        ("mat2 --lightweight", *theirs(["mat2", "--lightweight", "--inplace"], files[:: len(files) // MAT2_FILES])),
        ("mat2", *theirs(["mat2", "--inplace"], files[:: len(files) // MAT2_FILES])),
    ]
    print(f"{len(files)} photographs, {megabytes:.0f} MB\n")
    print("| program | photographs | a CPU second |\n|---|---|---|")
    for name, count, seconds in rows:
        print(f"| {name} | {count} | {count / seconds:.1f} |")


if __name__ == "__main__":
    helped(__doc__)
    main()
