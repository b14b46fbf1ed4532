"""The statement as values, and as the file beside a picture (`spec/statement.md` sections 4 and 5).

Rule 1: `Statement.to_bytes` and `read` are counterparts, and there is one way to write each statement.
Rule 2: `read` checks shape only; that a statement is true is for `verify.py`, and nobody else may say so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.canonical import CanonicalHeader
from fifthfloor.statement import canonical_json
from fifthfloor.statement.canonical_json import Json
from fifthfloor.statement.runs import Runs, lawful
from fifthfloor.statement.tree import Proof

FORMAT = "fifthfloor statement 1"
FACTS = ("camera", "captured", "original", "place", "raw")
MAX_FACT_CHARACTERS = 1000
MAX_NAME_CHARACTERS = 200
# Characters with which a text could rewrite a line of a terminal, or turn round what stands beside it.
_UNSAFE = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_TIME = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")

ApprovalState = Literal["not yet approved", "looked at by nobody", "looked at"]
KeyLife = Literal["story", "once"]


@dataclass(frozen=True, slots=True)
class Approval:
    """Whether a person looked at the picture before it was published.

    Args:
        state: "looked at" needs both others, the other two need neither.
        by: name or pseudonym, 1 to 200 characters.
        at: `YYYY-MM-DDThh:mm:ssZ`, UTC.
    """

    state: ApprovalState
    by: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        looked = self.state == "looked at"
        if looked and not (1 <= len(self.by) <= MAX_NAME_CHARACTERS and _TIME.fullmatch(self.at)):
            raise ValueError("who looked, and when")
        if looked and is_unsafe(self.by):
            raise ValueError("characters that are not shown")
        if not looked and (self.by or self.at):
            raise ValueError("nobody looked")


NOT_YET = Approval("not yet approved")
NOBODY = Approval("looked at by nobody")


@dataclass(frozen=True, slots=True)
class PictureClaim:
    """What is signed of one picture; `must_hide` is what nobody may show under this signature."""

    width: int
    height: int
    interval_mcus: int
    intervals: int
    header: bytes
    root: bytes
    must_hide: Runs


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything that is signed: `facts` commits to each of FACTS; `pictures` are the full size, then the rendition."""

    approval: Approval
    facts: Mapping[str, bytes]
    key: bytes
    key_life: KeyLife
    orientation: int
    pictures: tuple[PictureClaim, ...]

    def signed_bytes(self) -> bytes:
        """Return what the signature is over."""
        return FORMAT.encode() + b"\0" + canonical_json.dump(_claims_json(self))


