"""Photographs with faces planted in them: known places, heights and difficulties.

The named set is "labelled-50": every face of 64 pixels and more that a person labelled in ../shared/photos/cameras
(`real_faces.json`), whether or not the finder finds it. They are planted into pieces of ../shared/photos/roll, where
nobody is.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass

import numpy as np
from labelled_faces import PHOTOS, Pixels, Sides, photographs
from PIL import Image, ImageDraw, ImageFilter

SCENE = (1024, 768)
PLACES = [(column * 160 + 32, row * 180 + 20) for row in range(4) for column in range(6)]
CONTEXT = 0.6  # of the face's height, kept around it: hair, neck, shoulders

LEAST_PX = 64  # a smaller face says more of its own camera than of what is done to it here
LARGEST_PX = 400  # enough for 64 pixels of face
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
    source = kind if kind in ("profile", "turned") else "frontal"
    faces = []
    for left, top in PLACES:
        if kind == "crowded":
            # Three heads, each covering a third of the one behind.
            for step in range(3):
                at = (left + step * height_px * 0.75, top + step * height_px * 0.25)
                faces.append(_plant(scene, _face(source, random), kind, height_px, at, random))
            continue
        from_set = "covered" if kind == "masked" and random.random() < 0.3 else source
        faces.append(_plant(scene, _face(from_set, random), kind, height_px, (left, top), random))
    return Scene(_camera(scene, random), tuple(faces))


def _background(random: np.random.Generator) -> Image.Image:
    files = sorted((PHOTOS / "roll").glob("IMG_10*.JPG"))
    photo = Image.open(files[random.integers(len(files))])
    left, top = (int(random.integers(0, high)) for high in (photo.width - SCENE[0], photo.height - SCENE[1]))
    return photo.crop((left, top, left + SCENE[0], top + SCENE[1])).convert("RGB")


@functools.lru_cache(maxsize=1)
def sources() -> dict[str, list[Image.Image]]:
    """Return the faces of the set by kind, each with its surroundings."""
    found: dict[str, list[Image.Image]] = {}
    for photo in photographs(empty=False):
        for face in photo.faces:
            if face.height_px >= LEAST_PX and not face.doubtful:
                found.setdefault(face.kind, []).append(_cut(photo.pixels, face.box))
    return found


def _face(kind: str, random: np.random.Generator) -> Image.Image:
    of_kind = sources()[kind]
    return of_kind[random.integers(len(of_kind))]


def _cut(pixels: Pixels, box: Sides) -> Image.Image:
    """Cut a face with its surroundings; the face is the middle 1 / (1 + 2 CONTEXT) of the height."""
    left, top, right, bottom = box
    around = (bottom - top) * CONTEXT
    middle = (left + right) / 2
    half = (bottom - top) / 2 + around
    # A square, so that width follows from height; what lies outside the photograph is its edge repeated.
    rows = np.clip(np.arange(int(top - around), int(bottom + around)), 0, pixels.shape[0] - 1)
    columns = np.clip(np.arange(int(middle - half), int(middle + half)), 0, pixels.shape[1] - 1)
    cut = Image.fromarray(pixels[rows][:, columns])
    cut.thumbnail((LARGEST_PX, LARGEST_PX), Image.Resampling.LANCZOS)
    return cut


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
    noisy = np.asarray(scene) + random.normal(0, 3, (SCENE[1], SCENE[0], 3))
    packed = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(packed, "JPEG", quality=90)
    return np.asarray(Image.open(packed).convert("RGB"))
