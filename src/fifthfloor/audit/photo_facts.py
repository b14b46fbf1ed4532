"""Facts of one photograph, and how they are gathered from its blocks of metadata (Exif 2.32, CIPA DC-008)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from fifthfloor.audit.asserted import add_said
from fifthfloor.audit.captions import Captions, add_iptc, add_xmp
from fifthfloor.audit.exif_texts import Walked, directories, say_texts
from fifthfloor.audit.hiding_programs import HidingProgram
from fifthfloor.audit.maker_notes import MakerNumbers, read_maker_note
from fifthfloor.audit.property_kinds import is_wordy
from fifthfloor.audit.trailers import NO_TRAILER, Trailer
from fifthfloor.metadata import image_resources, jpeg_head
from fifthfloor.metadata.beside_films import TextFacts
from fifthfloor.metadata.blocks import IPTC_TAG, RESOURCES_TAG, XMP_TAG
from fifthfloor.metadata.exif import (
    GPS_AREA,
    GPS_DESTINATION,
    parse_time,
    read_comment,
    read_place,
)
from fifthfloor.metadata.flir import read_thermal
from fifthfloor.metadata.gpmf import ActionFacts, read_gpmf
from fifthfloor.metadata.iptc import records, resources
from fifthfloor.metadata.manifests import names_maker, read_manifest, store_in
from fifthfloor.metadata.metadata_block import MetadataBlock
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import Directory, Read, Tiff, TiffEntry, embedded_thumbnail, reader_of


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """A part of a file that nobody here reads.

    Args:
        what: under which it is counted, "parts" or "segments".
        name: what its container calls it ("png abCd", "item uri "), with how often it stands there.
        length_bytes: of all that are called so.
    """

    what: str
    name: str
    length_bytes: int


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
        parts: of these, what has a name and a length.
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
    parts: tuple[UnreadPart, ...] = ()

    @property
    def camera(self) -> str:
        """Make and model, the make not twice."""
        return self.model if self.model.startswith(self.make) else f"{self.make} {self.model}".strip()


_MAX_UNREAD_PARTS = 500  # names of parts in one file that are kept; a file made to break readers has thousands
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
        self.in_resources = False
        self.signed = ""
        self.manifests: list[bytes] = []
        self.walked: list[tuple[Tiff, Walked]] = []
        self.unread: Counter[str] = Counter()
        self._parts: dict[tuple[str, str], tuple[int, int]] = {}
        self.hiding: HidingProgram = ""

    def pass_over(self, what: str, name: str, length_bytes: int) -> None:
        """Count a part that is not read: files are counted, its name and length are kept."""
        self.unread[what] = 1
        times, length = self._parts.get((what, name), (0, 0))
        if times or len(self._parts) < _MAX_UNREAD_PARTS:
            self._parts[what, name] = times + 1, length + length_bytes

    def finish(self) -> PhotoFacts:
        texts = self.captions.texts
        self._read_manifest()
        for kind in ("serial", "lens_serial", "owner"):
            if texts.get(kind):
                self.numbers.setdefault(kind, texts[kind][0])
        self._take_angles()
        self.unread["captions"] += self.captions.left_out
        return PhotoFacts(
            self.form, self.make, self.model, self.software, self.numbers, texts, self.taken, self.gps,
            self.thumbnail, self.pixels, self.pictures, self.trailer, self.signed, dict(self.unread), self.hiding,
            tuple(
                UnreadPart(what, name if times == 1 else f"{name} ({times})", length)
                for (what, name), (times, length) in self._parts.items()
            ),
        )  # fmt: skip

    def _take_angles(self) -> None:
        """Take the places that properties give in two halves: the first where Exif has none, the others beside it."""
        for place in self.captions.angles.places():
            self.gps = self.gps or place
            if place != self.gps:
                self.captions.add("place", f"{place[0]:.5f}, {place[1]:.5f}")
        for text in self.captions.angles.alone():
            self.captions.add("place", text)

    def _read_manifest(self) -> None:
        """Read what a C2PA manifest says; a camera's it is only where it says so and names the maker Exif names."""
        if not self.manifests:
            return
        data = b"".join(map(store_in, self.manifests[:_MAX_MANIFESTS]))
        manifest = read_manifest(data)
        for one in add_said(manifest.said, self.captions):
            self.pass_over("parts", f"c2pa {one.name}", len(one.text))
        by_camera = manifest.captured and names_maker(data, self.make)
        self.signed = self.signed or ("camera" if by_camera else "c2pa")
        self.unread["manifests"] += manifest.rest or len(self.manifests) > _MAX_MANIFESTS


