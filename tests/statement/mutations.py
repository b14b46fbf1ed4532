"""Random and structured changes to pictures and statements, for the suite (short) and bench/mutations.py (long).

Every change is one a verifier must refuse, or one that changed nothing. A change is `(picture, statement)`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.statement.verify import verify

ODD: list[Any] = [None, True, -1, 0, 1, 2, 3, 1 << 31, 1 << 60, "", "00", "a" * 64, [], {}, [[0, 1]], [[1, 1]], 1.5]


def mutations(found: RedactedBytes, other: RedactedBytes, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield changes without end; `other` is another signed picture to take parts from."""
    chance = random.Random(seed)
    while True:
        kind = chance.randrange(8)
        if kind < 3:
            yield _bytes(found.picture, other.picture, chance), found.statement
        elif kind < 5:
            yield found.picture, _bytes(found.statement, other.statement, chance)
        elif kind < 7:
            yield found.picture, _document(found.statement, other.statement, chance)
        else:
            yield _bytes(found.picture, other.picture, chance), _document(found.statement, other.statement, chance)


def refused(found: RedactedBytes, picture: bytes, statement: bytes) -> bool:
    """Say whether a change was refused in a lawful way, or is lawful; anything but the two errors comes through."""
    try:
        verify(picture, statement)
    except (BadInput, NothingFound):
        return True
    return lawful(found, picture, statement)


def lawful(found: RedactedBytes, picture: bytes, statement: bytes) -> bool:
    """Say whether nothing was changed but that a fact is withheld, which anybody may do."""
    if picture != found.picture:
        return False
    if statement == found.statement:
        return True
    try:
        document, original = json.loads(statement), json.loads(found.statement)
        shown = document["disclosed"]
        original["disclosed"] |= {name: None for name in original["disclosed"] if shown[name] is None}
    except (ValueError, KeyError, TypeError):
        return False
    return statement == json.dumps(original, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _bytes(data: bytes, other: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    at = chance.randrange(len(out))
    length = min(chance.choice([1, 1, 1, 2, 4, 16, 64, 600]), len(out) - at)
    kind = chance.randrange(9)
    if kind < 3:
        out[at] ^= 1 << chance.randrange(8)
    elif kind == 3:
        out[at : at + length] = chance.randbytes(length)
    elif kind == 4:
        del out[at : at + length]
    elif kind == 5:
        out[at:at] = chance.randbytes(length)
    elif kind == 6:
        start = chance.randrange(len(other))
        out[at : at + length] = other[start : start + length]
    elif kind == 7:
        start = chance.randrange(len(out))
        out[at : at + length] = out[start : start + length]
    else:
        marker = chance.choice([0xD0, 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xE1, 0xEB, 0xFE, 0xFF, 0x00])
        out[at : at + 2] = bytes([0xFF, marker])
    return bytes(out)


def _document(data: bytes, other: bytes, chance: random.Random) -> bytes:
    document, donor = json.loads(data), json.loads(other)
    place, given = document, donor
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = chance.choice(keys)
        deeper = place[key]
        if isinstance(deeper, dict | list) and deeper and chance.random() < 0.8:
            place = deeper
            given = given[key] if _has(given, key) else None
            continue
        kind = chance.randrange(4)
        if kind == 0:
            place[key] = chance.choice(ODD)
        elif kind == 1 and _has(given, key):
            place[key] = given[key]
        elif kind == 2:
            del place[key]
        elif isinstance(deeper, str) and deeper:
            at = chance.randrange(len(deeper))
            place[key] = deeper[:at] + chance.choice("0123456789abcdefXYZ+/=") + deeper[at + 1 :]
        elif isinstance(deeper, int):
            place[key] = deeper + chance.choice([-1, 1])
        break
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _has(given: Any, key: Any) -> bool:
    if isinstance(given, dict):
        return key in given
    return isinstance(given, list) and isinstance(key, int) and key < len(given)
