"""From the bytes of a photograph or a raw file to a canonical picture with nothing told, and the facts it told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise
from fifthfloor.jpeg.segments import APP1, APP2, EOI, TRAILER, Piece, split
from fifthfloor.metadata.brands import HEAD_BYTES
from fifthfloor.metadata.exif import NOTHING_TAKEN, ExifFacts, taken_of
from fifthfloor.metadata.jpeg_head import exif_in
from fifthfloor.metadata.mpf import MPF_HEADER
from fifthfloor.metadata.tiff import reader_of
from fifthfloor.metadata.xmp import JPEG_EXTENDED
from fifthfloor.redact.converting import MIME, ConvertedKind, convert, converted_kind_of
from fifthfloor.redact.metadata import JPEG_END, rebuild
from fifthfloor.redact.profiles import ProfileVerdict
from fifthfloor.redact.raw import embedded_jpeg, is_developed, raw_kind_of
from fifthfloor.statement.c2pa import JPEG, Origin

# A motion photograph's film begins behind at most a few pictures; bounds the search for it.
MAX_TRAILER_HEAD_BYTES = 64 << 20
# Google's depth map and second picture: whole files in XMP.
PICTURE_IN_XMP = re.compile(rb"(?:GDepth|GImage):Data")

_TOLD = ("camera", "captured", "place")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photograph ready to be looked at, hidden in part and signed.

    Args:
        picture: canonical, nothing hidden.
        facts: for each of `statement.FACTS` its text, empty where not known.
        profile: what became of its colour profile.
        remarks: what else a person is told: keys of `fifthfloor.words`.
        mime: what it was; another than JPEG was decoded and written anew.
    """

    picture: CanonicalPicture
    facts: dict[str, str]
    profile: ProfileVerdict
    remarks: tuple[str, ...] = ()
    mime: str = JPEG

    @property
    def origin(self) -> Origin:
        """What a C2PA manifest says of the photograph."""
        return Origin(bool(self.facts["camera"] or self.facts["raw"]), self.mime)


def prepare(data: bytes, raw: bytes | None = None) -> Prepared:
    """Take the picture out of a file and leave the rest behind.

    Args:
        data: a JPEG, a raw file or a photograph of another kind (`converting`), whole, of an unknown source.
        raw: the raw of the same frame, where `data` is the camera's JPEG or HEIC.

    Raises:
        BadInput: not a photograph, a raw without a full-size JPEG, or a JPEG the codec does not read; named.
    """
    orientation, is_preview, space = None, False, None
    jpeg, told = data, NOTHING_TAKEN
    kind = converted_kind_of(data[:HEAD_BYTES])
    if raw_kind_of(data):
        if is_developed(reader_of(data)):
            return _converted(data, "TIFF", raw)
        embedded = embedded_jpeg(data)
        jpeg, orientation, raw = embedded.data, embedded.orientation, data
        is_preview, space, told = embedded.is_preview, embedded.space, embedded.taken
    elif kind is not None:
        return _converted(data, kind, raw)
    pieces = split(jpeg)
    rebuilt = rebuild(jpeg, orientation, space)
    own = taken_of(exif_in(pieces))
    # Most raws tell of the photograph themselves, and their JPEG tells nothing.
    facts = _facts(ExifFacts(*(getattr(own, at) or getattr(told, at) for at in _TOLD)), data, raw)
    # Without its end a progressive file is cut, even between two scans.
    has_end = any(piece.marker == EOI for piece in pieces)
    picture = canonicalise(rebuilt.data if has_end else rebuilt.data[: -len(JPEG_END)])
    remarks = [*(["protect.remark_cut"] if picture.is_cut else []), *_left_behind(pieces)]
    if is_preview:
        remarks.insert(0, "protect.remark_preview")
    return Prepared(picture, facts, rebuilt.profile, tuple(remarks))


def _converted(data: bytes, kind: ConvertedKind, raw: bytes | None) -> Prepared:
    """Decode a photograph once; the statement binds its bytes, and says that it was converted."""
    made = convert(data, kind)
    facts = _facts(made.taken, data, raw)
    facts["original"] += f" converted from {kind}"
    picture = canonicalise(rebuild(made.jpeg).data).with_header(profile=made.profile)
    return Prepared(picture, facts, made.verdict, ("protect.remark_converted",), MIME[kind])


def _facts(told: ExifFacts, data: bytes, raw: bytes | None) -> dict[str, str]:
    return {
        "camera": told.camera,
        "captured": told.captured,
        "original": hashlib.sha256(data).hexdigest(),
        "place": told.place,
        "raw": hashlib.sha256(raw).hexdigest() if raw is not None else "",
    }


def _left_behind(pieces: Sequence[Piece]) -> Iterator[str]:
    """Name what phones put into a JPEG beside its picture: it may show the faces, and is dropped."""
    trailer = b"".join(piece.payload for piece in pieces if piece.marker == TRAILER)[:MAX_TRAILER_HEAD_BYTES]
    has_film = b"ftyp" in trailer
    # A gain map or a second picture of Samsung needs no MPF; depth maps of Google stand in extended XMP.
    has_second = b"\xff\xd8\xff" in trailer or any(
        (piece.marker == APP2 and piece.payload.startswith(MPF_HEADER))
        or (piece.marker == APP1 and piece.payload.startswith(JPEG_EXTENDED) and PICTURE_IN_XMP.search(piece.payload))
        for piece in pieces
    )
    if has_film:
        yield "protect.remark_film"
    if has_second:
        yield "protect.remark_second"
    if trailer.strip(b"\0") and not has_film and not has_second:
        yield "protect.remark_trailer"
