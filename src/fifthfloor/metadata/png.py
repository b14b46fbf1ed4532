"""Chunks of PNG files, and the metadata in them (third edition, 5.3 and 11.3).

Before `eXIf`, ImageMagick and ExifTool kept Exif, IPTC and XMP as "raw profiles": a text chunk whose value is the
profile's kind, its length and its bytes in hexadecimal digits.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from fifthfloor.metadata.metadata_block import BlockKind, MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 65536  # pictures in chunks of 8 KiB have thousands, and texts may stand behind them
MAX_CHUNK_BYTES = 8 << 20  # of one that is read, packed or not
MAX_TEXTS = 1000
_MAX_PNG_UNPACKED_BYTES = 64 << 20  # of all texts together: a thousand short chunks can each be a bomb
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_RAW_PROFILE = b"Raw profile type "
# A name in a line of its own, which may be of several words ("generic profile"), the length, the digits.
_HEX_PROFILE = re.compile(rb"\s*[^\n]{1,80}\n\s*\d+\s+([0-9a-fA-F\s]*)")
_PHOTOSHOP_HEAD = b"Photoshop 3.0\0"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk: its kind, where its contents begin in the file, and how long they are."""

    kind: bytes
    offset_bytes: int
    length_bytes: int


@dataclass(frozen=True, slots=True)
class PngText:
    """A text chunk: its keyword, its value unpacked, and where that begins in the file, 0 where it was packed.

    Args:
        translated: the keyword in the language of the text, in UTF-8.
    """

    keyword: bytes
    value: bytes
    offset_bytes: int
    translated: bytes = b""


def chunks(read: Read) -> Iterator[Chunk]:
    """Yield the chunks to where the chain breaks: some writers put metadata behind the end of the picture."""
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        head = read(at, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if len(head) < 8 or length > 1 << 31 or not (kind.isalpha() and kind.isascii()):
            return
        yield Chunk(kind, at + 8, length)
        at += 12 + length


def end_of(read: Read, size_bytes: int) -> int:
    """Where the last chunk ends, of those behind IEND too; the file's end where the picture is cut."""
    end, whole = size_bytes, False
    for chunk in chunks(read):
        after = chunk.offset_bytes + chunk.length_bytes + 4
        whole = whole or chunk.kind == b"IEND"
        if after > size_bytes:
            break
        end = after
    return end if whole else size_bytes


def texts(read: Read) -> Iterator[PngText]:
    """Yield the texts, packed ones unpacked as far as MAX_CHUNK_BYTES."""
    found = total = 0
    for chunk in chunks(read):
        if chunk.kind in TEXTS and found < MAX_TEXTS and total < _MAX_PNG_UNPACKED_BYTES:
            found += 1
            text = _text_of(chunk, read(chunk.offset_bytes, min(chunk.length_bytes, MAX_CHUNK_BYTES)))
            if text is not None:
                total += len(text.value)
                yield text


def _text_of(chunk: Chunk, data: bytes) -> PngText | None:
    keyword, _, rest = data.partition(b"\0")
    packed, translated = chunk.kind == b"zTXt", b""
    if packed:
        rest = rest[1:]
    elif chunk.kind == b"iTXt":
        # Flag and method of packing, then language and translated keyword, each ending in a zero byte.
        packed = rest[:1] == b"\1"
        parts = rest[2:].split(b"\0", 2)
        translated, rest = parts[1:] if len(parts) == 3 else (b"", b"")
    if not packed:
        return PngText(keyword, rest, chunk.offset_bytes + len(data) - len(rest), translated)
    value = _unpacked(rest)
    return None if value is None else PngText(keyword, value, 0, translated)


def _unpacked(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, MAX_CHUNK_BYTES)
    except zlib.error:
        return None


def is_metadata(text: PngText) -> bool:
    """Say whether a text is a block of metadata and nothing that a person wrote."""
    return text.keyword == _XMP_KEYWORD or text.keyword.startswith(_RAW_PROFILE)


def blocks(read: Read, _size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the metadata of a PNG."""
    for chunk in chunks(read):
        if chunk.kind in (b"eXIf", b"EXIF", b"zxIf", b"caBX"):
            data = read(chunk.offset_bytes, min(chunk.length_bytes, MAX_CHUNK_BYTES))
            if chunk.kind == b"zxIf":  # of ExifTool: a zero, the length, then packed
                data = _unpacked(data[5:]) or b""
            kind: BlockKind = "c2pa" if chunk.kind == b"caBX" else "exif" if data else "sealed"
            skip = 6 if data.startswith(b"Exif\0\0") else 0
            yield MetadataBlock(kind, chunk.offset_bytes + skip, len(data) - skip, reader_of(data, skip))
    for text in texts(read):
        if text.keyword == _XMP_KEYWORD:
            start = max(0, text.value.find(b"<"))
            place = text.offset_bytes and text.offset_bytes + start
            yield MetadataBlock("xmp", place, len(text.value) - start, reader_of(text.value, start))
        elif text.keyword.startswith(_RAW_PROFILE):
            yield from _raw_profile(text.value)


def _raw_profile(value: bytes) -> Iterator[MetadataBlock]:
    """Unpack a raw profile; what it is, its bytes say: "APP1" may be Exif or XMP."""
    match = _HEX_PROFILE.match(value)
    if match is None:
        return
    digits = b"".join(match[1].split())
    data = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    kind: BlockKind = "iptc"
    skip = 0
    if data.startswith(b"Exif\0\0"):
        kind, skip = "exif", 6
    elif data[:4] in (b"II*\0", b"MM\0*"):
        kind = "exif"
    elif data.startswith(_JPEG_XMP):
        kind, skip = "xmp", len(_JPEG_XMP)
    elif data.startswith(_PHOTOSHOP_HEAD):
        skip = len(_PHOTOSHOP_HEAD)
    elif data.lstrip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe")[:1] == b"<":  # marks of UTF-8, UTF-16 and UTF-32
        kind = "xmp"
    yield MetadataBlock(kind, 0, len(data) - skip, reader_of(data, skip))
