"""HStego's own costs, polarisation and codes on a tile of luma, from a checkout of its program; nothing of it is kept.

HSTEGO=FOLDER names the checkout (github.com/daniellerch/hstego, MIT) with its extension of codes built in it
(`setup.py build_ext --inplace`; the one for files needs libjpeg 8 or 9 and is not used: coefficients are handed over),
and imageio and pycryptodome beside it. Without HSTEGO it is left out. On tiles, since its costs take minutes on 12 MP.
"""

from __future__ import annotations

import contextlib
import os
import types
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detect.features import ZIGZAG

_FILES = """jpeg = _load_native_library(
    'hstego_jpeg_toolbox_extension', "JPEG Toolbox")"""


def is_here() -> bool:
    """Say whether HSTEGO names a checkout."""
    return "HSTEGO" in os.environ


@cache
def _program() -> Any:
    path = Path(os.environ["HSTEGO"]) / "hstegolib.py"
    made = types.ModuleType("hstegolib")
    made.__file__ = str(path)
    text = path.read_text(encoding="utf-8").replace(_FILES, "").replace("cache=True", "cache=False")
    exec(compile(text, str(path), "exec"), made.__dict__)
    return made


def carrying(tile: NDArray[np.int16], steps: NDArray[np.float32], bits: int, seed: int) -> NDArray[np.int16]:
    """Return a tile (high, wide, 64 zigzag) as HStego leaves it with so many random bits in it."""
    program, chance = _program(), np.random.default_rng(seed)
    natural = np.zeros(tile.shape, np.int64)
    natural[..., ZIGZAG] = tile
    plane = natural.reshape(*tile.shape[:2], 8, 8).transpose(0, 2, 1, 3).reshape(8 * tile.shape[0], 8 * tile.shape[1])
    row = np.zeros(64)
    row[ZIGZAG] = steps
    costs, table = program.J_UNIWARD(), row.reshape(8, 8)
    pixels = program.uncompress(plane.astype(float), table)
    rho = costs.cost_fn(plane.astype(float), pixels, table)
    with contextlib.redirect_stdout(None):
        down, up = costs.cost_polarization(rho, plane.astype(float), pixels, table)
    out = program.Stego().hide_raw(chance.bytes(round(bits / 8)), plane, down, up, seed, mx=1016, mn=-1016)
    back = out.reshape(tile.shape[0], 8, tile.shape[1], 8).transpose(0, 2, 1, 3).reshape(tile.shape)
    found: NDArray[np.int16] = back[..., ZIGZAG].astype(np.int16)
    return found
