"""Carving: every form found where it begins, whole or partial; nothing carved twice; any bytes survived."""

from __future__ import annotations

import io
import random
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.audit.made import exif, film, heic, on_sectors, photograph, picture, raw, segment

from fifthfloor.audit.carve import carve, starts_in
from fifthfloor.audit.carve_boxes import small_in_film
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_bytes import PIECE_BYTES, FreeSpace
from fifthfloor.metadata.source import BytesSource

CLUSTER = 4096


def carved(data: bytes, extents: list[tuple[int, int]] | None = None) -> list[Carved]:
    return list(carve(FreeSpace(BytesSource(data), extents or [(0, len(data))])))


def raf(seed: int) -> bytes:
    preview = photograph(seed, make="FUJIFILM", model="X100")
    cfa = random.Random(seed).randbytes(90_000)
    at = 148
    places = struct.pack(">6I", at, len(preview), at + len(preview), 2000, at + len(preview) + 2000, len(cfa) - 2000)
    return (b"FUJIFILMCCD-RAW 0201" + bytes(64) + places + bytes(40) + preview + cfa)[: at + len(preview) + len(cfa)]


def avi(seed: int) -> bytes:
    body = b"AVI " + random.Random(seed).randbytes(60_000)
    return b"RIFF" + struct.pack("<I", len(body)) + body


MADE = [
    ("jpeg", photograph(1)),
    ("jpeg", picture(2)),
    ("nef", raw(3)),
    ("cr2", raw(4, "Canon")),
    ("mov", film(5)),
    ("mp4", film(6, b"isom")),
    ("cr3", film(7, b"crx ")),
    ("heic", heic(8)),
    ("raf", raf(9)),
    ("avi", avi(10)),
]


def test_every_form_is_found_whole_where_it_lies() -> None:
    data, starts = on_sectors(*(made for _, made in MADE))
    found = carved(data)
    assert [item.offset_bytes for item in found] == starts
    assert [(item.found.form, item.found.length_bytes, item.found.whole) for item in found] == [
        (form, len(made), True) for form, made in MADE
    ]


def test_a_photograph_that_crosses_pieces_is_whole() -> None:
    big = photograph(1, width=3000, height=2400)
    data = bytes(PIECE_BYTES - 4096) + big + bytes(PIECE_BYTES)
    (item,) = carved(data)
    assert (item.start, item.found.length_bytes, item.found.whole) == (PIECE_BYTES - 4096, len(big), True)


@pytest.mark.parametrize("shift", range(4))
def test_a_marker_that_straddles_pieces_is_seen(shift: int) -> None:
    """The end mark lies across the seam of two pieces, at each of its bytes."""
    small = picture(3)
    at = PIECE_BYTES - len(small) + shift
    at -= at % 512
    padding = (at + len(small) - PIECE_BYTES - shift) % 512
    comment = segment(0xFE, bytes(512 - padding)) if padding else b""
    made = small[:2] + comment + small[2:]
    start = (PIECE_BYTES + shift - len(made)) // 512 * 512
    (item,) = carved(bytes(start) + made + noise_bytes(8192))
    assert (item.found.length_bytes, item.found.whole) == (len(made), True)


def noise_bytes(length: int) -> bytes:
    return random.Random(7).randbytes(length)


def test_its_thumbnail_is_told_and_not_carved_by_itself() -> None:
    small = picture(9, 160, 120)
    front = segment(0xE0, bytes(460)) + segment(0xE1, exif(thumbnail=small))
    made = photograph(1, front)
    (item,) = carved(made + bytes(4096))
    assert item.found.thumbnail is not None
    offset, length = item.found.thumbnail
    assert made[offset : offset + length] == small


def test_a_fragmented_photograph_is_partial_and_not_miscarved() -> None:
    """Two halves around another photograph: the first half is a part, the other photograph is whole, no third."""
    first, second = photograph(1, width=1600, height=1200), photograph(2)
    half = len(first) // 2 // CLUSTER * CLUSTER
    data = first[:half] + on_sectors(second)[0] + first[half:] + bytes(CLUSTER)
    one, two = carved(data)
    assert (one.offset_bytes, one.found.whole, one.found.length_bytes) == (0, False, half)
    assert (two.offset_bytes, two.found.whole, two.found.length_bytes) == (half, True, len(second))


def test_a_fragmented_photograph_whose_break_lies_in_free_space_between_files_is_whole() -> None:
    """A live file stands in the middle: the free clusters before and after it belong together."""
    made = photograph(1, width=1600, height=1200)
    half = len(made) // 2 // CLUSTER * CLUSTER
    live = noise_bytes(8 * CLUSTER)
    data = made[:half] + live + made[half:] + bytes(CLUSTER)
    (item,) = carved(data, [(0, half), (half + len(live), len(data) - half - len(live))])
    assert item.found.whole
    assert [(run.offset_bytes, run.length_bytes) for run in item.runs] == [
        (0, half),
        (half + len(live), len(made) - half),
    ]


@pytest.mark.parametrize("tail", ["zeros", "noise", "text"])
def test_a_photograph_overwritten_from_the_middle_is_partial(tail: str) -> None:
    made = photograph(1, width=1600, height=1200)
    half = len(made) // 2 // CLUSTER * CLUSTER
    rest = {"zeros": bytes(300_000), "noise": noise_bytes(300_000), "text": b"\xff\xfe plain" * 40_000}[tail]
    (item,) = carved(made[:half] + rest)
    assert not item.found.whole
    assert abs(item.found.length_bytes - half) <= 8192


