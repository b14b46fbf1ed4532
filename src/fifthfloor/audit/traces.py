"""Readers of traces: names out of thumbnail caches, folder views, recent lists, trash and histories.

None parses a whole format: each looks for the one record that holds a name, within bounds, so hostile bytes give
wrong names at worst.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

MAX_NAMES = 10_000  # of one file
MAX_TRACE_BYTES = 64 << 20
_PHOTO_ENDINGS = "jpe?g|heic|heif|png|tiff?|dng|nef|cr[23w]|arw|raf|orf|rw2|pef|srw|mov|mp4|avi"
_UTF16_NAME = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){1,200}?\.\x00(?:" + b"|".join(
    b"".join(bytes([letter]) + b"\0" for letter in ending)
    for ending in (b"jpg", b"JPG", b"jpeg", b"JPEG", b"heic", b"HEIC", b"png", b"PNG", b"tif", b"TIF", b"nef", b"NEF",
                   b"cr2", b"CR2", b"cr3", b"CR3", b"arw", b"ARW", b"dng", b"DNG", b"mov", b"MOV", b"mp4", b"MP4")
) + rb")")  # fmt: skip
_DS_RECORD = re.compile(rb"(?=\0\0\0([\x01-\xff]))")
_DS_TYPES = (b"bool", b"long", b"shor", b"type", b"blob", b"ustr", b"comp", b"dutc")
_HREF = re.compile(rb'href="([^"]{1,4096})"')
_TRASH_PATH = re.compile(rb"^Path=(.{1,4096})$", re.MULTILINE)
_TELLING = re.compile(
    rf"fifthfloor|\bdd\b|\bmkfs|\bmount\b|exiftool|photorec|shred|srm\b|wipe|veracrypt|cryptsetup|bleachbit|\.(?:{_PHOTO_ENDINGS})\b",
    re.IGNORECASE,
)  # fmt: skip


def names_in(path: str, data: bytes) -> list[str]:
    """Return the names a trace holds, at most MAX_NAMES, each once.

    Args:
        path: of the trace; decides the reader where the bytes do not.
        data: its first MAX_TRACE_BYTES.
    """
    lowered = re.sub(r"\.\d+$", "", path.lower())  # logs that were rotated: syslog.1
    found: Iterator[str]
    if data.startswith(b"\x89PNG"):
        found = _png_uri(data)
    elif lowered.endswith(".ds_store"):
        found = _ds_store(data)
    elif lowered.endswith("xbel") or b"<xbel" in data[:500]:
        found = (unquote(html.unescape(m[1].decode("utf-8", "replace"))) for m in _HREF.finditer(data))
    elif lowered.endswith(".trashinfo"):
        found = (unquote(m[1].decode("utf-8", "replace")) for m in _TRASH_PATH.finditer(data))
    elif "history" in lowered or lowered.endswith((".log", "viminfo", "lesshst", "syslog", "messages", "secure")):
        found = _telling_lines(data)
    else:
        found = (m[0].decode("utf-16-le", "replace") for m in _UTF16_NAME.finditer(data))
    names: dict[str, None] = {}
    for name in found:
        names[name] = None
        if len(names) >= MAX_NAMES:
            break
    return list(names)


def _png_uri(data: bytes) -> Iterator[str]:
    """Yield the URI a thumbnail was made of (Thumbnail Managing Standard: tEXt chunk Thumb::URI)."""
    at = 8
    for _ in range(100):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind in (b"tEXt", b"zTXt") and body.startswith(b"Thumb::URI\0"):
            text = body[11:]
            if kind == b"zTXt":
                try:
                    text = zlib.decompressobj().decompress(text[1:], 8192)
                except zlib.error:
                    return
            yield unquote(text.decode("utf-8", "replace"))
        if kind == b"IEND" or not kind:
            return
        at += 12 + length


def _ds_store(data: bytes) -> Iterator[str]:
    """Yield file names of a .DS_Store: length in characters, UTF-16BE name, property, type of its value."""
    for match in _DS_RECORD.finditer(data):
        length = 2 * match[1][0]
        at = match.start() + 4
        if data[at + length + 4 : at + length + 8] in _DS_TYPES and data[at + length : at + length + 4].isalnum():
            name = data[at : at + length].decode("utf-16-be", "replace")
            if "\0" not in name:
                yield name


def _telling_lines(data: bytes) -> Iterator[str]:
    for line in data.decode("utf-8", "replace").splitlines():
        if _TELLING.search(line[:4000]):
            yield line[:400].strip()
