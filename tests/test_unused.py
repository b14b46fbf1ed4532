"""What nothing uses but tests is not in the wheel; `vulture` finds it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.outside import REPOSITORY
from vulture import Vulture
from vulture.core import Item

SOURCE = REPOSITORY / "src/fifthfloor"
# What else uses the wheel, and is no test.
BESIDE = (REPOSITORY / "theatre/src", REPOSITORY / "tools")
# What these alone use, and why it travels all the same (CONTRIBUTING.md, "Tests").
FOR_OTHERS = {
    "seal_shot": "writes what `open_shot` reads: makers of cameras are shown both, and the vectors come of it",
    "read_telling": "reads `essay.md` with all its faults raised; `read_as_far` is the other half",
    "take_in": "where another distribution brings its words",
}
# Names that others call, or read: click, `io`, `html.parser`, a protocol of the library's, `essay.md`.
CALLED_BY_OTHERS = ["format_commands", "readable", "handle_starttag", "handle_endtag", "handle_data", "max_length"]
CALLED_BY_OTHERS += ["handle_startendtag"]  # `html.parser`
CALLED_BY_OTHERS += ["list_command", "open_command"]  # by their names, in `cli/group.py`
CALLED_BY_OTHERS += ["dask_setup"]  # by dask, of what `--preload-nanny` names
# What is set on objects of others, such as `flags.writeable`; fields of our own are looked for where they are declared.
SET_ON_OTHERS = {"attribute"}


def unused(*places: Path) -> list[Item]:
    """Find what is declared in some files and read in none of them."""
    finder = Vulture(ignore_names=CALLED_BY_OTHERS)
    finder.scavenge([str(place) for place in places])
    return [item for item in finder.get_unused_code(min_confidence=60) if item.typ not in SET_ON_OTHERS]


def test_what_only_tests_use_is_not_in_the_wheel() -> None:
    pages = [*SOURCE.rglob("*.html"), *SOURCE.rglob("*.js")]
    read_by_pages = {word for page in pages for word in re.findall(r"\w+", page.read_text(encoding="utf-8"))}
    found = [item for item in unused(SOURCE, *BESIDE) if item.name not in read_by_pages]
    left = [f"{item.filename}:{item.first_lineno}: {item.typ} {item.name}" for item in found]
    assert not [one for one in left if one.startswith(str(SOURCE))]
    alone = {item.name for item in unused(SOURCE) if item.name not in read_by_pages}
    assert alone - {item.name for item in found} == FOR_OTHERS.keys()


def test_what_is_not_used_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def used() -> None: ...\ndef left() -> None: ...\nused()\nLEFT = 1\n", "utf-8")
    assert sorted(item.name for item in unused(tmp_path)) == ["LEFT", "left"]
