"""Derivatives of a redacted photograph: AVIF and JPEG in three sizes, decoded once; its average colour.

Rule 1: what is made is a function of the bytes given and of `RECIPE`; the same input gives the same bytes.
Rule 2: a derivative carries the XMP packet it is given and no other metadata; its pixels are sRGB and upright.
Rule 3: one photograph is in memory at a time, scaled down, never more than `_MAX_ESSAY_PIXELS` of it.

The largest picture readers see is not among these: it is the verifiable rendition itself, byte for byte.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

# AVIF is cut into tiles by the number of threads, and so would differ from machine to machine: one thread, always.
os.environ["VIPS_CONCURRENCY"] = "1"

import numpy as np
import pyvips

from fifthfloor.errors import BadInput

Format = Literal["avif", "jpg"]

# Of the longer side: an upright picture is as high on a page as a wide one is wide.
SIDES_PX = (480, 800, 1200)
# What stands from edge to edge of a window needs one more, and there are few of these.
FULL_SIDES_PX = (*SIDES_PX, 1600)
AVIF_QUALITY = 65
JPEG_QUALITY = 80
# Changes whenever the bytes of a derivative would, and so names of files do.
RECIPE = f"2 avif q{AVIF_QUALITY} e0 jpeg q{JPEG_QUALITY} vips {pyvips.version(0)}.{pyvips.version(1)}"

# A panorama of 30,000 x 10,000 is read; what is larger is no photograph and would cost minutes.
_MAX_ESSAY_PIXELS = 400_000_000
# Of 0 to 255, between the colours by which a profile is told from sRGB: 18 x 18 x 18 of them, black and white included.
LATTICE_STEP = 15
# libvips keeps results of operations; one photograph never helps the next, and 2,000 of them would not fit.
pyvips.cache_set_max(0)
# glibc's `mallopt`: the memory of one photograph is kept for the next and not given back to the kernel page by page
# (a ninth of the whole CPU time), and libvips' threads share one heap (a third less memory).
KEPT_BYTES = 256 << 20
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def _keep_memory() -> None:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library, which has its own ways
    for option, value in ((_M_TRIM_THRESHOLD, KEPT_BYTES), (_M_MMAP_THRESHOLD, KEPT_BYTES), (_M_ARENA_MAX, 1)):
        mallopt(option, value)


_keep_memory()


@dataclass(frozen=True, slots=True)
class Derivative:
    """One encoded picture, ready to be written."""

    width_px: int
    height_px: int
    format: Format
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a photograph became.

    Args:
        width_px: upright, of the picture that was given.
        height_px: upright, of the picture that was given.
        colour: its average as "#rrggbb", shown until it has loaded.
    """

    width_px: int
    height_px: int
    colour: str
    derivatives: tuple[Derivative, ...]


def derive(
    data: bytes,
    *,
    name: str,
    xmp: bytes,
    sides_px: Sequence[int] = SIDES_PX,
    formats: Sequence[Format] = ("avif", "jpg"),
) -> Rendered:
    """Decode a JPEG once and encode its derivatives, the largest first.

    Args:
        data: the file.
        name: of the photograph, for errors.
        xmp: what `xmp.packet` returned.
        sides_px: longest sides, rising; those not below the picture's own are left out.
        formats: what to encode each width in.

    Raises:
        BadInput: not a picture, broken, or of more than `_MAX_ESSAY_PIXELS`.
    """
    try:
        return _derive(data, name, xmp, sides_px, formats)
    except pyvips.Error as error:
        raise BadInput("essay.unreadable_picture", photo=name, reason=_reason(error)) from None


def _derive(data: bytes, name: str, xmp: bytes, sides_px: Sequence[int], formats: Sequence[Format]) -> Rendered:
    width_px, height_px = _size(data, name)
    below = [side for side in sides_px if side < max(width_px, height_px)]
    sides = below or [max(width_px, height_px)]
    picture = _opened(data, sides[-1], max(width_px, height_px))
    made: list[Derivative] = []
    for side in reversed(sides):
        if max(picture.width, picture.height) > side:
            # Several encoders read it: without a copy each would scale again.
            picture = picture.thumbnail_image(side, height=side, size="down").copy_memory()
        made.extend(Derivative(picture.width, picture.height, form, _encode(picture, form, xmp)) for form in formats)
    return Rendered(width_px, height_px, _average(picture), tuple(made))


