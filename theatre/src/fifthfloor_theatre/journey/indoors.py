"""Indoors: the lift without a five, the corridor, the restaurant that sings, the metro, the guide who counts."""

from __future__ import annotations

import numpy as np

from fifthfloor_theatre.journey.figures import BLACK, CHALK, COAT, Dress, bust, chosen, letters, walker
from fifthfloor_theatre.journey.paint import Canvas, Dot, Tint, mix, shade

BRASS: Tint = (0.80, 0.66, 0.36)


def lift_panel(canvas: Canvas, rng: np.random.Generator) -> None:
    """Buttons 1 to 9; between 4 and 6 there is a blank of brushed steel."""
    canvas.wash(0, 1, ((0.46, 0.33, 0.22), (0.30, 0.21, 0.14)))
    canvas.mottle(0, 1, 0.05, (6, 160), rng)
    canvas.box(0.0, 0.0, 0.30, 1.0, ((0.62, 0.63, 0.64), (0.44, 0.45, 0.46)))
    canvas.box(0.14, 0.0, 0.148, 1.0, BLACK, 0.7)
    canvas.box(0.46, 0.045, 1.08, 0.965, (0.16, 0.12, 0.09), 0.6)
    canvas.box(0.45, 0.03, 1.07, 0.95, ((0.78, 0.77, 0.75), (0.60, 0.59, 0.58)))
    for k in range(70):
        canvas.box(0.45, 0.03 + k * 0.0131, 1.07, 0.032 + k * 0.0131, CHALK if k % 2 else BLACK, 0.045)
    canvas.box(0.62, 0.07, 0.90, 0.19, (0.05, 0.04, 0.04))
    letters(canvas, "4", 0.76, 0.13, 0.085, (0.95, 0.22, 0.12))
    for k, floor in enumerate("12346789"):
        x, y = 0.64 + 0.24 * (k % 2), 0.83 - 0.155 * (k // 2)
        _button(canvas, x, y, floor, floor == "6")
    for corner_x in (0.475, 1.045):
        for corner_y in (0.055, 0.925):
            canvas.disc(corner_x, corner_y, 0.009, 0.009, (0.45, 0.45, 0.45))
            canvas.line((corner_x - 0.006, corner_y), (corner_x + 0.006, corner_y), 0.003, BLACK, 0.7)
    canvas.glow(1.25, 0.1, 0.3, (0.30, 0.22, 0.12), 0.7)


def _button(canvas: Canvas, x: float, y: float, floor: str, lit: bool) -> None:
    canvas.disc(x, y + 0.006, 0.062, 0.062, BLACK, 0.35, 0.015)
    canvas.disc(x, y, 0.060, 0.060, (shade(BRASS, 1.1), shade(BRASS, 0.6)))
    canvas.disc(x, y, 0.050, 0.050, ((0.98, 0.94, 0.84), (0.86, 0.80, 0.68)))
    letters(canvas, floor, x, y, 0.058, (0.90, 0.24, 0.10) if lit else (0.14, 0.12, 0.12))
    if lit:
        canvas.glow(x, y, 0.06, (0.9, 0.35, 0.10), 0.35)


def corridor(canvas: Canvas, rng: np.random.Generator) -> None:
    """A hotel corridor after midnight; every door has a number but the last."""
    end_x, top, bottom = canvas.aspect / 2, 0.36, 0.60
    left, right = end_x - 0.12, end_x + 0.12
    wall: Tint = (0.66, 0.58, 0.42)
    edge = canvas.aspect
    canvas.polygon([(0, 0), (edge, 0), (right, top), (left, top)], ((0.62, 0.58, 0.50), (0.40, 0.36, 0.30)))
    canvas.polygon([(0, 1), (edge, 1), (right, bottom), (left, bottom)], ((0.26, 0.07, 0.08), (0.50, 0.12, 0.13)))
    canvas.polygon([(0, 0), (left, top), (left, bottom), (0, 1)], ((0.58, 0.50, 0.36), (0.44, 0.37, 0.27)))
    canvas.polygon([(edge, 0), (right, top), (right, bottom), (edge, 1)], ((0.58, 0.50, 0.36), (0.44, 0.37, 0.27)))
    canvas.box(left, top, right, bottom, shade(wall, 0.42))
    canvas.polygon(
        [(end_x - 0.30, 1), (end_x + 0.30, 1), (end_x + 0.05, bottom), (end_x - 0.05, bottom)],
        ((0.40, 0.12, 0.12), (0.66, 0.18, 0.17)),
    )
    for depth in (0.88, 0.70, 0.50, 0.30, 0.16):
        for side in (-1, 1):
            _door(canvas, side, depth)
    for depth in (0.95, 0.62, 0.36, 0.18):
        y = top * (1 - depth)
        half = 0.035 + 0.17 * depth
        canvas.disc(end_x, y, half, 0.012 + 0.03 * depth, (1.0, 0.93, 0.72))
        canvas.glow(end_x, y, half, (0.42, 0.34, 0.18), 0.8)
    canvas.box(end_x - 0.045, 0.415, end_x + 0.045, bottom, (0.14, 0.10, 0.08))
    canvas.disc(end_x + 0.03, 0.515, 0.005, 0.005, BRASS)
    walker(canvas, end_x + rng.uniform(-0.05, 0.03), 0.625, 0.19, Dress((0.12, 0.12, 0.15)), rng)
    canvas.mottle(0, 1, 0.02, (40, 60), rng)


def _door(canvas: Canvas, side: int, depth: float) -> None:
    """A door in one of the walls; `depth` 1 is the picture's edge, 0 the end wall."""
    middle = canvas.aspect / 2

    def place(d: float, height: float) -> Dot:
        x = middle + side * (0.12 + (middle - 0.12) * d)
        ceiling, floor = 0.36 * (1 - d), 0.60 + 0.40 * d
        return (x, floor - (floor - ceiling) * height)

    near, far = depth, depth * 0.80
    canvas.polygon([place(near, 0.0), place(near, 0.80), place(far, 0.80), place(far, 0.0)], (0.24, 0.14, 0.08))
    inner_near, inner_far = near - 0.018 * depth, far + 0.014 * depth
    canvas.polygon(
        [place(inner_near, 0.0), place(inner_near, 0.775), place(inner_far, 0.775), place(inner_far, 0.0)],
        ((0.50, 0.31, 0.18), (0.34, 0.20, 0.11)),
    )
    x, y = place(far + 0.03 * depth, 0.40)
    canvas.disc(x, y, 0.010 * (0.3 + depth), 0.010 * (0.3 + depth), BRASS)
    x, y = place((near + far) / 2, 0.62)
    canvas.box(x - 0.022 * depth, y - 0.018 * depth, x + 0.022 * depth, y + 0.018 * depth, BRASS)


def karaoke(canvas: Canvas, rng: np.random.Generator) -> None:
    """Three waitresses who sing after the soup."""
    canvas.wash(0, 1, ((0.26, 0.10, 0.20), (0.14, 0.06, 0.12)))
    for k in range(22):
        x = k * 0.072
        canvas.polygon([(x, 0), (x + 0.036, 0), (x + 0.030, 0.72), (x + 0.004, 0.72)], (0.50, 0.12, 0.20), 0.35, 0.01)
    canvas.box(0.98, 0.07, 1.42, 0.40, BLACK)
    canvas.box(0.995, 0.085, 1.405, 0.385, ((0.44, 0.66, 0.88), (0.66, 0.80, 0.62)))
    canvas.polygon([(1.06, 0.385), (1.19, 0.17), (1.33, 0.385)], (0.52, 0.60, 0.66))
    canvas.polygon([(1.153, 0.231), (1.19, 0.17), (1.228, 0.231)], CHALK)
    canvas.box(1.05, 0.335, 1.35, 0.352, (1.0, 0.95, 0.40))
    for k in range(14):
        bulb = 0.04 + 0.108 * k
        tone = chosen(rng, ((1.0, 0.4, 0.3), (0.4, 0.8, 1.0), (1.0, 0.85, 0.4), (0.6, 1.0, 0.5)))
        y = 0.045 + 0.022 * np.sin(k * 1.3)
        canvas.disc(bulb, y, 0.008, 0.010, tone)
        canvas.glow(bulb, y, 0.03, tone, 0.45)
    canvas.glow(0.5, 0.35, 0.4, (0.36, 0.18, 0.20), 0.7)
    dresses: tuple[Tint, ...] = ((0.90, 0.36, 0.48), (0.36, 0.66, 0.80), (0.92, 0.78, 0.40))
    for k in range(3):
        x, y = 0.24 + 0.36 * k + rng.uniform(-0.02, 0.02), 0.40 + 0.03 * (k % 2) + rng.uniform(-0.01, 0.01)
        bust(canvas, x, y, 0.25, Dress(dresses[k]), rng, long_hair=True)
        canvas.polygon(
            [(x - 0.02, y + 0.26), (x + 0.03, y + 0.26), (x + 0.05, y + 0.52), (x + 0.01, y + 0.50)],
            shade(dresses[k], 0.6),
        )
        if k != 2:
            canvas.line((x + 0.10, y + 0.36), (x + 0.045, y + 0.155), 0.024, (0.12, 0.12, 0.13))
            canvas.disc(x + 0.042, y + 0.150, 0.026, 0.026, ((0.70, 0.70, 0.72), (0.30, 0.30, 0.32)))
            canvas.disc(x + 0.095, y + 0.345, 0.036, 0.030, (0.88, 0.70, 0.56))
    _table(canvas, rng)


def _table(canvas: Canvas, rng: np.random.Generator) -> None:
    """A white cloth with bowls and a green bottle."""
    canvas.box(0, 0.84, canvas.aspect, 1.0, ((0.90, 0.86, 0.84), (0.74, 0.68, 0.68)))
    for k in range(6):
        x = 0.10 + 0.26 * k + rng.uniform(-0.03, 0.03)
        canvas.disc(x, 0.915, 0.075, 0.022, BLACK, 0.2, 0.02)
        canvas.disc(x, 0.895, 0.066, 0.030, ((0.98, 0.98, 0.97), (0.72, 0.72, 0.76)))
        canvas.disc(x, 0.885, 0.054, 0.017, chosen(rng, ((0.72, 0.24, 0.10), (0.86, 0.72, 0.40), (0.44, 0.56, 0.24))))
    bottle = rng.uniform(0.9, 1.2)
    canvas.box(bottle - 0.028, 0.70, bottle + 0.028, 0.92, ((0.20, 0.50, 0.30), (0.10, 0.30, 0.18)))
    canvas.polygon(
        [(bottle - 0.028, 0.70), (bottle + 0.028, 0.70), (bottle + 0.011, 0.64), (bottle - 0.011, 0.64)],
        (0.20, 0.50, 0.30),
    )
    canvas.box(bottle - 0.011, 0.585, bottle + 0.011, 0.65, (0.24, 0.54, 0.34))
    canvas.box(bottle - 0.028, 0.77, bottle + 0.028, 0.85, (0.94, 0.92, 0.84))


def escalator(canvas: Canvas, rng: np.random.Generator) -> None:
    """A hundred metres down; nobody talks."""
    middle, deep = canvas.aspect / 2, 0.58
    canvas.wash(0, 1, ((0.80, 0.76, 0.66), (0.52, 0.48, 0.42)))
    for k in range(18, 0, -1):
        d = (k / 18) ** 1.8
        tone = mix((0.42, 0.36, 0.30), (0.90, 0.87, 0.78), d * (1.0 if k % 2 else 0.90))
        canvas.disc(middle, deep - 0.05 * d, 0.06 + 0.95 * d, 0.05 + 0.72 * d, tone)
    canvas.disc(middle, deep, 0.05, 0.04, (1.0, 0.92, 0.72))
    canvas.glow(middle, deep, 0.09, (0.6, 0.5, 0.3), 0.6)
    for lane in (-1, 0, 1):
        near, far = middle + lane * 0.46, middle + lane * 0.036
        canvas.polygon(
            [(near - 0.17, 1.0), (near + 0.17, 1.0), (far + 0.012, deep + 0.02), (far - 0.012, deep + 0.02)],
            ((0.20, 0.20, 0.21), (0.36, 0.36, 0.38)),
        )
        for k in range(24):
            d = (k / 24) ** 1.7
            x, y, half = far + (near - far) * d, deep + 0.02 + (0.98 - deep) * d, 0.012 + 0.158 * d
            canvas.box(x - half, y, x + half, y + 0.004 + 0.006 * d, (0.62, 0.62, 0.64), 0.75)
    for rail in (-1.5, -0.5, 0.5, 1.5):
        near, far = middle + rail * 0.46, middle + rail * 0.036
        canvas.polygon(
            [(near - 0.06, 1.0), (near + 0.06, 1.0), (far + 0.004, deep + 0.02), (far - 0.004, deep + 0.02)],
            ((0.66, 0.52, 0.32), (0.50, 0.36, 0.22)),
        )
        for k in range(9, 0, -1) if abs(rail) < 1 else ():
            d = (k / 9.5) ** 2.0
            x, y = far + (near - far) * d, deep + 0.02 + (0.98 - deep) * d
            canvas.line((x, y), (x, y - 0.26 * d), 0.012 * d + 0.001, BRASS)
            canvas.disc(x, y - 0.28 * d, 0.045 * d, 0.045 * d, (1.0, 0.96, 0.84))
            canvas.glow(x, y - 0.28 * d, 0.07 * d + 0.004, (0.5, 0.42, 0.26), 0.6)
    for d in (0.16, 0.24, 0.34, 0.48, 0.66):
        for lane in (-1, 1):
            x = middle + lane * (0.036 + 0.424 * d)
            walker(
                canvas,
                x + rng.uniform(-0.05, 0.05) * d,
                deep + 0.04 + 0.40 * d,
                0.08 + 0.50 * d,
                Dress(chosen(rng, COAT)),
                rng,
                lane > 0,
            )


def guide(canvas: Canvas, rng: np.random.Generator) -> None:
    """The guide counts the pictures on the camera's screen, one by one."""
    canvas.wash(0, 1, ((0.62, 0.66, 0.62), (0.48, 0.50, 0.48)))
    canvas.box(0.0, 0.06, 0.46, 0.62, ((0.72, 0.80, 0.86), (0.86, 0.87, 0.84)))
    for bar in (0.0, 0.22, 0.45):
        canvas.box(bar, 0.06, bar + 0.015, 0.62, (0.86, 0.84, 0.78))
    canvas.box(0.0, 0.60, 0.48, 0.635, (0.80, 0.78, 0.72))
    canvas.mottle(0.64, 1.0, 0.03, (8, 12), rng)
    bust(canvas, 0.46, 0.34, 0.38, Dress((0.17, 0.19, 0.25)), rng)
    canvas.box(0.275, 0.76, 0.305, 0.79, (0.82, 0.12, 0.12))
    canvas.disc(0.84, 0.985, 0.56, 0.05, BLACK, 0.35, 0.05)
    canvas.box(0.60, 0.50, 1.44, 0.975, ((0.17, 0.17, 0.18), (0.09, 0.09, 0.10)))
    canvas.polygon([(0.84, 0.50), (1.16, 0.50), (1.10, 0.41), (0.90, 0.41)], (0.14, 0.14, 0.15))
    canvas.box(0.66, 0.555, 1.22, 0.935, (0.02, 0.02, 0.03))
    tones: tuple[Tint, ...] = (
        (0.50, 0.66, 0.84),
        (0.80, 0.62, 0.50),
        (0.46, 0.58, 0.36),
        (0.28, 0.24, 0.36),
        (0.84, 0.80, 0.72),
    )
    current = int(rng.integers(12))
    for k in range(12):
        x, y = 0.682 + 0.131 * (k % 4), 0.575 + 0.116 * (k // 4)
        if k == current:
            canvas.box(x - 0.007, y - 0.007, x + 0.127, y + 0.107, (0.98, 0.76, 0.20))
        sky, land = chosen(rng, tones), chosen(rng, tones)
        canvas.box(x, y, x + 0.120, y + 0.100, (sky, mix(sky, CHALK, 0.5)))
        canvas.box(x, y + rng.uniform(0.045, 0.07), x + 0.120, y + 0.100, shade(land, 0.75))
        canvas.box(
            x + rng.uniform(0.02, 0.05),
            y + 0.03,
            x + rng.uniform(0.06, 0.10),
            y + 0.085,
            shade(chosen(rng, tones), 0.6),
        )
    for y in (0.60, 0.70, 0.86):
        canvas.disc(1.33, y, 0.034, 0.034, ((0.34, 0.34, 0.35), (0.18, 0.18, 0.19)))
    _hand(canvas, 0.682 + 0.131 * (current % 4) + 0.06, 0.575 + 0.116 * (current // 4) + 0.085)


def _hand(canvas: Canvas, x: float, y: float) -> None:
    """A forefinger on the screen."""
    skin: Tint = (0.86, 0.68, 0.54)
    canvas.line((x, y), (x + 0.07, y + 0.14), 0.044, (skin, shade(skin, 0.85)))
    canvas.disc(x, y, 0.022, 0.026, skin)
    canvas.disc(x - 0.003, y - 0.006, 0.011, 0.013, (0.96, 0.84, 0.76))
    canvas.disc(x + 0.13, y + 0.22, 0.13, 0.12, (skin, shade(skin, 0.75)))
