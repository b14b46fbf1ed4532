"""Where writing is: number plates, name tags, badges, signs, screens. A suggestion to a person, and nothing else.

Rule 1: writing is never hidden by itself and never asked about: most of it says nothing, and some of it everything.
Rule 2: it is looked for, never read: nothing here knows letters, and nothing of what is written is kept.
Rule 3: the answer is bounded: a page of a newspaper is some blocks and not ten thousand words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.redact.areas import root_of
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import merged
from fifthfloor.redact.networks import letting_go, network
from fifthfloor.redact.pixels import Pixels, ShownPixels
from fifthfloor.redact.resizing import scaled

SeenPixels = NDArray[np.float16]

# Half the size finds letters of 12 pixels in the photograph at a third of the cost; the eighth, large signs.
_TEXT_SCALES = (1 / 2, 1 / 8)
# A photograph of at most so many pixels is looked at as it is: its letters are small too.
_SMALL_PIXELS = 3_000_000
_SMALL_SCALES = (1, 1 / 4)
# 1,024 squared costs 200 to 280 MB in the finder; the overlap holds a line of small writing's height several times.
_LINES_PX = 1024
_TEXT_OVERLAP_PX = 96
_TEXT_STRIDE_PX = 32  # the finder's deepest layer is 1/32; anything else is padded
# In a smaller picture than this all things look like letters.
_MIN_TEXT_PASS_PX = 480
# Nor is anything a sign that takes more of the photograph than this; whoever photographs a page knows that it is one.
_LARGE_TEXT_SHARE = 0.2
# As PP-OCR uses them: from here on a pixel is writing, and from here on what they make together is.
_PIXEL = 0.3
_TEXT_THRESHOLD = 0.5
# The finder was taught the middle of a line; this brings back its edge (area to circumference, PP-OCR's unclip_ratio).
_UNCLIP = 1.6
_LEAST_PX = 3  # of the scaled photograph: lower is a scratch
# Letters and gaps of one line differ by less than this share of its height; lines of one sign too.
_NEAR_LINES = 0.6
# Looked through at a time, in four times as many bytes a pixel.
_ROWS_AT_ONCE = 128
# The surest are kept; bounds the joining on a picture that is nothing but writing.
_MAX_ISLANDS = 1000


@dataclass(frozen=True, slots=True)
class Writing:
    """A place with writing in the photograph, and how sure the finder is, 0 to 1."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class _Runs:
    """What looks like writing, row by row from the top: in each row from `starts` up to `ends`, in all `sums`."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sums: NDArray[np.float64]


def find_writing(pixels: ShownPixels) -> tuple[Writing, ...]:
    """Find what looks like writing.

    Args:
        pixels: uint8, shape (height, width, 3), red, green, blue, upright; or what stands for them.

    Returns:
        Blocks without large overlaps, surest first. Fewer than there are: see `docs/performance/people.md`.
    """
    height, width = pixels.shape[:2]
    found = []
    for scale in _SMALL_SCALES if height * width <= _SMALL_PIXELS else _TEXT_SCALES:
        if scale < 1 and max(height, width) * scale < _MIN_TEXT_PASS_PX:
            continue
        seen = _looked_at(scaled(pixels, scale))
        size = seen.shape[1], seen.shape[0]
        for left, top, right, bottom, score in _islands(seen):
            x, y = width / size[0], height / size[1]
            box = Box(int(left * x), int(top * y), min(width, int(right * x) + 1), min(height, int(bottom * y) + 1))
            if (box.right - box.left) * (box.bottom - box.top) <= _LARGE_TEXT_SHARE * width * height:
                found.append(Writing(box, score))
    found.sort(key=lambda one: -one.score)
    blocks = _blocks([one.box for one in found[:_MAX_ISLANDS]])
    written = [Writing(box, max(one.score for one in found if _touches(one.box, box))) for box in blocks]
    return tuple(sorted(written, key=lambda one: -one.score))


def _looked_at(pixels: Pixels) -> SeenPixels:
    """Return for each pixel of a photograph made smaller how much it looks like writing."""
    height, width = pixels.shape[:2]
    seen = np.zeros((height, width), np.float16)
    for top in _starts(height):
        for left in _starts(width):
            place = seen[top : top + _LINES_PX, left : left + _LINES_PX]
            tile = pixels[top : top + _LINES_PX, left : left + _LINES_PX]
            np.maximum(place, _look(tile), out=place, casting="same_kind")
    return seen


def _starts(length_px: int) -> Iterator[int]:
    """Return where tiles begin so that they cover the length evenly, each overlapping the next."""
    count = 1 if length_px <= _LINES_PX else -(-(length_px - _TEXT_OVERLAP_PX) // (_LINES_PX - _TEXT_OVERLAP_PX))
    return (round(i * (length_px - _LINES_PX) / max(1, count - 1)) for i in range(count))


def _look(tile: Pixels) -> NDArray[np.float32]:
    height, width = tile.shape[:2]
    padded = np.zeros(
        (
            1,
            3,
            -(-height // _TEXT_STRIDE_PX) * _TEXT_STRIDE_PX,
            -(-width // _TEXT_STRIDE_PX) * _TEXT_STRIDE_PX,
        ),
        np.float32,
    )
    # It was taught blue, green, red, each from -1 to 1.
    padded[0, :, :height, :width] = tile[:, :, ::-1].transpose(2, 0, 1) / np.float32(127.5) - 1
    seen: NDArray[np.float32] = network("writing.onnx").run(["writing"], {"pixels": padded}, letting_go())[0][
        0, 0, :height, :width
    ]
    return seen


def _islands(seen: SeenPixels) -> Iterator[tuple[float, float, float, float, float]]:
    """Yield left, top, right, bottom and score of what hangs together, with its edge."""
    runs = _runs(seen)
    which, count = _labelled(runs)
    sizes = np.bincount(which, runs.ends - runs.starts, count)
    scores = np.bincount(which, runs.sums, count) / np.maximum(1, sizes)
    edges = np.empty((4, count), np.int64)
    edges[:2], edges[2:] = max(seen.shape), 0
    np.minimum.at(edges[0], which, runs.starts)
    np.minimum.at(edges[1], which, runs.rows)
    np.maximum.at(edges[2], which, runs.ends)
    np.maximum.at(edges[3], which, runs.rows + 1)
    for number in range(count):
        left, top, right, bottom = (int(edge) for edge in edges[:, number])
        wide, high = right - left, bottom - top
        score = float(scores[number])
        if min(wide, high) < _LEAST_PX or score < _TEXT_THRESHOLD:
            continue
        edge = wide * high * _UNCLIP / (2 * (wide + high))
        yield max(0.0, left - edge), max(0.0, top - edge), right + edge, bottom + edge, score


def _runs(seen: SeenPixels) -> _Runs:
    """Find what looks like writing in each row; some rows at a time, for the steps between need many bytes a pixel."""
    found = [(np.empty(0, np.int64),) * 3 + (np.empty(0),)]
    for first in range(0, seen.shape[0], _ROWS_AT_ONCE):
        strip = seen[first : first + _ROWS_AT_ONCE].astype(np.float64)
        mask = strip > _PIXEL
        change = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        rows, starts = np.nonzero(change == 1)
        ends = np.nonzero(change == -1)[1]
        before = np.concatenate([[0.0], np.cumsum(strip * mask)])
        offset = rows * seen.shape[1]
        found.append((rows + first, starts, ends, before[offset + ends] - before[offset + starts]))
    return _Runs(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _labelled(runs: _Runs) -> tuple[NDArray[np.int64], int]:
    """Number what hangs together (also at corners) from 0: the number of each run, and how many there are."""
    rows, starts, ends = (each.tolist() for each in (runs.rows, runs.starts, runs.ends))
    joined = list(range(len(rows)))
    above = 0
    for here in range(len(rows)):
        while rows[above] < rows[here] - 1 or (rows[above] == rows[here] - 1 and ends[above] < starts[here]):
            above += 1
        other = above
        while rows[other] == rows[here] - 1 and starts[other] <= ends[here]:
            joined[root_of(joined, here)] = root_of(joined, other)
            other += 1
    roots = np.array([root_of(joined, number) for number in range(len(rows))], np.int64)
    names, numbers = np.unique(roots, return_inverse=True)
    return numbers.reshape(-1), len(names)


def _blocks(boxes: list[Box]) -> tuple[Box, ...]:
    """Join words to lines and lines to signs: a person decides about a sign."""
    grown = []
    for box in boxes:
        spare = round(min(box.right - box.left, box.bottom - box.top) * _NEAR_LINES / 2)
        grown.append((box, Box(box.left - spare, box.top - spare, box.right + spare, box.bottom + spare)))
    groups = list(range(len(grown)))
    for one in range(len(grown)):
        for other in range(one):
            if _touches(grown[one][1], grown[other][1]):
                groups[root_of(groups, one)] = root_of(groups, other)
    members: dict[int, list[Box]] = {}
    for number, (box, _) in enumerate(grown):
        members.setdefault(root_of(groups, number), []).append(box)
    return merged([_around(group) for group in members.values()])


def _around(boxes: list[Box]) -> Box:
    lefts, tops = (box.left for box in boxes), (box.top for box in boxes)
    rights, bottoms = (box.right for box in boxes), (box.bottom for box in boxes)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _touches(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