def _size(data: bytes, name: str) -> tuple[int, int]:
    header = pyvips.Image.jpegload_buffer(data)
    if header.width * header.height > _MAX_ESSAY_PIXELS:
        raise BadInput(
            "essay.too_many_pixels",
            photo=name,
            width=header.width,
            height=header.height,
            megapixels=header.width * header.height // 1_000_000,
            most=_MAX_ESSAY_PIXELS // 1_000_000,
        )
    turned = header.get_typeof("orientation") and header.get("orientation") >= 5
    return (header.height, header.width) if turned else (header.width, header.height)


def _opened(data: bytes, side_px: int, longest_px: int) -> Any:
    # The decoder halves cheaply while it decodes (T.81 leaves the size of the inverse DCT to it); the rest is resized.
    # `thumbnail_buffer` would do both, but takes a file that is cut off for a whole one.
    shrink = max(by for by in (1, 2, 4, 8) if by == 1 or longest_px >= by * side_px)
    loaded = pyvips.Image.jpegload_buffer(data, shrink=shrink, access="sequential", fail_on="truncated")
    # Converted to sRGB and turned when it is small: both cost as many pixels as they meet.
    picture = loaded.thumbnail_image(side_px, height=side_px, size="down", no_rotate=True)
    if picture.get_typeof("icc-profile-data"):
        if not _is_srgb(picture.get("icc-profile-data"), picture.interpretation):
            picture = picture.icc_transform("srgb", embedded=True, intent="relative")
    elif picture.interpretation not in ("srgb", "b-w"):
        picture = picture.colourspace("srgb")
    # One pass from file to memory; what is read in another order than it was written has to lie there first.
    picture = picture.copy_memory()
    return picture if _orientation(picture) == 1 else picture.autorot().copy_memory()


def _orientation(picture: Any) -> int:
    return int(picture.get("orientation")) if picture.get_typeof("orientation") else 1


@lru_cache(maxsize=32)
def _is_srgb(profile: bytes, interpretation: str) -> bool:
    """Whether a profile changes no colour of a lattice by more than one step, as those of most cameras do not."""
    if interpretation != "srgb":
        return False
    colours = np.mgrid[0:256:LATTICE_STEP, 0:256:LATTICE_STEP, 0:256:LATTICE_STEP].astype(np.uint8)
    lattice = pyvips.Image.new_from_array(colours.reshape(3, 1, -1).transpose(1, 2, 0), interpretation="srgb")
    lattice.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    turned = lattice.icc_transform("srgb", embedded=True, intent="relative")
    return float((turned.cast("short") - lattice.cast("short")).abs().max()) <= 1


def _encode(picture: Any, form: Format, xmp: bytes) -> bytes:
    labelled = picture.copy()
    labelled.set_type(pyvips.GValue.blob_type, "xmp-data", xmp)
    # Neither progressive nor with Huffman tables of its own: that costs two to six times as much for 5 % and 2 % of the
    # bytes, and browsers that would profit are given AVIF.
    if form == "jpg":
        return bytes(labelled.jpegsave_buffer(Q=JPEG_QUALITY, keep="xmp"))
    return bytes(labelled.heifsave_buffer(Q=AVIF_QUALITY, effort=0, compression="av1", keep="xmp"))


def _average(picture: Any) -> str:
    one = picture.colourspace("srgb").flatten() if picture.hasalpha() else picture.colourspace("srgb")
    bands = [round(one.extract_band(band).avg()) for band in range(3)]
    return "#" + "".join(f"{max(0, min(255, value)):02x}" for value in bands)


def _reason(error: Exception) -> str:
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    return lines[-1].strip()[:100] if lines else "unknown"
