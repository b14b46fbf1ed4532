"""Chooses the libraries for the Python and the machine at hand, and starts Fifth Floor with these alone.

Rule: written so that a Python as old as 3.7 can read it and say that it is too old.
"""

from __future__ import annotations

from _signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal  # type: ignore[import-not-found]

# Until there are words for it, Ctrl-C ends this as it ends any program: Python would show a page of its innards.
if getsignal(SIGINT) is default_int_handler:
    signal(SIGINT, SIG_DFL)

import os
import sys

# A compiled file that somebody laid beside ours would be run in its place. Python looks for them where nothing can be;
# a process that this one starts reads this line as well.
sys.pycache_prefix = os.devnull + os.sep + "none"
sys.dont_write_bytecode = True

import hashlib  # noqa: E402
from importlib import machinery  # noqa: E402
from pathlib import Path  # noqa: E402

UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h: none of the program's own codes
WINDOWS = "win_amd64"
HASHES = "files.sha256"


LIB = Path(__file__).resolve().parent / "lib"


def only_what_belongs(place: str) -> machinery.FileFinder:
    """Find modules below `lib`: source, and machine code only where the libraries with machine code lie.

    Python itself would prefer a library that somebody laid beside a module of ours, and take a .pyc for a module.

    Raises:
        ImportError: another place; it has its own finder.
    """
    folder = Path(place)
    if LIB not in (folder, *folder.parents):
        raise ImportError(place)
    source = (machinery.SourceFileLoader, machinery.SOURCE_SUFFIXES)
    if LIB / "any" in (folder, *folder.parents):
        return machinery.FileFinder(place, source)
    return machinery.FileFinder(place, (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES), source)


sys.path_hooks.insert(0, only_what_belongs)


class UnfitError(Exception):
    """This folder does not run here: a cause and a hint."""


def libraries(lib: Path, machine: str, version: tuple[int, int], glibc: str) -> list[str]:
    """Return the folders to search for packages, the narrowest first.

    Args:
        lib: the folder beside this file.
        machine: as `uname -m` says it; "win_amd64" on Windows.
        version: of the running Python.
        glibc: such as "glibc 2.36"; anything else means another C library; not looked at on Windows.

    Raises:
        UnfitError: nothing there is for this Python, machine or C library.
    """
    machines = sorted(path.name for path in lib.iterdir() if path.name != "any")
    if machine not in machines:
        cause = f"this folder is for {', '.join(machines)}, this machine is {machine}"
        raise UnfitError(cause, f"make one with: make portable MACHINES={machine}")
    if machine != WINDOWS and not glibc.startswith("glibc"):
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


def check(folder: Path) -> list[str]:
    """Compare every file of the folder with the list that was made with it; returns what is not as it was.

    It finds what a fault or a hasty hand did. Somebody who means it changes this file too: for that, compare the list's
    own SHA-256 with the one that was printed when the folder was made, on another machine.
    """
    listed = {}
    for line in (folder / HASHES).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    wrong = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or (path.is_file() and name != HASHES and name not in listed):
            wrong.append("not one of its files: " + name)
    for name, digest in sorted(listed.items()):
        path = folder / name
        if not path.is_file():
            wrong.append("missing: " + name)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append("changed: " + name)
    return wrong


def tell_check(folder: Path) -> int:
    """Say what `check` found."""
    try:
        wrong = check(folder)
        own = hashlib.sha256((folder / HASHES).read_bytes()).hexdigest()
    except OSError as error:
        sys.stderr.write(f"fifthfloor: error: the folder cannot be checked: {error.strerror}\n")
        return UNAVAILABLE
    for line in wrong:
        sys.stderr.write(f"fifthfloor: error: {line}\n")
    sys.stdout.write(f"{HASHES}: SHA-256 {own}\n" if wrong else f"every file is as it was; {HASHES}: SHA-256 {own}\n")
    return 1 if wrong else 0


def system() -> tuple[str, str]:
    """Return the machine and the C library."""
    if sys.platform == "win32":
        return WINDOWS, ""
    try:
        return os.uname().machine, os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return os.uname().machine, ""


def main() -> int:
    """Start the command line, or say in two lines why not; with --fits alone, only say by the exit code."""
    folder = Path(__file__).resolve().parent
    if sys.argv[1:] == ["--check"]:
        return tell_check(folder)
    try:
        machine, glibc = system()
        found = libraries(folder / "lib", machine, (sys.version_info[0], sys.version_info[1]), glibc)
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
