"""Pictures, films and sounds by how they begin whose metadata nobody here reads: they are counted, never passed over.

What stands in them as a packet of XMP is read all the same, as in any document (`photo.read_sidecar`).

Source: the specifications of each form, as libmagic's tables quote them.
"""

from __future__ import annotations

from typing import Literal

from fifthfloor.audit.carve_streams import MXF_KEY, packet_bytes
from fifthfloor.metadata.endings import OF_ANYTHING, ending_of, is_shot

UnreadForm = Literal["films", "forms", "sounds"]

_FORMS: tuple[tuple[UnreadForm, int, bytes], ...] = (
    ("films", 0, MXF_KEY),
    ("films", 8, b"AVI "),
    ("films", 0, b"\x1aE\xdf\xa3"),  # Matroska, WebM
    ("films", 0, bytes.fromhex("3026b2758e66cf11")),  # Windows Media
    ("films", 0, b"\0\0\1\xba"),  # MPEG program streams: MOD, VOB, MPG
    ("films", 0, b"\0\0\1\xb3"),
    ("films", 0, b"FLV\1"),
    ("films", 4, b"RED"),
    ("forms", 0, b"\0MRM"),
    ("forms", 6, b"HEAPCCDR"),
    ("forms", 0, b"FOVb"),
    ("forms", 0, b"8BPS\0"),
    ("forms", 4, b"jP  \r\n\x87\n"),
    ("forms", 0, b"\xffO\xffQ"),
    ("forms", 0, b"II\xbc\1"),
    ("forms", 0, b"v/1\1"),
    ("forms", 128, b"DICM"),
    ("forms", 0, b"SIMPLE  ="),  # FITS
    ("forms", 0, b"#?RADIANCE"),
    ("sounds", 8, b"WAVE"),
    ("sounds", 0, b"ID3"),
    ("sounds", 0, b"fLaC"),
    ("sounds", 0, b"OggS"),
)


def unread_form(name: str, head: bytes) -> UnreadForm | None:
    """Say which unread form a file has.

    Args:
        name: of the file: what is called a photograph or film and begins as nothing known is counted, too.
        head: its first 512 bytes or more, of a file that no reader of metadata takes.
    """
    kind = form_of_head(head)
    if kind is None and is_shot(name) and ending_of(name) not in OF_ANYTHING:
        return "forms"
    return kind


def form_of_head(head: bytes) -> UnreadForm | None:
    """The same by the bytes alone."""
    if packet_bytes(head):
        return "films"
    return next((kind for kind, at, magic in _FORMS if head[at : at + len(magic)] == magic), None)
