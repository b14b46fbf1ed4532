"""Unpacks wheels into one folder that runs where it stands: no venv, no absolute path, nothing to install.

    fifthfloor        starts it: `sh fifthfloor COMMAND`
    fifthfloor.cmd    starts it on Windows
    start.py          chooses the libraries for the Python and the machine at hand
    lib/any           our package, and those without machine code
    lib/MACHINE/abi3  for every Python
    lib/MACHINE/cp313 for one
    python/win_amd64  the Python for Windows
    READ-ME.txt, wheels.txt (the inputs, each with its SHA-256), files.sha256 (every file here)

Rule: the same wheels give the same files, bytes, modes and times included. There are no links and no names that FAT
and exFAT cannot hold, so that the folder may lie on any stick.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from tools.portable import embed
from tools.portable.wheels import WINDOWS, Wheel

FILES = Path(__file__).parent / "files"
LAUNCHER = "fifthfloor"
HASHES = "files.sha256"
# Midday: the earliest whole day of FAT, whatever zone the stick's clock is read in.
STAMP = 315_662_400  # 1980-01-02 12:00 UTC
# Needed to test or to compile against a library, never to run it; half the files of numpy.
_LEFT_OUT = re.compile(r"(^|/)tests/|\.(pyi|pxd|pyx|h|c|a|lib)$|^numpy/(f2py|distutils)/|\.dist-info/RECORD$")
# The desk's libraries, without what it never loads: other servers, other loops, names of the wider network, machine
# code that has a twin in Python. A test walks the desk's pages without them.
_NOT_THE_DESKS = re.compile(
    r"^(idna/"
    r"|anyio/(_backends/_trio|_core/_(contextmanagers|fileio|futures|signals|subprocesses|tempfile)|from_thread|functools"
    r"|itertools|pytest_plugin|streams/(buffered|file|text)|to_interpreter|to_process)\.py$"
    r"|jinja2/(ext|meta|nativetypes|sandbox)\.py$"
    r"|markupsafe/_speedups"
    r"|starlette/(authentication|config|endpoints|schemas|staticfiles|status|templating|testclient"
    r"|middleware/(authentication|base|cors|httpsredirect|opentelemetry|sessions|trustedhost|wsgi))\.py$"
    r"|uvicorn/(lifespan/on|protocols/http/(auto_zttp|httptools|zttp)\w*|protocols/websockets/ws\w+"
    r"|protocols/websockets/websockets_\w+|supervisors/watch\w+|workers)\.py$)"
)
_DATA = re.compile(r"^[^/]+\.data/(?:purelib|platlib)/(.*)$")


def build(wheels: Sequence[Wheel], out: Path, python: Path | None = None) -> None:
    """Write the folder; it appears whole or not at all.

    Args:
        wheels: for at least one Python.
        out: replaced if it is a folder that this function wrote.
        python: `embed.ARCHIVE`, the Python for Windows; None for a folder without.

    Raises:
        FileExistsError: something else is there.
    """
    if out.exists() and not is_ours(out):
        raise FileExistsError(f"{out} is there and is no portable folder")
    making = out.with_name(f".{out.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for wheel in wheels:
        _unpack(wheel, making / "lib" / place_of(wheel))
    for file in sorted(FILES.iterdir()):
        shutil.copyfile(file, making / file.name)
    inputs = [wheel.path for wheel in wheels]
    if python is not None:
        embed.unpack(python, making / "python" / WINDOWS)
        inputs.append(python)
    (making / "wheels.txt").write_text("".join(_inputs(inputs)), encoding="ascii", newline="\n")
    (making / HASHES).write_text("".join(_hashes(making)), encoding="utf-8", newline="\n")
    _settle(making)
    if out.exists():
        shutil.rmtree(out)
    making.rename(out)


def is_ours(folder: Path) -> bool:
    """Return whether a folder looks like one that `build` wrote."""
    return folder.is_dir() and (folder / "wheels.txt").is_file() and (folder / "start.py").is_file()


def place_of(wheel: Wheel) -> PurePosixPath:
    """Return where a wheel is unpacked, below `lib`."""
    return PurePosixPath("any") if wheel.machine == "any" else PurePosixPath(wheel.machine, wheel.tag)


def contents(folder: Path) -> Iterator[tuple[str, int, int, str]]:
    """Give every file and folder: path, mode, time in seconds, SHA-256 ("" for a folder), in order."""
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        yield path.relative_to(folder).as_posix(), facts.st_mode, int(facts.st_mtime), digest


def _unpack(wheel: Wheel, into: Path) -> None:
    with zipfile.ZipFile(wheel.path) as archive:
        for item in archive.infolist():
            name = _DATA.sub(r"\1", item.filename)
            if item.is_dir() or _LEFT_OUT.search(name) or _NOT_THE_DESKS.search(name) or ".data/" in name:
                continue
            target = into / name
            if not target.resolve().is_relative_to(into.resolve()):
                raise ValueError(f"{wheel.path.name} holds a path that leaves it: {name}")
            if target.exists():
                raise ValueError(f"two wheels hold {name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(item))


def _inputs(files: Sequence[Path]) -> Iterator[str]:
    for path in sorted(files, key=lambda path: path.name):
        yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"


def _hashes(folder: Path) -> Iterator[str]:
    """Give the lines of `files.sha256`, as `sha256sum --check` takes them."""
    for name, _mode, _time, digest in contents(folder):
        if digest:
            yield f"{digest}  {name}\n"


def _settle(folder: Path) -> None:
    """Give everything one mode and one time, folders after what is in them."""
    for path in sorted((folder, *folder.rglob("*")), reverse=True):
        path.chmod(0o755 if path.is_dir() or path == folder / LAUNCHER else 0o644)
        os.utime(path, (STAMP, STAMP))
