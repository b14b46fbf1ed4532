"""The identity file: opens with its passphrase and with nothing else, and shows nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.identity import FULL_COST, Cost, Identity, SigningKey, pack, unpack

CHEAP = Cost(memory_kib=32, passes=1, lanes=4)
IDENTITY = Identity(bytes(range(32)), bytes(range(32, 64)))


def chance(count: int) -> bytes:
    return bytes(range(100, 100 + count))


def packed(passphrase: str = "seven words of no meaning at all") -> bytes:
    return pack(IDENTITY, passphrase, random=chance, cost=CHEAP)


@pytest.mark.parametrize("typed", ["seven words of no meaning at all", "  seven  words of\tno meaning at all "])
def test_the_passphrase_opens_it_however_it_is_typed(typed: str) -> None:
    assert unpack(packed(), typed, cost=CHEAP).signing_secret == IDENTITY.signing_secret


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert unpack(packed("café"), "café", cost=CHEAP) == IDENTITY


def test_another_passphrase_and_a_changed_file_are_the_same_to_the_eye() -> None:
    with pytest.raises(NothingFound) as wrong:
        unpack(packed(), "other", cost=CHEAP)
    document = json.loads(packed())
    document["nonce"] = "00" * 12
    with pytest.raises(NothingFound) as changed:
        unpack(json.dumps(document).encode(), "seven words of no meaning at all", cost=CHEAP)
    assert (wrong.value.key, wrong.value.facts) == (changed.value.key, changed.value.facts) == ("identity.closed", {})


def test_the_file_shows_neither_key() -> None:
    data = packed()
    assert IDENTITY.signing_secret.hex().encode() not in data
    assert IDENTITY.signing.public.hex().encode() not in data
    assert sorted(json.loads(data)) == ["format", "nonce", "salt", "sealed"]
    assert IDENTITY.signing_secret.hex() not in repr(IDENTITY)


def test_signing_is_that_of_rfc_8032() -> None:
    """RFC 8032 section 7.1, test 2."""
    key = SigningKey(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    assert key.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_derived_secrets_differ_by_purpose_and_by_key() -> None:
    keys = (SigningKey(bytes(32)), SigningKey(bytes([1]) * 32))
    assert len({key.derive(purpose) for key in keys for purpose in (b"a", b"b")}) == 4


@given(st.one_of(st.binary(max_size=200), st.sampled_from([b"[" * 50_000, b"{}", b"null", b"1", b" " * 100_000])))
def test_other_files_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        unpack(data, "x", cost=CHEAP)
    assert caught.value.key == "identity.malformed"


@given(st.integers(0, 300), st.integers(0, 7))
def test_a_changed_bit_never_gives_another_key(place: int, bit: int) -> None:
    data = bytearray(packed())
    data[place % len(data)] ^= 1 << bit
    try:
        assert unpack(bytes(data), "seven words of no meaning at all", cost=CHEAP) == IDENTITY
    except (BadInput, NothingFound) as error:
        assert error.key in ("identity.malformed", "identity.closed")  # noqa: PT017


@pytest.mark.real_kdf
def test_the_real_cost_opens_what_it_closed() -> None:
    data = pack(IDENTITY, "p", random=chance)
    assert (FULL_COST.memory_kib, FULL_COST.passes, FULL_COST.lanes) == (262_144, 3, 4)
    assert unpack(data, "p") == IDENTITY
    with pytest.raises(NothingFound):
        unpack(data, "p", cost=CHEAP)


def test_a_file_without_a_recipient_still_signs() -> None:
    old = pack(Identity(bytes(range(32))), "words", random=chance, cost=CHEAP)
    assert unpack(old, "words", cost=CHEAP) == Identity(bytes(range(32)), None)
