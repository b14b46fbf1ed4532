"""The smaller picture for the web, made from the original before anything is hidden (spec section 4, "rendition").

Pillow does the resampling; it is in the extra `home` and imported when first needed.
"""

from __future__ import annotations

import io

from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise

LONG_EDGE_PIXELS = 2048
# Sharp enough to print small; 2048 x 1365 pixels take about 0.6 MB.
QUALITY = 88
_SHOWN_AS = {"grey": "L", "ycbcr": "RGB", "rgb": "RGB"}


def rendition(picture: CanonicalPicture, long_edge_pixels: int = LONG_EDGE_PIXELS) -> CanonicalPicture | None:
    """Make the picture smaller.

    Args:
        picture: with nothing hidden; a picture for print (CMYK) has no rendition.
        long_edge_pixels: width or height of the result, whichever is longer.

    Returns:
        A canonical picture with the same orientation and colour profile, or None where it would not be smaller.
    """
    header = picture.header
    longest = max(header.width, header.height)
    mode = _SHOWN_AS.get(header.colour)
    if longest <= long_edge_pixels or mode is None:
        return None
    from PIL import Image

    size = tuple(max(1, round(edge * long_edge_pixels / longest)) for edge in (header.width, header.height))
    # Pillow asks before it decodes more than 179 million pixels; the codec has refused larger ones by then.
    with Image.open(io.BytesIO(picture.to_bytes()), formats=["JPEG"]) as opened:
        # A conversion copies even where there is nothing to convert: 96 MB at 24 megapixels.
        shown = opened if opened.mode == mode else opened.convert(mode)
        small = shown.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, subsampling="4:2:0")
    return canonicalise(out.getvalue()).with_header(orientation=header.orientation, profile=header.profile)
