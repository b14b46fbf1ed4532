"""Fetches the wheels of the install for the road, for several Pythons and machines at once: one folder to install from.

Rule 1: only wheels, never source archives: nothing is compiled, and the folder works where there is no compiler.
Rule 2: every wheel but our own is one of `lock.txt`, by its SHA-256.
Rule 3: which file is for which Python and machine is read from its name (PEP 425, PEP 427), never guessed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# Debian 12 and Tails 6 have 3.11, Ubuntu 24.04 has 3.12, Debian 13 and Tails 7 have 3.13, newer ones 3.14.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = ("x86_64", "win_amd64")
WINDOWS = "win_amd64"
# The Python that the folder brings for Windows, where none can be expected.
WINDOWS_PYTHON = "3.13"
LOCK = Path(__file__).with_name("lock.txt")
GLIBC = (2, 28)  # of the newest wheels taken; every system named above has a later one
# pip asks the machine it runs on what a package needs, so what only Windows needs is named here.
ONLY_WINDOWS = ("colorama",)
_OLDEST_GLIBC_MINOR = 5  # manylinux1
_NAME = re.compile(
    r"(?P<package>[^-]+)-(?P<version>[^-]+)(-\d[^-]*)?-(?P<python>[^-]+)-(?P<abi>[^-]+)-(?P<system>[^-]+)\.whl"
)


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel, by its name.

    Args:
        path: of the file.
        package, version: as the name has them.
        tag: "any", "abi3" (any Python of 3) or of one Python: "cp311".
        machine: "any" or "x86_64", "aarch64" (Linux), "win_amd64".
    """

    path: Path
    package: str
    version: str
    tag: str
    machine: str


def read_name(path: Path) -> Wheel:
    """Say what a wheel is for.

    Raises:
        ValueError: no name of a wheel, or one for a system that this folder is not made for.
    """
    found = _NAME.fullmatch(path.name)
    if found is None:
        raise ValueError(f"{path.name} is no name of a wheel")
    if found["system"] == "any":
        return Wheel(path, found["package"], found["version"], "any", "any")
    machine = re.search(r"manylinux\w*?_(x86_64|aarch64)$|^(win_amd64)$", found["system"])
    if machine is None:
        raise ValueError(f"{path.name} is neither for Linux with glibc nor for 64-bit Windows")
    tag = found["abi"] if found["abi"] == "abi3" else found["python"]
    return Wheel(path, found["package"], found["version"], tag, machine[1] or machine[2])


def listed(folder: Path) -> list[Wheel]:
    """Return the wheels of a folder, by name."""
    return [read_name(path) for path in sorted(folder.glob("*.whl"))]


def fetch(folder: Path, pythons: Sequence[str], machines: Sequence[str]) -> None:
    """Fill a folder with our own wheel and those it needs; uses pip, and the network where pip needs it.

    Args:
        folder: made if it is not there; holds no wheels yet.
        pythons: such as "3.11".
        machines: "x86_64", "aarch64", "win_amd64"; the last has one Python only, which the folder brings.

    Raises:
        FileExistsError: wheels are there already; an old one beside a new one would be a matter of chance.
        subprocess.CalledProcessError: pip failed; it has said why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.glob("*.whl")):
        raise FileExistsError(f"{folder} holds wheels already")
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(REPOSITORY))
    for machine in machines:
        for python in [WINDOWS_PYTHON] if machine == WINDOWS else pythons:
            with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="ascii") as lock:
                lock.write(_locked(machine))
                lock.flush()
                exactly = ("--dest", str(folder), "--no-deps", "--require-hashes", "--requirement", lock.name)
                _pip("download", *exactly, *target(python, machine))


def _locked(machine: str) -> str:
    """Return the lock for pip: the whole of it for Windows, elsewhere without what only Windows needs."""
    lines = LOCK.read_text(encoding="ascii").replace("\\\n", " ").splitlines()
    return "".join(f"{line}\n" for line in lines if machine == WINDOWS or not line.startswith(ONLY_WINDOWS))


def target(python: str, machine: str) -> Iterable[str]:
    """Return pip's options for another Python and machine than the ones it runs on."""
    yield from ("--only-binary=:all:", "--implementation", "cp", "--python-version", python)
    for abi in (f"cp{python.replace('.', '')}", "abi3", "none"):
        yield from ("--abi", abi)
    if machine == WINDOWS:
        yield from ("--platform", WINDOWS, "--platform", "any")
        return
    newest, oldest = GLIBC[1], _OLDEST_GLIBC_MINOR
    systems = [f"manylinux_{GLIBC[0]}_{minor}_{machine}" for minor in range(newest, oldest - 1, -1)]
    for system in (*systems, f"manylinux2014_{machine}", "any"):
        yield from ("--platform", system)


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", arguments[0], "--quiet", "--disable-pip-version-check", *arguments[1:]]
    subprocess.run(command, check=True)
