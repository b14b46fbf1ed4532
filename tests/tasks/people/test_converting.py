"""What phones and programs make beside JPEG: the same pixels as their decoders show, upright, and nothing told."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.redact.drawn import SECRET, jpeg, scene

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.segments import APP1, APP2, segment
from fifthfloor.redact.converting import convert, converted_kind_of
from fifthfloor.redact.pixels import shown_pixels
from fifthfloor.redact.prepare import prepare
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.people.beside import is_film
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer
from fifthfloor.trace.grey import opened

# A drawn picture of 64 x 96 pixels, red, blue and white, that lies on its side (made with libheif's own encoder).
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9j"
    "AAAAAERAAAIAAQAAAAABxQABAAAAAAAAAM0AAgAAAAACkgABAAAAAAAAAEoAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "ABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNg"
    "AAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAH"
    "RAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAA"
    "AAAAAAABAAEFgQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAR9tZGF0AAAAySgBrwng4wucuq///t8X97/NYX//kZfpIJSeesbK"
    "f/BEi3/Y5K6ij3SOnarjGWug/QPwvwnk+qjB2Fymd6A2tVCtCh+LhAM1KeD10M3+b8Fs/Znn67/+ShHf/KWO9/wT0PMX9zHJZA9SSeF6vIsx"
    "IeEMQfPoOJd3NOZub7XwCnvWjf7FY3fWrHCEY0H5/Evh4z4UtSZ1Y/VB682xyW3KUfw9eKzh6/WBj39Qpf/BvjJ4W9mV15D53/nS7hUnC+Oh"
    "9eaaTJ4U1RlSDwAAAAZFeGlmAABNTQAqAAAACAADAQ8AAgAAAAYAAAAyARAAAgAAAAcAAAA4ARIAAwAAAAEABgAAAAAAAE1ha2VyAEhFSUMg"
    "MQAA"
)
KINDS = {"PNG": {}, "WEBP": {"quality": 95}, "TIFF": {}, "AVIF": {"quality": 90}}


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x0131] = 6, "Maker", SECRET.decode()
    return made


def file_of(kind: str, picture: Image.Image, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **{"exif": exif()} | KINDS[kind] | more)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_pixels_come_over_upright_and_nothing_else(kind: str) -> None:
    picture = scene(300, 200)
    data = file_of(kind, picture)
    assert converted_kind_of(data[:64]) == kind
    prepared = prepare(data)
    shown = shown_pixels(prepared.picture).astype(int)
    upright = np.rot90(np.asarray(picture), -1).astype(int)
    assert shown.shape == upright.shape
    assert np.abs(shown - upright).mean() < 4
    assert SECRET not in prepared.picture.to_bytes()
    assert prepared.facts["camera"] == "Maker"
    assert prepared.facts["original"].endswith(f" converted from {kind}")
    assert prepared.remarks == ("protect.remark_converted",)


def test_a_heic_is_decoded_as_it_stands() -> None:
    shown = shown_pixels(prepare(HEIC).picture).astype(int)
    assert shown.shape == (96, 64, 3)
    # The top left quarter of the drawing was blue; it lies on its right side.
    assert np.abs(shown[10, 50] - (30, 60, 200)).max() < 40
    assert np.abs(shown[10, 10] - (200, 60, 40)).max() < 40


@pytest.mark.parametrize(
    ("brand", "kind"), [("miaf", "HEIC"), ("1pic", "HEIC"), ("mif2", "HEIC"), ("avio", "AVIF"), ("miaf", "AVIF")]
)
def test_a_picture_of_a_rare_brand_is_decoded_too(brand: str, kind: str) -> None:
    """What decoders ask for by its first brand, and what `protect` takes for a film, is no matter of that brand."""
    data = HEIC if kind == "HEIC" else file_of("AVIF", scene(96, 64))
    rare = data[:8] + brand.encode() + data[12:]
    assert not is_film(rare[:400])
    prepared = prepare(rare)
    assert np.array_equal(shown_pixels(prepared.picture), shown_pixels(prepare(data).picture))
    assert prepared.facts["original"].endswith(f" converted from {kind}")
    assert opened(rare, 64).size == opened(data, 64).size


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16", "1", "CMYK"])
def test_every_mode_becomes_eight_bits(mode: str) -> None:
    picture = scene(64, 48).convert("RGB" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(scene(64, 48).convert("L")).astype(np.uint16) * 256)
    data = file_of("TIFF" if mode == "CMYK" else "PNG", picture, exif=Image.Exif())
    shown = shown_pixels(prepare(data).picture)
    assert shown.shape == (48, 64, 3)
    if mode in ("L", "I;16"):
        assert np.abs(shown[..., 0].astype(int) - np.asarray(scene(64, 48).convert("L"))).mean() < 4


@pytest.mark.parametrize("kind", ["HEIC", *KINDS])
def test_a_broken_one_is_refused_by_name(kind: str) -> None:
    data = HEIC if kind == "HEIC" else file_of(kind, scene(64, 48))
    for cut in (40, len(data) // 2):
        with pytest.raises(BadInput):
            prepare(data[:cut])


def test_a_large_tiff_of_64_bits_is_a_tiff() -> None:
    data = file_of("TIFF", scene(64, 48), big_tiff=True)
    assert data[:4] in (b"II+\0", b"MM\0+")
    assert prepare(data).facts["original"].endswith(" converted from TIFF")


def test_light_as_fractions_is_refused_and_no_black_picture() -> None:
    data = io.BytesIO()
    Image.fromarray(np.full((48, 64), 0.5, np.float32)).save(data, "TIFF")
    with pytest.raises(BadInput) as refused:
        convert(data.getvalue(), "TIFF")
    assert (refused.value.key, refused.value.facts["reason"]) == ("redact.not_decoded", "FloatingPoint")


def test_the_size_is_asked_before_anything_is_decoded() -> None:
    data = bytearray(file_of("PNG", scene(64, 48), exif=Image.Exif()))
    data[16:24] = (13_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    with pytest.raises(BadInput) as refused:
        convert(bytes(data), "PNG")
    assert refused.value.key == "jpeg.too_large"


def test_a_film_and_further_pictures_behind_a_jpeg_are_said() -> None:
    plain = jpeg(scene())
    motion = plain + b"\0\0\0\x18ftypmp42" + SECRET * 50
    gain = plain[:2] + segment(APP2, b"MPF\0" + SECRET) + plain[2:] + plain
    assert prepare(motion).remarks == ("protect.remark_film",)
    assert prepare(gain).remarks == ("protect.remark_second",)
    assert SECRET not in prepare(motion).picture.to_bytes() + prepare(gain).picture.to_bytes()


@pytest.mark.parametrize(
    ("data", "remark"),
    [
        (lambda plain: plain + plain, "second"),
        (lambda plain: plain + b"SEFH" + bytes(20) + plain + SECRET + b"SEFT", "second"),
        (lambda plain: with_extended(plain, b"GDepth:Data"), "second"),
        (lambda plain: with_extended(plain, b"GImage:Data"), "second"),
        (lambda plain: plain + b"\0\0MotionPhoto_Data\0\0\0\x18ftypmp42" + SECRET, "film"),
        (lambda plain: plain + SECRET + b"SEFHxxxxSEFT", "trailer"),
        (lambda plain: plain + bytes(4096), None),
    ],
)
def test_whatever_stands_behind_a_picture_is_said(data: Callable[[bytes], bytes], remark: str | None) -> None:
    made = prepare(data(jpeg(scene())))
    assert made.remarks == ((f"protect.remark_{remark}",) if remark else ())
    assert SECRET not in made.picture.to_bytes()


def with_extended(plain: bytes, what: bytes) -> bytes:
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + bytes(8)
    return plain[:2] + segment(APP1, head + what + b'="' + SECRET) + plain[2:]


def test_a_phone_s_photograph_is_protected_and_its_original_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "IMG_1.HEIC").write_bytes(HEIC)
    intent = ProtectIntent(tmp_path / "out", False, {}, True, frozenset(["original"]))
    (done,) = protect([tmp_path], intent, Signer(SigningKey(bytes(32)), "once"))
    assert isinstance(done, Protected)
    picture = tmp_path / "out/IMG_1.jpg"
    found = verify(picture.read_bytes(), picture.with_name("IMG_1.jpg.statement.json").read_bytes())
    assert dict(found.facts)["original"].endswith(" converted from HEIC")
    assert run(fifthfloor, ["verify", str(picture)]) == 0
    assert "The original was a HEIC file: it was decoded once" in capsys.readouterr().out
