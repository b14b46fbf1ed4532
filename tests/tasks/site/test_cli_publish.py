"""`publish` on the command line: exit codes, one JSON document, warnings beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.essay.protected import essay, lines, telling

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run


def test_one_json_document_on_stdout_and_warnings_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = essay(tmp_path / "trip", 2)
    (folder / "essay.md").write_text(telling(lines("01-picture.jpg", caption="Mr Pak at the gate")))
    arguments = ["publish", str(folder), "--json", "--out", str(tmp_path / "site"), "--pdf", str(tmp_path / "a.pdf")]
    assert run(fifthfloor, arguments) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["photographs"] == 1
    assert document["first_page"] == str(tmp_path / "site" / "index.html")
    assert document["cautions"][0]["key"] == "essay.warn_name"
    assert "may name a person: Mr Pak" in err
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_person_is_told_every_file_with_size_and_hash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(fifthfloor, ["publish", str(essay(tmp_path / "trip", 1)), "--out", str(tmp_path / "site")]) == 0
    said = capsys.readouterr().out.splitlines()
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file() and path.name != "published.json"]
    assert len(said) == len(files) + 2
    assert said[-1] == f"open {tmp_path / 'site' / 'index.html'} in a browser"


@pytest.mark.parametrize(
    ("arguments", "code", "cause"),
    [
        (["none"], 3, "there is no folder"),
        (["trip", "--base-url", "example.org"], 3, "`example.org` is no base URL"),
        (["trip/01-picture.jpg"], 3, "01-picture.jpg is no name for a telling"),
        ([], 2, "missing argument"),
    ],
)
def test_what_is_wrong_is_said_in_two_lines(
    arguments: list[str],
    code: int,
    cause: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    essay(tmp_path / "trip", 1)
    monkeypatch.chdir(tmp_path)
    assert run(fifthfloor, ["publish", *arguments, "--out", "site"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert first.startswith("fifthfloor: error: ")
    assert cause in first
    assert second.startswith("fifthfloor: hint: ")
    assert not (tmp_path / "site").exists()


def test_check_says_everything_and_builds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    essay(tmp_path / "trip", 2)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert run(fifthfloor, ["publish", "trip", "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["photographs"] == 2
    # Two photographs that may not enter, and a line that says nothing: three errors, one run.
    story = tmp_path / "trip" / "essay.md"
    text = story.read_text(encoding="utf-8")
    names = [line.removeprefix("photo: ") for line in text.splitlines() if line.startswith("photo: ")]
    for name in names:
        (tmp_path / "trip" / f"{name}.statement.json").unlink()
    story.write_text(text.replace("claim: ", "claim: guessed, ", 1), encoding="utf-8")
    assert run(fifthfloor, ["publish", "trip", "--check", "--json"]) == 3
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert sorted([document["error"], *(one["error"] for one in document["also"])]) == [
        *("essay.claim", "essay.unprotected", "essay.unprotected")
    ]
    assert said.err.count("fifthfloor: error:") == 3
    assert set(tmp_path.rglob("*")) <= set(before)
    assert run(fifthfloor, ["publish", "trip"]) == 2


FAULTS = """+++
title = "Trip"
standfirst = ""
byline = "A traveller"
place = "withheld"
date = "withheld"
language = "english"
licence = "CC BY 4.0"
colour = "red"
published = "yesterday"
+++

# A title, and on Tuesday at half past six in room 214
Write here what happened.

![a picture](one.jpg)

caption: of no photograph

::: pair
photo: one.jpg
caption: We met at the station on Friday; write to someone@example.org.
caption: twice
alt: one
claim: guessed
correction: yesterday
rights: perhaps
embargo: soon
mood: sad

words inside a pair

photo: ../two.jpg
:::

::: sequence
photo: one.jpg
caption: again
alt: again
claim: told

::: circle
photo: nowhere.jpg
caption: Claim is one of seen, told
alt: short
claim: told
:::
"""
FAULTS_AT = """front_missing 3; language 7; front_unknown 9; day 10; title_in_text 13; template 14; picture_in_text 16;
no_photo_line 18; no_label 21; twice 23; alt_length 24; claim 25; correction 26; rights 27; day 28; photo_line 29;
prose_in_group 31; photo_place 33; open_group 36; same_name 37; alt_is_caption 39; group_kind 42; template 44;
alt_length 45; no_photo 43; unprotected 21; group_count 20; theme 1; theme 3"""


OF_THE_FRONT = ("front_missing", "language", "front_unknown", "day 10")


def first_fence_lost(text: str) -> str:
    return text.replace("+++", "---", 1)


def second_fence_lost(text: str) -> str:
    at = text.index("+++", 3)
    return text[:at] + "Words." + text[at + 3 :]


def unquoted(text: str) -> str:
    return text.replace('"A traveller"', "A traveller").replace('"withheld"', "withheld", 1)


@pytest.mark.parametrize(
    ("change", "more", "without"),
    [
        (str, "", ()),
        (first_fence_lost, "; no_front 1", OF_THE_FRONT),
        (second_fence_lost, "; open_front 1", ()),
        (unquoted, "; not_toml 4; not_toml 5", ()),
    ],
)
def test_faults_of_every_kind_and_the_cautions_are_said_in_one_run(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[str], str],
    more: str,
    without: tuple[str, ...],
) -> None:
    """A wrong front matter, group, title or theme hid all that came behind it, and cautions were not said beside it."""
    (tmp_path / "essay.md").write_text(change(FAULTS), encoding="utf-8")
    (tmp_path / "one.jpg").write_bytes(b"no picture")
    (tmp_path / "theme.css").write_text("@import 'x';\n\na { background: url(x) }\n", encoding="utf-8")
    for command in (["--check"], ["--out", str(tmp_path / "site")]):
        assert run(fifthfloor, ["publish", str(tmp_path), *command, "--json"]) == 3
        said = capsys.readouterr()
        document = json.loads(said.out)
        errors = [document, *document["also"]]
        said_at = [re.match(r"(\S+), line (\d+)", one["cause"]) for one in errors]
        places = [(place[1], int(place[2])) for place in said_at if place]
        found = [(one["error"], line) for one, (_, line) in zip(errors, places, strict=True)]
        said_here = [one.strip() for one in (FAULTS_AT + more).split(";")]
        expected = [one.split() for one in said_here if not one.startswith(without or "-")]
        assert sorted(found) == sorted((f"essay.{key}", int(line)) for key, line in expected)
        assert places == sorted(places)
        for caution in ("Tuesday", "half past six", "room 214", "Friday", "someone@example.org"):
            assert caution in said.err
        # Line 10 has one, though it is no day.
        assert ("no `published` day" in said.err) == (change is first_fence_lost)
    assert not (tmp_path / "site").exists()
