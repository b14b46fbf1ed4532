"""A picking list: any lawful path as a line of bytes, and back."""

from __future__ import annotations


def encoded(path: str) -> bytes:
    """Return any lawful path as bytes on one line. Counterpart: `decoded`.

    Bytes of a disk that are no UTF-8 (PEP 383's surrogates) are themselves; half of a surrogate pair, lawful on exFAT,
    is written as UTF-8 would; a line end, which no card has in a name, as a backslash and n.
    """
    line = path.replace("\n", "\\n")
    try:
        return line.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogatepass")


def decoded(line: bytes) -> str:
    """Read a line that `encoded` wrote, or any text in UTF-8."""
    try:
        return line.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return line.decode("utf-8", "surrogateescape")
