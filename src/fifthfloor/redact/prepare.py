"""From the bytes of a photograph or a raw file to a canonical picture with nothing told, and the facts it told."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np

from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise
from fifthfloor.jpeg.segments import split
from fifthfloor.metadata.exif import taken_of
from fifthfloor.metadata.jpeg_head import exif_in
from fifthfloor.redact.faces import Pixels
from fifthfloor.redact.metadata import rebuild
from fifthfloor.redact.profiles import ProfileVerdict
from fifthfloor.redact.raw import embedded_jpeg, raw_kind_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photograph ready to be looked at, hidden in part and signed.

    Args:
        picture: canonical, nothing hidden.
        facts: for each of `statement.FACTS` its text, empty where not known.
        profile: what became of its colour profile.
        remarks: what else a person is told: keys of `fifthfloor.words`.
    """

    picture: CanonicalPicture
    facts: dict[str, str]
    profile: ProfileVerdict
    remarks: tuple[str, ...] = ()


def prepare(data: bytes, raw: bytes | None = None) -> Prepared:
    """Take the picture out of a file and leave the rest behind.

    Args:
        data: a JPEG or a raw file, whole, of an unknown source.
        raw: the raw of the same frame, where `data` is the camera's JPEG.

    Raises:
        BadInput: not a photograph, a raw without a full-size JPEG, or a JPEG the codec does not read; named.
    """
    orientation = None
    jpeg = data
    if raw_kind_of(data):
        embedded = embedded_jpeg(data)
        jpeg, orientation, raw = embedded.data, embedded.orientation, data
    told = taken_of(exif_in(split(jpeg)))
    rebuilt = rebuild(jpeg, orientation)
    facts = {
        "camera": told.camera,
        "captured": told.captured,
        "original": hashlib.sha256(data).hexdigest(),
        "place": told.place,
        "raw": hashlib.sha256(raw).hexdigest() if raw is not None else "",
    }
    picture = canonicalise(rebuilt.data)
    remarks = ("protect.remark_cut",) if picture.is_cut else ()
    return Prepared(picture, facts, rebuilt.profile, remarks)


def shown_pixels(picture: CanonicalPicture) -> Pixels:
    """Decode a picture as a person sees it: uint8 (height, width, 3), red, green, blue, orientation applied."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(picture.to_bytes()), formats=["JPEG"]) as opened:
        upright = ImageOps.exif_transpose(opened)
        return np.asarray(upright.convert("RGB"))
