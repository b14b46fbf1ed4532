"""The statement as the file beside a picture (`spec/statement.md` sections 4 to 6).

Rule 1: `Statement.to_bytes` and `read` are counterparts, and there is one way to write each statement.
Rule 2: `read` checks shape only; that a statement is true is for `verify.py`, and nobody else may say so.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.canonical import CanonicalHeader
from fifthfloor.statement import canonical_json, fields
from fifthfloor.statement.canonical_json import Json
from fifthfloor.statement.claims import FACTS, Claims, PictureClaim, claims, picture_claim
from fifthfloor.statement.tree import Proof

MAX_FACT_CHARACTERS = 1000
# spec/likeness.md section 3: 120 points and 48 x 48 tiles are below.
MAX_LIKENESS_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Opened:
    """A fact that is shown: its text and the salt that opens its commitment."""

    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class SignedLikeness:
    """What the published picture looks like (spec/likeness.md), and the secret salt that opens its commitment."""

    data: bytes
    salt: bytes

    def commitment(self) -> bytes:
        """Commit to it (section 4.1)."""
        return hashlib.sha256(b"\x0c" + self.salt + self.data).digest()

    def to_json(self) -> Json:
        """Write it; `_likeness` is the counterpart."""
        return {"bytes": fields.to_base64(self.data), "salt": self.salt.hex()}


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """Section 6: the place in a batch, its path, and the authority's answer (DER)."""

    index: int
    path: tuple[bytes, ...]
    salt: bytes
    token: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of unknown truth, for one of the pictures that it signs.

    Args:
        picture: which of `claims.pictures`.
        claim: what it says of that picture.
        salt: opens the picture's commitment, 32 bytes; none in version 1.
        likeness: what the picture looks like, where this copy still tells it; only in version 3.
    """

    claims: Claims
    signature: bytes
    picture: int
    claim: PictureClaim
    salt: bytes
    proof: Proof
    disclosed: Mapping[str, Opened]
    time: TimeStamp | None = None
    likeness: SignedLikeness | None = None

    def to_bytes(self) -> bytes:
        """Write the file; `read` is the counterpart."""
        shown: dict[str, Json] = dict.fromkeys(FACTS)
        for name, opened in self.disclosed.items():
            shown[name] = {"salt": opened.salt.hex(), "value": opened.value}
        proof: dict[str, Json] = {
            "hashes": fields.joined(self.proof.hashes),
            "hidden": fields.runs_json(self.proof.hidden),
            "seeds": fields.joined(self.proof.seeds),
        }
        written: dict[str, Json] = {
            "disclosed": shown,
            "proof": proof,
            "signature": self.signature.hex(),
            "signed": self.claims.to_json(),
            "time": _time_json(self.time),
        }
        if self.claims.shown is None:
            proof["picture"] = self.picture
        else:
            written["picture"] = {"entry": self.claim.to_json(), "index": self.picture, "salt": self.salt.hex()}
        if self.claims.likeness is not None:
            written["likeness"] = None if self.likeness is None else self.likeness.to_json()
        return canonical_json.dump(written)

    def digest(self) -> bytes:
        """Return what a time stamp is for (section 6)."""
        return hashlib.sha256(b"\x07" + self.signature + self.claims.key).digest()


def header_hash(header: CanonicalHeader) -> bytes:
    """Return the hash of a canonical header (section 1.3)."""
    return hashlib.sha256(b"\x06" + header.to_bytes()).digest()


def commitment(name: str, salt: bytes, value: str) -> bytes:
    """Commit to a fact; an empty value stands for not known (section 5)."""
    if not value:
        return hashlib.sha256(b"\x05" + salt).digest()
    return hashlib.sha256(b"\x04" + salt + bytes([len(name)]) + name.encode() + value.encode()).digest()


def read(data: bytes) -> Statement:
    """Read a statement file.

    Returns:
        A statement of the right shape; whether it is true is for `verify.verify`.

    Raises:
        BadInput: any other bytes than `Statement.to_bytes` writes.
    """
    try:
        return _statement(canonical_json.load(data))
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise BadInput("statement.malformed", what="statement.what.parts") from error


def _statement(document: Any) -> Statement:
    signed = claims(document["signed"])
    number, claim, salt, parts = _picture(document, signed)
    hashes, hidden, seeds = fields.members(parts, "hashes", "hidden", "seeds")
    shown = dict(zip(FACTS, fields.members(document["disclosed"], *FACTS), strict=True))
    return Statement(
        signed,
        fields.from_hex(document["signature"], 64),
        number,
        claim,
        salt,
        Proof(fields.runs(hidden, claim.intervals), fields.hashes(seeds), fields.hashes(hashes)),
        {name: _opened(value) for name, value in shown.items() if value is not None},
        None if document["time"] is None else _time(document["time"]),
        None if document.get("likeness") is None else _likeness(document["likeness"]),
    )


def _picture(document: Any, signed: Claims) -> tuple[int, PictureClaim, bytes, Any]:
    """Return which picture it is for, that picture's entry and salt, and what is left of the proof."""
    names = ("disclosed", "proof", "signature", "signed", "time")
    last = len(signed.pictures) - 1
    if signed.shown is None:
        fields.members(document, *names)
        proof = dict(document["proof"])
        number = fields.number(proof.pop("picture"), 0, last)
        return number, picture_claim(signed.pictures[number]), b"", proof
    fields.members(document, "picture", *names, *([] if signed.likeness is None else ["likeness"]))
    entry, index, salt = fields.members(document["picture"], "entry", "index", "salt")
    return fields.number(index, 0, last), picture_claim(entry), fields.from_hex(salt, 32), document["proof"]


def _opened(document: Any) -> Opened:
    salt, value = fields.members(document, "salt", "value")
    if not 1 <= len(fields.text(value)) <= MAX_FACT_CHARACTERS or fields.is_unsafe(value):
        raise ValueError
    return Opened(fields.from_hex(salt, 32), value)


def _likeness(document: Any) -> SignedLikeness:
    data, salt = fields.members(document, "bytes", "salt")
    found = fields.from_base64(data)
    if len(found) > MAX_LIKENESS_BYTES:
        raise ValueError
    return SignedLikeness(found, fields.from_hex(salt, 32))


def _time(document: Any) -> TimeStamp:
    index, path, salt, token = fields.members(document, "index", "path", "salt", "token")
    hashes = fields.hashes(path)
    place = fields.number(index, 0, (1 << min(len(hashes), 32)) - 1)
    return TimeStamp(place, hashes, fields.from_hex(salt, 32), fields.from_base64(token))


def _time_json(time: TimeStamp | None) -> Json:
    if time is None:
        return None
    return {
        "index": time.index,
        "path": fields.joined(time.path),
        "salt": time.salt.hex(),
        "token": fields.to_base64(time.token),
    }
