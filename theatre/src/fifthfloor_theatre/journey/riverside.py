"""The river with its two banks by day and by night, the border post, the fields, and what the train window shows."""

from __future__ import annotations

import numpy as np

from fifthfloor_theatre.journey.figures import BLACK, CHALK, COAT, Dress, bust, chosen, house, tree, walker
from fifthfloor_theatre.journey.paint import Canvas, Dot, Tint, mix, shade

DAY_SKY: tuple[Tint, Tint] = ((0.44, 0.62, 0.82), (0.88, 0.90, 0.88))
NIGHT: tuple[Tint, Tint] = ((0.015, 0.02, 0.05), (0.07, 0.08, 0.15))
BANK = 0.62  # where the water begins, on both banks, so that the pair can be laid side by side


def hills(
    canvas: Canvas, rng: np.random.Generator, y: float, roughness: float, colour: Tint, mist: float = 0.35
) -> None:
    """A line of hills about the height `y`."""
    line = np.cumsum(rng.normal(0, roughness, 24))
    line -= np.linspace(line[0], line[-1], 24)
    canvas.ridge([float(y + h) for h in line], BANK + 0.3, (colour, mix(colour, (0.9, 0.9, 0.88), mist)))


def clouds(canvas: Canvas, rng: np.random.Generator, count: int, colour: Tint = CHALK) -> None:
    """Flat-bottomed clouds in the upper third."""
    for _ in range(count):
        x, y, size = rng.uniform(0, canvas.aspect), rng.uniform(0.06, 0.30), rng.uniform(0.05, 0.10)
        for _puff in range(5):
            canvas.disc(
                x + rng.normal(0, size),
                y + rng.normal(0, size * 0.18),
                size * rng.uniform(0.5, 1.1),
                size * 0.32,
                colour,
                0.28,
                size * 0.5,
            )


def towers(canvas: Canvas, rng: np.random.Generator, lit: float, night: bool) -> None:
    """The rich bank: a skyline of glass."""
    x = -0.02
    walls: tuple[Tint, ...] = ((0.62, 0.70, 0.76), (0.74, 0.74, 0.72), (0.50, 0.60, 0.68), (0.80, 0.72, 0.62))
    neon: tuple[Tint, ...] = ((1.0, 0.25, 0.45), (0.25, 0.75, 1.0), (1.0, 0.75, 0.25), (0.55, 1.0, 0.55))
    while x < canvas.aspect:
        width, height = rng.uniform(0.055, 0.125), rng.uniform(0.16, 0.46)
        wall = shade(chosen(rng, walls), 0.16 if night else 1.0)
        glass: Tint = (0.05, 0.06, 0.09) if night else (0.32, 0.45, 0.58)
        windows = (int(height * 46), max(3, int(width * 55)))
        house(canvas, (x, BANK - height, x + width, BANK), wall, windows, rng, lit, glass)
        if night:
            sign = chosen(rng, neon)
            canvas.box(x, BANK - height, x + width, BANK - height + 0.008, sign)
            canvas.glow(x + width / 2, BANK - height, 0.05, sign, 0.28)
        elif rng.random() < 0.4:
            canvas.line((x + width / 2, BANK - height), (x + width / 2, BANK - height - 0.05), 0.003, (0.4, 0.4, 0.42))
        x += width + rng.uniform(-0.012, 0.022)


def boat(canvas: Canvas, x: float, y: float, size: float, hull: Tint, light: float) -> None:
    """An excursion boat with a row of windows."""
    canvas.polygon(
        [(x - size, y), (x + size, y), (x + 0.8 * size, y + 0.22 * size), (x - 0.85 * size, y + 0.22 * size)], hull
    )
    canvas.box(x - 0.7 * size, y - 0.28 * size, x + 0.6 * size, y, shade(CHALK, 0.35 + 0.65 * light))
    for window in range(6):
        left = x + (-0.62 + 0.2 * window) * size
        canvas.box(
            left,
            y - 0.21 * size,
            left + 0.12 * size,
            y - 0.08 * size,
            (1.0, 0.85, 0.5) if light < 0.5 else (0.3, 0.4, 0.5),
        )
    canvas.box(x - 0.9 * size, y + 0.24 * size, x + 0.9 * size, y + 0.30 * size, BLACK, 0.25)


