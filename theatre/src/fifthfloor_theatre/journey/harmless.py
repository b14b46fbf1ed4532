"""What any guide would let through: a lake, a flower bed, a breakfast, a cat. The visible photographs on a card."""

from __future__ import annotations

import numpy as np

from fifthfloor_theatre.journey.figures import BLACK, CHALK, chosen, tree
from fifthfloor_theatre.journey.paint import Canvas, Tint, mix, shade
from fifthfloor_theatre.journey.riverside import DAY_SKY, clouds


def lake(canvas: Canvas, rng: np.random.Generator) -> None:
    """A crater lake under a clear sky."""
    canvas.wash(0, 0.6, ((0.28, 0.50, 0.80), (0.80, 0.88, 0.93)))
    clouds(canvas, rng, 5)
    for layer, tone in enumerate(((0.56, 0.66, 0.78), (0.44, 0.52, 0.60), (0.36, 0.42, 0.42))):
        peaks = rng.uniform(0.24 + 0.09 * layer, 0.46 + 0.05 * layer, 9)
        line = np.interp(np.linspace(0, 8, 80), np.arange(9), peaks) + rng.normal(0, 0.005, 80)
        canvas.ridge([float(y) for y in line], 0.60, (shade(tone, 1.2), mix(tone, CHALK, 0.25)))
        if layer == 0:
            snow = [float(y) for y in line + np.abs(rng.normal(0.035, 0.014, 80))]
            canvas.ridge([float(y) for y in line], 0.45, CHALK, 0.75)
            canvas.ridge(snow, 0.60, (tone, mix(tone, CHALK, 0.3)))
    canvas.mirror(0.60, 1.0, 0.02, rng, (0.16, 0.36, 0.52), 0.72)
    for _ in range(9):
        tree(
            canvas, rng.uniform(-0.05, 0.35), rng.uniform(0.93, 1.06), rng.uniform(0.22, 0.36), (0.20, 0.36, 0.20), rng
        )


def flowers(canvas: Canvas, rng: np.random.Generator) -> None:
    """A bed of red and violet, very well kept."""
    canvas.wash(0, 0.4, DAY_SKY)
    for x in np.arange(-0.02, canvas.aspect, 0.12):
        tree(canvas, float(x), 0.42, rng.uniform(0.22, 0.30), (0.34, 0.50, 0.28), rng)
    canvas.haze(0, 0.42, (0.90, 0.93, 0.90), 0.0, 0.35)
    canvas.wash(0.38, 1.0, ((0.34, 0.50, 0.22), (0.14, 0.28, 0.10)))
    petals: tuple[Tint, ...] = ((0.86, 0.12, 0.16), (0.66, 0.30, 0.76), (0.95, 0.48, 0.62), (0.97, 0.85, 0.40))
    for y in np.sort(rng.uniform(0.40, 1.02, 420) ** 0.9):
        size = 0.006 + 0.040 * (y - 0.38)
        x, tone = rng.uniform(-0.02, canvas.aspect), chosen(rng, petals)
        canvas.line((x, y), (x, y + 2.2 * size), 0.15 * size, (0.20, 0.40, 0.14))
        canvas.disc(x, y, size, 0.72 * size, (shade(tone, 1.15), shade(tone, 0.65)))
        canvas.disc(x, y - 0.08 * size, 0.32 * size, 0.24 * size, shade(tone, 0.5))


