"""The capital out of doors: the square, the tower, the blocks, the market, the bus, the crossing."""

from __future__ import annotations

import numpy as np

from fifthfloor_theatre.journey.figures import BLACK, CHALK, COAT, Dress, bust, chosen, house, tree, walker
from fifthfloor_theatre.journey.paint import Canvas, Tint, mix, shade
from fifthfloor_theatre.journey.riverside import DAY_SKY, clouds, hills

BRONZE: Tint = (0.50, 0.37, 0.22)
PASTEL: tuple[Tint, ...] = (
    (0.86, 0.68, 0.62),
    (0.68, 0.80, 0.74),
    (0.90, 0.83, 0.64),
    (0.70, 0.74, 0.84),
    (0.84, 0.84, 0.80),
)
AWNING: tuple[Tint, ...] = ((0.76, 0.20, 0.20), (0.22, 0.42, 0.66), (0.90, 0.72, 0.24), (0.30, 0.54, 0.36))
FRUIT: tuple[Tint, ...] = (
    (0.90, 0.56, 0.14),
    (0.80, 0.18, 0.14),
    (0.50, 0.66, 0.22),
    (0.93, 0.87, 0.66),
    (0.48, 0.22, 0.40),
)


def paving(canvas: Canvas, horizon: float, near: Tint, far: Tint) -> None:
    """A square of slabs that runs to the horizon."""
    canvas.wash(horizon, 1.0, (far, near))
    middle = canvas.aspect / 2
    for k in range(-14, 15):
        canvas.line((middle + 0.06 * k, horizon), (middle + 0.36 * k, 1.0), 0.003, shade(near, 0.75), 0.5)
    for k in range(1, 12):
        y = horizon + (1 - horizon) * (k / 12) ** 2.0
        canvas.box(0, y, canvas.aspect, y + 0.0022 * (1 + k / 6), shade(near, 0.75), 0.5)


def statue(canvas: Canvas, x: float, feet: float, height: float, arm: int) -> None:
    """A bronze giant in a long coat, one arm raised, nobody's likeness."""
    light, dark = shade(BRONZE, 1.45), shade(BRONZE, 0.55)
    canvas.box(
        x - 0.24 * height, feet, x + 0.24 * height, feet + 0.26 * height, ((0.62, 0.58, 0.55), (0.42, 0.39, 0.38))
    )
    for side in (-1, 1):
        canvas.line(
            (x + side * 0.045 * height, feet - 0.42 * height),
            (x + side * 0.06 * height, feet),
            0.085 * height,
            (BRONZE, dark),
        )
    canvas.polygon(
        [
            (x - 0.115 * height, feet - 0.83 * height),
            (x + 0.115 * height, feet - 0.83 * height),
            (x + 0.155 * height, feet - 0.22 * height),
            (x - 0.155 * height, feet - 0.22 * height),
        ],
        (light, dark),
    )
    canvas.polygon(
        [
            (x - 0.005 * height, feet - 0.80 * height),
            (x + 0.115 * height, feet - 0.83 * height),
            (x + 0.155 * height, feet - 0.22 * height),
            (x + 0.02 * height, feet - 0.22 * height),
        ],
        BLACK,
        0.22,
        0.02 * height,
    )
    canvas.line(
        (x - arm * 0.10 * height, feet - 0.79 * height),
        (x - arm * 0.16 * height, feet - 0.44 * height),
        0.065 * height,
        (BRONZE, dark),
    )
    canvas.line(
        (x + arm * 0.09 * height, feet - 0.79 * height),
        (x + arm * 0.30 * height, feet - 0.90 * height),
        0.060 * height,
        light,
    )
    canvas.disc(x + arm * 0.31 * height, feet - 0.905 * height, 0.034 * height, 0.030 * height, light)
    canvas.box(x - 0.03 * height, feet - 0.88 * height, x + 0.03 * height, feet - 0.80 * height, BRONZE)
    canvas.disc(x, feet - 0.92 * height, 0.055 * height, 0.072 * height, (light, BRONZE))
    canvas.disc(x + 0.02 * height, feet - 0.91 * height, 0.032 * height, 0.06 * height, BLACK, 0.22, 0.02 * height)


