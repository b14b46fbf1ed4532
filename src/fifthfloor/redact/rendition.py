"""The smaller picture for the web, made from the original before anything is hidden (spec section 4, "rendition").

Pillow does the resampling; it is in the extra `home` and imported when first needed.
"""

from __future__ import annotations

import io

from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise

LONG_EDGE_PIXELS = 2048
# Sharp enough to print small; 2048 x 1365 pixels take about 0.6 MB.
_QUALITY = 88
# It is encoded anew, so each MCU may be an interval of its own: a face is hidden to 16 pixels.
TILE_MCUS = 1
_SHOWN_AS = {"grey": "L", "ycbcr": "RGB", "rgb": "RGB"}


def rendition(picture: CanonicalPicture, long_edge_pixels: int = LONG_EDGE_PIXELS) -> CanonicalPicture | None:
    """Make the picture smaller.

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

    scale = long_edge_pixels / longest
    size = max(1, round(header.width * scale)), max(1, round(header.height * scale))
    # Pillow asks before it decodes more than 179 million pixels; the codec has refused larger ones by then.
    with Image.open(io.BytesIO(picture.to_bytes()), formats=["JPEG"]) as opened:
        # A conversion copies even where there is nothing to convert: 96 MB at 24 megapixels.
        shown = opened if opened.mode == mode else opened.convert(mode)
        small = shown.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return canonicalise(out.getvalue(), TILE_MCUS).with_header(orientation=header.orientation, profile=header.profile)
