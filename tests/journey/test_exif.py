"""The Exif writer at its edges."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from fifthfloor_theatre.journey.shot_exif import Release, segment

TAKEN = datetime(2012, 9, 3, 8, 1, 30)


@given(
    number=st.integers(1, 2**31),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    thumbnail=st.binary(max_size=300),
)
def test_pillow_reads_back_what_was_noted(number: int, latitude: float, longitude: float, thumbnail: bytes) -> None:
    shot = Release(number, TAKEN, place=(latitude, longitude))
    data = segment(shot, 640, 480, thumbnail)
    assert int.from_bytes(data[2:4]) == len(data) - 2
    exif = Image.Exif()
    exif.load(data[4:])
    assert exif.get_ifd(0x8769)[0x9211] == number
    place = exif.get_ifd(0x8825)
    for key, angle in ((2, latitude), (4, longitude)):
        degrees, minutes, seconds = (float(v) for v in place[key])
        assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(abs(angle), abs=1e-5)
    second = exif.get_ifd(ExifTags.IFD.IFD1)
    offset, length = second[0x0201], second[0x0202]
    assert data[10:][offset : offset + length] == thumbnail


def test_a_thumbnail_too_large_for_a_segment_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="thumbnail"):
        segment(Release(1, TAKEN), 640, 480, bytes(65_000))
