"""What stands about in the scenes: people with simple faces, houses with windows, trees, letters on a panel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fifthfloor_theatre.journey.paint import Canvas, Dot, FaceBox, Paint, Tint, shade

BLACK: Tint = (0.03, 0.03, 0.04)
CHALK: Tint = (0.96, 0.95, 0.92)
SKIN: tuple[Tint, ...] = ((0.93, 0.76, 0.62), (0.88, 0.69, 0.54), (0.80, 0.60, 0.45), (0.95, 0.80, 0.68))
HAIR: tuple[Tint, ...] = ((0.07, 0.06, 0.06), (0.12, 0.09, 0.08), (0.20, 0.16, 0.14), (0.45, 0.44, 0.43))
COAT: tuple[Tint, ...] = (
    (0.23, 0.25, 0.29),
    (0.36, 0.33, 0.27),
    (0.42, 0.20, 0.19),
    (0.20, 0.30, 0.36),
    (0.55, 0.52, 0.47),
    (0.30, 0.34, 0.24),
)
LAMP: Tint = (1.0, 0.84, 0.50)
# Five columns of seven dots, top row first: enough for a lift panel and a platform sign.
GLYPHS: dict[str, tuple[int, ...]] = {
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
}


@dataclass(frozen=True, slots=True)
class Dress:
    """What somebody wears.

    Args:
        coat: upper body.
        legs: trousers or skirt.
        cap: a hat of this colour, or None.
        skirt: the lower body widens, to the knee.
    """

    coat: Tint
    legs: Tint = (0.16, 0.17, 0.20)
    cap: Tint | None = None
    skirt: bool = False


def chosen(rng: np.random.Generator, colours: tuple[Tint, ...]) -> Tint:
    """Draw one of a few colours."""
    return colours[int(rng.integers(len(colours)))]


def face(canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator, long_hair: bool = False) -> None:
    """Draw a face seen from the front, its middle at (x, y), `size` from chin to crown, and note where it is."""
    skin, hair = chosen(rng, SKIN), chosen(rng, HAIR[:3])
    turn = float(rng.uniform(-0.03, 0.03)) * size
    for side in (-1, 1) if long_hair else ():
        canvas.disc(x + side * 0.32 * size, y + 0.20 * size, 0.11 * size, 0.46 * size, (hair, shade(hair, 1.4)))
    canvas.disc(x, y - 0.07 * size, 0.40 * size, 0.47 * size, hair)
    for side in (-1, 1):
        canvas.disc(x + side * 0.345 * size, y + 0.06 * size, 0.06 * size, 0.10 * size, shade(skin, 0.86))
    canvas.disc(x, y + 0.04 * size, 0.345 * size, 0.45 * size, (shade(skin, 1.05), shade(skin, 0.90)))
    canvas.disc(x - 0.20 * size, y + 0.10 * size, 0.10 * size, 0.28 * size, shade(skin, 0.72), 0.28, 0.07 * size)
    for side in (-1, 1):
        canvas.disc(
            x + side * 0.18 * size, y + 0.17 * size, 0.08 * size, 0.06 * size, (0.90, 0.45, 0.40), 0.22, 0.05 * size
        )
    _fringe(canvas, x, y, size, hair, float(rng.uniform(-0.2, 0.2)))
    if size * canvas.unit_px >= 14:
        _features(canvas, (x + turn, y), size, skin, hair, float(rng.uniform(0.2, 1.0)), long_hair)
    unit = canvas.unit_px
    box = (x - 0.38 * size, y - 0.42 * size, x + 0.38 * size, y + 0.50 * size)
    if box[2] > 0 and box[3] > 0 and box[0] < canvas.aspect and box[1] < 1:
        left, top = int(box[0] * unit), int(box[1] * unit)
        canvas.faces.append(FaceBox(left, top, int(box[2] * unit) - left, int(box[3] * unit) - top))


def _fringe(canvas: Canvas, x: float, y: float, size: float, hair: Tint, parting: float) -> None:
    """Hair over the forehead, parted somewhere."""
    crown, brow = y - 0.50 * size, y - 0.17 * size
    split = x + parting * size
    canvas.polygon(
        [
            (split, crown),
            (split, brow - 0.12 * size),
            (x - 0.345 * size, brow + 0.10 * size),
            (x - 0.36 * size, brow - 0.12 * size),
        ],
        hair,
    )
    canvas.polygon(
        [
            (split, crown),
            (split, brow - 0.12 * size),
            (x + 0.345 * size, brow + 0.10 * size),
            (x + 0.36 * size, brow - 0.12 * size),
        ],
        hair,
    )


def _features(canvas: Canvas, centre: Dot, size: float, skin: Tint, hair: Tint, smile: float, painted: bool) -> None:
    """Brows, eyes, nose and mouth."""
    x, y = centre
    for side in (-1, 1):
        ex, ey = x + side * 0.145 * size, y + 0.03 * size
        canvas.line(
            (ex - 0.075 * size, ey - 0.105 * size), (ex + 0.075 * size, ey - 0.115 * size), 0.022 * size, hair, 0.8
        )
        canvas.disc(ex, ey, 0.072 * size, 0.044 * size, CHALK)
        canvas.disc(ex, ey, 0.037 * size, 0.041 * size, (0.13, 0.08, 0.06))
        canvas.disc(ex + 0.012 * size, ey - 0.012 * size, 0.009 * size, 0.009 * size, CHALK)
        canvas.line(
            (ex - 0.078 * size, ey - 0.022 * size),
            (ex + 0.078 * size, ey - 0.026 * size),
            0.020 * size,
            shade(hair, 0.8),
        )
    canvas.disc(x - 0.03 * size, y + 0.12 * size, 0.035 * size, 0.10 * size, shade(skin, 0.70), 0.35, 0.03 * size)
    canvas.disc(x, y + 0.195 * size, 0.055 * size, 0.022 * size, shade(skin, 0.66), 0.55, 0.02 * size)
    lips: Tint = (0.72, 0.24, 0.26) if painted else (0.68, 0.38, 0.33)
    for side in (-1, 1):
        corner = (x + side * 0.125 * size, y + (0.315 - 0.03 * smile) * size)
        canvas.line((x, y + 0.325 * size), corner, 0.030 * size, lips)
    canvas.disc(x, y + 0.335 * size, 0.075 * size, 0.026 * size, shade(lips, 1.15))


def bust(
    canvas: Canvas, x: float, y: float, size: float, dress: Dress, rng: np.random.Generator, long_hair: bool = False
) -> None:
    """Draw a person from the chest up, the face's middle at (x, y)."""
    chest = y + 0.62 * size
    coat: Paint = (shade(dress.coat, 1.12), shade(dress.coat, 0.72))
    canvas.disc(x, chest + 1.55 * size, 0.92 * size, 1.52 * size, coat)
    canvas.disc(x - 0.55 * size, chest + 1.3 * size, 0.10 * size, 0.8 * size, BLACK, 0.18, 0.08 * size)
    canvas.disc(x + 0.55 * size, chest + 1.3 * size, 0.10 * size, 0.8 * size, BLACK, 0.18, 0.08 * size)
    canvas.box(x - 0.15 * size, y + 0.30 * size, x + 0.15 * size, chest + 0.12 * size, (0.74, 0.55, 0.42))
    canvas.polygon([(x - 0.17 * size, chest), (x + 0.17 * size, chest), (x, chest + 0.36 * size)], (0.80, 0.61, 0.47))
    for side in (-1, 1):
        canvas.line(
            (x + side * 0.20 * size, chest - 0.02 * size),
            (x, chest + 0.38 * size),
            0.07 * size,
            shade(dress.coat, 1.35),
        )
    face(canvas, x, y, size, rng, long_hair)
    if dress.cap is not None:
        _cap(canvas, x, y, size, dress.cap)


