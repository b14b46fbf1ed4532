"""docs/guide/json.md against the commands: each answers with the keys that stand there, and with no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_every_command import KEY, SERVES, TABLE, flat, made, place
from tests.outside import REPOSITORY
from tests.tasks.quick import command

from fifthfloor.cli.group import COMMANDS
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

__all__ = ["made", "place"]  # fixtures
PAGE = REPOSITORY / "docs" / "guide" / "json.md"
Keys = dict[str, "Keys"]
# What the rows call for that the table of all commands does not: a row's name -> what is typed.
FRAMES = ("hide", "--from", "camera.img", "--in", "card.img", "--label", "", *KEY, "--discard", "--yes")
CALLS: dict[str, tuple[str, ...]] = {
    "hide --from": (*FRAMES, "--only", "IMG_0801-0802"),
    "hide --from --dry-run": (*FRAMES, "--only", "IMG_0801-0802", "--dry-run"),
    "hide --from --remove": (*FRAMES, "--only", "IMG_0803", "--remove", "--no-wipe"),
    "verify --page": ("verify", "--page", "page.html"),
    "identity new --dry-run": ("identity", "new", "other.json", *KEY, "--dry-run"),
    "publish --check": ("publish", "essay", "--check"),
}
# Rows that others compare, beside what they have at hand.
ELSEWHERE = {
    "hide --in FOLDER": "test_rolls",
    "hide --in FOLDER --dry-run": "test_rolls",
    "hide --in CARD --in FOLDER": "test_mixed",
    "hide --in CARD --in FOLDER --dry-run": "test_mixed",
    "hide --quick --dry-run": "test_quick",
}


def tokens(text: str) -> Iterator[str]:
    for found in re.finditer(r"`([^`]*)`|[()]", re.sub(r"\]\([^)]*\)", "]", text)):
        yield found[1] if found[1] is not None else found[0]


def keys_of(words: Iterator[str]) -> Keys:
    """Read `a`, `b` (of each `c`): what stands in parentheses belongs to the key before them."""
    keys: Keys = {}
    last: Keys = {}
    for word in words:
        if word == "(":
            last |= keys_of(words)
        elif word == ")":
            break
        elif re.fullmatch(r"[a-z0-9_]+", word):
            last = keys.setdefault(word, {})
    return keys


def documented() -> dict[str, Keys]:
    rows: dict[str, Keys] = {}
    for name, text in re.findall(r"^\| `([^`]+)` \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.M):
        base, rest = re.fullmatch(r"(?:as `([^`]+)`, and )?(.*)", text).groups()  # type: ignore[union-attr]
        rows[name] = (rows[base] if base else {}) | keys_of(tokens(rest))
    return rows


def compare_row(name: str, document: Mapping[str, Any]) -> None:
    """Hold a whole document of --json against the row of that name."""
    compare(name, {key: value for key, value in document.items() if key != "format"}, documented()[name])


def compare(name: str, document: Mapping[str, Any], keys: Keys) -> None:
    assert set(document) == set(keys), name
    for key, value in document.items():
        inside = value if isinstance(value, list) else [value]
        for one in inside:
            if isinstance(one, dict) and keys[key]:  # a key without any is said to be "by name"
                refused = {"file", "error", "cause", "hint"}
                assert set(one) <= set(keys[key]), f"{name}: {key}"
                assert set(one) >= refused or set(keys[key]) - set(one) <= refused, f"{name}: {key}"
                for inner, nested in one.items():
                    if isinstance(nested, dict | list) and keys[key][inner]:
                        compare(f"{name}: {key}", {inner: nested}, {inner: keys[key][inner]})


def camera(path: Path) -> None:
    format_fat32(path, 40_000_000, label="CAMERA")
    with FatWriter(path) as writer:
        for number in range(801, 806):
            writer.add_file(f"DCIM/100CANON/IMG_{number:04d}.JPG", bytes([1]) * 9_000, datetime(2026, 5, 4, 10, 20))


def test_every_command_has_its_row() -> None:
    first = {" ".join(name.split(" --")[0].split()) for name in documented()}
    assert first == (set(TABLE) | SERVES) - {"journey"}
    assert {name.split()[0] for name in first} == set(COMMANDS)


def test_what_is_compared_elsewhere_is() -> None:
    for name, file in ELSEWHERE.items():
        text = (REPOSITORY / "tests" / "tasks" / "floors" / f"{file}.py").read_text(encoding="utf-8")
        assert f'compare_row("{name}",' in text, name


def test_every_command_answers_with_the_keys_that_the_page_has(place: Path) -> None:
    rows = documented()
    camera(place / "camera.img")
    for name, keys in sorted(rows.items(), key=lambda row: "--dry-run" not in row[0]):  # before there is nothing to do
        if name == "audit" or name in SERVES or name in ELSEWHERE:
            continue
        plain = name.partition(" --dry-run")[0]
        words = CALLS.get(name) or (
            *plain.split(),
            *flat(TABLE[plain]),
            "--yes",
            *(["--dry-run"] if plain != name else []),
        )
        if name == "stamp finish":
            words = (
                "stamp",
                "finish",
                "waiting/a.jpg",
                "--batch",
                "requested",
                "--url",
                "http://a.example/",
                "--dry-run",
            )
        said = command(*words, "--json")
        assert said.code == 0, (name, said)
        document = said.document
        assert document.pop("format") == 1
        compare(name, document, keys)


def test_a_failure_answers_with_its_four_keys(place: Path) -> None:
    del place
    document = command("open", "nowhere.img", "--out", "x", "--json").document
    assert set(document) == {"error", "cause", "hint", "exit_code"}
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{key}`" in text for key in document)


@pytest.mark.parametrize("wrong", [{"a": 1}, {"a": [{"b": 1}], "c": 0, "d": 0}, {"a": [{"b": 1, "x": 2}], "c": 0}])
def test_the_comparison_sees_what_is_missing_and_what_is_more(wrong: dict[str, Any]) -> None:
    keys = keys_of(tokens("`a` (of each `b`), `c`: something"))
    compare("right", {"a": [{"b": 1}], "c": 0}, keys)
    with pytest.raises(AssertionError):
        compare("wrong", wrong, keys)
