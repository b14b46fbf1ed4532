"""What is decided is hidden, in both pictures, whatever was there; and nothing else changes."""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.redact.drawn import jpeg, pixels, scene, telling

from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import CanonicalHeader, canonicalise
from fifthfloor.redact.areas import count_areas
from fifthfloor.redact.boxes import Box, as_stored, runs_of
from fifthfloor.redact.decisions import Decision, read_decisions
from fifthfloor.redact.faces import Face
from fifthfloor.redact.hidden_parts import Part, Signing, hidden_runs, parts_of, redact, still_asked
from fifthfloor.redact.pixels import shown_pixels
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.rendition import hidden_in_rendition
from fifthfloor.redact.union import is_same_photograph, shows_more
from fifthfloor.statement.claims import NOT_YET
from fifthfloor.statement.hidden_runs import from_marks, to_marks
from fifthfloor.statement.sign import fill
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.people.finding_faces import Search, parts_in

FACE = Box(300, 120, 380, 200)
KEY = SigningKey(bytes(range(32)))


def signing(chance: object = os.urandom) -> Signing:
    return Signing(KEY, "once", NOT_YET, chance)  # type: ignore[arg-type]


def test_a_found_face_is_hidden_with_its_head() -> None:
    parts = parts_of(pixels(scene(960, 640)), Decision())
    assert parts[0].is_hidden
    box = parts[0].box
    assert box.left < 312
    assert box.right > 368
    assert box.top < 135


def test_a_person_adds_and_takes_back() -> None:
    found = parts_of(pixels(scene()), Decision())
    face = found[0]
    parts = parts_of(pixels(scene()), Decision(hide=(Box(0, 0, 50, 50),), show=(face.box,)))
    assert [(part.why, part.box) for part in parts[:2]] == [("given", Box(0, 0, 50, 50)), ("taken back", face.box)]
    assert not any(part.is_hidden for part in parts[1:] if part.box == face.box)


def test_without_finding_the_given_boxes_decide_alone() -> None:
    assert parts_of(None, Decision(hide=(FACE,), show=(FACE,))) == (Part(FACE, "given", 1.0),)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_hidden_is_where_the_person_saw_it(orientation: int) -> None:
    prepared = prepare(telling(scene(), orientation))
    shown = shown_pixels(prepared.picture)
    height, width = shown.shape[:2]
    # The brightest place of the picture, wherever orientation put it: the white of an eye.
    y, x = np.unravel_index(int(shown.astype(int).sum(axis=2).argmax()), (height, width))
    box = Box(int(x) - 2, int(y) - 2, int(x) + 3, int(y) + 3)
    redacted = redact(prepared, [Part(box, "given", 1.0)], signing())[0]
    with Image.open(io.BytesIO(redacted.picture)) as opened:
        from PIL import ImageOps

        after = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    assert np.abs(after[box.top : box.bottom, box.left : box.right].astype(int) - 128).max() <= 2


def test_originals_that_differ_only_under_the_boxes_give_the_same_files() -> None:
    one, other = scene(2400, 640, faces=((1000, 200, 120),)), scene(2400, 640, faces=((1000, 200, 120),))
    # Blocks of 8 x 8: the difference must not reach the coefficients outside of the box.
    other.paste((255, 0, 0), (1008, 208, 1136, 336))
    box = Box(1008, 208, 1136, 336)
    found = []
    for picture in (one, other):
        drawn = itertools.count()
        chance = lambda size, drawn=drawn: next(drawn).to_bytes(size, "big")  # noqa: E731
        prepared = prepare(jpeg(picture))
        facts = dict.fromkeys(prepared.facts, "")
        object.__setattr__(prepared, "facts", facts)
        found.append(redact(prepared, [Part(box, "given", 1.0)], signing(chance)))
    assert len(found[0]) == 2
    for first, second in zip(*found, strict=True):
        assert first.picture == second.picture
    hidden = verify(found[0][0].picture, found[0][0].statement).hidden
    assert hidden


def test_coefficients_elsewhere_are_equal() -> None:
    prepared = prepare(jpeg(scene()))
    redacted = redact(prepared, [Part(FACE, "given", 1.0)], signing())[0]
    verified = verify(redacted.picture, redacted.statement)
    hidden = {number for first, count in verified.hidden for number in range(first, first + count)}
    for number in set(range(prepared.picture.header.intervals)) - hidden:
        assert verified.picture.interval(number) == prepared.picture.interval(number)


def test_nothing_of_the_original_is_in_any_file() -> None:
    prepared = prepare(telling(scene(2400, 640)))
    for one in redact(prepared, [Part(FACE, "given", 1.0)], signing()):
        for said in (b"SERIAL", b"Hidden Camera", b"2017:04:15", prepared.facts["original"].encode()):
            assert said not in one.picture
            assert said not in one.statement


