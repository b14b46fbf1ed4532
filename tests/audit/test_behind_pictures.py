"""What stands behind a picture that is no JPEG: what was there before a crop, or what somebody hung on."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from tests.audit.made import photograph, picture

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.trailers import Trailer
from fifthfloor.metadata.source import BytesSource

FORMS = ["PNG", "WEBP", "AVIF"]
BEHIND = {
    "a photograph": (photograph(1, width=64, height=48), "photograph"),
    "words": (b"Kim Guide, Pyongyang, lat=39.0194 lon=125.7528", "unknown"),
    "a packet": (b"<?xpacket begin=''?>" * 9, "unknown"),
    "zeros": (bytes(900), "padding"),
    "nothing": (b"", "none"),
}


def made(form: str) -> bytes:
    held = io.BytesIO()
    Image.open(io.BytesIO(picture(3, 320, 240))).save(held, form)
    return held.getvalue()


def behind(data: bytes) -> Trailer:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return facts.trailer


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hung_on", list(BEHIND))
def test_what_stands_behind_a_picture_is_told(form: str, hung_on: str) -> None:
    data, kind = BEHIND[hung_on]
    told = behind(made(form) + data)
    assert (told.kind, told.length_bytes) == (kind, len(data))


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_that_is_cut_has_nothing_behind_it(form: str) -> None:
    data = made(form)
    assert behind(data[: len(data) - len(data) // 5]).kind == "none"


def test_boxes_without_end_cost_no_more_than_a_picture_has() -> None:
    endless = made("AVIF") + b"\0\0\0\x08free" * 100_000
    assert behind(endless).kind == "none"
