"""Facts of one photograph, and how they are gathered from its blocks of metadata (Exif 2.32, CIPA DC-008)."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from fifthfloor.audit.captions import Captions, add_iptc, add_said, add_xmp
from fifthfloor.audit.hiding_programs import HidingProgram
from fifthfloor.audit.maker_notes import MakerNumbers, read_maker_note
from fifthfloor.audit.trailers import NO_TRAILER, Trailer
from fifthfloor.metadata.beside_films import TextFacts
from fifthfloor.metadata.exif import (
    GPS_AREA,
    GPS_DESTINATION,
    checked_place,
    parse_time,
    read_comment,
    read_place,
)
from fifthfloor.metadata.flir import read_thermal
from fifthfloor.metadata.gpmf import ActionFacts, read_gpmf
from fifthfloor.metadata.manifests import names_maker, read_manifest, store_in
from fifthfloor.metadata.metadata_block import MetadataBlock
from fifthfloor.metadata.tiff import Directory, Read, Tiff, embedded_thumbnail


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Facts of one photograph; absent ones are empty, None or 0.

    Args:
        form: "jpeg", "tiff" (and raws built on it), "raf", "heic", "cr3", "mov", "mp4", "png", "webp", "jxl";
            "beside" for a text that is none of these and tells of one.
        make, model, software: of the camera or program that wrote it.
        numbers: the maker's own numbers, see `maker_notes.Numbers`, with the standard tags merged in.
        texts: what people wrote: kind -> values, see `captions.Captions`.
        taken: the camera's clock at the exposure, without zone.
        gps: latitude and longitude in degrees, north and east positive.
        thumbnail: (offset, length) in the file of an embedded JPEG.
        pixels: width and height of the picture.
        pictures: how many pictures a multi-picture file holds.
        trailer: what stands after the picture.
        signed: "canon" or "camera" where the file carries a camera's signature, "c2pa" where it carries somebody's.
        unread: kind -> count of what is in the file and was not read.
        hiding: the program whose marks its head bears, of those that hide something in pictures.
    """

    form: str
    make: str
    model: str
    software: str
    numbers: MakerNumbers
    texts: dict[str, list[str]]
    taken: datetime | None = None
    gps: tuple[float, float] | None = None
    thumbnail: tuple[int, int] | None = None
    pixels: tuple[int, int] = (0, 0)
    pictures: int = 1
    trailer: Trailer = NO_TRAILER
    signed: str = ""
    unread: dict[str, int] = field(default_factory=dict)
    hiding: HidingProgram = ""

    @property
    def camera(self) -> str:
        """Make and model, the make not twice."""
        return self.model if self.model.startswith(self.make) else f"{self.make} {self.model}".strip()


_MAX_MANIFESTS = 16  # of one file; programs write one


class Draft:
    """Facts while they are gathered."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.make = self.model = self.software = ""
        self.numbers: MakerNumbers = {}
        self.captions = Captions()
        self.taken: datetime | None = None
        self.gps: tuple[float, float] | None = None
        self.thumbnail: tuple[int, int] | None = None
        self.pixels = (0, 0)
        self.pictures = 1
        self.pictures_end = 0
        self.trailer = NO_TRAILER
        self.signed = ""
        self.manifests: list[bytes] = []
        self.unread: Counter[str] = Counter()
        self.hiding: HidingProgram = ""

    def finish(self) -> PhotoFacts:
        texts = self.captions.texts
        self._read_manifest()
        for kind in ("serial", "lens_serial", "owner"):
            if texts.get(kind):
                self.numbers.setdefault(kind, texts[kind][0])
        self.gps = self.gps or _xmp_place(texts)
        self.unread["captions"] += self.captions.left_out
        return PhotoFacts(
            self.form, self.make, self.model, self.software, self.numbers, texts, self.taken, self.gps,
            self.thumbnail, self.pixels, self.pictures, self.trailer, self.signed, dict(self.unread), self.hiding,
        )  # fmt: skip

    def _read_manifest(self) -> None:
        """Read what a C2PA manifest says; a camera's it is only where it says so and names the maker Exif names."""
        if not self.manifests:
            return
        data = b"".join(map(store_in, self.manifests[:_MAX_MANIFESTS]))
        manifest = read_manifest(data)
        add_said(manifest.said, self.captions)
        by_camera = manifest.captured and names_maker(data, self.make)
        self.signed = self.signed or ("camera" if by_camera else "c2pa")
        self.unread["manifests"] += manifest.rest or len(self.manifests) > _MAX_MANIFESTS


