"""What is signed: who looked, the facts, the key, and a commitment to each picture (`spec/statement.md` section 4).

Rule: a picture's entry is opened only in the statement beside that picture. Size and header of the full-size picture
      name the camera to whoever can guess its tables; the rendition's statement must not help.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fifthfloor.errors import BadInput
from fifthfloor.statement import canonical_json, fields
from fifthfloor.statement.canonical_json import Json
from fifthfloor.statement.hidden_runs import HiddenRuns

# Version 1 has every picture's entry in the clear, and does not say what was shown. It is read, and never written anew.
FORMAT_1 = "fifthfloor statement 1"
FORMAT = "fifthfloor statement 2"
# Version 3 is version 2 with a commitment to what the picture looks like (spec/likeness.md).
FORMAT_3 = "fifthfloor statement 3"
FACTS = ("camera", "captured", "original", "place", "raw")
MAX_NAME_CHARACTERS = 200
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
        if looked and fields.is_unsafe(self.by):
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
    must_hide: HiddenRuns

    def to_json(self) -> dict[str, Json]:
        """Write the entry; `picture_claim` is the counterpart."""
        return {
            "header": self.header.hex(),
            "height": self.height,
            "interval_mcus": self.interval_mcus,
            "intervals": self.intervals,
            "must_hide": fields.runs_json(self.must_hide),
            "root": self.root.hex(),
            "width": self.width,
        }

    def commitment(self, salt: bytes) -> str:
        """Commit to the entry (section 4): 64 digits that nobody can test a guess with who lacks the salt."""
        return hashlib.sha256(b"\x0a" + salt + canonical_json.dump(self.to_json())).hexdigest()


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything that is signed.

    Args:
        facts: commits to each of FACTS.
        pictures: the full size, then the rendition: commitments in hex; entries in version 1.
        shown: facts that the signer showed, in the order of FACTS; None in version 1, which does not say.
        likeness: commits to what the picture looks like; None in versions 1 and 2.
    """

    approval: Approval
    facts: Mapping[str, bytes]
    key: bytes
    key_life: KeyLife
    orientation: int
    pictures: tuple[Json, ...]
    shown: tuple[str, ...] | None
    likeness: bytes | None = None

    @property
    def format(self) -> str:
        """The format's name, which is signed too."""
        if self.shown is None:
            return FORMAT_1
        return FORMAT if self.likeness is None else FORMAT_3

    def signed_bytes(self) -> bytes:
        """Return what the signature is over."""
        return self.format.encode() + b"\0" + canonical_json.dump(self.to_json())

    def to_json(self) -> dict[str, Json]:
        """Write them; `claims` is the counterpart."""
        approval: dict[str, Json] = {"state": self.approval.state}
        if self.approval.state == "looked at":
            approval |= {"at": self.approval.at, "by": self.approval.by}
        written: dict[str, Json] = {
            "approval": approval,
            "facts": {name: self.facts[name].hex() for name in FACTS},
            "format": self.format,
            "key": self.key.hex(),
            "key_life": self.key_life,
            "orientation": self.orientation,
            "pictures": list(self.pictures),
        }
        if self.shown is not None:
            written["shown"] = list(self.shown)
        if self.likeness is not None:
            written["likeness"] = self.likeness.hex()
        return written


def claims(document: Any) -> Claims:
    """Read what is signed, of either version; the counterpart of `Claims.to_json`.

    Raises:
        BadInput: of another version.
        ValueError, TypeError, AttributeError: anything else that is not lawful.
    """
    form = document.get("format")
    if form not in (FORMAT, FORMAT_1, FORMAT_3):
        raise BadInput("statement.version", found=str(form)[:40], known=FORMAT_3)
    names = ("approval", "facts", "format", "key", "key_life", "orientation", "pictures")
    later = {FORMAT_1: [], FORMAT: ["shown"], FORMAT_3: ["shown", "likeness"]}[form]
    approval, facts, _, key, life, orientation, pictures, *more = fields.members(document, *names, *later)
    if life not in ("story", "once") or not isinstance(pictures, list) or not 1 <= len(pictures) <= 2:
        raise ValueError
    for picture in pictures:
        _ = picture_claim(picture) if form == FORMAT_1 else fields.from_hex(picture, 32)
    return Claims(
        _approval(approval),
        {name: fields.from_hex(value, 32) for name, value in zip(FACTS, fields.members(facts, *FACTS), strict=True)},
        fields.from_hex(key, 32),
        life,
        fields.number(orientation, 1, 8),
        tuple(pictures),
        _shown(more[0]) if form != FORMAT_1 else None,
        fields.from_hex(more[1], 32) if form == FORMAT_3 else None,
    )


def picture_claim(document: Any) -> PictureClaim:
    """Read one picture's entry; the counterpart of `PictureClaim.to_json`."""
    header, height, mcus, intervals, must_hide, root, width = fields.members(
        document, "header", "height", "interval_mcus", "intervals", "must_hide", "root", "width"
    )
    count = fields.number(intervals, 1, (1 << 32) - 1)
    return PictureClaim(
        fields.number(width, 1, 65_535),
        fields.number(height, 1, 65_535),
        fields.number(mcus, 1, 65_535),
        count,
        fields.from_hex(header, 32),
        fields.from_hex(root, 32),
        fields.runs(must_hide, count),
    )


def _shown(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or value != [name for name in FACTS if name in value]:
        raise ValueError
    return tuple(value)


def _approval(document: Any) -> Approval:
    if document == {"state": "not yet approved"}:
        return NOT_YET
    if document == {"state": "looked at by nobody"}:
        return NOBODY
    at, by, state = fields.members(document, "at", "by", "state")
    if state != "looked at":
        raise ValueError
    return Approval(state, fields.text(by), fields.text(at))
