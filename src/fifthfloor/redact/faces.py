"""Where the faces are: one function from pixels to boxes, so that a better finder drops in.

Rule 1: a face that is missed may cost someone their liberty, a box too many costs a click: the threshold is low,
        and a person looks at every photograph afterwards.
Rule 2: every pixel is looked at in full resolution, in tiles that overlap by more than a face of one pass is high;
        larger faces are found in the same photograph made smaller. Whatever looked like one is looked at again alone,
        and what may still be one a third time with the light on it evened out, for faces in the shade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fifthfloor.redact.networks import letting_go, network
from fifthfloor.redact.pixels import Pixels as Pixels
from fifthfloor.redact.pixels import ShownPixels, StripPixels, by_columns, turned
from fifthfloor.redact.resizing import enlarged, reduced, scaled

Change = Callable[[NDArray[np.float32]], NDArray[np.float32]]

CENTERFACE = "centerface.onnx"
# Hidden from here on; docs/performance/people.md has what each threshold finds, and how much goes grey for nothing.
SURE = 0.14
# One that would make more of the photograph grey than this share must be surer: a cat was, at 0.2, a face of a third.
LARGE_SHARE, SURE_LARGE = 0.01, 0.3
# From here on a question to the person, who must answer it: of twenty such finds one is a face.
THRESHOLD = 0.08
# Shown to the person as "hardly looks like a face": nearly all of these are stones and leaves.
DOUBTFUL = 0.05
# First look: everything that could be a face gets a second look.
CANDIDATE = 0.02
# 1,536 squared costs 560 MB in the finder; the overlap must hold the largest face that the next pass, at a third of
# the size, would not find better (72 pixels and up it does).
TILE_PX = 1536
OVERLAP_PX = 128
SCALES = (1.0, 1 / 3, 1 / 9)
MIN_PASS_PX = 64  # a smaller picture than this shows nothing that the pass before did not
STRIDE_PX = 32  # the finder's deepest layer is 1/32; anything else is padded
CELL_PX = 4  # one answer for each 4 x 4 pixels
SAME_FACE = 0.3  # intersection over union from which two boxes are one face
# Second look: each candidate alone, brought to the size at which the finder is best.
CROP_PX = 96
CROP_FACE_PX = 40
CROPS_AT_ONCE = 16  # more would leave the processor's cache
CENTRE_CELLS = 3  # how far from the middle of the crop its answer may lie
# Third look: only what two looks leave at this score or more; nearly all that they put lower is stones and leaves.
HOPE = 0.03
# The middle of the crop is brought to this range of brightness, step by step: black and white keep some room.
DARKEST, BRIGHTEST, STEPS = 10, 240, 16
# How much of a face's width and height is hidden beyond it: sides, above, below. The finder places a small face less
# exactly, and a large one takes most of what goes grey; between the two heights the margins shrink evenly.
SMALL_PX, SMALL_MARGINS = 32, (0.5, 0.6, 0.35)
LARGE_PX, LARGE_MARGINS = 96, (0.25, 0.35, 0.2)
# The tiles of a picture hide beyond a box on every side: half of one is taken from the margin, so that on the whole
# what goes grey is what was meant; but so much of the face's size stays hidden around it in any case.
LEAST_MARGIN = 0.15
# An uncertain find that a sure head covers by this much of its area hides nothing more.
COVERED = 0.5
# Faces that lie or stand on their heads: looked for in the photograph turned and made half as large, so that the three
# looks cost three quarters of the first. A find there is believed less: as many log odds as turn 0.35 into SURE.
TURNED_SCALES = (1 / 2, 1 / 6)
TURNED_DOUBT = 1.2
LYING_FACES = 2  # from so many on a photograph may be one that lies; one face may be a stone
# A picture of nothing but faces has fewer; bounds the second look on noise.
MAX_CANDIDATES = 4000


@dataclass(frozen=True, slots=True)
class Face:
    """A face, or what looks like one.

    Args:
        left_px, top_px, right_px, bottom_px: from the top left of the pixels given; right and bottom lie outside.
        score: 0 to 1, how sure the finder is.
        turns: quarter turns to the left that bring the face upright, 0 to 3.
    """

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int
    score: float
    turns: int = 0

    @property
    def height_px(self) -> int:
        return self.bottom_px - self.top_px

    def is_sure_in(self, width_px: int, height_px: int) -> bool:
        """Tell whether the finder is sure enough, in a photograph of that size, to hide it without a question."""
        share = (self.right_px - self.left_px) * self.height_px / (width_px * height_px)
        return self.score >= (SURE_LARGE if share > LARGE_SHARE else SURE)


def find_faces(pixels: ShownPixels, threshold: float = THRESHOLD) -> tuple[Face, ...]:
    """Find the faces in a photograph.

    Args:
        pixels: uint8, shape (height, width, 3), red, green, blue, upright; or what stands for them.
        threshold: score from which something is a face, 0 to 1.

    Returns:
        Faces without overlaps, surest first. Fewer than there are: see `docs/performance/people.md`.
    """
    if not isinstance(pixels, StripPixels) and (pixels.dtype != np.uint8 or pixels.shape[2:] != (3,)):
        raise ValueError("pixels must be uint8 of shape (height, width, 3)")
    height, width = pixels.shape[:2]
    upright = _with_turns(_found(pixels, SCALES), 0)
    lain = {turns: _doubted(_turned(pixels, turns, TURNED_SCALES)) for turns in (1, 2, 3)}
    lying = _lies(upright, lain)
    if lying:
        lain[lying] = _turned(pixels, lying, SCALES)
    boxes = np.concatenate([upright, *lain.values()])
    boxes = boxes[boxes[:, 4] >= threshold]
    boxes = _not_hidden_already(_one_each(boxes))
    limits = np.array([width, height, width, height])
    edges = np.clip(np.concatenate([np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:4])], axis=1), 0, limits).astype(int)
    return tuple(
        Face(int(left), int(top), int(right), int(bottom), float(score), int(turns))
        for (left, top, right, bottom), score, turns in zip(edges, boxes[:, 4], boxes[:, 5], strict=True)
        if right > left and bottom > top
    )


def head_box(face: Face, width_px: int, height_px: int, tile_px: tuple[int, int] = (0, 0)) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the head and hair around a face, within the photograph.

    Args:
        tile_px: width and height of what is hidden at once, which boxes are rounded outwards to.

    The finder's box ends at the forehead, the cheeks and the chin; hair, ears and the outline of a head are known to
    friends and to machines. So more is added above than below, where "above" is where the face has it.
    """
    box = (face.left_px, face.top_px, face.right_px, face.bottom_px)
    head = _heads(np.array([[*box, face.score, face.turns]]))[0]
    margins = np.abs(head - np.array(box))
    half_tile, size = np.array([*tile_px, *tile_px]) / 2, np.diff(np.array(box).reshape(2, 2), axis=0)[0]
    margins = np.minimum(margins, np.maximum(margins - half_tile, LEAST_MARGIN * np.array([*size, *size])))
    left, top, right, bottom = (round(float(edge)) for edge in np.array(box) + margins * np.array([-1, -1, 1, 1]))
    return max(0, left), max(0, top), min(width_px, right), min(height_px, bottom)


