"""The camera's own full-size JPEG inside a raw file: NEF, CR2, ARW and DNG (TIFF), CR3 (ISO media), RAF (Fujifilm).

Rule 1: a raw is never developed here: what is published is what the camera made of it, or nothing.
Rule 2: a preview is not the photograph: an embedded JPEG much smaller than the sensor is called one, and a thumbnail is
        refused, with both sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fifthfloor.errors import BadInput
from fifthfloor.metadata.brands import HEAD_BYTES, form_of
from fifthfloor.metadata.exif import NOTHING_TAKEN, ExifFacts, is_adobe_rgb, parts_of, taken_of
from fifthfloor.metadata.raf import RAF_SIGNATURE
from fifthfloor.metadata.raw_pictures import Pictures, exif_of_cr3, jpeg_width, of_cr3, of_raf, of_tiff
from fifthfloor.metadata.tiff import Read, reader_of
from fifthfloor.redact.named_colours import NamedSpace

RawKind = Literal["TIFF", "CR3", "RAF"]

# The camera's JPEG is a little smaller than the sensor (borders, 1.5 % at most); a preview half of it or less.
FULL_SIZE = 0.9
# PreviewColorSpace (DNG 1.7): grey, sRGB, Adobe RGB, ProPhoto RGB.
_OF_PREVIEW: dict[int, NamedSpace | None] = {1: "srgb", 2: "srgb", 3: "adobe", 4: "other"}
# What programs put into a DNG for want of the camera's JPEG is 1,024 pixels long or more; thumbnails have 160 to 640.
LEAST_PREVIEW_PX = 1000


@dataclass(frozen=True, slots=True)
class Embedded:
    """A JPEG found in a raw file.

    Args:
        data: the whole JPEG.
        orientation: 1 to 8 as the raw says, None where it says nothing.
        is_preview: it is much smaller than the sensor.
        space: its colours, as the raw says them; None where it says nothing.
        taken: what the raw's own Exif says.
    """

    data: bytes
    orientation: int | None
    is_preview: bool = False
    space: NamedSpace | None = None
    taken: ExifFacts = NOTHING_TAKEN


def raw_kind_of(data: bytes) -> RawKind | None:
    """Tell by its first bytes whether a file is a raw of a kind we read."""
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if form_of(data[:HEAD_BYTES]) == "cr3":
        return "CR3"
    return "RAF" if data.startswith(RAF_SIGNATURE) else None


def embedded_jpeg(data: bytes) -> Embedded:
    """Return the full-size JPEG of a raw file, or its largest preview.

    Args:
        data: a whole raw file, of an unknown source (`raw_kind_of` is not None).

    Raises:
        BadInput: there is none, or only a thumbnail; both sizes are given.
    """
    pictures = _pictures(data)
    read = reader_of(data)
    sizes = [(jpeg_width(read, (at, length)), at, length) for at, length in pictures.places if at + length <= len(data)]
    width, at, length = max(sizes, default=(0, 0, 0))
    if not width:
        raise BadInput("redact.raw_without_jpeg")
    is_preview = width < pictures.sensor_px * FULL_SIZE
    if is_preview and width < LEAST_PREVIEW_PX:
        raise BadInput("redact.raw_preview", width=width, sensor=pictures.sensor_px)
    parts = exif_of_cr3(read, len(data)) if raw_kind_of(data) == "CR3" else parts_of(read)
    space: NamedSpace | None = "adobe" if is_adobe_rgb(parts) else None
    # A converter says what it made its preview in, whatever the camera was set to.
    space = _OF_PREVIEW.get(pictures.colours.get(at, 0), space)
    return Embedded(data[at : at + length], pictures.orientation, is_preview, space, taken_of(parts))


def is_developed(read: Read) -> bool:
    """Tell whether a TIFF is a picture and no raw: its first picture is the largest, and others are previews of it."""
    head = read(0, HEAD_BYTES)
    # A CR2 says what it is; its first directory tells of the camera's own full-size JPEG.
    if raw_kind_of(head) != "TIFF" or head[8:10] == b"CR":
        return False
    pictures = of_tiff(read)
    return pictures.first_px >= pictures.sensor_px * FULL_SIZE > 0


def _pictures(data: bytes) -> Pictures:
    read = reader_of(data)
    kind = raw_kind_of(data)
    if kind == "CR3":
        return of_cr3(read, len(data))
    return of_raf(read) if kind == "RAF" else of_tiff(read)