def _cap(canvas: Canvas, x: float, y: float, size: float, cap: Tint) -> None:
    """An officer's cap: a wide crown, a red band, a dark peak."""
    canvas.disc(x, y - 0.44 * size, 0.58 * size, 0.20 * size, (shade(cap, 1.15), shade(cap, 0.8)))
    canvas.box(x - 0.37 * size, y - 0.42 * size, x + 0.37 * size, y - 0.27 * size, (0.62, 0.12, 0.12))
    canvas.disc(x, y - 0.25 * size, 0.38 * size, 0.055 * size, BLACK)
    canvas.disc(x, y - 0.36 * size, 0.05 * size, 0.05 * size, (0.92, 0.76, 0.30))


def walker(
    canvas: Canvas,
    x: float,
    feet: float,
    height: float,
    dress: Dress,
    rng: np.random.Generator,
    seen_from_behind: bool = False,
) -> None:
    """Draw a whole person, standing or walking, `height` from the soles to the crown."""
    canvas.disc(x + 0.12 * height, feet, 0.26 * height, 0.022 * height, BLACK, 0.30, 0.03 * height)
    hip, shoulder = feet - 0.47 * height, feet - 0.82 * height
    _legs(canvas, x, feet, height, dress, float(rng.uniform(0.03, 0.08)) * height)
    swing = float(rng.uniform(-0.03, 0.03)) * height
    for side in (-1, 1):
        hand = (x + side * 0.150 * height + swing, hip + 0.03 * height)
        canvas.line(
            (x + side * 0.108 * height, shoulder + 0.03 * height), hand, 0.055 * height, shade(dress.coat, 0.80)
        )
        canvas.disc(*hand, 0.026 * height, 0.030 * height, (0.80, 0.61, 0.47))
    coat: Paint = (shade(dress.coat, 1.10), shade(dress.coat, 0.80))
    for side in (-1, 1):
        canvas.disc(
            x + side * 0.088 * height,
            shoulder + 0.035 * height,
            0.048 * height,
            0.045 * height,
            shade(dress.coat, 1.08),
        )
    waist = 0.085 if dress.skirt else 0.105
    canvas.polygon(
        [
            (x - 0.088 * height, shoulder - 0.010 * height),
            (x + 0.088 * height, shoulder - 0.010 * height),
            (x + 0.128 * height, shoulder + 0.035 * height),
            (x + waist * height, hip + 0.03 * height),
            (x - waist * height, hip + 0.03 * height),
            (x - 0.128 * height, shoulder + 0.035 * height),
        ],
        coat,
    )
    canvas.line((x, shoulder + 0.02 * height), (x, hip + 0.02 * height), 0.008 * height, shade(dress.coat, 0.7))
    canvas.box(
        x - 0.03 * height, shoulder - 0.05 * height, x + 0.03 * height, shoulder + 0.01 * height, (0.72, 0.54, 0.42)
    )
    head = 0.135 * height
    if seen_from_behind:
        canvas.disc(x, feet - 0.92 * height, 0.38 * head, 0.5 * head, chosen(rng, HAIR))
    else:
        face(canvas, x, feet - 0.92 * height, head, rng, dress.skirt)
    if dress.cap is not None:
        _cap(canvas, x, feet - 0.92 * height, head, dress.cap)


