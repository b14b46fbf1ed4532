"""The report's page in a real Chromium: accessible, at home on a telephone, silent, and nothing on it runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.audit.made import picture
from tests.audit.test_report import EVIL, evil_report

from fifthfloor.audit.finding import Place, finding
from fifthfloor.audit.page import page
from fifthfloor.audit.report import Report
from fifthfloor.words import sentence

pytestmark = pytest.mark.judge("chromium")

LONG = "home/" + "/".join(["a folder with a long name"] * 8) + "/" + "x" * 180 + ".jpg"


@pytest.fixture(scope="module", name="browser")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def many_findings(count: int) -> Report:
    """Findings with long paths, names that are scripts, and everything a card has."""
    report = evil_report()
    found = [
        finding("photo.gps", "high", "certain", [Place(LONG, note=EVIL)] * 40, south=1, north=2, west=3, east=4)
        for _ in range(count - 2)
    ]
    return Report(report.targets, (*report.findings, *found), report.unchecked, report.rulebook)


@pytest.mark.parametrize("width", [320, 1280])
def test_five_hundred_findings_fit_and_nothing_on_the_page_runs_or_asks(
    browser: Any, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(many_findings(500), sentence), encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(file.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert complaints == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.locator("section").count() == 500
    opened.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, width: int) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(many_findings(12), sentence), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    opened = context.new_page()
    opened.goto(file.as_uri())
    found = Axe().run(opened).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found] == []
    context.close()


def test_every_place_can_be_reached_without_a_mouse(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(evil_report(), sentence), encoding="utf-8")
    opened = browser.new_page()
    opened.goto(file.as_uri())
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    assert opened.locator("details[open]").count() == 1
    assert picture(1, 80, 60)[:3] == b"\xff\xd8\xff"
    assert opened.locator("img").evaluate_all("all => all.every(one => one.naturalWidth > 0)")
    opened.close()
