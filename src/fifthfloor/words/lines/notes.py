"""What is to be known of what was typed, before the question: part of its eight lines, and said with --quiet too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fifthfloor.words import sentence
from fifthfloor.words.form import Document

_MOST_MISSING_NAMED = 4  # names of frames on a line
_SHOWN_CHARS = 20


def notes(document: Document) -> Iterator[str]:
    """Say each in full.

    Args:
        document: with `notes`, where there are any: `missing`, `from_is_in` and `file_is_card` (names), `namesakes` (facts
            of the sentence), `more_lost` (`left`, `most`).
    """
    told = document.get("notes", {})
    if missing := told.get("missing"):
        yield sentence("before.missing", names=", ".join(missing))
    yield from (sentence("frames.namesakes", **one) for one in told.get("namesakes", ()))
    yield from (sentence("before.from_is_in", card=card) for card in told.get("from_is_in", ()))
    yield from (sentence("before.file_is_card", name=name) for name in told.get("file_is_card", ()))
    if more := told.get("more_lost"):
        yield sentence("keep.more_lost", **more)


def shorter(document: Document) -> Iterator[str]:
    """Say each on one line."""
    told = document.get("notes", {})
    if missing := told.get("missing"):
        named = ", ".join(missing[:_MOST_MISSING_NAMED])
        more = len(missing) - _MOST_MISSING_NAMED
        fits = max(map(len, missing[:_MOST_MISSING_NAMED])) <= _SHOWN_CHARS // 2 + 2
        key = "brief.missing" if more > 0 or not fits else "before.missing"
        yield sentence(key, names=named if fits else missing[0][:_SHOWN_CHARS], more=more if fits else len(missing) - 1)
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
    if missing := told.get("missing"):
        parts.append(sentence("brief.note_missing", count=len(missing)))
    if same := told.get("namesakes"):
        parts.append(sentence("brief.note_namesakes", count=len(same)))
    if cards := told.get("from_is_in"):
        parts.append(sentence("brief.note_from_is_in", count=len(cards)))
    if files := told.get("file_is_card"):
        parts.append(sentence("brief.note_file_is_card", count=len(files)))
    if more_lost := told.get("more_lost"):
        parts.append(sentence("brief.note_more_lost", left=more_lost["left"]))
    if parts:
        yield "  " + "; ".join(parts) + sentence("brief.note_more")


def _one_or(names: Sequence[str]) -> str:
    if len(names) > 1:
        return sentence("brief.several", count=len(names))
    half = _SHOWN_CHARS // 2
    name = names[0]
    return name if len(name) <= _SHOWN_CHARS else f"{name[: half - 2]}..{name[-half:]}"
