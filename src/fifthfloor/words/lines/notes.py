"""What is to be known of what was typed, before the question: part of its eight lines, and said with --quiet too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fifthfloor.words import sentence
from fifthfloor.words.form import Document

_LINE_CHARS = 80
_SHOWN_CHARS = 20


def notes(document: Document) -> Iterator[str]:
    """Say each in full.

    Args:
        document: with `notes`, where there are any: `missing` (`names` of a run, and how many `frames` it stands for),
            `from_is_in` and `file_is_card` (names), `namesakes` (facts of the sentence), `more_lost` (`left`, `most`).
    """
    told = document.get("notes", {})
    if missing := told.get("missing"):
        yield sentence("before.missing", names=", ".join(run["names"] for run in missing))
    yield from (sentence("frames.namesakes", **one) for one in told.get("namesakes", ()))
    yield from (sentence("before.from_is_in", card=card) for card in told.get("from_is_in", ()))
    yield from (sentence("before.file_is_card", name=name) for name in told.get("file_is_card", ()))
    if more := told.get("more_lost"):
        yield sentence("keep.more_lost", **more)


def shorter(document: Document) -> Iterator[str]:
    """Say each on one line."""
    told = document.get("notes", {})
    if missing := told.get("missing"):
        yield _fewest_left_out(missing, "before.missing", "brief.missing") or _first_alone(missing)
    if same := told.get("namesakes"):
        yield sentence("brief.namesakes", count=len(same))
    if cards := told.get("from_is_in"):
        yield sentence("brief.from_is_in", cards=_one_or(cards))
    if files := told.get("file_is_card"):
        yield sentence("brief.file_is_card", names=_one_or(files))
    if more_lost := told.get("more_lost"):
        yield sentence("brief.more_lost", left=more_lost["left"])


def merged(document: Document) -> Iterator[str]:
    """Say all on one line."""
    told = document.get("notes", {})
    parts = []
    if same := told.get("namesakes"):
        parts.append(sentence("brief.note_namesakes", count=len(same)))
    if cards := told.get("from_is_in"):
        parts.append(sentence("brief.note_from_is_in", count=len(cards)))
    if files := told.get("file_is_card"):
        parts.append(sentence("brief.note_file_is_card", count=len(files)))
    if more_lost := told.get("more_lost"):
        parts.append(sentence("brief.note_more_lost", left=more_lost["left"]))
    tail = "".join(f"; {part}" for part in parts) + sentence("brief.note_more")
    if missing := told.get("missing"):
        room = _LINE_CHARS - len(tail) - 2
        said = _fewest_left_out(missing, "brief.note_missing", "brief.note_missing_more", room)
        count = sum(run["frames"] for run in missing)
        yield f"  {said or sentence('brief.note_missing_count', count=count)}{tail}"
    elif parts:
        yield f"  {tail[2:]}"


def _fewest_left_out(
    missing: Sequence[Mapping[str, Any]], all_key: str, some_key: str, room: int = _LINE_CHARS
) -> str | None:
    """Name as many runs as a line has room for, and count the frames of the others; None where it has for none."""
    for named in range(len(missing), 0, -1):
        names = ", ".join(run["names"] for run in missing[:named])
        more = sum(run["frames"] for run in missing[named:])
        said = sentence(some_key, names=names, more=more) if more else sentence(all_key, names=names)
        if len(said) <= room:
            return said
    return None


def _first_alone(missing: Sequence[Mapping[str, Any]]) -> str:
    """Cut the first name where it alone is longer than a line."""
    frames = sum(run["frames"] for run in missing)
    return sentence("brief.missing", names=missing[0]["names"][:_SHOWN_CHARS], more=max(1, frames - 1))


def _one_or(names: Sequence[str]) -> str:
    if len(names) > 1:
        return sentence("brief.several", count=len(names))
    half = _SHOWN_CHARS // 2
    name = names[0]
    return name if len(name) <= _SHOWN_CHARS else f"{name[: half - 2]}..{name[-half:]}"
