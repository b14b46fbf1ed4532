"""Hashes of a whole picture: PDQ (ThreatExchange), a difference hash of 256 bits, and ISCC's image code (ISO 24138).

They find copies that keep the frame; for crops there are points. All three are those of other programs, bit for bit or
nearly: what an archive holds can be compared with what a newsroom's other tools hold.
"""

from __future__ import annotations

import base64
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageChops

from fifthfloor.trace.grey import Reals

# ISCC units: main type CONTENT, sub type IMAGE, version 0, 64 or 256 bits (ISO 24138 section 5).
_ISCC_HEAD = bytes([0b0010_0001, 0b0000_0001])
_ISCC_UNIT_HEAD = bytes([0b0010_0001, 0b0000_0111])


@cache
def _cosines(count: int, size: int, first: int) -> Reals:
    """Return rows `first` to `first + count` of the discrete cosine transform of `size` samples, not scaled."""
    rows = np.arange(first, first + count)[:, None]
    found: Reals = np.cos(np.pi * rows * (2 * np.arange(size) + 1) / (2 * size))
    return found


def pdq(image: Image.Image) -> tuple[bytes, ...]:
    """Return PDQ of a picture in grey, 32 bytes, as it is and then in the seven other ways to lay it.

    The order is that of `Points.laid`: bit 0 mirrored first, then quarters clockwise. The way of a reader that was
    given the picture laid so: `pdq(image)[way] == pdq(image laid so)[0]`, but for rounding.
    """
    values = np.asarray(image, np.float64)
    down, across = (_sampled_means(edge) for edge in values.shape)
    # What is of one grey stays so to the last bit.
    small = (down @ values @ across.T).round(9)
    waves = _cosines(16, 64, 1)
    transformed = waves @ small @ waves.T
    return tuple(_bits(laid_transform(transformed, way)) for way in range(8))


def laid_transform(transformed: Reals, way: int) -> Reals:
    """Return the transform (rows down, columns across, from 1) of the picture laid in another way."""
    odd = np.where(np.arange(1, len(transformed) + 1) % 2, -1, 1)
    here = transformed * odd if way & 1 else transformed
    for _ in range(way >> 1):
        here = here.T * odd
    return here


def _bits(transformed: Reals) -> bytes:
    flat = transformed.ravel()
    # The reference writes the first bit as the lowest of the last word, and prints words from the last to the first.
    return np.packbits((flat > np.sort(flat)[127])[::-1]).tobytes()


@lru_cache(maxsize=32)
def _sampled_means(length: int) -> Reals:
    """Return what makes 64 samples of a row or column, (64, length): means over a window, twice (`box1D`)."""
    window = (length + 127) // 128
    half = (window + 2) // 2
    places = np.arange(length)
    ends = np.minimum(places + half, length)
    # Shorter at the edges, as the reference has it.
    starts = np.where(places + half > length, places + half - window, np.maximum(ends - window, 0))
    box = ((places >= starts[:, None]) & (places < ends[:, None])) / (ends - starts)[:, None]
    sampled: Reals = box[((2 * np.arange(64) + 1) * length) // 128] @ box
    return sampled


def difference_hash(image: Image.Image) -> bytes:
    """Return 256 bits: whether each of 16 x 16 places is darker than the one right of it (ImageHash's `dhash`)."""
    small = np.asarray(image.convert("L").resize((17, 16), Image.Resampling.LANCZOS))
    return np.packbits(small[:, 1:] > small[:, :-1]).tobytes()


def iscc(image: Image.Image) -> str:
    """Return the ISCC image code of 64 bits, "ISCC:EEA...": of a picture in colour, as it is shown."""
    return "ISCC:" + base64.b32encode(_ISCC_HEAD + _image_code(image, 1)).decode().rstrip("=")


def iscc_unit(image: Image.Image) -> bytes:
    """Return the ISCC image code of 256 bits with its head, 34 bytes: as IEP-0020 has it for C2PA's soft binding.

    Its first 64 bits are those of `iscc`.
    """
    return _ISCC_UNIT_HEAD + _image_code(image, 4)


def _image_code(image: Image.Image, blocks: int) -> bytes:
    """Return 64 bits of each of the first blocks of 8 x 8 waves: upper left and right, lower left and right."""
    values = np.asarray(_trimmed(image).convert("L").resize((32, 32), Image.Resampling.BICUBIC), np.float64)
    waves = _cosines(16, 32, 0)
    transformed = waves @ values @ waves.T
    found = [transformed[down : down + 8, across : across + 8].ravel() for down in (0, 8) for across in (0, 8)]
    return b"".join(np.packbits(block > np.median(block)).tobytes() for block in found[:blocks])


def _trimmed(image: Image.Image) -> Image.Image:
    """Cut a border of one colour, which is that of the first pixel (iscc-sdk's `image_trim_border`)."""
    colour = image.getpixel((0, 0))
    difference = ImageChops.difference(image, Image.new(image.mode, image.size, colour))
    box = difference.getbbox()
    return image.crop(box) if box else image
