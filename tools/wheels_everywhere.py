"""Ask the registry whether everything the base install needs has a wheel on every machine photographers have.

    python -m tools.wheels_everywhere

pip resolves `[project] dependencies` of pyproject.toml, and what `tools/rescue.py` needs, for each platform and Python,
from wheels alone; nothing is installed and nothing of it is kept. Prints the table of docs/wheels.md; exit code 1
if anything would have to be compiled. Markers count for the platform asked about only where pip can see them: what
Windows needs besides (colorama, for click) is named here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What pip on such a machine would accept; it widens macOS versions downwards by itself.
PLATFORMS: dict[str, tuple[str, ...]] = {
    "Linux x86-64": ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64"),
    "Linux aarch64": ("manylinux_2_17_aarch64", "manylinux2014_aarch64", "manylinux_2_28_aarch64"),
    "Linux x86-64, musl": ("musllinux_1_1_x86_64", "musllinux_1_2_x86_64"),
    "Linux aarch64, musl": ("musllinux_1_1_aarch64", "musllinux_1_2_aarch64"),
    "macOS 11, arm64": ("macosx_11_0_arm64",),
    "macOS 11, x86-64": ("macosx_11_0_x86_64",),
    "Windows x86-64": ("win_amd64",),
}
RESCUE = ("PyNaCl", "cryptography>=44")


def resolved(requirements: Sequence[str], platform: Sequence[str], python: str) -> list[str] | None:
    """Return the wheels pip would take; None when it finds no set of wheels."""
    with tempfile.TemporaryDirectory() as nowhere:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
        command += ["--ignore-installed", "--only-binary", ":all:", "--report", "-", "--target", nowhere]
        command += ["--implementation", "cp", "--python-version", python, "--abi", f"cp{python.replace('.', '')}"]
        command += ["--abi", "abi3", "--abi", "none"]
        command += [word for tag in platform for word in ("--platform", tag)]
        done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1:], file=sys.stderr)
        return None
    report = json.loads(done.stdout)
    return sorted(one["download_info"]["url"].rsplit("/", 1)[1] for one in report["install"])


def main() -> int:
    """Print the table; returns the exit code."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    lacking = 0
    print(
        "| machine | "
        + " | ".join(f"Python {python}" for python in PYTHONS)
        + " |\n"
        + "|---" * (1 + len(PYTHONS))
        + "|"
    )
    for name, tags in PLATFORMS.items():
        cells = []
        for python in PYTHONS:
            needed = [*project["dependencies"], *(["colorama"] if "win" in tags[0][:3] else [])]
            base, rescue = resolved(needed, tags, python), resolved(RESCUE, tags, python)
            lacking += (base is None) + (rescue is None)
            cells.append(
                (f"{len(base)} wheels" if base else "**lacks one**") + ("" if rescue else ", rescue **lacks one**")
            )
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
