"""What may leave: one file after the other, judged as bytes and by nothing that wrote them.

Rule 1: this page and `jpeg/grammar.py` read the same files by different code, so that one mistake does not open both.
Rule 2: each refusal names what was found, so that a person knows what nearly got out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.segments import (
    APP0,
    APP1,
    APP2,
    APP11,
    APP14,
    CODED,
    COM,
    DHT,
    DQT,
    DRI,
    EOI,
    SOF0,
    SOI,
    SOS,
    TRAILER,
    Piece,
    split,
)
from fifthfloor.redact.metadata import JFIF
from fifthfloor.redact.profiles import is_known
from fifthfloor.statement.c2pa import embedded_statement
from fifthfloor.statement.verify import Verified, verify

MAY_STAND = {SOI, APP0, APP1, APP2, APP11, APP14, DQT, SOF0, DHT, DRI, SOS, CODED, EOI}
STRAYS = {TRAILER: "gate.what.behind", -1: "gate.what.between"}  # else a marker
PROFILE_HEAD = b"ICC_PROFILE\0"
# The only Exif that may stay (spec/statement.md, section 1), once more: whoever writes it is judged here, not asked.
_ORIENTATION_BLOCK = re.compile(
    rb"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0[\x02-\x08]\0\0\0\0\0\0"
)
# How pictures begin: JPEG, PNG, WebP and AVIF previews have been seen inside manifests and profiles.
_PICTURE_MARKS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"WEBPVP8", b"ftypavif", b"ftypheic")


def pass_gate(picture: bytes, statement: bytes) -> Verified:
    """Judge a picture and the statement beside it, both as they lie on the disk.

    Args:
        picture: the whole file.
        statement: the whole file. APP11 may stand in the picture only as a valid C2PA manifest that holds this very
            statement: then it was asked for when the picture was signed.

    Returns:
        The verified statement; whether it is approved is for `admission.admit`.

    Raises:
        BadInput: something stands in the picture that is not on the whitelist; named.
        NothingFound: the statement does not verify.
    """
    pieces = split(picture)
    _check_markers(pieces)
    for piece in pieces:
        if piece.marker == APP0 and piece.raw != JFIF:
            raise BadInput("gate.found", what="gate.what.jfif", offset=piece.offset_bytes)
        if piece.marker == APP1 and not _ORIENTATION_BLOCK.fullmatch(piece.raw):
            raise BadInput("gate.found", what="gate.what.exif", offset=piece.offset_bytes)
        if piece.marker != CODED and any(start in piece.payload for start in _PICTURE_MARKS):
            raise BadInput("gate.found", what="gate.what.picture", offset=piece.offset_bytes)
    _check_profile(pieces)
    verified = verify(picture, statement)
    if verified.manifest_bytes:
        _check_manifest(pieces, picture, statement)
    return verified


def _check_markers(pieces: Sequence[Piece]) -> None:
    seen: set[int] = set()
    for piece in pieces:
        if piece.marker in seen & {SOI, EOI, SOF0, SOS, APP0, APP1, APP14}:
            raise BadInput("gate.found", what="gate.what.second", marker=_name(piece.marker), offset=piece.offset_bytes)
        if piece.marker not in MAY_STAND or EOI in seen:
            what = STRAYS.get(piece.marker, "gate.what.marker")
            raise BadInput("gate.found", what=what, marker=_name(piece.marker), offset=piece.offset_bytes)
        seen.add(piece.marker)
    if EOI not in seen:
        raise BadInput("gate.found", what="gate.what.no_end", offset=sum(len(piece.raw) for piece in pieces))


def _check_profile(pieces: Sequence[Piece]) -> None:
    parts = [piece.payload for piece in pieces if piece.marker == APP2]
    if parts and not (
        len(parts) == 1 and parts[0][:14] == PROFILE_HEAD + b"\1\1" and is_known(parts[0][len(PROFILE_HEAD) + 2 :])
    ):
        offset = next(piece.offset_bytes for piece in pieces if piece.marker == APP2)
        raise BadInput("gate.found", what="gate.what.profile", offset=offset)


def _check_manifest(pieces: Sequence[Piece], picture: bytes, statement: bytes) -> None:
    offset = next(piece.offset_bytes for piece in pieces if piece.marker == APP11)
    try:
        ours = embedded_statement(picture) == statement
    except BadInput:
        ours = False
    if not ours:
        raise BadInput("gate.found", what="gate.what.manifest", offset=offset)


def _name(marker: int) -> str:
    if marker == COM:
        return "COM"
    return f"APP{marker - APP0}" if APP0 <= marker < APP0 + 16 else f"FF{marker & 0xFF:02X}"