def breakfast(canvas: Canvas, rng: np.random.Generator) -> None:
    """An egg, toast, coffee, alone in a hall for four hundred."""
    canvas.wash(0, 1, ((0.80, 0.76, 0.68), (0.70, 0.64, 0.54)))
    check: Tint = (0.62, 0.24, 0.22)
    for k in range(0, 16, 2):
        canvas.box(0.1 * k, 0, 0.1 * k + 0.1, 1, check, 0.22)
        canvas.box(0, 0.1 * k, canvas.aspect, 0.1 * k + 0.1, check, 0.22)
    canvas.mottle(0, 1, 0.02, (90, 130), rng)
    x, y = 0.60 + rng.uniform(-0.05, 0.05), 0.55
    canvas.disc(x + 0.02, y + 0.03, 0.40, 0.34, BLACK, 0.35, 0.06)
    canvas.disc(x, y, 0.38, 0.32, ((0.98, 0.98, 0.97), (0.86, 0.87, 0.90)))
    canvas.disc(x, y, 0.29, 0.24, ((0.88, 0.89, 0.91), (0.97, 0.97, 0.97)))
    for _ in range(5):
        canvas.disc(x - 0.06 + rng.normal(0, 0.04), y + rng.normal(0, 0.03), 0.12, 0.09, (0.99, 0.98, 0.95))
    canvas.disc(x - 0.06, y, 0.060, 0.054, ((1.0, 0.80, 0.25), (0.93, 0.58, 0.10)))
    canvas.disc(x - 0.075, y - 0.018, 0.014, 0.010, CHALK, 0.8)
    canvas.polygon(
        [(x + 0.06, y - 0.12), (x + 0.22, y - 0.06), (x + 0.18, y + 0.12), (x + 0.04, y + 0.08)], (0.60, 0.36, 0.16)
    )
    canvas.polygon(
        [(x + 0.075, y - 0.10), (x + 0.205, y - 0.05), (x + 0.17, y + 0.10), (x + 0.055, y + 0.065)],
        ((0.92, 0.74, 0.44), (0.84, 0.60, 0.30)),
    )
    cup = x + 0.60
    canvas.disc(cup + 0.02, 0.40, 0.19, 0.17, BLACK, 0.35, 0.05)
    canvas.disc(cup, 0.38, 0.18, 0.155, ((0.98, 0.98, 0.97), (0.82, 0.83, 0.86)))
    canvas.disc(cup, 0.36, 0.115, 0.10, ((0.86, 0.87, 0.90), (0.99, 0.99, 0.99)))
    canvas.disc(cup, 0.36, 0.096, 0.082, ((0.22, 0.12, 0.06), (0.36, 0.20, 0.10)))
    canvas.line((x - 0.50, 0.80), (x - 0.44, 0.25), 0.022, ((0.92, 0.92, 0.93), (0.60, 0.60, 0.62)))


def cat(canvas: Canvas, rng: np.random.Generator) -> None:
    """The hotel's cat, which goes where it likes."""
    canvas.wash(0, 0.62, ((0.74, 0.66, 0.56), (0.60, 0.52, 0.43)))
    canvas.wash(0.62, 1.0, ((0.56, 0.40, 0.28), (0.36, 0.25, 0.17)))
    for k in range(9):
        canvas.box(0, 0.62 + 0.045 * k, canvas.aspect, 0.623 + 0.045 * k, BLACK, 0.30)
    canvas.polygon([(0.9, 0.0), (1.4, 0.0), (1.2, 1.0), (0.5, 1.0)], CHALK, 0.13, 0.03)
    fur = chosen(rng, ((0.80, 0.50, 0.22), (0.42, 0.42, 0.44), (0.16, 0.15, 0.15), (0.90, 0.86, 0.80)))
    x = 0.72 + rng.uniform(-0.08, 0.08)
    canvas.disc(x + 0.06, 0.90, 0.34, 0.04, BLACK, 0.4, 0.04)
    for k in np.linspace(0, 9, 60):
        canvas.disc(x + 0.16 + 0.022 * k, 0.87 - 0.0035 * k * k, 0.030, 0.030, shade(fur, 0.85))
    canvas.disc(x, 0.70, 0.21, 0.23, (shade(fur, 1.15), shade(fur, 0.65)))
    canvas.disc(x, 0.72, 0.10, 0.17, mix(fur, CHALK, 0.45), 0.8, 0.05)
    for side in (-1, 1):
        canvas.disc(x + side * 0.075, 0.885, 0.055, 0.034, (shade(fur, 1.1), shade(fur, 0.8)))
        canvas.polygon([(x + side * 0.05, 0.34), (x + side * 0.165, 0.22), (x + side * 0.165, 0.42)], shade(fur, 0.9))
        canvas.polygon(
            [(x + side * 0.085, 0.34), (x + side * 0.150, 0.265), (x + side * 0.150, 0.38)], (0.86, 0.58, 0.54)
        )
    canvas.disc(x, 0.43, 0.17, 0.145, (shade(fur, 1.18), shade(fur, 0.85)))
    for side in (-1, 1):
        canvas.disc(x + side * 0.070, 0.405, 0.036, 0.032, (0.78, 0.80, 0.34))
        canvas.disc(x + side * 0.070, 0.405, 0.011, 0.030, BLACK)
        canvas.disc(x + side * 0.070 - 0.008, 0.395, 0.006, 0.006, CHALK)
        canvas.disc(x + side * 0.035, 0.475, 0.045, 0.034, mix(fur, CHALK, 0.5))
        for k in (-1, 0, 1):
            canvas.line((x + side * 0.05, 0.475), (x + side * 0.23, 0.47 + 0.03 * k), 0.0022, CHALK, 0.8)
    canvas.polygon([(x - 0.016, 0.443), (x + 0.016, 0.443), (x, 0.462)], (0.80, 0.46, 0.46))
    canvas.mottle(0, 1, 0.015, (100, 150), rng)
