"""The rulebook: parsed whole or refused with its rule named; words, types, sites, areas and counts matched."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.audit.made import photograph

from fifthfloor.audit import rules
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.rules import Matcher, Rulebook, default_rulebook, inside, parse_rulebook
from fifthfloor.audit.shots import Shot
from fifthfloor.errors import BadInput
from fifthfloor.metadata.source import BytesSource

RULES = """
format = 1
title = "form"
[[rule]]
name = "titles"
kind = "words"
severity = "critical"
why = "not allowed"
source = "example"
words = ["Nothing to Envy", "border guard", "성경"]
[[rule]]
name = "tracks"
kind = "types"
severity = "medium"
source = "example"
words = [".gpx"]
[[rule]]
name = "pages"
kind = "sites"
severity = "high"
source = "example"
words = ["dailynk.com"]
[[rule]]
name = "box"
kind = "area"
severity = "high"
source = "example"
area = [[37.0, 124.0], [43.0, 131.0]]
[[rule]]
name = "many"
kind = "per_day"
severity = "medium"
source = "example"
limit = 2
[[rule]]
name = "statues"
kind = "question"
severity = "low"
why = "are the statues whole"
source = "example"
"""


def book(text: str = RULES) -> Rulebook:
    return parse_rulebook(text.encode(), "form.toml")


def shot(path: str, **facts: Any) -> Shot:
    found = read_photo(BytesSource(photograph(1, **facts)))
    assert found is not None
    return Shot(path, found, None, 1)


def hits(matcher: Matcher) -> dict[str, list[str]]:
    found = [item for item in matcher.findings() if item.kind == "rule.hit"]
    return {str(item.facts["rule"]): [place.path for place in item.places] for item in found}


def test_words_are_found_folded_and_whole() -> None:
    matcher = Matcher(book())
    matcher.text("… NOTHING  to\nenvy …", "a.txt")
    matcher.text("nothing to envyx, borderguards", "b.txt")
    matcher.text("이것은성경입니다", "c.txt")
    matcher.name("notes/Border_Guard-2.txt")
    assert hits(matcher) == {"titles": ["a.txt", "c.txt", "notes/Border_Guard-2.txt"]}


def test_a_long_text_is_matched_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_RULES_WINDOW_CHARS", 500)
    for before in range(0, 600, 7):
        matcher = Matcher(book())
        matcher.text("x " * (before // 2) + "nothing to envy" + " y" * 400, "n.txt")
        (found,) = [hit for hit in matcher.findings() if hit.kind == "rule.hit"]
        assert (found.facts["count"], found.facts["values"]) == (1, "nothing to envy")


def test_types_sites_areas_and_counts() -> None:
    matcher = Matcher(book())
    matcher.name("walk.GPX")
    matcher.text("see https://www.dailynk.com/english", "history")
    matcher.shots([shot("a.jpg", gps=(39.0, 125.0)), shot("b.jpg", gps=(52.0, 13.0)), shot("c.jpg")])
    assert hits(matcher) == {"tracks": ["walk.GPX"], "pages": ["history"], "box": ["a.jpg"], "many": [""]}


def test_questions_are_always_asked() -> None:
    (question,) = [f for f in Matcher(book()).findings() if f.kind == "rule.question"]
    assert question.facts["why"] == "are the statues whole"


def test_words_written_into_a_photograph_are_matched() -> None:
    matcher = Matcher(book())
    matcher.shots([shot("a.jpg", owner="border guard", taken=datetime(2026, 1, 2))])
    assert hits(matcher) == {"titles": ["a.jpg"]}, "the owner in a maker's note is a text like the artist in Exif"
    found = read_photo(BytesSource(photograph(1, b"\xff\xfe\x00\x10border guards".replace(b"s", b"") + b"\0")))
    assert found is not None
    matcher.shots([Shot("b.jpg", found, None, 1)])
    assert hits(matcher)["titles"] == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("format = 1", "format = 2"), "audit.rules_format"),
        (("format = 1", "format = "), "audit.rules_not_toml"),
        (('severity = "critical"', 'severity = "worst"'), "audit.rule"),
        (('kind = "words"', 'kind = "smell"'), "audit.rule"),
        (('source = "example"', 'source = ""'), "audit.rule"),
        (("limit = 2", "limit = 0"), "audit.rule"),
        (("area = [[37.0, 124.0], [43.0, 131.0]]", "area = [[37.0]]"), "audit.rule"),
        (('words = [".gpx"]', 'words = "gpx"\nx = [[]]\nwords2 = 3'), ""),
    ],
)
def test_bad_rulebooks_are_refused_with_the_rule(change: tuple[str, str], key: str) -> None:
    if not key:
        assert book(RULES.replace(*change)).rules
        return
    with pytest.raises(BadInput) as caught:
        book(RULES.replace(*change, 1))
    assert caught.value.key == key


def test_the_default_rulebook_names_a_source_for_each_rule() -> None:
    rules = default_rulebook().rules
    assert len(rules) >= 12
    assert {rule.kind for rule in rules} == {"words", "types", "sites", "area", "per_day", "question"}
    assert all(rule.source and rule.why for rule in rules)
    assert len({rule.name for rule in rules}) == len(rules)


SQUARE = ((0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0))


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_a_polygon_and_a_box_agree(latitude: float, longitude: float) -> None:
    edges = {0.0, 10.0}
    if latitude not in edges and longitude not in edges:
        assert inside((latitude, longitude), SQUARE) == inside((latitude, longitude), (SQUARE[0], SQUARE[2]))


def test_a_box_over_the_date_line() -> None:
    assert inside((0.0, 179.0), ((-5.0, 170.0), (5.0, -170.0)))
    assert not inside((0.0, 0.0), ((-5.0, 170.0), (5.0, -170.0)))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_rulebook_or_refused(data: bytes) -> None:
    with contextlib.suppress(BadInput):
        parse_rulebook(data, "x")