@pytest.mark.parametrize("seed", range(12))
def test_a_partial_photograph_ends_where_its_own_bytes_do(seed: int) -> None:
    """Noise behind a cut now and then looks like a marker with a length; that is not followed out of the photograph."""
    made = photograph(1, width=1600, height=1200)
    half = len(made) // 2 // CLUSTER * CLUSTER
    for marker in (0xC4, 0xDA, 0xE1, 0xFE, 0xC0):
        foreign = bytes([0xFF, marker, 0xF0, 0x00]) + random.Random(seed).randbytes(200_000)
        (item,) = carved(made[:half] + foreign)
        assert not item.found.whole
        assert 0 <= item.found.length_bytes - half <= 1024


def test_a_photograph_overwritten_inside_its_exif_ends_before_it() -> None:
    """The segment's length leads behind what has been overwritten; nothing that follows it confirms it."""
    small = picture(9, 160, 120)
    made = photograph(1, segment(0xE1, exif(thumbnail=small) + bytes(40_000)))
    cut = (len(small) // 512 + 4) * 512
    (item,) = carved(made[:cut] + noise_bytes(300_000))
    assert (item.found.whole, item.found.thumbnail is not None) == (False, True)
    assert len(small) <= item.found.length_bytes <= cut
    assert carved(made[:1024] + noise_bytes(300_000))[0].found.length_bytes <= 1024


def test_a_raw_overwritten_by_a_photograph_is_partial() -> None:
    made, other = raw(1), photograph(2)
    cut = len(made) // 2 // 512 * 512
    data = made[:cut] + other + bytes(-len(other) % 512) + made[cut + len(other) :]
    one, two = carved(data + bytes(4096))
    assert (one.found.form, one.found.whole, one.found.length_bytes) == ("nef", False, cut)
    assert two.found.length_bytes == len(other)


def test_a_raws_own_preview_that_begins_with_words_does_not_end_it() -> None:
    """A preview with a packet of XMP, on a sector by chance, is a part: it lies before the coded data, or begins it."""
    preview = photograph(2, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"), width=160, height=120)
    made = next(one for n in range(600) if (one := raw(1, "N" * (n + 6), preview=preview)).index(preview) % 512 == 0)
    (item,) = carved(made + bytes(4096))
    assert (item.found.whole, item.found.length_bytes) == (True, len(made))
    over = bytearray(made)
    at = len(made) // 2 // 512 * 512
    over[at : at + len(preview)] = preview
    first, _second = carved(bytes(over) + bytes(4096))
    assert (first.found.whole, first.found.length_bytes) == (False, at)


def test_a_film_cut_short_is_partial() -> None:
    made = film(1)
    (item,) = carved(made[: len(made) // 2 // 512 * 512])
    assert not item.found.whole


def test_what_is_carved_decodes() -> None:
    data, _ = on_sectors(*(photograph(seed) for seed in range(5)))
    for item in carved(data):
        end = item.offset_bytes + item.found.length_bytes
        Image.open(io.BytesIO(data[item.offset_bytes : end])).load()


def test_noise_and_blank_hold_nothing() -> None:
    assert carved(noise_bytes(8 << 20)) == []
    assert carved(bytes(1 << 20)) == []


def test_only_sectors_are_looked_at() -> None:
    assert starts_in(b"\0" * 100 + b"\xff\xd8\xff\xe0" + b"\0" * 920) == []
    assert starts_in(b"\0" * 512 + b"\xff\xd8\xff\xe0".ljust(512, b"\0")) == [512]


HEADS = [made[:600] for _, made in MADE]


@settings(max_examples=150)
@given(head=st.sampled_from(HEADS), cut=st.integers(0, 600), rest=st.binary(max_size=3000))
def test_any_bytes_after_any_header_end_within_the_space(head: bytes, cut: int, rest: bytes) -> None:
    data = head[:cut] + rest
    data += bytes(-len(data) % 512)
    end = 0
    for item in carved(data):
        assert item.start >= end
        end = item.start + item.found.length_bytes
        assert end <= len(data)
        if item.found.thumbnail:
            assert item.found.thumbnail[0] >= 0


@settings(max_examples=60)
@given(
    made=st.sampled_from([made for _, made in MADE]),
    flips=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255))),
)
def test_bent_headers_give_an_answer(made: bytes, flips: list[tuple[int, int]]) -> None:
    bent = bytearray(made[: 64 << 10])
    for place, value in flips:
        bent[place] = value
    carved(bytes(bent) + bytes(-len(bent) % 512))


def test_the_small_picture_of_a_film_is_found_when_it_is_asked_for() -> None:
    """A film's first frame; of other forms nothing is looked for."""
    small = picture(9, 160, 120)
    made = bytearray(film(5))
    at = made.index(b"mdat") + 1000
    made[at : at + len(small)] = small
    (item,) = carved(bytes(made) + bytes(4096))
    space = FreeSpace(BytesSource(bytes(made)), [(0, len(made))])
    assert (item.found.form, item.found.thumbnail) == ("mov", None)
    place = small_in_film(space, 0, item.found)
    assert place is not None
    assert (place[0], bytes(made[at : at + 3])) == (at, b"\xff\xd8\xff")
    assert small_in_film(space, 0, replace(item.found, form="mp4")) is None
