"""Text without a declaration, with a wrong one, and cut: no letter is lost, whatever it ends with."""

from __future__ import annotations

import pytest

from fifthfloor.metadata.text import decode, text_of

ACCENTS = [chr(code) for code in range(0xC0, 0x100)]


@pytest.mark.parametrize("accent", ACCENTS)
def test_a_word_of_windows_keeps_its_last_letters(accent: str) -> None:
    for word in (f"Jos{accent}", f"{accent}", f"Jos{accent}{accent}"):
        assert decode(word.encode("cp1252")) == word
        assert text_of(word.encode("cp1252") + b"\0\0") == word


@pytest.mark.parametrize("said", ["Le marché", "Caf\u00e9 \u2013 don\u2019t", "Chloé"])
def test_whoever_is_said_to_write_utf_8_and_does_not_loses_nothing(said: str) -> None:
    assert decode(said.encode("cp1252") + b".", "utf-8") == said + "."


@pytest.mark.parametrize("missing", [1, 2])
def test_a_character_that_was_cut_is_left_out(missing: int) -> None:
    assert decode("Grüße, 평".encode()[:-missing]) == "Grüße, "
    assert decode("Kim, 평".encode()[:-missing], "utf-8") == "Kim, ", "it is declared"


def test_names_as_people_have_them() -> None:
    for name in ("Kim et André", "Josué’", "Müller, Zoë", "Le marché à Sète"):
        assert decode(name.encode("cp1252")) == name
