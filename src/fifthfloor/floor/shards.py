"""The erasure code: five RaptorQ objects a group, one a stripe (spec/floor.md, section 4).

Rule 1: only authenticated symbols go in; `raptorq` accepts wrong ones silently and panics on nonsense.
Rule 2: one encoder a stripe. Five stripes of 3,248 bytes take a fifth of the memory of one of 16,240 and run faster
        (a stripe of 10 MiB stays in the cache; measured in docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import raptorq
from numpy.typing import NDArray

from fifthfloor.floor.slot import MAX_NUMBER, MAX_SOURCE_SYMBOLS, SYMBOL_BYTES

STRIPES = 5
STRIPE_BYTES = SYMBOL_BYTES // STRIPES
_PAYLOAD_ID_BYTES = 4


def encode(group: bytes | memoryview, symbols: Sequence[int]) -> NDArray[np.uint8]:
    """Make chosen symbols of a group.

    Args:
        group: K x 16,240 bytes, K from 1 to 3,200.
        symbols: symbol numbers below 2^20, in any order.

    Returns:
        shape (len(symbols), 16,240), in the order asked for.

    Counterpart: `decode`. Source: RFC 6330.
    """
    source = np.frombuffer(group, np.uint8).reshape(-1, SYMBOL_BYTES)
    count = len(source)
    if not 1 <= count <= MAX_SOURCE_SYMBOLS or any(not 0 <= s < MAX_NUMBER for s in symbols):
        raise ValueError("1 to 3,200 source symbols, numbers below 2^20")
    wanted = np.asarray(symbols, np.int64)
    made = np.empty((len(wanted), SYMBOL_BYTES), np.uint8)
    plain = wanted < count
    made[plain] = source[wanted[plain]]
    repair = np.flatnonzero(~plain)
    if len(repair):
        highest = int(wanted[repair].max()) - count + 1
        for stripe in range(STRIPES):
            columns = slice(stripe * STRIPE_BYTES, (stripe + 1) * STRIPE_BYTES)
            packets = raptorq.Encoder.with_defaults(source[:, columns].tobytes(), STRIPE_BYTES).get_encoded_packets(
                highest
            )
            chosen = b"".join(packets[number] for number in wanted[repair].tolist())
            del packets
            made[repair, columns] = np.frombuffer(chosen, np.uint8).reshape(len(repair), -1)[:, _PAYLOAD_ID_BYTES:]
    return made


def decode(source_symbols: int, symbols: Mapping[int, bytes | memoryview]) -> memoryview | None:
    """Bring a group back from authenticated symbols.

    Args:
        source_symbols: K, from 1 to 3,200.
        symbols: symbol number -> 16,240 bytes.

    Returns:
        K x 16,240 bytes, the caller's to change, or None when these symbols are not enough (more may help).

    Counterpart: `encode`.
    """
    if not 1 <= source_symbols <= MAX_SOURCE_SYMBOLS:
        raise ValueError("1 to 3,200 source symbols")
    if len(symbols) < source_symbols:
        return None
    if all(number in symbols for number in range(source_symbols)):
        return memoryview(bytearray().join(symbols[number] for number in range(source_symbols)))
    group = np.empty((source_symbols, SYMBOL_BYTES), np.uint8)
    ordered = sorted(symbols.items())
    for stripe in range(STRIPES):
        columns = slice(stripe * STRIPE_BYTES, (stripe + 1) * STRIPE_BYTES)
        decoded = _decode_stripe(source_symbols, ((number, symbol[columns]) for number, symbol in ordered))
        if decoded is None:
            return None
        group[:, columns] = np.frombuffer(decoded, np.uint8).reshape(source_symbols, STRIPE_BYTES)
    return group.reshape(-1).data


def _decode_stripe(source_symbols: int, stripes: Iterable[tuple[int, bytes | memoryview]]) -> bytes | None:
    decoder = raptorq.Decoder.with_defaults(source_symbols * STRIPE_BYTES, STRIPE_BYTES)
    for number, stripe in stripes:
        decoded: bytes | None = decoder.decode(b"".join((number.to_bytes(_PAYLOAD_ID_BYTES, "big"), stripe)))
        if decoded is not None:
            return decoded
    return None
