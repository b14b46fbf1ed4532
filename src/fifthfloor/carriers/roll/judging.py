"""Why a photograph is no cover, or holds less; each reason has a name (spec/roll-carrier.md, section 7)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.roll.covers import Cover
from fifthfloor.jpeg.coefficients import write
from fifthfloor.jpeg.segments import APP0, APP2, APP14, COM, TRAILER
from fifthfloor.metadata.exif import EXIF_IFD, taken_of
from fifthfloor.metadata.jpeg_head import exif_in
from fifthfloor.metadata.tiff import Tiff

# Non-zero coefficients a pixel: less than half of the smoothest photographs of the set that was looked at.
_FLAT = 0.05
_BLOWN_SHARE = 0.30
_APP13 = 0xED
_SOFTWARE, _PROCESSING = 0x0131, 0x000B
_EDITORS = re.compile(
    r"photoshop|lightroom|adobe|gimp|darktable|rawtherapee|capture one|luminar|affinity|snapseed|picasa|acdsee|paint"
    r"|pixelmator|irfanview|xnview|faststone|imagemagick|graphicsmagick|photos \d|aperture|iphoto|dxo|noise ninja|topaz"
    r"|vsco|canva|instagram|whatsapp|telegram|facebook|windows photo|microsoft|pillow|libvips|ffmpeg|lavc|digikam"
    r"|shotwell|polarr|fotor|picsart|meitu|corel|nikon transfer|viewnx|capture nx|digital photo professional|silkypix",
    re.IGNORECASE,
)


def reason_against(data: bytes, cover: Cover, counts: NDArray[np.uint8]) -> str:
    """Return the key of the reason why nothing is hidden in a photograph; empty where nothing speaks against it.

    Args:
        data: the file.
        cover: of it.
        counts: from `embedding.richness`.
    """
    checks = (
        ("roll.why.round_trip", lambda: write(cover.picture) != data),
        ("roll.why.colour", lambda: cover.picture.header.colour not in ("grey", "ycbcr")),
        ("roll.why.distances", lambda: _tells_distances(cover)),
        ("roll.why.edited", lambda: _is_edited(cover)),
        ("roll.why.no_camera", lambda: not taken_of(exif_in(cover.picture.pieces)).camera),
        ("roll.why.blown", lambda: _blown_share(cover, counts) > _BLOWN_SHARE),
        ("roll.why.flat", lambda: counts.sum(dtype=np.int64) < _FLAT * 64 * len(counts)),
        ("roll.why.double", lambda: is_double_compressed(cover)),
    )
    return next((key for key, is_so in checks if is_so()), "")


def _tells_distances(cover: Cover) -> bool:
    """Say whether the file tells where in it further pictures lie (CIPA DC-007): a scan of other length moves them."""
    pieces = cover.picture.pieces
    told = any(piece.marker == APP2 and piece.payload.startswith(b"MPF\0") for piece in pieces)
    return told and any(piece.marker == TRAILER for piece in pieces)


def _is_edited(cover: Cover) -> bool:
    pieces = cover.picture.pieces
    if any(piece.marker == APP14 and piece.payload.startswith(b"Adobe") for piece in pieces):
        return True
    if any(piece.marker == _APP13 and piece.payload.startswith(b"Photoshop") for piece in pieces):
        return True
    tiff = Tiff.open(exif_in(pieces))
    if tiff is None:
        return any(piece.marker == APP0 and piece.payload.startswith(b"JFIF\0") for piece in pieces) and any(
            piece.marker == COM for piece in pieces
        )
    main = tiff.directory(tiff.first_offset).entries
    detail = tiff.directory(tiff.number(main.get(EXIF_IFD)) or 0).entries
    said = [tiff.text(main.get(_SOFTWARE)), tiff.text(main.get(_PROCESSING)), tiff.text(detail.get(_SOFTWARE))]
    return any(_EDITORS.search(text) for text in said if text)


def _blown_share(cover: Cover, counts: NDArray[np.uint8]) -> float:
    """Return the share of blocks that are white or black all over: next to nothing happens there but changes."""
    luma = cover.picture.frame.components[0]
    step = int(cover.picture.header.quantisers[luma.quantiser][0])
    level = cover.picture.coefficients[cover.rows, 0].astype(np.int32) * step / 8
    return float(np.mean(((level > 122) | (level < -124)) & (counts == 0)))


def is_double_compressed(cover: Cover) -> bool:
    """Say whether the histograms of low frequencies have the gaps and peaks of an earlier quantisation.

    A camera quantises once: each histogram falls from 0 to both sides. Where values were multiples of another step
    before, some bins are (nearly) empty between full ones. Source: Lukas, Fridrich, "Estimation of Primary Quantization
    Matrix in Double Compressed JPEG Images", DFRWS 2003.
    """
    rows = cover.picture.coefficients[cover.rows[:: max(1, len(cover.rows) // 60_000)], 1:10]
    gapped = sum(_gaps(np.bincount(np.minimum(np.abs(rows[:, k]), 40), minlength=41)) >= 2 for k in range(9))
    return bool(gapped >= 2)


_FEWEST = 60  # in a bin, so that chance makes no gap before it
_WIDEST = 6  # bins that an earlier step may leave empty in a row


def _gaps(counts: NDArray[np.int64]) -> int:
    """Count bins that hold less than half of what one a little further out holds."""
    inner = counts[1 : 40 - _WIDEST]
    outer = np.max([counts[1 + step : 40 - _WIDEST + step] for step in range(1, _WIDEST + 1)], axis=0)
    return int(((outer > _FEWEST) & (inner < 0.5 * outer)).sum())


def likeness(cover: Cover) -> NDArray[np.float32]:
    """Return a photograph's look in 16 x 16 grey levels, to find others that show the same; shape (256,)."""
    luma = cover.picture.frame.components[0]
    step = int(cover.picture.header.quantisers[luma.quantiser][0])
    grey = cover.picture.coefficients[cover.rows, 0].reshape(luma.blocks_high, luma.blocks_wide) * (step / 8)
    down = np.linspace(0, luma.blocks_high, 17).astype(int)[:-1]
    across = np.linspace(0, luma.blocks_wide, 17).astype(int)[:-1]
    if luma.blocks_high < 16 or luma.blocks_wide < 16:
        return np.zeros(256, np.float32)
    sums = np.add.reduceat(np.add.reduceat(grey, down, axis=0), across, axis=1)
    sizes = np.outer(np.diff(np.append(down, luma.blocks_high)), np.diff(np.append(across, luma.blocks_wide)))
    means: NDArray[np.float32] = (sums / sizes).astype(np.float32).reshape(-1)
    return means


# Mean difference in grey levels below which two looks are of one picture: copies differ by 1.5, and the nearest two
# frames of the rolls that were looked at, taken side by side, by 10.
SAME_LEVELS = 3.0


def twins(looks: Sequence[NDArray[np.float32]]) -> set[int]:
    """Return the photographs that show what another one shows: duplicates, and copies made larger, smaller or anew."""
    found: set[int] = set()
    table = np.array(looks, np.float32).reshape(len(looks), 256)
    for number, look in enumerate(table):
        apart = np.abs(table[number + 1 :] - look).mean(axis=1)
        same = np.flatnonzero(apart < SAME_LEVELS) + number + 1
        if len(same):
            found |= {number, *same.tolist()}
    return found
