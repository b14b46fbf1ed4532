"""Keys that look like noise: judged by Monocypher, and by the examiner's own test (spec/sealed.md, 2)."""

from __future__ import annotations

import random
from math import comb

import monocypher
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.floor import elligator

# RFC 7748, section 5.2: scalar as it is sent, coordinate, what comes out.
RFC_7748 = [
    (
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    ),
    (
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    ),
    (
        "0900000000000000000000000000000000000000000000000000000000000000",
        "0900000000000000000000000000000000000000000000000000000000000000",
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
    ),
]


@pytest.mark.parametrize(("scalar", "coordinate", "result"), RFC_7748)
def test_the_ladder_is_that_of_rfc_7748(scalar: str, coordinate: str, result: str) -> None:
    clamped = int.from_bytes(bytes.fromhex(scalar), "little") & ~7 & (2**255 - 1) | 2**254
    u = elligator.ladder(clamped, int.from_bytes(bytes.fromhex(coordinate), "little") & (2**255 - 1))
    assert u is not None
    assert u.to_bytes(32, "little").hex() == result


def seeded(seed: int) -> random.Random:
    return random.Random(seed)


@given(st.binary(min_size=32, max_size=32))
def test_any_bytes_decode_as_monocypher_decodes_them(representative: bytes) -> None:
    assert elligator.point_of(representative) == monocypher.elligator_map(representative)


@pytest.mark.parametrize(
    "number", [0, 1, 2**254 - 1, 2**255 - 1, 2**256 - 1, (elligator.PRIME - 1) // 2, elligator.PRIME]
)
def test_the_edges_decode_as_monocypher_decodes_them(number: int) -> None:
    representative = number.to_bytes(32, "little")
    assert elligator.point_of(representative) == monocypher.elligator_map(representative)


@pytest.mark.parametrize("seed", range(20))
def test_both_sides_agree_on_a_secret_whatever_the_torsion(seed: int) -> None:
    secret, representative = elligator.ephemeral(seeded(seed).randbytes)
    theirs = X25519PrivateKey.from_private_bytes(seeded(seed + 1000).randbytes(32))
    point = X25519PublicKey.from_public_bytes(monocypher.elligator_map(representative))
    assert theirs.exchange(point) == X25519PrivateKey.from_private_bytes(secret).exchange(theirs.public_key())


@pytest.mark.parametrize("padding", range(4))
def test_representatives_are_those_of_monocypher(padding: int) -> None:
    """Which of the two an odd tweak chooses is the writer's matter; the pair is the same."""
    for seed in range(20):
        point = elligator.point_of(seeded(seed).randbytes(32))
        u = int.from_bytes(point, "little")
        ours = {elligator.representative_of(u, choice | padding << 1) for choice in (0, 1)}
        assert ours == {monocypher.elligator_rev(point, choice | padding << 6) for choice in (0, 1)}
        assert all(each is not None and elligator.point_of(each) == point for each in ours)


def test_half_of_all_points_have_no_representative() -> None:
    without = [u for u in range(2, 200) if on_the_curve(u.to_bytes(32, "little"))]
    missing = [u for u in without if elligator.representative_of(u, 0) is None]
    assert 0.3 < len(missing) / len(without) < 0.7
    for u in missing:
        with pytest.raises(ValueError):
            monocypher.elligator_rev(u.to_bytes(32, "little"), 0)


def identity_rate(representatives: list[bytes]) -> int:
    """What an examiner computes: decode, multiply by the order of the prime subgroup, count the identity."""
    points = [int.from_bytes(point, "little") for point in map(elligator.point_of, representatives)]
    return sum(elligator.ladder(elligator.ORDER, u) is None for u in points)


def tail(hits: int, tries: int, odds: float) -> float:
    """Odds of at least so many hits."""
    return sum(comb(tries, k) * odds**k * (1 - odds) ** (tries - k) for k in range(hits, tries + 1))


TRIES = 240


def test_multiplying_by_the_order_tells_nothing() -> None:
    """The rate of the identity is one in eight, for noise and for capsules; a generator without torsion is caught."""
    chance = seeded(5)
    noise = identity_rate([chance.randbytes(32) for _ in range(TRIES)])
    ours = identity_rate([elligator.ephemeral(chance.randbytes)[1] for _ in range(TRIES)])
    for hits in (noise, ours):
        assert tail(hits, TRIES, 1 / 8) > 1e-4
        assert 1 - tail(hits + 1, TRIES, 1 / 8) > 1e-4
    assert identity_rate([without_torsion(chance) for _ in range(40)]) == 40


def without_torsion(chance: random.Random) -> bytes:
    """The planted tell: a clean key, hidden by the same map."""
    while True:
        scalar = int.from_bytes(chance.randbytes(32), "little") & ~7 & (2**255 - 1) | 2**254
        u = elligator.ladder(scalar, 9)
        assert u is not None
        if (found := elligator.representative_of(u, chance.randrange(8))) is not None:
            return found


def test_every_coset_is_drawn() -> None:
    """Multiplied by the order, keys fall on all orders of torsion: 1, 2, 4 and 8 in the ratio 1:1:2:4."""
    chance = seeded(11)
    seen = set()
    for _ in range(60):
        u = int.from_bytes(elligator.point_of(elligator.ephemeral(chance.randbytes)[1]), "little")
        seen.add(elligator.ladder(elligator.ORDER, u))
    # The identity, the point of order 2, the two of order 4 (one coordinate), the four of order 8 (two).
    assert len(seen) == 5


def test_plain_public_keys_are_told_from_noise() -> None:
    """The class a writer might be tempted by: a key as it is has no top bit, and lies on the curve every time."""
    chance = seeded(3)
    plain = [
        X25519PrivateKey.from_private_bytes(chance.randbytes(32)).public_key().public_bytes_raw() for _ in range(64)
    ]
    assert not any(key[31] >> 7 for key in plain)
    assert sum(on_the_curve(key) for key in plain) == 64
    noise = [chance.randbytes(32) for _ in range(200)]
    assert 60 < sum(on_the_curve(key) for key in noise) < 140


def on_the_curve(key: bytes) -> bool:
    u = int.from_bytes(key, "little") & (2**255 - 1)
    return pow(u * (u * u + elligator.A * u + 1), (elligator.PRIME - 1) // 2, elligator.PRIME) <= 1
