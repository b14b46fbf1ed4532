"""The publish gate: `admit` is the only way to a `RedactedPhoto`, and so the only way into an essay (law 5).

Rule 1: nothing that was written is believed: every file is opened again as bytes and judged by itself.
Rule 2: a file is read at the gate, hashed and let go; whoever reads it later gets these very bytes or an error.
Rule 3: what a person has not looked at does not pass, unless its statement says that nobody looked.
"""

from __future__ import annotations

import hashlib
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.files import read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.areas import count_areas
from fifthfloor.redact.gate import pass_gate
from fifthfloor.statement.claims import NOBODY, NOT_YET, KeyLife
from fifthfloor.statement.verify import Verified

STATEMENT_ENDING = ".statement.json"
WEB_ENDING = ".2048.jpg"
# A statement (spec/statement.md section 4).
MAX_STATEMENT_BYTES = 16 << 20

_GATE = object()


@dataclass(frozen=True, slots=True)
class ApprovedBy:
    """Who looked at the photograph before it was published.

    Args:
        by: name or pseudonym, or None where nobody looked (`protect --approve-all`).
        at: UTC, or None where nobody looked.
    """

    by: str | None
    at: datetime | None

    @property
    def looked_at(self) -> bool:
        """Whether a person looked."""
        return self.by is not None


@dataclass(frozen=True, slots=True)
class RedactedPhoto:
    """A photograph that passed the gate; made by `admit` and by nothing else.

    Args:
        name: base name, "DSC_0001.jpg".
        picture_path, statement_path: the full-size picture and its statement.
        web_picture_path, web_statement_path: the 2,048 px rendition and its statement; None where it would not be
            smaller.
        width_px, height_px: of the full-size picture as a person sees it (orientation applied).
        orientation: EXIF's, 1 to 8, for whoever decodes the picture.
        taken: the camera's local time, only where the statement discloses it.
        approval: who looked.
        hidden_boxes: areas of the full-size picture that are hidden and do not touch.
        signer: the public key that signed, hex.
        key_life: whether that key was kept for a story, or made for one run and thrown away.
    """

    name: str
    picture_path: Path
    statement_path: Path
    web_picture_path: Path | None
    web_statement_path: Path | None
    width_px: int
    height_px: int
    orientation: int
    taken: datetime | None
    approval: ApprovedBy
    hidden_boxes: int
    signer: str
    key_life: KeyLife
    _hashes: dict[Path, bytes] = field(repr=False, compare=False)
    gate: InitVar[object]

    def __post_init__(self, gate: object) -> None:
        if gate is not _GATE:
            raise ValueError("a RedactedPhoto comes from redact.admission.admit")

    def picture_bytes(self) -> bytes:
        """Read the full-size picture. Raises BadInput if it is not what passed the gate."""
        return self._again(self.picture_path)

    def statement_bytes(self) -> bytes:
        """Read the full-size picture's statement. Raises BadInput if it is not what passed the gate."""
        return self._again(self.statement_path)

    def web_picture_bytes(self) -> bytes | None:
        """Read the rendition, None where there is none. Raises BadInput if it is not what passed the gate."""
        return None if self.web_picture_path is None else self._again(self.web_picture_path)

    def web_statement_bytes(self) -> bytes | None:
        """Read the rendition's statement, None where there is none. Raises BadInput if it is not what passed."""
        return None if self.web_statement_path is None else self._again(self.web_statement_path)

    def _again(self, path: Path) -> bytes:
        data = read_whole(path, MAX_PICTURE_BYTES)
        if hashlib.sha256(data).digest() != self._hashes[path]:
            raise BadInput("gate.changed", name=path.name)
        return data


def statement_path_of(picture: Path) -> Path:
    """Return where the statement of a picture lies."""
    return picture.with_name(picture.name + STATEMENT_ENDING)


def web_path_of(picture: Path) -> Path:
    """Return where the 2,048 px rendition of a full-size picture lies."""
    return picture.with_name(picture.stem + WEB_ENDING)


def admit(picture_path: Path) -> RedactedPhoto:
    """Let one photograph of a `protect` folder through the gate, or refuse it.

    Args:
        picture_path: the full-size picture; its statement and its rendition are looked for beside it.

    Returns:
        The photograph; nothing of its pixels stays in memory.

    Raises:
        BadInput: a file that cannot be read, or something in it that is not on the whitelist.
        NothingFound: a statement that does not verify, or that nobody has approved.
    """
    hashes: dict[Path, bytes] = {}
    full = _judge(picture_path, hashes)
    if full.role != "full":
        raise BadInput("gate.rendition", name=picture_path.name)
    web_path: Path | None = web_path_of(picture_path)
    if len(full.statement.claims.pictures) == 1:
        web_path = None
    elif web_path is not None:
        web = _judge(web_path, hashes)
        if web.role != "rendition" or web.statement.signature != full.statement.signature:
            raise NothingFound("gate.another", name=web_path.name)
    turned = full.orientation >= 5
    return RedactedPhoto(
        name=picture_path.name,
        picture_path=picture_path,
        statement_path=statement_path_of(picture_path),
        web_picture_path=web_path,
        web_statement_path=None if web_path is None else statement_path_of(web_path),
        width_px=full.height if turned else full.width,
        height_px=full.width if turned else full.height,
        orientation=full.orientation,
        taken=_taken(dict(full.facts).get("captured", "")),
        approval=_approval(full, picture_path),
        hidden_boxes=count_areas(full.picture.header, full.hidden),
        signer=full.key.hex(),
        key_life=full.key_life,
        _hashes=hashes,
        gate=_GATE,
    )


def _judge(path: Path, hashes: dict[Path, bytes]) -> Verified:
    beside = statement_path_of(path)
    picture, statement = read_whole(path, MAX_PICTURE_BYTES), read_whole(beside, MAX_STATEMENT_BYTES)
    verified = pass_gate(picture, statement)
    if verified.hidden_afterwards:
        # Nobody who looked has looked at these parts; `approve` signs what is hidden now.
        percent = 100 * verified.hidden_afterwards / verified.intervals
        raise NothingFound("gate.hidden_afterwards", name=path.name, percent=percent)
    hashes[path], hashes[beside] = hashlib.sha256(picture).digest(), hashlib.sha256(statement).digest()
    return verified


def _approval(full: Verified, path: Path) -> ApprovedBy:
    if full.approval == NOT_YET:
        raise NothingFound("gate.not_approved", name=path.name)
    if full.approval == NOBODY:
        return ApprovedBy(None, None)
    try:
        at = datetime.strptime(full.approval.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput("gate.time", name=path.name, time=full.approval.at) from None
    return ApprovedBy(full.approval.by, at)


def _taken(text: str) -> datetime | None:
    """Read EXIF's "2017:04:15 09:30:00"; cameras with an empty clock write blanks or zeros."""
    try:
        return datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
