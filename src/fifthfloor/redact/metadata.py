"""A photograph with nothing told: rebuilt from a whitelist of segments, no coefficient changed.

Rule 1: nothing is removed from a file; a new one is written from the few segments that make the picture. What this
        page does not name (maker notes, thumbnails, previews, comments, a second image, a film behind the end) is not
        in it.
Rule 2: what must stay is written in one fixed form: JFIF, Adobe's colour byte, the orientation, one of our profiles.
Rule 3: quantisation tables and the sensor's own noise stay; they are the picture (`docs/threat-model/people.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.segments import (
    APP0,
    APP14,
    CODED,
    DHT,
    DNL,
    DQT,
    DRI,
    EOI,
    SOI,
    SOS,
    Piece,
    orientation_segments,
    profile_segments,
    segment,
    split,
)
from fifthfloor.metadata.exif import is_adobe_rgb, orientation_of
from fifthfloor.metadata.jpeg_head import FRAMES, exif_in, names_a_profile, profile_in
from fifthfloor.redact.named_colours import NamedSpace, written
from fifthfloor.redact.profiles import ProfileVerdict, publishable

DAC = 0xCC  # arithmetic conditioning: such files are refused later, and by their own name
PICTURE = FRAMES | {DQT, DHT, DRI, DAC, SOS, DNL}
JFIF = segment(APP0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
ADOBE_BYTES = 12
JPEG_END = bytes([0xFF, EOI])


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A photograph made of nothing but its picture.

    Args:
        data: the file.
        profile: what became of its colour profile; "unknown" is worth telling a person.
    """

    data: bytes
    profile: ProfileVerdict


def rebuild(data: bytes, orientation: int | None = None, space: NamedSpace | None = None) -> Rebuilt:
    """Rebuild a JPEG from the whitelist.

    Args:
        data: a whole file, of an unknown source.
        orientation: 1 to 8, where another file (a raw) knows it; None to take the file's own.
        space: its colours, where another file knows them, and it says nothing itself.

    Returns:
        The new file: same coefficients, same tables.

    Raises:
        BadInput: not a JPEG, cut inside a segment, or without a picture.
    """
    pieces = split(data)
    if not any(piece.marker in FRAMES for piece in pieces):
        raise BadInput("redact.no_picture")
    profile, verdict = _profile(pieces, space)
    if orientation is None:
        orientation = orientation_of(exif_in(pieces))
    head = [bytes([0xFF, SOI]), *_colour(pieces), *orientation_segments(orientation), *profile_segments(profile)]
    return Rebuilt(b"".join((*head, *_picture(pieces), JPEG_END)), verdict)


def _profile(pieces: Sequence[Piece], space: NamedSpace | None) -> tuple[bytes, ProfileVerdict]:
    """Return the profile to write and what became of the file's own."""
    given = profile_in(pieces)
    if given:
        return publishable(given)
    if names_a_profile(pieces):
        return b"", "unknown"  # pieces of it are missing
    # Cameras set to Adobe RGB write no profile, only EXIF's word for it.
    return written("adobe" if is_adobe_rgb(exif_in(pieces)) else space)


def _colour(pieces: Sequence[Piece]) -> Iterator[bytes]:
    """Write what decides how components become colours: JFIF and Adobe's transform byte (T.872 6.5.3), and no more."""
    if any(piece.marker == APP0 and piece.payload[:5] == b"JFIF\0" for piece in pieces):
        yield JFIF
    for piece in pieces:
        if piece.marker == APP14 and piece.payload[:5] == b"Adobe" and len(piece.payload) >= ADOBE_BYTES:
            yield segment(APP14, b"Adobe\0\x64\0\0\0\0" + piece.payload[11:12])
            return


def _picture(pieces: Sequence[Piece]) -> Iterator[bytes]:
    """Write tables, frame and scans in the file's order, without fill bytes, up to the first end of image."""
    has_scan = False
    for piece in pieces:
        # A file that was cut on a card goes on with whatever lies there: another photograph begins with its own SOI.
        if piece.marker == EOI or (piece.marker == SOI and has_scan):
            return
        has_scan = has_scan or piece.marker == SOS
        if piece.marker == CODED:
            yield piece.raw
        elif piece.marker in PICTURE:
            yield segment(piece.marker, piece.payload)
