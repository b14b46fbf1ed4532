"""What is rebuilt tells nothing, shows the same, and hostile files have one lawful outcome."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.redact.drawn import SECRET, jpeg, scene, telling

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.segments import APP1, APP2, COM, segment, split
from fifthfloor.metadata.jpeg_head import profile_in as profile_of
from fifthfloor.redact import profiles
from fifthfloor.redact.metadata import rebuild
from fifthfloor.redact.pixels import shown_pixels
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.profiles import is_known, publishable

# Everything exiftool may say of a rebuilt file: its size and coding, JFIF's fixed header, our profile, orientation.
MAY_SAY = {"ExifTool", "System", "File", "JFIF", "Composite", "ICC-header", "ICC_Profile", "Adobe"}
MAY_SAY_EXIF = {"Orientation"}
FIXED_COMPOSITE = {"ImageSize", "Megapixels"}


def test_nothing_told_is_left_and_the_picture_is_the_same() -> None:
    data = telling(scene())
    rebuilt = rebuild(data)
    assert SECRET in data
    assert SECRET not in rebuilt.data
    assert rebuilt.data.count(b"\xff\xd8") == 1
    assert rebuilt.profile == "unknown"
    assert len(rebuilt.data) <= len(jpeg(scene())) + 40
    assert np.array_equal(decoded(rebuilt.data), decoded(data))
    assert [piece.raw for piece in split(rebuilt.data) if piece.marker == 0] == [
        piece.raw for piece in split(jpeg(scene())) if piece.marker == 0
    ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_stays_and_nothing_beside_it(orientation: int) -> None:
    with Image.open(io.BytesIO(rebuild(telling(scene(), orientation)).data)) as opened:
        assert dict(opened.getexif()) == ({} if orientation == 1 else {0x0112: orientation})


def test_another_files_orientation_wins() -> None:
    with Image.open(io.BytesIO(rebuild(telling(scene(), 3), orientation=6).data)) as opened:
        assert opened.getexif()[0x0112] == 6


def test_rebuilding_again_changes_nothing() -> None:
    once = rebuild(telling(scene(), 6)).data
    assert rebuild(once).data == once


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 4}, {"subsampling": 0}])
def test_every_coding_passes_as_it_is(options: dict[str, object]) -> None:
    data = jpeg(scene(), **options)
    assert np.array_equal(decoded(rebuild(data).data), decoded(data))


def test_grey_and_cmyk_keep_their_colours() -> None:
    for mode in ("L", "CMYK"):
        data = jpeg(scene().convert(mode))
        assert np.array_equal(decoded(rebuild(data).data), decoded(data))


def test_what_a_cut_file_goes_on_with_is_another_photograph() -> None:
    first, other = jpeg(scene(seed=1)), jpeg(scene(seed=2))
    made = prepare(first[: len(first) // 2] + other)
    assert made.picture.is_cut
    assert made.remarks == ("protect.remark_cut",)
    assert np.array_equal(shown_pixels(made.picture)[:64], decoded(first)[:64])


def test_a_progressive_file_that_ends_between_two_scans_is_said_to_be_cut() -> None:
    whole = jpeg(scene(), progressive=True)
    second = whole.index(b"\xff\xda", whole.index(b"\xff\xda") + 2)
    assert prepare(whole[:second]).remarks == ("protect.remark_cut",)
    assert prepare(whole[:-2]).remarks == ()


def test_a_missing_end_is_written() -> None:
    assert rebuild(jpeg(scene())[:-2]).data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"GIF89a", b"\xff\xd8" + segment(COM, b"x")])
def test_what_is_no_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        rebuild(data)


@given(st.integers(0, 30_000), st.binary(min_size=1, max_size=40), st.booleans())
def test_any_damage_ends_in_a_picture_or_a_named_refusal(at: int, piece: bytes, cut: bool) -> None:
    data = bytearray(TELLING)
    data[at : at + len(piece)] = piece
    try:
        rebuilt = rebuild(bytes(data[:at] if cut else data)).data
    except BadInput:
        return
    assert rebuilt.startswith(b"\xff\xd8")
    assert rebuilt.endswith(b"\xff\xd9")


TELLING = telling(scene())


def test_known_spaces_become_ours_and_srgb_becomes_nothing() -> None:
    for space in profiles._OURS:
        ours = profiles._write(space)
        assert profiles.is_known(ours)
        # A maker's own profile differs in its date, its name and the last bit of its numbers.
        theirs = ours.replace(b"acsp", b"acsp", 1)[:24] + b"\x07\xdf" + ours[26:]
        assert publishable(theirs) == (ours, "replaced")
    assert publishable(profiles._write(profiles._SRGB)) == (b"", "srgb")
    assert publishable(b"") == (b"", "none")


@given(st.binary(max_size=300), st.integers(0, 490))
def test_any_profile_is_ours_or_nothing(noise: bytes, at: int) -> None:
    damaged = bytearray(profiles._write(profiles._OURS[0]))
    damaged[at : at + len(noise)] = noise
    for data in (noise, bytes(damaged)):
        written, _ = publishable(data)
        assert not written or profiles.is_known(written)


def test_our_profiles_mean_what_they_say() -> None:
    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    # (200, 100, 50) in each space, in sRGB: by the matrices and curves of the specifications.
    for space, expected in zip(profiles._OURS, ((215, 93, 31), (227, 100, 42)), strict=True):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profiles._write(space)))
        transform = ImageCms.buildTransform(profile, srgb, "RGB", "RGB")
        one = Image.new("RGB", (1, 1), (200, 100, 50))
        found = ImageCms.applyTransform(one, transform)
        assert found is not None
        assert np.abs(np.subtract(np.asarray(found)[0, 0].astype(int), expected)).max() <= 1


@pytest.mark.judge("exiftool")
def test_exiftool_sees_only_the_whitelist_of_a_telling_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(rebuild(telling(scene(), 6)).data)
    assert exiftool_finds(tmp_path) == []
    (tmp_path / "b.jpg").write_bytes(telling(scene()))
    assert exiftool_finds(tmp_path), "the judge sees what is told"


@pytest.mark.photos
@pytest.mark.judge("exiftool")
def test_exiftool_sees_only_the_whitelist_of_every_real_photograph(photos_dir: Path, tmp_path: Path) -> None:
    done = 0
    for file in sorted(photos_dir.glob("*/*")):
        try:
            rebuilt = rebuild(file.read_bytes()).data
        except BadInput:
            continue
        (tmp_path / f"{done:04}.jpg").write_bytes(rebuilt)
        done += 1
    assert done >= 100
    assert exiftool_finds(tmp_path) == []


@pytest.mark.photos
def test_hostile_files_end_in_a_picture_or_a_named_refusal(photos_dir: Path) -> None:
    for file in (photos_dir / "hostile").iterdir():
        try:
            rebuild(file.read_bytes())
        except BadInput:
            continue


def exiftool_finds(folder: Path) -> list[str]:
    """Return what exiftool says beyond the whitelist, "FILE: GROUP:TAG"."""
    said = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-u", "-U", "-ext", "jpg", "-r", str(folder)], capture_output=True, check=True
    ).stdout
    found = []
    for document in json.loads(said):
        for name in document:
            group, _, tag = name.rpartition(":")
            if group in MAY_SAY and (group != "Composite" or tag in FIXED_COMPOSITE):
                continue
            if tag in MAY_SAY_EXIF or tag == "SourceFile" or (group == "IFD0" and tag in MAY_SAY_EXIF):
                continue
            found.append(f"{document['SourceFile']}: {name}")
    return found


def decoded(data: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        # Pillow warns of the second image that is told of and not there.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            return np.asarray(opened)


# --- colours that EXIF names, and profiles too large to be true ------------------------------------


def adobe_by_exif(index: bytes = b"R03\0", order: str = ">") -> bytes:
    """Return EXIF as a camera set to Adobe RGB writes it: ColorSpace uncalibrated, interoperability index R03."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    first = struct.pack(order + "IHHHII", 8, 1, 0x8769, 4, 1, 26) + bytes(4)
    detail = struct.pack(order + "HHHIHHHHII", 2, 0xA001, 3, 1, 0xFFFF, 0, 0xA005, 4, 1, 56) + bytes(4)
    other = struct.pack(order + "HHHI", 1, 1, 2, 4) + index + bytes(4)
    return segment(APP1, b"Exif\0\0" + mark + first + detail + other)