def square(canvas: Canvas, rng: np.random.Generator) -> None:
    """Two bronze giants, and the people who came to bow."""
    canvas.wash(0, 0.62, DAY_SKY)
    clouds(canvas, rng, 5)
    house(canvas, (0.12, 0.34, canvas.aspect - 0.12, 0.60), (0.80, 0.77, 0.70), (1, 22), rng, 0.0, (0.50, 0.46, 0.42))
    canvas.polygon(
        [(0.06, 0.34), (canvas.aspect - 0.06, 0.34), (canvas.aspect - 0.14, 0.29), (0.14, 0.29)], (0.56, 0.62, 0.58)
    )
    canvas.haze(0.28, 0.6, DAY_SKY[1], 0.0, 0.35)
    for x in np.arange(0.02, canvas.aspect, 0.1):
        tree(canvas, float(x), 0.63, 0.10, (0.27, 0.42, 0.24), rng)
    paving(canvas, 0.62, (0.60, 0.59, 0.57), (0.78, 0.77, 0.74))
    statue(canvas, 0.56, 0.56, 0.46, -1)
    statue(canvas, 0.94, 0.56, 0.46, 1)
    for _ in range(60):
        x = rng.uniform(0.42, 1.08)
        canvas.disc(
            x,
            rng.uniform(0.685, 0.70),
            0.009,
            0.008,
            chosen(rng, ((0.85, 0.2, 0.3), (0.95, 0.85, 0.9), (0.9, 0.5, 0.65), (0.35, 0.5, 0.25))),
        )
    for k in range(int(rng.integers(9, 13))):
        walker(
            canvas,
            0.36 + 0.07 * k + rng.uniform(-0.015, 0.015),
            0.79 + rng.uniform(-0.01, 0.02),
            0.135,
            Dress(chosen(rng, COAT), skirt=rng.random() < 0.4),
            rng,
            seen_from_behind=True,
        )
    walker(canvas, rng.uniform(0.15, 0.28), 0.95, 0.30, Dress((0.16, 0.22, 0.36), (0.12, 0.14, 0.2), skirt=True), rng)


def monument(canvas: Canvas, rng: np.random.Generator) -> None:
    """A tower with a torch, by evening."""
    canvas.wash(0, 0.75, ((0.22, 0.26, 0.46), (0.96, 0.66, 0.46)))
    clouds(canvas, rng, 5, (0.95, 0.62, 0.52))
    hills(canvas, rng, 0.66, 0.010, (0.40, 0.32, 0.40), 0.2)
    x = rng.uniform(0.70, 0.80)
    for k in range(10):
        width = 0.050 - 0.0028 * k
        canvas.box(x - width, 0.66 - 0.045 * k, x + width, 0.715 - 0.045 * k, ((0.86, 0.78, 0.74), (0.66, 0.58, 0.58)))
        canvas.box(x + 0.25 * width, 0.66 - 0.045 * k, x + width, 0.715 - 0.045 * k, (0.20, 0.16, 0.26), 0.35)
    canvas.polygon([(x - 0.018, 0.255), (x + 0.018, 0.255), (x + 0.030, 0.205), (x - 0.030, 0.205)], (0.70, 0.60, 0.52))
    canvas.glow(x, 0.15, 0.075, (0.9, 0.25, 0.10), 0.7)
    canvas.disc(x, 0.165, 0.032, 0.050, ((1.0, 0.72, 0.30), (0.86, 0.16, 0.10)))
    canvas.disc(x + 0.004, 0.135, 0.015, 0.045, (1.0, 0.80, 0.40), 0.9, 0.01)
    for k in range(-6, 7):
        if k:
            tree(canvas, x + 0.115 * k, 0.745, 0.085, (0.20, 0.24, 0.20), rng)
    paving(canvas, 0.735, (0.42, 0.36, 0.40), (0.74, 0.58, 0.52))
    canvas.box(0, 0.85, canvas.aspect, 0.865, (0.34, 0.28, 0.34))
    canvas.mirror(0.865, 1.0, 0.03, rng, (0.30, 0.26, 0.36), 0.7)
    for _ in range(7):
        walker(
            canvas,
            rng.uniform(0.1, 1.4),
            rng.uniform(0.78, 0.85),
            0.09,
            Dress(shade(chosen(rng, COAT), 0.6)),
            rng,
            rng.random() < 0.7,
        )


def apartments(canvas: Canvas, rng: np.random.Generator) -> None:
    """Blocks in sweet colours; a few lamps are lit."""
    canvas.wash(0, 1.0, ((0.60, 0.66, 0.74), (0.90, 0.86, 0.80)))
    for layer, base in enumerate((0.70, 0.80, 0.93)):
        x = -0.05 + 0.04 * layer
        while x < canvas.aspect:
            width, height = rng.uniform(0.14, 0.24), rng.uniform(0.34, 0.56) * (0.8 + 0.2 * layer)
            wall = mix(chosen(rng, PASTEL), (0.80, 0.82, 0.84), 0.55 - 0.25 * layer)
            house(canvas, (x, base - height, x + width, base), wall, (int(16 + 3 * layer), int(width * 42)), rng, 0.05)
            canvas.box(x + 0.01, base - height - 0.012, x + width - 0.01, base - height, shade(wall, 0.8))
            x += width + rng.uniform(0.02, 0.11)
        canvas.haze(0.2, base, (0.86, 0.85, 0.84), 0.0, 0.30 - 0.12 * layer)
    canvas.wash(0.92, 1.0, ((0.58, 0.58, 0.57), (0.42, 0.42, 0.43)))
    for x in np.arange(-0.02, canvas.aspect, 0.16):
        tree(canvas, float(x), 0.935, 0.12, (0.36, 0.46, 0.28), rng)
    for _ in range(6):
        walker(
            canvas,
            rng.uniform(0.05, 1.45),
            rng.uniform(0.955, 0.975),
            0.085,
            Dress(chosen(rng, COAT)),
            rng,
            rng.random() < 0.5,
        )


