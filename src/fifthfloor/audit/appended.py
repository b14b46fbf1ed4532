"""What programs append to a finished picture, and whose length stands in it: it belongs to the file.

Sources: AXS, "File Concatenation Protocol" 1.0; the MIE specification 1.1 (its trailer ends in its length); Canon's
VRD, FotoWare's and Photo Mechanic's trailers and Vivo's mark as ExifTool's `CanonVRD.pm`, `FotoStation.pm`,
`PhotoMechanic.pm` and `ExifTool.pm` document them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.behind_pictures import FOTOSTATION

_VRD = b"CANON OPTIONAL DATA\0"
_VRD_HEAD_BYTES, _VRD_FOOT_BYTES = 28, 64
_AFCP = (b"AXS!", b"AXS*")
_AFCP_ENTRY_BYTES = 12
_MAX_AFCP_ENTRIES = 256
_VIVO_BEGINNINGS = (b"streamdata", b'vivo{"')
# IPTC, numbers or a small picture of FotoStation and Photo Mechanic, a group of MIE, what Vivo and others write.
APPENDED_BEGINNINGS = (b"\x1c", b"\0", b"\xff", b"~", *_VIVO_BEGINNINGS, _VRD, *_AFCP)
_MAX_APPENDED_BYTES = 32 << 20
# Each ends in its length, counted from its beginning to the end of what stands here; what is behind that is a sum.
_MIE_END = re.compile(rb"~\0\x04\0zmie~\0\0(?:\x06.{4}[\x10\x18]\x04|\x0a.{8}[\x10\x18]\x08)", re.DOTALL)
_MIE_MARK = b"~\0\x04\0zmie~\0\0"

_PHOTO_MECHANIC = b"cbipcbbl"
_VIVO_MARK = b"\x1b*9HWfu\x84\x93\xa2\xb1"
LONGEST_MARK_BYTES = 32


def told_end(space: FreeSpace, end: int) -> int:
    """Return the end of what begins at `end` and says in its head how long it is; `end` where nothing does."""
    head = space.read(end, _VRD_HEAD_BYTES)
    length = 0
    if head.startswith(_VRD):
        length = _VRD_HEAD_BYTES + int.from_bytes(head[24:28], "big") + _VRD_FOOT_BYTES
        length = length if space.read(end + length - _VRD_FOOT_BYTES, len(_VRD)) == _VRD else 0
    elif head.startswith(_AFCP):
        length = _afcp_bytes(space, end, head)
    return end + length if length <= _MAX_APPENDED_BYTES else end


def _afcp_bytes(space: FreeSpace, end: int, head: bytes) -> int:
    """Return the length of an AFCP table and its contents, which programs that moved it have left with wrong places."""
    order = "big" if head[3:4] == b"!" else "little"
    count = min(_MAX_AFCP_ENTRIES, _number(head[6:8], order))
    table = space.read(end + 12, _AFCP_ENTRY_BYTES * count)
    numbers = [_number(table[at : at + 4], order) for at in range(0, len(table) - 3, 4)]
    sizes, places = numbers[1::3], numbers[2::3]
    first = 12 + len(table)
    moved = min(places, default=0) - first
    by_place = max((place + size - moved for place, size in zip(places, sizes, strict=False)), default=first)
    for length in (by_place, first + sum(sizes)):
        if length <= _MAX_APPENDED_BYTES and space.read(end + length, 4) == head[:4]:
            return length + 12
    return 0


def appended_ends(space: FreeSpace, end: int, at: int, data: bytes) -> Iterator[int]:
    """Yield where something that begins at `end` and ends in its own length, or in a mark of its own, may end.

    Args:
        space: the free bytes.
        end: where it would begin.
        at: position of `data`, behind `end`.
        data: bytes of it to look through.
    """
    for mark, before in ((FOTOSTATION, 4), (_PHOTO_MECHANIC, 4)):
        for place in _all(data, mark):
            length = int.from_bytes(space.read(at + place - before, before), "big")
            behind = at + place + len(mark)
            # Photo Mechanic counts without its last twelve bytes.
            if length + (12 if mark == _PHOTO_MECHANIC else 0) == behind - end > 0:
                yield behind
    for place in _all(data, _MIE_MARK):
        found = _MIE_END.match(space.read(at + place, 26))
        if found and _mie_length(found[0]) == at + place + found.end() - end:
            yield at + place + found.end()
    if space.read(end, 10).startswith(_VIVO_BEGINNINGS):
        place = data.find(_VIVO_MARK)
        if place >= 0:
            yield at + place + len(_VIVO_MARK)


def _mie_length(tail: bytes) -> int:
    width = tail[-1]
    return _number(tail[-2 - width : -2], "big" if tail[-2] == 0x10 else "little")


def _all(data: bytes, mark: bytes) -> Iterator[int]:
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "big" if order == "big" else "little")