@pytest.mark.parametrize("order", [">", "<"])
def test_adobe_rgb_that_exif_names_becomes_our_profile(order: str) -> None:
    plain = jpeg(scene())
    for index, verdict in ((b"R03\0", "replaced"), (b"R98\0", "none")):
        rebuilt = rebuild(plain[:2] + adobe_by_exif(index, order) + plain[2:])
        assert rebuilt.profile == verdict
        assert is_known(profile_of(split(rebuilt.data))) == (verdict == "replaced")


def test_a_profile_of_its_own_wins_over_the_word_of_exif() -> None:
    data = telling(scene())
    assert rebuild(data[:2] + adobe_by_exif() + data[2:]).profile == "unknown"


def in_pieces(profile: bytes) -> bytes:
    pieces = [profile[at : at + 65_000] for at in range(0, len(profile), 65_000)]
    return b"".join(
        segment(APP2, b"ICC_PROFILE\0" + bytes([number, len(pieces)]) + piece)
        for number, piece in enumerate(pieces, start=1)
    )


@pytest.mark.parametrize("length", [1_300_000, 16_000_000])
def test_a_large_profile_is_replaced_like_any_other(length: int) -> None:
    plain, ours = jpeg(scene()), profiles._write(profiles._OURS[1])
    rebuilt = rebuild(plain[:2] + in_pieces(ours + SECRET + bytes(length)) + plain[2:])
    assert (rebuilt.profile, profile_of(split(rebuilt.data))) == ("replaced", ours)


