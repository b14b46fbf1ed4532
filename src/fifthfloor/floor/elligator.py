"""X25519 keys that look like 32 random bytes: Elligator 2 over the whole curve, torsion included (spec/sealed.md, 2).

Rule 1: the point is drawn from all eight cosets. A key from the prime-order subgroup alone is told from noise by
        decoding it and multiplying with the order: it always gives the identity, noise one time in eight.
Rule 2: arithmetic is Python's and not of constant time; the secrets here live for one capsule on one's own machine.

Sources: Bernstein, Hamburg, Krasnova, Lange, "Elligator" (2013), section 5; RFC 7748; Monocypher's
`crypto_elligator_key_pair`, which judges this file.
"""

from __future__ import annotations

from collections.abc import Callable

PRIME = 2**255 - 19
A = 486_662
A24 = 121_665
ORDER = 2**252 + 27_742_317_777_372_353_535_851_937_790_883_648_493
REPRESENTATIVE_BYTES = 32
# The u-coordinate of B + T, with B of RFC 7748 and T of order 8: a generator of the whole curve, of order 8 * ORDER.
WHOLE_CURVE_U = int.from_bytes(
    bytes.fromhex("d8861aa2787ad9268b7474b682e3bec3ce369a1e5e3147a26d377cfd20b5df75"), "little"
)
_SQRT_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
_HALF = (PRIME - 1) // 2


def ladder(scalar: int, u: int) -> int | None:
    """Multiply a point by any number, by its u-coordinate alone (RFC 7748, section 5, without the clamp).

    Args:
        scalar: 0 or more.
        u: of a point of the curve.

    Returns:
        The u-coordinate, or None for the identity.
    """
    x2, z2, x3, z3 = 1, 0, u, 1
    for position in range(scalar.bit_length() - 1, -1, -1):
        if scalar >> position & 1:
            x3, z3, x2, z2 = _step(x3, z3, x2, z2, u)
        else:
            x2, z2, x3, z3 = _step(x2, z2, x3, z3, u)
    return x2 * pow(z2, -1, PRIME) % PRIME if z2 else None


def _step(x2: int, z2: int, x3: int, z3: int, u: int) -> tuple[int, int, int, int]:
    """Double the first point, and add the two, whose difference has the coordinate `u`."""
    a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
    aa, bb, da, cb = a * a % PRIME, b * b % PRIME, d * a % PRIME, c * b % PRIME
    e = aa - bb
    return (
        aa * bb % PRIME,
        e * (aa + A24 * e) % PRIME,
        (da + cb) ** 2 % PRIME,
        u * (da - cb) ** 2 % PRIME,
    )


def ephemeral(random: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """Draw a key pair whose public half is 32 bytes of noise.

    Args:
        random: gives that many random bytes.

    Returns:
        The secret (32 bytes for X25519) and the representative; `point_of` gives the public key back. About half
        of all points have a representative, so two draws are usual.
    """
    while True:
        secret, tweak = random(32), random(1)[0]
        scalar = int.from_bytes(secret, "little") & ~7 & (2**255 - 1) | 2**254
        # Congruent to the clamped scalar modulo ORDER, to any number modulo 8: the same key plus any torsion.
        # The scalar is 0 modulo 8 (the clamp), so adding j * ORDER with odd ORDER runs through all of them.
        whole = scalar + ORDER * (tweak & 7)
        u = ladder(whole, WHOLE_CURVE_U)
        found = None if u is None else representative_of(u, tweak >> 3)
        if found is not None:
            return secret, found


def representative_of(u: int, tweak: int) -> bytes | None:
    """Find 32 bytes that decode to a point, if there are any; the counterpart of `point_of`.

    Args:
        u: coordinate of a point of the curve.
        tweak: random; bit 0 chooses between the two representatives, bits 1 and 2 fill what 254 bits leave.
    """
    numerator, denominator = (-u - A, 2 * u) if tweak & 1 else (-u, 2 * (u + A))
    if numerator % PRIME == 0 or denominator % PRIME == 0:
        return None
    root = _square_root(numerator * pow(denominator, -1, PRIME) % PRIME)
    if root is None:
        return None
    return (min(root, PRIME - root) | (tweak >> 1 & 3) << 254).to_bytes(REPRESENTATIVE_BYTES, "little")


def point_of(representative: bytes) -> bytes:
    """Decode any 32 bytes to a public key for X25519; the counterpart of `representative_of`.

    Returns:
        32 bytes, a coordinate on the curve (never on its twist).
    """
    r = int.from_bytes(representative, "little") & 2**254 - 1
    # 1 + 2 r^2 never is 0: -1/2 is no square.
    return _on_the_curve(-A * pow(1 + 2 * r * r, -1, PRIME) % PRIME).to_bytes(32, "little")


def _on_the_curve(w: int) -> int:
    square = pow(w * (w * (w + A) + 1), _HALF, PRIME)
    return w if square <= 1 else (-A - w) % PRIME


def _square_root(square: int) -> int | None:
    root = pow(square, (PRIME + 3) // 8, PRIME)
    if root * root % PRIME != square:
        root = root * _SQRT_MINUS_ONE % PRIME
    return root if root * root % PRIME == square else None
