"""XChaCha20-Poly1305 in batches, judged by the draft's own examples and by libsodium."""

from __future__ import annotations

import numpy as np
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)

from fifthfloor.floor.xchacha import Slotwise, hchacha20

KEY = bytes(range(32))


def test_hchacha20_as_in_the_draft() -> None:
    """draft-irtf-cfrg-xchacha-03, section 2.2.1."""
    nonce = bytes.fromhex("000000090000004a0000000031415927")
    subkey = "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"
    assert hchacha20(KEY, np.frombuffer(nonce, np.uint8).reshape(1, 16)).tobytes().hex() == subkey


def test_seal_as_in_the_draft() -> None:
    """draft-irtf-cfrg-xchacha-03, appendix A.3.1."""
    plain = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would "
        b"be it."
    )
    associated = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    key = bytes(range(0x80, 0xA0))
    nonce = np.arange(0x40, 0x58, dtype=np.uint8).reshape(1, 24)
    expected = (
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216"
        "cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13"
        "b52ec0875924c1c7987947deafd8780acf49"
    )
    into = bytearray(len(plain) + 16)
    Slotwise(key, nonce).seal_into(0, plain, associated, memoryview(into))
    assert into.hex() == expected


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=24, max_size=24), max_size=5), st.binary())
def test_every_nonce_seals_and_opens_as_libsodium_does(key: bytes, nonces: list[bytes], plain: bytes) -> None:
    many = Slotwise(key, np.frombuffer(b"".join(nonces), np.uint8).reshape(-1, 24))
    for index, nonce in enumerate(nonces):
        into = bytearray(len(plain) + 16)
        many.seal_into(index, plain, b"associated", memoryview(into))
        assert into == crypto_aead_xchacha20poly1305_ietf_encrypt(plain, b"associated", nonce, key)
        assert crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(into), b"associated", nonce, key) == plain
        back = bytearray(len(plain))
        many.open_into(index, memoryview(into), memoryview(b"associated"), memoryview(back))
        assert back == plain
        into[-1] ^= 1
        with pytest.raises(InvalidTag):
            many.open_into(index, memoryview(into), memoryview(b"associated"), memoryview(back))


def test_no_nonces_make_no_subkeys() -> None:
    assert hchacha20(KEY, np.zeros((0, 16), np.uint8)).shape == (0, 32)
