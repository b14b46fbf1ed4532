"""Reading a telling: what it means, and what it says to a writer who got it wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.essay.protected import ALT, lines, telling

from fifthfloor import words
from fifthfloor.errors import BadInput
from fifthfloor.essay.caution import look
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.labels import languages
from fifthfloor.essay.story import Group, Photograph, Prose, Telling
from fifthfloor.essay.telling import read_as_far, read_telling, telling_name, template


def read(text: str, file: str = "essay.md") -> Telling:
    return read_telling(file, text.encode())


def test_a_whole_telling() -> None:
    text = telling(
        "Opening *words*.",
        lines("one.jpg", credit="A", place="the square", correction="2026-11-20 It was noon.", rights="cleared by A"),
        "## A section",
        "::: pair Day and night\n" + lines("two.jpg", label="Day") + "\n" + lines("three.jpg", label="Night") + ":::",
        "::: full\n" + lines("four.jpg", language="ar", claim="Believed") + ":::",
    )
    found = read_telling("essay.md", text.encode())
    assert found.head.title == "A title"
    assert found.head.published == date(2026, 11, 22)
    assert [type(block) for block in found.blocks] == [Prose, Photograph, Prose, Group, Group]
    assert [p.file for p in found.photographs] == ["one.jpg", "two.jpg", "three.jpg", "four.jpg"]
    one, two, _three, four = found.photographs
    assert (one.kicker, one.claim, one.credit, one.place) == ("Entry point", "seen", "A", "the square")
    assert (one.corrections[0].day, one.corrections[0].text) == (date(2026, 11, 20), "It was noon.")
    assert not one.notes.restricted
    assert (two.label, four.language, four.claim) == ("Day", "ar", "believed")
    assert text.split("\n")[one.line - 1] == "photo: one.jpg"


def test_a_value_goes_on_where_a_line_is_indented() -> None:
    text = telling(
        "photo: a.jpg\ncaption: One line\n  and another\nalt: " + ALT[:60] + "\n\t" + ALT[60:] + "\nclaim: told"
    )
    photograph = read_telling("essay.md", text.encode()).photographs[0]
    assert photograph.caption == "One line and another"
    assert photograph.alt.replace(" ", "") == ALT.replace(" ", "")


def test_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    text = telling("Words.", lines("a.jpg"))
    plain = read_telling("essay.md", text.encode())
    assert read_telling("essay.md", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == plain
    assert read_telling("essay.md", text.replace("\n", "\r").encode()) == plain


def test_a_photograph_inside_a_code_fence_is_prose() -> None:
    found = read_telling("essay.md", telling("```\nphoto: no.jpg\n```", lines("a.jpg")).encode())
    assert [p.file for p in found.photographs] == ["a.jpg"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("essay.md", ""),
        ("essay.fr.md", "fr"),
        ("essay.other-outlet.md", "other-outlet"),
        ("essay.A.md", None),
        ("essay..md", None),
        ("notes.md", None),
        ("essay.a.b.md", None),
    ],
)
def test_names_of_tellings(name: str, expected: str | None) -> None:
    assert telling_name(name) == expected


PHOTO = lines("a.jpg")
WRONG = [
    ("essay.no_front", "Only words\n", 1),
    ("essay.open_front", "+++\ntitle = 'x'\n", 1),
    ("essay.not_toml", telling(PHOTO).replace('title = "A title"', "title = A title"), 2),
    ("essay.twice", telling(PHOTO).replace("place =", 'title = "another"\nplace ='), 5),
    ("essay.front_unknown", telling(PHOTO, titel='"x"'), 10),
    ("essay.front_kind", telling(PHOTO, title="5"), 2),
    ("essay.front_missing", telling(PHOTO, standfirst='" "'), 3),
    ("essay.language", telling(PHOTO, language='"English please"'), 7),
    ("essay.day", telling(PHOTO, embargo='"soon"'), 10),
    ("essay.no_photographs", telling("Words."), None),
    ("essay.same_name", telling(PHOTO, PHOTO), 19),
    ("essay.same_name", telling(PHOTO, lines("sub/A.JPG")), 19),
    ("essay.photo_line", telling("photo: a.jpg\nkaption: b"), 13),
    ("essay.photo_line", telling("photo: a.jpg\nJust words"), 13),
    ("essay.twice", telling("photo: a.jpg\nkicker: a\nkicker: b"), 14),
    ("essay.photo_place", telling("photo: ../a.jpg\ncaption: b"), 12),
    ("essay.photo_place", telling("photo: /etc/a.jpg"), 12),
    ("essay.photo_place", telling("photo: C:\\a.jpg"), 12),
    ("essay.photo_place", telling("photo:"), 12),
    ("essay.missing", telling("photo: a.jpg\ncaption:"), 13),
    ("essay.missing", telling(f"photo: a.jpg\ncaption: b\nalt: {ALT}"), 12),
    ("essay.no_alt", telling("photo: a.jpg\ncaption: b\nclaim: seen"), 12),
    ("essay.alt_length", telling(lines("a.jpg", alt="Too short.")), 15),
    ("essay.alt_length", telling(lines("a.jpg", alt="x" * 251)), 15),
    ("essay.alt_is_name", telling(lines("IMG_0001.jpg", alt=ALT + " IMG_0001")), 15),
    ("essay.alt_is_caption", telling(lines("a.jpg", caption=ALT)), 15),
    ("essay.claim", telling(lines("a.jpg", claim="guessed")), 16),
    ("essay.correction", telling(lines("a.jpg", correction="yesterday, it was noon")), 17),
    ("essay.day", telling(lines("a.jpg", correction="2026-13-20 noon")), 17),
    ("essay.day", telling(lines("a.jpg", embargo="next week")), 17),
    ("essay.language", telling(lines("a.jpg", language="arabic!")), 17),
    ("essay.rights", telling(lines("a.jpg", rights="restrcited")), 17),
    ("essay.picture_in_text", telling("Words\n![alt](b.jpg)", PHOTO), 12),
    ("essay.picture_in_text", telling(lines("a.jpg", caption="![alt](b.jpg)")), 14),
    ("essay.title_in_text", telling("Words\n\n# Title", PHOTO), 14),
    ("essay.no_photo_line", telling("Words", "caption: b\nkicker: c"), 14),
    ("essay.prose_in_group", telling("::: full\nWords\n:::"), 13),
    ("essay.open_group", telling("::: full\n" + PHOTO), 12),
    ("essay.group_kind", telling("::: triptych\n" + PHOTO + ":::"), 12),
    ("essay.group_kind", telling(":::\n" + PHOTO), 12),
    ("essay.group_count", telling("::: pair\n" + lines("a.jpg", label="x") + ":::"), 12),
    ("essay.group_count", telling("::: full\n" + PHOTO + "\n" + lines("b.jpg") + ":::"), 12),
    ("essay.no_label", telling("::: pair\n" + lines("a.jpg", label="x") + "\n" + lines("b.jpg") + ":::"), 20),
    ("essay.control", telling("Words\x1b[2J", PHOTO), 12),
]  # fmt: skip


@pytest.mark.parametrize(("key", "text", "line"), WRONG, ids=[f"{n}-{key}" for n, (key, _, _) in enumerate(WRONG)])
def test_what_is_wrong_is_said_with_file_line_and_what_to_write(key: str, text: str, line: int | None) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    # A photograph that lacks more than the one thing has the others beside it.
    same = [error for error in (caught.value, *caught.value.also) if error.key == key]
    assert line in [error.facts.get("line", None if line is None else 1) for error in same]
    cause, hint = words.error(key, same[0].facts)
    assert cause.startswith("essay.md")
    assert hint


def test_everything_that_is_wrong_is_said_at_once_and_in_order() -> None:
    """Thirteen photographs as `essay new` leaves them took up to 42 runs."""
    bare = [f"photo: {number:02}.jpg\ncaption:\nalt:\nclaim:\n" for number in range(13)]
    text = telling(*bare, standfirst='""', licence='""')
    text = text.replace("photo: 00.jpg", f"{template('en')['about']}\n\nphoto: 00.jpg")
    with pytest.raises(BadInput) as caught:
        read(text)
    errors = [caught.value, *caught.value.also]
    assert len(errors) == 2 + 1 + 39
    assert [error.key for error in errors[:4]] == ["essay.front_missing"] * 2 + ["essay.template", "essay.missing"]
    assert [error.facts["line"] for error in errors] == sorted(error.facts["line"] for error in errors)
    # None of them belongs to another: an error is said once.
    assert len({(error.key, error.facts["line"], error.facts.get("field")) for error in errors}) == len(errors)
    assert all(not error.also for error in errors[1:])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", template("en"))
def test_a_sentence_of_the_template_is_refused(language: str, part: str) -> None:
    sentence = template(language)[part]
    assert "|" not in sentence
    assert (sentence == template("en")[part]) == (language == "en")
    with pytest.raises(BadInput) as caught:
        read(telling(f"Some words.\n{sentence} And more.", PHOTO))
    assert (caught.value.key, caught.value.facts["line"]) == ("essay.template", 13)


def test_a_field_that_is_misspelt_is_one_error() -> None:
    with pytest.raises(BadInput) as caught:
        read(telling(lines("a.jpg").replace("caption:", "captoin:")))
    assert [error.key for error in (caught.value, *caught.value.also)] == ["essay.photo_line"]


@pytest.mark.parametrize(
    ("kind", "caption"),
    [
        ("day", "They came on a Thursday and asked for the cards."),
        ("day", "Ils sont venus un jeudi."),
        ("clock", "We left at half past six, before anyone was awake."),
        ("clock", "The lights went out around three in the morning."),
        ("clock", "At noon the square is empty."),
        ("room", "The view from room 512 of the hotel."),
        ("room", "Our guide sat in bus 7."),
        ("place", "A field near Sinuiju, seen from the train."),
        ("place", "The quay of the Yalu River."),
        ("contact", "Ask for more at guide@example.org."),
        ("contact", "Ask for more: guide (at) example (dot) org."),
        ("contact", "Ask for more: guide[at]example.org"),
        ("contact", "Ask guide at example dot org."),
        ("contact", "Call 00 33 6 12 34 56 78."),
        ("day", "They came on Thurs. and asked."),
        ("clock", "We left at seven-thirty."),
        ("clock", "We left at ten to six."),
        ("clock", "Seen at 6 in the morning."),
        ("clock", "Gesehen um 14.05 Uhr."),
        ("clock", "Le départ est à 17 heures."),
        ("clock", "On part vers six heures."),
        ("clock", "오후 5시에 떠났다."),
        ("clock", "غادرنا الساعة الخامسة."),
        ("room", "Vue de la salle 12."),
        ("room", "The view from room B12."),
        ("room", "호텔 5층에서 본 모습."),
        ("room", "من غرفة 512."),
        ("place", "La gare de Sinuiju, le matin."),
        ("place", "평양역 앞의 사람들."),
        ("place", "أمام محطة بيونغيانغ."),
    ],
)
def test_what_a_caption_puts_back_is_noticed(kind: str, caption: str) -> None:
    withheld = {"place": '"withheld"', "date": '"withheld"'}
    found = look(read(telling(lines("a.jpg", caption=caption), **withheld)))
    assert f"essay.warn_{kind}" in [one.key for one in found]
    in_text = look(read(telling(caption, PHOTO, **withheld)))
    assert (f"essay.warn_text_{kind}", 12) in [(one.key, one.facts.get("line")) for one in in_text]
    for one in (*found, *in_text):
        assert words.sentence(one.key, **one.facts)


def test_a_chapter_without_blanks_is_looked_at_in_bounded_steps() -> None:
    """Chinese and Thai have none: an address was begun at each of its letters, for half an hour of 300,000."""
    chapter = "\u4ed6\u4eec\u60f3\u77e5\u9053" * 60_000
    (found,) = look(read(telling(f"{chapter}kim@example.org", PHOTO)))
    assert found.key == "essay.warn_text_contact"


SLIP = "Tuesday at noon in Kaesong, room 412, kim@example.org"
SLIPS = ("Tuesday", "at noon", "in Kaesong", "room 412", "kim@example.org")


@pytest.mark.parametrize("field", ["title", "standfirst", "byline", "outlet", "credit", "licence"])
def test_the_front_matter_is_looked_through(field: str) -> None:
    text = telling(lines("a.jpg"), **{field: f'"{SLIP}"'})
    line = text.split("\n").index(f'{field} = "{SLIP}"') + 1
    found = [one.facts for one in look(read(text))]
    assert sorted(str(facts["given"]) for facts in found) == sorted(SLIPS)
    assert {(facts["field"], facts["line"]) for facts in found} == {(field, line)}


@pytest.mark.parametrize("field", ["kicker", "caption", "alt", "credit", "label", "correction"])
def test_every_text_of_a_photograph_is_looked_through(field: str) -> None:
    """A text that is refused is looked at too, so that one run says all."""
    written = f"2026-11-22 {SLIP}" if field == "correction" else SLIP
    kept = [one for one in lines("a.jpg").splitlines() if not one.startswith(f"{field}:")]
    faults = Faults()
    text = telling("\n".join([*kept, f"{field}: {written}"]))
    found = [one.facts for one in look(read_as_far("essay.md", text.encode(), faults))]
    assert bool(faults) == (field == "alt")
    assert sorted(str(facts["given"]) for facts in found) == sorted(SLIPS)
    assert {(facts["field"], facts["line"]) for facts in found} == {(field, 12 + len(kept))}


def test_the_title_of_a_group_is_looked_through() -> None:
    photographs = "\n\n".join(lines(name, label=name[0]) for name in ("a.jpg", "b.jpg"))
    found = [one.facts for one in look(read(telling(f"::: pair {SLIP}\n{photographs}\n:::")))]
    assert sorted(str(facts["given"]) for facts in found) == sorted(SLIPS)
    assert {(facts["field"], facts["line"]) for facts in found} == {("essay.what.title_of_pair", 12)}


def test_every_slip_is_said_and_where_it_stands() -> None:
    caption = "On Tuesday in room 4; on Friday in room 5 at noon, and on Sunday in room 6 at midnight."
    text = telling(lines("a.jpg", kicker="Wednesday in Sariwon, room 777", caption=caption, place="Sariwon"))
    found = [(one.facts["field"], one.facts["given"]) for one in look(read(text))]
    assert sorted(found) == sorted(
        [("kicker", slip) for slip in ("Wednesday", "in Sariwon", "room 777")]
        + [("caption", slip) for slip in ("Tuesday", "Friday", "Sunday", "room 4", "room 5", "room 6")]
        + [("caption", slip) for slip in ("at noon", "at midnight")]
        + [("place", "Sariwon")]
    )


def test_a_phrase_that_goes_on_in_the_next_line_of_a_paragraph_is_seen() -> None:
    text = (
        "We slept in room\n412 and left on Thursday at half past\nsix.\n\nNobody in that\n- room\n7 spoke; on Thursday."
    )
    found = look(read(telling(text, PHOTO, date='"withheld"', place='"withheld"', published="2026-01-02")))
    given = [(one.facts["given"], one.facts["line"]) for one in found]
    assert sorted(given) == [
        ("Thursday", 13),
        ("Thursday", 18),
        ("half past six", 13),
        ("room 412", 12),
        ("room 7", 17),
    ]


@pytest.mark.parametrize("text", ["into room\n305. Then we left", "> It was half\n> past seven", "room\n**412** then"])
def test_what_only_looks_like_a_new_paragraph_is_none(text: str) -> None:
    assert [one.facts["line"] for one in look(read(telling(text, PHOTO)))] == [12]


def test_a_plain_caption_is_left_alone() -> None:
    caption = "Women in dark coats wait for a bus that does not come; behind them a wall, freshly painted."
    found = look(
        read(telling(lines("a.jpg", caption=caption), place='"withheld"', date='"withheld"', published="2026-01-02"))
    )
    assert [one.key for one in found] == []


def test_bytes_that_are_no_text_are_named_by_line() -> None:
    with pytest.raises(BadInput) as caught:
        read_telling("essay.md", telling("Words").encode() + b"\n\xff")
    assert (caught.value.key, caught.value.facts["line"]) == ("essay.not_text", 14)


def test_a_telling_cannot_take_the_name_of_a_page() -> None:
    for name in ("essay.index.md", "essay.proof.md", "essay.side-by-side.md", "essay.X.md"):
        with pytest.raises(BadInput) as caught:
            read(telling(PHOTO), name)
        assert caught.value.key == "essay.telling_name"


PIECES = st.sampled_from(
    ["+++", "photo: a.jpg", "photo: b.jpg", "caption: c", f"alt: {ALT}", "claim: seen", ":::", "::: pair", "::: full x",
     "label: l", "", "  more", "## s", "words", "```", "title = \"t\"", "# t", "![a](b)", "- x", "> q", "\t", "kicker"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30))
def test_any_lines_are_read_or_refused_by_name(pieces: list[str]) -> None:
    for text in ("\n".join(pieces), telling("\n".join(pieces))):
        try:
            assert read_telling("essay.md", text.encode()).photographs
        except BadInput as error:
            words.error(error.key, error.facts)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    for whole in (data, telling().encode() + data):
        try:
            read_telling("essay.md", whole)
        except BadInput as error:
            words.error(error.key, error.facts)


def test_a_field_without_quotation_marks_hides_no_other_and_no_text_of_several_lines() -> None:
    text = telling(PHOTO, title='"""One\nplace = two"""', byline="Nobody", date='"withheld', colour="1").encode()
    with pytest.raises(BadInput) as refused:
        read_telling("essay.md", text)
    found = [refused.value, *refused.value.also]
    assert [error.key for error in found] == ["essay.not_toml", "essay.not_toml", "essay.front_unknown"]
