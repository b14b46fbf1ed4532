"""Readers of traces: names out of thumbnail caches, folder views, recent lists, trash and histories.

None parses a whole format: each looks for the one record that holds a name, within bounds, so hostile bytes give
wrong names at worst.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from fifthfloor.audit.laptop import OURS_ALONE, trace_of
from fifthfloor.metadata.endings import alternatives
from fifthfloor.metadata.png import texts
from fifthfloor.metadata.tiff import reader_of

_MAX_TRACES = 10_000  # of one file
MAX_LOOKS = 100_000  # the same name again costs time too
MAX_TRACE_BYTES = 64 << 20
_MAX_URI_BYTES = 8192
# A name is looked for from its end: from its start each letter of a long text would be one.
_NARROW_END = re.compile(rb"\.(?:" + alternatives() + rb")(?![A-Za-z0-9])", re.IGNORECASE)
_WIDE_END = re.compile(rb"\.\0(?:" + alternatives(wide=True) + rb")(?![A-Za-z0-9]\0)", re.IGNORECASE)
_NARROW_START = re.compile(rb"[^\0-\x1f\x7f\"<>|*?]{1,200}\Z")
_WIDE_START = re.compile(rb"(?:[^\0-\x1f\x7f\"<>|*?/\\]\0|[^\0]\x04|.[\x30-\x9f\xac-\xd7]){1,120}\Z", re.DOTALL)
_DS_RECORD = re.compile(rb"(?=\0\0\0([\x01-\xff]))")
_DS_TYPES = (b"bool", b"long", b"shor", b"type", b"blob", b"ustr", b"comp", b"dutc")
_HREF = re.compile(rb'href="([^"]{1,4096})"')
_TRASH_PATH = re.compile(rb"^Path=(.{1,4096})$", re.MULTILINE)
_TELLING = re.compile(
    rf"fifthfloor|\bdd\b|\bmkfs|\bmount\b|exiftool|photorec|shred|srm\b|wipe|veracrypt|cryptsetup|bleachbit|\.(?:{alternatives().decode()})\b",
    re.IGNORECASE,
)  # fmt: skip


def names_in(path: str, data: bytes, at_limit: Callable[[], None] = lambda: None) -> list[str]:
    """Return the names a trace holds, at most MAX_NAMES, each once.

    Args:
        path: of the trace; decides the reader where the bytes do not.
        data: its first MAX_TRACE_BYTES.
        at_limit: called where it may hold more of them.
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
    elif (place := trace_of(path)) is not None and place.kind in OURS_ALONE:
        found = (line for line in _telling_lines(data) if "fifthfloor" in line.lower())
    elif "history" in lowered or lowered.endswith((".log", "viminfo", "lesshst", "syslog", "messages", "secure")):
        found = _telling_lines(data)
    else:
        found = _loose_names(data)
    names: dict[str, None] = {}
    for looks, name in enumerate(found):
        if looks >= MAX_LOOKS or len(names) >= _MAX_TRACES:
            at_limit()
            break
        names[name] = None
    return list(names)


def _png_uri(data: bytes) -> Iterator[str]:
    """Yield the URI a thumbnail was made of (Thumbnail Managing Standard: text `Thumb::URI`)."""
    for text in texts(reader_of(data)):
        if text.keyword == b"Thumb::URI":
            yield unquote(text.value[:_MAX_URI_BYTES].decode("utf-8", "replace"))


def _ds_store(data: bytes) -> Iterator[str]:
    """Yield file names of a .DS_Store: length in characters, UTF-16BE name, property, type of its value."""
    for match in _DS_RECORD.finditer(data):
        length = 2 * match[1][0]
        at = match.start() + 4
        if data[at + length + 4 : at + length + 8] in _DS_TYPES and data[at + length : at + length + 4].isalnum():
            name = data[at : at + length].decode("utf-16-be", "replace")
            if "\0" not in name:
                yield name


def _loose_names(data: bytes) -> Iterator[str]:
    """Yield what looks like the name of a photograph, in UTF-16 or in one byte a letter."""
    for ends, starts, reach, codec in (
        (_WIDE_END, _WIDE_START, 240, "utf-16-le"),
        (_NARROW_END, _NARROW_START, 200, "utf-8"),
    ):
        for match in ends.finditer(data):
            before = data[max(0, match.start() - reach) : match.start()]
            start = starts.search(before)
            if start is not None:
                yield unquote((start[0] + match[0]).decode(codec, "replace").replace("\0", ""))


def _telling_lines(data: bytes) -> Iterator[str]:
    for line in data.decode("utf-8", "replace").splitlines():
        if _TELLING.search(line[:4000]):
            yield line[:400].strip()
