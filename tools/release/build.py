"""Builds wheel and sdist of both distributions twice, in two copies of the source, and keeps them only if equal.

    python -m tools.release.build --out dist

What is built is the last commit, not what lies in the folder; its time is the time in the archives.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.portable.wheels import REPOSITORY

# The one tool that turns the source into archives, by hash: it runs with the source in its hands.
BUILD_LOCK = Path(__file__).with_name("build-lock.txt")
SOURCES = (".", "theatre")


def main() -> None:
    """Build, compare, keep."""
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder; made, and empty before")
    out = parser.parse_args().out.resolve()
    if out.is_dir() and any(out.iterdir()):
        sys.exit(f"release: {out} is not empty")
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        python = builder(work / "venv")
        moment = _said("git", "-C", str(REPOSITORY), "log", "-1", "--format=%ct")
        once, again = (built(work / name, python, moment) for name in ("a", "and another"))
        if once != again:
            sys.exit("release: two builds differ: " + ", ".join(sorted({*once} ^ {*again})))
        out.mkdir(parents=True, exist_ok=True)
        for name, data in once.items():
            (out / name).write_bytes(data)
            print(f"{hashlib.sha256(data).hexdigest()}  {name}")


def builder(venv: Path) -> Path:
    """Make a venv with what `build-lock.txt` pins, and nothing else; returns its python."""
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--only-binary=:all:", "--requirement", str(BUILD_LOCK)], check=True)
    return python


def built(place: Path, python: Path, moment: str, sources: Sequence[str] = SOURCES) -> dict[str, bytes]:
    """Build the last commit in a place of its own.

    Args:
        place: made; its name and its files' times must not be found in what is built.
        python: has hatchling.
        moment: SOURCE_DATE_EPOCH.
        sources: folders with a pyproject.toml.

    Returns:
        the archives by name.
    """
    place.mkdir(parents=True)
    archive = subprocess.run(["git", "-C", str(REPOSITORY), "archive", "HEAD"], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(place, filter="data")
    found = {}
    for source in sources:
        # With the source's own ignore rules, as git has them; without its history nobody needs to know it.
        command = [str(python), "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(place / "dist")]
        environment = {"PATH": os.environ["PATH"], "HOME": str(place), "SOURCE_DATE_EPOCH": moment, "LC_ALL": "C.UTF-8"}
        subprocess.run(command, cwd=place / source, check=True, env=environment, stdout=subprocess.DEVNULL)
    for path in (place / "dist").iterdir():
        found[path.name] = path.read_bytes()
    return found


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
