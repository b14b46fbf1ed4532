"""Photographs that are no JPEG (HEIC, HIF, AVIF, PNG, WebP, TIFF): decoded once, written as a JPEG, nothing told.

Rule 1: what a file is, its first bytes say; only that decoder is asked.
Rule 2: only pixels of the primary image come over, upright; gain map, depth map, thumbnail and film stay behind.
Rule 3: the size is looked at before anything is decoded.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.frame import MAX_PIXELS
from fifthfloor.metadata.brands import KIND_OF_BRAND, BoxForm, form_of
from fifthfloor.metadata.exif import taken_of
from fifthfloor.metadata.raw_pictures import DNG_VERSION
from fifthfloor.metadata.tiff import Read, reader_of
from fifthfloor.redact.named_colours import profile_of
from fifthfloor.redact.profiles import ProfileVerdict

if TYPE_CHECKING:
    from PIL import Image

    from fifthfloor.metadata.exif import ExifFacts

ConvertedKind = Literal["HEIC", "AVIF", "PNG", "WEBP", "TIFF"]

_OF_FORM: dict[BoxForm | None, ConvertedKind] = {"heic": "HEIC", "avif": "AVIF"}
MIME: dict[ConvertedKind, str] = {
    "HEIC": "image/heic",
    "AVIF": "image/avif",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
}
# As a phone's own JPEGs; the chroma of phones has half the pixels anyway.
QUALITY = 95
WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Converted:
    """A photograph as a JPEG without metadata.

    Args:
        jpeg: the whole file, upright.
        kind: what it was.
        profile: one of ours, or empty.
        verdict: what became of its own colour profile, or of what it said of its colours without one.
        taken: what Exif says of it.
    """

    jpeg: bytes
    kind: ConvertedKind
    profile: bytes
    verdict: ProfileVerdict
    taken: ExifFacts


def converted_kind_of(head: bytes) -> ConvertedKind | None:
    """Tell by its first HEAD_BYTES whether a file is a photograph that is converted; a TIFF may also be a raw."""
    form = form_of(head)
    if form is not None:
        return _OF_FORM.get(form)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return "TIFF" if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+") else None


def convert(data: bytes, kind: ConvertedKind) -> Converted:
    """Decode a photograph once and write it as a JPEG.

    Raises:
        BadInput: too large, broken, without its decoder, or a raw whose picture would have to be developed.
    """
    from PIL import Image, ImageOps

    if kind == "HEIC":
        with_heif()
    try:
        # Pillow warns of large pictures; the limit is asked for here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(for_decoder(data, kind), formats=["HEIF" if kind == "HEIC" else kind])
            if opened.width * opened.height > MAX_PIXELS:
                raise BadInput("jpeg.too_large", width=opened.width, height=opened.height, limit=MAX_PIXELS)
            if DNG_VERSION in dict(getattr(opened, "tag_v2", {})):
                raise BadInput("redact.raw_without_jpeg")
            exif = _exif_of(data, kind, opened)
            given = opened.info.get("icc_profile") or b""
            if opened.mode == "F":
                # Light as fractions: brought to 8 bits it would be black, and look as if there were nobody.
                raise BadInput("redact.not_decoded", kind=kind, reason="FloatingPoint")
            picture = plain(ImageOps.exif_transpose(opened))
    except BadInput:
        raise
    except Exception as error:  # decoders raise what they like on broken files
        raise BadInput("redact.not_decoded", kind=kind, reason=type(error).__name__) from None
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return Converted(out.getvalue(), kind, *profile_of(data, kind, given, exif), taken_of(exif))


def _exif_of(data: bytes, kind: ConvertedKind, opened: Image.Image) -> Read:
    """Return a Read over the Exif block; of a TIFF, whose detail Pillow leaves behind, over the file itself."""
    if kind == "TIFF":
        return reader_of(data)
    exif = opened.getexif().tobytes()
    return reader_of(exif, 6 if exif[:6] == b"Exif\0\0" else 0)


def for_decoder(data: bytes, kind: ConvertedKind | None) -> io.BytesIO:
    """Return a file for Pillow, whose decoders ask for the first brand and know few: HEIC and AVIF are called so."""
    stream = io.BytesIO(data)
    if kind in ("HEIC", "AVIF") and KIND_OF_BRAND.get(data[8:12], "").endswith("still"):
        stream.getbuffer()[8:12] = kind.lower().encode()
    return stream


def plain(picture: Image.Image) -> Image.Image:
    """Bring a picture to 8 bits of grey or of red, green and blue; what is transparent lies on white."""
    from PIL import Image

    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("L", "RGB"):
        return picture
    if "A" in picture.mode or "transparency" in picture.info:
        upper = picture.convert("RGBA")
        lower = Image.new("RGBA", upper.size, (*WHITE, 255))
        return Image.alpha_composite(lower, upper).convert("RGB")
    return picture.convert("RGB")


def with_heif() -> None:
    """Let Pillow read HEIC and HIF. Raises BadInput where the decoder is not installed."""
    try:
        import pi_heif
    except ModuleNotFoundError:
        raise BadInput("redact.no_heif", extra="home") from None
    pi_heif.register_heif_opener()