def test_a_box_outside_of_the_photograph_is_refused() -> None:
    picture = canonicalise(jpeg(scene()))
    with pytest.raises(BadInput) as refused:
        hidden_runs(picture, [Part(Box(500, 10, 600, 50), "given", 1.0)])
    assert refused.value.key == "redact.empty_box"


# --- decisions -----------------------------------------------------------------------------------

boxes = st.tuples(*[st.integers(-50, 2000)] * 2, *[st.integers(1, 900)] * 2).map(
    lambda b: Box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)
decided = st.builds(Decision, st.lists(boxes, max_size=4).map(tuple), st.lists(boxes, max_size=4).map(tuple))


def sides(boxes: Iterable[Box]) -> list[dict[str, int]]:
    return [{"left": b.left, "top": b.top, "right": b.right, "bottom": b.bottom} for b in boxes]


@given(st.dictionaries(st.text(max_size=12), decided, max_size=4))
def test_decisions_come_back(decisions: dict[str, Decision]) -> None:
    written = {name: {"hide": sides(one.hide), "show": sides(one.show)} for name, one in decisions.items()}
    assert read_decisions(json.dumps(written).encode()) == decisions


def test_a_plain_list_hides() -> None:
    assert read_decisions(b'{"a.jpg": [{"left": 1, "top": 2, "right": 3, "bottom": 4}]}') == {
        "a.jpg": Decision(hide=(Box(1, 2, 3, 4),))
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"nonsense",
        b'{"a": 1}',
        b'{"a": {"hide": 1}}',
        b'{"a": {"blur": []}}',
        b'{"a": [1]}',
        b'{"a": [{"left": 1, "top": 2, "right": 3}]}',
        b'{"a": [{"left": 1, "top": 2, "right": 1, "bottom": 4}]}',
        b'{"a": [{"left": 1.5, "top": 2, "right": 3, "bottom": 4}]}',
        b'{"a": [{"left": true, "top": 2, "right": 3, "bottom": 4}]}',
        b'{"a": [{"left": 1, "top": 2, "right": 99999999999, "bottom": 4}]}',
        b"[" * 100_000,
        b"{" + b" " * (5 << 20) + b"}",
        b'{"a": [' + b'{"left": 1, "top": 2, "right": 3, "bottom": 4},' * 20_000 + b"]}",
        b'{"a": "\xff"}',
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read_decisions(data)
    assert refused.value.key.startswith("redact.boxes_")


# --- union and areas -----------------------------------------------------------------------------


def test_the_same_photograph_is_known_whatever_is_hidden() -> None:
    picture = canonicalise(jpeg(scene()))
    first, second = runs_of(picture, [FACE]), runs_of(picture, [Box(0, 0, 60, 60)])
    assert is_same_photograph(fill(picture, first), first, picture)
    assert is_same_photograph(fill(picture, first), first, fill(picture, second), second)
    other = canonicalise(jpeg(scene(seed=2)))
    assert not is_same_photograph(fill(picture, first), first, other)
    assert not is_same_photograph(picture, (), canonicalise(jpeg(scene(496, 320))))


def test_more_shown_is_noticed() -> None:
    assert shows_more(((0, 5),), ((0, 4),))
    assert not shows_more(((0, 5),), ((0, 6),))
    assert not shows_more((), ((0, 6),))


def header(width: int, height: int) -> CanonicalHeader:
    return CanonicalHeader(width, height, "grey", ((1, 1),), (bytes([1] * 64),), b"\0")


def test_areas_are_what_a_person_would_count() -> None:
    # 16 MCUs of 8 pixels an interval; 512 pixels are 4 intervals a row.
    grid = header(512, 80)
    assert count_areas(grid, ()) == 0
    assert count_areas(grid, ((0, 1), (3, 1))) == 2
    assert count_areas(grid, ((1, 1), (5, 1), (9, 1))) == 1
    # A horseshoe is one area.
    assert count_areas(grid, ((0, 1), (3, 5))) == 1
    # 100 MCUs a row, 6.25 intervals: a box at the left edge reaches back to the right edge of the row above.
    picture = canonicalise(jpeg(scene(800, 320)))
    assert count_areas(picture.header, runs_of(picture, [Box(0, 100, 60, 200)])) == 1


@given(st.lists(st.booleans(), min_size=40, max_size=40))
def test_areas_agree_with_a_flood_fill(marks: list[bool]) -> None:
    # The last interval of each row stays shown, so that no run goes over the end of a row.
    grid = np.array(marks).reshape(10, 4) & np.array([True, True, True, False])
    left = {(int(y), int(x)) for y, x in zip(*grid.nonzero(), strict=True)}
    count = 0
    while left:
        count += 1
        waiting = [left.pop()]
        while waiting:
            y, x = waiting.pop()
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            waiting.extend(near)
    assert count_areas(header(512, 80), from_marks(grid.ravel())) == count


def test_boxes_keep_their_size_when_they_are_turned() -> None:
    for orientation in range(1, 9):
        turned = as_stored(Box(1, 2, 11, 22), CanonicalHeader(100, 60, "grey", ((1, 1),), (b"",), b"\0", orientation))
        sides = (turned.right - turned.left, turned.bottom - turned.top)
        assert sides == ((10, 20) if orientation < 5 else (20, 10))


def test_what_nobody_was_asked_about_is_hidden_up_to_a_share_of_the_photograph() -> None:
    from fifthfloor.redact import hidden_parts

    small, large, sure = Box(0, 0, 50, 50), Box(100, 0, 200, 99), Box(0, 0, 900, 900)
    found = [Part(large, "unasked", 0.13), Part(small, "unasked", 0.12), Part(small, "unasked", 0.11)]
    sure_part = Part(sure, "sure", 0.9)
    kept = list(hidden_parts._capped([sure_part, *found], 100_000))
    assert [part.why for part in kept] == ["sure", "unasked", "uncertain", "uncertain"]
    # What is larger than all that may go grey does not stop the smaller ones behind it.
    kept = list(hidden_parts._capped(found, 90_000))
    assert [part.why for part in kept] == ["uncertain", "unasked", "unasked"]


def test_uncertain_finds_that_overlap_are_one_and_hidden_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    two = (Face(400, 300, 440, 350, 0.12), Face(404, 304, 444, 354, 0.1))
    monkeypatch.setattr("fifthfloor.redact.hidden_parts.find_faces", lambda *_given: two)
    pixels = np.zeros((900, 1200, 3), np.uint8)
    for nobody_looks, why in ((False, "uncertain"), (True, "unasked")):
        (part,) = parts_of(pixels, Decision(), nobody_looks=nobody_looks)
        assert (part.why, part.score, part.is_hidden) == (why, 0.12, nobody_looks)
        assert part.box.left < 400
        assert part.box.right > 444


def test_a_question_wholly_within_what_is_hidden_is_answered_by_that() -> None:
    """Two hidden boxes of other reasons cover it together; by a tile less, it is asked again."""
    picture = canonicalise(jpeg(scene(480, 320)))
    sure, own = Part(Box(96, 96, 160, 160), "sure", 0.9), Part(Box(160, 96, 224, 160), "given", 1.0)
    inside, across = Part(Box(130, 100, 200, 150), "uncertain", 0.1), Part(Box(130, 100, 200, 161), "uncertain", 0.1)
    hardly, text = Part(Box(100, 100, 120, 120), "doubtful", 0.02), Part(Box(100, 100, 120, 120), "writing", 0.5)
    assert still_asked(picture, (own, sure, inside, across, hardly, text)) == (own, sure, across, text)
    assert still_asked(picture, (own, inside)) == (own, inside)


def test_protect_asks_nothing_about_what_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    two = (Face(200, 100, 300, 220, 0.9), Face(240, 150, 256, 170, 0.1))
    monkeypatch.setattr("fifthfloor.redact.hidden_parts.find_faces", lambda *_given: two)
    picture = canonicalise(jpeg(scene(480, 320)))
    search = Search(Path("x.jpg"), None, Decision(), True, False, False)
    assert [part.why for part in parts_in(picture, search)] == ["sure"]


@pytest.mark.parametrize(("left", "blocks"), [(16, 16 * 8), (17, 16 * 8)])
def test_every_block_of_a_rendition_that_is_grey_for_the_most_part_is_hidden(left: int, blocks: int) -> None:
    """MCUs of 16 pixels; the rendition is half as wide and high, so two by two of them make one of its own."""
    full, small = (
        CanonicalHeader(wide, wide // 8, "ycbcr", ((2, 2), (1, 1), (1, 1)), (bytes([1] * 64),), b"\0\0\0", tile_mcus=1)
        for wide in (4096, 2048)
    )
    marks = np.zeros((32, 256), np.bool_)
    marks[4:20, left : left + 32] = True
    found = hidden_in_rendition(from_marks(marks.reshape(-1)), full, small)
    hidden = to_marks(found, small.intervals).reshape(16, 128)
    # An edge in the middle of a block is half of it, which is the most part.
    assert hidden[2:10, (left + 1) // 2 : (left + 32) // 2].all()
    assert hidden.sum() == blocks + (8 if left % 2 else 0)
