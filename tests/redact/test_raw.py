"""The camera's own full-size JPEG comes out of every kind of raw, and a preview does not pass for it."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.redact import camera_raws
from tests.redact.drawn import jpeg, scene
from tests.redact.raws import cr3, raf, tiff

from fifthfloor.errors import BadInput
from fifthfloor.metadata.tiff import reader_of
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.raw import embedded_jpeg, is_developed, raw_kind_of

FULL = jpeg(scene())
THUMBNAIL = jpeg(scene().resize((160, 106)))
KINDS = {
    "nef": tiff(FULL, THUMBNAIL),
    "arw": tiff(FULL, THUMBNAIL, order=">"),
    "cr2": tiff(FULL, THUMBNAIL, in_strip=True),
    "cr3": cr3(FULL),
    "raf": raf(FULL),
    "dng as cameras": camera_raws.dng(FULL, THUMBNAIL, scene().size),
    "cr3 as cameras": camera_raws.cr3(FULL, THUMBNAIL, THUMBNAIL, scene().size),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_full_size_jpeg_comes_out(name: str) -> None:
    assert raw_kind_of(KINDS[name])
    found = embedded_jpeg(KINDS[name])
    assert found.data == FULL
    assert found.orientation == (None if name == "raf" else 6)


def test_a_cr3_with_short_offsets_is_read_too() -> None:
    assert embedded_jpeg(cr3(FULL, wide=False)).data == FULL


@pytest.mark.parametrize(
    "data",
    [
        tiff(THUMBNAIL, THUMBNAIL),
        tiff(None, THUMBNAIL),
        cr3(THUMBNAIL),
        raf(THUMBNAIL),
    ],
)
def test_a_thumbnail_is_refused_with_both_sizes(data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        embedded_jpeg(data)
    assert (refused.value.key, refused.value.facts) == ("redact.raw_preview", {"width": 160, "sensor": 480})


def test_a_preview_is_taken_and_called_one() -> None:
    preview = jpeg(scene(1024, 683))
    found = embedded_jpeg(tiff(preview, THUMBNAIL, sensor=(4000, 2668)))
    assert (found.data, found.orientation, found.is_preview) == (preview, 6, True)
    assert not embedded_jpeg(KINDS["nef"]).is_preview
    prepared = prepare(tiff(preview, THUMBNAIL, sensor=(4000, 2668)))
    assert prepared.remarks[0] == "protect.remark_preview"
    assert (prepared.picture.header.width, prepared.picture.header.orientation) == (1024, 6)
    assert prepared.facts["raw"] == prepared.facts["original"] != ""


@pytest.mark.parametrize("name", KINDS)
def test_no_raw_is_taken_for_a_picture_of_its_own(name: str) -> None:
    assert not is_developed(reader_of(KINDS[name]))


def test_nor_is_a_cr2_whose_first_picture_is_the_camera_s_own_of_full_size() -> None:
    out = io.BytesIO()
    scene(64, 48).save(out, "TIFF")
    assert is_developed(reader_of(out.getvalue()))
    assert not is_developed(reader_of(out.getvalue()[:8] + b"CR\2\0" + out.getvalue()[12:]))


def test_a_tiff_with_a_preview_of_itself_is_converted_whole() -> None:
    # As programs write it: the picture, then a directory with a JPEG of it.
    out = io.BytesIO()
    scene(1500, 1000).save(out, "TIFF", compression="tiff_lzw")
    preview, data = jpeg(scene(1200, 800)), bytearray(out.getvalue())
    data += bytes(len(data) % 2)
    first = int.from_bytes(data[4:8], "little")
    chained = first + 2 + 12 * int.from_bytes(data[first : first + 2], "little")
    data[chained : chained + 4] = len(data).to_bytes(4, "little")
    rows = ((0x100, 4, 1200), (0x201, 4, len(data) + 42), (0x202, 4, len(preview)))
    data += struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHII", tag, kind, 1, v) for tag, kind, v in rows)
    data += bytes(4) + preview
    prepared = prepare(bytes(data))
    assert prepared.remarks == ("protect.remark_converted",)
    assert prepared.picture.header.width == 1500


def test_a_raw_without_any_jpeg_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        embedded_jpeg(tiff(None, b"no picture"))
    assert refused.value.key == "redact.raw_without_jpeg"


def test_directories_in_a_circle_are_read_once() -> None:
    data = bytearray(KINDS["nef"])
    first = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[first : first + 2], "little")
    data[first + 2 + 12 * count :][:4] = first.to_bytes(4, "little")
    assert embedded_jpeg(bytes(data)).data == FULL


@given(st.sampled_from(sorted(KINDS)), st.data(), st.binary(min_size=1, max_size=16), st.booleans())
def test_any_damage_ends_in_a_jpeg_or_a_named_refusal(name: str, draw: st.DataObject, piece: bytes, cut: bool) -> None:
    data = bytearray(KINDS[name])
    # Headers and tables are where lies are told: near the start, and behind the pictures.
    at = draw.draw(st.one_of(st.integers(0, 300), st.integers(len(data) - 12_000, len(data) - 1)))
    data[at : at + len(piece)] = piece
    hostile = bytes(data[:at] if cut else data)
    if raw_kind_of(hostile) is None:
        return
    with contextlib.suppress(BadInput):
        assert embedded_jpeg(hostile).data[:2] == b"\xff\xd8"


@pytest.mark.judge("exiftool")
@pytest.mark.parametrize(
    ("name", "tag"), [("nef", "SubIFD1:OtherImage"), ("cr2", "PreviewImage"), ("raf", "PreviewImage")]
)
def test_exiftool_takes_the_same_jpeg_out(tmp_path: Path, name: str, tag: str) -> None:
    file = tmp_path / f"a.{name}"
    file.write_bytes(KINDS[name])
    said = subprocess.run(["exiftool", "-b", f"-{tag}", str(file)], capture_output=True, check=True).stdout
    assert said == FULL


PREVIEW = jpeg(scene().resize((240, 160)))
# As cameras lay them out; with the tag under which exiftool keeps the full-size JPEG of each.
AS_CAMERAS = {
    "a.dng": (camera_raws.dng(FULL, THUMBNAIL, scene().size), "PreviewImage"),
    "with-preview.dng": (camera_raws.dng(FULL, THUMBNAIL, scene().size, [PREVIEW]), "JpgFromRaw"),
    "a.arw": (camera_raws.arw(FULL, PREVIEW, THUMBNAIL, scene().size), "JpgFromRaw"),
    "a.cr3": (camera_raws.cr3(FULL, PREVIEW, THUMBNAIL, scene().size), "JpgFromRaw"),
}


@pytest.mark.judge("exiftool")
@pytest.mark.parametrize("name", AS_CAMERAS)
def test_exiftool_takes_the_same_jpeg_out_of_a_raw_as_cameras_write_it(tmp_path: Path, name: str) -> None:
    data, tag = AS_CAMERAS[name]
    file = tmp_path / name
    file.write_bytes(data)
    kind = subprocess.run(["exiftool", "-s3", "-FileType", str(file)], capture_output=True, check=True).stdout
    assert kind.decode().strip() == file.suffix[1:].upper(), "the judge knows it as what it is meant to be"
    said = subprocess.run(["exiftool", "-b", f"-{tag}", str(file)], capture_output=True, check=True).stdout
    found = embedded_jpeg(data)
    assert found.data == said == FULL
    assert found.orientation == 6


@pytest.mark.judge("simple_dcraw")
@pytest.mark.parametrize("name", [name for name in AS_CAMERAS if not name.endswith(".cr3")])
def test_libraw_takes_the_same_jpeg_out(tmp_path: Path, name: str) -> None:
    # LibRaw takes the largest one; it writes an EXIF segment of its own between the first marker and the rest.
    file = tmp_path / name
    file.write_bytes(AS_CAMERAS[name][0])
    subprocess.run(["simple_dcraw", "-e", str(file)], capture_output=True, check=True)
    said = (tmp_path / f"{name}.thumb.jpg").read_bytes()
    tables = FULL.index(b"\xff\xdb")
    assert said[:4] == b"\xff\xd8\xff\xe1"
    assert said.endswith(FULL[tables:])


@pytest.mark.parametrize("make", ["dng", "arw", "cr3"])
def test_a_raw_as_cameras_write_it_with_a_preview_alone_is_refused(make: str) -> None:
    full = {
        "dng": camera_raws.dng(PREVIEW, THUMBNAIL, scene().size),
        "arw": camera_raws.arw(PREVIEW, PREVIEW, THUMBNAIL, scene().size),
        "cr3": camera_raws.cr3(PREVIEW, PREVIEW, THUMBNAIL, scene().size),
    }
    with pytest.raises(BadInput) as refused:
        embedded_jpeg(full[make])
    assert (refused.value.key, refused.value.facts) == ("redact.raw_preview", {"width": 240, "sensor": 480})
