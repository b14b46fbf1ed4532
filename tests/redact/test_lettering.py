"""What looks like writing is suggested, never hidden, and never stands in the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.redact.drawn import pixels, scene, telling

from fifthfloor.identity import SigningKey
from fifthfloor.redact import lettering
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision
from fifthfloor.redact.hidden_parts import parts_of
from fifthfloor.redact.lettering import find_writing
from fifthfloor.tasks.people.approve import all_ticked, approve
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer

PLATE = Box(400, 250, 560, 300)


def with_plate(picture: Image.Image, letters_px: float = 30) -> Image.Image:
    """Draw a number plate into a picture."""
    draw = ImageDraw.Draw(picture)
    draw.rectangle((PLATE.left, PLATE.top, PLATE.right, PLATE.bottom), fill=(230, 230, 220))
    draw.text((PLATE.left + 12, PLATE.top + 8), "KX 41 TR", fill=(15, 15, 20), font=ImageFont.load_default(letters_px))
    return picture


def test_a_plate_is_found_where_it_stands() -> None:
    (found,) = [one for one in find_writing(pixels(with_plate(scene(900, 600, faces=())))) if one.score > 0.6]
    middle = ((PLATE.left + PLATE.right) / 2, (PLATE.top + PLATE.bottom) / 2)
    assert found.box.left < middle[0] < found.box.right
    assert found.box.top < middle[1] < found.box.bottom
    assert found.box.right - found.box.left <= (PLATE.right - PLATE.left) * 1.3


def test_lines_of_one_sign_are_one_suggestion_and_two_signs_are_two() -> None:
    lines = [Box(100, 100, 200, 120), Box(100, 128, 180, 148), Box(205, 100, 260, 120)]
    far = Box(500, 100, 560, 120)
    assert set(lettering._blocks([*lines, far])) == {Box(100, 100, 260, 148), far}


def test_islands_are_those_of_another_hand() -> None:
    from scipy import ndimage

    chance = np.random.default_rng(5)
    for share in (0.1, 0.4, 0.6, 1.0):
        mask = chance.random((60, 83)) < share
        runs = lettering._runs(mask.astype(np.float16))
        which, count = lettering._labelled(runs)
        labels = np.full(mask.shape, -1)
        labels[mask] = np.repeat(which, runs.ends - runs.starts)
        theirs, their_count = ndimage.label(mask, np.ones((3, 3)))
        assert count == their_count
        # The same islands, whatever their numbers.
        assert len({*zip(labels.ravel().tolist(), theirs.ravel().tolist(), strict=True)}) == count + (not mask.all())


def test_nothing_but_writing_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    dots = np.zeros((512, 512), np.float16)
    for row in range(4):
        for column in range(4):
            dots[row::8, column::8] = 1
    monkeypatch.setattr(lettering, "_look", lambda tile: dots[: tile.shape[0], : tile.shape[1]])
    assert len(list(lettering._islands(dots))) == 64 * 64
    assert len(find_writing(np.zeros((512, 512, 3), np.uint8))) <= lettering._MAX_ISLANDS


def test_an_island_that_goes_over_many_strips_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = np.zeros((60, 40), np.float16)
    seen[3:50, 10:20] = 0.75
    monkeypatch.setattr(lettering, "_ROWS_AT_ONCE", 7)
    edge = 47 * 10 * lettering._UNCLIP / (2 * 57)
    ((left, top, right, bottom, score),) = lettering._islands(seen)
    assert (left, top, right, bottom, score) == (max(0, 10 - edge), max(0, 3 - edge), 20 + edge, 50 + edge, 0.75)


def test_writing_is_suggested_never_hidden_and_does_not_block(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(telling(with_plate(scene(900, 600, faces=()))))
    signer, out = Signer(SigningKey(bytes(32)), "story"), tmp_path / "out"
    (done,) = protect([file], ProtectIntent(out, suggest_writing=True), signer)
    assert isinstance(done, Protected)
    suggested = [part for part in done.parts if part.why == "writing"]
    assert suggested
    assert not any(part.is_hidden for part in suggested)
    assert '"why":"writing"' in (out / "review.html").read_text().replace(" ", "")
    assert [one.name for one in approve(out, "Kim", signer, decisions=all_ticked(out, {}))] == ["a.jpg"]


def test_what_the_person_hides_is_not_suggested_again() -> None:
    seen = pixels(with_plate(scene(900, 600, faces=())))
    (suggested, *_) = [part.box for part in parts_of(seen, Decision(), suggest_writing=True) if part.why == "writing"]
    again = parts_of(seen, Decision(hide=(suggested,)), suggest_writing=True)
    assert [part.why for part in again if part.box == suggested] == ["given"]


def test_nobody_is_suggested_anything_who_does_not_look(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(telling(with_plate(scene(900, 600, faces=()))))
    signer = Signer(SigningKey(bytes(32)), "story")
    (done,) = protect([file], ProtectIntent(tmp_path / "out", nobody_looks=True, suggest_writing=True), signer)
    assert isinstance(done, Protected)
    assert not [part for part in done.parts if part.why == "writing"]
