"""How much of what the full size hides its rendition shows, and what hiding all of it costs: by geometry alone.

`python bench/rendition_parts.py`: the labelled faces (`labelled_faces.py`) of `../shared/photos/cameras` with a quarter
around them, snapped as `protect` snaps them. "Boxes" maps the boxes themselves, as was done until November 2026.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import numpy as np
from labelled_faces import LABELS, PHOTOS
from measure import row
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.errors import FifthFloorError
from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture, canonicalise
from fifthfloor.redact.boxes import Box, as_shown, runs_of
from fifthfloor.redact.rendition import KERNEL_PIXELS, LONG_EDGE_PIXELS, TILE_MCUS, hidden_in_rendition
from fifthfloor.statement.hidden_runs import Runs, to_marks

Mask = NDArray[np.bool_]


def main() -> None:
    shown: dict[str, list[float]] = {"boxes": [], "parts": []}
    grey: dict[str, list[float]] = {"boxes": [], "parts": []}
    faces_pixels: list[float] = []
    for name, faces in json.loads(LABELS.read_text(encoding="utf-8")).items():
        if not (PHOTOS / name).is_file():
            continue
        try:
            picture = canonicalise((PHOTOS / name).read_bytes())
        except FifthFloorError:
            continue
        full = picture.header
        if max(full.width, full.height) <= LONG_EDGE_PIXELS:
            continue
        scale = LONG_EDGE_PIXELS / max(full.width, full.height)
        small = _small(full, scale)
        boxes = [_with_margin(face, as_shown(full)) for face in faces]
        runs = runs_of(picture, boxes)
        hidden = _pixels(full, runs)
        faces_pixels.append(sum((b.right - b.left) * (b.bottom - b.top) for b in boxes) * scale**2)
        old = runs_of(small, _mapped(boxes, scale, as_shown(small.header)))
        for way, found in (("boxes", old), ("parts", hidden_in_rendition(runs, full, small.header))):
            also = _pixels(small.header, found)
            y, x = np.nonzero(hidden)
            top, left = (
                np.minimum((at * scale).astype(int), end - 1) for at, end in zip((y, x), also.shape, strict=True)
            )
            shown[way].append(1 - float(also[top, left].mean()))
            grey[way].append(float(also.sum()))
    for way in shown:
        worst, median = max(shown[way]), float(np.median(shown[way]))
        row(
            f"{way}: of what {len(faces_pixels)} full sizes hide is shown",
            f"median {median:.3f}, worst {worst:.3f}",
            "0",
            not worst,
        )
        each = np.array(grey[way]) / np.array(faces_pixels)
        said = f"{sum(grey[way]) / sum(faces_pixels):.2f}, median {np.median(each):.2f}, worst {each.max():.1f}"
        row(f"{way}: grey of the rendition to faces with a quarter around them", said, "1.5", None)


def _small(full: CanonicalHeader, scale: float) -> CanonicalPicture:
    out = io.BytesIO()
    size = max(1, round(full.width * scale)), max(1, round(full.height * scale))
    Image.new("RGB", size).save(out, "JPEG", subsampling="4:2:0")
    return canonicalise(out.getvalue(), TILE_MCUS).with_header(orientation=full.orientation, profile=full.profile)


def _with_margin(face: Sequence[object], size: tuple[int, int]) -> Box:
    left, top, right, bottom = (float(str(side)) for side in face[:4])
    wide, high = (right - left) / 4, (bottom - top) / 4
    return Box(
        max(0, int(left - wide)),
        max(0, int(top - high)),
        min(size[0], int(right + wide) + 1),
        min(size[1], int(bottom + high) + 1),
    )


def _mapped(boxes: Sequence[Box], scale: float, size: tuple[int, int]) -> list[Box]:
    spare = KERNEL_PIXELS + 1
    return [
        Box(
            max(0, int(box.left * scale) - spare),
            max(0, int(box.top * scale) - spare),
            min(size[0], int(box.right * scale) + 1 + spare),
            min(size[1], int(box.bottom * scale) + 1 + spare),
        )
        for box in boxes
    ]


def _pixels(header: CanonicalHeader, runs: Runs) -> Mask:
    """True where a picture is hidden, as it is stored."""
    across, down = (8 * max(pair[axis] for pair in header.sampling) for axis in (0, 1))
    mcus = np.repeat(to_marks(runs, header.intervals), header.interval_mcus)[: header.mcus]
    grid = mcus.reshape(header.frame.mcus_high, header.frame.mcus_wide)
    return np.repeat(np.repeat(grid, down, axis=0), across, axis=1)[: header.height, : header.width]


if __name__ == "__main__":
    main()