@dataclass(frozen=True, slots=True)
class Opened:
    """A fact that is shown: its text and the salt that opens its commitment."""

    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """Section 6: the place in a batch, its path, and the authority's answer (DER)."""

    index: int
    path: tuple[bytes, ...]
    salt: bytes
    token: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of unknown truth, for the picture `claims.pictures[picture]`."""

    claims: Claims
    signature: bytes
    picture: int
    proof: Proof
    disclosed: Mapping[str, Opened]
    time: TimeStamp | None = None

    def to_bytes(self) -> bytes:
        """Write the file; `read` is the counterpart."""
        shown: dict[str, Json] = dict.fromkeys(FACTS)
        for name, opened in self.disclosed.items():
            shown[name] = {"salt": opened.salt.hex(), "value": opened.value}
        proof = self.proof
        return canonical_json.dump(
            {
                "disclosed": shown,
                "proof": {
                    "hashes": _base64(b"".join(proof.hashes)),
                    "hidden": _runs_json(proof.hidden),
                    "picture": self.picture,
                    "seeds": _base64(b"".join(proof.seeds)),
                },
                "signature": self.signature.hex(),
                "signed": _claims_json(self.claims),
                "time": _time_json(self.time),
            }
        )

    def digest(self) -> bytes:
        """Return what a time stamp is for (section 6)."""
        return hashlib.sha256(b"\x07" + self.signature + self.claims.key).digest()


def is_unsafe(text: str) -> bool:
    """Say whether a text has a character that no statement may have (section 4)."""
    return _UNSAFE.search(text) is not None


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
        raise BadInput("statement.malformed", what="a part is missing, of another kind or too many") from error


def _statement(document: Any) -> Statement:
    disclosed, proof, signature, signed, time = _fields(document, "disclosed", "proof", "signature", "signed", "time")
    claims = _claims(signed)
    hashes, hidden, picture, seeds = _fields(proof, "hashes", "hidden", "picture", "seeds")
    claim = claims.pictures[_number(picture, 0, len(claims.pictures) - 1)]
    shown = dict(zip(FACTS, _fields(disclosed, *FACTS), strict=True))
    return Statement(
        claims,
        _hex(signature, 64),
        picture,
        Proof(_runs(hidden, claim.intervals), _hashes(seeds), _hashes(hashes)),
        {name: _opened(value) for name, value in shown.items() if value is not None},
        None if time is None else _time(time),
    )


def _claims(document: Any) -> Claims:
    approval, facts, form, key, life, orientation, pictures = _fields(
        document, "approval", "facts", "format", "key", "key_life", "orientation", "pictures"
    )
    if form != FORMAT:
        raise BadInput("statement.version", found=str(form)[:40], known=FORMAT)
    if life not in ("story", "once") or not isinstance(pictures, list) or not 1 <= len(pictures) <= 2:
        raise ValueError
    commitments = {name: _hex(value, 32) for name, value in zip(FACTS, _fields(facts, *FACTS), strict=True)}
    claimed = tuple(_picture(picture) for picture in pictures)
    return Claims(_approval(approval), commitments, _hex(key, 32), life, _number(orientation, 1, 8), claimed)


def _approval(document: Any) -> Approval:
    if document == {"state": "not yet approved"}:
        return NOT_YET
    if document == {"state": "looked at by nobody"}:
        return NOBODY
    at, by, state = _fields(document, "at", "by", "state")
    if state != "looked at":
        raise ValueError
    return Approval(state, _text(by), _text(at))


def _picture(document: Any) -> PictureClaim:
    header, height, mcus, intervals, must_hide, root, width = _fields(
        document, "header", "height", "interval_mcus", "intervals", "must_hide", "root", "width"
    )
    count = _number(intervals, 1, (1 << 32) - 1)
    return PictureClaim(
        _number(width, 1, 65_535),
        _number(height, 1, 65_535),
        _number(mcus, 1, 65_535),
        count,
        _hex(header, 32),
        _hex(root, 32),
        _runs(must_hide, count),
    )


def _opened(document: Any) -> Opened:
    salt, value = _fields(document, "salt", "value")
    if not 1 <= len(_text(value)) <= MAX_FACT_CHARACTERS or is_unsafe(value):
        raise ValueError
    return Opened(_hex(salt, 32), value)


def _time(document: Any) -> TimeStamp:
    index, path, salt, token = _fields(document, "index", "path", "salt", "token")
    hashes = _hashes(path)
    return TimeStamp(_number(index, 0, (1 << min(len(hashes), 32)) - 1), hashes, _hex(salt, 32), _unbase64(token))


def _fields(document: Any, *names: str) -> list[Any]:
    if not isinstance(document, dict) or sorted(document) != sorted(names):
        raise ValueError
    return [document[name] for name in names]


def _number(value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _hex(value: Any, length_bytes: int) -> bytes:
    found = bytes.fromhex(_text(value))
    if len(found) != length_bytes or found.hex() != value:
        raise ValueError
    return found


def _hashes(value: Any) -> tuple[bytes, ...]:
    joined = _unbase64(value)
    if len(joined) % 32:
        raise ValueError
    return tuple(joined[at : at + 32] for at in range(0, len(joined), 32))


def _unbase64(value: Any) -> bytes:
    found = base64.b64decode(_text(value).encode("ascii"), validate=True)
    if _base64(found) != value:
        raise ValueError
    return found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _runs(value: Any, intervals: int) -> Runs:
    if not isinstance(value, list):
        raise TypeError
    runs = tuple((_number(first, 0, intervals), _number(count, 1, intervals)) for first, count in value)
    if not lawful(runs, intervals):
        raise ValueError
    return runs


def _runs_json(runs: Runs) -> Json:
    return [[first, count] for first, count in runs]


def _time_json(time: TimeStamp | None) -> Json:
    if time is None:
        return None
    return {
        "index": time.index,
        "path": _base64(b"".join(time.path)),
        "salt": time.salt.hex(),
        "token": _base64(time.token),
    }


def _claims_json(claims: Claims) -> Json:
    approval: dict[str, Json] = {"state": claims.approval.state}
    if claims.approval.state == "looked at":
        approval |= {"at": claims.approval.at, "by": claims.approval.by}
    return {
        "approval": approval,
        "facts": {name: claims.facts[name].hex() for name in FACTS},
        "format": FORMAT,
        "key": claims.key.hex(),
        "key_life": claims.key_life,
        "orientation": claims.orientation,
        "pictures": [
            {
                "header": picture.header.hex(),
                "height": picture.height,
                "interval_mcus": picture.interval_mcus,
                "intervals": picture.intervals,
                "must_hide": _runs_json(picture.must_hide),
                "root": picture.root.hex(),
                "width": picture.width,
            }
            for picture in claims.pictures
        ],
    }
