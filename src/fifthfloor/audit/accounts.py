"""Accounts of a file's parts: what no reader takes and what is no machine's is told where it is a text, else counted.

Rule: silence is never an all-clear. A chunk, a box, an item or a tag that nobody here knows stands under "not checked"
with its name and length, whatever it is called (`metadata.parts` lists what is known).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from fifthfloor.audit.asserted import add_said
from fifthfloor.audit.captions import add_xmp
from fifthfloor.audit.photo_facts import Draft
from fifthfloor.audit.profile_texts import say_profile_name, say_profiles
from fifthfloor.audit.segment_texts import as_text, say_lines
from fifthfloor.metadata import heif, parts, webp
from fifthfloor.metadata.blocks import Container
from fifthfloor.metadata.icc import MAX_ICC_BYTES, PROFILE_TAGS, profiles_of_heif, profiles_of_png
from fifthfloor.metadata.manifests import said_in
from fifthfloor.metadata.parts import FilePart
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import Read, reader_of
from fifthfloor.metadata.tiff_end import reach_of
from fifthfloor.metadata.xmp import packet_in

_LOOKED_AT_BYTES = 64 << 10  # of a part, for a text; longer ones are counted, too
_MOST_BLANK_BYTES, _BLANK_PIECE_BYTES = 64 << 20, 1 << 20
_FEWEST_TAIL_BYTES = 9
_FEWEST_TEXT = 10  # letters and signs: shorter ones that say nothing are codes
# A name, a zero, then a palette or a formula.
_NAMED_CHUNKS = frozenset(["png sPLT", "png pCAL"])
_PROGRAM_IN_A_PART = re.compile(r"IsoMedia File Produced with (?:GPAC|Google)[^\n]{0,100}|FFmpeg|x26[45][^\n]{0,80}")
_RUN_OF_ZEROS = re.compile(rb"\0+")  # versions and lengths before a text, and ends of fixed fields
_PARTS_OF: dict[Container, Callable[[Read, int], Iterator[FilePart]]] = {
    "png": parts.of_png, "webp": parts.of_webp, "jxl": parts.of_jxl, "heic": parts.of_boxes, "boxes": parts.of_boxes,
}  # fmt: skip


def account(container: Container, read: Read, size_bytes: int, draft: Draft) -> None:
    """Tell or count the parts of a file that no reader takes, and the texts of its colour profiles.

    Args:
        container: by its first bytes; a JPEG's segments are accounted for by `segment_texts`.
        read: gives its bytes.
        size_bytes: of the file.
        draft: takes what is found.
    """
    if container in _PARTS_OF:
        for part in _PARTS_OF[container](read, size_bytes):
            _account_for(part, read, draft)
    if container == "png":
        for name, profile in profiles_of_png(read):
            say_profile_name(name, draft)
            say_profiles([profile], draft)
    elif container == "webp":
        say_profiles(webp.profiles(read, size_bytes), draft)
        for name, text in webp.information(read, size_bytes):
            draft.captions.take(name, (), text)
    elif container in ("heic", "boxes"):
        say_profiles(profiles_of_heif(read, size_bytes), draft)
        for name, data, length in heif.other_items(read, size_bytes):
            _account_for(FilePart(f"item {name}", 0, length), reader_of(data), draft)
    elif container == "tiff":
        _account_for_tail(read, size_bytes, draft)


def account_for_tags(draft: Draft) -> None:
    """Do the same for the directories of TIFF that were gone through, in a file or in a block of Exif."""
    for tiff, walked in draft.walked:
        entries = walked.directory.entries
        for tag in entries.keys() & PROFILE_TAGS:
            say_profiles([tiff.raw(entries[tag], MAX_ICC_BYTES)], draft)
        if walked.role != "gps":
            for part in parts.of_directory(walked.directory):
                _account_for(part, tiff.read, draft)


def _account_for(part: FilePart, read: Read, draft: Draft) -> None:
    """Tell a part that is a text or holds a packet, pass over one that is blank, count any other."""
    name, at, length = part
    data = read(at, min(length, _LOOKED_AT_BYTES))
    if name in _NAMED_CHUNKS:
        draft.captions.say(name, decode(data.partition(b"\0")[0]))
        return
    if len(set(data)) <= 1 and _is_blank(read, at, length, data[:1]):
        return
    if (start := packet_in(data)) is not None:
        add_xmp(data[start:], draft.captions)
    elif not _said(name, data, draft):
        draft.pass_over("parts", name, length)
        return
    if length > _LOOKED_AT_BYTES:
        draft.pass_over("parts", name, length)


def _is_blank(read: Read, at: int, length: int, value: bytes) -> bool:
    """Whether nothing but one value stands there, as far as it is looked at."""
    end = at + min(length, _MOST_BLANK_BYTES)
    pieces = (read(place, min(_BLANK_PIECE_BYTES, end - place)) for place in range(at, end, _BLANK_PIECE_BYTES))
    return all(piece.count(value) == len(piece) for piece in pieces) and length <= _MOST_BLANK_BYTES


def _said(name: str, data: bytes, draft: Draft) -> bool:
    """Tell what is a text, as JSON where it is that; whether it is one."""
    try:
        if data.lstrip()[:1] in (b"{", b"["):
            for one in add_said(said_in(json.loads(data)), draft.captions):
                draft.captions.say(one.name, one.text)
            return True
    except (ValueError, RecursionError):
        pass
    text = as_text(_RUN_OF_ZEROS.sub(b"\0", data.strip(b"\0"))).strip()
    if _PROGRAM_IN_A_PART.fullmatch(text):
        return True
    told = bool(text) and (say_lines(name, text, draft) or draft.captions.say(name, text))
    return told or 0 < len(text) < _FEWEST_TEXT


def _account_for_tail(read: Read, size_bytes: int, draft: Draft) -> None:
    """Count what stands behind the directories of a raw, where a maker may have put pictures of its own."""
    reach, of_maker = reach_of(read, size_bytes)
    if of_maker and 8 < reach <= size_bytes - _FEWEST_TAIL_BYTES:
        _account_for(FilePart("tail", reach, size_bytes - reach), read, draft)