def _legs(canvas: Canvas, x: float, feet: float, height: float, dress: Dress, stride: float) -> None:
    """Trousers and shoes, or a skirt to the knee and what is below it."""
    hip = feet - 0.47 * height
    leg, thick = ((0.74, 0.58, 0.46), 0.045) if dress.skirt else (dress.legs, 0.080)
    for side in (-1, 1):
        canvas.line((x + side * 0.045 * height, hip), (x + side * stride, feet - 0.01 * height), thick * height, leg)
        canvas.disc(x + side * (stride + 0.012 * height), feet - 0.008 * height, 0.045 * height, 0.018 * height, BLACK)
    if dress.skirt:
        canvas.polygon(
            [
                (x - 0.085 * height, hip - 0.02 * height),
                (x + 0.085 * height, hip - 0.02 * height),
                (x + 0.135 * height, feet - 0.22 * height),
                (x - 0.135 * height, feet - 0.22 * height),
            ],
            (dress.legs, shade(dress.legs, 0.75)),
        )


def house(
    canvas: Canvas,
    sides: tuple[float, float, float, float],
    wall: Tint,
    windows: tuple[int, int],
    rng: np.random.Generator,
    lit: float = 0.0,
    glass: Tint = (0.24, 0.30, 0.36),
) -> None:
    """Draw a front with rows of windows.

    Args:
        sides: left, top, right and bottom.
        windows: storeys, and how many in each.
        lit: share of them with a lamp on.
    """
    (x0, y0, x1, y1), (storeys, bays) = sides, windows
    canvas.box(x0, y0, x1, y1, (shade(wall, 1.06), shade(wall, 0.90)))
    canvas.box(x1 - 0.06 * (x1 - x0), y0, x1, y1, BLACK, 0.22)
    if (x1 - x0) * canvas.unit_px < 2.5 * bays:
        return
    dim = rng.uniform(0.75, 1.25, (storeys, bays, 1))
    lamps = rng.random((storeys, bays, 1)) < lit
    tones = np.where(
        lamps, np.asarray(LAMP) + rng.uniform(0, 0.25, dim.shape) * (0.0, 0.3, 0.8), np.asarray(glass) * dim
    )
    canvas.panes(x0, y0, x1, y1, np.minimum(tones, 1.0).astype(np.float32))


def tree(canvas: Canvas, x: float, feet: float, height: float, leaf: Tint, rng: np.random.Generator) -> None:
    """Draw a round tree: a trunk and a dozen clumps, light from the upper left."""
    canvas.line((x, feet), (x, feet - 0.6 * height), 0.05 * height, (0.26, 0.19, 0.14))
    for _ in range(14):
        dx, dy = rng.normal(0, 0.16), rng.normal(0, 0.14)
        tone = shade(leaf, 1.0 - 0.8 * float(dx * 0.5 + dy))
        canvas.disc(
            x + dx * height, feet - (0.68 - dy) * height, 0.17 * height, 0.15 * height, tone, 0.9, 0.05 * height
        )


def letters(canvas: Canvas, text: str, x: float, y: float, size: float, paint: Tint) -> None:
    """Write digits in dots, centred on (x, y)."""
    dot = size / 7
    left = x - (len(text) * 6 - 1) * dot / 2
    for place, letter in enumerate(text):
        for row, bits in enumerate(GLYPHS[letter]):
            for column in range(5):
                if bits >> (4 - column) & 1:
                    x0, y0 = left + (place * 6 + column) * dot, y - size / 2 + row * dot
                    canvas.box(x0, y0, x0 + dot, y0 + dot, paint)
