"""The gate: what it lets through, and everything it must not."""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import ImageCms
from tests.redact.drawn import jpeg, scene, telling
from tests.statement.hidden_more import hide_more
from tests.statement.test_c2pa import newsroom

from fifthfloor.errors import BadInput, FifthFloorError, NothingFound
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.segments import APP0, APP1, APP2, APP11, COM, segment
from fifthfloor.redact.admission import RedactedPhoto, admit, statement_path_of, web_path_of
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.gate import pass_gate
from fifthfloor.redact.hidden_parts import Part, Signing, redact
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.profiles import adobe_rgb
from fifthfloor.statement.c2pa import embed
from fifthfloor.statement.claims import NOBODY, NOT_YET, Approval
from fifthfloor.statement.sign import RedactedBytes, approve_all
from fifthfloor.statement.verify import verify

LOOKED = Approval("looked at", "Kim", "2026-11-22T07:00:00Z")
PARTS = (Part(Box(300, 120, 380, 200), "given", 1.0), Part(Box(10, 10, 40, 30), "sure", 0.9))
WIDE = telling(scene(2400, 320), 6)


def signed(
    approval: Approval = LOOKED, data: bytes = WIDE, show: frozenset[str] = frozenset()
) -> tuple[RedactedBytes, ...]:
    signing = Signing(SigningKey(bytes(32)), "once", approval, os.urandom, show)
    return redact(prepare(data), (Part(Box(100, 500, 200, 600), "given", 1),) if len(data) > 40_000 else PARTS, signing)


def laid(folder: Path, files: tuple[RedactedBytes, ...], name: str = "a.jpg") -> Path:
    picture = folder / name
    for path, one in zip((picture, web_path_of(picture)), files, strict=False):
        path.write_bytes(one.picture)
        statement_path_of(path).write_bytes(one.statement)
    return picture


def test_an_approved_photograph_is_admitted_with_what_is_known(tmp_path: Path) -> None:
    photo = admit(laid(tmp_path, signed(show=frozenset(["captured"]))))
    assert photo.name == "a.jpg"
    # As a person sees it: orientation 6 lies on its side.
    assert (photo.width_px, photo.height_px, photo.orientation) == (320, 2400, 6)
    assert photo.taken == datetime(2017, 4, 15, 9, 30)
    assert photo.approval.by == "Kim"
    assert photo.approval.at == datetime(2026, 11, 22, 7, tzinfo=UTC)
    assert photo.hidden_boxes == 1
    assert photo.signer == SigningKey(bytes(32)).public.hex()
    assert photo.picture_bytes() == (tmp_path / "a.jpg").read_bytes()
    assert photo.web_picture_bytes() == (tmp_path / "a.2048.jpg").read_bytes()
    assert photo.statement_bytes() == (tmp_path / "a.jpg.statement.json").read_bytes()
    assert photo.web_statement_bytes() == (tmp_path / "a.2048.jpg.statement.json").read_bytes()


def test_a_small_photograph_has_no_rendition_and_tells_no_time(tmp_path: Path) -> None:
    photo = admit(laid(tmp_path, signed(NOBODY, jpeg(scene()))))
    assert photo.web_picture_path is None
    assert photo.web_picture_bytes() is None
    assert photo.taken is None
    assert not photo.approval.looked_at
    assert photo.hidden_boxes == 2


def test_what_nobody_approved_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingFound) as refused:
        admit(laid(tmp_path, signed(NOT_YET)))
    assert refused.value.key == "gate.not_approved"


@pytest.mark.parametrize("which", [0, 1], ids=["full size", "rendition"])
def test_what_anybody_hid_afterwards_is_refused_until_it_is_signed_anew(which: int, tmp_path: Path) -> None:
    """Nobody who looked has seen these parts; the signature holds all the same, so the gate must ask for it."""
    files = list(signed())
    files[which] = hide_more(files[which], ((3, 2),))
    with pytest.raises(NothingFound) as refused:
        admit(laid(tmp_path, tuple(files)))
    assert refused.value.key == "gate.hidden_afterwards"
    anew = approve_all(files, SigningKey(bytes(32)), LOOKED, key_life="once")
    assert admit(laid(tmp_path, anew)).approval.by == "Kim"


