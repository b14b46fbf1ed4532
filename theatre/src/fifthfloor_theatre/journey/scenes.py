"""The photographs of a trip that nobody took: drawn by a program, and honestly called synthetic.

`draw_scene` paints one scene; `photograph` makes the file a camera would write of it; `roll` makes many. The same
name, number and seed give the same bytes with the same versions of numpy and Pillow.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import quoteattr

import numpy as np

from fifthfloor.errors import BadInput
from fifthfloor_theatre.journey import harmless, indoors, riverside, shot_exif, town
from fifthfloor_theatre.journey.camera import Photo, developed, enlarge, exposed
from fifthfloor_theatre.journey.paint import Canvas, FaceBox

# Painted no higher than this and then enlarged: detail below it drowns in the noise, and time grows with its square.
PAINTED_HEIGHT_PX = 720
WIDTH_PX, HEIGHT_PX = 1944, 1296
BURST = 3  # so many frames in a row show one scene, as people photograph


@dataclass(frozen=True, slots=True)
class Scene:
    """One place of the trip.

    Args:
        paint: paints it on a canvas.
        title: what it shows, in a few words.
        dark: taken at night or indoors; the camera's noise is stronger.
    """

    paint: Callable[[Canvas, np.random.Generator], None]
    title: str
    dark: bool = False


UNWANTED: dict[str, Scene] = {
    "river-day-left": Scene(riverside.river_day_left, "the near bank by day"),
    "river-day-right": Scene(riverside.river_day_right, "the far bank by day"),
    "border-post": Scene(riverside.border_post, "the soldier at the barrier"),
    "train-window": Scene(riverside.train_window, "from the train"),
    "fields": Scene(riverside.fields, "work in the fields"),
    "square": Scene(town.square, "the square with two statues"),
    "monument": Scene(town.monument, "the tower at dusk"),
    "crossing": Scene(town.crossing, "the traffic officer"),
    "apartments": Scene(town.apartments, "apartment blocks"),
    "bus": Scene(town.bus, "a full trolleybus"),
    "market": Scene(town.market, "the market"),
    "escalator": Scene(indoors.escalator, "down to the metro", dark=True),
    "lift-panel": Scene(indoors.lift_panel, "the lift without a five", dark=True),
    "corridor": Scene(indoors.corridor, "a corridor of the hotel", dark=True),
    "karaoke": Scene(indoors.karaoke, "waitresses sing", dark=True),
    "guide": Scene(indoors.guide, "the guide counts the pictures"),
    "river-night-left": Scene(riverside.river_night_left, "the near bank by night", dark=True),
    "river-night-right": Scene(riverside.river_night_right, "the far bank by night", dark=True),
}
INNOCENT: dict[str, Scene] = {
    "lake": Scene(harmless.lake, "a mountain lake"),
    "flowers": Scene(harmless.flowers, "a flower bed"),
    "breakfast": Scene(harmless.breakfast, "a breakfast"),
    "cat": Scene(harmless.cat, "the hotel's cat"),
}
SCENES: dict[str, Scene] = UNWANTED | INNOCENT


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One file of a frame as it lies in a camera's folder.

    Args:
        name: by the rules of DCF: IMG_0001.JPG, IMG_0001.XMP.
        content: its bytes.
        taken: the frame's time.
        scene: which one it shows.
    """

    name: str
    content: bytes
    taken: datetime
    scene: str