# tag -> kind of text, in the first directory (Exif 2.32 section 4.6.4; Windows' XP tags are UTF-16)
_TEXT_TAGS = {0x10D: "title", 0x10E: "description", 0x13B: "artist", 0x8298: "copyright", 0x13C: "host"}
_WINDOWS_TEXTS = {0x9C9B: "title", 0x9C9C: "comment", 0x9C9D: "artist", 0x9C9E: "keyword", 0x9C9F: "title"}
# tag -> kind of number, in the Exif directory (programs move them to the first)
_EXIF_NUMBERS = {0xA431: "serial", 0xA430: "owner", 0xA435: "lens_serial", 0xA420: "unique_id"}


def read_block(block: MetadataBlock, draft: Draft) -> None:
    """Gather what one block of metadata says."""
    if block.kind == "exif":
        read_tiff(block.read, block.offset_bytes, draft)
    elif block.kind == "xmp":
        add_xmp(block.content(), draft.captions)
    elif block.kind == "iptc":
        add_iptc(block.content(), draft.captions)
    elif block.kind == "c2pa":
        draft.manifests.append(block.content())
    elif block.kind == "gopro":
        read_action(read_gpmf(block.content()), draft)
    elif block.kind == "flir":
        _read_thermal(block.content(), draft)
    else:
        draft.unread["packed"] += 1


def read_action(facts: ActionFacts, draft: Draft) -> bool:
    """Gather what an action camera's records say; whether they are such records at all."""
    draft.model = draft.model or facts.model
    if facts.serial:
        draft.numbers.setdefault("serial", facts.serial)
    draft.gps = draft.gps or facts.place
    return facts.known


def read_film_text(facts: TextFacts, draft: Draft) -> None:
    """Gather what a text beside or in a film says."""
    draft.make, draft.model = draft.make or facts.make, draft.model or facts.model
    if facts.serial:
        draft.numbers.setdefault("serial", facts.serial)
    draft.gps = draft.gps or facts.place
    draft.captions.add("place", facts.place_name)


def _read_thermal(data: bytes, draft: Draft) -> None:
    facts = read_thermal(data)
    draft.model = draft.model or facts.model
    for kind, value in (("serial", facts.serial), ("lens_serial", facts.lens_serial)):
        if value:
            draft.numbers.setdefault(kind, value)
    draft.gps = draft.gps or facts.place


def read_tiff(read: Read, file_offset: int, draft: Draft) -> None:
    """Read IFD0, Exif, GPS and the maker note of the TIFF at offset 0 of `read` (at `file_offset` in the file)."""
    tiff = Tiff.open(read)
    if tiff is None:
        return
    first = tiff.directory(tiff.first_offset)
    read_first(tiff, first, draft)
    exif_at = tiff.number(first.entries.get(0x8769))
    if exif_at:
        read_exif(tiff, tiff.directory(exif_at), draft)
    gps_at = tiff.number(first.entries.get(0x8825))
    if gps_at:
        read_gps(tiff, tiff.directory(gps_at), draft)
    place = embedded_thumbnail(tiff)
    if place is not None:
        draft.thumbnail = (file_offset + place[0], place[1])


