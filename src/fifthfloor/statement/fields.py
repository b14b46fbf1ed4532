"""Parts of a statement's JSON, each read in one way (`spec/statement.md` section 4).

Rule: whatever is not lawful raises ValueError, TypeError or binascii.Error; `statement.statement` makes one of them.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from fifthfloor.statement.canonical_json import Json
from fifthfloor.statement.hidden_runs import HiddenRuns, lawful

# Characters with which a text could rewrite a line of a terminal, or turn round what stands beside it.
_UNSAFE = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def is_unsafe(text: str) -> bool:
    """Say whether a text has a character that no statement may have (section 4)."""
    return _UNSAFE.search(text) is not None


def members(document: Any, *names: str) -> list[Any]:
    """Return the values of an object that has exactly these names."""
    if not isinstance(document, dict) or sorted(document) != sorted(names):
        raise ValueError
    return [document[name] for name in names]


def number(value: Any, low: int, high: int) -> int:
    """Return a whole number within its bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError
    return value


def text(value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise TypeError
    return value


def from_hex(value: Any, length_bytes: int) -> bytes:
    """Return bytes written as lower-case hex."""
    found = bytes.fromhex(text(value))
    if len(found) != length_bytes or found.hex() != value:
        raise ValueError
    return found


def hashes(value: Any) -> tuple[bytes, ...]:
    """Return 32 bytes each, written one after the other as base64; `joined` is the counterpart."""
    found = from_base64(value)
    if len(found) % 32:
        raise ValueError
    return tuple(found[at : at + 32] for at in range(0, len(found), 32))


def joined(parts: tuple[bytes, ...]) -> str:
    """Write hashes; the counterpart of `hashes`."""
    return to_base64(b"".join(parts))


def from_base64(value: Any) -> bytes:
    """Return bytes written in the one lawful way; the counterpart of `to_base64`."""
    found = base64.b64decode(text(value).encode("ascii"), validate=True)
    if to_base64(found) != value:
        raise ValueError
    return found


def to_base64(data: bytes) -> str:
    """Write bytes; the counterpart of `from_base64`."""
    return base64.b64encode(data).decode("ascii")


def runs(value: Any, intervals: int) -> HiddenRuns:
    """Return runs that lie within a picture; the counterpart of `runs_json`."""
    if not isinstance(value, list):
        raise TypeError
    found = tuple((number(first, 0, intervals), number(count, 1, intervals)) for first, count in value)
    if not lawful(found, intervals):
        raise ValueError
    return found


def runs_json(found: HiddenRuns) -> Json:
    """Write runs; the counterpart of `runs`."""
    return [[first, count] for first, count in found]
