"""Every error that can be raised has its sentence, and every sentence has its facts."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import fifthfloor_theatre
from fifthfloor import words

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
THEATRE = Path(fifthfloor_theatre.__file__).parent
PHRASE = re.compile(r"[a-z_]+\.what\.[a-z0-9_]+")
KINDS = {"BadInput", "NothingFound", "NoRoom", "DeviceRefused"}


def raised() -> dict[str, set[str]]:
    """Map each error key in the source to the facts every raiser of it gives."""
    found: dict[str, set[str]] = {}
    for file in (*SOURCE.rglob("*.py"), *THEATRE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or file.name == "bearing.py":  # it hands on what `fault` was given
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called not in KINDS | {"fault"}:
                continue
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"{file}:{node.lineno}: the key must be written out"
            assert isinstance(first.value, str), f"{file}:{node.lineno}"
            facts = {keyword.arg for keyword in node.keywords if keyword.arg}
            found[first.value] = found.get(first.value, facts) & facts
    return found


def test_every_error_has_words_and_gives_the_facts_they_name() -> None:
    for key, facts in raised().items():
        assert key in words.ERRORS, f"{key} has no words"
        named = {field for text in words.ERRORS[key] for _, field, _, _ in string.Formatter().parse(text) if field}
        assert named <= facts, f"{key} names {named - facts}, which a raiser does not give"


def test_every_error_sentence_is_raised_and_written_as_the_rule_says() -> None:
    said = raised()
    for key, (cause, hint) in words.ERRORS.items():
        assert key in said or key in ("cli.system", "cli.mistake", "cli.extra_missing"), f"nobody raises {key}"
        for text in (cause, hint):
            assert text, key
            assert not text.endswith("."), key
            assert text[0] == "{" or text[0] == text[0].lower(), key


def test_every_phrase_that_is_a_fact_has_its_words_and_they_name_what_is_given() -> None:
    """`what="jpeg.what.no_picture"`: the sentence about a fault has no English in its facts."""
    used = set()
    for file in SOURCE.rglob("*.py"):
        if "words" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and PHRASE.fullmatch(node.value):
                used.add(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in KINDS | {"broken", "_odd"}:
                given = {keyword.arg for keyword in node.keywords}
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    key = argument.value if isinstance(argument, ast.Constant) else None
                    if isinstance(key, str) and PHRASE.fullmatch(key):
                        named = {field for _, field, _, _ in string.Formatter().parse(words.SENTENCES[key]) if field}
                        assert named <= given, f"{file}:{node.lineno}: {key} names {named - given}"
    assert used == {key for key in words.SENTENCES if PHRASE.fullmatch(key)}


def test_a_phrase_is_filled_with_the_facts_of_its_sentence() -> None:
    facts: dict[str, str | int | float] = {"what": "jpeg.what.width", "width": 0, "components": 3}
    assert words.error("jpeg.broken", facts)[0] == "the file is broken: 0 pixels wide, 3 components"
    assert words.error("cli.system", {"reason": "disk\x1b[2J full"})[0] == "the system refused: disk\\x1b[2J full"
