"""Files that say where they were taken, each in its own way: made here, from the specifications, nobody's."""

from __future__ import annotations

import io
import json
import math
import struct
import zlib

from PIL import Image
from tests.audit.made import box, directory, exif, photograph, picture, segment, text

NORTH, EAST = 39.025, 125.7528
EXIF = exif(gps=(NORTH, EAST), serial="7712345")
TIFF = EXIF[6:]
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="39,1.5N" '
    b'exif:GPSLongitude="125,45.168E"/></rdf:RDF></x:xmpmeta>'
)
IPTC = b"\x1c\x02\x5a\x00\x09Pyongyang"


def full(kind: bytes, contents: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]) + contents)


def heif(
    brand: bytes, item: bytes, *, gap: int = 0, inside: bool = False, mime: bool = False, coding: bytes = b""
) -> bytes:
    """A HEIF whose one item of metadata lies behind `gap` bytes, or in `idat`, and is found by `iloc` alone."""
    what = b"mime\0application/rdf+xml\0" + (coding and coding + b"\0") if mime else b"Exif\0"
    head = box(b"ftyp", brand + bytes(4) + b"mif1" + brand)

    def meta(at: int) -> bytes:
        place = struct.pack(">HHHHII", 1, int(inside), 0, 1, at, len(item))
        infe = full(b"infe", struct.pack(">HH", 1, 0) + what, 2)
        parts = full(b"hdlr", bytes(4) + b"pict" + bytes(13)) + full(b"iinf", struct.pack(">H", 1) + infe)
        parts += full(b"iloc", b"\x44\0" + struct.pack(">H", 1) + place, 1)
        return full(b"meta", parts + (box(b"idat", item) if inside else b""))

    rest = box(b"free", bytes(gap)) if gap else b""
    if inside:
        return head + meta(0) + box(b"mdat", bytes(64))
    at = len(head) + len(meta(0)) + len(rest) + 8
    return head + meta(at) + rest + box(b"mdat", item)


def webp(kind: bytes, item: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture(1, 64, 48))).save(out, "WEBP")
    plain = out.getvalue()[12:]
    flags = {b"EXIF": 8, b"XMP ": 4}[kind]
    chunk = kind + struct.pack("<I", len(item)) + item + bytes(len(item) % 2)
    head = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0, 63, 0, 0, 47, 0, 0])
    body = b"WEBP" + head + plain + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png(kind: bytes, contents: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture(1, 64, 48))).save(out, "PNG")
    plain = out.getvalue()
    chunk = struct.pack(">I", len(contents)) + kind + contents
    return plain[:33] + chunk + struct.pack(">I", zlib.crc32(kind + contents)) + plain[33:]


def raw_profile(name: str, data: bytes) -> bytes:
    return f"\n{name}\n{len(data):8d}\n{data.hex()}\n".encode()


def jxl(kind: bytes, contents: bytes) -> bytes:
    head = bytes.fromhex("0000000c4a584c200d0a870a") + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return head + box(kind, contents) + box(b"jxlc", b"\xff\x0a" + bytes(60))


def afcp() -> bytes:
    body = photograph(1, segments=b"", width=64, height=48)
    start = len(body)
    entry = b"IPTC" + struct.pack(">II", len(IPTC), start + 24)
    return body + b"AXS!" + struct.pack(">HHI", 1, 1, 0) + entry + IPTC + b"AXS!" + struct.pack(">II", start, 0)


def fotostation() -> bytes:
    body = photograph(1, segments=b"", width=64, height=48)
    return body + IPTC + struct.pack(">HII", 1, len(IPTC) + 10, 0xA1B2C3D4)


def flir(latitude: bytes = b"N", longitude: bytes = b"E") -> bytes:
    camera = bytearray(0x200)
    camera[:2] = b"\2\0"
    camera[0xD4:0xDC], camera[0x104:0x10C] = b"FLIR E60", b"64501234"
    gps = struct.pack("<I4s2s2s4xddf", 1, b"\2\2\0\0", latitude + b"\0", longitude + b"\0", NORTH, EAST, 0.0) + bytes(
        0x60
    )
    at, records, data = 64, b"", b""
    for kind, record in ((0x20, bytes(camera)), (0x2B, gps)):
        records += struct.pack(">HHIIII", kind, 0, 0x65, 1, at + 64 + len(data), len(record)) + bytes(12)
        data += record
    head = b"FFF\0" + b"TEST".ljust(16, b"\0") + struct.pack(">III", 0x65, at, 2)
    fff = head.ljust(at, b"\0") + records + data
    return photograph(1, segments=segment(0xE1, b"FLIR\0\1\0\0" + fff), width=64, height=48)


