"""Every promise of the threat model names tests that are there.

Every limit has its figure, or says that it holds always, or that nobody measured it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.outside import REPOSITORY

FOLDER = REPOSITORY / "docs/threat-model"
PAGES = sorted(FOLDER.glob("*.md"))  # whatever is there: a page that a list left out would be tested by nobody
PROMISED = re.compile(r"^(?:## |\*\*)(?:Promised|What we promise)", re.MULTILINE)
LIMITS = re.compile(r"^(?:## |\*\*)(?:Still possible|What someone can still do)", re.MULTILINE)
NAMED = re.compile(r"`(?:[\w./]*/)?(test_\w+\.py)`|`(test_\w+)`")
FIGURE = re.compile(r"\d|\b(?:one|two|three|half|third|twice|any|always)\b|not measured")
# Ways in which Linux, Windows and macOS are asked to forget what is in sectors.
DISCARDS = re.compile(
    r"BLK(?:SEC)?DISCARD|BLKZEROOUT|0x127[79dDfF]\b|fallocate|F_PUNCHHOLE|DKIOCUNMAP|FILE_LEVEL_TRIM|0x98208|DATA_SET_MANAGEMENT"
)


def promises(page: Path) -> list[str]:
    """Rows of the table under "Promised", its two first left out."""
    text = page.read_text(encoding="utf-8")
    start, end = PROMISED.search(text), LIMITS.search(text)
    assert start
    assert end
    return re.findall(r"^\| .*\|$", text[start.start() : end.start()], re.MULTILINE)[1:]


def limits(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    found = LIMITS.search(text)
    assert found
    return [item for item in re.split(r"^- ", text[found.start() :], flags=re.MULTILINE)[1:] if item.strip()]


def found_in(name: str) -> set[str]:
    """Names of the tests in all files of a name."""
    files = list((REPOSITORY / "tests").rglob(name))
    return {test for file in files for test in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}


def missing(row: str) -> list[str]:
    """What a promise names that is not there; a test belongs to the file named last before it, or to any of the row."""
    files = [file for file, _ in NAMED.findall(row) if file]
    there = {file: found_in(file) for file in files}
    every = set().union(*there.values()) if there else {t for f in (REPOSITORY / "tests").rglob("test_*.py") for t in
                                                        found_in(f.name)}  # fmt: skip
    gone = [file for file in files if not there[file]]
    last = ""
    for file, test in NAMED.findall(row):
        last = file or last
        if test and test not in (there[last] if last else every):
            gone.append(f"{last or 'any file'}: {test}")
    return gone


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_promise_names_a_test_that_is_there(page: Path) -> None:
    rows = promises(page)
    assert len(rows) > 3
    assert [row for row in rows if "`test_" not in row.split("|")[2]] == []
    assert [gone for row in rows for gone in missing(row)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_limit_has_its_figure_or_says_that_there_is_none(page: Path) -> None:
    found = limits(page)
    assert len(found) > 3
    assert [limit for limit in found if not FIGURE.search(limit)] == []


def test_every_promise_of_the_first_page_names_tests_that_are_there() -> None:
    text = (FOLDER.parent / "threat-model.md").read_text(encoding="utf-8")
    promised, still = text.split("## 2. ")[1].split("## 3. ")
    numbers = re.findall(r"^(\d)\. ", promised, re.MULTILINE)
    rows = [row for row in re.findall(r"^\| .*\|$", promised, re.MULTILINE) if "`test_" in row]
    assert sorted({row[2] for row in rows}) == numbers
    assert [gone for row in rows for gone in missing(row)] == []
    limits_there = re.split(r"^### ", still.split("## Where")[0], flags=re.MULTILINE)[1:]
    assert len(limits_there) == 11
    assert [limit.splitlines()[0] for limit in limits_there if not FIGURE.search(limit.split("\n", 1)[1])] == []


def test_no_page_is_left_out() -> None:
    assert {"memory", "prove"} <= {page.stem for page in PAGES}


def test_a_page_without_its_tests_is_noticed() -> None:
    assert missing("| it flies | `test_laws.py`: `test_it_flies` |") == ["test_laws.py: test_it_flies"]
    assert missing("| it flies | `test_flying.py` |") == ["test_flying.py"]
    assert missing("| it holds | `test_laws.py`: `test_nothing_but_free_bytes_changes` |") == []


def test_nothing_in_the_program_discards() -> None:
    """What sectors held is written over, never given back: neither of this program nor of a file system it is asked."""
    files = sorted((REPOSITORY / "src").rglob("*.py"))
    assert len(files) > 100
    assert [str(file) for file in files if DISCARDS.search(file.read_text(encoding="utf-8"))] == []
