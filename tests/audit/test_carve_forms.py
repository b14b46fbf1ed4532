"""The forms that cameras of today write: found whole, named as their makers do, and all that PhotoRec finds."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit import judged
from tests.audit.carvable import FORMS, HEADER, boxes
from tests.audit.made import CARD_BYTES, MOMENT, box, on_sectors, photograph
from tests.audit.other_forms import OTHER_FORMS

from fifthfloor.audit.carve import carve, starts_in
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.cards.image import open_card
from fifthfloor.metadata.source import BytesSource
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, format_fat32


def carved(data: bytes) -> list[Carved]:
    return list(carve(FreeSpace(BytesSource(data), [(0, len(data))])))


def test_each_is_found_whole_and_named() -> None:
    data, starts = on_sectors(*FORMS.values())
    found = {item.offset_bytes: (item.found.form, item.found.length_bytes, item.found.whole) for item in carved(data)}
    assert found == {start: (form, len(made), True) for start, (form, made) in zip(starts, FORMS.items(), strict=True)}


def test_a_makers_own_boxes_belong_to_the_film() -> None:
    brand, movie = box(b"ftyp", b"mp42\0\0\0\0mp42"), box(b"moov", box(b"mvhd", bytes(100)))
    data = box(b"mdat", bytes(range(256)) * 90)
    own = brand + box(b"beam", bytes(90)) + data + movie + box(b"sefd", b"place and time" * 40)
    (found,) = carved(own.ljust(65536, b"\0"))
    assert (found.found.length_bytes, found.found.whole) == (len(own), True)
    (found,) = carved((brand + data + movie + b"\0\0\0\4beam" + bytes(900)).ljust(65536, b"\0"))
    assert found.found.length_bytes == len(brand + data + movie)


def test_padding_before_a_film_belongs_to_it() -> None:
    film = boxes(9, HEADER)
    own = box(b"skip", bytes(100)) + box(b"free", bytes(40)) + film
    (found,) = carved(own.ljust(65536, b"\0"))
    assert (found.offset_bytes, found.found.length_bytes, found.found.whole) == (0, len(own), True)
    assert [item.found.length_bytes for item in carved((film + film[:64]).ljust(65536, b"\0"))] == [len(film)]


@pytest.mark.parametrize("form", FORMS)
def test_what_a_camera_overwrote_is_partial(form: str) -> None:
    """The front half lies there; on its second half a photograph was taken."""
    made = FORMS[form]
    half = len(made) // 2 // 4096 * 4096
    later = photograph(3, width=800, height=600)
    found = carved((made[:half] + later).ljust(half + len(later) + 8192, b"\0"))
    assert half in [item.offset_bytes for item in found], "the photograph that lies there now"
    if form not in ("ts", "mts"):  # where a stream ends, nothing tells
        assert all(not item.found.whole for item in found if item.offset_bytes < half)


@pytest.mark.judge("photorec")
def test_starts_include_those_of_photorec(tmp_path: Path) -> None:
    image = tmp_path / "card.img"
    format_fat32(image, CARD_BYTES, label="NIKON D90", cluster_bytes=512, partitioned=False)
    names = [f"DCIM/100OTHER/FILE{number:04d}.{form.upper()[:3]}" for number, form in enumerate(FORMS)]
    with FatWriter(image) as writer:
        for name, made in zip(names, FORMS.values(), strict=True):
            writer.add_file(name, made, MOMENT)
    for name in names:
        delete_like_a_camera(image, name)
    theirs = judged.carved_by_photorec(image, tmp_path, "everything")
    with open_card(image) as card:
        space = FreeSpace(card.device, [(int(offset), int(length)) for offset, length in card.free])
        ours = {item.offset_bytes: item.found for item in carve(space)}
    assert len(theirs) >= 8
    # PhotoRec gives a stream of 192-byte packets back in pieces of 1.5 KB; each lies in the one that is found here.
    streams = [(at, at + found.length_bytes) for at, found in ours.items() if found.form in ("ts", "mts")]
    whole = {start for start in theirs if start in ours or not any(low < start < high for low, high in streams)}
    assert whole <= set(ours)
    assert sorted(found.form for found in ours.values()) == sorted(FORMS)


def test_noise_is_none_of_them() -> None:
    data = random.Random(1).randbytes(8 << 20)
    bare = b"".join(b"\xff\x0a" + data[at + 2 : at + 512] for at in range(0, 1 << 20, 512))
    assert carved(data + bare) == []
    assert starts_in(b"GGGG" * 128 * 8) != [], "text of one letter looks like a stream, and is none"
    assert carved((b"G" + b"rapes " * 5000).ljust(1 << 16, b" ")) == []


class Counted(FreeSpace):
    """Free space that counts how often it is read."""

    reads = 0

    def read(self, position: int, length_bytes: int) -> bytes:
        self.reads += 1
        return super().read(position, length_bytes)


def test_chains_of_nothing_cost_no_more_than_their_bytes() -> None:
    """A gigabyte of empty records ends after as many steps as a film of that length has."""

    heads = {
        "mxf": FORMS["mxf"][:100] + (bytes.fromhex("060e2b34010101020301021001000000") + b"\0") * 200_000,
        "png": FORMS["png"][:33] + b"\0\0\0\0teXt\0\0\0\0" * 300_000,
        "jxl": FORMS["jxl"][:32] + box(b"free", b"") * 400_000,
        "box": box(b"ftyp", b"mp42\0\0\0\0mp42") + box(b"free", b"") * 400_000,
    }
    for name, data in heads.items():
        space = Counted(BytesSource(data), [(0, len(data))])
        list(carve(space))
        assert space.reads < 700_000, name


HEADS = [made[:200] for made in FORMS.values()]


@settings(max_examples=150, deadline=None)
@given(head=st.sampled_from(HEADS), cut=st.integers(0, 200), rest=st.binary(max_size=3000))
def test_any_bytes_after_any_head_end_within_the_space(head: bytes, cut: int, rest: bytes) -> None:
    data = (head[: len(head) - cut] + rest).ljust(4096, b"\0")
    for item in carved(data):
        assert 0 < item.found.length_bytes <= len(data) - item.start


@settings(max_examples=140, deadline=None)
@given(
    made=st.sampled_from([*FORMS.values(), *(made for _, made in OTHER_FORMS.values())]),
    at=st.integers(0, 4000),
    number=st.sampled_from([0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000]),
)
def test_lengths_that_lie_end_within_the_space(made: bytes, at: int, number: int) -> None:
    bent = bytearray(made)
    bent[at : at + 4] = struct.pack(">I", number)
    for item in carved(bytes(bent)):
        assert 0 < item.found.length_bytes <= len(bent) - item.start
