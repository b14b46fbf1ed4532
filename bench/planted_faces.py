"""Photographs with faces planted in them: known places, heights and difficulties.

The named set is "shared-35": 35 faces of 20 cameras in ../shared/photos/cameras, picked by eye among what the finder
found in full size (so the figures say how recall falls with height and difficulty, not how often a large face is
missed). They are planted into pieces of ../shared/photos/roll, where nobody is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

PHOTOS = Path(os.environ.get("FIFTHFLOOR_PHOTOS", Path(__file__).resolve().parents[2] / "shared/photos"))
SCENE = (1024, 768)
PLACES = [(column * 160 + 32, row * 180 + 20) for row in range(4) for column in range(6)]
CONTEXT = 0.6  # of the face's height, kept around it: hair, neck, shoulders

FRONTAL = (
    ("Canon_EOS_20D_3.jpg", 1350, 1118, 1458, 1257),
    ("Canon_EOS_D60.jpg", 379, 282, 590, 558),
    ("Canon_EOS_REBEL_T3i.jpg", 433, 211, 507, 321),
    ("Canon_IXUS_300.jpg", 796, 373, 873, 479),
    ("Canon_IXUS_300.jpg", 526, 315, 605, 425),
    ("Canon_IXUS_300.jpg", 1015, 248, 1101, 364),
    ("Canon_IXUS_750.jpg", 1432, 646, 1646, 896),
    ("Canon_IXUS_750.jpg", 1718, 260, 2018, 643),
    ("Canon_IXUS_v2.jpg", 725, 277, 1167, 831),
    ("FujiFilm_FinePix2650.jpg", 671, 417, 734, 498),
    ("JVC_GR-DC2000.jpg", 464, 10, 965, 535),
    ("Kodak_DX6490.jpg", 642, 410, 1170, 954),
    ("Kodak_Z1012_IS.jpg", 786, 1130, 1026, 1433),
    ("Konica_Q-M100_1.jpg", 242, 141, 362, 311),
    ("Nikon_E900_2.jpg", 376, 256, 445, 340),
    ("Nikon_E900_2.jpg", 736, 234, 824, 350),
)
PROFILE = (
    ("Canon_PowerShot_G2_2.jpg", 501, 292, 626, 484),
    ("Canon_PowerShot_SD850_IS.jpg", 1826, 600, 1938, 721),
    ("Issue_154.jpg", 422, 72, 484, 161),
    ("Issue_154.jpg", 645, 163, 704, 260),
    ("Issue_154.jpg", 215, 88, 272, 175),
    ("Issue_154.jpg", 813, 135, 869, 212),
    ("Issue_154.jpg", 105, 132, 163, 224),
    ("Nikon_E900_2.jpg", 1090, 564, 1173, 692),
    ("Nikon_E900_2.jpg", 1217, 383, 1280, 509),
)
TURNED = (
    ("Canon_EOS_1000D.jpg", 1924, 1117, 2092, 1236),
    ("Canon_PowerShot_SD600.jpg", 1532, 658, 1830, 909),
    ("FujiFilm_DS-7_3.jpg", 289, 12, 395, 128),
    ("Issue_154.jpg", 1182, 52, 1245, 129),
    ("Issue_154.jpg", 816, 42, 864, 106),
    ("Minolta_DiMAGE_5.jpg", 624, 667, 764, 808),
    ("Nikon_E885.jpg", 396, 74, 513, 199),
)
GOGGLES = (
    ("Canon_PowerShot_A70.jpg", 1312, 505, 1379, 587),
    ("Canon_PowerShot_A70.jpg", 781, 487, 871, 596),
    ("Canon_PowerShot_A70.jpg", 1090, 466, 1157, 549),
)
KINDS = ("frontal", "profile", "turned", "masked", "dark", "back-lit", "crowded")


@dataclass(frozen=True, slots=True)
class Scene:
    """A photograph with faces planted in it.

    Args:
        pixels: uint8 (768, 1024, 3), after one JPEG at quality 90.
        faces: left, top, right, bottom of each.
    """

    pixels: np.ndarray
    faces: tuple[tuple[float, float, float, float], ...]


def scenes(kind: str, height_px: int, count: int, seed: int) -> list[Scene]:
    """Make `count` scenes of up to 24 faces of one kind and height."""
    random = np.random.default_rng([seed, height_px, KINDS.index(kind)])
    return [_scene(kind, height_px, random) for _ in range(count)]


def _scene(kind: str, height_px: int, random: np.random.Generator) -> Scene:
    scene = _background(random)
    if kind == "back-lit":
        scene = Image.eval(scene, lambda v: min(255, int(v * 0.6 + 130)))
    sources = {"profile": PROFILE, "turned": TURNED}.get(kind, FRONTAL)
    faces = []
    for left, top in PLACES:
        if kind == "crowded":
            # Three heads, each covering a third of the one behind.
            for step in range(3):
                at = (left + step * height_px * 0.75, top + step * height_px * 0.25)
                faces.append(_plant(scene, _face(sources, random), kind, height_px, at, random))
            continue
        from_set = GOGGLES if kind == "masked" and random.random() < 0.3 else sources
        faces.append(_plant(scene, _face(from_set, random), kind, height_px, (left, top), random))
    return Scene(_camera(scene, random), tuple(faces))


def _background(random: np.random.Generator) -> Image.Image:
    files = sorted((PHOTOS / "roll").glob("IMG_10*.JPG"))
    photo = Image.open(files[random.integers(len(files))])
    left, top = (int(random.integers(0, high)) for high in (photo.width - SCENE[0], photo.height - SCENE[1]))
    return photo.crop((left, top, left + SCENE[0], top + SCENE[1])).convert("RGB")


def _face(sources: tuple[tuple[str, int, int, int, int], ...], random: np.random.Generator) -> Image.Image:
    """Cut a face with its surroundings; the face is the middle 1 / (1 + 2 CONTEXT) of the height."""
    name, left, top, right, bottom = sources[random.integers(len(sources))]
    photo = Image.open(PHOTOS / "cameras" / name).convert("RGB")
    around = (bottom - top) * CONTEXT
    middle = (left + right) / 2
    half = (bottom - top) / 2 + around
    # A square, so that width follows from height; what lies outside the photograph is its edge repeated.
    square = np.asarray(photo)
    rows = np.clip(np.arange(int(top - around), int(bottom + around)), 0, photo.height - 1)
    columns = np.clip(np.arange(int(middle - half), int(middle + half)), 0, photo.width - 1)
    return Image.fromarray(square[rows][:, columns])


def _plant(
    scene: Image.Image,
    face: Image.Image,
    kind: str,
    height_px: int,
    at: tuple[float, float],
    random: np.random.Generator,
) -> tuple[float, float, float, float]:
    face = _changed(face, kind, random)
    size = max(8, round(height_px * (1 + 2 * CONTEXT)))
    face = face.resize((size, size), Image.Resampling.LANCZOS)
    mask = Image.new("L", (size * 4, size * 4), 0)
    reach = 0.06 if kind != "crowded" else 0.2
    ImageDraw.Draw(mask).ellipse([size * 4 * reach, size * 4 * 0.06, size * 4 * (1 - reach), size * 4], fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(size * 0.08)).resize((size, size))
    left, top = round(at[0]), round(at[1])
    scene.paste(face, (left, top), mask)
    edge = size * CONTEXT / (1 + 2 * CONTEXT)
    return left + edge + 0.12 * height_px, top + edge, left + size - edge - 0.12 * height_px, top + size - edge


def _changed(face: Image.Image, kind: str, random: np.random.Generator) -> Image.Image:
    if random.random() < 0.5:
        face = face.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    size = face.width
    if kind == "masked":
        edge = CONTEXT / (1 + 2 * CONTEXT) * size
        tall = size - 2 * edge
        low, high = edge + 0.52 * tall, edge + 1.02 * tall
        cloth = tuple(int(c) for c in random.integers(60, 230, 3))
        points = [(edge + 0.1 * tall, low), (size / 2, low - 0.06 * tall), (size - edge - 0.1 * tall, low)]
        points += [(size - edge - 0.25 * tall, high), (edge + 0.25 * tall, high)]
        ImageDraw.Draw(face).polygon(points, fill=cloth)
    pixels = np.asarray(face).astype(float)
    if kind == "dark":
        pixels = 255 * (pixels / 255) ** 1.3 * np.array([0.45, 0.37, 0.33])
    elif kind == "back-lit":
        pixels = pixels * 0.22 + 8
    else:
        pixels = pixels * random.uniform(0.8, 1.15)
    face = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if kind == "turned":
        face = face.rotate(random.uniform(-50, 50), Image.Resampling.BICUBIC, fillcolor=(90, 90, 90))
    return face


def _camera(scene: Image.Image, random: np.random.Generator) -> np.ndarray:
    """Add sensor noise and one JPEG."""
    import io

    noisy = np.asarray(scene) + random.normal(0, 3, (SCENE[1], SCENE[0], 3))
    packed = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(packed, "JPEG", quality=90)
    return np.asarray(Image.open(packed).convert("RGB"))
