"""A photograph as levels of grey, each a third of an octave smaller (`spec/likeness.md` section 1).

Pillow decodes and makes smaller; it is in the extra `home`.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from fifthfloor.errors import BadInput
from fifthfloor.metadata.brands import HEAD_BYTES
from fifthfloor.redact.converting import converted_kind_of, for_decoder, plain, with_heif

Reals = NDArray[np.float64]
Grey = NDArray[np.float32]

# The long edge of what is signed or recorded, and of what is looked for: a photograph within a screenshot is small.
REFERENCE_PX = 512
SEARCHED_PX = 1024
LEVELS_AN_OCTAVE = 3
# A level must hold one patch; smaller ones find nothing.
LEAST_LEVEL_PX = 36
# Telephones make 200 million; a file that says more than this is a trap or no photograph. Pillow's own limit lies
# below, and is one for all of a process: whoever opens pictures compares their size.
MOST_PIXELS = 1 << 28
Image.MAX_IMAGE_PIXELS = None
# Of more than these no copy is made but a smaller one: five of them would be under way where a picture is transparent.
LARGE_PIXELS = 1 << 25
_STRIP_PIXELS = 1 << 22
_LAID = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Pictures on pages that are smaller than this are icons.
LEAST_EDGE_PX = 64
_FORMATS: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF")


def opened(data: bytes, long_edge_px: int) -> Image.Image:
    """Decode a picture as it is shown, in colour, with a long edge of about so many pixels or more.

    Args:
        data: a file; JPEGs are decoded at a fraction of their size where that is enough.
        long_edge_px: the decoder may stop at this size.

    Raises:
        BadInput: no picture, cut short, of a kind whose decoder is not installed, or more than MOST_PIXELS.
    """
    formats = _FORMATS
    kind = converted_kind_of(data[:HEAD_BYTES])
    if kind == "HEIC":
        with_heif()
        formats = ("HEIF",)
    try:
        # Pillow warns of large pictures and broken Exif; the limit is asked for here, and the rest no trouble.
        with warnings.catch_warnings(action="ignore"), Image.open(for_decoder(data, kind), formats=formats) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise BadInput("trace.too_large", width=width, height=height, limit=MOST_PIXELS)
            scale = long_edge_px / max(width, height)
            image.draft("RGB", (max(1, round(width * scale)), max(1, round(height * scale))))
            if image.width * image.height > LARGE_PIXELS:
                return _in_strips(image, long_edge_px)
            found = plain(ImageOps.exif_transpose(image))
            return found if found.mode == "RGB" else found.convert("RGB")
    except BadInput:
        raise
    except Exception as error:  # decoders raise what they like on broken files
        raise BadInput("trace.no_picture", reason=type(error).__name__) from error


def _in_strips(image: Image.Image, long_edge_px: int) -> Image.Image:
    """Bring a large picture to a whole fraction of its size, a strip at a time: no second copy of it is made."""
    by = max(1, max(image.size) // (2 * long_edge_px))
    small = Image.new("RGB", (-(-image.width // by), -(-image.height // by)))
    rows = by * max(1, _STRIP_PIXELS // (image.width * by))
    for top in range(0, image.height, rows):
        strip = plain(image.crop((0, top, image.width, min(top + rows, image.height))))
        small.paste(strip.convert("RGB").reduce(by), (0, top // by))
    laid = _LAID.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return small if laid is None else small.transpose(laid)


def is_icon(data: bytes) -> bool:
    """Say whether a file is a picture too small to be a photograph on a page; what is no picture is none either."""
    size = size_of(data)
    return size is not None and min(size) < LEAST_EDGE_PX


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture, which is not decoded; None where they cannot be read."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            return image.size
    except Exception:  # named where it is decoded
        return None


def scaled(image: Image.Image, most_px: int) -> Image.Image:
    """Return a picture in grey whose long edge is at least REFERENCE_PX and at most `most_px`."""
    longest = max(image.size)
    wanted = min(max(longest, REFERENCE_PX), most_px)
    grey = image.convert("L")
    if wanted == longest:
        return grey
    size = tuple(max(1, round(edge * wanted / longest)) for edge in image.size)
    return grey.resize((size[0], size[1]), Image.Resampling.BILINEAR)


def levels(image: Image.Image) -> list[Grey]:
    """Return a picture in grey at all its sizes, each smoothed alike (section 1).

    Each is made of the picture itself, halved while it is four times as large, so that none is smoother than another.
    """
    found: list[Grey] = []
    base = image
    while True:
        shrink = 2 ** (-len(found) / LEVELS_AN_OCTAVE)
        width, height = round(image.width * shrink), round(image.height * shrink)
        if min(width, height) < LEAST_LEVEL_PX:
            return found
        while base.width >= 4 * width:
            base = base.reduce(2)
        level = base if base.size == (width, height) else base.resize((width, height), Image.Resampling.BILINEAR)
        found.append(_smooth(np.asarray(level)))


def _smooth(level: NDArray[np.uint8]) -> Grey:
    """Smooth twice by 1 4 6 4 1, both ways; edges are repeated. Sums of two neighbours, exact in all of their bits."""
    down = _twice(level.astype(np.uint16))
    found = _twice(down.T.astype(np.float32)).T
    found *= np.float32(1 / 65536)
    return np.ascontiguousarray(found)


def _twice(rows: NDArray[Any]) -> NDArray[Any]:
    """Return 256 times what rows are, smoothed twice along the first axis."""
    count = len(rows)
    one, other = (np.empty((count + 4, rows.shape[1]), rows.dtype) for _ in range(2))
    for _ in range(2):
        one[2:-2], one[:2], one[-2:] = rows, rows[0], rows[-1]
        for left in range(count + 3, count - 1, -1):
            np.add(one[:left], one[1 : left + 1], out=other[:left])
            one, other = other, one
        rows = one[:count]
        one, other = other, one
    return rows
