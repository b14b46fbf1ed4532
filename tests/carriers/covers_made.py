"""Photographs that pass as covers: drawn, with the noise of a sensor, written once by libjpeg and named by a camera."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def drawn(seed: int, width: int = 1056, height: int = 800, *, noise: float = 9.0) -> Image.Image:
    """Draw slopes, edges and textures, and noise over all of it."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    grey = 90 + 50 * np.sin(x / (60 + 7 * seed % 50) + seed) + 40 * np.cos(y / (45 + 11 * seed % 40))
    grey += 25 * (((x // (90 + seed % 30)) + (y // 110)) % 2)
    planes = np.stack([grey + 10 * np.sin(x / 200 + band) for band in range(3)], axis=-1)
    planes += chance.normal(0, noise, (height, width, 1)) + chance.normal(0, 2, planes.shape)
    return Image.fromarray(np.clip(planes, 4, 250).astype(np.uint8))


def photograph(seed: int, width: int = 1056, height: int = 800, *, noise: float = 9.0, **options: Any) -> bytes:
    """Return a JPEG as a camera writes it; options are Pillow's."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "Example", "EX-1", "1.02"
    out = io.BytesIO()
    how = {"quality": 93, "subsampling": "4:2:0", "exif": exif, "restart_marker_rows": 1} | options
    drawn(seed, width, height, noise=noise).save(out, "JPEG", **how)
    return out.getvalue() + b"a trailer of the camera's"


def roll_of(folder: Path, count: int, first: int = 1, **options: Any) -> Path:
    """Write a folder of photographs, IMG_0001.JPG and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"IMG_{number:04}.JPG").write_bytes(photograph(number, **options))
    return folder