def manifest(assertion: bytes, *, rest: bytes = b"", form: bytes = b"json") -> bytes:
    def superbox(name: bytes, kind: bytes, inside: bytes) -> bytes:
        uuid = kind + bytes.fromhex("00110010800000aa00389b71")
        return box(b"jumb", box(b"jumd", uuid + b"\3" + name + b"\0") + inside)

    said = superbox(b"stds.exif", form, box(form, assertion))
    claim = superbox(b"c2pa.claim", b"c2cl", box(b"cbor", b"\xa1\x61a\x61b" + rest))
    store = superbox(b"c2pa.assertions", b"c2as", said)
    return superbox(b"c2pa", b"c2pa", superbox(b"urn:uuid:1", b"c2ma", store + claim))


def credentials(*, camera: bool = False) -> bytes:
    said = {"@context": {}, "exif:GPSLatitude": "39,1.5N", "exif:GPSLongitude": "125,45.168E"}
    rest = b"Nikon http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture" if camera else b"c2pa.edited"
    jumb = manifest(json.dumps(said).encode(), rest=rest)
    front = segment(0xE1, exif()) + segment(0xEB, b"JP\0\1" + struct.pack(">I", 1) + jumb)
    return photograph(1, segments=front, width=64, height=48)


def klv(key: bytes, kind: bytes, size: int, count: int, body: bytes) -> bytes:
    return key + struct.pack(">cBH", kind, size, count) + body.ljust(-(-len(body) // 4) * 4, b"\0")


def gopro(key: bytes) -> bytes:
    """A second of an action camera: the first fix is none, the second is the place."""
    degrees = struct.pack(">ii", round(NORTH * 1e7), round(EAST * 1e7))
    scales: tuple[int, ...]
    if key == b"GPS5":
        scales, values = (10_000_000, 10_000_000, 1000, 1000, 100), bytes(20) + degrees + struct.pack(">iii", 1, 0, 0)
        record = klv(key, b"l", 20, 2, values)
        kinds = b""
    else:
        scales = (10_000_000, 10_000_000, 1000, 1000, 100, 1, 1000, 100, 1)
        kinds = klv(b"TYPE", b"c", 1, 9, b"lllllllSS")
        record = klv(key, b"?", 32, 1, degrees + struct.pack(">iiiiiHH", 1, 0, 0, 8000, 1, 100, 3))
    scale = klv(b"SCAL", b"l", 4, len(scales), struct.pack(f">{len(scales)}i", *scales))
    stream = kinds + scale + record
    inner = klv(b"DVID", b"L", 4, 1, b"\0\0\0\1") + b"STRM\0\1" + struct.pack(">H", len(stream)) + stream
    return b"DEVC\0\1" + struct.pack(">H", len(inner)) + inner


def telemetry(
    sample: bytes, form: bytes = b"gpmd", handler: bytes = b"meta", *, told: bytes = b"", brand: bytes = b"mp41"
) -> bytes:
    """A film with one track beside: `sample` is all of it, `told` what its description says more."""
    head = box(b"ftyp", brand + bytes(4) + brand)
    tables = full(b"stsd", struct.pack(">I", 1) + box(form, bytes(6) + b"\0\1" + (told or bytes(8))))
    tables += full(b"stts", struct.pack(">III", 1, 1, 1000)) + full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1))
    tables += full(b"stsz", struct.pack(">III", 0, 1, len(sample))) + full(
        b"stco", struct.pack(">II", 1, len(head) + 8)
    )
    media = full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 1000, 1000, 0, 0))
    media += full(b"hdlr", bytes(4) + handler + bytes(12) + b"beside\0") + box(b"minf", box(b"stbl", tables))
    track = box(b"trak", full(b"tkhd", struct.pack(">IIII", 0, 0, 1, 0) + bytes(64)) + box(b"mdia", media))
    return head + box(b"mdat", sample + bytes(4000)) + box(b"moov", full(b"mvhd", bytes(96)) + track)


