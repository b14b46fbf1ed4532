"""Several tellings of the same photographs, side by side; the labels of languages; second looks."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from tests.essay.protected import lines, telling

from fifthfloor.errors import BadInput
from fifthfloor.essay.caution import is_boilerplate, look
from fifthfloor.essay.labels import Labels, direction
from fifthfloor.essay.story import Telling
from fifthfloor.essay.telling import read_telling
from fifthfloor.essay.tellings import cells, gather, marked, page_of


def read(text: str, file: str = "essay.md") -> Telling:
    return read_telling(file, text.encode())


def test_the_first_telling_is_essay_md_and_the_index() -> None:
    essay = gather("trip", [read(telling(lines("a.jpg")), "essay.fr.md"), read(telling(lines("a.jpg")))])
    assert [page_of(essay, one) for one in essay.tellings] == ["index.html", "fr.html"]


def test_captions_stand_beside_each_other_and_a_gap_is_said() -> None:
    one = read(telling(lines("a.jpg", caption="Seen at *noon*"), lines("b.jpg"), outlet='"One"'))
    two = read(telling(lines("b.jpg"), lines("a.jpg", caption="Told at noon", claim="told")), "essay.x.md")
    three = read(telling(lines("b.jpg"), outlet='"Three"'), "essay.y.md")
    found = cells(gather("trip", [three, two, one]), "a.jpg")
    assert [cell.outlet for cell in found] == ["One", "A title", "Three"]
    assert [cell.number for cell in found] == [1, 2, 0]
    assert [cell.href for cell in found][:2] == ["index.html#p1", "x.html#p2"]
    assert found[0].caption == "<mark>Seen</mark> at noon"
    assert found[1].caption == "<mark>Told</mark> at noon"
    assert found[2].caption is None


def test_captions_of_other_languages_are_not_compared() -> None:
    one = read(telling(lines("a.jpg", caption="At noon")))
    two = read(telling(lines("a.jpg", caption="À midi"), language='"fr"'), "essay.fr.md")
    assert [cell.caption for cell in cells(gather("trip", [one, two]), "a.jpg")] == ["At noon", "À midi"]


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("a b c", [], "a b c"),
        ("a b c", ["a c"], "a <mark>b</mark> c"),
        ("a b, c d", ["a d"], "a <mark>b, c</mark> d"),
        ("<b> & x", ["x"], "&lt;<mark>b</mark>&gt; &amp; x"),
        ("Same", ["SAME words"], "Same"),
    ],
)
def test_words_that_no_other_has_are_marked(text: str, others: list[str], expected: str) -> None:
    assert marked(text, others) == expected


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(BadInput) as caught:
        gather("x", [read(telling(lines("a.jpg"))), read(telling(lines("sub/a.jpg")), "essay.fr.md")])
    assert (caught.value.key, caught.value.facts["file"]) == ("essay.two_of_one_name", "essay.fr.md")


def test_every_language_says_everything() -> None:
    folder = resources.files("fifthfloor.essay.labels")
    tables = {f.name: tomllib.loads(f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".toml")}
    english = tables.pop("en.toml")
    assert tables
    for name, table in tables.items():
        assert table.keys() == english.keys(), name
        for key, text in table.items():
            if isinstance(text, str):
                assert text.count("{") == english[key].count("{"), (name, key)
        assert len(table["months"]) == 12


@pytest.mark.parametrize(
    ("tag", "expected"), [("ar", "rtl"), ("he-IL", "rtl"), ("en", "ltr"), ("ko", "ltr"), ("ARC", "ltr")]
)
def test_direction(tag: str, expected: str) -> None:
    assert direction(tag) == expected


def test_a_language_without_texts_of_its_own_gets_english_and_a_word_about_it() -> None:
    assert Labels("xx").say("close") == "Close"
    text = telling(lines("a.jpg"), language='"xx"')
    (found,) = look(read(text))
    assert (found.key, found.facts["line"]) == ("essay.warn_labels", text.split("\n").index('language = "xx"') + 1)


@pytest.mark.parametrize(
    ("caption", "key"),
    [
        ("OLYMPUS DIGITAL CAMERA", "boilerplate"),
        ("IMG_1234", "boilerplate"),
        ("We met Mr Pak by the gate", "name"),
        ("The woman, called Mina, sings", "name"),
        ("On the way we saw Anna Sophia Berg", "name"),
        ("It was 14:05 when they came", "clock"),
        ("At 5 p.m. the lights go out", "clock"),
        ("The gate, 39.0392, 125.7625", "coordinates"),
        ("The gate, 39° 2′ north", "coordinates"),
        ("Write to a@example.org", "contact"),
        ("Taken on 12 April 2010", "day"),
    ],
)
def test_what_a_caption_gives_away_is_said(caption: str, key: str) -> None:
    found = look(read(telling(lines("a.jpg", caption=caption))))
    assert [c.key for c in found] == [f"essay.warn_{key}"]
    assert (found[0].facts["line"], found[0].facts["field"]) == (14, "caption")


@pytest.mark.parametrize(
    "caption",
    ["Glass, cranes and pleasure boats. The tour begins here.", "One, two, three, four, six", "A ratio of 3:2 or so"],
)
def test_ordinary_captions_are_left_alone(caption: str) -> None:
    assert look(read(telling(lines("a.jpg", caption=caption)))) == ()
    assert not is_boilerplate(caption)