def draw_scene(name: str, seed: int, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> Photo:
    """Return a scene without a camera's noise, shape (height_px, width_px, 3).

    Args:
        name: a key of `SCENES`.
        seed: another one gives other clouds, people and places of things.
        width_px, height_px: at least 16; made for 3:2.

    Raises:
        BadInput: no such scene ("journey.no_scene").
    """
    factor = _factor(height_px)
    painted, _ = _painted(name, seed, -(-width_px // factor), -(-height_px // factor))
    return enlarge(painted, factor)[:height_px, :width_px]


def scene_faces(name: str, seed: int, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> tuple[FaceBox, ...]:
    """Return where `draw_scene`, called the same way, drew faces; parts outside the picture are cut off."""
    factor = _factor(height_px)
    _, faces = _painted(name, seed, -(-width_px // factor), -(-height_px // factor))
    boxes = []
    for box in faces:
        left, top = max(0, box.left_px * factor), max(0, box.top_px * factor)
        right = min(width_px, (box.left_px + box.width_px) * factor)
        bottom = min(height_px, (box.top_px + box.height_px) * factor)
        if right > left and bottom > top:
            boxes.append(FaceBox(left, top, right - left, bottom - top))
    return tuple(boxes)


def photograph(
    name: str,
    number: int,
    taken: datetime,
    *,
    seed: int = 0,
    width_px: int = WIDTH_PX,
    height_px: int = HEIGHT_PX,
    place: tuple[float, float] | None = None,
) -> bytes:
    """Return a photograph of a scene, as the file a camera would write.

    Args:
        name: a key of `SCENES`.
        number: of the file; gives the exposure and the noise, so that no two frames are alike.
        taken: local time.
        seed: of the scene.
        width_px, height_px: of the picture.
        place: latitude and longitude in degrees to note, or None.

    Raises:
        BadInput: no such scene, or Pillow is not installed.
    """
    rng = np.random.default_rng([zlib.crc32(name.encode()), seed, number])
    factor = _factor(height_px)
    painted, _ = _painted(name, seed, -(-width_px // factor), -(-height_px // factor))
    dark = SCENES[name].dark
    iso = int(rng.choice((200, 400, 800) if dark else (100, 200, 400)))
    light = np.clip(np.arange(256) * rng.uniform(0.93, 1.06), 0, 255).astype(np.uint8)
    # a hand that is never still: the frames of a burst are not quite one picture
    down, across = (np.clip(np.arange(n) + rng.integers(-3, 4), 0, n - 1) for n in painted.shape[:2])
    held = light[painted][down][:, across]
    shot = shot_exif.Release(number, taken, (1, 60 if dark else 250), iso, place)
    return developed(exposed(held, factor, iso, rng)[:height_px, :width_px], shot)


def dcf_name(number: int, extension: str = "JPG") -> str:
    """Return the file name for a number, by the rules of DCF: IMG_0001.JPG to IMG_9999.JPG, then from 1 again."""
    return f"IMG_{(number - 1) % 9999 + 1:04d}.{extension}"


def sidecar(number: int, taken: datetime, title: str) -> bytes:
    """Return a small XMP file as programs lay beside a photograph; a second file of its frame."""
    when = quoteattr(taken.isoformat(timespec="seconds"))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"\n'
        f'   xmp:CreateDate={when} xmp:Rating="{number % 5 + 1}" xmp:CreatorTool="Fifth Floor Synthetic"\n'
        f"   photoshop:Headline={quoteattr(title)}/>\n"
        " </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>\n'
    ).encode()


def roll(
    names: Sequence[str],
    count: int,
    started: datetime,
    *,
    first_number: int = 1,
    sidecar_every: int = 0,
    seed: int = 0,
    size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX),
) -> Iterator[TakenFile]:
    """Make a roll: `count` frames through the scenes `names`, three of each in a row, then round again.

    Args:
        names: keys of `SCENES`, in the order of the day.
        count: of frames.
        started: local time of the first frame.
        first_number: of the first file.
        sidecar_every: each so-manieth frame has a second file, IMG_nnnn.XMP; 0 for none.
        seed: of the whole roll.
        size_px: width and height of every picture.

    Raises:
        BadInput: no such scene, or Pillow is not installed.
    """
    taken = started
    for frame in range(count):
        visit, number = frame // BURST, first_number + frame
        name = names[visit % len(names)]
        content = photograph(name, number, taken, seed=seed + visit, width_px=size_px[0], height_px=size_px[1])
        yield TakenFile(dcf_name(number), content, taken, name)
        if sidecar_every and frame % sidecar_every == sidecar_every - 1:
            beside = sidecar(number, taken, SCENES[name].title)
            yield TakenFile(dcf_name(number, "XMP"), beside, taken, name)
        # seconds between the frames of one place, most of an hour to the next
        taken += timedelta(seconds=4 + number % 9) if frame % BURST < BURST - 1 else timedelta(minutes=31 + number % 23)


def _factor(height_px: int) -> int:
    return -(-height_px // PAINTED_HEIGHT_PX)


@functools.lru_cache(maxsize=4)
def _painted(name: str, seed: int, width_px: int, height_px: int) -> tuple[Photo, tuple[FaceBox, ...]]:
    if name not in SCENES:
        raise BadInput("journey.no_scene", name=name, known=", ".join(SCENES))
    canvas = Canvas(width_px, height_px)
    SCENES[name].paint(canvas, np.random.default_rng([zlib.crc32(name.encode()), seed]))
    canvas.vignette()
    pixels = (np.clip(canvas.planes, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8).transpose(1, 2, 0)
    pixels = np.ascontiguousarray(pixels)
    pixels.flags.writeable = False
    return pixels, tuple(canvas.faces)
