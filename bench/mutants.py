"""Mutation testing: break the code in every small way and see whether a test notices (`make bench-long`).

    python bench/mutants.py [--keep FOLDER] [--only PART]... [--sample N] [--seed S] [--tests PATH]... [--report]

Works on a copy of what git tracks. `mutant_operators.py` makes the changes, `mutant_engine.py` runs the tests that
reach each, in a forked child. Results are kept in FOLDER/results.jsonl: started again with the same FOLDER it goes on
where it stopped. Prints one row an area and the survivors, which docs/performance/mutations.md judges.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
AREAS = ("src/fifthfloor/floor/", "src/fifthfloor/cards/", "src/fifthfloor/carriers/free_space.py")
TESTS = ("property", "cards", "vectors", "carriers", "hostile", "tools", "tasks")
CAUGHT = ("killed", "timeout", "signal")


def copy(folder: Path) -> None:
    """Copy what git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)


def work(folder: Path, tests: list[str], only: list[str], sample: int | None, seed: int) -> None:
    """Run the mutants of a copied tree; counterpart of `report`."""
    tree = folder / "tree"
    os.chdir(tree)
    sys.path[:0] = [str(tree / "src"), str(tree), str(Path(__file__).parent)]
    os.environ["PYTHONPATH"] = str(tree / "src")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import mutant_engine
    from mutant_operators import Mutant

    files = sorted(str(p.relative_to(tree)) for area in AREAS for p in found(tree / area))

    def order(listed: list[Mutant]) -> list[Mutant]:
        wanted = [m for m in listed if not only or any(part in m.name for part in only)]
        random.Random(seed).shuffle(wanted)
        return wanted[:sample]

    mutant_engine.run(files, tests or [f"tests/{name}" for name in TESTS], folder, order)


def found(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, in percent (Wilson's)."""
    z, share = 1.959964, hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return 100 * (middle - half) / (1 + z * z / count), 100 * (middle + half) / (1 + z * z / count)


def report(folder: Path) -> None:
    """Print a row an area, and the survivors."""
    mutants: dict[str, Any] = {m["name"]: m for m in json.loads((folder / "mutants.json").read_text())}
    lines = map(json.loads, (folder / "results.jsonl").read_text().splitlines())
    results: dict[str, Any] = {line["name"]: line for line in lines if line["name"] in mutants}
    print(
        "| area | mutants | run | noticed | survived | no test | share noticed | 95 % interval |\n" + "|---" * 8 + "|"
    )
    for area in AREAS:
        ran = [r for name, r in results.items() if name.startswith(area)]
        counts = Counter(r["outcome"].split()[0] for r in ran)
        caught, count = sum(counts[one] for one in CAUGHT), len(ran)
        low, high = wilson(caught, count) if count else (0.0, 100.0)
        total = sum(name.startswith(area) for name in mutants)
        share = f"{100 * caught / count:.1f} % | {low:.1f} to {high:.1f}" if count else "not run |"
        print(f"| {area[15:]} | {total} | {count} | {caught} | {counts['survived']} | {counts['no']} | {share} |")
    for name in sorted(results, key=lambda n: (mutants[n]["file"], mutants[n]["line"])):
        if not results[name]["outcome"].startswith(CAUGHT):
            m, r = mutants[name], results[name]
            print(f"{name} {m['kind']} {r['outcome']} ({r.get('tests', 0)} of {r.get('of', 0)} tests)")
            print(f"    - {m['before']}\n    + {m['after']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="work here, leave it, and go on there")
    parser.add_argument(
        "--only", action="append", default=[], help="mutants whose name (file:line:number) has this part"
    )
    parser.add_argument("--sample", type=int, help="only so many, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tests", action="append", default=[], help="a test file or folder, in place of all that judge"
    )
    parser.add_argument("--report", action="store_true", help="only print what is there")
    given = parser.parse_args()
    folder = (given.keep or Path(tempfile.mkdtemp(prefix="mutants-"))).resolve()
    if not given.report:
        if not (folder / "tree").exists():
            copy(folder / "tree")
        work(folder, given.tests, given.only, given.sample, given.seed)
    report(folder)
    if not given.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
