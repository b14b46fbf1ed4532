"""One of each form that cameras of today write and earlier carving missed: made here, each whole by its own rules."""

from __future__ import annotations

import io
import random
import struct

from PIL import Image
from tests.audit.carriers_of_places import full, heif
from tests.audit.made import box, heic, photograph, picture, segment

_KEY = bytes.fromhex("060e2b34")
INSTA360_END = b"8db42d694ccc418790edff439fe026bf"


def klv(item: str, value: bytes) -> bytes:
    return _KEY + bytes.fromhex(item) + b"\x83" + len(value).to_bytes(3, "big") + value


def mxf(seed: int, scale: int = 1) -> bytes:
    chance = random.Random(seed)
    pack = struct.pack(">HHIQQQQIQI16sII", 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, bytes(16), 0, 16)
    frames = [klv("010201010d01030115010500", chance.randbytes(40_000)) for _ in range(6 * scale)]
    fill = klv("010101020301021001000000", bytes(400))
    return klv("020501010d01020101020400", pack) + fill.join(frames) + klv("020501010d01020101040400", bytes(88))


def stream(seed: int, *, times: bool, packets: int = 640) -> bytes:
    """A transport stream: a table of programmes, its map, a film; `times` puts four bytes before each packet."""
    chance = random.Random(seed)
    out = bytearray()
    for number in range(packets):
        pid = 0 if number == 0 else 0x100 if number == 1 else 0x1011
        if times:
            out += struct.pack(">I", number * 1000)
        body = chance.randbytes(184)
        if number == 0:
            body = bytes.fromhex("0000b00d0001c100000001e1002ac4d5a1").ljust(184, b"\xff")
        out += struct.pack(">BHB", 0x47, pid | (0x4000 if number < 3 else 0), 0x10 | number & 15) + body
    return bytes(out)


def avi(seed: int, scale: int = 1) -> bytes:
    frame = random.Random(seed).randbytes(40_000 * scale)
    chunk = b"00dc" + struct.pack("<I", len(frame)) + frame
    head = b"LIST" + struct.pack("<I", 68) + b"hdrlavih" + struct.pack("<I", 56) + bytes(56)
    body = b"AVI " + head + b"LIST" + struct.pack("<I", len(chunk) + 4) + b"movi" + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def drawn(seed: int, form: str, times: int = 1, **how: object) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture(seed, 320 * times, 240 * times))).save(out, form, **how)
    return out.getvalue()


def jxl(seed: int, scale: int = 1) -> bytes:
    head = bytes.fromhex("0000000c4a584c200d0a870a") + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return head + box(b"jxlc", b"\xff\x0a" + random.Random(seed).randbytes(30_000 * scale))


def boxes(seed: int, *parts: bytes, brand: bytes = b"mp42", first: bytes | None = None, scale: int = 1) -> bytes:
    """A film by its boxes; `first` in place of `ftyp`."""
    head = box(b"ftyp", brand + bytes(4) + brand) if first is None else first
    return head + box(b"mdat", random.Random(seed).randbytes(50_000 * scale)) + box(b"moov", b"".join(parts))


HEADER = full(b"mvhd", bytes(96))


def described(form: bytes) -> bytes:
    return full(b"stsd", struct.pack(">I", 1) + box(form, bytes(70)))


def video() -> bytes:
    return box(b"trak", box(b"mdia", full(b"hdlr", bytes(4) + b"vide" + bytes(13))))


def mpo(seed: int, times: int = 1) -> bytes:
    """Two pictures in one file, as CIPA DC-007 lays them out: both views of one moment."""
    second = photograph(seed + 50, width=320 * times, height=240 * times)

    def first(length: int, at: int) -> bytes:
        entries = struct.pack("<IIIHH", 0x20020002, length, 0, 0, 0)
        entries += struct.pack("<IIIHH", 0x00020002, len(second), at, 0, 0)
        index = struct.pack("<HHHI4sHHIIHHIII", 3, 0xB000, 7, 4, b"0100", 0xB001, 4, 1, 2, 0xB002, 7, 32, 50, 0)
        return photograph(
            seed, segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + index + entries), width=320 * times, height=240 * times
        )

    plain = first(0, 0)
    return first(len(plain), len(plain) - 10) + second


def forms(times: int = 1) -> dict[str, bytes]:
    """One of each, `times` as wide and as high, films and noise as many times as long as that makes a picture."""
    scale, width, height = times * times, 320 * times, 240 * times
    return {
        "mxf": mxf(1, scale),
        "ts": stream(2, times=False, packets=640 * scale),
        "mts": stream(3, times=True, packets=640 * scale),
        "avi": avi(16, scale),
        "png": drawn(4, "PNG", times),
        "webp": drawn(5, "WEBP", times, quality=90),
        "jxl": jxl(6, scale),
        "avif": heif(b"avif", random.Random(7).randbytes(20_000 * scale)),
        "heic": heic(8, chance_bytes=150_000 * scale),
        "braw": boxes(9, HEADER, described(b"brhq"), first=box(b"wide", b""), scale=scale),
        "crm": boxes(10, HEADER, box(b"CNCV", b"CanonCRM0001/10.00.00/00.00.00"), brand=b"crx ", scale=scale),
        "insv": boxes(11, HEADER, video(), scale=scale) + b"\x01" * 200 + INSTA360_END,
        "insp": photograph(12, width=width, height=height) + b"\x01" * 200 + INSTA360_END,
        "360": boxes(13, HEADER, video(), video(), box(b"udta", b"GoPro MAX"), scale=scale),
        "mpo": mpo(14, times),
        "mov": boxes(15, HEADER, first=b"", scale=scale),
    }


FORMS = forms()
