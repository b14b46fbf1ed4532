"""The one door to metadata: the blocks of a file, whatever container it is.

To add a container: a module here with `blocks(read, size_bytes) -> Iterator[Block]`, its name in `Container`, how it
begins in `container_of`, and a line in `_READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from fifthfloor.metadata import behind_pictures, flir, heif, jpeg_head, jxl, png, raf, tiff_end, webp
from fifthfloor.metadata.brands import STILLS, form_of
from fifthfloor.metadata.metadata_block import BlockKind, MetadataBlock
from fifthfloor.metadata.tiff import MAGICS, Read, Tiff, reader_of

Container = Literal["jpeg", "tiff", "raf", "png", "webp", "jxl", "heic", "boxes", "flir"]

# XMP Part 3; TIFF registry; Photoshop's resources; C2PA 2.1, A.3
XMP_TAG, IPTC_TAG, RESOURCES_TAG, C2PA_TAG = 0x2BC, 0x83BB, 0x8649, 0xCD41
_KIND_OF_TAG: dict[int, BlockKind] = {XMP_TAG: "xmp", IPTC_TAG: "iptc", RESOURCES_TAG: "iptc", C2PA_TAG: "c2pa"}


def container_of(head: bytes) -> Container | None:
    """Tell by its first 16 bytes what a file is; "boxes" are films and CR3; None for no picture or film we know."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] in MAGICS:
        return "tiff"
    if head.startswith(raf.RAF_SIGNATURE):
        return "raf"
    if head.startswith(png.PNG_SIGNATURE):
        return "png"
    if webp.is_webp(head):
        return "webp"
    if head[:12] == jxl.CONTAINER or (head.startswith(jxl.CODESTREAM) and len(head) > 4):
        return "jxl"
    if head[:4] in flir.SIGNATURES:
        return "flir"
    form = form_of(head)
    return None if form is None else "heic" if form in STILLS else "boxes"


def blocks_of(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the blocks of metadata of a file; none for what is no picture, and for films, whose facts lie elsewhere.

    Args:
        read: gives its bytes; `source.head_reader` makes one that is quick.
        size_bytes: of the file.
    """
    container = container_of(read(0, 16))
    if container in _READERS:
        yield from _READERS[container](read, size_bytes)


def end_of(container: Container, read: Read, size_bytes: int) -> int | None:
    """Return where the last chunk or box of a picture ends; None for those whose structure says no end."""
    if container == "png":
        return png.end_of(read, size_bytes)
    if container == "webp":
        return webp.end_of(read, size_bytes)
    if container == "tiff":
        return tiff_end.end_of(read, size_bytes)
    if container in ("heic", "boxes") or (container == "jxl" and read(0, 12) == jxl.CONTAINER):
        return heif.end_of(read, size_bytes, heif.MOST_FILM_BOXES if container == "boxes" else heif.MOST_PICTURE_BOXES)
    return None


def _of_jpeg(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    yield from jpeg_head.blocks(jpeg_head.segments(read))
    yield from behind_pictures.blocks(read, size_bytes)


def _of_tiff(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    yield from behind_pictures.blocks(read, size_bytes)
    yield MetadataBlock("exif", 0, size_bytes, read)
    tiff = Tiff.open(read)
    first = tiff.directory(tiff.first_offset).entries if tiff else {}
    for tag, kind in _KIND_OF_TAG.items():
        entry = first.get(tag)
        if tiff and entry and entry.length_bytes > 4:
            data = tiff.raw(entry)
            yield MetadataBlock(kind, entry.at, len(data), reader_of(data))


def _of_raf(read: Read, _size_bytes: int) -> Iterator[MetadataBlock]:
    header = raf.read_header(read)
    if header is None:
        return
    place = header.jpeg[0]

    def inside(offset: int, length: int) -> bytes:
        return read(place + offset, length) if offset >= 0 else b""

    for block in jpeg_head.blocks(jpeg_head.segments(inside)):
        # Offsets count from the raw, as whoever shows a place in the file expects.
        yield MetadataBlock(
            block.kind, block.offset_bytes and block.offset_bytes + place, block.length_bytes, block.read
        )


def _of_flir(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    yield MetadataBlock("flir", 0, size_bytes, read)


_READERS: dict[Container | None, Callable[[Read, int], Iterator[MetadataBlock]]] = {
    "jpeg": _of_jpeg,
    "tiff": _of_tiff,
    "raf": _of_raf,
    "png": png.blocks,
    "webp": webp.blocks,
    "jxl": jxl.blocks,
    "heic": heif.blocks,
    "flir": _of_flir,
}