def test_nobody_else_makes_one(tmp_path: Path) -> None:
    photo = admit(laid(tmp_path, signed()))
    with pytest.raises(ValueError, match="gate"):
        dataclasses.replace(photo, name="b.jpg")  # type: ignore[call-arg]
    fields = {field.name: getattr(photo, field.name) for field in dataclasses.fields(RedactedPhoto)}
    with pytest.raises(ValueError, match="admit"):
        RedactedPhoto(**fields, gate=object())


@pytest.mark.parametrize("ending", ["", ".statement.json"])
@pytest.mark.parametrize("stem", ["a.jpg", "a.2048.jpg"])
def test_a_file_swapped_after_the_gate_is_refused(tmp_path: Path, stem: str, ending: str) -> None:
    photo = admit(laid(tmp_path, signed()))
    other = tmp_path / "other"
    other.mkdir()
    laid(other, signed(data=telling(scene(2400, 320, seed=2), 6)))
    (tmp_path / (stem + ending)).write_bytes((other / (stem + ending)).read_bytes())
    readers = (photo.picture_bytes, photo.statement_bytes, photo.web_picture_bytes, photo.web_statement_bytes)
    number = ["a.jpg", "a.jpg.statement.json", "a.2048.jpg", "a.2048.jpg.statement.json"].index(stem + ending)
    with pytest.raises(BadInput) as refused:
        readers[number]()
    assert refused.value.key == "gate.changed"


@pytest.mark.parametrize("missing", ["a.jpg", "a.jpg.statement.json", "a.2048.jpg", "a.2048.jpg.statement.json"])
def test_a_missing_file_is_refused(tmp_path: Path, missing: str) -> None:
    picture = laid(tmp_path, signed())
    (tmp_path / missing).unlink()
    with pytest.raises(BadInput) as refused:
        admit(picture)
    assert refused.value.facts["path"] == str(tmp_path / missing)


def test_a_rendition_of_another_signature_or_in_the_wrong_place_is_refused(tmp_path: Path) -> None:
    picture = laid(tmp_path, signed())
    laid(tmp_path, signed()[1:], name="a.2048.jpg")
    with pytest.raises(NothingFound) as refused:
        admit(picture)
    assert refused.value.key == "gate.another"
    with pytest.raises(BadInput) as wrong:
        admit(tmp_path / "a.2048.jpg")
    assert wrong.value.key == "gate.rendition"