def sony_records() -> bytes:
    """A sample of `rtmd` as ExifTool reads it: a head of 28 bytes, a label, and values in a holder."""
    fractions = struct.pack(">6I", 39, 1, 1, 1, 30, 1), struct.pack(">6I", 125, 1, 45, 1, 1008, 100)
    values = {0x8501: b"N\0", 0x8502: fractions[0], 0x8503: b"E\0", 0x8504: fractions[1]}
    held = b"".join(struct.pack(">HH", key, len(value)) + value for key, value in values.items())
    label = bytes.fromhex("060e2b34025301010c02010101010000")
    return b"\0\x1c".ljust(28, b"\0") + label + struct.pack(">HH", 0x8300, len(held)) + held


def apple_records() -> tuple[bytes, bytes]:
    """A sample of `mebx`, and the keys that its description names."""
    name = b"mdta" + b"com.apple.quicktime.location.ISO6709"
    kinds = box(b"keyd", name) + box(b"dtyp", struct.pack(">II", 0, 1))
    value = b"+39.0250+125.7528+012/"
    sample = struct.pack(">II", 8 + len(value), 7) + value
    return sample, box(b"keys", struct.pack(">II", 8 + len(kinds), 7) + kinds)


def drone_records(*, degrees: bool = False) -> bytes:
    """A sample of `djmd`: serial number and model in the head, the place of a frame in a message of its own."""

    def message(number: int, contents: bytes) -> bytes:
        return bytes([number << 3 | 2, len(contents)]) + contents

    angles = (NORTH, EAST) if degrees else (NORTH * math.pi / 180, EAST * math.pi / 180)
    unit = b"\x08\x01" if degrees else b""
    place = unit + b"\x11" + struct.pack("<d", angles[0]) + b"\x19" + struct.pack("<d", angles[1])
    head = message(1, b"dvtm_Mini4_Pro.proto") + message(5, b"1581F6Z9C23BG003") + message(10, b"FC8482")
    turned = b"\x0d" + struct.pack("<f", 0.5) + b"\x10\x07"
    return message(1, message(1, head)) + message(3, message(3, message(4, message(1, place)) + message(2, turned)))


def canon_records() -> bytes:
    """A sample of `CTMD`: a moment, and Exif."""
    tiff = b"II*\0\x08\0\0\0" + directory([(0xA431, 2, text("7712345"))], 8)
    told = struct.pack("<II", 8 + len(tiff), 0x8769) + tiff
    moment = bytes(2) + struct.pack("<H6B", 2026, 5, 1, 10, 30, 0, 0)
    head = b"\1\1\0\1\xff\xff"
    return b"".join(struct.pack("<IH", 12 + len(data), kind) + head + data for kind, data in ((1, moment), (7, told)))


def described(user_data: bytes) -> bytes:
    """A film whose own description has `user_data`."""
    movie = full(b"mvhd", bytes(96)) + user_data
    return box(b"ftyp", b"3gp4\0\0\0\x003gp4") + box(b"mdat", bytes(range(256)) * 8) + box(b"moov", movie)


def loci() -> bytes:
    place = struct.pack(">ii", round(EAST * 65536), round(NORTH * 65536)) + bytes(4)
    return box(b"udta", full(b"loci", b"\x15\xc7" + b"here\0" + b"\0" + place + b"earth\0" + b"\0"))


def apple_keys() -> bytes:
    key = b"com.apple.quicktime.location.ISO6709"
    value = b"+39.0250+125.7528+030.000/"
    keys = full(b"keys", struct.pack(">II", 1, len(key) + 8) + b"mdta" + key)
    listed = box(b"ilst", struct.pack(">II", len(value) + 24, 1) + box(b"data", struct.pack(">II", 1, 0) + value))
    return box(b"meta", full(b"hdlr", bytes(4) + b"mdta" + bytes(13)) + keys + listed)


SONY = (
    b'<?xml version="1.0"?><NonRealTimeMeta><Device manufacturer="Sony" modelName="ILCE-0" serialNo="7712345"/>'
    b'<AcquisitionRecord><Group name="ExifGPS"><Item name="LatitudeRef" value="N"/>'
    b'<Item name="Latitude" value="39:01:30.000"/><Item name="LongitudeRef" value="E"/>'
    b'<Item name="Longitude" value="125:45:10.080"/></Group></AcquisitionRecord></NonRealTimeMeta>'
)
SUBTITLE = b"1\n00:00:00,000 --> 00:00:01,000\n"
