"""The smaller picture for the web, made from the original before anything is hidden (spec section 4, "rendition").

Pillow does the resampling; it is in the extra `home` and imported when first needed.
"""

from __future__ import annotations

import io

from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise

LONG_EDGE_PIXELS = 2048
# Sharp enough to print small; 2048 x 1365 pixels take about 0.6 MB.
QUALITY = 88
# Width of an interval of a 4:2:0 picture (spec section 1), and of its MCUs.
INTERVAL_PIXELS, MCU_PIXELS = 128, 16
# Up to an eighth smaller is better than hidden parts that end in combs.
SMALLEST_SHARE = 7 / 8
_SHOWN_AS = {"grey": "L", "ycbcr": "RGB", "rgb": "RGB"}


def rendition(picture: CanonicalPicture, long_edge_pixels: int = LONG_EDGE_PIXELS) -> CanonicalPicture | None:
    """Make the picture smaller.

    Where intervals do not divide a row, each row hides other columns, and what is hidden ends in a comb. So the width
    is one that they divide, if there is one not much smaller: 2,048 pixels are, 1,365 become 1,280.

    Args:
        picture: with nothing hidden; a picture for print (CMYK) has no rendition.
        long_edge_pixels: width or height of the result, whichever is longer, at most.

    Returns:
        A canonical picture with the same orientation and colour profile, or None where it would not be smaller.
    """
    header = picture.header
    longest = max(header.width, header.height)
    mode = _SHOWN_AS.get(header.colour)
    if longest <= long_edge_pixels or mode is None:
        return None
    from PIL import Image

    size = _size(header.width, header.height, long_edge_pixels / longest)
    # Pillow asks before it decodes more than 179 million pixels; the codec has refused larger ones by then.
    with Image.open(io.BytesIO(picture.to_bytes()), formats=["JPEG"]) as opened:
        # A conversion copies even where there is nothing to convert: 96 MB at 24 megapixels.
        shown = opened if opened.mode == mode else opened.convert(mode)
        small = shown.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, subsampling="4:2:0")
    return canonicalise(out.getvalue()).with_header(orientation=header.orientation, profile=header.profile)


def _size(width: int, height: int, scale: float) -> tuple[int, int]:
    """Return width and height made smaller by `scale`, or a little more so that intervals divide the rows."""
    made = max(1, round(width * scale)), max(1, round(height * scale))
    mcus_beyond = -(-made[0] // MCU_PIXELS) % (INTERVAL_PIXELS // MCU_PIXELS)
    clean = made[0] // INTERVAL_PIXELS * INTERVAL_PIXELS
    if not mcus_beyond or clean < SMALLEST_SHARE * made[0]:
        return made
    return clean, max(1, round(height * clean / width))
