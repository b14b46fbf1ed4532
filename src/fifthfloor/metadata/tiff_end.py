"""Where a TIFF ends: the last byte that any of its directories refers to (TIFF 6.0, section 2).

Raw files of cameras keep pictures that their makers' notes alone speak of, wherever they like. Of a file with such a
note, or with a maker's private data, nothing here says an end (`reach_of` says how far its directories go).
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata.tiff import Directory, Read, Tiff

_MAX_ENDS_DIRECTORIES = 256  # pages of a document; each is looked at once
_MAX_STRIPS = 1 << 20  # strips or tiles of one picture
_BELOW_TAGS = (0x014A, 0x8769, 0x8825, 0xA005, 0x0190, 0xC634)
# Where data lie, and beside it how long they are: strips, tiles, a JPEG, free space, JPEG's tables of old.
_PLACES_OF_DATA = ((0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202), (0x0120, 0x0121))
_OF_MAKERS = (0x927C, 0xC634, 0x002E, 0xC6FD)
_ROUNDED_BYTES = 4  # writers fill up to whole words


def end_of(read: Read, size_bytes: int) -> int | None:
    """Return where a TIFF ends; None where only a maker knows, or where its own tables lead beyond the file."""
    reach, of_maker = reach_of(read, size_bytes)
    if of_maker or not 8 < reach <= size_bytes:
        return None
    rest = -reach % _ROUNDED_BYTES
    return reach if any(read(reach, rest)) else min(size_bytes, reach + rest)


def reach_of(read: Read, size_bytes: int) -> tuple[int, bool]:
    """Return the last byte that the directories of a TIFF refer to, and whether a maker has written of others.

    Args:
        read: gives its bytes.
        size_bytes: of the file; 0 is returned where a table or what it leads to is cut.
    """
    tiff = Tiff.open(read)
    if tiff is None or read(0, 4) not in (b"II*\0", b"MM\0*"):
        return 0, True
    reach, of_maker = 8, False
    waiting, seen = [tiff.first_offset], set[int]()
    while waiting:
        at = waiting.pop()
        if at <= 0 or at in seen:
            continue
        seen.add(at)
        directory = tiff.directory(at)
        if len(seen) > _MAX_ENDS_DIRECTORIES or not directory.entries:
            return 0, of_maker
        of_maker = of_maker or any(tag in directory for tag in _OF_MAKERS)
        count = int.from_bytes(read(at, 2), "little" if tiff.order == "<" else "big")
        ends = (at + 6 + 12 * count, *_ends(tiff, directory))
        reach = max(reach, *ends)
        waiting += [directory.next_offset, *_below(tiff, directory)]
    return (reach if reach <= size_bytes else 0), of_maker


def _below(tiff: Tiff, directory: Directory) -> Iterator[int]:
    for tag in _BELOW_TAGS:
        entry = directory.entries.get(tag)
        if entry is not None and entry.kind in (4, 13) and entry.count <= _MAX_ENDS_DIRECTORIES:
            yield from (int(offset) for offset in tiff.numbers(entry))


def _ends(tiff: Tiff, directory: Directory) -> Iterator[int]:
    for entry in directory.entries.values():
        if entry.length_bytes > 4:
            yield entry.at + entry.length_bytes
    for at, length in _PLACES_OF_DATA:
        places, lengths = directory.entries.get(at), directory.entries.get(length)
        if places is None or lengths is None or places.count > _MAX_STRIPS:
            continue
        starts, sizes = tiff.numbers(places, _MAX_STRIPS), tiff.numbers(lengths, _MAX_STRIPS)
        yield from (int(start) + int(size) for start, size in zip(starts, sizes, strict=False))
