"""Whether what stands in a picture's APP11 segments calls itself a C2PA manifest (`spec/statement.md` section 1).

Nothing in APP11 is covered by a statement, and anybody can put bytes there; they are at least not called what they are
not. Sources: ISO/IEC 19566-5 (JUMBF), annex D; C2PA 2.1, section 11.1.4.2.
"""

from __future__ import annotations

# The description box of a C2PA manifest store: its kind, then the type, "c2pa" and the ISO's common ending.
_C2PA_DESCRIPTION = b"jumd" + b"c2pa" + bytes.fromhex("00110010800000aa00389b71")
_FIRST_PIECE = (1).to_bytes(4, "big")


def is_c2pa(segments: bytes) -> bool:
    """Say whether every JUMBF box in a row of APP11 segments calls itself a C2PA manifest store.

    Args:
        segments: whole APP11 segments, each with a payload that begins `JP`, as `jpeg.grammar` lets them through.
    """
    boxes: set[bytes] = set()
    at = 0
    while at < len(segments):
        box, packet = segments[at + 6 : at + 8], segments[at + 8 : at + 12]
        if packet == _FIRST_PIECE:
            if segments[at + 24 : at + 44] != _C2PA_DESCRIPTION:
                return False
            boxes.add(box)
        elif box not in boxes:
            return False
        at += 2 + int.from_bytes(segments[at + 2 : at + 4], "big")
    return bool(boxes)
