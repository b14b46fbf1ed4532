"""The install for the road, without extras, in the venv of its own that `make test` makes (`.venv-base`)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from tests.cli.test_every_command import TABLE, flat, made
from tests.outside import IN_CI, REPOSITORY

from fifthfloor_theatre.cards.format import FatWriter, format_fat32

__all__ = ["made"]  # a fixture
PYTHON = REPOSITORY / ".venv-base" / "bin" / "python"
MAX_PACKAGES = 10  # a travelling laptop is searched
# What a traveller needs on the road; anything else may want an extra, and must then say which.
ON_THE_ROAD = ("errors", "words", "cli", "floor", "cards", "carriers", "audit", "jpeg.segments", "identity", "engine")
# The kernels of the extra `roll` lie among the carriers; whoever needs them imports them when he does.
OF_AN_EXTRA = {f"fifthfloor.carriers.roll.{kernels}": "numba" for kernels in ("costs", "trellis", "viterbi")}

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
# What home does and the road does not; every other command does its work.
NEEDS_HOME = {
    "protect",
    "approve",
    "sign",
    "stamp request",
    "stamp finish",
    "essay new",
    "publish",
    "archive add",
    "trace",
}
# Keys made in these tests are derived cheaply, and the real derivation finds others: what was made here is opened here.
MADE_HERE = {"hidden.img": "card.img", "made.json": "story.json"}
ON_THE_ROAD_TOO = {
    "audit": [["photos", "papers", "--html", "page.html", "--pick", "pick.txt"], ["deleted.img", "--quick"]],
    "verify": [["--page", "readers.html"]],
}
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
    done = CliRunner().invoke(fifthfloor, [*arguments, "--yes"], input="stout walnut erupt diaper canopy flatly\\n")
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
        if (name, package) not in OF_AN_EXTRA.items()
        and (
            package.startswith("fifthfloor")
            or any(f"{name}.".startswith(f"fifthfloor.{part}.") for part in ON_THE_ROAD)
        )
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


def test_every_command_does_its_work_or_says_which_extra_it_needs(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(made, place)
    (place / "papers").mkdir()
    (place / "papers" / "letter.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    for name in sorted(TABLE.keys() - {"journey"}, key=list(TABLE).index):
        words = [MADE_HERE.get(word, word) for word in flat(TABLE[name])]
        for given in (words, *ON_THE_ROAD_TOO.get(name, [])):
            done = typed(place, [*name.split(), *given, "--yes"])
            if name in NEEDS_HOME:
                assert done.returncode == 3, (name, done)
                assert re.search(r"python3? -m pip install .*\[home\]", done.stderr), (name, done)
            else:
                # `cards` and `audit` may answer with 1: no card is here, or something was found.
                assert done.returncode in ((0, 1) if name in ("cards", "audit") else (0,)), (name, done)
                assert "error:" not in done.stderr, (name, done)
    assert sorted(path.name for path in (place / "back").rglob("*.jpg")) == ["a.jpg"]


def test_a_command_that_stays_at_home_is_not_there(tmp_path: Path) -> None:
    done = typed(tmp_path, ["journey", "--yes"])
    assert (done.returncode, "no such command" in done.stderr) == (2, True), done


def typed(place: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the program that the base install put into its `bin`, as a traveller does."""
    program = [str(PYTHON.parent / "fifthfloor"), *words]
    return subprocess.run(
        program, cwd=place, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=180
    )
