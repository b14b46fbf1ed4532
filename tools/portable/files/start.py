"""Chooses the libraries for the Python and the machine at hand, and starts Fifth Floor with these alone.

Rule: written so that a Python as old as 3.7 can read it and say that it is too old.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h: none of the program's own codes


class UnfitError(Exception):
    """This folder does not run here: a cause and a hint."""


def libraries(lib: Path, machine: str, version: tuple[int, int], glibc: str) -> list[str]:
    """Return the folders to search for packages, the narrowest first.

    Args:
        lib: the folder beside this file.
        machine: as `uname -m` says it.
        version: of the running Python.
        glibc: such as "glibc 2.36"; anything else means another C library.

    Raises:
        UnfitError: nothing there is for this Python, machine or C library.
    """
    machines = sorted(path.name for path in lib.iterdir() if path.name != "any")
    if machine not in machines:
        cause = f"this folder is for {', '.join(machines)}, this machine is {machine}"
        raise UnfitError(cause, f"make one with: make portable MACHINES={machine}")
    if not glibc.startswith("glibc"):
        raise UnfitError(
            "the libraries here need glibc, and this system has none", "Tails, Debian, Ubuntu and Fedora do"
        )
    tags = sorted(path.name for path in (lib / machine).iterdir() if path.name != "abi3")
    tag = f"cp{version[0]}{version[1]}"
    if tag not in tags:
        here, known = f"{version[0]}.{version[1]}", ", ".join(f"3.{tag[3:]}" for tag in tags)
        cause = f"this folder is for Python {known}, this is {here}"
        raise UnfitError(cause, f"use another system, or from 3.11 on: make portable PYTHONS={here}")
    return [str(lib / machine / tag), str(lib / machine / "abi3"), str(lib / "any")]


def main() -> int:
    """Start the command line, or say in two lines why not; with --fits alone, only say by the exit code."""
    try:
        glibc = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        glibc = ""
    lib = Path(__file__).resolve().parent / "lib"
    try:
        found = libraries(lib, os.uname().machine, (sys.version_info[0], sys.version_info[1]), glibc)
    except UnfitError as unfit:
        sys.stderr.write("fifthfloor: error: {}\nfifthfloor: hint: {}\n".format(*unfit.args))
        return UNAVAILABLE
    if sys.argv[1:] == ["--fits"]:
        return 0
    sys.path[:0] = found
    from fifthfloor.cli import main as start

    start()
    return 0


if __name__ == "__main__":  # a process that this one spawns reads this file as well, and is given its paths
    sys.exit(main())
