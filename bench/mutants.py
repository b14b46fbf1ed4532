"""Mutation testing: break the code in every small way and see whether a test notices (`make bench-long`).

    python bench/mutants.py [floor] [cards] [free_space] [--minutes 40] [--keep FOLDER]

Works on a copy of what git tracks, with mutmut 3 (not in the `dev` extra; `make bench-long` installs it), hypothesis
with 20 examples instead of 60, and without the tests that pay the real cost of Argon2id. Prints one row an area and
the survivors, which docs/performance/mutations.md judges.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# area: what is mutated, and the tests that must notice
AREAS = {
    "floor": ("src/fifthfloor/floor/", ("tests/property",)),
    "cards": ("src/fifthfloor/cards/", ("tests/cards",)),
    "free_space": ("src/fifthfloor/carriers/free_space.py", ("tests/tasks/test_laws.py", "tests/tasks/test_damage.py")),
}
SETUP = """[mutmut]
paths_to_mutate={path}
also_copy=
    src
    tools
    spec
    tests
    pyproject.toml
pytest_add_cli_args=
    -n0
    -m
    not real_kdf and not kernel
pytest_add_cli_args_test_selection=
    {tests}
mutate_only_covered_lines=true
max_children={children}
"""
CAUGHT = ("killed", "timeout", "segfault", "suspicious")


def copy(folder: Path) -> None:
    """Copy what git tracks, with fewer examples a property."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for path in (folder / "tests").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        fewer = re.sub(r"max_examples=(\d+)", lambda m: f"max_examples={min(20, int(m[1]))}", text)
        path.write_text(fewer, encoding="utf-8")


def mutmut(folder: Path, *arguments: str, seconds: float | None = None) -> str:
    """Run mutmut and return what it prints; after `seconds` it is stopped with all its children."""
    command = ["nice", "-n", "10", sys.executable, "-m", "mutmut", *arguments]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        return process.communicate()[0]


def measure(area: str, minutes: float, folder: Path) -> None:
    """Mutate one area for so many minutes, and print its row and its survivors."""
    path, tests = AREAS[area]
    children = str(os.cpu_count() or 1)
    (folder / "setup.cfg").write_text(SETUP.format(path=path, tests="\n    ".join(tests), children=children))
    mutmut(folder, "run", seconds=60 * minutes)
    lines = [line.strip().rsplit(": ", 1) for line in mutmut(folder, "results", "--all", "true").splitlines()]
    found = {line[0]: line[1] for line in lines if len(line) == 2}
    counts = Counter(found.values())
    caught = sum(counts[outcome] for outcome in CAUGHT)
    run = caught + counts["survived"] + counts["no tests"]
    share = f"{100 * caught / run:.1f} %" if run else "not run"
    print(f"| {area} | {len(found)} | {run} | {caught} | {counts['survived']} | {counts['no tests']} | {share} |\n")
    for name, outcome in found.items():
        if outcome in ("survived", "no tests"):
            changed = [
                x for x in mutmut(folder, "show", name).splitlines() if x[:1] in "+-" and x[:3] not in ("+++", "---")
            ]
            print(f"{name}: {outcome}", *changed, sep="\n    ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", choices=[[], *AREAS], default=[])
    parser.add_argument("--minutes", type=float, default=40, help="for each area")
    parser.add_argument("--keep", type=Path, help="work here and leave it, to go on or to look at a mutant")
    given = parser.parse_args()
    print("| area | mutants | run | noticed | survived | no test | share noticed |\n|---|---|---|---|---|---|---|")
    for area in given.areas or AREAS:
        with contextlib.ExitStack() as stack:
            folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutations-")))
            copy(folder)
            measure(area, given.minutes, folder)


if __name__ == "__main__":
    main()