def river_day_left(canvas: Canvas, rng: np.random.Generator) -> None:
    """By day: glass towers, a promenade, boats."""
    canvas.wash(0, BANK, DAY_SKY)
    clouds(canvas, rng, 6)
    hills(canvas, rng, 0.50, 0.012, (0.55, 0.64, 0.70))
    towers(canvas, rng, 0.0, night=False)
    canvas.haze(0.2, BANK, DAY_SKY[1], 0.0, 0.18)
    for x in np.arange(0.02, canvas.aspect, 0.085):
        tree(canvas, float(x), BANK + 0.004, float(rng.uniform(0.06, 0.085)), (0.30, 0.48, 0.24), rng)
    canvas.box(0, BANK - 0.012, canvas.aspect, BANK + 0.012, (0.70, 0.68, 0.64))
    canvas.mirror(BANK + 0.012, 1.0, 0.035, rng, (0.34, 0.47, 0.54), 0.62)
    boat(canvas, rng.uniform(0.3, 1.2), rng.uniform(0.72, 0.80), 0.15, (0.75, 0.16, 0.14), 1.0)


def river_day_right(canvas: Canvas, rng: np.random.Generator) -> None:
    """By day, the other bank: low grey roofs, bare hills, a chimney without smoke, nobody on the water."""
    canvas.wash(0, BANK, ((0.56, 0.66, 0.76), (0.87, 0.86, 0.82)))
    clouds(canvas, rng, 4, (0.85, 0.85, 0.85))
    hills(canvas, rng, 0.40, 0.022, (0.58, 0.58, 0.56))
    hills(canvas, rng, 0.50, 0.014, (0.55, 0.50, 0.40))
    chimney = rng.uniform(0.9, 1.2)
    canvas.polygon(
        [(chimney - 0.011, 0.30), (chimney + 0.011, 0.30), (chimney + 0.019, BANK), (chimney - 0.019, BANK)],
        (0.56, 0.44, 0.39),
    )
    x = 0.03
    while x < canvas.aspect:
        width, height = rng.uniform(0.07, 0.15), rng.uniform(0.035, 0.065)
        wall = shade((0.74, 0.72, 0.66), rng.uniform(0.8, 1.05))
        if rng.random() < 0.72:
            house(canvas, (x, BANK - height, x + width, BANK), wall, (1, 4), rng)
            canvas.polygon(
                [
                    (x - 0.012, BANK - height),
                    (x + width + 0.012, BANK - height),
                    (x + width - 0.02, BANK - height - 0.035),
                    (x + 0.02, BANK - height - 0.035),
                ],
                (0.40, 0.37, 0.36),
            )
        x += width + rng.uniform(0.0, 0.05)
    canvas.box(0, BANK - 0.008, canvas.aspect, BANK + 0.03, ((0.55, 0.48, 0.36), (0.48, 0.42, 0.32)))
    canvas.mirror(BANK + 0.03, 1.0, 0.03, rng, (0.42, 0.46, 0.44), 0.5)
    for _ in range(3):
        walker(canvas, rng.uniform(0.1, 1.4), BANK + 0.025, 0.055, Dress(chosen(rng, COAT)), rng, seen_from_behind=True)


def river_night_left(canvas: Canvas, rng: np.random.Generator) -> None:
    """By night: neon twice, once in the air and once in the water."""
    canvas.wash(0, BANK, NIGHT)
    canvas.glow(canvas.aspect / 2, BANK, 0.5, (0.30, 0.20, 0.34), 0.5)
    towers(canvas, rng, 0.55, night=True)
    for x in np.arange(0.03, canvas.aspect, 0.07):
        canvas.glow(float(x), BANK - 0.015, 0.012, (1.0, 0.80, 0.45), 0.9)
    canvas.box(0, BANK - 0.006, canvas.aspect, BANK + 0.008, (0.14, 0.12, 0.12))
    canvas.mirror(BANK + 0.008, 1.0, 0.075, rng, (0.02, 0.03, 0.06), 0.85)
    boat(canvas, rng.uniform(0.3, 1.2), 0.78, 0.14, (0.12, 0.08, 0.10), 0.3)


