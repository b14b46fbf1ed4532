"""Photographs that were compressed twice, as an officer's tools find them."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from tests.carriers.covers_made import photograph

from fifthfloor.audit import gather
from fifthfloor.audit.gather import Gathering
from fifthfloor.audit.rules import default_rulebook
from fifthfloor.metadata.source import BytesSource


def again(data: bytes, quality: int) -> bytes:
    picture, out = Image.open(io.BytesIO(data)), io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=picture.getexif())
    return out.getvalue()


def found_in(*files: bytes) -> tuple[dict[str, int], dict[str, int]]:
    gathering = Gathering(default_rulebook())
    for number, data in enumerate(files):
        gathering.file(f"IMG_{number:04}.JPG", f"IMG_{number:04}.JPG", BytesSource(data), None)
    said = {one.kind: len(one.places) for one in gathering.findings(card=False)}
    return said, {one.what: one.count for one in gathering.unchecked()}


def test_a_photograph_written_again_is_found_and_one_written_once_is_not() -> None:
    once = photograph(1, quality=70)
    assert "photo.twice" not in found_in(once, photograph(2))[0]
    assert found_in(once, again(once, 93))[0]["photo.twice"] == 1


def test_what_cannot_be_read_says_nothing_and_what_is_not_looked_at_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MAX_DECODED", 1)
    once = photograph(3, quality=70)
    found, unchecked = found_in(once[:20_000], again(once, 93), once)
    assert "photo.twice" not in found
    assert unchecked["twice"] == 2