def market(canvas: Canvas, rng: np.random.Generator) -> None:
    """Stalls under awnings; photographs are not welcome."""
    canvas.wash(0, 0.5, ((0.70, 0.72, 0.74), (0.80, 0.79, 0.76)))
    canvas.box(0, 0.0, canvas.aspect, 0.20, ((0.46, 0.50, 0.52), (0.60, 0.63, 0.63)))
    for k in range(16):
        canvas.line((0.75 + (k - 7.5) * 0.05, 0.20), (0.75 + (k - 7.5) * 0.24, 0.0), 0.004, (0.34, 0.37, 0.40))
    for k in range(5):
        x = 0.15 + 0.3 * k
        canvas.box(x - 0.05, 0.06, x + 0.05, 0.075, CHALK)
        canvas.glow(x, 0.08, 0.06, (0.9, 0.95, 1.0), 0.22)
    canvas.wash(0.5, 1.0, ((0.58, 0.55, 0.50), (0.40, 0.38, 0.36)))
    for row, (feet, size) in enumerate(((0.57, 0.22), (1.02, 0.42))):
        x = -0.05 - 0.12 * row
        while x < canvas.aspect:
            width = size * float(rng.uniform(1.1, 1.4))
            _stall(canvas, rng, x, feet, size, width)
            x += width + 0.05
        for _ in range(6 if row == 0 else 0):
            feet_there, dress = 0.76 + rng.uniform(-0.02, 0.03), Dress(chosen(rng, COAT), skirt=rng.random() < 0.5)
            walker(canvas, rng.uniform(0, 1.5), feet_there, 0.27, dress, rng, rng.random() < 0.5)


def _stall(canvas: Canvas, rng: np.random.Generator, x: float, feet: float, size: float, width: float) -> None:
    """A counter with heaps of fruit, who sells it, and a striped awning."""
    with canvas.above(feet - 0.1 * size):
        dress, long_hair = Dress(chosen(rng, (*COAT, *AWNING))), rng.random() < 0.7
        bust(canvas, x + width * rng.uniform(0.35, 0.6), feet - 0.56 * size, 0.23 * size, dress, rng, long_hair)
    canvas.box(x, feet - 0.22 * size, x + width, feet + 0.06 * size, ((0.52, 0.40, 0.28), (0.30, 0.23, 0.17)))
    for k in range(9):
        heap, tone = x + width * (k + 0.5) / 9, chosen(rng, FRUIT)
        for _ in range(9):
            at, up = heap + rng.normal(0, 0.03 * size), 0.24 + abs(rng.normal(0, 0.03))
            canvas.disc(at, feet - up * size, 0.026 * size, 0.026 * size, (shade(tone, 1.15), shade(tone, 0.7)))
    colour, stripe = chosen(rng, AWNING), (width + 0.06) / 8
    for k in range(8):
        left = x - 0.03 + stripe * k
        canvas.box(left, feet - 0.98 * size, left + stripe, feet - 0.80 * size, colour if k % 2 else CHALK)
    canvas.box(x - 0.03, feet - 0.80 * size, x + width + 0.03, feet - 0.74 * size, BLACK, 0.25)


