"""Writes `lock.txt`: every wheel the portable folder may hold, with its SHA-256. Run it to take newer versions:

    python -m tools.portable.lock

It asks the package registry through pip for each Python and machine of the folder, and takes the newest versions that
`pyproject.toml` allows. Read the difference before you commit it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tools.portable.wheels import LOCK, ONLY_WINDOWS, PYTHONS, REPOSITORY, WINDOWS, WINDOWS_PYTHON, read_name, target

HEAD = """\
# What the portable folder holds beside our own wheel: versions, and the SHA-256 of each file that pip may take.
# Written by `python -m tools.portable.lock`; read by `make portable` and `make wheels` (pip --require-hashes).
"""
EVERYWHERE = [(python, machine) for machine in ("x86_64", "aarch64") for python in PYTHONS]


def main() -> None:
    """Fetch for every target, hash, and write the lock."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for python, machine in [*EVERYWHERE, (WINDOWS_PYTHON, WINDOWS)]:
            only = ONLY_WINDOWS if machine == WINDOWS else ()
            _pip(
                "download",
                "--dest",
                str(folder),
                *target(python, machine),
                *project["dependencies"],
                *project["optional-dependencies"]["desk"],
                *only,
                *_same(folder),
            )
        LOCK.write_text(_lock(folder), encoding="ascii")


def _same(folder: Path) -> list[str]:
    """Hold pip to the versions that the first target got: of the oldest Python, which is offered the fewest."""
    wheels = [read_name(path) for path in folder.glob("*.whl")]
    chosen = folder / "constraints.part"
    chosen.write_text("".join(f"{wheel.package}=={wheel.version}\n" for wheel in wheels), encoding="ascii")
    return ["--constraint", str(chosen)]


def _lock(folder: Path) -> str:
    """Return the lock of a folder of wheels, one version of each package.

    Raises:
        ValueError: targets got different versions.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.glob("*.whl")):
        wheel = read_name(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.setdefault(wheel.package.lower().replace("_", "-"), {}).setdefault(wheel.version, []).append(digest)
    lines = [HEAD]
    for package, versions in sorted(found.items()):
        if len(versions) != 1:
            raise ValueError(f"{package} comes in {len(versions)} versions: {', '.join(versions)}")
        [(version, digests)] = versions.items()
        lines.append(" \\\n    ".join([f"{package}=={version}", *(f"--hash=sha256:{one}" for one in sorted(digests))]))
        lines.append("\n")
    return "".join(lines)


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", arguments[0], "--quiet", "--disable-pip-version-check", *arguments[1:]]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
