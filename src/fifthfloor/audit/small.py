"""A small picture of a photograph, as the file itself carries one: a contact sheet needs no decoding."""

from __future__ import annotations

from fifthfloor.audit import previews
from fifthfloor.audit.photo import read_photo
from fifthfloor.metadata.source import Source

MAX_EMBEDDED_BYTES = 64 << 10  # Exif's limit for a whole segment; larger ones are reduced
_MAX_SHRUNK_BYTES = 32 << 20


def small_of(source: Source) -> bytes:
    """Return a small JPEG: the thumbnail in the file, or, where Pillow is, one made of it; nothing where neither is.

    Args:
        source: of a photograph, whole or partial; of a raw, its own small JPEG is taken.
    """
    facts = read_photo(source)
    if facts is None:
        return b""
    if facts.thumbnail is not None and facts.thumbnail[1] <= MAX_EMBEDDED_BYTES:
        small = source.read(*facts.thumbnail)
        if small[:2] == b"\xff\xd8":
            return small
    if facts.form != "jpeg" or source.size_bytes > _MAX_SHRUNK_BYTES:
        return b""
    if source.size_bytes <= MAX_EMBEDDED_BYTES:
        return source.read(0, source.size_bytes)
    if not previews.available():
        return b""
    return previews.small_picture(source.read(0, source.size_bytes)) or b""
