"""Faces and photographs of our own drawing, with everything in them that must not get out."""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from fifthfloor.jpeg.segments import APP0, APP1, APP2, APP11, COM, segment

SKIN = (214, 170, 140)
HAIR = (50, 35, 25)
WALL = (96, 110, 90)
SECRET = b"SERIAL-0815"


def face(height_px: int, skin: tuple[int, int, int] = SKIN) -> Image.Image:
    """Draw a face that is `height_px` high from forehead to chin, with hair, neck and shoulders."""
    drawn = Image.new("RGB", (400, 400), WALL)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((70, 20, 330, 330), fill=HAIR)
    pen.rectangle((160, 300, 240, 400), fill=_darker(skin, 0.85))
    pen.rectangle((60, 370, 340, 400), fill=(40, 60, 110))
    pen.ellipse((95, 55, 305, 355), fill=skin)
    pen.pieslice((85, 30, 315, 210), 180, 360, fill=HAIR)
    for eye in (150, 250):
        pen.ellipse((eye - 28, 165, eye + 28, 200), fill=(245, 245, 245))
        pen.ellipse((eye - 14, 166, eye + 14, 199), fill=HAIR)
        pen.arc((eye - 34, 140, eye + 34, 185), 200, 340, fill=HAIR, width=9)
    pen.polygon([(200, 185), (182, 250), (218, 250)], fill=_darker(skin, 0.9))
    pen.line([(184, 252), (216, 252)], fill=_darker(skin, 0.6), width=6)
    pen.chord((155, 270, 245, 318), 0, 180, fill=(160, 60, 60))
    pen.line([(152, 294), (248, 294)], fill=(110, 40, 40), width=5)
    size = round(400 * height_px / 300)
    return drawn.filter(ImageFilter.GaussianBlur(4)).resize((size, size), Image.Resampling.LANCZOS)


def scene(
    width: int = 480, height: int = 320, *, faces: tuple[tuple[int, int, int], ...] = ((300, 120, 64),), seed: int = 1
) -> Image.Image:
    """Draw a wall with people before it: (left, top, height) of each face's square."""
    picture = Image.new("RGB", (width, height), WALL)
    pen = ImageDraw.Draw(picture)
    for step in range(0, width, 40):
        pen.line([(step, 0), (step, height)], fill=(90, 104, 86), width=2)
    for left, top, size in faces:
        picture.paste(face(size), (left, top))
    noise = np.random.default_rng(seed).normal(0, 2, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def pixels(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture)


def jpeg(picture: Image.Image, **options: object) -> bytes:
    """Return a plain JPEG of a picture."""
    out = io.BytesIO()
    picture.save(out, "JPEG", **({"quality": 90} | options))
    return out.getvalue()


def telling(picture: Image.Image, orientation: int = 1) -> bytes:
    """Return a JPEG that tells everything a camera, a phone and a program ever told."""
    plain = jpeg(picture)
    thumbnail = jpeg(picture.resize((160, 120)))
    exif = _exif(orientation, thumbnail)
    said = [
        segment(APP1, b"Exif\0\0" + exif),
        segment(APP1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"),
        segment(APP0, b"JFXX\0\x10" + thumbnail[:20_000]),
        segment(APP2, b"MPF\0" + SECRET),
        segment(APP2, b"ICC_PROFILE\0\1\1" + _profile()),
        segment(0xED, b"Photoshop 3.0\x008BIM" + SECRET),
        segment(APP11, b"JP\0\1\0\0\0\1" + SECRET),
        segment(0xE5, b"MAKER" + SECRET),
        segment(COM, SECRET),
    ]
    return plain[:2] + b"".join(said) + plain[2:] + thumbnail + SECRET * 20


def _exif(orientation: int, thumbnail: bytes) -> bytes:
    """Write TIFF with maker, orientation, serial number (IFD0) and a thumbnail (IFD1)."""
    model = b"Hidden Camera 7\0"
    taken = b"2017:04:15 09:30:00\0"
    entries = 4
    first = 8
    values = first + 2 + 12 * entries + 4
    exif_ifd = values + len(model) + len(SECRET) + 1
    second = exif_ifd + 2 + 12 + 4 + len(taken)
    out = b"MM\0\x2a" + struct.pack(">I", first) + struct.pack(">H", entries)
    out += struct.pack(">HHII", 0x0110, 2, len(model), values)
    out += struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    out += struct.pack(">HHII", 0x8769, 4, 1, exif_ifd)
    out += struct.pack(">HHII", 0xC62F, 2, len(SECRET) + 1, values + len(model))
    out += struct.pack(">I", second) + model + SECRET + b"\0"
    out += struct.pack(">HHHII", 1, 0x9003, 2, len(taken), exif_ifd + 18) + bytes(4) + taken
    out += struct.pack(">HHHII", 2, 0x0201, 4, 1, second + 30) + struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail))
    return out + bytes(4) + thumbnail


def _profile() -> bytes:
    """Return a profile of nobody's colours, with a maker's name in it."""
    head = struct.pack(">I4sI4s4s4s", 132 + len(SECRET), b"appl", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    return (head.ljust(36, b"\0") + b"acsp").ljust(128, b"\0") + bytes(4) + SECRET


def _darker(colour: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (int(value * share) for value in colour)
    return red, green, blue
