"""The face finder after one look, after two, and as it is: what each further look is worth, on the same passes."""

from __future__ import annotations

import numpy as np
from labelled_faces import Pixels
from numpy.typing import NDArray

from fifthfloor.redact import faces
from fifthfloor.redact.faces import Face
from fifthfloor.redact.resizing import scaled

LOOKS = ("one look", "two looks", "three looks")
Boxes = NDArray[np.float32]


def looks(pixels: Pixels) -> dict[str, list[Face]]:
    """Find faces with one, two and three looks; "three looks" is what `find_faces` does."""
    height, width = pixels.shape[:2]
    scales = [scale for scale in faces.SCALES if faces._worth(height, width, scale)]
    first = faces._one_each(np.concatenate([faces._pass(scaled(pixels, scale), scale) for scale in scales]))
    first = first[: faces.MAX_CANDIDATES]
    second = faces._agreed(first[:, 4], faces._look_alone(pixels, first, lambda crop: crop))
    found = {"one look": first[:, 4], "two looks": second, "three looks": faces._looked_again(pixels, first)}
    return {look: _faces(np.column_stack([first[:, :4], scores])) for look, scores in found.items()}


def _faces(boxes: Boxes) -> list[Face]:
    boxes = faces._with_turns(boxes[np.argsort(-boxes[:, 4], kind="stable")], 0)
    boxes = faces._not_hidden_already(boxes)
    return [Face(int(box[0]), int(box[1]), int(box[2]), int(box[3]), float(box[4])) for box in boxes]
