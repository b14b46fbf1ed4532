"""The guide is true: every command is in it, and every ```console block in it runs.

A page is docs/guide.md or any docs/guide/*.md. In a block marked ```console, lines that begin with "$ " are typed, in
order, at a terminal, in a folder with sample cards; each must end with exit code 0, or with N where the line ends
with "# exit N".
Every other line of a block is what a person would see, and is not compared. Blocks for other eyes are marked ```text.
A line `<!-- before: COMMAND -->`, which no reader sees, makes what the next block takes for granted.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.outside import REPOSITORY
from tests.tasks.fresh import PROGRAM
from tests.terminal import at_terminal

from fifthfloor import words
from fifthfloor.cli.group import COMMANDS, fifthfloor
from fifthfloor_theatre.cards.format import FatWriter, format_fat32
from fifthfloor_theatre.journey.scenes import INNOCENT, UNWANTED, roll

DOCS = REPOSITORY / "docs"
PAGES = sorted([*DOCS.glob("guide.md"), *DOCS.glob("guide/**/*.md")])
MAX_HELP_LINES = 40
# What a photographer reads on the way, tired.
ON_THE_ROAD = (
    "prepare", "portable", "frames", "floors", "dual-slot", "raw-jpeg", "two-people", "no-laptop", "border",
    "forced-deletion", "forced-formatting", "after",
)  # fmt: skip
PASSPHRASE = "stout walnut erupt diaper canopy flatly grumbling"
ANSWERS = {
    "passphrase": PASSPHRASE,
    "once more": PASSPHRASE,
    "label": "",
    "who looked": "A traveller",
    "identity file": "",
    "what do you want to do": "0",
}
# Places of the makers' machines, which a user must never meet. Examples such as /dev/sdb or /run are fine.
# Whole names of a path: a clone may be called "/p", which is in every second sentence.
OUR_CLONE = re.compile(rf"(?<![\w.-]){re.escape(str(REPOSITORY))}(?![\w-])")
OUR_PATHS = re.compile(rf"(?<![\w.])/(?:work|home|root|tmp|usr/(?:local|lib))\b|site-packages|{OUR_CLONE.pattern}")


def console_lines(page: Path) -> Iterator[tuple[str, int]]:
    """Give each typed line of a page with the exit code it promises, and each line that prepares for them."""
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```console[^\n]*\n(.*?)^```|^<!-- before: (.*?) -->$", text, re.M | re.S):
        if found[2]:
            yield found[2], 0
            continue
        for line in found[1].replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                command, _, comment = line[2:].partition("  # exit ")
                yield command.strip(), int(comment or 0)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cards with harmless photographs, one from the camera, a folder of photographs, a passphrase in a file."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "photos").mkdir()
    for file in roll(list(UNWANTED), 4, datetime(2012, 9, 3, 8, 1), sidecar_every=3, size_px=(480, 320)):
        (folder / "photos" / file.name).write_bytes(file.content)
    harmless = list(roll(list(INNOCENT), 3, datetime(2012, 9, 2, 9, 0), first_number=801, size_px=(480, 320)))
    for number in (1, 2, 3):
        card = folder / f"card-{number}.img"
        format_fat32(card, 40 << 20, label=f"CARD{number}")
        _fill(card, [(f"DCIM/100FIFTH/{file.name}", file.content, file.taken) for file in harmless])
    day = list(roll(["square", "lake", "bus"], 9, datetime(2012, 9, 3, 8, 1), first_number=801, size_px=(480, 320)))
    format_fat32(folder / "shooting.img", 40 << 20, label="CAMERA")
    _fill(folder / "shooting.img", [(f"DCIM/100FIFTH/{file.name}", file.content, file.taken) for file in day])
    (folder / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the samples that a page may do anything to."""
    target = tmp_path / "trip"
    subprocess.run(["cp", "-r", "--sparse=always", str(sample_folder), str(target)], check=True)
    return target


def test_every_command_is_in_the_guide() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [name for name in COMMANDS if not re.search(rf"fifthfloor {re.escape(name)}\b", text)]
    assert not missing, f"docs/guide does not describe: {', '.join(missing)}"


def test_the_guide_names_no_command_that_is_not_there() -> None:
    for page in PAGES:
        for name in re.findall(r"^\$ fifthfloor ([a-z]+)", page.read_text(encoding="utf-8"), re.M):
            assert name in COMMANDS, f"{page.name}: fifthfloor {name}"


@pytest.mark.parametrize("page", [page for page in PAGES if list(console_lines(page))], ids=lambda page: str(page.stem))
def test_what_the_guide_types_works(page: Path, folder: Path) -> None:
    # The real program but for the price of a passphrase, 0.8 s each time; test_portable pays it.
    (folder.parent / "bin").mkdir()
    program = folder.parent / "bin" / "fifthfloor"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} "$@"\n', "ascii")
    program.chmod(0o755)
    path = os.pathsep.join(
        (str(program.parent), str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/sbin")
    )
    environment = {**os.environ, "PATH": path, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    for command, promised in console_lines(page):
        code, shown = at_terminal(["bash", "-c", command], folder, ANSWERS, environment)
        assert code == promised, f"{page.name}: $ {command}\nexit {code}, not {promised}\n{shown[-2000:]}"
        assert "Traceback" not in shown, f"{page.name}: $ {command}\n{shown[-2000:]}"
        assert not OUR_CLONE.search(shown), f"{page.name}: $ {command}"


@pytest.mark.parametrize("name", ON_THE_ROAD)
def test_a_page_for_the_road_has_commands_and_limits(name: str) -> None:
    page = DOCS / "guide" / f"{name}.md"
    # The commands of the portable folder are typed in tests/tools/test_portable.py.
    assert name == "portable" or list(console_lines(page))
    assert re.search(r"^## Its limits$\n\n\S", page.read_text(encoding="utf-8"), re.M)
    assert f"guide/{name}.md" in (DOCS / "guide.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_help_fits_a_screen(name: str) -> None:
    done = CliRunner().invoke(fifthfloor, [*([name] if name else []), "--help"])
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) <= MAX_HELP_LINES
    assert max(map(len, done.output.splitlines())) <= 100
    assert not OUR_PATHS.search(done.output), done.output


def test_no_sentence_holds_a_path_of_ours() -> None:
    texts = [*words.SENTENCES.values(), *(text for pair in words.ERRORS.values() for text in pair)]
    assert not [text for text in texts if OUR_PATHS.search(text)]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("argument", ["no-such-file", "."])
def test_a_failing_command_says_why_and_nothing_of_us(name: str, argument: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fifthfloor", name, argument, "--no-such-option"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("fifthfloor: error: ")
    assert "fifthfloor: hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not OUR_PATHS.search(done.stderr)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(need for extra in project["optional-dependencies"].values() for need in extra),
    ]
    told = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    named = {need: re.match(r"[\w.-]+", need) for need in wanted}
    missing = [need for need, name in named.items() if name is None or name[0] not in told]
    assert not missing, f"CONTRIBUTING.md, Dependencies, does not say why: {', '.join(missing)}"


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*REPOSITORY.glob("*.md"), *DOCS.rglob("*.md"), *(REPOSITORY / "spec").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#", target):
                assert (page.parent / target.partition("#")[0]).exists(), f"{page.relative_to(REPOSITORY)}: {target}"


def _fill(card: Path, files: list[tuple[str, bytes, datetime]]) -> None:
    """Write files to a virtual card."""
    with closing(FatWriter(card)) as writer:
        for name, content, taken in files:
            writer.add_file(name, content, taken)
