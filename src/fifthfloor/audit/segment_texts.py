"""What stands in the other segments of a JPEG's head: comments, lines of early cameras, and what is not read.

Rule: a segment that nobody here knows is never passed over. Is it a text, that is told; else it is counted.

Source: ExifTool's tables of APP segments; Adobe's "Save for Web" (`Ducky`), ArcSoft's PhotoStudio (APP10).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fifthfloor.audit.photo_facts import Draft
from fifthfloor.audit.property_kinds import is_wordy
from fifthfloor.audit.written_by_itself import is_written_by_itself
from fifthfloor.metadata.jpeg_head import Segment
from fifthfloor.metadata.text import is_utf8, text_of

_COMMENT_MARKER = 0xFE
_FIRST_APP, _STUDIO_APP, _DUCKY_APP, _LAST_APP = 0xE0, 0xEA, 0xEC, 0xEF
# What is read elsewhere or holds no words: pictures, profiles, indices of pictures, numbers of a scanner's or of gain.
_READ_ELSEWHERE: dict[int, tuple[bytes, ...]] = {
    0xE0: (b"JFIF", b"JFXX", b"AVI1", b"Ocad"),
    0xE1: (b"Exif\0", b"http://ns.adobe.com/", b"FLIR\0"),
    0xE2: (b"ICC_PROFILE", b"MPF\0", b"urn:iso:std:iso:ts:21496", b"HDR10", b"UCSC"),
    0xE4: (b"Scalado", b"SCALADO"),
    0xE6: (b"GoPro\0",),
    0xE8: (b"SPIFF",),
    0xEA: (b"AROT",),
    0xEB: (b"JP", b"HDR_RI"),
    0xED: (b"Photoshop 3.0\0", b"Adobe_CM"),
    0xEE: (b"Adobe",),
}
# Frames, tables, intervals and scans (T.81 table B.1); extensions (JPGn) and reserved markers may hold anything.
_OF_THE_PICTURE = frozenset(range(0xC0, 0xE0))
_FEWEST_BYTES, _GLANCED_AT_BYTES = 8, 512
_CONTROL_BYTES = bytes({*range(1, 32)} - set(b"\t\r\n"))
_RUN_OF_CONTROLS = re.compile(rb"[\x00-\x1f]+")
_BEYOND_ASCII = bytes(range(128, 256))
_NAMED_VALUE = re.compile(r"\s*([\w# .-]{1,40}?)\s*[=:]\s*(\S[^\r\n]{0,400})")
_MOST_NAMED_VALUES = 200
_STUDIO, _FLASHPIX = b"UNICODE\0", b"FPXR"


def read_segment_texts(segments: Iterable[Segment], draft: Draft) -> None:
    """Tell the texts of comments and of segments that no reader of metadata takes; count the others."""
    for segment in segments:
        if segment.marker == _COMMENT_MARKER:
            _read_comment(segment.payload, draft)
        elif segment.marker not in _OF_THE_PICTURE and not segment.payload.startswith(
            _READ_ELSEWHERE.get(segment.marker, b"\xff\xff\xff")
        ):
            _read_other(segment, draft)


def _read_other(segment: Segment, draft: Draft) -> None:
    is_app = _FIRST_APP <= segment.marker <= _LAST_APP
    name = f"app{segment.marker - _FIRST_APP}" if is_app else f"marker 0x{segment.marker:02X}"
    if segment.marker == _DUCKY_APP and segment.payload.startswith(b"Ducky"):
        for text in _of_ducky(segment.payload):
            draft.captions.say(name, text)
    elif segment.marker == _STUDIO_APP and segment.payload.startswith(_STUDIO):
        draft.captions.say(name, _loose(segment.payload[len(_STUDIO) :]))
    elif text := as_text(segment.payload):
        say_lines(name, text, draft)
    elif len(segment.payload.strip(b"\0 ")) >= _FEWEST_BYTES:
        draft.pass_over("segments", f"{name} {_signature(segment.payload)}".strip(), len(segment.payload))


def _read_comment(payload: bytes, draft: Draft) -> None:
    """Take a comment as it is; of one with bytes of a program between its fields each field that is words."""
    text = _loose(payload)
    if not is_written_by_itself(text) or payload.translate(None, _CONTROL_BYTES) == payload:
        draft.captions.add("comment", text)
        return
    fields = [piece for run in _RUN_OF_CONTROLS.split(payload) if (piece := text_of(run)).strip()]
    told = [piece for piece in fields if piece.isprintable() and not is_written_by_itself(piece)]
    for piece in told:
        draft.captions.add("comment", piece)
    if len(payload.strip(b"\0 ")) >= _FEWEST_BYTES:
        draft.pass_over("segments", "comment", len(payload))


def _signature(payload: bytes) -> str:
    """Return the name that a segment begins with, as far as it is letters."""
    name = payload[:12].split(b"\0", 1)[0]
    return name.decode("ascii") if name.isascii() and name.decode("ascii").isprintable() else ""


def _of_ducky(payload: bytes) -> Iterator[str]:
    """Yield the comment (2) and the copyright (3): kind, length, then a count of letters and UTF-16."""
    at = 5
    while at + 4 <= len(payload):
        kind, length = int.from_bytes(payload[at : at + 2], "big"), int.from_bytes(payload[at + 2 : at + 4], "big")
        if kind in (2, 3):
            yield payload[at + 8 : at + 4 + max(4, length)].decode("utf-16-be", "replace").strip("\0 ")
        at += 4 + length


def say_lines(name: str, text: str, draft: Draft) -> bool:
    """Take lines of "name=value" as properties; whatever else stands there as it is. Whether anything was told."""
    rest, told = [], False
    for line in text.splitlines()[:_MOST_NAMED_VALUES]:
        match = _NAMED_VALUE.fullmatch(line)
        if match is None:
            rest.append(line)
        else:
            told |= draft.captions.take(match[1].replace("#", " number"), (), match[2])
    words = " ".join(line.strip() for line in rest if not line.startswith("["))
    return (is_wordy(words) and draft.captions.say(name, words)) or told


def as_text(payload: bytes) -> str:
    """Return the text that a segment is, pieces between zero bytes as lines; nothing where it is bytes of a program."""
    if payload.startswith(_FLASHPIX) or not (_is_plain(payload[:_GLANCED_AT_BYTES]) and _is_plain(payload)):
        return ""
    text = "\n".join(text_of(piece) for piece in payload.split(b"\0") if piece.strip())
    if not is_utf8(payload.strip(b"\0")) and len(payload.translate(None, _BEYOND_ASCII)) * 10 < len(payload) * 9:
        return ""
    return text if all(letter.isprintable() or letter in "\r\n\t" for letter in text) else ""


def _is_plain(payload: bytes) -> bool:
    return payload.count(0) * 5 <= len(payload) and payload.translate(None, _CONTROL_BYTES) == payload


def _loose(payload: bytes) -> str:
    """Read a text that may be UTF-16 without saying so."""
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return payload.decode("utf-16", "replace").strip("\0 ")
    for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if (
            len(payload) >= 4
            and payload[first::2].count(0) * 4 >= len(payload[first::2]) * 3 > 0
            and any(payload[1 - first :: 2])
        ):
            return payload.decode(codec, "replace").split("\0", 1)[0].strip()
    return text_of(payload.lstrip(b"\0"))
