"""Recall of the face finder on labelled real photographs: rows for docs/performance/people.md.

    python bench/real_faces.py [--packages FOLDER] [--misses] [--compare] [--only shown|smaller] [--most N]

The first table is of the photographs as they are. The second brings each face to one height by making its photograph
smaller (with sensor noise and one JPEG, as a camera would), so that small faces stand where real people stand.
"""

from __future__ import annotations

import argparse
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import numpy as np
from face_looks import LOOKS, looks
from labelled_faces import KINDS, OVERLOOKED, Label, Labelled, Pixels, interval, is_hidden, photographs
from PIL import Image

from fifthfloor.redact import faces
from fifthfloor.redact.faces import Face, find_faces, head_box

MAX_PX = 10_000
CLASSES = ((8, 16), (16, 24), (24, 32), (32, 64), (64, 128), (128, MAX_PX))
HEIGHTS = (14, 18, 24, 32, 48)
AROUND = (512, 384)  # of the smaller photograph, around the face: what else stands there counts

Hits = dict[tuple[str, str], list[bool]]
Finder = Callable[[Pixels], dict[str, list[Face]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--misses", action="store_true", help="name every face that is not hidden")
    parser.add_argument("--compare", action="store_true", help="also with one look and with two")
    parser.add_argument("--only", choices=["shown", "smaller"], help="one of the two tables, in half the time")
    parser.add_argument("--most", type=int, help="only so many photographs; three take a minute")
    given = parser.parse_args()
    look_at = looks if given.compare else lambda pixels: {LOOKS[-1]: list(find_faces(pixels, faces.DOUBTFUL))}
    shown: dict[str, Hits] = {look: defaultdict(list) for look in LOOKS}
    smaller: dict[str, Hits] = {look: defaultdict(list) for look in LOOKS}
    false = dict.fromkeys(LOOKS, 0)
    pictures, megapixels = 0, 0.0
    for photo in islice(photographs(given.packages, empty=given.only != "smaller"), given.most):
        if given.only != "shown":
            made_smaller(photo, smaller, look_at)
        if given.only == "smaller":
            continue
        pictures += 1
        megapixels += photo.pixels.size / 3e6
        for look, found in look_at(photo.pixels).items():
            as_shown(photo, found, shown[look], given.misses and look == LOOKS[-1])
            hidden = [face for face in found if face.score >= faces.THRESHOLD]
            false[look] += sum(not near_any(face, photo.faces) for face in hidden)
    classes = [column_of(low) for low, _ in CLASSES]
    heights = [f"{height} px" for height in HEIGHTS]
    for title, columns, hits in (("as they are", classes, shown), ("made smaller", heights, smaller)):
        table(title, columns, hits[LOOKS[-1]])
        for look in LOOKS[:-1] if given.compare else ():
            people(f"people, {look}", columns, hits[look])
    for look, count in false.items():
        if megapixels and (given.compare or look == LOOKS[-1]):
            print(f"\n{look}: {count} false boxes in {pictures} photographs, {count / megapixels:.2f} a MP")


def heads(found: Iterable[Face], pixels: Pixels, threshold: float) -> list[tuple[int, int, int, int]]:
    height, width = pixels.shape[:2]
    return [head_box(face, width, height) for face in found if face.score >= threshold]


def column_of(height_px: float) -> str:
    low, high = next(each for each in CLASSES if each[0] <= height_px < each[1])
    return f"{low} to {high - 1} px" if high < MAX_PX else f"from {low} px"


def as_shown(photo: Labelled, found: list[Face], hits: Hits, misses: bool) -> None:
    boxes = heads(found, photo.pixels, faces.THRESHOLD)
    for face in photo.faces:
        hidden = is_hidden(face.box, boxes)
        kind = "doubtful" if face.doubtful else face.kind
        if kind == OVERLOOKED:
            continue
        hits[kind, column_of(face.height_px)].append(hidden)
        if misses and not hidden:
            print(f"missed: {photo.name} {face.box} {kind} {face.height_px:.0f} px")


def made_smaller(photo: Labelled, hits: dict[str, Hits], look_at: Finder) -> None:
    for number, face in enumerate(photo.faces):
        if face.doubtful or face.kind == OVERLOOKED:
            continue
        for height in HEIGHTS:
            if face.height_px >= height:
                pixels, box = small(photo.pixels, face, height, number)
                for look, found in look_at(pixels).items():
                    boxes = heads(found, pixels, faces.THRESHOLD)
                    hits[look][face.kind, f"{height} px"].append(is_hidden(box, boxes))


def small(pixels: Pixels, face: Label, height: int, seed: int) -> tuple[Pixels, tuple[float, float, float, float]]:
    """Make a photograph smaller so that a face has a height; what is around it, and the face's box there."""
    scale = height / face.height_px
    high, wide = pixels.shape[:2]
    left, top, right, bottom = (edge * scale for edge in face.box)
    x = min(max(0, (left + right - AROUND[0]) / 2), max(0, wide * scale - AROUND[0]))
    y = min(max(0, (top + bottom - AROUND[1]) / 2), max(0, high * scale - AROUND[1]))
    part = (x / scale, y / scale, min(wide, (x + AROUND[0]) / scale), min(high, (y + AROUND[1]) / scale))
    size = max(8, round((part[2] - part[0]) * scale)), max(8, round((part[3] - part[1]) * scale))
    image = Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS, box=part, reducing_gap=3.0)
    noisy = np.asarray(image) + np.random.default_rng([seed, height]).normal(0, 3, (size[1], size[0], 3))
    packed = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(packed, "JPEG", quality=90)
    return np.asarray(Image.open(packed).convert("RGB")), (left - x, top - y, right - x, bottom - y)


def near_any(found: Face, labels: Iterable[Label]) -> bool:
    """Tell whether a find is at a labelled face, doubtful or in a picture: then it is not false."""
    x, y = (found.left_px + found.right_px) / 2, (found.top_px + found.bottom_px) / 2
    for label in labels:
        left, top, right, bottom = label.box
        if left <= x <= right and top <= y <= bottom:
            return True
        if (
            found.left_px <= (left + right) / 2 <= found.right_px
            and found.top_px <= (top + bottom) / 2 <= found.bottom_px
        ):
            return True
    return False


def table(title: str, columns: list[str], hits: Hits) -> None:
    print(f"\n| {title} | " + " | ".join(columns) + " | all |\n|---|" + "---|" * (len(columns) + 1))
    kinds = [kind for kind in (*KINDS, "doubtful") if any(kind == one for one, _ in hits)]
    for kind in kinds:
        row(kind, [hits.get((kind, column), []) for column in columns])
    people("**people**", columns, hits)


def people(name: str, columns: list[str], hits: Hits) -> None:
    """Print a row of everybody who is no picture and not doubtful."""
    kinds = [kind for kind in KINDS if kind != "picture"]
    row(name, [[hit for kind in kinds for hit in hits.get((kind, column), [])] for column in columns])


def row(name: str, cells: list[list[bool]]) -> None:
    print(f"| {name} | " + " | ".join(map(cell, [*cells, [hit for one in cells for hit in one]])) + " |")


def cell(hits: list[bool]) -> str:
    if not hits:
        return ""
    low, high = interval(sum(hits), len(hits))
    return f"{sum(hits)}/{len(hits)} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
