"""Derivatives: their sizes, their bytes, what is in them and what is not."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest
import pyvips
from PIL import Image, ImageCms
from tests.jpeg.pictures import jpeg

from fifthfloor.errors import BadInput
from fifthfloor.essay import pictures, written_xmp

PACKET = written_xmp.packet(caption='A "caption" <with> & é ü 한', alt="What is seen.", credit="A pseudonym")

# What exiftool says of any file, and of the boxes an AVIF is made of.
CONTAINER = {"ExifTool", "System", "File", "QuickTime", "Meta", "Composite"}


def sizes(rendered: pictures.Rendered) -> list[tuple[int, int, str]]:
    return [(made.width_px, made.height_px, made.format) for made in rendered.derivatives]


def test_three_sizes_in_two_formats_the_largest_first() -> None:
    rendered = pictures.derive(jpeg(2000, 1000), name="a.jpg", xmp=PACKET)
    assert sizes(rendered) == [(side, side // 2, form) for side in (1200, 800, 480) for form in ("avif", "jpg")]
    assert (rendered.width_px, rendered.height_px) == (2000, 1000)
    for made in rendered.derivatives:
        with Image.open(io.BytesIO(made.data)) as opened:
            assert opened.size == (made.width_px, made.height_px)
            assert opened.format == {"avif": "AVIF", "jpg": "JPEG"}[made.format]


def test_a_picture_is_never_enlarged() -> None:
    assert sizes(pictures.derive(jpeg(300, 200), name="a", xmp=PACKET)) == [(300, 200, "avif"), (300, 200, "jpg")]
    assert sizes(pictures.derive(jpeg(400, 700), name="a", xmp=PACKET))[0] == (274, 480, "avif")


def test_the_same_bytes_give_the_same_bytes() -> None:
    data = jpeg(1600, 1000)
    assert pictures.derive(data, name="a", xmp=PACKET) == pictures.derive(data, name="b", xmp=PACKET)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation: int) -> None:
    upright = Image.new("RGB", (600, 400), "black")
    upright.paste("red", (0, 0, 300, 200))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions that store it turned
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif)
    rendered = pictures.derive(out.getvalue(), name="a", xmp=PACKET, sides_px=(480,))
    assert (rendered.width_px, rendered.height_px) == (600, 400)
    for made in rendered.derivatives:
        with Image.open(io.BytesIO(made.data)) as opened:
            assert opened.size == (480, 320)
            corner, other = opened.convert("RGB").getpixel((60, 60)), opened.convert("RGB").getpixel((420, 260))
            assert isinstance(corner, tuple)
            assert isinstance(other, tuple)
            assert corner[0] > 200 > 60 > other[0]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_the_average_colour_is_that_of_the_picture(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (64, 64), 0x80 if mode == "L" else (10, 200, 60) if mode == "RGB" else (0, 0, 0, 255)).save(
        out, "JPEG"
    )
    colour = pictures.derive(out.getvalue(), name="a", xmp=PACKET).colour
    near = {"L": (128, 128, 128), "RGB": (10, 200, 60), "CMYK": (0, 0, 0)}[mode]
    got = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    # Black ink alone is no darker than print makes it.
    assert all(abs(a - b) <= (60 if mode == "CMYK" else 6) for a, b in zip(got, near, strict=True)), colour


def photograph_in(profile: bytes | None, colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "JPEG", quality=95, subsampling=0, icc_profile=profile)
    return out.getvalue()


def test_colours_of_another_profile_become_srgb_and_those_of_srgb_stay() -> None:
    wide = bytes(pyvips.Image.profile_load("p3"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    green = (60, 200, 60)
    plain, same, turned = (
        pictures.derive(photograph_in(profile, green), name="a", xmp=PACKET, formats=("jpg",)).colour
        for profile in (None, srgb, wide)
    )
    assert plain == same
    # The same numbers are a stronger green in a wider space: less red and more green in sRGB.
    assert int(turned[1:3], 16) < int(plain[1:3], 16) - 20
    assert int(turned[3:5], 16) >= int(plain[3:5], 16)


def test_a_panorama_of_30_000_pixels() -> None:
    out = io.BytesIO()
    Image.new("RGB", (30_000, 1_000), "navy").save(out, "JPEG")
    rendered = pictures.derive(out.getvalue(), name="a", xmp=PACKET)
    assert sizes(rendered)[0] == (1200, 40, "avif")


@pytest.mark.parametrize(
    ("data", "key"),
    [(b"", "essay.unreadable_picture"), (b"GIF89a not one", "essay.unreadable_picture"),
     (jpeg(400, 300)[:9_000], "essay.unreadable_picture"), (jpeg(400, 300)[:100], "essay.unreadable_picture")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(data: bytes, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        pictures.derive(data, name="a.jpg", xmp=PACKET)
    assert caught.value.key == key
    assert caught.value.facts["photo"] == "a.jpg"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    data = bytearray(jpeg(400, 300))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = bytes.fromhex("f000f000")
    with pytest.raises(BadInput) as caught:
        pictures.derive(bytes(data), name="a.jpg", xmp=PACKET)
    assert caught.value.key == "essay.too_many_pixels"


@pytest.mark.judge("exiftool")
def test_exiftool_reads_caption_alt_and_credit_and_nothing_else(tmp_path: Path) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x8825] = "Maker", 6, {1: "N", 2: (39.0, 1.0, 2.0)}
    Image.open(io.BytesIO(jpeg(1000, 700))).save(out, "JPEG", exif=exif, comment=b"secret")
    for made in pictures.derive(out.getvalue(), name="a", xmp=PACKET).derivatives:
        file = tmp_path / f"{made.width_px}.{made.format}"
        file.write_bytes(made.data)
        said = json.loads(
            subprocess.run(["exiftool", "-j", "-G1", "-struct", str(file)], capture_output=True, check=True).stdout
        )[0]
        groups = {key.split(":")[0] for key in said if ":" in key}
        assert groups <= CONTAINER | {"XMP-dc", "XMP-iptcCore", "XMP-photoshop"}
        metadata = {key: value for key, value in said.items() if key.startswith("XMP")}
        assert metadata == {
            "XMP-dc:Description": 'A "caption" <with> & é ü 한',
            "XMP-iptcCore:AltTextAccessibility": "What is seen.",
            "XMP-photoshop:Credit": "A pseudonym",
        }
        assert b"secret" not in made.data


@pytest.mark.photos
def test_every_camera_file_is_read_or_refused_by_name(photos_dir: Path) -> None:
    refused = []
    for file in sorted((*(photos_dir / "hostile").iterdir(), *list((photos_dir / "cameras").iterdir())[:12])):
        try:
            assert pictures.derive(file.read_bytes(), name=file.name, xmp=PACKET, sides_px=(240,), formats=("jpg",))
        except BadInput as error:
            refused.append((error.facts["photo"], file.name))
    assert all(said == name for said, name in refused)