FULL = signed(data=jpeg(scene()))[0]
THUMBNAIL = jpeg(scene().resize((32, 24)))
SMUGGLED = {
    "a comment": segment(COM, b"Hidden Camera 7"),
    "EXIF": segment(APP1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0"),
    "XMP": segment(APP1, b"http://ns.adobe.com/xap/1.0/\0"),
    "a JFXX thumbnail": segment(APP0, b"JFXX\0\x10" + THUMBNAIL),
    "a foreign profile": segment(APP2, b"ICC_PROFILE\0\1\1" + bytes(200)),
    "a second image list": segment(APP2, b"MPF\0" + bytes(80)),
    "a manifest nobody asked for": segment(APP11, b"JP\0\1\0\0\0\1" + bytes(40)),
    "a maker's segment": segment(0xE5, b"x"),
    "a second JFIF": segment(APP0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
    "fill": b"\xff\xff\xff",
}


@pytest.mark.parametrize("what", SMUGGLED)
@pytest.mark.parametrize("place", [2, 20])
def test_nothing_is_smuggled_through_the_header(what: str, place: int) -> None:
    data = FULL.picture[:place] + SMUGGLED[what] + FULL.picture[place:]
    with pytest.raises(FifthFloorError):
        pass_gate(data, FULL.statement)


def test_a_profile_that_was_signed_is_judged_by_the_gate_all_the_same() -> None:
    """It may hold a name; the signature says only that it is the signer's."""
    foreign = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile, what in ((foreign, "gate.what.profile"), (adobe_rgb(), "")):
        prepared = prepare(jpeg(scene()))
        prepared = dataclasses.replace(prepared, picture=prepared.picture.with_header(profile=profile))
        signing = Signing(SigningKey(bytes(32)), "once", LOOKED, os.urandom)
        (made,) = redact(prepared, PARTS, signing)
        assert verify(made.picture, made.statement).hidden
        if not what:
            pass_gate(made.picture, made.statement)
            continue
        with pytest.raises(BadInput) as refused:
            pass_gate(made.picture, made.statement)
        assert refused.value.facts["what"] == what


def test_the_gate_asks_no_writer_what_may_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """One mistake must not open both: four bytes of a serial, where the offset of the next directory is."""

    def tells(orientation: int) -> list[bytes]:
        entry = b"\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0"
        return [segment(APP1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01" + entry + b"A5B7")]

    for writer in ("jpeg.segments", "jpeg.canonical", "redact.metadata", "redact.gate"):
        monkeypatch.setattr(f"fifthfloor.{writer}.orientation_segments", tells, raising=False)
    ours = signed()[0]
    assert b"A5B7" in ours.picture
    with pytest.raises(BadInput) as refused:
        pass_gate(ours.picture, ours.statement)
    assert refused.value.facts["what"] == "gate.what.exif"


@pytest.mark.parametrize("tail", [b"\0", b"\xff", THUMBNAIL, b"\xff\xd9", bytes(5000)])
def test_nothing_is_smuggled_behind_the_end(tail: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        pass_gate(FULL.picture + tail, FULL.statement)
    assert refused.value.key == "gate.found"


def test_a_manifest_that_was_asked_for_may_stand_and_no_other() -> None:
    ours = embed(FULL, *newsroom())
    assert pass_gate(ours.picture, ours.statement).manifest_bytes > 1000
    # The same photograph signed again: its manifest holds another statement.
    other = embed(signed(data=jpeg(scene()))[0], *newsroom())
    header = other.picture.index(b"\xff\xeb")
    length = pass_gate(other.picture, other.statement).manifest_bytes
    swapped = FULL.picture[:header] + other.picture[header : header + length] + FULL.picture[header:]
    with pytest.raises(BadInput) as refused:
        pass_gate(swapped, FULL.statement)
    assert refused.value.facts["what"] == "gate.what.manifest"
    preview = segment(APP11, b"JP\0\1\0\0\0\1" + THUMBNAIL)
    with pytest.raises(BadInput) as hidden:
        pass_gate(FULL.picture[:20] + preview + FULL.picture[20:], FULL.statement)
    assert hidden.value.facts["what"] == "gate.what.picture"


def test_no_changed_byte_passes() -> None:
    for at in range(2, len(FULL.picture), 397):
        changed = bytearray(FULL.picture)
        changed[at] ^= 0x10
        with pytest.raises(FifthFloorError):
            pass_gate(bytes(changed), FULL.statement)
    for at in range(1, len(FULL.statement), 97):
        changed = bytearray(FULL.statement)
        changed[at] ^= 0x01
        with pytest.raises(FifthFloorError):
            pass_gate(FULL.picture, bytes(changed))


def test_the_approval_cannot_be_written_in() -> None:
    waiting = signed(NOT_YET, jpeg(scene()))[0]
    forged = waiting.statement.replace(b"not yet approved", b"looked at by nobody")
    assert forged != waiting.statement
    with pytest.raises(NothingFound):
        pass_gate(waiting.picture, forged)


def test_a_picture_that_may_be_signed_may_pass(tmp_path: Path) -> None:
    """The gate stopped at 400 MB what `sign` and `protect` write up to 512 MiB."""
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(400_000_001)
    statement_path_of(large).write_bytes(b"{}")
    with pytest.raises(BadInput) as refused:
        admit(large)
    assert refused.value.key == "jpeg.not_jpeg", "looked at, and not too large to be"