# Windows' XP tags are UTF-16.
_WINDOWS_TEXTS = {0x9C9B: "title", 0x9C9C: "comment", 0x9C9D: "artist", 0x9C9E: "keyword", 0x9C9F: "title"}
_NAME_OF_NOTE = "exif:0x927C"
_PANASONIC_TITLES = frozenset([0xC6D2, 0xC6D3])
_COMMENT_TAG, _GPS_METHOD, _JPEG_FROM_RAW = 0x9286, 27, 0x2E
# tag -> kind of number, in the Exif directory (programs move them to the first)
_EXIF_NUMBERS = {0xA431: "serial", 0xA430: "owner", 0xA435: "lens_serial", 0xA420: "unique_id"}


_FEWEST_BLOCK_BYTES = 9


def read_block(block: MetadataBlock, draft: Draft) -> None:
    """Gather what one block of metadata says."""
    if block.kind == "exif":
        if _is_no_tiff(block.read) and len(block.content(_FEWEST_BLOCK_BYTES)) == _FEWEST_BLOCK_BYTES:
            draft.pass_over("parts", block.kind, block.length_bytes)
        read_tiff(block.read, block.offset_bytes, draft)
    elif block.kind == "xmp":
        add_xmp(block.content(), draft.captions)
    elif block.kind == "iptc":
        data = block.content()
        add_iptc(data, draft.captions)
        _read_resources(data, draft)
        if data.strip(b"\0") and not any(records(data)) and not any(resources(data)):
            draft.pass_over("parts", block.kind, len(data))
    elif block.kind == "c2pa":
        draft.manifests.append(block.content())
    elif block.kind == "gopro":
        read_action(read_gpmf(block.content()), draft)
    elif block.kind == "flir":
        _read_thermal(block.content(), draft)
    else:
        draft.unread["packed"] += 1


def _is_no_tiff(read: Read) -> bool:
    tiff = Tiff.open(read)
    return tiff is None or not read(tiff.first_offset, 2)


# Photoshop's resources that hold what JPEG has segments for, and the address of a picture ("Photoshop File Formats").
_EXIF_RESOURCES, _XMP_RESOURCE, _ADDRESS_RESOURCE = (0x0422, 0x0423), 0x0424, 0x040B


_BETWEEN_WORDS = re.compile(r"[-_.\d]+")  # of the words of a file's name


def _read_resources(data: bytes, draft: Draft) -> None:
    for number, contents in resources(data):
        if number in _EXIF_RESOURCES and not draft.in_resources:  # each may hold others, to any depth
            draft.in_resources = True
            read_tiff(reader_of(contents, 6 if contents.startswith(b"Exif\0\0") else 0), 0, draft)
            draft.in_resources = False
        elif number == _XMP_RESOURCE:
            add_xmp(contents, draft.captions)
        elif number == _ADDRESS_RESOURCE:
            draft.captions.say("photoshop:URL", decode(contents))
        elif not image_resources.is_known(number) and contents.strip(b"\0"):
            draft.pass_over("parts", f"8BIM 0x{number:04X}", len(contents))
        for name, text in image_resources.names_of(number, contents):
            if is_wordy(_BETWEEN_WORDS.sub(" ", text)):
                draft.captions.say(name, text)


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
    draft.captions.add("description", facts.description)
    for name in facts.persons:
        draft.captions.add("person", name)


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
    roles = set[str]()
    for walked in directories(tiff):
        if walked.first:
            read_first(tiff, walked.directory, draft)
        elif walked.role == "exif" and "exif" not in roles:
            read_exif(tiff, walked.directory, draft)
        elif walked.role == "gps":
            read_gps(tiff, walked.directory, draft)
        roles.add(walked.role)
        draft.walked.append((tiff, walked))
        read_texts(tiff, walked, draft)
        if not walked.first or draft.form != "tiff":  # of the first, `blocks_of` gives these
            _read_packets(tiff, walked.directory, draft)
        if _JPEG_FROM_RAW in walked.directory:
            _read_panasonic(tiff, walked.directory, draft)
    place = embedded_thumbnail(tiff)
    if place is not None:
        draft.thumbnail = (file_offset + place[0], place[1])


