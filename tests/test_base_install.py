"""The install for the road, without extras, in the venv of its own that `make test` makes (`.venv-base`)."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from tests.outside import IN_CI, REPOSITORY

from fifthfloor_theatre.cards.format import FatWriter, format_fat32

PYTHON = REPOSITORY / ".venv-base" / "bin" / "python"
MAX_PACKAGES = 10  # blueprint: a travelling laptop is searched
# What a traveller needs on the road; anything else may want an extra, and must then say which.
ON_THE_ROAD = ("errors", "words", "cli", "floor", "cards", "carriers", "audit", "jpeg.segments", "identity", "engine")

IMPORT_ALL = """
import importlib, json, pkgutil
import fifthfloor
wants = {}
for module in pkgutil.walk_packages(fifthfloor.__path__, "fifthfloor."):
    if module.name == "fifthfloor.__main__":
        continue
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        wants[module.name] = error.name
print(json.dumps(wants))
"""
HELP_OF_ALL = """
from click.testing import CliRunner
from fifthfloor.cli.group import COMMANDS, fifthfloor
for name in (None, *COMMANDS):
    done = CliRunner().invoke(fifthfloor, [*([name] if name else []), "--help"])
    assert done.exit_code == 0, (name, done.output, done.exception)
"""
HIDE_AND_OPEN = """
from pathlib import Path
from click.testing import CliRunner
from fifthfloor.cli.group import fifthfloor
Path("secret").write_bytes(bytes(range(256)) * 500)
def run(*arguments):
    done = CliRunner().invoke(fifthfloor, [*arguments, "--yes"], input="stout walnut erupting diaper canopy flatly\\n")
    assert done.exit_code == 0, (arguments, done.output, done.exception)
run("hide", "secret", "--in", "a.img", "--in", "b.img", "--lose", "1", "--passphrase-file", "-")
Path("a.img").unlink()
run("open", "b.img", "--out", "back", "--passphrase-file", "-")
assert Path("back/secret").read_bytes() == Path("secret").read_bytes()
"""


@pytest.fixture(scope="module", autouse=True)
def base_install() -> None:
    if not PYTHON.exists():
        assert not IN_CI, "make test makes .venv-base first"
        pytest.skip("no .venv-base; `make test` makes it")


def said(program: str, cwd: Path) -> str:
    """Run a program text in the base venv, away from the source tree."""
    done = subprocess.run(
        [str(PYTHON), "-I", "-c", program],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_few_packages_are_installed(tmp_path: Path) -> None:
    program = "import importlib.metadata as m; print(*sorted({d.name.lower() for d in m.distributions()}))"
    installed = set(said(program, tmp_path).split()) - {"pip", "setuptools", "wheel", "fifthfloor"}
    assert len(installed) <= MAX_PACKAGES, sorted(installed)


def test_every_module_for_the_road_imports(tmp_path: Path) -> None:
    wants: dict[str, str] = json.loads(said(IMPORT_ALL, tmp_path))
    stranded = {
        name: package
        for name, package in wants.items()
        if package.startswith("fifthfloor") or any(f"{name}.".startswith(f"fifthfloor.{part}.") for part in ON_THE_ROAD)
    }
    assert not stranded


def test_every_command_explains_itself_without_extras(tmp_path: Path) -> None:
    said(HELP_OF_ALL, tmp_path)


def test_hides_and_opens_without_extras(tmp_path: Path) -> None:
    for card in ("a.img", "b.img"):
        format_fat32(tmp_path / card, 36 << 20, label="ROAD")
        with FatWriter(tmp_path / card) as writer:
            writer.add_file("DCIM/100FIFTH/IMG_0001.JPG", b"visible" * 1000, datetime(2012, 9, 3))
    said(HIDE_AND_OPEN, tmp_path)
