"""A Windows to try the program on: CPython for Windows under wine, in a Debian folder of its own.

What it is not: a real Windows. Raw volumes answer reads, writes, locking and dismounting, and every lock is granted;
geometry and length are not answered for them; numpy above 2.1 calls functions that wine 10 lacks, so 2.1.3 stands in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.portable import embed
from tools.portable.wheels import REPOSITORY, WINDOWS, WINDOWS_PYTHON, fetch, listed

_NUMPY = "numpy==2.1.3"
_FOR_TESTS = ("pytest>=8.2,<10", "hypothesis>=6.100,<7", "argon2-cffi>=23.1,<26", "PyNaCl>=1.5,<2")
_ENVIRONMENT = (
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "XDG_RUNTIME_DIR=/tmp",
    "WINEDEBUG=-all",
    "LC_ALL=C.UTF-8",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a command ended with, and what it showed on both streams."""

    code: int
    text: str


class Judge:
    """The folder. Inside it, `w` is the Windows' `Z:\\w`; everything else there is Debian's.

    Args:
        folder: made by `set_up`; 1.3 GB.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.place = self.folder / "w"
        self._loops: dict[str, str] = {}

    def set_up(self) -> None:
        """Make the folder where it is not there: three minutes, as root, with debootstrap and a network."""
        if not (self.place / "prefix").is_dir():
            if os.geteuid() != 0 or shutil.which("debootstrap") is None:
                raise SystemExit(
                    "make windows is run as root, where debootstrap is installed (apt-get install debootstrap)"
                )
            _done("debootstrap", "--variant=minbase", "--include=ca-certificates", "trixie", str(self.folder))
            for name in ("resolv.conf", "ssl", "apt/apt.conf.d"):
                self._copied(Path("/etc") / name)
            _done("chroot", str(self.folder), "apt-get", "update", "-qq")
            install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "wine", "wine64")
            _done("chroot", str(self.folder), "env", "DEBIAN_FRONTEND=noninteractive", *install)
            self.place.mkdir()
            self._mounted()
            self.inside("wineboot -i; wine winecfg -v win10; wineserver -w")
        self._mounted()

    def _copied(self, source: Path) -> None:
        target = self.folder / source.relative_to("/")
        if source.is_dir():
            shutil.copytree(
                source, target, dirs_exist_ok=True, ignore_dangling_symlinks=True, copy_function=_copied_anew
            )
        elif source.exists():
            shutil.copyfile(source, target)

    def inputs(self) -> Path:
        """Return the folder of wheels for Linux and Windows, fetched once; ours is always made anew."""
        folder = self.folder / "inputs"
        if not (folder / embed.ARCHIVE).exists():
            shutil.rmtree(folder, ignore_errors=True)
            fetch(folder, [f"3.{sys.version_info[1]}"], [os.uname().machine, WINDOWS])
            for numpy in folder.glob(f"numpy-*{WINDOWS}.whl"):
                numpy.unlink()
            _fetched(folder, "--no-deps", _NUMPY)
            embed.fetch(folder)
        for ours in folder.glob("fifthfloor-*.whl"):
            ours.unlink()
        _done(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(folder), str(REPOSITORY))
        return folder

    def install(self) -> None:
        """Lay a Python with our package, what it needs, and what the tests need, at `w/python`."""
        shutil.rmtree(self.place / "python", ignore_errors=True)
        embed.unpack(self.inputs() / embed.ARCHIVE, self.place / "python")
        site = self.place / "python" / "site"
        wheels = [wheel.path for wheel in listed(self.inputs()) if wheel.machine in ("any", WINDOWS)]
        with tempfile.TemporaryDirectory() as made:
            _fetched(Path(made), *_FOR_TESTS)
            names = {path.name.split("-")[0].lower() for path in wheels}
            more = [path for path in Path(made).glob("*.whl") if path.name.split("-")[0].lower() not in names]
            for wheel in (*wheels, *more):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(site)
        search = ["python313.zip", ".", "site", r"Z:\w\repository", r"Z:\w\repository\theatre\src"]
        (self.place / "python" / "python313._pth").write_text("\n".join(search) + "\n", encoding="ascii")
        shutil.rmtree(self.place / "repository", ignore_errors=True)
        for name in ("tests", "spec", "tools", "docs", "theatre"):
            shutil.copytree(REPOSITORY / name, self.place / "repository" / name, ignore=_CACHES)
        for name in ("pyproject.toml", "Makefile"):
            shutil.copyfile(REPOSITORY / name, self.place / "repository" / name)

    def inside(self, script: str, *arguments: str, seconds: float = 1800) -> Said:
        """Run a line of bash in the folder, in `w`."""
        with self.started(script, *arguments) as process:
            try:
                text, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return Said(-1, f"no end after {seconds:.0f} s")
        return Said(process.returncode, text)

    def started(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """Start it; stdin is what Windows calls NUL."""
        shell = ["env", "-i", *_ENVIRONMENT, "WINEPREFIX=/w/prefix", "bash", "-c", f"cd /w && {script}", "_"]
        return subprocess.Popen(
            ["chroot", str(self.folder), *shell, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def fifthfloor(self, *arguments: str) -> Said:
        """Run a command of the program on this Windows."""
        return self.inside('exec wine python/python.exe -m fifthfloor "$@"', *arguments)

    def attach(self, letters: Mapping[str, Path]) -> None:
        r"""Make images the raw volumes `\\.\E:` ..., of drives that Windows calls removable."""
        for letter, image in letters.items():
            done = subprocess.run(["losetup", "-f", "--show", str(image)], capture_output=True, text=True, check=True)
            self._loops[letter] = done.stdout.strip()
            devices = self.place / "prefix" / "dosdevices"
            (self.place / f"volume-{letter}").mkdir(exist_ok=True)
            for name, target in (
                (f"{letter.lower()}::", self._loops[letter]),
                (f"{letter.lower()}:", f"/w/volume-{letter}"),
            ):
                (devices / name).unlink(missing_ok=True)
                (devices / name).symlink_to(target)
            self.inside(f"wine reg add 'HKLM\\Software\\Wine\\Drives' /v {letter}: /d floppy /f")
        self.inside("wineserver -k; wineserver -w")

    def detach(self) -> None:
        """Let go of the images and of what was mounted."""
        for letter, loop in self._loops.items():
            subprocess.run(["losetup", "--detach", loop], check=False)
            for name in (f"{letter.lower()}::", f"{letter.lower()}:"):
                (self.place / "prefix" / "dosdevices" / name).unlink(missing_ok=True)
        self._loops.clear()

    def close(self) -> None:
        """Detach everything, end wine, unmount."""
        self.detach()
        self.inside("wineserver -k; wineserver -w")
        for name in ("dev", "proc"):
            subprocess.run(["umount", str(self.folder / name)], check=False, capture_output=True)

    def _mounted(self) -> None:
        for name, options in (("proc", ("-t", "proc", "proc")), ("dev", ("--bind", "/dev"))):
            place = self.folder / name
            if subprocess.run(["mountpoint", "-q", str(place)], check=False).returncode:
                _done("mount", *options, str(place))


_CACHES = shutil.ignore_patterns("__pycache__")


def _fetched(folder: Path, *packages: str) -> None:
    target = ("--platform", WINDOWS, "--python-version", WINDOWS_PYTHON, "--only-binary=:all:")
    _done(sys.executable, "-m", "pip", "download", "-q", *target, "--dest", str(folder), *packages)


def _done(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _copied_anew(source: str, target: str) -> str:
    """Copy a file. What stands in the folder may be a link that leads out of it: never write through it."""
    Path(target).unlink(missing_ok=True)
    return str(shutil.copy2(source, target))
