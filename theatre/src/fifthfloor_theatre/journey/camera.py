"""From a painting to what a camera writes: enlarged, exposed, noisy, a JPEG with metadata and a thumbnail.

Nothing here pretends to have been taken: maker, model and software say that the picture was drawn.
"""

from __future__ import annotations

import io
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor_theatre.journey import shot_exif

if TYPE_CHECKING:
    from PIL import Image

Photo = NDArray[np.uint8]  # height, width, red green blue
Steps = NDArray[np.uint16]  # the same in 256ths

DRAWN_QUALITY = 95  # with this noise, about as many bytes a pixel as cameras write at "fine"
THUMBNAIL_PX = (160, 120)
# Spread of one pixel's noise at ISO 100, in steps of 255; it grows with the root of the sensitivity.
NOISE_STEPS = 3.0
_LOWER_BYTE = 0 if sys.byteorder == "little" else 1


def enlarge(small: Photo, factor: int) -> Photo:
    """Return a picture `factor` times as large (1 to 8), linearly between its pixels."""
    return ((_enlarged(small, factor) + np.uint16(128)) >> np.uint16(8)).astype(np.uint8)


def _enlarged(small: Photo, factor: int) -> Steps:
    """Return the enlarged picture in 256ths of a step, so that nothing is rounded on the way."""
    # Sideways first, while the picture is small: its triples are slower to write than whole rows.
    return _stretched(_stretched(small.astype(np.uint16), factor, 1), factor, 0)


def _stretched(picture: Steps, factor: int, axis: int) -> Steps:
    """Return a picture `factor` times as long along one axis, and 16 times as bright."""
    height, width = picture.shape[:2]
    lines = np.pad(picture, [(1, 1) if k == axis else (0, 0) for k in range(3)], mode="edge")
    # Neighbours along the axis are `reach` apart in a flat row; numpy is quick on those.
    reach = 3 if axis else width * 3
    flat = lines.reshape(height if axis else 1, -1)
    before, middle, after = flat[:, : -2 * reach], flat[:, reach:-reach], flat[:, 2 * reach :]
    out = np.empty((height, width, factor, 3) if axis else (height, factor, width, 3), np.uint16)
    for step in range(factor):
        # where the new line's middle lies between the middles of two old ones, in 16ths
        place = round(16 * ((step + 0.5) / factor - 0.5))
        between = middle * np.uint16(16 - abs(place))
        between += (after if place >= 0 else before) * np.uint16(abs(place))
        (out[:, :, step] if axis else out[:, step])[...] = between.reshape(height, width, 3)
    return out.reshape((height, width * factor, 3) if axis else (height * factor, width, 3))


def exposed(small: Photo, factor: int, iso: int, rng: np.random.Generator) -> Photo:
    """Return the picture enlarged, with a sensor's noise: more at high sensitivity, and more where it is bright.

    Args:
        small: shape (height, width, 3).
        factor: 1 to 8; the result is so many times as large.
        iso: 50 to 12,800.
        rng: where the noise comes from.
    """
    spread = NOISE_STEPS * math.sqrt(iso / 100.0)
    # A table of what each of 256 equally likely draws makes of each brightness: one look-up a pixel and colour.
    draws = math.sqrt(2.0) * _inverse_erf((np.arange(256) + 0.5) / 128.0 - 1.0)
    levels = np.arange(256)[:, None]
    noisy = levels + draws[None, :] * np.sqrt(0.35 + 0.65 * levels / 255.0) * spread
    table = np.clip(np.round(noisy), 0, 255).astype(np.uint8).reshape(-1)
    places = _enlarged(small, factor)
    # The brightness is the upper byte of each place in the table, the draw the lower.
    places.view(np.uint8)[..., _LOWER_BYTE::2] = rng.integers(0, 256, places.shape, np.uint8)
    return np.asarray(table[places], np.uint8)


def _inverse_erf(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Winitzki's approximation; a table of noise needs two digits."""
    a = 0.147
    log = np.log1p(-(values**2))
    term = 2.0 / (np.pi * a) + log / 2.0
    return np.asarray(np.sign(values) * np.sqrt(np.sqrt(term**2 - log / a) - term), np.float64)


def developed(picture: Photo, shot: shot_exif.Release) -> bytes:
    """Return the picture as the JPEG file a camera would write.

    Args:
        picture: shape (height, width, 3).
        shot: what the camera notes.

    Raises:
        BadInput: Pillow is not installed ("journey.no_encoder").
    """
    height_px, width_px = picture.shape[:2]
    image = _image(picture)
    small = image.reduce(max(1, min(width_px // THUMBNAIL_PX[0], height_px // THUMBNAIL_PX[1])))
    small.thumbnail(THUMBNAIL_PX)
    main = _jpeg(image, DRAWN_QUALITY)
    return main[:2] + shot_exif.segment(shot, width_px, height_px, _jpeg(small, 80)) + main[2:]


def _image(picture: Photo) -> Image.Image:
    try:
        from PIL import Image
    except ModuleNotFoundError:
        raise BadInput("journey.no_encoder") from None
    return Image.fromarray(picture)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Encode without the JFIF segment, which cameras that write Exif leave out."""
    into = io.BytesIO()
    image.save(into, "JPEG", quality=quality, subsampling="4:2:2")
    data = into.getvalue()
    if data[2:4] == b"\xff\xe0":
        data = data[:2] + data[4 + int.from_bytes(data[4:6]) :]
    return data
