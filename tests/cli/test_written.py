"""`written` of --json says whether anything was written, and a second run answers with the keys of the first."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.test_every_command import TABLE, WRITES, flat, made, place
from tests.cli.test_json_documents import compare, documented
from tests.tasks.quick import command

__all__ = ["made", "place"]  # fixtures
# What a second run writes anew, or refuses because something is there.
AGAIN_REFUSED = {"open", "identity new", "sign", "stamp request", "stamp finish", "essay new"}


def stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    """Which files there are, and when each was written last."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


@pytest.mark.parametrize("name", [name for name in WRITES if name not in AGAIN_REFUSED])
def test_written_is_true_where_something_was_written_and_false_where_not(name: str, place: Path) -> None:
    words = (*name.split(), *flat(TABLE[name]), "--yes", "--json", *(["--discard"] if name == "hide" else []))
    keys = documented()
    for run in ("first", "second"):
        before = stamps(place)
        said = command(*words)
        assert said.code == 0, said
        document = said.document
        assert document.pop("format") == 1
        compare(f"{name}, {run} run", document, keys[name])
        assert document["written"] is (stamps(place) != before), run


@pytest.mark.parametrize("name", sorted(AGAIN_REFUSED - {"stamp finish"}))
def test_what_is_refused_the_second_time_is_named_and_writes_nothing(name: str, place: Path) -> None:
    words = (*name.split(), *flat(TABLE[name]), "--yes", "--json")
    assert command(*words).document["written"] is True
    before = stamps(place)
    said = command(*words)
    assert said.code == 3, said
    assert stamps(place) == before


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_card_with_nothing_to_tidy_answers_with_the_same_keys(more: tuple[str, ...], place: Path) -> None:
    document = command("tidy", place / "card.img", "--yes", "--json", *more).document
    assert (document.pop("format"), document["written"]) == (1, False)
    compare("tidy", document, documented()["tidy --dry-run" if more else "tidy"])
