"""What the layout cost: hiding, opening, auditing and publishing before and after the changes that only moved code.

    python bench/house.py [--runs 5] [--only hide] [--pairs 6]

A pair is a commit and one after it, both of this repository's history, run in turn, CPU seconds of the whole command
with its children; key derivation is made cheap on both sides, or it would hide what is asked for, and modules are
compiled once, as an installation does, whatever the environment says (PYTHONDONTWRITEBYTECODE). Pairs are chosen so
that between them stands the move of code and nothing that changes what is computed: the own RaptorQ, format 2, reading
past the cache and the wider audit lie between pairs. The product of the pairs is what the layout cost as a whole.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import MIB, make_cards, make_files, passphrase_file

REPOSITORY = Path(__file__).parent.parent
# (what stands between, before, after, what it can have touched)
PAIRS = (
    ("four wings, a command a file", "b067221", "df22cb3", ("hide", "open", "audit", "publish")),
    ("one reader for each kind of metadata", "197b4c2", "9b7f21f", ("hide", "open", "audit", "publish")),
    ("one reader and one writer of files", "05338dd", "9de41dc", ("hide", "open", "audit", "publish")),
    ("Volume stated once", "7ce36bd", "b41541b", ("hide", "open", "audit")),
    ("chance from one place", "bc10e8a", "9c0f220", ("hide",)),
    ("one walk for progressive scans", "b374c03", "fa6b10d", ("publish",)),
    ("one reader of chunks and of several pictures", "a7aec8e", "303ff2b", ("audit", "publish")),
)
# A command of another commit, with Argon2id at its least cost: the derivation would be most of what is measured.
RUNNER = """
import runpy, sys
from cryptography.hazmat.primitives.kdf import argon2
real = argon2.Argon2id
argon2.Argon2id = lambda **given: real(**{**given, "iterations": 1, "memory_cost": 8 * given["lanes"]})
sys.argv[0] = "fifthfloor"
runpy.run_module("fifthfloor", run_name="__main__", alter_sys=False)
"""


def unpacked(commit: str, folder: Path) -> Path:
    """Lay the files of a commit into a folder of their own."""
    place = folder / commit
    if not place.exists():
        place.mkdir()
        packed = subprocess.run(["git", "archive", commit], cwd=REPOSITORY, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(place)], input=packed, check=True)
    return place


def cpu_of(tree: Path, *arguments: str) -> float:
    """Run the command of a tree, and return its CPU seconds with those of its children."""
    environment = os.environ | {"PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree / 'theatre' / 'src'}"}
    # A compiler that runs again each time costs 3 ms a file, and the newer tree has more and smaller files.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", RUNNER, *arguments]
    with subprocess.Popen(command, cwd=tree, env=environment, stdout=-3, stderr=subprocess.PIPE) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ((0, 1) if arguments[0] == "audit" else (0,)):
        raise SystemExit(f"{arguments[0]} at {tree.name} gave {process.returncode}: {said.decode()[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def essay_of(tree: Path, folder: Path) -> Path:
    """Make an essay of protected photographs by a commit's own code."""
    script = (
        "import sys; from pathlib import Path; from tests.essay.protected import essay; essay(Path(sys.argv[1]), 4)"
    )
    environment = os.environ | {"PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree / 'theatre' / 'src'}{os.pathsep}{tree}"}
    subprocess.run([sys.executable, "-c", script, str(folder)], cwd=tree, env=environment, check=True)
    return folder


def copied(source: Path, target: Path) -> Path:
    subprocess.run(["cp", "--sparse=always", str(source), str(target)], check=True)
    return target