def river_night_right(canvas: Canvas, rng: np.random.Generator) -> None:
    """By night, the other bank: one lit wall, and black."""
    canvas.wash(0, BANK, ((0.012, 0.016, 0.035), (0.03, 0.035, 0.06)))
    for _ in range(110):
        star = float(rng.uniform(0.1, 0.6))
        canvas.disc(rng.uniform(0, canvas.aspect), rng.uniform(0, 0.45), 0.0012, 0.0012, (star, star, star))
    hills(canvas, rng, 0.47, 0.018, (0.016, 0.018, 0.026), 0.0)
    canvas.box(0, BANK - 0.045, canvas.aspect, BANK, ((0.014, 0.016, 0.022), (0.006, 0.007, 0.010)))
    lamp = rng.uniform(0.45, 1.05)
    canvas.glow(lamp, BANK - 0.07, 0.09, (0.85, 0.66, 0.40), 0.55)
    canvas.box(lamp - 0.05, BANK - 0.12, lamp + 0.05, BANK - 0.01, ((0.92, 0.82, 0.62), (0.70, 0.52, 0.34)))
    canvas.box(lamp - 0.035, BANK - 0.105, lamp + 0.035, BANK - 0.03, (0.72, 0.18, 0.14))
    canvas.disc(lamp, BANK - 0.068, 0.016, 0.022, (0.92, 0.74, 0.60))
    for side in (-1, 1):
        canvas.glow(lamp + side * rng.uniform(0.15, 0.4), BANK - 0.02, 0.007, (0.8, 0.62, 0.35), 0.6)
    canvas.mirror(BANK, 1.0, 0.07, rng, (0.008, 0.010, 0.018), 0.8)


def border_post(canvas: Canvas, rng: np.random.Generator) -> None:
    """A barrier, a hut, and a soldier who looks into the lens."""
    canvas.wash(0, 0.56, ((0.66, 0.70, 0.74), (0.86, 0.86, 0.83)))
    hills(canvas, rng, 0.42, 0.018, (0.50, 0.52, 0.48))
    canvas.wash(0.55, 1.0, ((0.62, 0.60, 0.56), (0.44, 0.43, 0.41)))
    canvas.mottle(0.56, 1.0, 0.05, (40, 120), rng)
    road: list[Dot] = [(0.62, 0.55), (0.82, 0.55), (1.75, 1.0), (-0.25, 1.0)]
    canvas.polygon(road, ((0.46, 0.46, 0.46), (0.36, 0.36, 0.37)))
    for k in range(5):
        y0, y1 = 0.57 + 0.016 * k * k, 0.58 + 0.020 * k * k
        canvas.box(0.722 - 0.002 * k, y0, 0.726 + 0.003 * k, y1, (0.85, 0.84, 0.78))
    house(canvas, (0.98, 0.28, 1.38, 0.68), (0.72, 0.76, 0.66), (1, 3), rng)
    canvas.box(0.94, 0.25, 1.42, 0.29, (0.34, 0.40, 0.36))
    canvas.box(1.04, 0.18, 1.32, 0.245, (0.66, 0.14, 0.13))
    for k in range(9):
        canvas.box(1.065 + 0.028 * k, 0.20, 1.082 + 0.028 * k, 0.225, (0.95, 0.90, 0.80))
    for k in range(12):
        stripe: Tint = (0.80, 0.14, 0.13) if k % 2 else CHALK
        canvas.line(
            (0.97 - 0.085 * k, 0.585 + 0.002 * k), (0.97 - 0.085 * (k + 1), 0.585 + 0.002 * (k + 1)), 0.020, stripe
        )
    canvas.box(0.95, 0.54, 0.985, 0.69, (0.30, 0.31, 0.33))
    walker(canvas, 0.84, 0.70, 0.27, Dress((0.36, 0.36, 0.24), (0.30, 0.30, 0.20), cap=(0.34, 0.34, 0.23)), rng)
    bust(canvas, rng.uniform(0.28, 0.36), 0.56, 0.28, Dress((0.38, 0.38, 0.26), cap=(0.36, 0.36, 0.25)), rng)


def fields(canvas: Canvas, rng: np.random.Generator) -> None:
    """Rice, terraces, an ox cart's road, people bent over the rows."""
    canvas.wash(0, 0.5, DAY_SKY)
    clouds(canvas, rng, 5)
    hills(canvas, rng, 0.36, 0.02, (0.50, 0.60, 0.62))
    hills(canvas, rng, 0.43, 0.012, (0.44, 0.54, 0.40))
    canvas.wash(0.46, 1.0, ((0.66, 0.68, 0.36), (0.34, 0.46, 0.16)))
    for k in range(26):
        x = -1.6 + 0.19 * k
        canvas.line((0.75 + (x - 0.75) * 0.05 + 0.02, 0.46), (x, 1.0), 0.012, (0.28, 0.38, 0.14), 0.55)
    for k in range(5):
        y = 0.47 + 0.006 * (k + 1) ** 2.1
        canvas.box(0, y, canvas.aspect, y + 0.002 * (k + 1), (0.52, 0.47, 0.30), 0.8)
    canvas.mottle(0.46, 1.0, 0.07, (60, 200), rng)
    red: Tint = (0.78, 0.16, 0.14)
    for k in range(3):
        x, y = 0.25 + 0.42 * k + rng.uniform(-0.05, 0.05), 0.50
        canvas.line((x, y), (x, y - 0.075), 0.003, (0.3, 0.25, 0.2))
        canvas.polygon([(x, y - 0.075), (x + 0.05, y - 0.068), (x + 0.05, y - 0.042), (x, y - 0.045)], red)
    for y in np.sort(rng.uniform(0.56, 0.86, 8)):
        walker(
            canvas,
            rng.uniform(0.05, 1.45),
            y,
            0.10 + 0.35 * (y - 0.5),
            Dress(chosen(rng, COAT), (0.34, 0.31, 0.26)),
            rng,
            rng.random() < 0.6,
        )


