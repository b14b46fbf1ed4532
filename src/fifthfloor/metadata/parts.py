"""Parts of a file's container that no reader takes and that are no machine's either: each with its name and place.

Rule: what is read elsewhere and what is known to be a machine's (picture data, tables, sizes, times, indexes) is listed
here; every other chunk, box or tag is given, whatever it is called. So nothing new is ever passed over.

Source: PNG, third edition; its registered extensions; RFC 9649; ISO/IEC 14496-12 and -14, 23008-12, 18181-2; Apple,
"QuickTime File Format"; TIFF 6.0, DNG 1.7, Exif 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fifthfloor.metadata import jxl, png, webp
from fifthfloor.metadata.iso_boxes import C2PA, CANON, XMP, boxes, header_of
from fifthfloor.metadata.tiff import Directory, Read


class FilePart(NamedTuple):
    """A part: what its container calls it, where its contents begin, and how long they are."""

    name: str
    offset_bytes: int
    length_bytes: int


def _set_of(kinds: bytes) -> frozenset[bytes]:
    return frozenset(kind.replace(b"_", b" ") for kind in kinds.split())


_OF_PNG = _set_of(
    b"IHDR PLTE IDAT IEND gAMA bKGD pHYs sBIT cHRM sRGB iCCP tIME tRNS hIST sTER oFFs vpAg iDOT acTL fcTL fdAT cICP "
    b"mDCV mDCv cLLI cLLi CgBI npTc npLb npOl orNT caNv tpNG sCAL gIFg exIf eXIf EXIF zxIf caBX tEXt zTXt iTXt"
)
_OF_WEBP = _set_of(b"VP8_ VP8L VP8X ANIM ANMF ALPH ICCP EXIF XMP_ C2PA IPTC FRGM")
_MAX_TEXT_HEAD_BYTES = 400  # keyword, language and translated keyword
_ANIMATED = b"ANMF"
_FRAME_HEAD_BYTES = 16
_MAX_PARTS_BESIDE = 4096
_OF_JXL = _set_of(b"ftyp jxlc jxlp jxll jxli jbrd Exif xml_ jumb brob")
_AT_THE_TOP = _set_of(
    b"ftyp styp moov moof mdat meta sidx ssix mfra pnot PICT pdin prft jP__ mpvd sefd cdat imda idat beam loop udta"
)
# Holder -> what is known in it.
_IN: dict[bytes, frozenset[bytes]] = {
    b"moov": _set_of(
        b"mvhd trak udta meta mvex iods cmov uuid gps_ GPS_ ctab clip prfl rmra pssh ainf gpsc drop xtra Canon"
    ),
    b"trak": _set_of(b"tkhd mdia edts tref tapt udta meta uuid load matt clip imap txas trgr ludt prfl"),
    b"mdia": _set_of(b"mdhd hdlr minf elng uuid"),
    b"minf": _set_of(b"vmhd smhd hmhd nmhd sthd gmhd gmin dinf hdlr stbl"),
    b"stbl": _set_of(
        b"stsd stts ctts cslg stss stps stsh sdtp stsc stsz stz2 stco co64 padb stdp subs saiz saio sbgp sgpd cslg sstb"
    ),
    b"dinf": _set_of(b"dref"),
    b"edts": _set_of(b"elst"),
    b"moof": _set_of(b"mfhd traf pssh"),
    b"traf": _set_of(b"tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc uuid"),
    b"mvex": _set_of(b"mehd trex leva trep"),
    b"meta": _set_of(b"hdlr pitm iloc iinf iprp iref idat dinf grpl ipro keys ilst mhdr ctry lang uuid"),
    b"iprp": _set_of(b"ipco ipma"),
    b"ipco": _set_of(
        b"ispe pixi hvcC av1C avcC jpgC lhvC vvcC evcC j2kH uncC cmpd colr irot imir clap pasp auxC auxi clli mdcv "
        b"cclv amve rloc lsel a1op a1lx oinf tols reve ndwt cmin cmex tmin iscl rref rrtp cdef icef splz itai "
        b"subs esds hvc1 av01 crtt mdft dpnd wipe fade aebr afbr dobr wbbr iroi tain tols lspr cpat snuc cloc"
    ),
}
_ANYWHERE = _AT_THE_TOP.union(*_IN.values())
_LEFT_EMPTY = frozenset([b"free", b"skip", b"wide"])
_PANORAMA = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")  # Google's Spherical Video 1.0: XML, a program's
# What `film_facts` reads, pictures of Canon's raws, Sony's of the clip, and encryption's.
_KNOWN_UUIDS = frozenset([
    XMP, C2PA, CANON, bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16"),
    bytes.fromhex("210f1687914911e4811100242131fce4"),
    bytes.fromhex("5766b829bb6a47c5bcfb8b9f2260d06d"), bytes.fromhex("50524f4621d24fcebb88695cfac9c740"),
    bytes.fromhex("a2394f525a9b4f14a2446c427c648df4"), bytes.fromhex("6d1d9b0542d544e680e2141daff757b2"),
    bytes.fromhex("d4807ef2ca3946958e5426cb9e46a79f"), bytes.fromhex("8974dbce7be74c5184f97148f9882554"),
])  # fmt: skip
_PARTS_DEPTH = 6

# Bytes in a TIFF that are read elsewhere or a machine's: notes, packets, pictures, tables, digests, settings.
_BYTE_TAGS = frozenset([
    0x02BC, 0x015B, 0x8649, 0x83BB, 0x927C, 0x9286, 0xC4A5, 0xEA1C, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F, 0xC6D2,
    0xC6D3, 0xC68B, 0xC65D, 0xC719, 0xC71C, 0xC71D, 0xC7A7, 0xC740, 0xC741, 0xC742, 0xC74E, 0xCD41, 0xCD42, 0xCD4B,
    0x02E, 0x001B, 0x0027, 0x0119, 0x0120, 0x0121, 0x9000, 0xA000, 0x9101, 0xA300, 0xA301, 0xA302, 0x828E, 0x828F,
    0xA20B, 0xA20C, 0x920B, 0x920C, 0x8828, 0x9216, 0xC612, 0xC613, 0xC618, 0xC7D5, 0xC7E9, 0xC6F8, 0xC68F, 0xC691,
    0x8773, 0x8775, 0x0154, 0x0155, 0x014F, 0x0117, 0x0111, 0x0144, 0x0201, 0x935C, 0x0005, 0x0152, 0x9289,
])  # fmt: skip
_BYTES_AND_NO_TEXT = (1, 6, 7)
_FEWEST_PART_BYTES = 9  # what is shorter stands in the directory itself, or is a number of a machine


def of_png(read: Read, size_bytes: int) -> Iterator[FilePart]:
    """Yield the chunks of a PNG that nobody knows, and texts that say they are packed and are not."""
    for chunk in png.chunks(read):
        name = chunk.kind.decode("ascii")
        length = min(chunk.length_bytes, max(0, size_bytes - chunk.offset_bytes))
        if chunk.kind in (b"zTXt", b"iTXt"):
            if _is_wrongly_packed(chunk.kind, read(chunk.offset_bytes, min(length, _MAX_TEXT_HEAD_BYTES))):
                yield FilePart(f"png {name}", chunk.offset_bytes, length)
        elif chunk.kind not in _OF_PNG and length:
            yield FilePart(f"png {name}", chunk.offset_bytes, length)


def _is_wrongly_packed(kind: bytes, data: bytes) -> bool:
    """Whether a text says that it is packed and begins as nothing that is (RFC 1950)."""
    rest = data.partition(b"\0")[2]
    if kind == b"iTXt":
        behind = rest[2:].split(b"\0", 2)
        head = behind[2][:2] if rest[:1] == b"\1" and len(behind) == 3 else b""
    else:
        head = rest[1:3]
    return len(head) == 2 and (head[0] & 15 != 8 or int.from_bytes(head, "big") % 31 != 0)


def of_webp(read: Read, size_bytes: int) -> Iterator[FilePart]:
    """Yield the chunks of a WebP that nobody knows, those in its frames too."""
    yield from _chunks(read, 12, min(size_bytes, webp.end_of(read, size_bytes)), 1)


def _chunks(read: Read, at: int, end: int, depth: int) -> Iterator[FilePart]:
    for _ in range(_MAX_PARTS_BESIDE):
        head = read(at, 8) if at + 8 <= end else b""
        if len(head) < 8:
            return
        kind, length = head[:4], min(int.from_bytes(head[4:], "little"), end - at - 8)
        if kind == _ANIMATED and depth:
            yield from _chunks(read, at + 8 + _FRAME_HEAD_BYTES, at + 8 + length, depth - 1)
        elif kind.replace(b"\0", b" ") not in _OF_WEBP and length and (kind != b"LIST" or read(at + 8, 4) != b"INFO"):
            yield FilePart(f"webp {_letters(kind)}", at + 8, length)
        at += 8 + length + length % 2


def of_jxl(read: Read, size_bytes: int) -> Iterator[FilePart]:
    """Yield the boxes of a JPEG XL that nobody knows; a bare codestream has none."""
    if read(0, 12) == jxl.CONTAINER:
        for kind, start, end in boxes(read, 12, size_bytes):
            if kind not in _OF_JXL and end > start:
                yield FilePart(f"box {_letters(kind)}", start, end - start)


def of_boxes(read: Read, size_bytes: int) -> Iterator[FilePart]:
    """Yield the boxes of a film or HEIF that nobody knows, however deep, and what stands in unused space."""
    yield from _boxes(read, 0, size_bytes, _AT_THE_TOP, _PARTS_DEPTH)


def _boxes(read: Read, start: int, end: int, known: frozenset[bytes], depth: int) -> Iterator[FilePart]:
    for kind, first, stop in boxes(read, start, end):
        if kind == b"meta" and read(first + 4, 4) != b"hdlr":
            first += 4  # version and flags, which QuickTime's has not
        if kind == b"uuid":
            mark = read(first, 16)
            if mark not in _KNOWN_UUIDS and mark != _PANORAMA and stop > first + 16:
                yield FilePart(f"box uuid {mark[:4].hex()}", first + 16, stop - first - 16)
        elif kind in _LEFT_EMPTY and depth and holds_boxes(read, first, stop):
            yield from _boxes(read, first, stop, _ANYWHERE, depth - 1)
        elif kind in _LEFT_EMPTY or kind not in known:
            if stop > first:
                yield FilePart(f"box {_letters(kind)}", first, stop - first)
        elif kind in _IN and depth:
            yield from _boxes(read, first, stop, _IN[kind], depth - 1)


def holds_boxes(read: Read, start: int, end: int) -> bool:
    """Whether boxes fill these bytes: what programs and telephones leave of a table that they wrote anew."""
    at = start
    for _ in range(_MAX_PARTS_BESIDE):
        kind, length, skip = header_of(read(at, 16) if at < end else b"")
        if length < skip or at + length > end or not (kind.isascii() and kind.replace(b" ", b"").isalnum()):
            break
        at += length
    return start < at == end


def of_directory(directory: Directory) -> Iterator[FilePart]:
    """Yield the values of bytes in a directory of a TIFF that nobody knows; texts and numbers are none of these."""
    for tag, entry in directory.entries.items():
        if entry.kind in _BYTES_AND_NO_TEXT and tag not in _BYTE_TAGS and entry.length_bytes >= _FEWEST_PART_BYTES:
            yield FilePart(f"tag 0x{tag:04X}", entry.at, entry.length_bytes)


def _letters(kind: bytes) -> str:
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in kind.decode("latin-1"))
