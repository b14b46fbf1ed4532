"""Colours named without a profile: P3 and Adobe RGB come over, all others are said to be dropped, in every kind."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from tests.redact import camera_raws
from tests.redact.drawn import jpeg, scene
from tests.redact.test_metadata import adobe_by_exif
from tests.tasks.people.test_converting import HEIC, file_of

from fifthfloor.jpeg.segments import split
from fifthfloor.metadata.jpeg_head import profile_in
from fifthfloor.metadata.raw_pictures import PREVIEW_COLOURS
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.profiles import KNOWN_PROFILES, adobe_rgb, display_p3

OURS = {"p3": (display_p3(), "replaced"), "adobe": (adobe_rgb(), "replaced")}
R03 = adobe_by_exif()[10:]
ADOBE_PLACES = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def verdict_of(data: bytes) -> tuple[bytes, str]:
    prepared = prepare(data)
    written = profile_in(split(prepared.picture.to_bytes()))
    assert not written or written in {display_p3(), adobe_rgb()}, KNOWN_PROFILES
    return written, prepared.profile


def right(said: str) -> tuple[bytes, str]:
    return OURS.get(said, (b"", said))


def with_chunk(png: bytes, kind: bytes, value: bytes) -> bytes:
    chunk = struct.pack(">I", len(value)) + kind + value + struct.pack(">I", zlib.crc32(kind + value))
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize("kind", ["HEIC", "AVIF"])
@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((1, 13), "none"),
        ((2, 2), "none"),
        ((12, 13), "p3"),
        ((9, 16), "unknown"),  # PQ
        ((9, 18), "unknown"),  # HLG
        ((9, 14), "unknown"),  # BT.2020
        ((12, 16), "unknown"),
        ((1, 8), "unknown"),  # light as it is
    ],
)
def test_the_numbers_of_a_phone_s_picture_are_read(kind: str, numbers: tuple[int, int], said: str) -> None:
    data = HEIC if kind == "HEIC" else file_of("AVIF", scene(96, 64), exif=Image.Exif())
    at = data.index(b"nclx") + 4
    assert verdict_of(data[:at] + struct.pack(">HH", *numbers) + data[at + 4 :]) == right(said)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (b"cICP", bytes([12, 13, 0, 1]), "p3"),
        (b"cICP", bytes([9, 16, 0, 1]), "unknown"),
        (b"cICP", bytes([1, 13, 0, 1]), "none"),
        (b"sRGB", b"\0", "none"),
        (b"gAMA", struct.pack(">I", 45455), "none"),
        (b"gAMA", struct.pack(">I", 100_000), "unknown"),
        (b"cHRM", struct.pack(">8I", *ADOBE_PLACES), "adobe"),
        (b"cHRM", struct.pack(">8I", *ADOBE_PLACES[:2], 63000, 34000, 31000, 59500, 15500, 7000), "unknown"),
        (b"iCCP", b"broken\0\0nothing that unpacks", "unknown"),
    ],
)
def test_what_a_png_says_of_its_colours_is_read(kind: bytes, value: bytes, said: str) -> None:
    plain = file_of("PNG", scene(64, 48), exif=Image.Exif())
    assert verdict_of(with_chunk(plain, kind, value)) == right(said)


def test_a_png_s_cicp_wins_over_its_profile_and_that_over_the_rest() -> None:
    p3 = file_of("PNG", scene(64, 48), exif=Image.Exif(), icc_profile=display_p3())
    assert verdict_of(with_chunk(p3, b"cICP", bytes([9, 18, 0, 1]))) == (b"", "unknown")
    assert verdict_of(with_chunk(p3, b"gAMA", struct.pack(">I", 100_000))) == right("p3")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_adobe_rgb_that_exif_alone_names_comes_over(kind: str) -> None:
    data = file_of(kind, scene(64, 48), exif=R03)
    # An AVIF says by its numbers that it is sRGB: two words, and neither is believed.
    assert verdict_of(data) == right("unknown" if kind == "AVIF" else "adobe")


def test_what_a_tiff_says_of_its_colours_is_read() -> None:
    out = io.BytesIO()
    places = tuple(value / 100_000 for value in ADOBE_PLACES)
    scene(64, 48).save(out, "TIFF", tiffinfo={0x13E: places[:2], 0x13F: places[2:]})
    assert verdict_of(out.getvalue()) == right("adobe")


FULL, THUMBNAIL = jpeg(scene()), jpeg(scene().resize((160, 106)))


def test_a_raw_s_own_exif_tells_of_the_jpeg_inside() -> None:
    """The camera's JPEG in a NEF, DNG or CR3 has no Exif of its own."""
    plain = FULL, THUMBNAIL, scene().size
    named: camera_raws.Rows = {camera_raws.INTEROPERABILITY: "R03"}
    assert verdict_of(camera_raws.dng(*plain)) == right("none")
    assert verdict_of(camera_raws.dng(*plain, exif=named)) == right("adobe")
    # A converter's preview is what the converter says it is.
    assert verdict_of(camera_raws.dng(*plain, exif=named, more={PREVIEW_COLOURS: 2})) == right("none")
    assert verdict_of(camera_raws.dng(*plain, more={PREVIEW_COLOURS: 4})) == right("unknown")


def test_the_facts_of_a_raw_alone_are_those_it_tells() -> None:
    plain = FULL, THUMBNAIL, scene().size
    facts = prepare(camera_raws.dng(*plain, exif={camera_raws.TAKEN: "2019:06:06 12:00:00"})).facts
    assert (facts["camera"], facts["captured"]) == ("Leica M-D", "2019:06:06 12:00:00")
    facts = prepare(camera_raws.cr3(FULL, THUMBNAIL, *plain[1:])).facts
    assert (facts["camera"], facts["captured"]) == ("Canon Canon EOS R5", "2024:06:06 12:00:00")
