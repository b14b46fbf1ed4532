"""Readers of metadata meet bytes that lie: a value or none, in bounded steps."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.metadata.blocks import blocks_of
from fifthfloor.metadata.exif import orientation_of, taken_of
from fifthfloor.metadata.iptc import records
from fifthfloor.metadata.raw_pictures import of_cr3, of_raf, of_tiff
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import reader_of
from fifthfloor.metadata.xmp import read_xmp

STARTS = [b"\xff\xd8\xff\xe1", b"II*\0\x08\0\0\0", b"FUJIFILMCCD-RAW ", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic"]


@given(st.sampled_from(STARTS), st.binary(max_size=600))
def test_any_bytes_give_blocks_or_none(start: bytes, rest: bytes) -> None:
    data = start + rest
    for block in blocks_of(reader_of(data), len(data)):
        assert len(block.content()) <= len(data)
    assert 1 <= orientation_of(reader_of(data)) <= 8
    assert isinstance(taken_of(reader_of(data)).place, str)
    for pictures in (of_tiff(reader_of(data)), of_raf(reader_of(data)), of_cr3(reader_of(data), len(data))):
        assert pictures.sensor_px >= 0


@given(st.binary(max_size=600), st.sampled_from([b"", b"8BIM\x04\x04\0\0", b"\x1c\x02\x78"]))
def test_any_bytes_give_records_and_values(rest: bytes, start: bytes) -> None:
    assert all(isinstance(text, str) for _, text in records(start + rest))
    assert isinstance(read_xmp(rest, ["dc:title"]), list)


@given(st.text(max_size=80))
def test_text_that_is_utf_8_comes_back_whole(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")


def test_a_hostile_packet_costs_no_more_than_its_length() -> None:
    for piece in (b"<!--", b"<![CDATA[", b"<dc:title a='", b"<rdf:li>", b"xmlns:a=", b"a", b"<dc:title><rdf:li>"):
        packet = (b"<dc:title>" + piece * (400_000 // len(piece)) + b"</dc:title>") * 2
        begun = time.process_time()
        read_xmp(packet, ["dc:title"])
        assert time.process_time() - begun < 10, piece
