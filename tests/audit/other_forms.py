"""One of each form that camcorders of tapes and discs, dashcams, telephones and old cameras write: made here."""

from __future__ import annotations

import io
import random
import struct

import numpy as np
from PIL import Image
from tests.audit.carvable import drawn


def program(seed: int, packs: int = 60, *, ends: bool = True) -> bytes:
    """A program stream in packs of 2,048 bytes, as DVD camcorders and MOD have it."""
    chance, out = random.Random(seed), b""
    for number in range(packs):
        clock = 0x4400040004 << 8 | 1
        head = b"\0\0\1\xba" + (clock + (number << 16)).to_bytes(6, "big") + b"\x01\x89\xc3\xf8"
        body = chance.randbytes(2048 - len(head) - 6)
        out += head + b"\0\0\1\xe0" + struct.pack(">H", len(body)) + body
    return out + (b"\0\0\1\xb9" if ends else b"")


def element(number: str, contents: bytes, *, known: bool = True) -> bytes:
    length = (len(contents) | 1 << 56).to_bytes(8, "big") if known else b"\x01" + b"\xff" * 7
    return bytes.fromhex(number) + length + contents


def matroska(seed: int, kind: bytes, *, known: bool = True) -> bytes:
    block = element("a3", b"\x81\0\0\x80" + random.Random(seed).randbytes(30_000))
    clusters = element("1f43b675", element("e7", b"\0") + block, known=known) * 3
    parts = element("1549a966", element("4d80", b"made here")) + element("1654ae6b", bytes(60)) + clusters
    return element("1a45dfa3", element("4282", kind)) + element("18538067", parts, known=known)


def asf(seed: int, *, known: bool = True) -> bytes:
    packets = (b"\x82\0\0" + random.Random(seed).randbytes(3197)) * 20
    properties = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365") + struct.pack("<Q", 104) + bytes(16)
    properties += struct.pack("<Q", 0) + bytes(44) + struct.pack("<II", 3200, 3200) + bytes(4)
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<QIH", 30 + len(properties), 1, 0x201)
    size = 50 + len(packets) if known else 0
    data = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c") + struct.pack("<Q", size) + bytes(26)
    return head + properties + data + packets


def flash(seed: int) -> bytes:
    body = random.Random(seed).randbytes(20_000)
    tag = b"\x09" + len(body).to_bytes(3, "big") + bytes(7) + body
    return b"FLV\1\5\0\0\0\x09" + bytes(4) + (tag + struct.pack(">I", len(tag))) * 4


def redcode(seed: int) -> bytes:
    frame = random.Random(seed).randbytes(40_000)
    blocks = [(b"RED2", bytes(500)), *([(b"REDV", frame)] * 3), (b"REOB", bytes(40))]
    return b"".join(struct.pack(">I", len(body) + 8) + kind + body for kind, body in blocks)


def ogg(seed: int) -> bytes:
    """Theora beside sound: two streams, pages between each other, each ended."""
    chance = random.Random(seed)

    def page(flags: int, stream: int, packet: bytes) -> bytes:
        sizes = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        return (
            b"OggS\0"
            + bytes([flags])
            + bytes(8)
            + struct.pack("<III", stream, 0, 0)
            + bytes([len(sizes)])
            + sizes
            + packet
        )

    pages = [page(2, 1, b"\x80theora" + bytes(35)), page(2, 2, b"\1vorbis" + bytes(23))]
    pages += [page(0, 1 + number % 2, chance.randbytes(9_000)) for number in range(12)]
    return b"".join([*pages, page(4, 1, chance.randbytes(9_000)), page(4, 2, chance.randbytes(700))])


def real(seed: int) -> bytes:
    parts = (
        (b"PROP", bytes(42)),
        (b"CONT", b"made here"),
        (b"DATA", random.Random(seed).randbytes(60_000)),
        (b"INDX", bytes(52)),
    )
    chunks = b"".join(kind + struct.pack(">I", 8 + len(body)) + body for kind, body in parts)
    return b".RMF" + struct.pack(">IHII", 18, 0, 0, 4) + chunks


def tape(seed: int, mark: int, sequences: int) -> bytes:
    """Frames of raw DV: sequences of 150 blocks of 80 bytes."""
    chance = random.Random(seed)
    return b"".join(
        bytes([0x1F, 7 | number % sequences << 4 & 0xFF, 0, mark]) + chance.randbytes(150 * 80 - 4)
        for number in range(2 * sequences)
    )


def minolta(seed: int) -> bytes:
    sizes = struct.pack(">8sHHHHBBB", b"27820001", 100, 150, 100, 150, 16, 12, 0x59) + bytes(5)
    block = b"\0PRD" + struct.pack(">I", len(sizes)) + sizes
    return b"\0MRM" + struct.pack(">I", len(block)) + block + random.Random(seed).randbytes(100 * 150 * 3 // 2)


def noisy(form: str, **how: object) -> bytes:
    out = io.BytesIO()
    pixels = np.random.default_rng(5).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(out, form, **how)
    return out.getvalue()


def codestream(seed: int) -> bytes:
    part = b"\xff\x93" + random.Random(seed).randbytes(20_000)
    tile = b"\xff\x90\0\x0a\0\0" + struct.pack(">I", len(part) + 12) + b"\0\1" + part
    return b"\xff\x4f\xff\x51\0\x29" + bytes(39) + tile + b"\xff\xd9"


def jp2(seed: int) -> bytes:
    head = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 \0\0\0\x0ejp2hcolors"
    return head + b"\0\0\0\0jp2c" + codestream(seed)


OTHER_FORMS: dict[str, tuple[str, bytes]] = {
    "mpg": ("mpg", program(1)),
    "mod": ("mpg", program(2, ends=False)),
    "mkv": ("mkv", matroska(3, b"matroska")),
    "webm": ("webm", matroska(4, b"webm", known=False)),
    "wmv": ("wmv", asf(5)),
    "asf": ("wmv", asf(6, known=False)),
    "flv": ("flv", flash(7)),
    "r3d": ("r3d", redcode(8)),
    "ogv": ("ogv", ogg(13)),
    "rm": ("rm", real(14)),
    "dv": ("dv", tape(15, 0xBF, 12)),
    "dif": ("dv", tape(16, 0x3F, 10)),
    "mrw": ("mrw", minolta(9)),
    "gif": ("gif", noisy("GIF")),
    "bmp": ("bmp", drawn(10, "BMP")),
    "jp2": ("jp2", jp2(11)),
    "j2k": ("j2k", codestream(12)),
}
"""By the ending that a maker gives it: what it is called here, and the file."""
