"""Templates hold no sentence of their own, and what the command line says is said on a page without options."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

import fifthfloor.desk
import fifthfloor.redact
from fifthfloor import words
from fifthfloor.desk.pages import short
from fifthfloor.errors import BadInput
from fifthfloor.redact.review import SHARED
from fifthfloor.words.lines.at_desk import at_desk, hint_at_desk
from fifthfloor.words.lines.failure import failure_of

TEMPLATES = sorted((Path(fifthfloor.desk.__file__).parent / "templates").glob("*.html"))
SCRIPTS = sorted((Path(fifthfloor.desk.__file__).parent / "static").glob("*.js"))
SCRIPTS += [Path(fifthfloor.redact.__file__).parent / "page" / name for name in SHARED]
NO_SENTENCE = {'"use strict"', '"taken back"'}  # the mode of the language, and a state in the file of boxes


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_of_its_own_and_names_only_those_that_are_there(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    without = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    bare = re.sub(r"<[^>]*>|&\w+;", " ", without, flags=re.S)
    assert re.findall(r"[A-Za-z]{2,}", bare.replace("Esc", "")) == []
    for key in re.findall(r"""say\("([a-z_.]+)"[,)]""", text):
        assert key in words.SENTENCES, key
    assert "| safe" not in text or template.name == "parts.html", "only the maps, whose names are escaped, are markup"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_sends_has_its_token_and_keeps_nothing(template: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", template.read_text(encoding="utf-8"), re.S):
        assert 'method="post"' in form
        assert "{{ token() }}" in form
    for field in re.findall(r'<input[^>]*type="(?:text|password)"[^>]*>', template.read_text(encoding="utf-8")):
        assert 'autocomplete="off"' in field
        assert 'spellcheck="false"' in field


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_writes_text_and_asks_nobody_else(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/|(?m:^|\s)//[^\n]*|new Error\([^\n]*\)", "", text, flags=re.S)
    told = [
        said
        for said in re.findall(r""""[^"\n]*"|`[^`]*`""", bare)
        if re.search(r"(?<![.\w])[A-Za-z]{2,},? [a-z]{2,}(?![\w\[:])", re.sub(r"\$\{[^}]*\}", "0", said))
    ]
    assert set(told) <= NO_SENTENCE, "a page says it with its own words"
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Storage|://|cookie", text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hidden: 3 frames, on 3 cards", "Hidden: 3 frames, on 3 cards."),
        ("  what others hid (--keep asks) is lost", "What others hid is lost."),
        ("fifthfloor health says what came through", "Check says what came through."),
        ("bring back with `recover`, then `tidy`", "Bring back with Recover, then Tidy."),
        ("give the day: --only 2026-05-03", "Give the day: by name 2026-05-03."),
        ("where an earlier --remove was stopped", "Where an earlier removal was stopped."),
        ("give another --out", "Give another folder name."),
        ("card-1.img: it is gone", "card-1.img: it is gone."),
        ("already whole!", "Already whole!"),
        ("make room and run the command again; all is as it was", "Make room and begin again; all is as it was."),
    ],
)
def test_lines_of_the_command_line_read_as_sentences(line: str, said: str) -> None:
    assert at_desk(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3 files, in /home/kim/trip/back; right", "3 files, in back; right"),
        ("it is made in /home/kim/trip.", "it is made in trip."),
        ("/home/kim/trip is full, /home/kim/trip/a.img: it is gone", "trip is full, a.img: it is gone"),
        ("/home/kim/trip-2/a.img and /home/kim/trip.old", "/home/kim/trip-2/a.img and /home/kim/trip.old"),
        ("/media/home/kim/trip/a.img", "/media/home/kim/trip/a.img"),
    ],
)
def test_what_lies_in_the_folder_is_called_as_in_there(line: str, said: str) -> None:
    assert short(line, PurePosixPath("/home/kim/trip")) == said
    assert short(line, PurePosixPath("/")) == line


def test_a_folder_of_windows_is_short_too() -> None:
    folder = PureWindowsPath(r"C:\Users\kim\trip")
    assert short(r"in C:\Users\kim\trip\back; made in C:\Users\kim\trip.", folder) == "in back; made in trip."


@pytest.mark.parametrize(
    "key", ["gate.not_approved", "approve.not_looked", "approve.questions", "approve.not_applied", "approve.nobody"]
)
def test_a_refusal_leads_to_a_page_and_to_no_option_or_file(key: str) -> None:
    hint = hint_at_desk(failure_of(BadInput(key, name="a.jpg", count=2)))
    assert not re.search(r"--|boxes\.json|review\.html", hint), hint
