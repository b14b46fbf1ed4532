"""Where a raw built on TIFF ends: the furthest byte any of its directories points to."""

from __future__ import annotations

from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.tiff import MAX_DIRECTORIES, Directory, Read, Tiff

MAX_RAW_BYTES = 1 << 30  # the largest medium-format raws are a quarter of this
# (offsets, lengths): strips, tiles, JPEG of old style; TIFF 6.0 sections 8, 15, 22
_PICTURE_TAGS = ((0x111, 0x117), (0x144, 0x145), (0x201, 0x202))
_SUB_DIRECTORIES = (0x14A, 0x8769, 0x8825)  # SubIFDs, Exif, GPS
_PLAUSIBLE = {0xFE, 0x100, 0x101, 0x103, 0x10F, 0x110, 0x111}  # the first directory has some of these
_FORM_OF_MAKE = (
    ("NIKON", "nef"),
    ("Canon", "cr2"),
    ("SONY", "arw"),
    ("PENTAX", "pef"),
    ("RICOH", "pef"),
    ("SAMSUNG", "srw"),
)


def carve_tiff(space: FreeSpace, start: int) -> Found | None:
    """Follow the TIFF-based raw that begins at `start`; None where it is none, partial where it ends too early."""
    limit = min(MAX_RAW_BYTES, space.length_bytes - start)

    def read(offset: int, length: int) -> bytes:
        return space.read(start + offset, length) if 0 <= offset < limit else b""

    tiff = Tiff.open(read)
    if tiff is None:
        return None
    first = tiff.directory(tiff.first_offset)
    if len(first.entries) < 4 or len(_PLAUSIBLE & first.entries.keys()) < 2:
        return None
    end, pictures = _furthest(tiff)
    if not pictures:
        return None
    thumbnail = min((p for p in pictures if read(p[0], 3) == b"\xff\xd8\xff"), key=lambda p: p[1], default=None)
    if end > limit:
        return Found(limit, _form(tiff, first), False, thumbnail if thumbnail and sum(thumbnail) <= limit else None)
    return Found(end, _form(tiff, first), all(_sound(tiff, picture) for picture in pictures), thumbnail)


def pictures_of(read: Read) -> list[tuple[int, int]]:
    """Return (offset, length) of every strip, tile and picture that a TIFF's directories point to."""
    tiff = Tiff.open(read)
    return _furthest(tiff, every=True)[1] if tiff is not None else []


def _furthest(tiff: Tiff, *, every: bool = False) -> tuple[int, list[tuple[int, int]]]:
    """Return the end of the last byte pointed to, and (offset, length) of the pictures; of many parts all or one."""
    end, pictures = tiff.first_offset + 2, []
    todo, seen = [tiff.first_offset], set[int]()
    while todo and len(seen) < MAX_DIRECTORIES:
        offset = todo.pop()
        if offset in seen:
            continue
        seen.add(offset)
        directory = tiff.directory(offset)
        if not directory.entries:
            continue
        end = max(end, offset + 6 + 12 * len(directory.entries))
        for entry in directory.entries.values():
            if entry.length_bytes > 4:
                end = max(end, entry.at + entry.length_bytes)
        for tag in _SUB_DIRECTORIES:
            todo += [int(at) for at in tiff.numbers(directory.entries.get(tag), 16)]
        todo.append(directory.next_offset)
        for offsets, lengths in _PICTURE_TAGS:
            places = tiff.numbers(directory.entries.get(offsets), 65536)
            sizes = tiff.numbers(directory.entries.get(lengths), 65536)
            found = [(int(at), int(size)) for at, size in zip(places, sizes, strict=False) if at and size]
            end = max([end, *(at + size for at, size in found)])
            pictures += found[:1] if len(found) > 64 and not every else found
    return end, pictures


def _sound(tiff: Tiff, picture: tuple[int, int]) -> bool:
    """Say whether a picture that begins as a JPEG also ends as one; other codings cannot be told."""
    offset, length = picture
    if tiff.read(offset, 3) != b"\xff\xd8\xff":
        return True
    return b"\xff\xd9" in tiff.read(offset + max(0, length - 4096), min(length, 4096))


def _form(tiff: Tiff, first: Directory) -> str:
    magic = tiff.read(0, 4)
    if magic in (b"IIRO", b"IIRS", b"MMOR"):
        return "orf"
    if magic == b"IIU\0":
        return "rw2"
    if 0xC612 in first:
        return "dng"
    make = tiff.text(first.entries.get(0x10F))
    return next((form for name, form in _FORM_OF_MAKE if make.upper().startswith(name.upper())), "tiff")