def _heads(boxes: NDArray[Any]) -> NDArray[np.float64]:
    """Return the head around each face, (n, 4); `boxes` is (n, 6): edges, score, turns."""
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    turns = boxes[:, 5].astype(int)
    height = np.where(turns % 2, wide, high)
    share = np.clip((height - SMALL_PX) / (LARGE_PX - SMALL_PX), 0, 1)[:, None]
    side, above, below = ((1 - share) * SMALL_MARGINS + share * LARGE_MARGINS).T
    # Upright: left, top, right, bottom. The top of a face that is turned points right, down, or left.
    around = np.stack([side, above, side, below], axis=1)
    turned = np.array([np.roll(margins, turn) for margins, turn in zip(around, turns, strict=True)]).reshape(-1, 4)
    heads: NDArray[np.float64] = boxes[:, :4] + turned * np.stack([-wide, -high, wide, high], axis=1)
    return heads


def _found(pixels: ShownPixels, scales: tuple[float, ...]) -> NDArray[np.float32]:
    """Look at a photograph upright; (n, 5) boxes with the score of all looks, none left out."""
    height, width = pixels.shape[:2]
    found = [
        _pass(pixels if scale == 1 else scaled(pixels, scale), scale)
        for scale in scales
        if _worth(height, width, scale)
    ]
    boxes = _one_each(np.concatenate([np.empty((0, 5), np.float32), *found]))[:MAX_CANDIDATES]
    boxes[:, 4] = _looked_again(pixels, boxes)
    return boxes


def _lies(upright: NDArray[np.float32], turned: dict[int, NDArray[np.float32]]) -> int:
    """Return how often a photograph must be turned because it lies itself, as one that has lost its orientation; or 0.

    Then more faces are sure that way, doubt and all, than as it stands with the same doubt: stones and leaves pass for
    faces, but hardly as sure. It is looked at that way once more, in full size and without doubt; what is found as it
    stands counts as before.
    """
    sure = {turns: int((boxes[:, 4] >= SURE).sum()) for turns, boxes in turned.items()}
    best = max(sure, key=lambda turns: sure[turns])
    return best if sure[best] >= LYING_FACES and sure[best] > int((_doubted(upright.copy())[:, 4] >= SURE).sum()) else 0


