"""Pairs made and taken apart in the text of a telling."""

from __future__ import annotations

import pytest

from fifthfloor.errors import BadInput
from fifthfloor.essay.pairs import paired, parted, states_of, title_of
from fifthfloor.essay.pieces import joined, pieces_of

TEXT = """+++
title = "T"
+++

photo: a.jpg
caption: A

photo: b.jpg
caption: B
label: There

Some words.

photo: c.jpg
caption: C

::: sequence Days
photo: d.jpg
caption: D

photo: e.jpg
caption: E
:::

::: pair Near and far
photo: f.jpg
label: Near

photo: g.jpg
label: Far
:::
photo: h.jpg
caption: H"""


def test_which_can_be_one() -> None:
    assert states_of(pieces_of(TEXT)) == ("can", "no", "no", "no", "no", "is", "no", "no")
    assert states_of(pieces_of("photo: a.jpg\n")) == ("no",)
    assert title_of(pieces_of(TEXT), 5) == "Near and far"
    assert title_of(pieces_of(TEXT), 0) == ""


def test_made_changed_and_taken_apart_nothing_else_is_touched() -> None:
    made = joined(paired(pieces_of(TEXT), 0, "Two  ways", ("Here", "There")))
    lines = made.splitlines()
    added = [line for line in lines if line not in TEXT.splitlines()]
    assert added == ["::: pair Two ways", "label: Here"]
    assert lines[4:13] == [
        "::: pair Two ways",
        "photo: a.jpg",
        "caption: A",
        "label: Here",
        "",
        "photo: b.jpg",
        "caption: B",
        "label: There",
        ":::",
    ]
    assert states_of(pieces_of(made))[0] == "is"
    changed = joined(paired(pieces_of(made), 0, "", ("Here", "Not here")))
    assert changed == made.replace("pair Two ways", "pair").replace("There", "Not here")
    assert joined(parted(pieces_of(made), 0)) == TEXT.replace("caption: A\n", "caption: A\nlabel: Here\n")
    assert joined(parted(pieces_of(TEXT), 5)).count(":::") == 2


def test_two_at_the_very_end_of_a_file_without_a_last_line_end() -> None:
    text = "photo: a.jpg\n\nphoto: b.jpg\ncaption: B"
    assert joined(paired(pieces_of(text), 0, "", ("x", "y"))) == (
        "::: pair\nphoto: a.jpg\nlabel: x\n\nphoto: b.jpg\ncaption: B\nlabel: y\n:::\n"
    )


@pytest.mark.parametrize(
    ("number", "title", "key"),
    [(1, "", "no_pair"), (3, "", "no_pair"), (7, "", "no_pair"), (-1, "", "no_pair"), (0, "a\0b", "control")],
)
def test_what_cannot_be_one_is_refused(number: int, title: str, key: str) -> None:
    with pytest.raises(BadInput, match=key):
        paired(pieces_of(TEXT), number, title, ("a", "b"))
    with pytest.raises(BadInput, match="no_pair"):
        parted(pieces_of(TEXT), number)
