"""Every error that can be raised has its sentence, and every sentence has its facts."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import fifthfloor_theatre
from fifthfloor import words

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
THEATRE = Path(fifthfloor_theatre.__file__).parent
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