def _read_packets(tiff: Tiff, directory: Directory, draft: Draft) -> None:
    """Read XMP and IPTC in a directory."""
    if directory.entries.keys().isdisjoint((XMP_TAG, IPTC_TAG, RESOURCES_TAG)):
        return
    if packet := tiff.raw(directory.entries.get(XMP_TAG)):
        add_xmp(packet, draft.captions)
    for tag in (IPTC_TAG, RESOURCES_TAG):
        if records := tiff.raw(directory.entries.get(tag)):
            add_iptc(records, draft.captions)
            _read_resources(records, draft)


def _read_panasonic(tiff: Tiff, directory: Directory, draft: Draft) -> None:
    """Read the Exif of the JPEG that Panasonic's raws keep: their maker note is in there alone."""
    entry = directory.entries[_JPEG_FROM_RAW]

    def inside(offset: int, length: int) -> bytes:
        return tiff.read(entry.at + offset, length) if offset >= 0 else b""

    if entry.kind == 7 and inside(0, 3) == b"\xff\xd8\xff":
        for block in jpeg_head.blocks(jpeg_head.segments(inside)):
            if block.kind == "exif":
                read_tiff(block.read, entry.at + block.offset_bytes, draft)


def read_texts(tiff: Tiff, walked: Walked, draft: Draft) -> None:
    """Read what stands as text in a directory of any kind."""
    tags = walked.directory.entries
    say_texts(tiff, walked, draft.captions)
    if walked.role == "gps":
        if _GPS_METHOD in tags:
            draft.captions.say(f"gps:0x{_GPS_METHOD:04X}", read_comment(tiff, tags[_GPS_METHOD]))
        return
    for tag in tags.keys() & _WINDOWS_TEXTS.keys():
        raw = tiff.raw(tags[tag], 8192)
        for part in raw.decode("utf-16-le", "replace").split("\0", 1)[0].split(";"):
            draft.captions.add(_WINDOWS_TEXTS[tag], part)
    for tag in tags.keys() & _PANASONIC_TITLES:
        draft.captions.say(f"exif:0x{tag:04X}", tiff.text(tags[tag]))
    if _COMMENT_TAG in tags:
        draft.captions.add("comment", read_comment(tiff, tags[_COMMENT_TAG]))


def read_gps(tiff: Tiff, gps: Directory, draft: Draft) -> None:
    """Read the GPS directory: where the camera was, where it was going, and how the place is called."""
    was = read_place(tiff, gps)
    if was is not None and draft.gps is not None and was != draft.gps:
        draft.captions.add("place", f"{draft.gps[0]:.5f}, {draft.gps[1]:.5f}")
    draft.gps = was or draft.gps
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
        draft.numbers.update(read_note(tiff, tags[0x927C], draft))
    _standard_numbers(tiff, exif, draft)
    number = tiff.number(tags.get(0x9211))
    if number is not None:
        draft.numbers["image_number"] = number


def read_note(tiff: Tiff, entry: TiffEntry, draft: Draft) -> MakerNumbers:
    """Read a maker note; its numbers are for the caller to take."""
    note = read_maker_note(tiff, entry, draft.make, draft.model)
    draft.unread["notes"] += not note.read
    for kind, text in note.texts:
        if kind == "said":
            draft.captions.say(_NAME_OF_NOTE, text)
        else:
            draft.captions.add(kind, text)
    if note.numbers.pop("verification", ""):
        draft.signed = "canon"
    return note.numbers


def _standard_numbers(tiff: Tiff, directory: Directory, draft: Draft) -> None:
    for tag, kind in _EXIF_NUMBERS.items():
        value = tiff.text(directory.entries.get(tag))
        if value:
            draft.numbers[kind] = value
