"""Capsules: open with the secret they were sealed to, and are noise to everybody else (spec/sealed.md)."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthfloor.errors import BadInput
from fifthfloor.floor import bech32, capsule, elligator
from fifthfloor.floor.capsule import MEANT_BYTES, Entrusted, open_capsules, seal_capsule
from fifthfloor.floor.recipient import PUBLIC_BYTES, RecipientKey, recipient_of

EDITOR = RecipientKey(bytes(range(32)))
LAWYER = RecipientKey(bytes(range(1, 33)))
MASTER = bytes(range(100, 132))


def sealed(seed: int = 1, label: str = "Trip") -> bytes:
    return seal_capsule(Entrusted(MASTER, 5, 3), EDITOR.public, label, random=random.Random(seed).randbytes)


def opened(data: bytes, key: RecipientKey = EDITOR, label: str = "trip ") -> bytes | None:
    found = next(iter(open_capsules([data], key, label)))
    assert found is None or (found.carriers, found.threshold) == (5, 3)
    return None if found is None else bytes(found.master)


def test_only_the_recipient_and_the_label_open_it() -> None:
    assert opened(sealed()) == MASTER
    assert opened(sealed()[:MEANT_BYTES]) == MASTER
    assert opened(sealed(), LAWYER) is None
    assert opened(sealed(), label="other") is None
    assert len(sealed()) == 16_384


def test_two_capsules_of_one_floor_share_nothing() -> None:
    one, other = (np.frombuffer(sealed(seed), np.uint8) for seed in (1, 2))
    assert (one == other).mean() < 0.01


def test_many_are_opened_among_noise_in_order() -> None:
    chance = random.Random(4)
    candidates = [chance.randbytes(MEANT_BYTES) for _ in range(300)]
    candidates[7], candidates[260] = sealed(5), sealed(6)
    found = list(open_capsules(candidates, EDITOR, "trip"))
    assert [at for at, master in enumerate(found) if master] == [7, 260]
    assert {one.master for one in found if one} == {MASTER}


@settings(max_examples=40)
@given(st.integers(0, MEANT_BYTES - 1), st.integers(1, 255))
def test_a_changed_byte_closes_it(at: int, change: int) -> None:
    """Bits that decoding drops are bound too: nobody can mark a capsule and see it still open."""
    data = bytearray(sealed())
    data[at] ^= change
    assert opened(bytes(data)) is None


@settings(max_examples=20)
@given(st.binary(min_size=MEANT_BYTES, max_size=MEANT_BYTES))
def test_any_bytes_are_no_capsule(data: bytes) -> None:
    assert opened(data) is None


@pytest.mark.parametrize("representative", [bytes(32), b"\xff" * 32])
def test_points_of_small_order_are_passed_over(representative: bytes) -> None:
    """r = 0 decodes to -A; a key that gives everybody the secret zero must not stop the reader."""
    assert opened(representative + bytes(MEANT_BYTES - 32)) is None
    assert opened(zero_secret() + sealed()[32:]) is None


def zero_secret() -> bytes:
    """A representative of a point of order 4 (u = 1), if there is one, else of order 8."""
    for u in (
        1,
        elligator.PRIME - 1,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    ):
        for tweak in (0, 1):
            if found := elligator.representative_of(u, tweak):
                return found
    return bytes(32)


@pytest.mark.parametrize("half", ["x25519", "mlkem"])
def test_either_secret_alone_does_not_open(half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The combiner: who has broken one half, and holds its secret, still has nothing.

    The mark, which hangs on the secret of ML-KEM alone, would close it first: here it lets everybody pass.
    """
    monkeypatch.setattr(capsule, "_mark", lambda _shared, _bound: bytes(capsule.MARK_BYTES))
    data, mixed = sealed(), RecipientKey(bytes(range(1, 33)))
    setattr(mixed, half, getattr(EDITOR, half))
    mixed.public = EDITOR.public
    assert opened(data) == MASTER
    assert opened(data, mixed) is None


def test_the_key_and_the_mark_hang_on_all_that_they_are_made_of() -> None:
    one, other = bytes(32), bytes([1]) * 32
    assert len({capsule._key(m, x, b) for m in (one, other) for x in (one, other) for b in (one, other)}) == 8
    assert len({capsule._mark(m, b) for m in (one, other) for b in (one, other)}) == 4


def test_the_recipient_is_bound_with_what_was_sent() -> None:
    """With both secrets, but under another public key, it stays closed: nobody can pass it on as sealed to himself."""
    renamed = RecipientKey(bytes(range(32)))
    renamed.public = LAWYER.public
    assert opened(sealed(), renamed) is None


def test_a_stand_in_for_the_wrong_version_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capsule, "CAPSULE_VERSION", 2)
    data = sealed()
    monkeypatch.undo()
    assert opened(data) is None


def test_a_line_gives_the_key_back_however_it_was_wrapped() -> None:
    line = EDITOR.public.line()
    assert len(line) == 1963
    wrapped = "\n  ".join(line[at : at + 60] for at in range(0, len(line), 60))
    for written in (line, line.upper(), wrapped):
        assert recipient_of(written) == EDITOR.public


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line[:-1] + ("q" if line[-1] != "q" else "p"),
        lambda line: line[:700] + line[701:],
        lambda line: line[:700] + line[701] + line[700] + line[702:],
        lambda line: line[:20] + line[20:].upper(),
        lambda line: "age" + line.removeprefix("fifthfloor"),
        lambda _: "",
        lambda _: "fifthfloor1",
        lambda _: bech32.encode("fifthfloor", bytes(PUBLIC_BYTES - 1)),
        lambda _: bech32.encode("fifthfloor", b"\xff" * PUBLIC_BYTES),
    ],
)
def test_a_wrong_line_is_named(change: Callable[[str], str]) -> None:
    with pytest.raises(BadInput) as caught:
        recipient_of(change(EDITOR.public.line()))
    assert caught.value.key == "recipient.malformed"


def test_the_fingerprint_is_short_and_differs() -> None:
    ours, theirs = EDITOR.public.fingerprint(), LAWYER.public.fingerprint()
    assert [len(group) for group in ours.split()] == [4] * 5
    assert ours != theirs


@pytest.mark.parametrize(
    ("prefix", "line"),
    [
        ("a", "A1LQFN3A"),
        ("a", "a1lqfn3a"),
        ("abcdef", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx"),
        ("?", "?1v759aa"),
    ],
)
def test_bech32m_is_that_of_bip_350(prefix: str, line: str) -> None:
    data = bech32.decode(prefix, line)
    assert data is not None
    assert bech32.encode(prefix, data) == line.lower()


@pytest.mark.parametrize("line", ["a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "a1lqfn3b", "1lqfn3a"])
def test_bech32_of_the_older_checksum_and_damage_are_refused(line: str) -> None:
    assert bech32.decode(line.rpartition("1")[0], line) is None


@pytest.mark.parametrize(("carriers", "threshold"), [(0, 0), (3, 0), (2, 3)])
def test_an_unlawful_number_of_cards_is_passed_over(carriers: int, threshold: int) -> None:
    data = seal_capsule(Entrusted(MASTER, carriers, threshold), EDITOR.public, "", random=random.Random(1).randbytes)
    assert opened(data, label="") is None