def read_gps(tiff: Tiff, gps: Directory, draft: Draft) -> None:
    """Read the GPS directory: where the camera was, where it was going, and how the place is called."""
    draft.gps = read_place(tiff, gps) or draft.gps
    going = read_place(tiff, gps, GPS_DESTINATION)
    if going is not None and draft.gps is not None and going != draft.gps:
        draft.captions.add("place", f"{going[0]:.5f}, {going[1]:.5f}")
    draft.gps = draft.gps or going
    draft.captions.add("place", read_comment(tiff, gps.entries.get(GPS_AREA)))


def read_first(tiff: Tiff, first: Directory, draft: Draft) -> None:
    """Read the first directory: maker, program, texts, rating."""
    tags = first.entries
    draft.make = tiff.text(tags.get(0x10F)) or draft.make
    draft.model = tiff.text(tags.get(0x110)) or draft.model
    draft.software = tiff.text(tags.get(0x131)) or draft.software
    draft.taken = draft.taken or parse_time(tiff.text(tags.get(0x132)))
    for tag, kind in _TEXT_TAGS.items():
        draft.captions.add(kind, tiff.text(tags.get(tag)))
    for tag, kind in _WINDOWS_TEXTS.items():
        raw = tiff.raw(tags.get(tag), 8192)
        for part in raw.decode("utf-16-le", "replace").split("\0", 1)[0].split(";"):
            draft.captions.add(kind, part)
    rating = tiff.number(tags.get(0x4746))
    if rating is not None:
        draft.captions.add("rating", str(rating))
    serial = tiff.text(tags.get(0xC62F))
    if serial:
        draft.numbers.setdefault("serial", serial)
    _standard_numbers(tiff, first, draft)


def read_exif(tiff: Tiff, exif: Directory, draft: Draft) -> None:
    """Read the Exif directory and the maker note in it."""
    tags = exif.entries
    draft.taken = parse_time(tiff.text(tags.get(0x9003))) or draft.taken
    if draft.pixels == (0, 0):
        draft.pixels = (tiff.number(tags.get(0xA002)) or 0, tiff.number(tags.get(0xA003)) or 0)
    if 0x927C in tags:
        note = read_maker_note(tiff, tags[0x927C], draft.make, draft.model)
        if note.pop("verification", ""):
            draft.signed = "canon"
        draft.numbers.update(note)
    _standard_numbers(tiff, exif, draft)
    number = tiff.number(tags.get(0x9211))
    if number is not None:
        draft.numbers["image_number"] = number
    draft.captions.add("comment", read_comment(tiff, tags.get(0x9286)))


def _standard_numbers(tiff: Tiff, directory: Directory, draft: Draft) -> None:
    for tag, kind in _EXIF_NUMBERS.items():
        value = tiff.text(directory.entries.get(tag))
        if value:
            draft.numbers[kind] = value


# XMP writes "39,1.166667N" or "39,1,10N"; programs also degrees alone, with a sign, a letter or a property beside it.
_ANGLE = re.compile(
    r"([-+]?)\s*(\d{1,3}(?:\.\d+)?)(?:\D{1,8}?(\d{1,2}(?:\.\d+)?))?(?:\D{1,8}?(\d{1,2}(?:\.\d+)?))?\W{0,4}([NSEW]?)"
)


def _xmp_place(texts: dict[str, list[str]]) -> tuple[float, float] | None:
    """Return the first place that properties of XMP give together."""
    latitudes, longitudes = texts.get("gps_latitude", ()), texts.get("gps_longitude", ())
    sides = [next(iter(texts.get(f"{name}_ref", ())), "") for name in ("gps_latitude", "gps_longitude")]
    for pair in zip(latitudes, longitudes, strict=False):
        found = [_degrees(text, side) for text, side in zip(pair, sides, strict=True)]
        place = checked_place(*(math.inf if value is None else value for value in found))
        if place is not None:
            return place
    return None


def _degrees(text: str, side: str) -> float | None:
    match = _ANGLE.fullmatch(text.strip())
    if match is None:
        return None
    value = float(match[2]) + float(match[3] or 0) / 60 + float(match[4] or 0) / 3600
    south = match[1] == "-" or (match[5] or side[:1].upper()) in ("S", "W")
    return -value if south else value