def _doubted(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Believe finds less, by TURNED_DOUBT."""
    odds = np.clip(boxes[:, 4].astype(np.float64), 1e-4, 1 - 1e-4)
    boxes[:, 4] = 1 / (1 + (1 - odds) / odds * np.exp(TURNED_DOUBT))
    return boxes


def _turned(pixels: ShownPixels, turns: int, scales: tuple[float, ...]) -> NDArray[np.float32]:
    """Look at a photograph turned to the left `turns` times; (n, 6) boxes in the photograph as it stands."""
    height, width = pixels.shape[:2]
    boxes = _found(turned(pixels, turns), scales)
    left, top, right, bottom = boxes[:, :4].T.copy()
    if turns == 1:
        boxes[:, :4] = np.stack([width - bottom, left, width - top, right], axis=1)
    elif turns == 2:
        boxes[:, :4] = np.stack([width - right, height - bottom, width - left, height - top], axis=1)
    else:
        boxes[:, :4] = np.stack([top, height - right, bottom, height - left], axis=1)
    return _with_turns(boxes, turns)


def _with_turns(boxes: NDArray[np.float32], turns: int) -> NDArray[np.float32]:
    return np.concatenate([boxes, np.full((len(boxes), 1), turns, np.float32)], axis=1)


def _worth(height: int, width: int, scale: float) -> bool:
    return scale >= 1 or max(height, width) * scale >= MIN_PASS_PX


def _pass(pixels: ShownPixels, scale: float) -> NDArray[np.float32]:
    """Look at every tile; boxes (n, 5) in the coordinates of the photograph: left, top, right, bottom, score."""
    found = [np.empty((0, 5), np.float32)]
    for left, top, tile in _tiles(pixels):
        boxes = _look(tile)
        boxes[:, :4] += np.array([left, top, left, top], np.float32)
        found.append(boxes)
    boxes = np.concatenate(found)
    boxes[:, :4] /= scale
    return boxes


def _tiles(pixels: ShownPixels) -> Iterator[tuple[int, int, Pixels]]:
    height, width = pixels.shape[:2]
    corners = [(left, top) for top in _starts(height) for left in _starts(width)]
    for left, top in sorted(corners) if by_columns(pixels) else corners:
        yield left, top, pixels[top : top + TILE_PX, left : left + TILE_PX]


def _starts(length_px: int) -> list[int]:
    """Return where tiles begin so that they cover the length evenly, each overlapping the next."""
    if length_px <= TILE_PX:
        return [0]
    count = -(-(length_px - OVERLAP_PX) // (TILE_PX - OVERLAP_PX))
    return [round(i * (length_px - TILE_PX) / (count - 1)) for i in range(count)]


def _look(tile: Pixels) -> NDArray[np.float32]:
    """Run the finder over one tile and read its answer (CenterFace, section 3: heat map, log size, offset)."""
    height, width = tile.shape[:2]
    padded = np.zeros((1, 3, -(-height // STRIDE_PX) * STRIDE_PX, -(-width // STRIDE_PX) * STRIDE_PX), np.float32)
    padded[0, :, :height, :width] = tile.transpose(2, 0, 1)
    answers = network(CENTERFACE).run(["537", "538", "539"], {"input.1": padded}, letting_go())
    heat, log_size, offset = (answer[0] for answer in answers)
    rows, columns = np.nonzero(heat[0] > CANDIDATE)
    # What is larger than the tile that it was seen in, nobody saw; without the limit it would overflow, too.
    half = np.exp(np.minimum(log_size[:, rows, columns], np.log(TILE_PX / CELL_PX))) * (CELL_PX / 2)
    middle_y = (rows + offset[0, rows, columns] + 0.5) * CELL_PX
    middle_x = (columns + offset[1, rows, columns] + 0.5) * CELL_PX
    score = heat[0, rows, columns]
    boxes = np.stack([middle_x - half[1], middle_y - half[0], middle_x + half[1], middle_y + half[0], score], axis=1)
    return _one_each(boxes.astype(np.float32))


def _looked_again(pixels: ShownPixels, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Look at each candidate alone, and a third time at what may be a face; the scores of all looks joined, (n,)."""
    if isinstance(pixels, StripPixels):
        # In the order in which they stand in the file: each strip is decoded once and not a thousand times.
        order = np.argsort(boxes[:, 0 if by_columns(pixels) else 1], kind="stable")
    else:
        order = np.arange(len(boxes))
    scores = np.empty(len(boxes), np.float32)
    scores[order] = _looked_again_at(pixels, boxes[order])
    return scores


def _looked_again_at(pixels: ShownPixels, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    second = _look_alone(pixels, boxes, lambda crop: crop)
    scores = _agreed(boxes[:, 4], second)
    hopeful = scores >= HOPE
    third = _look_alone(pixels, boxes[hopeful], _evened)
    scores[hopeful] = _agreed(boxes[hopeful, 4], second[hopeful], third)
    return scores


def _look_alone(pixels: ShownPixels, boxes: NDArray[np.float32], changed: Change) -> NDArray[np.float32]:
    """Look at each candidate at the size the finder knows best; shape (n,), 0 to 1."""
    scores = np.zeros(len(boxes), np.float32)
    middle = CROP_PX // CELL_PX // 2
    near = slice(middle - CENTRE_CELLS, middle + CENTRE_CELLS)
    for first in range(0, len(boxes), CROPS_AT_ONCE):
        crops = np.stack([changed(_crop(pixels, box)) for box in boxes[first : first + CROPS_AT_ONCE]])
        heat = network(CENTERFACE).run(["537"], {"input.1": crops})[0]
        scores[first : first + len(crops)] = heat[:, 0, near, near].max(axis=(1, 2))
    return scores


def _evened(crop: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread the brightness of the middle of a crop evenly, as a histogram does, and keep the colours.

    A face against the light has 20 grey values of 256; the finder was taught on faces that have most of them.
    """
    edge = CROP_PX // 4
    grey = np.clip(crop.mean(axis=0), 1, 255)
    steps = np.percentile(grey[edge:-edge, edge:-edge], np.linspace(0, 100, STEPS + 1))
    steps += np.arange(STEPS + 1) * 1e-3  # equal steps would have no order
    evened = np.interp(grey, steps, np.linspace(DARKEST, BRIGHTEST, STEPS + 1))
    lit: NDArray[np.float32] = np.clip(crop * (evened / grey), 0, 255).astype(np.float32)
    return lit


def _crop(pixels: ShownPixels, box: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut a square around a candidate; what lies outside of the photograph is black."""
    left, top, right, bottom = (float(edge) for edge in box[:4])
    size = max(right - left, bottom - top, 1)
    half = size * CROP_PX / CROP_FACE_PX / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    cut = enlarged if size <= CROP_FACE_PX else reduced
    crop = cut(pixels, (x - half, y - half, x + half, y + half), CROP_PX)
    return crop.transpose(2, 0, 1).astype(np.float32)


def _not_hidden_already(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Leave out uncertain finds that the head of a sure one covers: the same face, seen from a little aside.

    Args:
        boxes: shape (n, 6), surest first.
    """
    sure = int((boxes[:, 4] >= SURE).sum())
    kept = list(boxes[:sure])
    heads = _heads(boxes[:sure])
    for box in boxes[sure:]:
        covered = np.maximum(0, np.minimum(heads[:, 2:], box[2:4]) - np.maximum(heads[:, :2], box[:2])).prod(axis=1)
        if not (covered >= COVERED * (box[2:4] - box[:2]).prod()).any():
            kept.append(box)
    return np.array(kept, np.float32).reshape(-1, 6)


def _agreed(first: NDArray[np.float32], *again: NDArray[np.float32]) -> NDArray[np.float32]:
    """Join looks as a score again: the mean of their log odds, the first counted twice (it knows the scene)."""
    odds = [np.log(p / (1 - p)) for p in (np.clip(look.astype(np.float64), 1e-4, 1 - 1e-4) for look in (first, *again))]
    joined: NDArray[np.float32] = (1 / (1 + np.exp(-(odds[0] + sum(odds)) / (len(odds) + 1)))).astype(np.float32)
    return joined


def _one_each(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep of all boxes that show one face the surest (greedy non-maximum suppression), surest first."""
    boxes = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    columns = boxes.shape[1]
    kept = []
    while len(boxes):
        first, boxes = boxes[0], boxes[1:]
        kept.append(first)
        shared = np.maximum(0, np.minimum(boxes[:, 2:4], first[2:4]) - np.maximum(boxes[:, :2], first[:2])).prod(axis=1)
        area = (boxes[:, 2:4] - boxes[:, :2]).prod(axis=1)
        boxes = boxes[shared < SAME_FACE * (area + (first[2:4] - first[:2]).prod() - shared)]
    return np.array(kept, np.float32).reshape(-1, columns)