def with_curve(curve: bytes) -> bytes:
    """Our own sRGB with another tone curve for all three colours."""
    data = bytearray(profiles._write(profiles._SRGB))
    for at in range(132, 132 + 12 * data[131], 12):
        if data[at + 1 : at + 4] == b"TRC":
            data[at + 4 : at + 12] = struct.pack(">II", len(data), len(curve))
    return bytes(data + curve)


def points(power: float, count: int) -> bytes:
    values = (round(65535 * (number / (count - 1)) ** power) for number in range(count))
    return b"curv\0\0\0\0" + struct.pack(f">I{count}H", count, *values)


@pytest.mark.parametrize(
    ("curve", "verdict"),
    [
        (b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x233), "srgb"),
        (points(2.2, 1024), "srgb"),
        (b"para\0\0\0\0\0\0\0\0" + struct.pack(">i", round(2.2 * 65536)), "srgb"),
        (b"curv\0\0\0\0" + struct.pack(">I", 0), "unknown"),
        (b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x1CD), "unknown"),
        (points(1.8, 256), "unknown"),
        (points(2.2, 1024)[:-4], "unknown"),
        (b"para\0\0\0\0\0\x03\0\0" + struct.pack(">i", 65536), "unknown"),
        (b"para\0\0\0\0\0\0\0\0" + struct.pack(">i", -(2**31)), "unknown"),
    ],
)
def test_colours_of_another_tone_curve_are_said_to_be_dropped(curve: bytes, verdict: str) -> None:
    assert publishable(with_curve(curve)) == (b"", verdict)


def test_a_profile_that_is_large_or_in_part_missing_is_said_to_be_dropped() -> None:
    plain = jpeg(scene())
    head = struct.pack(">I4sI4s4s4s", 1_300_000, b"appl", 0x02100000, b"prtr", b"CMYK", b"Lab ")
    profile = (head.ljust(36, b"\0") + b"acsp").ljust(1_300_000, b"\0")
    pieces = [profile[at : at + 65_000] for at in range(0, len(profile), 65_000)]
    segments = [
        segment(APP2, b"ICC_PROFILE\0" + bytes([number, len(pieces)]) + piece)
        for number, piece in enumerate(pieces, start=1)
    ]
    for some in (segments, segments[:3], segments[1:]):
        rebuilt = rebuild(plain[:2] + b"".join(some) + plain[2:])
        assert rebuilt.profile == "unknown"
        assert profile_of(split(rebuilt.data)) == b""
