"""Text as cameras and programs of thirty years stored it: UTF-8 where it is that, else what was declared, else Windows.

Rule: nobody loses a letter to a declaration that is missing or wrong: bytes that are lawful UTF-8 are that (by chance
other text almost never is), and everything else reads as something.
"""

from __future__ import annotations

# ISO 2022 escapes of IIM 4.2, dataset 1:90, as programs write them -> codec
_DECLARED_CODINGS = {
    b"\x1b%G": "utf-8", b"\x1b%/I": "utf-8", b"\x1b.A": "cp1252", b"\x1b-A": "cp1252", b"\x1b-B": "iso8859-2",
    b"\x1b-C": "iso8859-3", b"\x1b-D": "iso8859-4", b"\x1b-L": "iso8859-5", b"\x1b-G": "iso8859-6",
    b"\x1b-F": "iso8859-7", b"\x1b-H": "iso8859-8", b"\x1b-M": "iso8859-9",
}  # fmt: skip


def declared_codec(escape: bytes) -> str | None:
    """Return the codec that an IPTC record's 1:90 declares; None where we know none."""
    return _DECLARED_CODINGS.get(escape.strip(b"\0 "))


def decode(data: bytes, codec: str = "cp1252") -> str:
    """Decode bytes that are perhaps UTF-8.

    Args:
        data: of a text field, without a length or header.
        codec: what to take them for where they are not UTF-8.
    """
    text = _as_utf8(data, codec)
    if text is not None:
        return text
    if codec in ("cp1252", "utf-8"):
        # Five bytes of Windows-1252 are no character; they stay what Latin-1 makes of them.
        return "".join(_WINDOWS[byte] for byte in data)
    return data.decode(codec, "replace")


def is_utf8(data: bytes) -> bool:
    """Say whether `decode` takes bytes for UTF-8, ASCII with it; else it has to guess what they are."""
    return _as_utf8(data, "cp1252") is not None


def _as_utf8(data: bytes, codec: str) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Fields of fixed length cut the last character; the rest of it is sound. But an accent at the end of a word of
        # Windows-1252 looks so too: only what holds whole characters of UTF-8 before it, or is said to be, is cut.
        whole = data[: error.start]
        if (
            error.start >= len(data) - 3
            and "unexpected end" in error.reason
            and (codec == "utf-8" or not whole.isascii())
        ):
            return whole.decode("utf-8-sig")
        return None


_WINDOWS = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def decode_marked(data: bytes) -> str:
    """Decode a text of markup by its first bytes: UTF-16 with or without its mark, else UTF-8."""
    for start, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"<\0", "utf-16-le")):
        if data.startswith(start):
            return data.decode(codec, "replace")
    return data.decode("utf-16-be" if data.startswith(b"\0<") else "utf-8", "replace")


def narrowed(data: bytes) -> bytes:
    """Return a text of four bytes a letter as UTF-8, by its mark or its first "<"; anything else as it is."""
    for start, codec in _FOUR_BYTES:
        if data.startswith(start):
            return data.decode(codec, "replace").encode("utf-8", "replace")
    return data


_FOUR_BYTES = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
)


def text_of(data: bytes) -> str:
    """Decode a text field up to its first zero byte, trimmed."""
    return decode(data.split(b"\0", 1)[0]).strip()
