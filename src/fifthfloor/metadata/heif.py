"""Metadata in HEIF and AVIF files (ISO/IEC 23008-12; items by ISO/IEC 14496-12, 8.11): `iinf` says what, `iloc` where.

A file whose tables say nothing of an Exif item is searched by how Exif begins, its first SEARCHED_BYTES at most: an
item's place may be anywhere, a damaged table has it nowhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from fifthfloor.metadata.iso_boxes import C2PA, XMP, boxes, header_of
from fifthfloor.metadata.metadata_block import BlockKind, MetadataBlock
from fifthfloor.metadata.tiff import MAGICS, Read, reader_of
from fifthfloor.metadata.xmp import MAX_PACKET_BYTES, packet_in

_SEARCHED_BYTES = 1 << 20
_MAX_META_BYTES = 4 << 20  # of one table; those of a burst of a thousand pictures are a tenth of it
_MAX_ITEM_BYTES = 8 << 20
_MAX_ITEMS = 65536
_MAX_EXTENTS = 1024
_MAX_BLOCKS = 64  # of metadata; a hostile table could name one long item a thousand times


_BUILT_OF_ITEMS = 2  # method of construction (8.11.3)
# Pictures, and what is made of pictures: grids, overlays, masks, regions (ISO/IEC 23008-12, 6.6 and annexes).
_PICTURE_ITEMS = frozenset(
    b"hvc1 hvc2 hev1 lhv1 avc1 svc1 av01 vvc1 evc1 jpeg j2k1 unci grid iden iovl tmap mski sato rgan hvt1".split()
)
_PICTURE_BOXES = frozenset([b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"free", b"skip", b"uuid", b"wide"])
MOST_PICTURE_BOXES = 64  # beside each other; a picture has four or five
MOST_FILM_BOXES = 65536  # of a film that was written in pieces of a second


@dataclass(slots=True)
class _Meta:
    """Tables of a `meta` box: what items are, those of no reader, and where they lie in the order of `iloc`."""

    kinds: dict[int, BlockKind] = field(default_factory=dict)
    others: dict[int, str] = field(default_factory=dict)
    packed: set[int] = field(default_factory=set)
    iloc: bytes = b""
    idat: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Item:
    """Where an item lies: in the file (0) or in `idat` (1), as (offset, length); length 0 is to the end."""

    number: int
    method: int
    extents: tuple[tuple[int, int], ...]


class _Numbers:
    """Whole numbers of given sizes one behind the other; behind the end they are none."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def next(self, size_bytes: int) -> int:
        value = int.from_bytes(self.data[self.at : self.at + size_bytes], "big")
        self.at += size_bytes
        return value

    @property
    def ended(self) -> bool:
        return self.at > len(self.data)


def end_of(read: Read, size_bytes: int, most: int = MOST_PICTURE_BOXES) -> int:
    """Where the last box ends; the file's end where a box is cut, or where there are more than `most`."""
    end = 0
    for _ in range(most):
        if end >= size_bytes:
            return size_bytes
        kind, length, skip = header_of(read(end, 16))
        if not (kind.isascii() and kind.replace(b" ", b"").isalnum()) or skip > length > 0 or end + length > size_bytes:
            return end if kind not in _PICTURE_BOXES else size_bytes
        end = size_bytes if length == 0 else end + length
    return size_bytes


def blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield Exif blocks, XMP packets and manifests, by the tables or, where they say nothing, by how Exif begins."""
    seen = set[str]()
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"meta":
            for block in _items(read, start, end, size_bytes):
                seen.add(block.kind)
                yield block
        elif kind == b"uuid" and read(start, 16) == C2PA:
            data = read(start + 16, min(_MAX_ITEM_BYTES, end - start - 16))
            yield MetadataBlock("c2pa", start + 16, len(data), reader_of(data))
        elif kind == b"uuid" and read(start, 16) == XMP:
            seen.add("xmp")
            data = read(start + 16, min(_MAX_ITEM_BYTES, end - start - 16))
            yield MetadataBlock("xmp", start + 16, len(data), reader_of(data))
    for block in _searched(read, size_bytes):
        if block.kind not in seen:
            yield block


def coded_items(read: Read, size_bytes: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield where each item that is no metadata lies in the file, as (offset_bytes, length_bytes) of its parts."""
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"meta":
            meta = _tables(read, start + 4, end)
            yield from (
                item.extents for item in _places(meta.iloc) if item.method == 0 and item.number not in meta.kinds
            )


def nested_blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the blocks among the items of a film, and of those a sequence of pictures or a track of it has."""
    for start, end in _nested(read, size_bytes):
        yield from _items(read, start, end, size_bytes)


def _nested(read: Read, size_bytes: int) -> Iterator[tuple[int, int]]:
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"moov":
            for below, first, stop in boxes(read, start, end):
                if below == b"meta":
                    yield first, stop
                elif below == b"trak":
                    yield from ((at, to) for name, at, to in boxes(read, first, stop) if name == b"meta")


def other_items(read: Read, size_bytes: int) -> Iterator[tuple[str, bytes, int]]:
    """Yield the items that are no picture and that no reader takes: what they are, their bytes, and their length."""
    top = ((start, end) for kind, start, end in boxes(read, 0, size_bytes) if kind == b"meta")
    for start, end in chain(top, _nested(read, size_bytes)):
        meta = _tables(read, start + 4 * (read(start + 4, 4) != b"hdlr"), end)
        for item in islice((item for item in _places(meta.iloc) if item.number in meta.others), _MAX_BLOCKS):
            base, limit = meta.idat if item.method == 1 else (0, size_bytes)
            data, _ = _item_bytes(read, item, base, limit) if item.method < _BUILT_OF_ITEMS else (b"", 0)
            if item.number in meta.packed:
                data = _unpacked(data) or data
            yield meta.others[item.number], data, max(len(data), sum(length for _, length in item.extents))


def _items(read: Read, start: int, end: int, size_bytes: int) -> Iterator[MetadataBlock]:
    meta = _tables(read, start + 4 * (read(start + 4, 4) != b"hdlr"), end)  # version and flags first, but in QuickTime
    wanted = (item for item in _places(meta.iloc) if item.number in meta.kinds)
    for item in islice(wanted, _MAX_BLOCKS):
        kind = meta.kinds[item.number]
        if item.method >= _BUILT_OF_ITEMS:  # built of other items (8.11.3): told, not read
            yield MetadataBlock("sealed", start, end - start, reader_of(b""))
            continue
        base, limit = meta.idat if item.method else (0, size_bytes)
        data, first = _item_bytes(read, item, base, limit)
        if item.number in meta.packed:
            data, first = _unpacked(data), 0
            kind = kind if data else "sealed"
        skip = _exif_start(data) if kind == "exif" else 0
        if skip is not None and (data or kind == "sealed"):
            yield MetadataBlock(kind, first and first + skip, len(data) - skip, reader_of(data, skip))


def _tables(read: Read, start: int, end: int) -> _Meta:
    meta = _Meta()
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"iinf":
            _take_kinds(read(inside, min(_MAX_META_BYTES, box_end - inside)), meta)
        elif kind == b"iloc":
            meta.iloc = read(inside, min(_MAX_META_BYTES, box_end - inside))
        elif kind == b"idat":
            meta.idat = (inside, box_end)
    return meta


def _take_kinds(data: bytes, meta: _Meta) -> None:
    """Read `iinf`: the items that hold metadata, and which of them say that they are packed (8.11.6)."""
    start = 6 if data[:1] == b"\0" else 8
    for kind, inside, end in boxes(reader_of(data), start, len(data)):
        version = data[inside] if inside < end else 0
        at = inside + 4
        if kind == b"infe" and version < 2:  # of the first edition: no kind but the medium
            media = b"".join(data[at + 4 : end].split(b"\0", 2)[1:2])
            _take_medium(int.from_bytes(data[at : at + 2], "big"), media, meta)
            continue
        if kind != b"infe":
            continue
        wide = 4 if version > 2 else 2
        number, what = int.from_bytes(data[at : at + wide], "big"), data[at + wide + 2 : at + wide + 6]
        if what == b"Exif":
            meta.kinds[number] = "exif"
        elif what == b"mime":
            _name, media, coding, *_ = (*data[at + wide + 6 : end].split(b"\0", 3), b"", b"", b"")
            _take_medium(number, media, meta)
            meta.packed |= {number} if coding else set()
        elif what not in _PICTURE_ITEMS:
            meta.others[number] = what.decode("latin-1")


def _take_medium(number: int, media: bytes, meta: _Meta) -> None:
    if b"xml" in media.lower():
        meta.kinds[number] = "xmp"
    elif not media.lower().startswith(b"image/"):
        meta.others[number] = media.decode("latin-1")[:80] or "mime"


def _unpacked(data: bytes) -> bytes:
    """Unpack what says that it is deflated or a gzip; nothing where it is neither."""
    for window in (47, -15):
        try:
            return zlib.decompressobj(window).decompress(data, _MAX_ITEM_BYTES)
        except zlib.error:
            continue
    return b""


def _places(data: bytes) -> Iterator[_Item]:
    """Read `iloc` (8.11.3)."""
    if len(data) < 8:
        return
    version = data[0]
    offset_size, length_size, base_size = data[4] >> 4, data[4] & 15, data[5] >> 4
    index_size = data[5] & 15 if version in (1, 2) else 0
    numbers = _Numbers(data, 6)
    wide = 4 if version == 2 else 2
    for _ in range(min(numbers.next(wide), _MAX_ITEMS)):
        number = numbers.next(wide)
        method = numbers.next(2) & 15 if version in (1, 2) else 0
        numbers.next(2)  # which file; 0 is this one
        base = numbers.next(base_size)
        extents = []
        for _ in range(min(numbers.next(2), _MAX_EXTENTS)):
            numbers.next(index_size)
            extents.append((base + numbers.next(offset_size), numbers.next(length_size)))
        if numbers.ended:
            return
        yield _Item(number, method, tuple(extents))


def _item_bytes(read: Read, item: _Item, base: int, limit: int) -> tuple[bytes, int]:
    """Return the bytes of an item, and where they begin in the file, 0 where they lie in pieces."""
    parts, room = [], _MAX_ITEM_BYTES
    for offset, length in item.extents:
        start = base + offset
        take = min(length or limit - start, limit - start, room)
        if take > 0:
            parts.append(read(start, take))
            room -= take
    return b"".join(parts), base + item.extents[0][0] if len(parts) == 1 else 0


def _exif_start(data: bytes) -> int | None:
    """Return where the TIFF begins: four bytes say how far behind them, and some writers say it wrongly."""
    told = 4 + int.from_bytes(data[:4], "big")
    for start in (told, 4, 10, 0, 6):
        if data[start : start + 4] in MAGICS:
            return start
    return None


def _searched(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the first Exif block and the first XMP packet of the head, found by how they begin."""
    data = read(0, min(_SEARCHED_BYTES, size_bytes))
    place = data.find(b"Exif\0\0")
    while place >= 0:
        if data[place + 6 : place + 10] in (b"II*\0", b"MM\0*"):
            yield MetadataBlock("exif", place + 6, len(data) - place - 6, reader_of(data, place + 6))
            break
        place = data.find(b"Exif\0\0", place + 1)
    if (start := packet_in(data)) is not None:
        packet = data[start : start + MAX_PACKET_BYTES]
        yield MetadataBlock("xmp", start, len(packet), reader_of(packet))
