"""A canvas and the few strokes the drawn journey is made of.

Rule 1: places and sizes are in picture heights (x from 0 to `canvas.aspect`, y from 0 at the top to 1), so that one
        scene fits every resolution.
Rule 2: a stroke touches only its own bounding box; a roll of sixty photographs is drawn while a person waits.
Rule 3: all chance comes from the generator a scene is given; the same seed draws the same picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Tint = tuple[float, float, float]
Paint = Tint | tuple[Tint, Tint]  # one colour, or top and bottom of a vertical gradient
Dot = tuple[float, float]
Painting = NDArray[np.float32]
Painted = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True)
class FaceBox:
    """Where a face was drawn, in pixels of the picture: left, top, width and height."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int


def mix(first: Tint, second: Tint, share: float) -> Tint:
    """Return `first` with `share` (0 to 1) of `second` in it."""
    r, g, b = (a + (z - a) * share for a, z in zip(first, second, strict=True))
    return (r, g, b)


def shade(colour: Tint, factor: float) -> Tint:
    """Return `colour` darker (factor below 1) or lighter (above 1)."""
    r, g, b = (min(1.0, c * factor) for c in colour)
    return (r, g, b)


class Canvas:
    """A picture being painted.

    Args:
        width_px: at least 16.
        height_px: at least 16.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        if width_px < 16 or height_px < 16:
            raise ValueError("a picture has at least 16 x 16 pixels")
        # One plane a colour: numpy is several times faster along rows than along triples.
        self.planes: Painting = np.zeros((3, height_px, width_px), np.float32)
        self.unit_px = height_px
        self.aspect = width_px / height_px
        self.faces: list[FaceBox] = []
        self._lowest_px = height_px

    @contextmanager
    def above(self, y: float) -> Iterator[None]:
        """Within, strokes end at the height `y`: for who stands behind a counter or a window sill."""
        before, self._lowest_px = self._lowest_px, min(self._lowest_px, round(y * self.unit_px))
        try:
            yield
        finally:
            self._lowest_px = before

    def _window(
        self, x0: float, y0: float, x1: float, y1: float, exact: bool = False
    ) -> tuple[Painted, Painting, Painting] | None:
        """Return slices of the box and its pixel centres in picture heights, or None outside the picture."""
        width = self.planes.shape[2]
        left, right = max(0, int(x0 * self.unit_px) - 1), min(width, int(x1 * self.unit_px) + 2)
        top, bottom = max(0, int(y0 * self.unit_px) - 1), min(self._lowest_px, int(y1 * self.unit_px) + 2)
        if exact:
            top, bottom = round(y0 * self.unit_px), round(y1 * self.unit_px)
        if left >= right or top >= bottom:
            return None
        xs = (np.arange(left, right, dtype=np.float32) + np.float32(0.5)) / np.float32(self.unit_px)
        ys = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5)) / np.float32(self.unit_px)
        return (slice(None), slice(top, bottom), slice(left, right)), xs[None, :], ys[:, None]

    def _lay(self, place: Painted, cover: Painting, paint: Paint, ys: Painting, span: tuple[float, float]) -> None:
        region = self.planes[place]
        region += (_tone(paint, ys, span) - region) * cover

    def wash(self, y0: float, y1: float, paint: Paint) -> None:
        """Paint the whole width between two heights."""
        window = self._window(0.0, y0, self.aspect, y1 - 1.5 / self.unit_px)
        if window:
            place, _, ys = window
            self.planes[place] = _tone(paint, ys, (y0, y1))

    def polygon(self, points: Sequence[Dot], paint: Paint, alpha: float = 1.0, soft: float = 0.0) -> None:
        """Paint a convex polygon; `soft` blurs its edge by so many picture heights."""
        top, bottom = min(y for _, y in points) - soft, max(y for _, y in points) + soft
        # A long slanted stroke fills little of its bounding box: it is painted in bands, each with a box of its own.
        bands = np.linspace(top, bottom, 2 + int((bottom - top) * 12)) if len(points) < 9 else np.array([top, bottom])
        edges = list(zip(points, [*points[1:], points[0]], strict=True))
        turn = 1.0 if sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges) > 0 else -1.0
        rows = [min(self._lowest_px, max(0, round(float(y) * self.unit_px))) for y in bands]
        rows[0], rows[-1] = max(0, rows[0] - 2), min(self._lowest_px, rows[-1] + 2)
        for first, last in pairwise(rows):
            reach = soft + 2.0 / self.unit_px
            span = _span(edges, first / self.unit_px - reach, last / self.unit_px + reach)
            window = self._window(span[0] - soft, first / self.unit_px, span[1] + soft, last / self.unit_px, exact=True)
            if window is None:
                continue
            place, xs, ys = window
            inside = np.full((ys.shape[0], xs.shape[1]), np.inf, np.float32)
            for (x0, y0), (x1, y1) in edges:
                length = float(np.hypot(x1 - x0, y1 - y0))
                if length > 0:
                    slope_x, slope_y = (x1 - x0) * turn / length, (y1 - y0) * turn / length
                    np.minimum(inside, slope_x * (ys - y0) - slope_y * (xs - x0), out=inside)
            edge_px = np.float32(1.0 / (soft + 1.0 / self.unit_px))
            cover = np.clip(inside * edge_px + np.float32(0.5), 0.0, 1.0) * np.float32(alpha)
            self._lay(place, cover, paint, ys, (top + soft, bottom - soft))

    def box(self, x0: float, y0: float, x1: float, y1: float, paint: Paint, alpha: float = 1.0) -> None:
        """Paint an upright rectangle."""
        window = self._window(x0, y0, x1, y1)
        if window is None:
            return
        place, xs, ys = window
        unit = self.unit_px
        across = np.clip(np.minimum(xs - x0, x1 - xs) * unit + 0.5, 0, 1)
        down = np.clip(np.minimum(ys - y0, y1 - ys) * unit + 0.5, 0, 1)
        self._lay(place, across * down * np.float32(alpha), paint, ys, (y0, y1))

    def panes(self, x0: float, y0: float, x1: float, y1: float, tones: Painting) -> None:
        """Paint rows of windows into a front.

        Args:
            tones: colour of each window, shape (storeys, bays, 3).
        """
        window = self._window(x0, y0, x1, y1)
        if window is None:
            return
        place, xs, ys = window
        storeys, bays = tones.shape[:2]
        across = np.clip((xs[0] - x0) / (x1 - x0), 0, 0.9999) * bays
        down = np.clip((ys[:, 0] - y0) / (y1 - y0), 0, 0.9999) * storeys
        cover_x = np.clip((0.28 - np.abs(across % 1.0 - 0.5)) * (x1 - x0) / bays * self.unit_px + 0.5, 0, 1)
        cover_y = np.clip((0.28 - np.abs(down % 1.0 - 0.48)) * (y1 - y0) / storeys * self.unit_px + 0.5, 0, 1)
        shown = np.take(tones.transpose(2, 0, 1)[:, down.astype(np.intp)], across.astype(np.intp), axis=2)
        region = self.planes[place]
        region += (shown - region) * (cover_y[:, None] * cover_x[None, :]).astype(np.float32)

    def disc(
        self, x: float, y: float, rx: float, ry: float, paint: Paint, alpha: float = 1.0, soft: float = 0.0
    ) -> None:
        """Paint an ellipse; `soft` is the width of its edge in picture heights, along its shorter axis."""
        reach = 1.0 + soft / min(rx, ry)
        window = self._window(x - rx * reach, y - ry * reach, x + rx * reach, y + ry * reach)
        if window is None:
            return
        place, xs, ys = window
        radius = np.sqrt(((xs - x) / rx) ** 2 + ((ys - y) / ry) ** 2)
        edge = min(rx, ry) / (soft + 1.0 / self.unit_px)
        cover = np.clip((1.0 - radius) * edge + 0.5, 0.0, 1.0).astype(np.float32) * np.float32(alpha)
        self._lay(place, cover, paint, ys, (y - ry, y + ry))

    def line(self, start: Dot, end: Dot, width: float, paint: Paint, alpha: float = 1.0) -> None:
        """Paint a straight stroke with flat ends."""
        length = float(np.hypot(end[0] - start[0], end[1] - start[1])) or 1.0
        across_x, across_y = (end[1] - start[1]) / length * width / 2, (start[0] - end[0]) / length * width / 2
        corners = [
            (start[0] + across_x, start[1] + across_y),
            (end[0] + across_x, end[1] + across_y),
            (end[0] - across_x, end[1] - across_y),
            (start[0] - across_x, start[1] - across_y),
        ]
        self.polygon(corners, paint, alpha)

    def ridge(self, heights: Sequence[float], bottom: float, paint: Paint, alpha: float = 1.0) -> None:
        """Paint everything below a skyline given as heights at equal steps across the picture, down to `bottom`."""
        window = self._window(0.0, min(heights), self.aspect, bottom)
        if window is None:
            return
        place, xs, ys = window
        steps = np.linspace(0.0, self.aspect, len(heights))
        line = np.interp(xs[0], steps, heights).astype(np.float32)[None, :]
        cover = np.clip((ys - line) * self.unit_px + 0.5, 0.0, 1.0) * (ys <= bottom) * np.float32(alpha)
        self._lay(place, cover.astype(np.float32), paint, ys, (min(heights), bottom))

    def glow(self, x: float, y: float, radius: float, colour: Tint, strength: float = 1.0) -> None:
        """Add light around a place; it falls off as a lamp in haze does."""
        window = self._window(x - 3 * radius, y - 3 * radius, x + 3 * radius, y + 3 * radius)
        if window is None:
            return
        place, xs, ys = window
        light = np.exp(-((ys - y) ** 2) / radius**2) * np.exp(-((xs - x) ** 2) / radius**2) * np.float32(strength)
        self.planes[place] += light * _triple(colour)

    def mottle(
        self,
        y0: float,
        y1: float,
        amount: float,
        cells: tuple[int, int],
        rng: np.random.Generator,
    ) -> None:
        """Lighten and darken a band of the picture in soft patches, `cells` of them down and across."""
        window = self._window(0.0, y0, self.aspect, y1 - 1.5 / self.unit_px)
        if window is None:
            return
        place, xs, ys = window
        patches = rng.normal(0.0, amount, (cells[0] + 1, cells[1] + 1)).astype(np.float32)
        down, across = _weights(ys[:, 0], cells[0]), _weights(xs[0], cells[1])
        self.planes[place] *= np.float32(1.0) + down @ patches @ across.T

    def mirror(self, y0: float, y1: float, ripple: float, rng: np.random.Generator, water: Tint, share: float) -> None:
        """Make water between two heights: what stands above `y0` upside down, rippled, mixed with `water`."""
        top, bottom = int(y0 * self.unit_px), min(self.unit_px, int(y1 * self.unit_px))
        rows = np.arange(bottom - top)
        swell = _smooth_noise(rng, len(rows), 6) + 0.5 * _smooth_noise(rng, len(rows), 2)
        depth = rows / max(1, len(rows))
        reach = np.clip(rows + swell * ripple * self.unit_px * (0.15 + depth), 0, None)
        sources = np.clip(top - 1 - reach.astype(np.int64), 0, top - 1)
        reflected = 0.6 * self.planes[:, sources] + 0.4 * self.planes[:, np.clip(sources - 3, 0, None)]
        keep = (share * (1.0 - 0.45 * depth)).astype(np.float32)[None, :, None]
        glints = (1.0 + 0.05 * _smooth_noise(rng, len(rows), 3)).astype(np.float32)[None, :, None]
        self.planes[:, top:bottom] = (reflected * keep + _triple(water) * (1 - keep)) * glints

    def smear(self, y0: float, y1: float, length: float) -> None:
        """Blur a band sideways by `length`, as from a moving train."""
        top, bottom = int(y0 * self.unit_px), int(y1 * self.unit_px)
        step = max(2, int(length * self.unit_px))
        band = self.planes[:, top:bottom]
        sums = np.cumsum(np.pad(band, ((0, 0), (0, 0), (step, 0)), mode="edge"), axis=2, dtype=np.float64)
        self.planes[:, top:bottom] = (sums[:, :, step:] - sums[:, :, :-step]) / step

    def haze(self, y0: float, y1: float, colour: Tint, top: float, bottom: float) -> None:
        """Lay mist over a band: share `top` of `colour` at its upper edge, `bottom` at its lower."""
        window = self._window(0.0, y0, self.aspect, y1 - 1.5 / self.unit_px)
        if window:
            place, _, ys = window
            share = np.interp(ys, (y0, y1), (top, bottom)).astype(np.float32)
            self.planes[place] += (_triple(colour) - self.planes[place]) * share

    def vignette(self, strength: float = 0.25) -> None:
        """Darken the corners, as a small lens does."""
        _, height, width = self.planes.shape
        ys = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
        xs = np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 2
        self.planes *= 1.0 - np.float32(strength) * (0.4 * ys + 0.6 * xs) ** 2


def _tone(paint: Paint, ys: Painting, span: tuple[float, float]) -> Painting:
    """Return the colour of each row of a stroke, shape (3, rows or 1, 1)."""
    first = paint[0]
    if not isinstance(first, tuple):
        return np.asarray(paint, np.float32)[:, None, None]
    top, bottom = _triple(first), np.asarray(paint[1], np.float32)[:, None, None]
    share = np.clip((ys - span[0]) / max(1e-6, span[1] - span[0]), 0.0, 1.0)[None]
    return np.asarray(top + (bottom - top) * share, np.float32)


def _span(edges: Sequence[tuple[Dot, Dot]], top: float, bottom: float) -> tuple[float, float]:
    """Return the leftmost and rightmost place of a polygon between two heights; (1, 0) where it has none there."""
    places = []
    for (x0, y0), (x1, y1) in edges:
        low, high = max(min(y0, y1), top), min(max(y0, y1), bottom)
        if low > high:
            continue
        slope = (x1 - x0) / (y1 - y0) if y1 != y0 else 0.0
        places += [x0 + (low - y0) * slope, x0 + (high - y0) * slope] if y1 != y0 else [x0, x1]
    return (min(places), max(places)) if places else (1.0, 0.0)


def _triple(colour: Tint) -> Painting:
    return np.asarray(colour, np.float32)[:, None, None]


def _weights(places: NDArray[np.float32], cells: int) -> Painting:
    """Return linear interpolation weights, shape (places, cells + 1)."""
    scaled = (places - places[0]) / max(1e-6, float(places[-1] - places[0])) * cells
    weights = np.clip(1.0 - np.abs(scaled[:, None] - np.arange(cells + 1, dtype=np.float32)), 0.0, None)
    return np.asarray(weights, np.float32)


def _smooth_noise(rng: np.random.Generator, length: int, step: int) -> NDArray[np.float64]:
    knots = rng.normal(0.0, 1.0, length // step + 2)
    return np.asarray(np.interp(np.arange(length) / step, np.arange(len(knots)), knots))
