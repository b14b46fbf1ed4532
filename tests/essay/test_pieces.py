"""A telling in pieces: joined it is the text to the byte, and a piece is what the reader of tellings takes for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.essay.protected import lines, telling

from fifthfloor.errors import BadInput
from fifthfloor.essay.pieces import joined, moved, pieces_of, value_of, with_lines, with_value
from fifthfloor.essay.telling import read_telling

PAIR = "::: pair Day and night\n" + lines("a.jpg", label="Day") + "\n" + lines("b.jpg", label="Night") + ":::"
TEXT = telling("Some words.", "```\nphoto: no.jpg\n```", PAIR, lines("c.jpg", note="x\n  goes on"), "The end.")
LINES = (
    "photo: a.jpg",
    "caption: x",
    "  goes on",
    "",
    "```",
    "::: pair A",
    ":::",
    "+++",
    "words",
    "alt:",
    "\u2028",
    "\x0c",
)


@given(st.lists(st.sampled_from(LINES), max_size=30).map("\n".join))
def test_the_pieces_joined_are_the_text(text: str) -> None:
    assert joined(pieces_of(text)) == text


def test_pieces_are_what_the_reader_reads() -> None:
    photographs = read_telling("essay.md", TEXT.encode()).photographs
    pieces = [piece for piece in pieces_of(TEXT) if piece.kind == "photo"]
    assert [piece.file for piece in pieces] == [one.file for one in photographs] == ["a.jpg", "b.jpg", "c.jpg"]
    assert [value_of(piece, "caption") for piece in pieces] == [one.caption for one in photographs]
    assert value_of(pieces[2], "note") == "x goes on"


def test_a_value_is_changed_and_no_other_line() -> None:
    piece = next(piece for piece in pieces_of(TEXT) if piece.file == "c.jpg")
    changed = with_value(piece, "note", "a\nphoto: b.jpg")
    assert changed.text == piece.text.replace("note: x\n  goes on", "note: a photo: b.jpg")
    assert with_value(changed, "note", "").text == piece.text.replace("note: x\n  goes on\n", "")
    assert "caption:\n" in with_value(piece, "caption", " ").text, "what is needed stays, to be filled"
    assert with_value(piece, "caption", value_of(piece, "caption")) is piece
    for field, value in (("photo", "b.jpg"), ("correction", "2026-11-20 x"), ("note", "a\x00b")):
        with pytest.raises(BadInput):
            with_value(piece, field, value)


def test_a_value_that_comes_back_as_it_was_shown_changes_nothing() -> None:
    """French has a blank that does not break before ? and inside « »; two blanks and two lines are somebody's too."""
    caption = "Qui va l\u00e0\u00a0? \u00ab\u202fmoi\u202f\u00bb  dit-il"
    text = f"photo: a.jpg\ncaption: {caption}\nalt: one\n  two\nclaim: seen\n"
    (piece,) = pieces_of(text)
    for field in ("caption", "alt"):
        piece = with_value(piece, field, value_of(piece, field))
    assert piece.text == text
    assert value_of(with_value(piece, "alt", "non\u00a0!"), "alt") == "non\u00a0!"


def test_a_photograph_takes_the_place_of_another_and_groups_stay() -> None:
    text = joined(moved(pieces_of(TEXT), 2, 0))
    assert [piece.file for piece in pieces_of(text) if piece.file] == ["c.jpg", "a.jpg", "b.jpg"]
    assert text.count(":::") == 2
    assert sorted(text.split("\n")) == sorted(TEXT.split("\n"))
    with pytest.raises(BadInput):
        moved(pieces_of(TEXT), 0, 3)


def test_prose_gets_other_words_and_photographs_in_it_are_found() -> None:
    pieces, start = pieces_of(TEXT), TEXT.split("\n").index("Some words.")
    changed = with_lines(pieces, start, 1, "Other.\r\n\r\n" + lines("d.jpg"))
    assert [piece.file for piece in changed if piece.file] == ["d.jpg", "a.jpg", "b.jpg", "c.jpg"]
    with pytest.raises(BadInput):
        with_lines(pieces, start, 1, "\x1b[2J")
    for where, count in ((-1, 1), (start, 0), (start, 10_000), (10_000, 1)):
        with pytest.raises(BadInput):
            with_lines(pieces, where, count, "x")


@pytest.mark.parametrize("first", ["A\n\nB\n\n\nC", "", "\n\nA", "```\nA", "photo: x.jpg"])
def test_a_text_keeps_its_lines_whatever_is_typed_in_it(first: str) -> None:
    """One piece became three, and the next save replaced the first of them only."""
    start, count = TEXT.split("\n").index("Some words."), 1
    pieces = pieces_of(TEXT)
    for words in (first, "A\n\nB", "A"):
        before = sum(piece.line_count for piece in pieces)
        pieces = with_lines(pieces, start, count, words)
        count += sum(piece.line_count for piece in pieces) - before
    assert joined(pieces) == TEXT.replace("Some words.", "A")
