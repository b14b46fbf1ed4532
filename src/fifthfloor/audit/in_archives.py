"""What a member of an archive, or what is attached to a mail, is by its bytes: something that a search would open.

Only the beginning of each is looked at, so that an archive of thousands costs little; its name says nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from fifthfloor.audit.archives import MEMBER_LOOK_BYTES
from fifthfloor.audit.told_places import MAX_TOLD_BYTES, tells_a_place
from fifthfloor.audit.unread_forms import form_of_head
from fifthfloor.metadata.blocks import container_of

SQLITE = b"SQLite format 3\0"
_UNREAD_ARCHIVES = {
    b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar", b"\x28\xb5\x2f\xfd": "zst", b"\x04\x22\x4d\x18": "lz4",
    b"MSCF\0\0\0\0": "cab", b"\x1f\x9d": "z", b"LZIP\1": "lz",
}  # fmt: skip
_ARCHIVES_AND_DOCUMENTS = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"%PDF-", b"\xd0\xcf\x11\xe0", SQLITE)
_TRACK = re.compile(
    rb"<(?:\w{1,20}:)?(?:gpx|kml|TrainingCenterDatabase|x:xmpmeta)\b|\$[A-Z]{2}(?:RMC|GGA|GLL|GNS),|\"coordinates\""
)
# RFC 2045: a part in base64, whose lines follow the first empty one.
_PART_IN_BASE64 = re.compile(rb"(?im)^content-transfer-encoding:[ \t]*base64[ \t]*\r?$")
_LINES_OF_BASE64 = re.compile(rb"\r?\n\r?\n((?:[A-Za-z0-9+/=]{2,998}\r?\n){1,2000})")
_LOCAL_HEADER_BYTES = 30  # APPNOTE, 4.3.7
_OF_PROGRAMS = frozenset(
    ["py", "pyi", "js", "mjs", "ts", "map", "css", "c", "h", "java", "class", "go", "rs", "rb", "php"]
)
_MAX_PARTS = 200
_BEFORE_PART_BYTES = 4096  # of further headers


def unread_archive(data: bytes) -> str:
    """Return of which kind an archive is that is not read; empty for anything else."""
    return next((form for magic, form in _UNREAD_ARCHIVES.items() if data.startswith(magic)), "")


def beginning_of(archive: bytes, member: zipfile.ZipInfo) -> bytes:
    """Return how a member of a ZIP archive begins, from the bytes themselves; `zipfile` needs ten times as long."""
    head = archive[member.header_offset : member.header_offset + _LOCAL_HEADER_BYTES]
    if len(head) < _LOCAL_HEADER_BYTES:
        return b""
    start = member.header_offset + _LOCAL_HEADER_BYTES + sum(struct.unpack("<HH", head[26:]))
    packed = archive[start : start + min(member.compress_size, MEMBER_LOOK_BYTES)]
    if member.compress_type == zipfile.ZIP_STORED:
        return packed
    try:
        return zlib.decompressobj(-15).decompress(packed, MEMBER_LOOK_BYTES)
    except zlib.error:
        return b""


def is_carried(data: bytes, name: str) -> bool:
    """Say whether bytes are a picture, a film, an archive, a document, a database, a track or a text with a place.

    Args:
        data: how something begins: MEMBER_LOOK_BYTES of it or more.
        name: what it is called; the texts of programs are not searched for places.
    """
    if container_of(data[:16]) is not None or data.startswith(_ARCHIVES_AND_DOCUMENTS) or unread_archive(data):
        return True
    if data[257:262] == b"ustar" or form_of_head(data[:MEMBER_LOOK_BYTES]) in ("films", "forms"):
        return True
    return name.rpartition(".")[2] not in _OF_PROGRAMS and tells_of_a_place(data)


def tells_of_a_place(data: bytes) -> bool:
    """Say whether a text is a track or holds a place, as it is written, with its tags."""
    return _TRACK.search(data[:MEMBER_LOOK_BYTES]) is not None or tells_a_place(data)


def attachments(data: bytes) -> Iterator[bytes]:
    """Yield the beginnings of what is attached to a mail in base64."""
    for number, match in enumerate(_PART_IN_BASE64.finditer(data)):
        if number >= _MAX_PARTS:
            return
        lines = _LINES_OF_BASE64.search(data, match.end() - 1, match.end() + _BEFORE_PART_BYTES + MAX_TOLD_BYTES)
        if lines is None:
            continue
        written = b"".join(lines[1].split())
        try:
            yield base64.b64decode(written[: len(written) // 4 * 4])
        except binascii.Error:
            continue