def train_window(canvas: Canvas, rng: np.random.Generator) -> None:
    """A compartment table, a curtain, and the country going by too fast to be read."""
    canvas.wash(0, 0.42, DAY_SKY)
    clouds(canvas, rng, 4)
    hills(canvas, rng, 0.34, 0.016, (0.46, 0.54, 0.52))
    canvas.wash(0.42, 0.80, ((0.62, 0.62, 0.34), (0.46, 0.44, 0.22)))
    for _ in range(40):
        y = float(rng.uniform(0.45, 0.80))
        canvas.box(
            rng.uniform(0, 1.4),
            y,
            rng.uniform(0.2, 1.5),
            y + 0.02,
            shade((0.58, 0.56, 0.28), rng.uniform(0.6, 1.3)),
            0.5,
        )
    for x in (rng.uniform(0.2, 0.55), rng.uniform(0.75, 1.15)):
        house(canvas, (x, 0.40, x + 0.12, 0.45), (0.82, 0.80, 0.74), (1, 3), rng)
    canvas.smear(0.46, 0.80, 0.30)
    canvas.smear(0.38, 0.46, 0.04)
    pole = rng.uniform(0.5, 1.1)
    canvas.polygon([(pole, 0), (pole + 0.035, 0), (pole + 0.035, 0.8), (pole, 0.8)], (0.20, 0.18, 0.17), 0.55, 0.03)
    frame: Tint = (0.50, 0.38, 0.26)
    canvas.box(0, 0.80, canvas.aspect, 1.0, ((0.56, 0.43, 0.30), (0.34, 0.25, 0.17)))
    canvas.box(0, 0, canvas.aspect, 0.07, shade(frame, 0.6))
    canvas.box(0, 0.775, canvas.aspect, 0.81, (0.72, 0.73, 0.74))
    for left, right in ((0.0, 0.10), (canvas.aspect - 0.10, canvas.aspect)):
        canvas.box(left, 0, right, 0.80, shade(frame, 0.75))
    for side in (0.0, 1.0):
        for fold in range(7):
            x = 0.08 + fold * 0.028 if side == 0 else canvas.aspect - 0.08 - fold * 0.028
            tone = shade((0.86, 0.84, 0.78), 0.82 + 0.18 * (fold % 2))
            canvas.polygon(
                [
                    (x - 0.016, 0.05),
                    (x + 0.016, 0.05),
                    (x + 0.016 - 0.02 * (side - 0.5), 0.80),
                    (x - 0.016 - 0.02 * (side - 0.5), 0.80),
                ],
                tone,
            )
    _still_life(canvas, rng)


def _still_life(canvas: Canvas, rng: np.random.Generator) -> None:
    """A thermos, a glass of tea in its holder, an orange."""
    x = rng.uniform(0.45, 0.6)
    canvas.disc(x + 0.06, 0.955, 0.14, 0.012, BLACK, 0.35, 0.02)
    canvas.box(x - 0.05, 0.66, x + 0.05, 0.95, ((0.84, 0.30, 0.26), (0.62, 0.16, 0.15)))
    canvas.box(x - 0.036, 0.66, x - 0.020, 0.95, CHALK, 0.35)
    canvas.box(x - 0.04, 0.61, x + 0.04, 0.665, (0.82, 0.82, 0.84))
    glass = x + 0.26
    canvas.box(glass - 0.035, 0.78, glass + 0.035, 0.94, (0.70, 0.36, 0.12), 0.85)
    canvas.box(glass - 0.038, 0.86, glass + 0.038, 0.95, ((0.80, 0.80, 0.82), (0.50, 0.50, 0.53)))
    canvas.disc(x + 0.48, 0.93, 0.034, 0.032, ((0.95, 0.62, 0.20), (0.80, 0.42, 0.08)))
