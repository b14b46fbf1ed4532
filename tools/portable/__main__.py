"""`make portable` and `make wheels`: Fifth Floor as one folder, to run from or to install from without a network."""

from __future__ import annotations

import argparse
import hashlib
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tools.portable import embed
from tools.portable.folder import HASHES, LAUNCHER, build, contents
from tools.portable.wheels import GLIBC, MACHINES, PYTHONS, WINDOWS, Wheel, fetch, listed


def main() -> None:
    """Fetch wheels where none are given, then unpack them, and say what came of it."""
    asked = _arguments()
    pythons, machines = asked.pythons or list(PYTHONS), asked.machines or list(MACHINES)
    try:
        if asked.wheels_only:
            fetch(asked.out, pythons, machines)
            _tell_wheels(asked.out)
        elif asked.wheels is not None:
            _make(asked.wheels, asked.out)
        else:
            with tempfile.TemporaryDirectory() as folder:
                fetch(Path(folder), pythons, machines)
                if WINDOWS in machines:
                    embed.fetch(Path(folder))
                _make(Path(folder), asked.out)
    except (OSError, ValueError) as error:
        sys.exit(f"portable: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"portable: pip failed ({error.returncode}); what it needs must be in reach, or given with --wheels")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="portable", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder")
    parser.add_argument("--wheels", type=Path, help="take these wheels; nothing is fetched")
    parser.add_argument("--wheels-only", action="store_true", help="only fetch wheels into --out")
    parser.add_argument("--pythons", nargs="+", metavar="3.13", help=f"default: {' '.join(PYTHONS)}")
    parser.add_argument(
        "--machines", nargs="+", choices=("x86_64", "aarch64", WINDOWS), help=f"default: {' '.join(MACHINES)}"
    )
    return parser.parse_args()


def _make(inputs: Path, out: Path) -> None:
    wheels, python = listed(inputs), inputs / embed.ARCHIVE
    if not wheels:
        raise ValueError("there are no wheels to build from")
    if not python.exists() and any(wheel.machine == WINDOWS for wheel in wheels):
        raise ValueError(f"for Windows {embed.ARCHIVE} must lie beside the wheels")
    build(wheels, out, python if python.exists() else None)
    _tell(wheels, out)


def _tell(wheels: list[Wheel], out: Path) -> None:
    """Print what is in the folder, how large it is, where it runs, and whether it starts here."""
    sizes: Counter[str] = Counter()
    files = 0
    for name, _mode, _time, digest in contents(out):
        if digest:
            files += 1
            sizes[_part(name)] += (out / name).stat().st_size
    for part in sorted(sizes):
        print(f"  {sizes[part] / 1e6:7.1f} MB  {part}")
    print(f"  {sum(sizes.values()) / 1e6:7.1f} MB  in {files} files: {out}")
    machines = sorted({wheel.machine for wheel in wheels} - {"any", WINDOWS})
    tags = sorted({wheel.tag for wheel in wheels if wheel.machine != WINDOWS} - {"any", "abi3"})
    pythons = ", ".join(f"3.{tag.removeprefix('cp3')}" for tag in tags)
    print(f"It runs on Linux ({', '.join(machines)}; glibc {GLIBC[0]}.{GLIBC[1]} or newer) with Python {pythons}:")
    print(f"  sh {shlex.quote(str(out / LAUNCHER))} --help")
    if any(wheel.machine == WINDOWS for wheel in wheels):
        print("and on 64-bit Windows 10 and 11, where it brings its Python: fifthfloor.cmd --help")
    own = hashlib.sha256((out / HASHES).read_bytes()).hexdigest()
    print(f"{HASHES} has the SHA-256 {own}; note it, and compare it where you use the folder.")
    here = f"3.{sys.version_info[1]}"
    if f"cp{here.replace('.', '')}" in tags:
        done = subprocess.run(["sh", str(out / LAUNCHER), "--version"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ValueError(f"it does not start here: {done.stderr.strip()}")
        print(f"Tried here: {done.stdout.strip()}, Python {here}. The other Pythons were not tried.")


def _tell_wheels(folder: Path) -> None:
    for wheel in listed(folder):
        print(f"  {wheel.path.stat().st_size / 1e6:7.1f} MB  {wheel.path.name}")
    where = shlex.quote(str(folder))
    print(f"To install from it without a network: pip install --no-index --find-links {where} fifthfloor")


def _part(name: str) -> str:
    """Return the library a file belongs to, for the list: `lib/x86_64/cp313/numpy`."""
    parts = name.split("/")
    depth = 3 if parts[:2] == ["lib", "any"] else 4 if parts[0] == "lib" else 1
    kept = parts[:depth]
    if depth > 1:
        kept[-1] = kept[-1].split("-")[0].removesuffix(".libs").split(".")[0]
    return "/".join(kept)


if __name__ == "__main__":
    main()
