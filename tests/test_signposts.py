"""Every signpost in code, tests and documents leads somewhere in this repository."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.outside import REPOSITORY
from tests.test_layers import LAYER, THEATRE

import fifthfloor
from fifthfloor.cli.group import COMMANDS
from fifthfloor.words import ERRORS, SENTENCES

# Documents that are not here: what stands in them must stand in this repository, or nowhere.
ELSEWHERE = re.compile(
    r"\bblueprint\b|\bthe issue (?:asks|says|wants)|\(findings, (?:\"|sect)|\bas the findings\b"
    r"|shared/(?:findings|cases|house|blueprint)",
    re.I,
)
PATH = re.compile(r"(?<![\w./~-])(?:docs|spec|src|tests|tools|bench|theatre|\.ci)/[\w./-]*\w")
DECISION = re.compile(r"\bdecisions? (\d{1,4})\b")
LAW = re.compile(r"\blaws? (\w+)", re.IGNORECASE)
# A number is looked up, and a place in a row is not.
LAW_IN_WORDS = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|seventh) law\b", re.IGNORECASE)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
ENDINGS = {".py", ".md", ".toml", ".txt", ".js", ".html"}
# `cards/fat32.py`, from the package, from a part of it, or from where it is said; `cards.fat32`, or a thing in there.
FILE = re.compile(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|js|html|toml))`")
MODULE = re.compile(r"`((?:[a-z_0-9]+\.)+[a-z_0-9]+)(?:\(\))?`")
LINK = re.compile(r"\]\(([^)\s:]+)\)")
PACKAGE = REPOSITORY / "src/fifthfloor"
PARTS = [place for place in PACKAGE.iterdir() if place.is_dir()]
# Places for a name (AREA, TARGET), and a file that a test makes up.
MADE = re.compile(r"[A-Z]{4}|^src/history\.py$")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout
    files = [REPOSITORY / name for name in listed.splitlines()] or sorted(REPOSITORY.rglob("*"))
    return [f for f in files if f.suffix in ENDINGS and f.is_file() and not {".venv", ".venv-base"} & set(f.parts)]


FILES = [file for file in tracked() if file != Path(__file__).resolve()]


def lines() -> Iterator[tuple[Path, int, str]]:
    for file in FILES:
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            yield file, number, line


def test_no_signpost_leads_out_of_the_repository() -> None:
    out = [f"{file}:{number}: {line.strip()}" for file, number, line in lines() if ELSEWHERE.search(line)]
    assert not out, "\n".join(out)


def test_every_path_that_is_named_is_there() -> None:
    missing = []
    for file, number, line in lines():
        if "vectors" in file.parts or file.name == "CHANGELOG.md":
            continue
        for path in PATH.findall(line):
            there = [REPOSITORY / path, file.parent / path, *(REPOSITORY / f"{path}{e}" for e in (".py", ".md"))]
            if not any(place.exists() for place in there) and not MADE.search(path):
                missing.append(f"{file.relative_to(REPOSITORY)}:{number}: {path}")
    assert not missing, "\n".join(missing)


def test_every_link_of_a_page_leads_to_a_page_and_to_its_title() -> None:
    for file, number, line in lines():
        for link in LINK.findall(line) if file.suffix == ".md" else ():
            path, _, title = link.partition("#")
            there = file.parent / path if path else file
            assert there.exists(), f"{file}:{number}: {link}"
            assert not title or title in titles(there), f"{file}:{number}: {link}"


def titles(page: Path) -> list[str]:
    """Return the titles of a page as links write them."""
    text = page.read_text(encoding="utf-8")
    found = [re.sub(r"[^\w\- ]", "", title.lower()) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    return [title.replace(" ", "-") for title in found] + re.findall(r'\bid="([^"]+)"', text)


def test_every_file_and_module_that_is_named_is_there() -> None:
    missing = []
    for file, number, line in lines():
        if file.name == "CHANGELOG.md" or file.is_relative_to(REPOSITORY / "docs/guide"):
            continue  # what was, and a person's own folders
        places = [file.parent, REPOSITORY, REPOSITORY / "tests", THEATRE, PACKAGE, *PARTS]
        named = [path for path in FILE.findall(line) if not any((place / path).exists() for place in places)]
        named += [name for name in MODULE.findall(line) if not is_there(name)]
        missing += [f"{file.relative_to(REPOSITORY)}:{number}: {name}" for name in named]
    assert not missing, "\n".join(missing)


def is_there(name: str) -> bool:
    """Say whether a dotted name is a module of ours, a thing in one, a key of the words, or none of ours at all."""
    first, *rest = name.split(".")
    if not (PACKAGE / first).is_dir() or rest[-1] in ("md", "js") or name in SENTENCES or name in ERRORS:
        return True
    for root in (PACKAGE, THEATRE):
        module = root.joinpath(first, *rest)
        within = root.joinpath(first, *rest[:-1])
        if module.is_dir() or module.with_suffix(".py").exists():
            return True
        for code in (within.with_suffix(".py"), within / "__init__.py"):
            if code.exists() and re.search(rf"\b{rest[-1]}\b", code.read_text(encoding="utf-8")):
                return True
    return False


@pytest.mark.parametrize(
    ("name", "there"),
    [("cards.fat32", True), ("cards.nowhere", False), ("cards.gaps.nothing_of_the_kind", False), ("essay.md", True),
     ("tasks.search.audit", True), ("cards.mirrors_differ", True), ("numpy.random", True)],
)  # fmt: skip
def test_a_module_that_is_named_and_gone_is_found(name: str, there: bool) -> None:
    assert is_there(name) == there


def test_every_decision_and_law_that_is_named_is_there() -> None:
    decisions = {int(page.name[:4]) for page in (REPOSITORY / "docs/decisions").glob("[0-9]*.md")}
    laws = set(map(int, re.findall(r"^(\d+)\. \*\*", (REPOSITORY / "docs/architecture.md").read_text(), re.MULTILINE)))
    assert laws == set(range(1, len(laws) + 1))
    for file, number, line in lines():
        for found in DECISION.findall(line):
            assert int(found) in decisions, f"{file}:{number}: decision {found}"
        assert not LAW_IN_WORDS.search(line), f"{file}:{number}: laws have numbers"
        for found in LAW.findall(line):
            if found.lower() in NUMBERS or found.isdigit():
                law = NUMBERS.get(found.lower()) or int(found)
                assert law in laws, f"{file}:{number}: law {found}"
                assert found.isdigit(), f"{file}:{number}: laws have numbers: law {law} of docs/architecture.md"


@pytest.mark.parametrize("page", sorted((REPOSITORY / "docs/decisions").glob("[0-9]*.md")), ids=lambda page: page.name)
def test_each_decision_is_listed_by_its_title_and_says_when_to_think_again(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    number, title = re.match(r"# (\d+)[.:]? (.+)", text).groups()  # type: ignore[union-attr]
    assert int(number) == int(page.name[:4])
    assert f"| [{int(number)}]({page.name}) | {title} |" in (page.parent / "README.md").read_text(encoding="utf-8")
    assert "**Think again** if" in text


def test_the_list_of_decisions_names_no_other_page() -> None:
    folder = REPOSITORY / "docs/decisions"
    listed = re.findall(r"^\| \[\d+\]\(([^)]+)\)", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(page.name for page in folder.glob("[0-9]*.md"))


def test_the_layers_in_the_contributing_page_are_those_of_the_code() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Layers", 1)[1].split("\n## ", 1)[0]
    said = {}
    for level, names in re.findall(r"^ {4}(\d) {2}([a-z |]+?)(?: {2,}.*)?$", text, re.MULTILINE):
        said.update(dict.fromkeys((name.strip() for name in names.split("|")), int(level)))
    there = {path.stem for path in (REPOSITORY / "src/fifthfloor").iterdir() if path.name[0] not in "_."}
    assert said == {name: level for name, level in LAYER.items() if name in there}


def test_the_first_line_of_the_package_names_real_commands() -> None:
    words = re.findall(r"`([a-z]+)`", fifthfloor.__doc__ or "")
    assert len(words) > 5
    assert set(words) <= set(COMMANDS)


def test_the_map_names_files_of_the_program() -> None:
    text = (REPOSITORY / "docs/architecture.md").read_text(encoding="utf-8")
    named = [
        name
        for name in re.findall(r"`([a-z0-9_/]+(?:\.py|/))`", text)
        if not name.startswith(("docs", "spec", "tests"))
    ]
    assert len(named) > 30
    there = [REPOSITORY / "src/fifthfloor", REPOSITORY / "src/fifthfloor/cards", REPOSITORY]
    assert not [name for name in named if not any((folder / name).exists() for folder in there)]
