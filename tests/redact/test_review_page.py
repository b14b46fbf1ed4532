"""review.html in a real Chromium: what is hidden and shown, changed by mouse, saved, and used again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.redact.drawn import pixels, scene, telling
from tests.redact.test_admission import FULL

from fifthfloor.identity import SigningKey
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision, read_decisions
from fifthfloor.redact.hiding import Part
from fifthfloor.redact.review import Reviewed, ReviewPictures, render
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer
from fifthfloor.tasks.people.reviewing import write_page, write_pictures

NAME = '<b>"a&.jpg'  # a name that would like to be markup
FACE = Box(300, 120, 380, 200)
LOW = Box(10, 200, 60, 260)


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a protected folder with one hidden box and one doubtful part."""
    folder = tmp_path_factory.mktemp("review")
    file = folder / NAME
    file.write_bytes(telling(scene()))
    out = folder / "out"
    list(
        protect(
            [file], ProtectIntent(out, False, {NAME: Decision(hide=(FACE,))}), Signer(SigningKey(bytes(32)), "once")
        )
    )
    parts = (Part(FACE, "uncertain", 0.21), Part(LOW, "doubtful", 0.06))
    write_pictures(out, render(Reviewed(NAME, parts, "none"), pixels(scene())))
    write_page(out)
    return folder


@pytest.fixture(scope="module", name="page")
def _page(folder: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(offline=True, viewport={"width": 1000, "height": 1200}).new_page()
        page.goto((folder / "out/review.html").as_uri())
        yield page
        browser.close()


def saved(page: Any, folder: Path) -> dict[str, Decision]:
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(folder / "boxes.json")
    return read_decisions((folder / "boxes.json").read_bytes())


@pytest.mark.judge("chromium")
def test_a_person_reviews_changes_saves_and_protects_again(page: Any, folder: Path) -> None:
    assert page.inner_text("h2") == NAME
    assert page.inner_text("#sum") == "1 photograph: 1 part hidden, 1 shown, 2 uncertain"
    assert page.locator(".face").count() == 2
    assert page.locator(".face.hide.doubt").count() == 1
    # A lazy picture: on a busy machine it comes long after the page.
    page.wait_for_function("document.querySelector('.photo img').complete", timeout=60_000)
    assert page.evaluate("document.querySelector('.photo img').naturalWidth") == 480
    assert saved(page, folder) == {NAME: Decision(hide=(FACE,))}

    page.click(".face.hide")  # show the found face
    page.click(".face.doubt:not(.hide) >> nth=0")  # hide the other
    frame = page.locator(".photo img").bounding_box()
    page.mouse.move(frame["x"] + 100, frame["y"] + 20)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 60, steps=3)
    page.mouse.up()
    decision = saved(page, folder)[NAME]
    assert decision.show == (FACE,)
    assert decision.hide[0] == LOW
    (drawn,) = decision.hide[1:]
    assert abs(drawn.left - 100) <= 2
    assert abs(drawn.bottom - 60) <= 2
    assert "changed, not yet in the pictures" in page.inner_text("#sum")

    again = ProtectIntent(folder / "out", False, {NAME: decision})
    (done,) = protect([folder / NAME], again, Signer(SigningKey(bytes(32)), "once"))
    assert isinstance(done, Protected)
    assert [part.box for part in done.parts] == list(decision.hide)


@pytest.mark.judge("chromium")
def test_the_page_asks_for_nothing_but_its_own_pictures(folder: Path) -> None:
    text = (folder / "out/review.html").read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "<b>" not in text
    for file in (folder / "out/review").iterdir():
        assert file.stat().st_mode & 0o077 == 0
    document = json.loads(next((folder / "out/review").glob("*.json")).read_bytes())
    assert document["name"] == NAME


def test_five_hundred_photographs_stay_small(tmp_path: Path) -> None:
    parts = tuple(Part(Box(n, n, n + 90, n + 110), "uncertain", 0.123) for n in range(20))
    made = render(Reviewed("a.jpg", parts, "none"), pixels(scene()))
    for number in range(500):
        name = f"DSC_{number:04}.jpg"
        document = made.document.replace(b'"a.jpg"', json.dumps(name).encode())
        write_pictures(tmp_path, ReviewPictures(name, b"", b"", document))
        (tmp_path / f"{name}.statement.json").write_bytes(FULL.statement)
    page = write_page(tmp_path)
    assert page is not None
    assert page.read_text(encoding="utf-8").count("DSC_") == 500
    # The limit is 30 MB; without pictures inside the page is far below.
    assert page.stat().st_size < 3_000_000


@pytest.mark.judge("chromium")
def test_the_uncertain_ones_of_a_photograph_are_shown_by_one_click_and_hidden_by_another(
    page: Any, tmp_path: Path
) -> None:
    boxes = [Box(20 + 60 * n, 40, 60 + 60 * n, 90) for n in range(6)]
    sure = Part(FACE, "sure", 0.9)
    parts = (sure, *(Part(box, "uncertain", 0.1) for box in boxes))
    write_pictures(tmp_path, render(Reviewed("a.jpg", parts, "none"), pixels(scene())))
    (tmp_path / "a.jpg.statement.json").write_bytes(FULL.statement)
    write_page(tmp_path)
    other = page.context.browser.new_context(offline=True).new_page()
    other.goto((tmp_path / "review.html").as_uri())
    assert other.inner_text(".every") == "Show the 6 uncertain ones"
    other.click(".every")
    assert saved(other, tmp_path) == {"a.jpg": Decision(hide=(FACE,), show=tuple(boxes))}
    assert other.inner_text(".every") == "Hide the 6 uncertain ones again"
    other.click(".every")
    assert saved(other, tmp_path) == {"a.jpg": Decision(hide=(FACE, *boxes))}
    other.context.close()
