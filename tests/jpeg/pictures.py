"""JPEGs of our own making: every form the codec reads, from numbers that repeat."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

MODES = {"grey": "L", "colour": "RGB", "cmyk": "CMYK"}


def jpeg(width: int = 100, height: int = 60, *, mode: str = "RGB", seed: int = 1, **options: Any) -> bytes:
    """Return a JPEG with smooth and busy parts; options are Pillow's (quality, subsampling, progressive ...)."""
    out = io.BytesIO()
    image(width, height, mode=mode, seed=seed).save(out, "JPEG", **{"quality": 88, **options})
    return out.getvalue()


def image(width: int, height: int, *, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """Return a picture: slopes, an edge, and noise in its right half."""
    chance = np.random.default_rng(seed)
    bands = len(Image.new(mode, (1, 1)).getbands())
    y, x = np.mgrid[0:height, 0:width]
    planes = np.stack([(x * (2 + band) + y * 3) % 256 for band in range(bands)], axis=-1).astype(np.float64)
    planes[height // 3 :, width // 4 :] += 60
    planes[:, width // 2 :] += chance.normal(0, 40, planes[:, width // 2 :].shape)
    pixels = np.clip(planes, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if bands == 1 else pixels, mode=None if bands < 4 else "CMYK")


def pixels(data: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Decode with Pillow (libjpeg-turbo)."""
    return np.asarray(Image.open(io.BytesIO(data)))
