"""What a film says of itself in keys: `mdta` keys of QuickTime and Android, and user data of four letters.

Source: Apple, "QuickTime File Format", chapter "Metadata" (`keys` and `ilst`) and "User Data"; ISO/IEC 14496-12, 8.11.
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.audit.photo_facts import Draft
from fifthfloor.metadata.iso6709 import read_iso6709
from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.tiff import reader_of

_MAX_KEYS = 1000
_MAX_FILM_TEXT_BYTES = 4096
# End of a key, or the letters of user data -> kind of text; "make" and the like are the draft's own.
_KIND_OF_WORD = {
    "location.name": "place", "location.body": "place", "author": "artist", "artist": "artist", "creator": "artist",
    "director": "artist", "producer": "artist", "title": "title", "displayname": "title", "description": "description",
    "information": "description", "comment": "comment", "keywords": "keyword", "copyright": "copyright",
    "make": "make", "manufacturer": "make", "model": "model", "software": "software", "version": "software",
}  # fmt: skip
_USER_DATA = {
    b"\xa9mak": "make", b"\xa9mod": "model", b"\xa9swr": "software", b"\xa9nam": "title", b"\xa9ART": "artist",
    b"\xa9aut": "artist", b"\xa9cmt": "comment", b"\xa9des": "description", b"\xa9inf": "description",
    b"\xa9cpy": "copyright", b"\xa9key": "keyword",
}  # fmt: skip
_PREFIXES = ("com.apple.quicktime.", "com.apple.photos.", "com.android.", "mdta.")


def read_words(description: bytes, draft: Draft) -> None:
    """Read both kinds of texts in a film's description, without its tracks' tables."""
    for at in _all(description, b"keys"):
        _read_keys(description, at - 4, draft)
    for letters, kind in _USER_DATA.items():
        for at in _all(description, letters):
            length = int.from_bytes(description[at + 4 : at + 6], "big")
            # Box, then length and language (two bytes each), then the text.
            _take(kind, description[at + 8 : at + 8 + min(length, _MAX_FILM_TEXT_BYTES)], draft)
    for at in _all(description, b"\xa9xyz"):
        draft.gps = draft.gps or read_iso6709(description[at + 8 : at + 72])


def _all(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    for _ in range(_MAX_KEYS):
        if at < 0:
            return
        yield at
        at = data.find(mark, at + 1)


def _read_keys(data: bytes, start: int, draft: Draft) -> None:
    """Read the box of keys at `start`, and the list of values that stands behind it."""
    if start < 0:
        return
    end = start + int.from_bytes(data[start : start + 4], "big")
    names = [data[inside:stop] for _, inside, stop in boxes(reader_of(data), start + 16, min(end, len(data)))]
    if data[end + 4 : end + 8] != b"ilst":
        return
    stop = min(end + int.from_bytes(data[end : end + 4], "big"), len(data))
    for index, inside, value_end in boxes(reader_of(data), end + 8, stop):
        number = int.from_bytes(index, "big")
        if 1 <= number <= len(names) and data[inside + 4 : inside + 8] == b"data":
            _take_key(names[number - 1].decode("utf-8", "replace").lower(), data[inside + 16 : value_end], draft)


def _take_key(name: str, value: bytes, draft: Draft) -> None:
    if name.endswith("location.iso6709"):
        draft.gps = draft.gps or read_iso6709(value.strip())
    else:
        short = next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)
        kind = _KIND_OF_WORD.get(short)
        if kind is not None:
            _take(kind, value[:_MAX_FILM_TEXT_BYTES], draft)


def _take(kind: str, value: bytes, draft: Draft) -> None:
    text = value.decode("utf-8", "replace").strip("\0 ")
    if kind in ("make", "model", "software"):
        if not getattr(draft, kind):
            setattr(draft, kind, text[:200])
    else:
        draft.captions.add(kind, text)
