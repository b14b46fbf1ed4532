"""Each hint of `audit`, `recover` and of files names a way out: it is taken here, and works."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.audit.made import camera_card, name, photograph
from tests.tasks.quick import command

from fifthfloor.words import audit, files, recover
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera

GUIDE = Path(__file__).parents[3] / "docs/guide/rulebook.md"


def written_in_the_guide() -> str:
    """The first rulebook that the hint's page shows."""
    found = re.search(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


class Refused(NamedTuple):
    """What is refused, and the same as the hint says."""

    first: tuple[str, ...]
    then: tuple[str, ...]


def _rules(contents: str | bytes | None) -> Callable[[Path], Refused]:
    def make(folder: Path) -> Refused:
        (folder / "photo.jpg").write_bytes(photograph(1))
        if contents is not None:
            bad = contents if isinstance(contents, bytes) else contents.encode()
            (folder / "bad.toml").write_bytes(bad)
        (folder / "good.toml").write_text(written_in_the_guide())
        return Refused(("audit", "photo.jpg", "--rules", "bad.toml"), ("audit", "photo.jpg", "--rules", "good.toml"))

    return make


def _a_folder_for_a_file(folder: Path) -> Refused:
    refused = _rules(None)(folder)
    (folder / "bad.toml").mkdir()
    return refused


def _nothing_there(folder: Path) -> Refused:
    (folder / "photo.jpg").write_bytes(photograph(1))
    return Refused(("audit", "gone.jpg"), ("audit", "photo.jpg"))


def _there_already(folder: Path) -> Refused:
    (folder / "photo.jpg").write_bytes(photograph(1))
    (folder / "page.html").write_text("mine")
    return Refused(("audit", "photo.jpg", "--html", "page.html"), ("audit", "photo.jpg", "--html", "other.html"))


TAKEN: dict[str, Callable[[Path], Refused]] = {
    "audit.rules_not_toml": _rules("this is = = no TOML"),
    "audit.rules_format": _rules("format = 99\n"),
    "audit.rule": _rules('format = 1\n[[rule]]\nname = "half"\n'),
    "audit.no_such_path": _nothing_there,
    "files.missing": _rules(None),
    "files.not_a_file": _a_folder_for_a_file,
    "files.too_large": _rules(b"#" * (5 << 20)),
    "files.exists": _there_already,
}
# Each is taken by the test named, or is no way that a program can take.
ELSEWHERE = {
    "audit.rules_words": "a rulebook that is split is two rulebooks",
    "audit.all_refused": "test_each_by_itself_says_its_reason",
    "audit.killed": "it names no way",
    "files.in_use": "test_whatever_writes_into_a_folder_is_refused_in_words_while_another_process_does",
    "files.unreadable": "test_permissions_are_the_way_where_a_file_is_closed",
    "recover.nothing": "test_a_photograph_that_was_deleted_just_now_comes_back",
    "recover.no_room": "test_another_folder_has_room",
}


@pytest.mark.parametrize("key", TAKEN)
def test_the_way_that_a_hint_names_works(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, then = TAKEN[key](tmp_path)
    said = command(*first, "--json")
    assert (said.code, said.document["error"]) == (3, key)
    assert command(*then).code in (0, 1)


def test_every_hint_is_taken_or_named() -> None:
    told = {key for words in (audit, files, recover) for key in words.ERRORS}
    assert told == TAKEN.keys() | ELSEWHERE.keys()


def test_each_by_itself_says_its_reason(tmp_path: Path) -> None:
    both = [tmp_path / "one.img", tmp_path / "two.img"]
    assert command("audit", *both, "--json").document["error"] == "audit.all_refused"
    for path in both:
        said = command("audit", path, "--json")
        assert (said.document["error"], path.name in said.document["cause"]) == ("audit.no_such_path", True)


def test_permissions_are_the_way_where_a_file_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = _rules(written_in_the_guide())(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").chmod(0o200)
    said = command(*refused.first, "--json")
    if said.code == 3:  # an administrator reads what is closed
        assert said.document["error"] == "files.unreadable"
    (tmp_path / "bad.toml").chmod(0o600)
    assert command(*refused.first).code in (0, 1)


def test_another_folder_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = camera_card(tmp_path / "c.img", 3, delete=(2,))
    really = shutil.disk_usage
    (tmp_path / "full").mkdir()

    def usage(path: Path) -> object:
        return really(path)._replace(free=1000) if Path(path).name == "full" else really(path)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert command("recover", card, "--out", tmp_path / "full", "--json").document["error"] == "recover.no_room"
    assert command("recover", card, "--out", tmp_path / "roomy").code == 0


def test_a_photograph_that_was_deleted_just_now_comes_back(tmp_path: Path) -> None:
    card = camera_card(tmp_path / "c.img", 3)
    assert command("recover", card, "--out", tmp_path / "out", "--json").document["error"] == "recover.nothing"
    delete_like_a_camera(card, name(3))
    assert command("recover", card, "--out", tmp_path / "out").code == 0
    assert (tmp_path / "out/DCIM/100NCD90/_SC_0003.JPG").read_bytes() == photograph(3)
