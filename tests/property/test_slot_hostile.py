"""Slots: whatever the bytes, the result is a lawful shard or None (spec/floor.md, sections 2 and 3)."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from tools.vectors.build import HEADER, HEADER_BYTES, SYMBOL, chance, keys, sealed

from fifthfloor.floor.header import OldTerms, SlotHeader, Terms, open_terms, unpack_header
from fifthfloor.floor.slot import SlotCipher, floor_tag

KEYS = keys()
CIPHER = SlotCipher(KEYS)
SLOT = sealed()


@st.composite
def headers(draw: st.DrawFn) -> SlotHeader:
    carriers = draw(st.integers(1, 255))
    groups = draw(st.integers(1, 1 << 20))
    terms = OldTerms(carriers, draw(st.integers(1, carriers)), groups, draw(st.integers(1, 3200)))
    old = draw(st.booleans())
    return SlotHeader(
        carrier=draw(st.integers(1, carriers)),
        floor_id=draw(st.binary(min_size=16, max_size=16)),
        group=draw(st.integers(0, groups - 1)),
        symbol=draw(st.integers(0, (1 << 20) - 1)),
        share=draw(st.binary(min_size=32, max_size=32)),
        terms=b"" if old else draw(st.binary(min_size=32, max_size=32)),
        old=terms if old else None,
        fine=not old and draw(st.booleans()),
        veiled=not old and draw(st.booleans()),
    )


@given(st.integers(1, 255), st.integers(1, 20), st.integers(1, 1 << 20), st.binary(min_size=32, max_size=32), st.data())
def test_terms_open_under_their_key_and_carrier_alone(
    carriers: int, bits: int, groups: int, key: bytes, data: st.DataObject
) -> None:
    shards = data.draw(st.integers(1, 1 << bits))
    symbols = data.draw(st.integers(groups, min(3200 * groups, 2**32 - 1)))
    first = data.draw(st.integers(0, (1 << bits) - shards))
    terms = Terms(carriers, data.draw(st.integers(1, carriers)), bits, groups, symbols, first, shards)
    sealed_terms = terms.seal(key, carriers)
    assert open_terms(sealed_terms, key, carriers) == terms
    assert open_terms(sealed_terms, bytes(x ^ 1 for x in key), carriers) is None
    assert open_terms(sealed_terms, key, carriers % 255 + 1) is None


@given(headers())
def test_pack_and_unpack_are_inverse(header: SlotHeader) -> None:
    assert unpack_header(header.pack()) == header
    assert len(header.pack()) == 96


@given(headers(), st.binary(min_size=16, max_size=16))
def test_seal_and_open_are_inverse_and_the_hint_agrees(header: SlotHeader, r: bytes) -> None:
    slot = CIPHER.seal(header, SYMBOL, r)
    assert CIPHER.open(slot) == (header, SYMBOL)
    hits = CIPHER.recognise(np.frombuffer(bytes(512) + slot, np.uint8))
    assert hits.sector.tolist() == [1]
    assert hits.floor_tag.tolist() == [int.from_bytes(header.floor_id[:3], "big")] == [floor_tag(header.floor_id)]
    assert (hits.group.tolist(), hits.symbol.tolist()) == ([header.group], [header.symbol])


def small(limit: int) -> st.SearchStrategy[int]:
    """Numbers round a limit, and any that fit the field."""
    return st.integers(0, limit + 2) | st.integers(max(0, limit - 2), limit + 2) | st.integers(0, 2**32 - 1)


@given(
    st.binary(min_size=4, max_size=4) | st.tuples(*[st.integers(0, 6)] * 4).map(bytes),
    st.tuples(small(1 << 20), small(1 << 20), small(3200), small(1 << 20)),
    st.binary(max_size=28),
)
def test_unpack_header_takes_only_what_section_3_allows(
    four: bytes, numbers: tuple[int, int, int, int], zero: bytes
) -> None:
    raw = four + bytes(range(16)) + struct.pack(">IIII", *numbers) + bytes(32) + zero.ljust(28, b"\0")
    version, carriers, threshold, carrier = four
    groups, group, sources, symbol = numbers
    lawful = (
        version == 1
        and carriers >= 1
        and 1 <= threshold <= carriers
        and 1 <= carrier <= carriers
        and 1 <= groups <= 2**20
        and group < groups
        and 1 <= sources <= 3200
        and symbol < 2**20
        and not any(zero)
    )
    later = (
        version in (2, 3, 4, 5)
        and carriers >= 1
        and threshold == carrier == 0
        and groups < 2**20
        and group < 2**20
        and not any(zero[24:])
    )
    header = unpack_header(raw)
    assert (header is not None) == (lawful or later)
    if header is not None:
        assert header.pack() == raw


def numbers(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


MOST = 2**20
REJECTED = [
    (0, b"\0"),
    (0, b"\2"),
    (1, b"\0"),
    (1, b"\2\3\1"),
    (2, b"\0"),
    (2, b"\4"),
    (3, b"\0"),
    (3, b"\4"),
    (68, b"\1"),
]
REJECTED += [(20, numbers(0, 0)), (20, numbers(1, 1)), (20, numbers(MOST + 1, MOST - 1)), (28, numbers(0)), (95, b"\1")]
REJECTED += [(28, numbers(3201)), (32, numbers(MOST))]
LAWFUL = [(0, b"\1"), (1, b"\1\1\1"), (2, b"\3"), (3, b"\3"), (20, numbers(1, 0)), (20, numbers(MOST, MOST - 1))]
LAWFUL += [(28, numbers(1)), (28, numbers(3200)), (32, numbers(0)), (32, numbers(MOST - 1))]


@pytest.mark.parametrize(("at", "to"), REJECTED + LAWFUL)
def test_edges_of_the_table(at: int, to: bytes) -> None:
    raw = HEADER_BYTES[:at] + to + HEADER_BYTES[at + len(to) :]
    assert (unpack_header(raw) is not None) == ((at, to) in LAWFUL)
    # The seal changes nothing: what is authenticated and unlawful is rejected too.
    assert (CIPHER.open(sealed(raw)) is not None) == ((at, to) in LAWFUL)


@given(st.binary(max_size=300) | st.integers(0, 2**32).map(lambda seed: chance(str(seed))(16_384)))
def test_foreign_bytes_never_open(data: bytes) -> None:
    assert CIPHER.open(data) is None


@given(st.integers(0, 16_383), st.integers(1, 255))
def test_any_changed_byte_closes_a_slot(at: int, by: int) -> None:
    assert CIPHER.open(SLOT[:at] + bytes([SLOT[at] ^ by]) + SLOT[at + 1 :]) is None


@pytest.mark.parametrize("length", [0, 32, 16_383, 16_385, 32_768])
def test_a_slot_of_another_length_never_opens(length: int) -> None:
    assert CIPHER.open((SLOT + SLOT)[:length]) is None


@pytest.mark.parametrize("hint", [bytes(8), b"\xa0\xa1\xa2\x00\x00\x60\x00\x0b", b"\xa0\xa1\xa2\x00\x00\x50\x00\x0a"])
def test_an_authenticated_hint_that_lies_is_rejected(hint: bytes) -> None:
    assert CIPHER.open(sealed(hint=hint)) is None
    assert CIPHER.open(sealed(hint=b"\xa0\xa1\xa2\x00\x00\x50\x00\x0b")) == (HEADER, SYMBOL)


@pytest.mark.parametrize(("symbol", "r"), [(SYMBOL[1:], bytes(16)), (SYMBOL + b"\0", bytes(16)), (SYMBOL, bytes(15))])
def test_seal_refuses_other_lengths(symbol: bytes, r: bytes) -> None:
    with pytest.raises(ValueError, match=r"16,240 bytes of symbol, or 880, and 16"):
        CIPHER.seal(HEADER, symbol, r)


def test_recognise_finds_every_slot_and_nothing_else() -> None:
    noise = bytearray(chance("noise")(512 * 200))
    for sector in (0, 3, 77, 168):
        noise[sector * 512 : sector * 512 + 16_384] = sealed(seed=f"{sector}")
    found = CIPHER.recognise(np.frombuffer(bytes(noise), np.uint8))
    assert found.sector.tolist() == [0, 3, 77, 168]  # 0 was cut off by 3, and is still recognised
    assert {kind.dtype for kind in (found.sector, found.floor_tag, found.group, found.symbol)} == {np.dtype(np.int64)}


def rotated(value: int, by: int) -> int:
    return (value << by | value >> (32 - by)) & 0xFFFFFFFF


def hchacha20(key: bytes, nonce: bytes) -> bytes:
    """draft-irtf-cfrg-xchacha-03, section 2.2, the slow schoolbook way."""
    state = [*struct.unpack("<4I", b"expand 32-byte k"), *struct.unpack("<8I", key), *struct.unpack("<4I", nonce)]
    columns = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]
    diagonals = [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]
    for a, b, c, d in (columns + diagonals) * 10:
        for first, second, third, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[first] = (state[first] + state[second]) & 0xFFFFFFFF
            state[third] = rotated(state[third] ^ state[first], by)
    return struct.pack("<8I", *state[:4], *state[12:])


def test_hchacha20_of_the_draft() -> None:
    key, nonce = bytes(range(32)), bytes.fromhex("000000090000004a0000000031415927")
    expected = "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"
    assert hchacha20(key, nonce).hex() == expected


def test_another_implementation_opens_a_slot() -> None:
    """XChaCha20-Poly1305 from OpenSSL's ChaCha20-Poly1305 and the HChaCha20 above, against libsodium's."""
    nonce = SLOT[:24]
    inner = ChaCha20Poly1305(hchacha20(bytes(KEYS.seal), nonce[:16]))
    assert inner.decrypt(bytes(4) + nonce[16:], SLOT[32:], SLOT[24:32]) == HEADER_BYTES + SYMBOL


def test_the_known_answer_of_the_draft() -> None:
    key, nonce, aad = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58)), bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it."
    )
    found = crypto_aead_xchacha20poly1305_ietf_encrypt(text, aad, nonce, key)
    assert found[:16].hex() == "bd6d179d3e83d43b9576579493c0e939"
    assert found[-16:].hex() == "c0875924c1c7987947deafd8780acf49"
