"""What one photograph or film says about its maker, its owner, its place and its number.

Reading is by the bytes, never by the name's ending. Whatever is damaged is as if it were absent; nothing here raises
for bad bytes, and no read is longer than its limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fifthfloor.audit.accounts import account, account_for_tags
from fifthfloor.audit.behind_end_mark import INSTA360_END
from fifthfloor.audit.captions import add_xmp
from fifthfloor.audit.film_facts import read_film, read_films_of_still, read_png
from fifthfloor.audit.film_tracks import read_tracks
from fifthfloor.audit.hiding_programs import hiding_program
from fifthfloor.audit.photo_facts import Draft, PhotoFacts, read_block, read_film_text
from fifthfloor.audit.profile_texts import say_profiles
from fifthfloor.audit.segment_texts import read_segment_texts
from fifthfloor.audit.trailers import NO_TRAILER, trailer, trailer_behind
from fifthfloor.audit.understood import bare
from fifthfloor.metadata import behind_pictures, heif, jpeg_head
from fifthfloor.metadata.beside_films import read_text
from fifthfloor.metadata.blocks import Container, blocks_of, container_of, end_of
from fifthfloor.metadata.endings import ending_of, kind_of_name
from fifthfloor.metadata.icc import profiles_of_jpeg
from fifthfloor.metadata.jpeg_head import segments
from fifthfloor.metadata.manifests import store_beside
from fifthfloor.metadata.mpf import MPF_HEADER, end_of_last, entries_of
from fifthfloor.metadata.raf import read_header
from fifthfloor.metadata.source import Source, head_reader
from fifthfloor.metadata.text import decode_marked
from fifthfloor.metadata.tiff import Read, reader_of
from fifthfloor.metadata.xmp import DECLARED, MAX_PACKET_BYTES, packet_in


def read_photo(source: Source) -> PhotoFacts | None:
    """Read the facts of a photograph or film; None where the bytes are neither."""
    read = head_reader(source)
    container = container_of(read(0, 16))
    if container is None:
        return None
    draft = Draft(container)
    end = source.size_bytes
    draft.unread["insta360"] += source.read(max(0, end - len(INSTA360_END)), len(INSTA360_END)) == INSTA360_END
    _read_as(container, read, source, draft)
    if kind := bare(container, read, source.size_bytes, draft):
        draft.unread[kind] += 1
    account_for_tags(draft)
    return draft.finish()


def _read_as(container: Container, read: Read, source: Source, draft: Draft) -> None:
    if container == "jpeg":
        _read_jpeg(read, 0, draft)
        for block in behind_pictures.blocks(read, source.size_bytes):
            read_block(block, draft)
        draft.trailer = trailer(source, draft.pictures_end)
        return
    if container == "raf":
        header = read_header(read)
        if header is not None:
            _read_jpeg(read, header.jpeg[0], draft)
        return
    if container == "boxes":
        read_film(read, source.size_bytes, draft)
        read_tracks(read, source.size_bytes, draft)
    if container in ("boxes", "heic"):
        for block in heif.nested_blocks(read, source.size_bytes):
            read_block(block, draft)
    if container == "heic":
        read_films_of_still(read, source.size_bytes, draft)
    for block in blocks_of(read, source.size_bytes):
        read_block(block, draft)
    if container == "png":
        read_png(read, draft)
    account(container, read, source.size_bytes, draft)
    if draft.unread["insta360"]:
        return  # what stands behind is counted as that
    end = end_of(container, read, source.size_bytes)
    draft.trailer = trailer_behind(source, end) if end is not None else NO_TRAILER


_XMP_TAG_START = re.compile(rb"<(?:\w{1,20}:)?(?:xmpmeta|xapmeta|RDF)\b", re.IGNORECASE)
_DESCRIPTION = re.compile(rb"<(?:\w{1,20}:)?(?:NonRealTimeMeta|P2Main|gpx|kml|TrainingCenterDatabase)\b", re.IGNORECASE)
_SUBTITLES = re.compile(rb"\d\d:\d\d[,.]\d{3} --> \d\d:|\$[A-Z]{2}(?:RMC|GGA|GLL|GNS),")
# GeoJSON, what Google's export writes beside a photograph, and what photo programs do.
_JSON = re.compile(
    rb'"type"\s{0,9}:\s{0,9}"Feature|"geoData|"photoTakenTime|\bGPS(?:Latitude|Position)"?\s?[:=]|^Lat: ', re.MULTILINE
)
# A geometry by itself is one, too, where its numbers are degrees.
_BARE_GEOMETRY = re.compile(
    rb'"(?:Multi)?(?:Point|LineString|Polygon)"[^{}]{0,80}"coordinates"\s?:[\s\[]{1,80}-?\d{1,3}\.\d{3,},\s{0,9}-?\d{1,2}\.\d{3,}'
    rb'|"coordinates"\s?:[\s\[]{1,80}-?\d{1,3}\.\d{3,},\s{0,9}-?\d{1,2}\.\d{3,}[^{}]{0,400}"(?:Multi)?(?:Point|LineString|Polygon)"'
)
_BOTH_NAMED = re.compile(
    r"(?:\b|_|gps)(?:latitud[eo]?|lat|breite(?:ngrad)?|широта|纬度|緯度)(?:\b|_)[^\n]{0,200}"
    r"(?:\b|_|gps)(?:longt?itud[eo]?|lng|long?|l(?:ä|ae)nge(?:ngrad)?|долгота|经度|經度)(?:\b|_)".encode(),
    re.IGNORECASE,
)
_BOTH_DEGREES = re.compile(rb"\b\d{1,3}\.\d{3,}[^\d\n]{1,40}\b\d{1,3}\.\d{3,}|\b\d{1,3},\d{3,}[;\t]-?\d{1,3},\d{3,}")
_DEGREES_NSEW = re.compile(rb"\d\.\d{3,}\s?[NS]\W{1,3}\d{1,3}\.\d{3,}\s?[EW]\b")
_MORE_NOTES = frozenset(["eml", "tsv", "yaml", "yml"])  # besides what is a document or a sidecar by its name


def tells_of_a_film(name: str, data: bytes) -> bool:
    """Say whether a text tells of a film second by second, describes a clip, or as a table or note holds a place."""
    head = _head_of_text(data)
    if _SUBTITLES.search(head) or _DESCRIPTION.search(head):
        return True
    if kind_of_name(name) not in ("document", "sidecar") and ending_of(name) not in _MORE_NOTES:
        return False  # programs speak of latitudes, too
    return bool((_BOTH_NAMED.search(head) and _BOTH_DEGREES.search(head)) or _DEGREES_NSEW.search(head))


def read_sidecar(data: bytes) -> PhotoFacts | None:
    """Read a text that stands beside a photograph or film, or alone; None where it says nothing of either.

    Args:
        data: of a file of any name; what it is, its bytes say. A packet of XMP may stand anywhere in it.
    """
    draft = Draft("beside")
    head = _head_of_text(data)
    if store := store_beside(data):
        draft.manifests.append(store)
    start = packet_in(data)
    if start is None and _XMP_TAG_START.search(head):
        start = 0
    if start is not None and b"usefulinc.com/ns/doap#" in head:
        return None  # a program describes itself and who keeps it
    if start is not None:
        for packet in _packets(data[start : start + MAX_PACKET_BYTES]):
            add_xmp(packet, draft.captions)
        # Further packets, of pictures in a document, are read as far as the first one may reach.
        draft.captions.left_out |= any(data.find(mark, start + MAX_PACKET_BYTES) >= 0 for mark in DECLARED)
    elif store:
        return draft.finish()
    elif _DESCRIPTION.search(head) or _SUBTITLES.search(head) or _JSON.search(head) or _BARE_GEOMETRY.search(head):
        facts = read_text(data)
        if not facts.says_something:
            return None
        read_film_text(facts, draft)
    else:
        return None
    return draft.finish()


_OPENING = re.compile(rb"<(?:[\w.-]{1,20}:)?(xmpmeta|xapmeta)\b")
_MOST_PACKETS = 64  # of one document that are told from what stands between them


def _packets(data: bytes) -> Iterator[bytes]:
    """Yield the packets in bytes that begin with one: among other bytes each to its end, a text as a whole."""
    for _ in range(_MOST_PACKETS if b"\0" in data else 0):
        opened = _OPENING.match(data)
        end = re.compile(rb"</(?:[\w.-]{1,20}:)?%s\s*>" % opened[1]).search(data) if opened else None
        if end is None:
            break
        yield data[: end.end()]
        start = packet_in(data[end.end() :])
        if start is None:
            return
        data = data[end.end() + start :]
    yield data


def _head_of_text(data: bytes) -> bytes:
    """Return the beginning of a text (UTF-16 as UTF-8), nothing of what is no text: a laptop is full of those."""
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        return decode_marked(head).encode("utf-8", "replace")
    return b"" if b"\0" in head else head


def _read_jpeg(read: Read, start: int, draft: Draft) -> None:
    """Read the JPEG at `start`; places in the file are those of the whole file."""

    def shifted(offset: int, length: int) -> bytes:
        return read(start + offset, length) if offset >= 0 else b""

    found = list(segments(shifted))
    draft.hiding = hiding_program(found)
    for block in jpeg_head.blocks(found):
        read_block(block, draft)
    read_segment_texts(found, draft)
    say_profiles(profiles_of_jpeg(found), draft)
    for segment in found:
        pixels = jpeg_head.size_of(segment)
        if segment.marker == jpeg_head.APP2 and segment.payload.startswith(MPF_HEADER):
            pictures = entries_of(reader_of(segment.payload, len(MPF_HEADER)))
            draft.pictures = max(1, len(pictures))
            end = end_of_last(pictures, segment.offset_bytes + len(MPF_HEADER))
            draft.pictures_end = max(draft.pictures_end, end)
            places = (segment.offset_bytes + len(MPF_HEADER) + one.offset_bytes for one in pictures if one.offset_bytes)
            _read_further(shifted, list(places), draft)
        elif segment.payload.startswith(_SMALL_JPEG):
            _read_further(shifted, [segment.offset_bytes + len(_SMALL_JPEG)], draft)
        elif pixels is not None:
            draft.pixels = pixels
    if draft.thumbnail is not None:
        _read_further(read, [draft.thumbnail[0]], draft)


_SMALL_JPEG = b"JFXX\0\x10"  # an extension of JFIF that is a JPEG (JFIF 1.02)


def _read_further(read: Read, places: list[int], draft: Draft) -> None:
    """Take place, numbers and words of the further pictures in a file: a program may have left them there alone."""
    for place in places:

        def shifted(offset: int, length: int, place: int = place) -> bytes:
            return read(place + offset, length) if offset >= 0 else b""

        further = Draft("jpeg")
        further.captions = draft.captions
        found = list(segments(shifted)) if read(place, 2) == b"\xff\xd8" else []
        for block in jpeg_head.blocks(found):
            if block.kind in ("exif", "xmp", "iptc"):
                read_block(block, further)
        read_segment_texts(found, draft)
        draft.gps = draft.gps or further.gps
        draft.numbers.update({**further.numbers, **draft.numbers})
