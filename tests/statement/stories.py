"""Signed pictures of our own making for the tests of statements."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.jpeg.pictures import jpeg

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg import canonical
from fifthfloor.statement.claims import FACTS, NOT_YET, Approval
from fifthfloor.statement.hidden_runs import HiddenRuns
from fifthfloor.statement.sign import Fact, Original, RedactedBytes, sign

KEY = SigningKey(bytes(range(32)))
OTHER_KEY = SigningKey(bytes(32))


def secret(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def facts(shown: tuple[str, ...] = (), **values: str) -> dict[str, Fact]:
    return {name: Fact(values.get(name, ""), secret(name), name in shown) for name in FACTS}


def signed(
    hide: HiddenRuns = (),
    *,
    key: SigningKey = KEY,
    approval: Approval = NOT_YET,
    shown: tuple[str, ...] = (),
    values: dict[str, str] | None = None,
    seed: bytes = b"",
    **options: Any,
) -> RedactedBytes:
    # The widest intervals: few, so that a test can count them.
    picture = canonical.canonicalise(jpeg(**{"width": 300, "height": 120, "subsampling": 2, **options}), 0)
    original = Original(picture, seed or secret("seed"), hide)
    return sign(key, [original], facts(shown, **(values or {})), key_life="story", approval=approval)[0]
