"""Bytes as letters and digits with a checksum, to be typed, read out and drawn as a QR code (BIP-350, "bech32m").

As age does, the limit of 90 characters is not kept: the six check characters then find any wrong line but one in
2^30, and no longer promise to find every four wrong characters.
"""

from __future__ import annotations

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECK_CHARACTERS = 6
_FINAL = 0x2BC830A3
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """Write bytes as one lower-case line; the counterpart of `decode`.

    Args:
        prefix: says what it is; lower-case ASCII without the digit 1.
    """
    values = _regrouped(data, 8, 5, pad=True)
    check = _polymod([*_expanded(prefix), *values, *[0] * CHECK_CHARACTERS]) ^ _FINAL
    values += [check >> 5 * (CHECK_CHARACTERS - 1 - at) & 31 for at in range(CHECK_CHARACTERS)]
    return prefix + "1" + "".join(CHARSET[value] for value in values)


def decode(prefix: str, line: str) -> bytes | None:
    """Read a line back, or None if it is not one with this prefix and a right checksum; the counterpart of `encode`.

    White space is passed over (a line may have been wrapped), and so is case, if it is one case throughout.
    """
    text = "".join(line.split())
    if text not in (text.lower(), text.upper()):
        return None
    head, one, tail = text.lower().rpartition("1")
    if not one or head != prefix or len(tail) < CHECK_CHARACTERS or any(each not in CHARSET for each in tail):
        return None
    values = [CHARSET.index(each) for each in tail]
    if _polymod([*_expanded(prefix), *values]) != _FINAL:
        return None
    bits = _regrouped(bytes(values[:-CHECK_CHARACTERS]), 5, 8, pad=False)
    data = bytes(bits)
    # One line for one key: bits left over must be zero, as `encode` leaves them.
    return data if encode(prefix, data) == text.lower() else None


def _regrouped(data: bytes, take: int, give: int, *, pad: bool) -> list[int]:
    held, bits, out = 0, 0, []
    for value in data:
        held, bits = (held << take | value) & 0xFFFF, bits + take
        while bits >= give:
            bits -= give
            out.append(held >> bits & ((1 << give) - 1))
    if pad and bits:
        out.append(held << (give - bits) & ((1 << give) - 1))
    return out


def _expanded(prefix: str) -> list[int]:
    return [ord(each) >> 5 for each in prefix] + [0] + [ord(each) & 31 for each in prefix]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for at, generator in enumerate(_GENERATORS):
            check ^= generator if top >> at & 1 else 0
    return check
