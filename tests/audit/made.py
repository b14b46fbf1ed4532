"""Photographs, raws and films made for the tests: small, lawful, each different."""

from __future__ import annotations

import functools
import io
import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

MOMENT = datetime(2026, 5, 1, 10, 30)
CARD_BYTES = 48 << 20


@functools.cache
def picture(seed: int, width: int = 640, height: int = 480, quality: int = 92) -> bytes:
    """A JPEG with structure and grain, so that its coded data look like a photograph's."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 255, (height // 32 + 2, width // 32 + 2, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    grain = chance.normal(0, 9, smooth.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def directory(entries: list[tuple[int, int, bytes]], start: int, following: int = 0) -> bytes:
    """A TIFF directory (little-endian) at offset `start`; values longer than four bytes stand right behind it."""
    head = struct.pack("<H", len(entries))
    values = b""
    after = start + 2 + 12 * len(entries) + 4
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}
    for tag, kind, value in sorted(entries):
        count = len(value) // sizes[kind]
        if len(value) <= 4:
            head += struct.pack("<HHI4s", tag, kind, count, value.ljust(4, b"\0"))
        else:
            head += struct.pack("<HHII", tag, kind, count, after + len(values))
            values += value
    return head + struct.pack("<I", following) + values


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def rationals(*values: float) -> bytes:
    return b"".join(struct.pack("<II", round(value * 1000), 1000) for value in values)


def exif(
    *,
    make: str = "Nikon",
    model: str = "D90",
    taken: datetime = MOMENT,
    gps: tuple[float, float] | None = None,
    owner: str = "",
    serial: str = "",
    note: bytes = b"",
    first: list[tuple[int, int, bytes]] | None = None,
    thumbnail: bytes = b"",
) -> bytes:
    """The contents of an Exif segment."""
    inner: list[tuple[int, int, bytes]] = [(0x9003, 2, text(f"{taken:%Y:%m:%d %H:%M:%S}"))]
    if owner:
        inner.append((0xA430, 2, text(owner)))
    if serial:
        inner.append((0xA431, 2, text(serial)))
    if note:
        inner.append((0x927C, 7, note))
    outer = [(0x10F, 2, text(make)), (0x110, 2, text(model)), *(first or [])]
    place: list[tuple[int, int, bytes]] = []
    if gps is not None:
        latitude, longitude = gps
        place = [
            (1, 2, b"N\0" if latitude >= 0 else b"S\0"),
            (2, 5, rationals(abs(latitude), 0, 0)),
            (3, 2, b"E\0" if longitude >= 0 else b"W\0"),
            (4, 5, rationals(abs(longitude), 0, 0)),
        ]

    def assemble(exif_at: int, gps_at: int, second_at: int, thumbnail_at: int) -> list[bytes]:
        pointers = [(0x8769, 4, struct.pack("<I", exif_at))]
        if place:
            pointers.append((0x8825, 4, struct.pack("<I", gps_at)))
        second: list[tuple[int, int, bytes]] = [
            (0x103, 3, struct.pack("<H", 6)),
            (0x201, 4, struct.pack("<I", thumbnail_at)),
            (0x202, 4, struct.pack("<I", len(thumbnail))),
        ]
        return [
            directory([*outer, *pointers], 8, second_at if thumbnail else 0),
            directory(inner, exif_at),
            directory(place, gps_at) if place else b"",
            directory(second, second_at) if thumbnail else b"",
            thumbnail,
        ]

    places = [0, 0, 0, 0]
    for _ in range(2):
        parts = assemble(*places)
        at, places = 8, []
        for part in parts[:4]:
            at += len(part)
            places.append(at)
    return b"Exif\0\0" + b"II*\0\x08\0\0\0" + b"".join(assemble(*places))


def segment(marker: int, contents: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(contents) + 2) + contents


def photograph(seed: int, segments: bytes | None = None, *, width: int = 640, height: int = 480, **facts: Any) -> bytes:
    """A camera's JPEG: Exif in front, the picture's own segments after it."""
    body = picture(seed, width, height)
    front = segments if segments is not None else segment(0xE1, exif(**facts))
    return body[:2] + front + body[2:]


def raw(
    seed: int, make: str = "NIKON CORPORATION", strip_bytes: int = 300_000, *, preview: bytes | None = None
) -> bytes:
    """A TIFF-based raw: a preview JPEG in a sub-directory, one strip of packed data at the end."""
    preview = preview or picture(seed, 320, 240)
    chance = np.random.default_rng(seed).normal(2000, 400, strip_bytes // 2).astype("<u2").tobytes()
    length = len(directory([(0x103, 3, b"\6\0"), (0x201, 4, b"\0" * 4), (0x202, 4, b"\0" * 4)], 0))
    base: list[tuple[int, int, bytes]] = [
        (0xFE, 4, struct.pack("<I", 0)),
        (0x100, 4, struct.pack("<I", 600)),
        (0x101, 4, struct.pack("<I", 250)),
        (0x103, 3, struct.pack("<H", 1)),
        (0x10F, 2, text(make)),
        (0x110, 2, text("MODEL ONE")),
    ]

    def first(strip: int, sub: int) -> bytes:
        pointers = [(0x111, 4, struct.pack("<I", strip)), (0x117, 4, struct.pack("<I", len(chance))),
                    (0x14A, 4, struct.pack("<I", sub))]  # fmt: skip
        return directory([*base, *pointers], 8)

    sub_at = 8 + len(first(0, 0))
    preview_at = sub_at + length
    sub = directory(
        [(0x103, 3, b"\6\0"), (0x201, 4, struct.pack("<I", preview_at)), (0x202, 4, struct.pack("<I", len(preview)))],
        sub_at,
    )
    strip_at = preview_at + len(preview)
    return b"II*\0\x08\0\0\0" + first(strip_at, sub_at) + sub + preview + chance


def box(kind: bytes, contents: bytes) -> bytes:
    return struct.pack(">I", len(contents) + 8) + kind + contents


def film(seed: int, brand: bytes = b"qt  ", length: int = 200_000) -> bytes:
    """A MOV, MP4 or CR3 by its boxes: brand, data, description."""
    data = np.random.default_rng(seed).bytes(length)
    inside = box(b"mvhd", bytes(100)) + box(b"udta", b"\xa9xyz\0\x18\0\0+39.0300+125.7500+030.1/")
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"mdat", data) + box(b"moov", inside)


def heic(seed: int, contents: bytes = b"", *, chance_bytes: int = 150_000) -> bytes:
    data = np.random.default_rng(seed).bytes(chance_bytes)
    return (
        box(b"ftyp", b"heic\0\0\0\0mif1heic")
        + box(b"meta", bytes(4) + box(b"hdlr", bytes(24)) + contents)
        + box(b"mdat", data)
    )


def on_sectors(*parts: bytes, size: int = 4096) -> tuple[bytes, list[int]]:
    """Lay parts one after the other, each on a cluster; returns the bytes and where each begins."""
    whole, starts = b"", []
    for part in parts:
        starts.append(len(whole))
        whole += part + bytes(-len(part) % size)
    return whole, starts


def camera_card(path: Path, count: int = 12, delete: tuple[int, ...] = (), **facts: Any) -> Path:
    """A FAT32 card with numbered photographs, some of them deleted as the camera does it."""
    format_fat32(path, CARD_BYTES, label="NIKON D90", cluster_bytes=512, partitioned=False)
    with FatWriter(path) as writer:
        for number in range(1, count + 1):
            writer.add_file(name(number), photograph(number, **facts), MOMENT)
    for number in delete:
        delete_like_a_camera(path, name(number))
    return path


def name(number: int) -> str:
    return f"DCIM/100NCD90/DSC_{number:04d}.JPG"
