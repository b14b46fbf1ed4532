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

    from fifthfloor.redact.pixels import strips

    scale = long_edge_pixels / longest
    size = max(1, round(header.width * scale)), max(1, round(header.height * scale))
    # As Pillow does with the whole: first across, then down; and never more than a strip of the original at once.
    narrow = Image.new(mode, (size[0], header.height))
    for top, strip in strips(picture):
        shown = strip if strip.mode == mode else strip.convert(mode)
        narrow.paste(shown.resize((size[0], shown.height), Image.Resampling.LANCZOS), (0, top))
    small = narrow.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return canonicalise(out.getvalue(), TILE_MCUS).with_header(orientation=header.orientation, profile=header.profile)
