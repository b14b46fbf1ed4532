"""Drawn scenes with enough in them to be found again, and what people do to photographs."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps


def scene(seed: int, width: int = 1200, height: int = 800) -> Image.Image:
    """Draw many things of many sizes on a sky and a ground, with grain; another seed is another scene."""
    chance = Random(seed)
    sky = np.linspace(chance.randint(120, 230), chance.randint(40, 110), height)[:, None, None]
    ground = np.broadcast_to(sky, (height, width, 3)) * np.array([chance.uniform(0.7, 1.1) for _ in range(3)])
    image = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(160):
        x, y = chance.uniform(0, width), chance.uniform(0, height)
        across = width * 0.012 * 2 ** chance.uniform(0, 3.5)
        down = across * chance.uniform(0.4, 1.6)
        # Colours as things have them: a grey, and a little beside it.
        grey = chance.randint(40, 215)
        fill = tuple(grey + chance.randint(-30, 30) for _ in range(3))
        box = (x - across, y - down, x + across, y + down)
        kind = chance.randrange(3)
        if kind == 0:
            draw.ellipse(box, fill)
        elif kind == 1:
            draw.rectangle(box, fill)
        else:
            turned = [(x + across * math.cos(a), y + down * math.sin(a)) for a in (chance.uniform(0, 7) for _ in "abc")]
            draw.polygon(turned, fill)
    grain = np.random.default_rng(seed).normal(0, 3, (height, width, 1))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(width / 1200)), np.float64) + grain
    return Image.fromarray(np.clip(soft, 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def smaller(image: Image.Image, long_edge_px: int) -> Image.Image:
    scale = long_edge_px / max(image.size)
    size = tuple(max(1, round(edge * scale)) for edge in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS)


def cropped(image: Image.Image, kept: float, chance: Random) -> Image.Image:
    """Keep a random part of so much of the area, of a random shape."""
    wide = min(1.0, math.sqrt(kept) * math.exp(chance.uniform(-0.25, 0.25)))
    high = min(1.0, kept / wide)
    left, top = chance.uniform(0, 1 - wide) * image.width, chance.uniform(0, 1 - high) * image.height
    return image.crop((round(left), round(top), round(left + wide * image.width), round(top + high * image.height)))


def bordered(image: Image.Image, _: Random) -> Image.Image:
    return ImageOps.expand(image, round(0.05 * max(image.size)), "black")


def lined(image: Image.Image, _: Random) -> Image.Image:
    """A black line around it, and a white border around that."""
    long_edge = max(image.size)
    return ImageOps.expand(ImageOps.expand(image, round(0.01 * long_edge), "black"), round(0.08 * long_edge), "white")


def matted(image: Image.Image, _: Random) -> Image.Image:
    """A white mat around it, and a dark border around that."""
    long_edge = max(image.size)
    return ImageOps.expand(ImageOps.expand(image, round(0.02 * long_edge), "white"), round(0.06 * long_edge), "#141414")


def captioned(image: Image.Image, _: Random) -> Image.Image:
    out = Image.new("RGB", (image.width, round(image.height * 1.15)), "white")
    out.paste(image)
    words = ImageDraw.Draw(out)
    words.text((image.width * 0.02, image.height * 1.02), "The crowd at noon", "black", font_size=image.width // 18)
    return out


def titled(image: Image.Image, _: Random) -> Image.Image:
    """A bar above it, red as a broadcaster's."""
    out = Image.new("RGB", (image.width, round(image.height * 1.2)), (170, 20, 30))
    out.paste(image, (0, out.height - image.height))
    words = ImageDraw.Draw(out)
    words.text((image.width * 0.02, image.height * 0.03), "BREAKING: the crowd", "white", font_size=image.width // 15)
    return out


def watermarked(image: Image.Image, _: Random) -> Image.Image:
    over = Image.new("RGBA", image.size)
    where = (image.width * 0.1, image.height * 0.4)
    ImageDraw.Draw(over).text(where, "AGENCY", (255, 255, 255, 120), font_size=image.width // 5)
    return Image.alpha_composite(image.convert("RGBA"), over).convert("RGB")


def hidden(image: Image.Image, chance: Random) -> Image.Image:
    """Three grey boxes, as `protect` leaves them."""
    out = image.copy()
    for _ in range(3):
        x, y = chance.uniform(0, 0.85) * image.width, chance.uniform(0, 0.8) * image.height
        box = (x, y, x + 0.12 * image.width, y + 0.18 * image.height)
        ImageDraw.Draw(out).rectangle(box, (128, 128, 128))
    return out


def night(image: Image.Image, _: Random) -> Image.Image:
    return Image.fromarray((255 * (np.asarray(image) / 255.0) ** 2.2 * 0.45).astype(np.uint8))


def colourful(image: Image.Image, _: Random) -> Image.Image:
    return ImageEnhance.Color(
        ImageEnhance.Contrast(ImageEnhance.Brightness(image).enhance(1.15)).enhance(1.25)
    ).enhance(1.5)


def turned(image: Image.Image, chance: Random) -> Image.Image:
    degrees = chance.choice((-1, 1)) * chance.uniform(1, 5)
    away = round(0.5 * math.tan(math.radians(abs(degrees))) * max(image.size))
    box = (away, away, image.width - away, image.height - away)
    return image.rotate(degrees, Image.Resampling.BICUBIC).crop(box)


def on_a_phone(image: Image.Image, chance: Random) -> Image.Image:
    """A screenshot of an app that shows the photograph across the screen."""
    screen = Image.new("RGB", (1080, 2220), "white")
    shown = image.resize((1080, round(1080 * image.height / image.width)))
    top = round(chance.uniform(200, max(210, 1900 - shown.height)))
    screen.paste(shown, (0, top))
    words = ImageDraw.Draw(screen)
    words.text((40, 40), "12:41   LTE", "black", font_size=40)
    for line in range(6):
        words.text(
            (40, top + shown.height + 30 + 60 * line), "lorem ipsum dolor sit amet"[line:], "black", font_size=40
        )
    return smaller(screen, 1600)


CHANGES: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    "as it is": lambda image, _: image,
    "400 px": lambda image, _: smaller(image, 400),
    "half": lambda image, chance: cropped(image, 0.5, chance),
    "turned": turned,
    "mirror": lambda image, _: ImageOps.mirror(image),
    "watermark": watermarked,
    "border": bordered,
    "caption": captioned,
    "hidden": hidden,
    "colour": colourful,
    "grey": lambda image, _: image.convert("L").convert("RGB"),
    "night": night,
    "phone": on_a_phone,
    "half of it, 400 px": lambda image, chance: smaller(cropped(image, 0.5, chance), 400),
    "mirror, watermark, crop": lambda image, chance: smaller(
        watermarked(ImageOps.mirror(cropped(image, 0.6, chance)), chance), 600
    ),
    "night, crop": lambda image, chance: night(cropped(image, 0.6, chance), chance),
}

# What a crop is put into.
SETTINGS: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    "in a border": bordered,
    "in a line and a border": lined,
    "in a mat and a border": matted,
    "above a caption bar": captioned,
    "below a title bar": titled,
    "on a telephone's screen": on_a_phone,
}