def bus(canvas: Canvas, rng: np.random.Generator) -> None:
    """A trolleybus, full; somebody looks out."""
    canvas.wash(0, 0.66, ((0.62, 0.70, 0.80), (0.88, 0.87, 0.84)))
    x = -0.05
    while x < canvas.aspect:
        width = rng.uniform(0.22, 0.36)
        house(
            canvas,
            (x, rng.uniform(0.06, 0.24), x + width, 0.66),
            mix(chosen(rng, PASTEL), (0.8, 0.8, 0.8), 0.4),
            (9, 7),
            rng,
            0.03,
        )
        x += width + 0.01
    canvas.haze(0.0, 0.66, (0.86, 0.86, 0.85), 0.0, 0.35)
    canvas.wash(0.66, 1.0, ((0.50, 0.50, 0.50), (0.33, 0.33, 0.34)))
    canvas.box(0, 0.655, canvas.aspect, 0.675, (0.72, 0.71, 0.68))
    for y in (0.05, 0.07):
        canvas.line((0, y), (canvas.aspect, y + 0.01), 0.003, BLACK, 0.8)
    left, right = 0.16, 1.34
    for pole in (0.62, 0.66):
        canvas.line((pole + 0.3, 0.30), (pole, 0.062), 0.005, BLACK)
    canvas.disc(0.75, 0.855, 0.66, 0.03, BLACK, 0.45, 0.03)
    canvas.box(left, 0.29, right, 0.82, ((0.93, 0.90, 0.82), (0.84, 0.80, 0.72)))
    canvas.box(left, 0.60, right, 0.80, ((0.80, 0.20, 0.18), (0.60, 0.13, 0.12)))
    canvas.box(left, 0.285, right, 0.315, (0.72, 0.69, 0.64))
    for k in range(6):
        x0 = left + 0.035 + k * 0.188
        canvas.box(x0, 0.355, x0 + 0.165, 0.575, ((0.30, 0.36, 0.42), (0.20, 0.24, 0.28)))
        if k != 3:
            with canvas.above(0.575):
                bust(
                    canvas, x0 + rng.uniform(0.06, 0.10), 0.475, 0.10, Dress(chosen(rng, COAT)), rng, rng.random() < 0.5
                )
            canvas.polygon([(x0 + 0.01, 0.355), (x0 + 0.05, 0.355), (x0 + 0.02, 0.575), (x0 + 0.0, 0.575)], CHALK, 0.14)
    canvas.box(left + 0.6, 0.345, left + 0.765, 0.80, ((0.36, 0.40, 0.44), (0.26, 0.28, 0.30)))
    canvas.box(left + 0.68, 0.345, left + 0.686, 0.80, (0.80, 0.78, 0.72))
    for wheel in (0.42, 1.12):
        canvas.disc(wheel, 0.82, 0.072, 0.072, BLACK)
        canvas.disc(wheel, 0.82, 0.034, 0.034, (0.55, 0.55, 0.56))
    walker(canvas, rng.uniform(0.04, 0.1), 0.90, 0.38, Dress(chosen(rng, COAT), skirt=True), rng)


def crossing(canvas: Canvas, rng: np.random.Generator) -> None:
    """She directs a traffic of two cars."""
    canvas.wash(0, 0.6, DAY_SKY)
    clouds(canvas, rng, 4)
    for x0, wide in ((-0.02, 0.4), (0.42, 0.2), (1.0, 0.52)):
        house(canvas, (x0, rng.uniform(0.12, 0.30), x0 + wide, 0.6), chosen(rng, PASTEL), (10, int(wide * 22)), rng)
    canvas.haze(0.1, 0.6, DAY_SKY[1], 0.0, 0.35)
    canvas.wash(0.58, 1.0, ((0.56, 0.56, 0.56), (0.40, 0.40, 0.42)))
    for k in range(9):
        canvas.polygon(
            [(0.12 + 0.15 * k, 0.70), (0.20 + 0.15 * k, 0.70), (0.15 + 0.16 * k, 0.76), (0.05 + 0.16 * k, 0.76)],
            (0.88, 0.87, 0.84),
            0.8,
        )
    car = rng.uniform(0.15, 0.35)
    canvas.disc(car + 0.11, 0.652, 0.13, 0.012, BLACK, 0.4, 0.02)
    canvas.box(car, 0.60, car + 0.22, 0.645, (0.16, 0.17, 0.20))
    canvas.polygon(
        [(car + 0.04, 0.60), (car + 0.07, 0.565), (car + 0.15, 0.565), (car + 0.185, 0.60)], (0.30, 0.36, 0.42)
    )
    for wheel in (0.05, 0.17):
        canvas.disc(car + wheel, 0.645, 0.018, 0.018, BLACK)
    canvas.disc(0.84, 0.935, 0.17, 0.035, (0.90, 0.89, 0.86))
    canvas.disc(0.84, 0.925, 0.17, 0.033, (0.74, 0.16, 0.15))
    uniform = Dress((0.30, 0.46, 0.70), (0.12, 0.16, 0.30), cap=(0.88, 0.90, 0.92), skirt=True)
    walker(canvas, 0.84, 0.92, 0.70, uniform, rng)
    canvas.line((0.91, 0.385), (1.10, 0.315), 0.036, (0.28, 0.43, 0.66))
    canvas.disc(1.11, 0.312, 0.018, 0.020, (0.92, 0.92, 0.90))
    canvas.line((1.11, 0.315), (1.25, 0.24), 0.014, (0.92, 0.24, 0.14))
