"""What a person types becomes the same key on every keyboard (spec/floor.md, section 1)."""

from __future__ import annotations

import hashlib
import hmac
import sys
import unicodedata

import pytest
from argon2.low_level import Type, hash_secret_raw
from hypothesis import given
from hypothesis import strategies as st
from tools.vectors.build import quick

from fifthfloor.errors import BadInput
from fifthfloor.floor.seal import FloorKeys, argon2id, derive_keys, normal_label, normal_passphrase
from tools import rescue

SPACES = [*range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)]
SPACES += [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
TYPED = st.text(max_size=40) | st.lists(st.sampled_from([*map(chr, SPACES), "a", "é", "ﬁ", "ẞ", "İ", "ͅ"])).map("".join)


def test_white_space_is_the_list_of_the_specification() -> None:
    assert [code for code in range(sys.maxunicode + 1) if len(f"x{chr(code)}x".split()) == 2] == SPACES


@given(TYPED)
def test_any_text_is_made_normal_or_refused(text: str) -> None:
    try:
        once = normal_passphrase(text)
    except BadInput:
        return
    assert normal_passphrase(once.decode()) == once
    assert normal_passphrase(f" \t{text}\u3000") == once
    assert normal_passphrase(unicodedata.normalize("NFD", text)) == once
    assert once == rescue.normal(text).encode()


@given(TYPED)
def test_any_label_is_folded_or_refused(text: str) -> None:
    try:
        once = normal_label(text)
    except BadInput:
        return
    one = " ".join(unicodedata.normalize("NFKC", text).split())
    assert once == unicodedata.normalize("NFKC", one.casefold()).encode()
    assert normal_label(f"\u2003{text}\n") == once


@pytest.mark.parametrize("text", ["", " ", "\u3000\t", "\u2028"])
def test_an_empty_passphrase_is_refused_and_an_empty_label_is_not(text: str) -> None:
    with pytest.raises(BadInput) as raised:
        normal_passphrase(text)
    assert raised.value.key == "floor.passphrase_empty"
    assert normal_label(text) == b""


@pytest.mark.parametrize("character", ["\ud800", "\ue000", "\uffff", "\u0378"])
def test_characters_nobody_knows_are_refused(character: str) -> None:
    for make in (normal_passphrase, normal_label):
        with pytest.raises(BadInput) as raised:
            make(f"abc {character}")
        assert raised.value.key == "floor.unknown_character"


def test_passphrases_keep_their_case_and_labels_do_not() -> None:
    assert normal_passphrase("Straße") == "Straße".encode()
    assert normal_label("Straße") == normal_label("STRASSE") == b"strasse"


def hkdf(master: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt, one block, by hand."""
    extracted = hmac.digest(bytes(32), master, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def test_hkdf_by_hand_gives_case_3_of_rfc_5869() -> None:
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert hkdf(b"\x0b" * 22, b"").hex() == expected


def judged(passphrase: bytes, label: bytes, memory: int, passes: int, lanes: int) -> FloorKeys:
    """Section 1.2 with the reference implementation of Argon2 and HKDF by hand."""
    salt = hashlib.sha256(b"fifthfloor/1" + label).digest()
    master = hash_secret_raw(passphrase, salt, passes, memory, lanes, 32, Type.ID, 0x13)
    return FloorKeys(*(hkdf(master, b"fifthfloor/1 " + word) for word in (b"recogniser", b"seal", b"roll")))


def test_derivation_agrees_with_the_reference_implementation() -> None:
    assert derive_keys(" Seven  words ", "A Label", quick) == judged(b"Seven words", b"a label", 64, 1, 1)
    assert derive_keys("x", "", quick) == judged(b"x", b"", 64, 1, 1)


@pytest.mark.real_kdf
def test_the_real_cost_agrees_with_the_reference_implementation() -> None:
    assert derive_keys("seven words", "label", argon2id) == judged(b"seven words", b"label", 262_144, 3, 4)


def test_keys_show_nothing_of_themselves() -> None:
    keys = derive_keys("seven words", "label", quick)
    assert keys.seal.hex() not in repr(keys)
    assert repr(keys.seal) not in repr(keys)
    assert keys.seal != keys.recogniser
