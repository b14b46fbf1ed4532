"""Where pictures end that old cameras, telephones, scanners and medical cameras write: GIF, BMP, JPEG 2000, MRW.

Sources: GIF89a (CompuServe, 1990); Microsoft, "Bitmap Storage"; ISO/IEC 15444-1, annexes A and I; dalibor.jelinek, "MRW
file format", as libraw reads it.

Rule: as in `carve_chunks`: pieces are counted against the bytes they cover.
"""

from __future__ import annotations

from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.iso_boxes import header_of

GIF = b"GIF8"
JP2 = b"\0\0\0\x0cjP  \r\n\x87\n"
TILES = b"\xff\x4f\xff\x51"
MRW = b"\0MRM"
_DIB_HEADERS = frozenset([12, 40, 52, 56, 64, 108, 124])
_JP2_BOXES = frozenset([b"ftyp", b"jp2h", b"jp2c", b"jp2i", b"xml ", b"uuid", b"uinf", b"res ", b"rreq", b"jpch",
                        b"jplh", b"asoc", b"nlst", b"free", b"jumb"])  # fmt: skip
_MAX_OLD_PICTURE_BYTES = 1 << 30
_EXTENSIONS = (b"\x01", b"\xf9", b"\xfe", b"\xff")
_CODE_SIZES = (b"\1", b"\2", b"\3", b"\4", b"\5", b"\6", b"\7", b"\x08")
_PACKED = 0x59  # two samples in three bytes
_FREE_PIECES, _MEAN_PIECE_BYTES = 4096, 8


def _within(space: FreeSpace, start: int, length: int, form: str, *, whole: bool = True) -> Found:
    left = space.length_bytes - start
    return Found(min(length, left), form, whole and length <= left)


def carve_gif(space: FreeSpace, start: int) -> Found | None:
    """Follow the blocks of a GIF to its trailer."""
    head = space.read(start, 13)
    if head[:6] not in (b"GIF87a", b"GIF89a") or len(head) < 13:
        return None
    at = start + 13 + _table_bytes(head[10])
    screen = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    image = False
    for step in range(_MAX_OLD_PICTURE_BYTES):
        if step > _FREE_PIECES + (at - start) // _MEAN_PIECE_BYTES:
            break
        block = space.read(at, 11)
        if block[:1] == b";":
            return _within(space, start, at + 1 - start, "gif", whole=image)
        if block[:1] == b"!" and block[1:2] in _EXTENSIONS:
            at = _over_sub_blocks(space, at + 2)
        elif block[:1] == b"," and len(block) == 11 and _is_on_screen(block, screen):
            at += 10 + _table_bytes(block[9])
            if space.read(at, 1) not in _CODE_SIZES:
                break
            at = _over_sub_blocks(space, at + 1)
            image = image or space.read(at, 1) in (b"!", b",", b";")
        else:
            break
    return _within(space, start, at - start, "gif", whole=False) if image else None


def _is_on_screen(block: bytes, screen: tuple[int, int]) -> bool:
    """Whether a picture of a GIF lies within what its head says; older programs let one be larger by itself."""
    left, top, width, height = (int.from_bytes(block[at : at + 2], "little") for at in (1, 3, 5, 7))
    return 0 < left + width <= max(screen[0], width) and 0 < top + height <= max(screen[1], height) and bool(width)


def _table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _over_sub_blocks(space: FreeSpace, at: int) -> int:
    while at < space.length_bytes:
        length = space.read(at, 1)[0]
        at += 1 + length
        if not length:
            break
    return at


def is_bitmap(head: bytes) -> bool:
    """Whether a BMP begins so; its two letters alone begin much else."""
    size, first = int.from_bytes(head[2:6], "little"), int.from_bytes(head[10:14], "little")
    dib = int.from_bytes(head[14:18], "little")
    planes, depth = (head[22:24], head[24:26]) if dib == 12 else (head[26:28], head[28:30])
    return (
        head[:2] == b"BM"
        and not any(head[6:10])
        and dib in _DIB_HEADERS
        and 14 + dib <= first < size <= _MAX_OLD_PICTURE_BYTES
        and planes == b"\1\0"
        and int.from_bytes(depth, "little") in (1, 4, 8, 16, 24, 32)
    )


def carve_bitmap(space: FreeSpace, start: int) -> Found | None:
    """Take a BMP by the length in its head."""
    return _within(space, start, int.from_bytes(space.read(start + 2, 4), "little"), "bmp")


def carve_jp2(space: FreeSpace, start: int) -> Found | None:
    """Follow the boxes of a JPEG 2000; one that reaches to the end of the file ends where its codestream does."""
    if space.read(start, len(JP2)) != JP2:
        return None
    at, whole = start + len(JP2), False
    for _ in range(_FREE_PIECES):
        kind, length, skip = header_of(space.read(at, 16))
        if kind not in _JP2_BOXES or (length and length < 8) or length > _MAX_OLD_PICTURE_BYTES:
            break
        if kind == b"jp2c" and length == 0:
            found = carve_codestream(space, at + skip)
            return (
                _within(space, start, at + skip - start + found.length_bytes, "jp2", whole=found.whole)
                if found
                else None
            )
        whole = whole or kind == b"jp2c"
        at += length
        if not length:
            break
    return _within(space, start, at - start, "jp2", whole=whole) if at > start + len(JP2) else None


def carve_codestream(space: FreeSpace, start: int) -> Found | None:
    """Follow the tile-parts of a JPEG 2000 codestream to its end mark."""
    at = start + 2
    tiles = False
    for _ in range(_FREE_PIECES):
        head = space.read(at, 12)
        if head[:2] == b"\xff\xd9" and tiles:
            return _within(space, start, at + 2 - start, "j2k")
        if head[:1] != b"\xff" or len(head) < 12:
            break
        length = int.from_bytes(head[2:4], "big")
        if head[1] == 0x90:
            part = int.from_bytes(head[6:10], "big")
            if length != 10 or not 14 <= part <= _MAX_OLD_PICTURE_BYTES:
                break
            tiles, at = True, at + part
        else:
            at += 2 + max(2, length)
    return _within(space, start, at - start, "j2k", whole=False) if tiles else None


def carve_minolta(space: FreeSpace, start: int) -> Found | None:
    """Take a Minolta raw by the length of its head and the size of its sensor."""
    head = space.read(start, 36)
    if head[8:12] != b"\0PRD" or len(head) < 36:
        return None
    rows, columns = (int.from_bytes(head[at : at + 2], "big") for at in (24, 26))
    bits = 12 if head[34] == _PACKED else 16
    length = 8 + int.from_bytes(head[4:8], "big") + rows * columns * bits // 8
    return _within(space, start, length, "mrw") if rows and columns and length < _MAX_OLD_PICTURE_BYTES else None
