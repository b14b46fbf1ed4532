"""Where pictures built of chunks end: PNG (third edition, 5.3), WebP (RFC 9649) and JPEG XL (ISO/IEC 18181-2).

Rule: chunks are counted against the bytes they cover: a chain of empty ones ends soon.
"""

from __future__ import annotations

from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.iso_boxes import header_of
from fifthfloor.metadata.jxl import CONTAINER
from fifthfloor.metadata.png import PNG_SIGNATURE, chunks

_FREE_CHUNKS = 4096
_MEAN_CHUNK_BYTES = 256
_MAX_CHUNKED_BYTES = 1 << 30
_WEBP_FIRST = (b"VP8 ", b"VP8L", b"VP8X")
_JXL_BOXES = frozenset([b"ftyp", b"jxlc", b"jxlp", b"jxll", b"jxli", b"jbrd", b"Exif", b"xml ", b"jumb", b"brob",
                        b"free", b"skip", b"uuid", b"jhgm"])  # fmt: skip
_BLANK_BYTES = 4096
_MAX_UNTOLD_BYTES = 64 << 20


def carve_png(space: FreeSpace, start: int) -> Found | None:
    """Follow the chunks of a PNG to IEND."""
    if space.read(start, 16) != PNG_SIGNATURE + b"\0\0\0\x0dIHDR":
        return None
    at, data_seen = len(PNG_SIGNATURE), False
    for steps, chunk in enumerate(chunks(lambda offset, length: space.read(start + offset, length))):
        if steps >= _FREE_CHUNKS + at // _MEAN_CHUNK_BYTES or chunk.length_bytes > _MAX_CHUNKED_BYTES:
            break
        at = chunk.offset_bytes + chunk.length_bytes + 4  # behind its sum
        data_seen = data_seen or chunk.kind == b"IDAT"
        if start + at > space.length_bytes:
            return Found(space.length_bytes - start, "png", False)
        if chunk.kind == b"IEND":
            return Found(at, "png", data_seen)
    return Found(at, "png", False)


def carve_webp(space: FreeSpace, start: int) -> Found | None:
    """Take a WebP by the length in its head."""
    head = space.read(start, 16)
    length = 8 + int.from_bytes(head[4:8], "little")
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or head[12:16] not in _WEBP_FIRST or length < 20:
        return None
    whole = length <= space.length_bytes - start
    return Found(min(length, space.length_bytes - start), "webp", whole)


def carve_jxl(space: FreeSpace, start: int) -> Found | None:
    """Follow the boxes of a JPEG XL.

    A bare codestream begins with two bytes and says nothing of its end: in a card of noise there are two in 64 MiB, so
    that none is looked for.
    """
    if space.read(start, 12) != CONTAINER:
        return None
    at, seen = start + 12, set[bytes]()
    for _ in range(_FREE_CHUNKS):
        kind, length, _ = header_of(space.read(at, 16))
        if kind not in _JXL_BOXES or (length and length < 8) or length > _MAX_CHUNKED_BYTES:
            break
        seen.add(kind)
        if length == 0:  # to the end of the file, which is not known here
            return Found(blank_after(space, at + 8) - start, "jxl", False, open_end=True)
        at += length
        if at > space.length_bytes:
            return Found(space.length_bytes - start, "jxl", False)
    return Found(at - start, "jxl", bool(seen & {b"jxlc", b"jxlp"})) if seen else None


def blank_after(space: FreeSpace, start: int) -> int:
    """Return where 4 KiB of zeros follow, or free space ends."""
    zeros, last = bytes(_BLANK_BYTES), start
    for position, data in space.from_position(start):
        if position - start > _MAX_UNTOLD_BYTES:
            break
        found = data.find(zeros)
        told = (data if found < 0 else data[:found]).rstrip(b"\0")
        last = position + len(told) if told else last
        if found >= 0:
            return last
    return min(space.length_bytes, start + _MAX_UNTOLD_BYTES)
