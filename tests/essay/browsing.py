"""A published essay in a real Chromium, for the tests that look at it: fixtures, and what they wait for."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.essay.protected import essay, lines, telling
from tests.jpeg.pictures import jpeg

from fifthfloor.tasks.site.publish import publish
from fifthfloor.tasks.site.published import Wanted

NARROW, MIDDLE, WIDE = {"width": 390, "height": 800}, {"width": 820, "height": 1100}, {"width": 1440, "height": 900}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@dataclass
class Site:
    """A published essay as `folder`, ZIP and address; `several` is the address of three under one index."""

    folder: Path
    archive: Path
    url: str
    several: str


@dataclass
class Watched:
    """A page, and what it asked for and complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    loaded_bytes: int = 0


@pytest.fixture(scope="module", name="site")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Fourteen photographs of 1,320 px, upright and wide, a pair, a sequence, a full one, four tellings."""
    base = tmp_path_factory.mktemp("essay")
    names = [f"{n:02d}.jpg" for n in range(1, 15)]
    shown = [lines(name, label=f"Side {name[:2]}") for name in names]
    text = telling(
        "Opening words, *set* as text.",
        shown[0],
        "::: pair One river\n" + shown[1] + "\n" + shown[2] + ":::",
        "## A section",
        "::: sequence Steps\n" + "\n".join(shown[3:6]) + ":::",
        "::: full\n" + shown[6] + ":::",
        *shown[7:],
    )
    shapes = {"05.jpg": (880, 1320), "09.jpg": (880, 1320), "12.jpg": (1320, 330), "14.jpg": (300, 200)}
    photographs = {
        name: jpeg(*shapes.get(name, (1320, 880)), seed=n, quality=60, subsampling=2) for n, name in enumerate(names)
    }
    folder = essay(base / "trip", photographs, text)
    (folder / "essay.desk.md").write_text(telling(*reversed(shown), outlet='"Desk"'))
    (folder / "essay.ar.md").write_text(telling("نص.", shown[0], language='"ar"'))
    (folder / "essay.ko.md").write_text(telling("글.", shown[1], language='"ko"'))
    publish([folder], base / "site", Wanted(zip_file=base / "trip.zip"), today=lambda: date(2026, 11, 22))
    alone = {"1.jpg": jpeg(600, 900, seed=20, subsampling=2)}
    others = [essay(base / name, alone, telling("::: full\n" + lines("1.jpg") + ":::")) for name in ("one", "two")]
    publish([folder, *others], base / "several", Wanted(), today=lambda: date(2026, 11, 22))
    handler = functools.partial(Quiet, directory=str(base))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{server.server_address[1]}/"
    yield Site(base / "site", base / "trip.zip", f"{origin}site/", f"{origin}several/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", name="browser")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root Chromium has no sandbox of its own; the pages are ours.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[Watched]:
    context = browser.new_context(**{"viewport": WIDE, **options})
    watched = Watched(context.new_page())
    watched.page.on("request", lambda request: watched.asked.append(request.url))
    watched.page.on("console", lambda message: watched.complaints.append(message.text))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on("requestfailed", lambda request: watched.complaints.append(f"failed: {request.url}"))
    watched.page.on("response", lambda response: _count(watched, response))
    watched.page.goto(url)
    watched.page.wait_for_load_state("networkidle")
    yield watched
    context.close()


def _count(watched: Watched, response: Any) -> None:
    watched.loaded_bytes += int(response.headers.get("content-length", 0))


LIST, UPRIGHT = "list of essays", "an upright picture from edge to edge"
PAGES = ("index.html", "desk.html", "ar.html", "ko.html", "proof.html", "side-by-side.html", LIST, UPRIGHT)


def address(site: Site, name: str) -> str:
    return {LIST: f"{site.several}index.html", UPRIGHT: f"{site.several}one/index.html"}.get(name, site.url + name)


# A lazy picture is asked for in the frame after the one that scrolled to it, whenever a busy machine draws that frame.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Far more than any machine needs: a picture that has not come by then is missing.
PATIENCE_MS = 60_000


def scroll_through(page: Any) -> None:
    """Scroll to the foot, and wait there until every picture has come or failed: both are `complete`."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 700):
        page.evaluate(f"scrollTo(0, {top})")
        page.evaluate(FRAMES)
    with contextlib.suppress(playwright_timeout()):
        page.wait_for_function("[...document.images].every((image) => image.complete)", timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")


def playwright_timeout() -> type[Exception]:
    from playwright.sync_api import TimeoutError as Late

    return Late


def undrawn(page: Any) -> list[str]:
    """Name the pictures that a reader who scrolled through does not see."""
    missing = "[...document.images].filter((image) => !(image.complete && image.naturalWidth > 0))"
    return list(page.evaluate(f"{missing}.map((image) => image.currentSrc || image.src)"))
