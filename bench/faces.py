"""Recall of the face finder by height and kind, false boxes, speed and memory: rows for docs/performance/people.md.

    python bench/faces.py [scenes a cell, default 1]

A face counts as hidden if the box around its head covers at least 80 % of it and is not four times as high. "one look"
is the same finder without the second look, "two looks" without the third; compare them by their false boxes.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
from face_looks import looks
from labelled_faces import PHOTOS, is_hidden
from measure import helped
from PIL import Image
from planted_faces import KINDS, scenes

from fifthfloor.redact import faces
from fifthfloor.redact.faces import find_faces, head_box

HEIGHTS = (10, 14, 18, 24, 32, 48, 64)
ONE_LOOK = (0.05, 0.08, 0.1, 0.2)
ALL_LOOKS = (faces.DOUBTFUL, faces.THRESHOLD, faces.SURE)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rules = [*(("one look", at) for at in ONE_LOOK), ("two looks", faces.THRESHOLD)]
    rules += [("three looks", at) for at in ALL_LOOKS]
    hits: dict[tuple[str, float, str, int], list[bool]] = {}
    for kind in KINDS:
        for height in HEIGHTS:
            for scene in scenes(kind, height, count, seed=3):
                found = looks(scene.pixels)
                for look, at in rules:
                    boxes = [head_box(face, 1024, 768) for face in found[look] if face.score >= at]
                    hits.setdefault((look, at, kind, height), []).extend(is_hidden(f, boxes) for f in scene.faces)
    false, megapixels = empty_pictures(rules)
    print("| finder | false boxes a MP | " + " | ".join(f"{h} px" for h in HEIGHTS) + " |")
    print("|---|---|" + "---|" * len(HEIGHTS))
    for look, at in rules:
        cells = [np.mean([hit for kind in KINDS for hit in hits[look, at, kind, height]]) for height in HEIGHTS]
        row = " | ".join(f"{cell:.2f}" for cell in cells)
        print(f"| {look}, {at} | {false[look, at] / megapixels:.2f} | {row} |")
    print("\n| three looks, " + str(faces.THRESHOLD) + " | " + " | ".join(f"{h} px" for h in HEIGHTS) + " |")
    print("|---|" + "---|" * len(HEIGHTS))
    for kind in KINDS:
        row = " | ".join(f"{np.mean(hits['three looks', faces.THRESHOLD, kind, h]):.2f}" for h in HEIGHTS)
        print(f"| {kind} | {row} |")
    speed()


def empty_pictures(rules: list[tuple[str, float]]) -> tuple[dict[tuple[str, float], int], float]:
    """Count boxes in whole photographs in which nobody is (statues count as false)."""
    false = dict.fromkeys(rules, 0)
    megapixels = 0.0
    for file in sorted((PHOTOS / "roll").glob("*.JPG"))[::5]:
        pixels = np.asarray(Image.open(file).convert("RGB"))
        megapixels += pixels.size / 3e6
        found = looks(pixels)
        for look, at in rules:
            false[look, at] += sum(face.score >= at for face in found[look])
    return false, megapixels


def speed() -> None:
    """Print megapixels a CPU second, and memory, at 24 MP."""
    photo = Image.open(PHOTOS / "roll/IMG_1042.JPG").convert("RGB").resize((6000, 4000))
    pixels = np.asarray(photo)
    find_faces(pixels[:64, :64])
    start = time.process_time()
    find_faces(pixels)
    rate = pixels.size / 3e6 / (time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n| 24 MP | {rate:.2f} MP a CPU second (at least 1.5) | {peak:.0f} MB (at most 1500) |")


if __name__ == "__main__":
    helped(__doc__)
    main()
