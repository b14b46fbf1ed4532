"""The drawings of cards: true proportions, nothing drawn that is not there, plain where a terminal is plain."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fifthfloor.errors import BadInput
from fifthfloor_theatre.journey.maps import (
    BLOCKS,
    KINDS,
    LETTERS,
    RGB,
    CardMap,
    MapKind,
    Patch,
    needs_plain,
    render_png,
    render_text,
)
from fifthfloor_theatre.mapping import CardState, Strip, compared

MB = 1_000_000


def drawing(card: CardMap, **options: bool) -> str:
    """The cells alone, without title, sides and legend."""
    lines = render_text(card, plain=True, **options)
    return "".join(line[1:-1] for line in lines[1:-1])


@pytest.fixture
def card() -> CardMap:
    slots = [Patch(60 * MB + k * 65_536, 16_384, "hidden") for k in range(600)]
    runs = [Patch(MB, 99 * MB, "random"), Patch(MB, 39 * MB, "visible"), *slots, Patch(90 * MB, 10 * MB, "damaged")]
    return CardMap("card 2", 100 * MB, runs)


def test_the_number_of_cells_is_in_proportion_to_the_bytes(card: CardMap) -> None:
    cells = drawing(card)
    assert len(cells) == 4 * 72
    assert cells.count("#") / len(cells) == pytest.approx(0.39, abs=0.01)
    assert cells.count("x") / len(cells) == pytest.approx(0.10, abs=0.01)
    # 600 slots of 16 KiB lie in 30 MB, of which damage took a part
    hidden = sum(1 for run in card.runs if run.kind == "hidden" and run.offset_bytes < 90 * MB) * 16_384 / (100 * MB)
    assert cells.count("+") / len(cells) == pytest.approx(hidden, abs=0.015)


def test_places_are_true(card: CardMap) -> None:
    cells = drawing(card)
    assert set(cells[4:110]) == {"#"}
    assert set(cells[120:170]) == {"."}
    assert set(cells[260:]) == {"x"}


@given(
    size_bytes=st.integers(1, 64 * 10**9),
    parts=st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(0, 0.5), st.sampled_from(KINDS)), max_size=12),
    columns=st.integers(1, 90),
    rows=st.integers(1, 6),
)
def test_any_runs_are_drawn_and_no_kind_is_made_up(
    size_bytes: int, parts: list[tuple[float, float, MapKind]], columns: int, rows: int
) -> None:
    runs = [Patch(int(at * size_bytes), int(length * size_bytes), kind) for at, length, kind in parts]
    lines = render_text(CardMap("c", size_bytes, runs), columns=columns, rows=rows, plain=True)
    assert len(lines) == rows + 2
    assert all(len(line) == columns + 2 for line in lines[1:-1])
    shown = set("".join(line[1:-1] for line in lines[1:-1]))
    assert shown <= {LETTERS[run.kind] for run in runs} | {" "}


def test_colour_changes_nothing_but_colour(card: CardMap) -> None:
    plain, coloured = render_text(card), render_text(card, colour=True)
    assert "\x1b[" not in "".join(plain)
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in coloured] == plain
    assert set("".join(plain[1:-1])) <= set(BLOCKS.values()) | set("▏▕")


def test_what_was_deleted_is_not_called_random() -> None:
    before = CardState(MB, (Strip(0, 400_000, "visible"), Strip(400_000, 600_000, "random")), np.array([], np.int64))
    after = CardState(MB, (Strip(0, 100_000, "visible"), Strip(100_000, 900_000, "random")), np.array([], np.int64))
    runs = [Patch(run.offset_bytes, run.length_bytes, run.kind) for run in compared(before, after)]
    cells = drawing(CardMap("c", MB, runs))
    assert [cells.count(sign) for sign in "#o."] == pytest.approx([29, 86, 173], abs=2)


def test_the_legend_names_only_what_is_there(card: CardMap) -> None:
    assert render_text(card)[-1] == "█ visible photographs 39 %  ▓ hidden 8 %  ░ random 42 %  ╳ damaged 10 %"
    assert render_text(CardMap("c", MB, [Patch(0, MB, "random")]))[-1] == "░ random 100 %"


@pytest.mark.parametrize(
    ("encoding", "plain"), [("utf-8", False), ("ascii", True), ("latin-1", True), (None, True), ("nonsense-9", True)]
)
def test_which_terminals_need_plain_letters(encoding: str | None, plain: bool) -> None:
    assert needs_plain(encoding) is plain


def test_the_picture_holds_the_colours_in_proportion(card: CardMap) -> None:
    picture = np.asarray(Image.open(io.BytesIO(render_png([card, card]))).convert("RGB")).reshape(-1, 3)
    of = {kind: int((picture == RGB[kind]).all(axis=1).sum()) for kind in KINDS}
    assert of["damaged"] / of["visible"] == pytest.approx(10 / 39, abs=0.03)
    assert of["hidden"] > 0


def test_a_picture_without_pillow_says_what_to_install(card: CardMap, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(BadInput) as caught:
        render_png([card])
    assert caught.value.key == "journey.no_encoder"


def test_an_empty_card_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="at least one byte"):
        render_text(CardMap("c", 0, []))