class Jobs:
    """One job a command: what it works on is the same for both sides."""

    def __init__(self, work: Path) -> None:
        self.work = work
        (self.card,) = make_cards(work, 1, 512 * MIB)
        self.files = make_files(work / "photographs", 60_000_000)
        self.secret = passphrase_file(work)
        self.number = 0

    def fresh(self, name: str) -> Path:
        self.number += 1
        return self.work / f"{self.number}-{name}"

    def hide(self, tree: Path) -> float:
        card = copied(self.card, self.fresh("card.img"))
        try:
            words = ("hide", str(self.files), "--in", str(card), "--passphrase-file", str(self.secret), "--yes")
            return cpu_of(tree, *words)
        finally:
            card.unlink()

    def open(self, tree: Path) -> float:
        hidden = self.work / f"hidden-{tree.name}.img"
        if not hidden.exists():
            copied(self.card, hidden)
            cpu_of(tree, "hide", str(self.files), "--in", str(hidden), "--passphrase-file", str(self.secret), "--yes")
        out = self.fresh("back")
        spent = cpu_of(tree, "open", str(hidden), "--out", str(out), "--passphrase-file", str(self.secret))
        subprocess.run(["rm", "-r", str(out)], check=True)
        return spent

    def audit(self, tree: Path) -> float:
        swept = self.work / "swept.img"
        if not swept.exists():
            copied(self.card, swept)
            cpu_of(tree, "wipe", str(swept), "--yes")
        return cpu_of(tree, "audit", str(swept))

    def publish(self, tree: Path) -> float:
        essay = self.work / "essay"
        if not essay.exists():
            essay_of(tree, essay)
        site = self.fresh("site")
        spent = cpu_of(tree, "publish", str(essay), "--out", str(site))
        subprocess.run(["rm", "-r", str(site)], check=True)
        (essay / ".fifthfloor-published.json").unlink(missing_ok=True)
        return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="one of hide, open, audit, publish")
    parser.add_argument("--pairs", type=int, default=len(PAIRS), help="only so many")
    given = parser.parse_args()
    pairs: dict[str, dict[str, list[tuple[float, float]]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        jobs = Jobs(work)
        for what, before, after, touched in PAIRS[: given.pairs]:
            old, new = unpacked(before, work), unpacked(after, work)
            subprocess.run(["rm", "-rf", str(work / "essay")], check=True)
            for name in touched:
                if given.only not in ("", name):
                    continue
                found = measured(getattr(jobs, name), old, new, given.runs)
                pairs.setdefault(name, {})[what] = found
                seconds = min(a for a, _ in found)
                least = min(b for _, b in found) / seconds
                told = said(product_of_medians, [found])
                print(f"| {name} | {what} ({before}, {after}) | {seconds:.2f} s | {least:.3f} | {told} |", flush=True)
    for name, changes in pairs.items():
        medians = said(product_of_medians, [*changes.values()])
        least = math.prod(min(b for _, b in some) / min(a for a, _ in some) for some in changes.values())
        print(f"| {name} | all of them | | {least:.3f} | {medians} |")


def measured(job: Callable[[Path], float], old: Path, new: Path, runs: int) -> list[tuple[float, float]]:
    """Run both sides in turn, every second pair the new one first, so that a machine that grows slower favours none."""
    job(old), job(new)  # the first run compiles
    found = []
    for number in range(runs):
        first, second = (new, old) if number % 2 else (old, new)
        spent = {first: job(first)}
        spent[second] = job(second)
        found.append((spent[old], spent[new]))
    return found


def product_of_medians(changes: list[list[tuple[float, float]]]) -> float:
    return math.prod(statistics.median(b / a for a, b in some) for some in changes)


def said(figure: Callable[[list[list[tuple[float, float]]]], float], pairs: list[list[tuple[float, float]]]) -> str:
    """Return a figure of all pairs, and between what it lies in 95 of 100 draws of as many pairs (bootstrap)."""
    chance = random.Random(1)
    drawn = sorted(figure([chance.choices(some, k=len(some)) for some in pairs]) for _ in range(1000))
    return f"{figure(pairs):.3f} ({drawn[25]:.3f} to {drawn[974]:.3f})"


if __name__ == "__main__":
    main()
