"""JSON with one lawful way of writing it, so that two readers cannot read it differently (spec section 4)."""

from __future__ import annotations

import json
from typing import Any

from fifthfloor.errors import BadInput

# A proof of 100,000 intervals, every other one hidden, has 6.5 MB; what is larger is not read at all.
MAX_JSON_BYTES = 16 << 20
_MAX_JSON_NUMBER = (1 << 53) - 1

Json = None | str | int | list["Json"] | dict[str, "Json"]


def dump(value: Json) -> bytes:
    """Write canonical JSON; `load` is the counterpart."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def load(data: bytes) -> Any:
    """Read canonical JSON. Raises BadInput for anything that `dump` would have written in another way."""
    if len(data) > MAX_JSON_BYTES:
        raise BadInput("statement.too_large", size=len(data), limit=MAX_JSON_BYTES)
    try:
        value = json.loads(data.decode(), parse_float=_no_number, parse_constant=_no_number, parse_int=_whole)
        again = dump(value)
    except (ValueError, RecursionError):
        raise BadInput("statement.malformed", what="statement.what.not_json") from None
    if again != data:
        raise BadInput("statement.malformed", what="statement.what.not_canonical")
    return value


def _whole(text: str) -> int:
    if text.startswith("-") or len(text) > 16 or int(text) > _MAX_JSON_NUMBER:
        raise ValueError(text)
    return int(text)


def _no_number(text: str) -> float:
    raise ValueError(text)
