"""A published essay in a real Chromium: reachable, navigable, quiet, small; from a server, a disk and a ZIP."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.essay.protected import ALT, essay, lines, telling
from tests.jpeg.pictures import jpeg

from fifthfloor.tasks.publish import publish
from fifthfloor.tasks.published import Wanted

pytestmark = pytest.mark.judge("chromium")

NARROW, MIDDLE, WIDE = {"width": 390, "height": 800}, {"width": 820, "height": 1100}, {"width": 1440, "height": 900}
FIRST_LOAD_BYTES = 600_000


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@dataclass
class Site:
    folder: Path
    archive: Path
    url: str


@dataclass
class Watched:
    """A page, and what it asked for and complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    loaded_bytes: int = 0


@pytest.fixture(scope="module", name="site")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Fourteen photographs of 1,320 px, a pair, a sequence, a full one, three tellings."""
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
    photographs = {name: jpeg(1320, 880, seed=n, quality=60, subsampling=2) for n, name in enumerate(names)}
    folder = essay(base / "trip", photographs, text)
    (folder / "essay.desk.md").write_text(telling(*reversed(shown), outlet='"Desk"'))
    (folder / "essay.ar.md").write_text(telling("نص.", shown[0], language='"ar"'))
    publish([folder], base / "site", Wanted(zip_file=base / "trip.zip"), today=lambda: date(2026, 11, 22))
    handler = functools.partial(Quiet, directory=str(base / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(base / "site", base / "trip.zip", f"http://127.0.0.1:{server.server_address[1]}/")
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


PAGES = ("index.html", "desk.html", "ar.html", "proof.html", "side-by-side.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, site: Site, name: str, scheme: str) -> None:
    with opened(browser, site.url + name, color_scheme=scheme, viewport=MIDDLE, bypass_csp=True) as watched:
        found = Axe().run(watched.page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


def test_axe_finds_nothing_in_the_full_screen_view(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "index.html#view-2", bypass_csp=True) as watched:
        found = Axe().run(watched.page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_its_own_origin_for_what_it_shows_and_nothing_else(browser: Any, site: Site, name: str) -> None:
    with opened(browser, site.url + name) as watched:
        scroll_through(watched.page)
        assert [url for url in watched.asked if not url.startswith(site.url)] == []
        assert {url.rsplit(".", 1)[-1] for url in watched.asked} <= {"html", "avif", "jpg", "png"}
        assert watched.complaints == []


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


def test_the_first_load_is_small_and_nothing_moves(browser: Any, site: Site) -> None:
    with opened(browser, "about:blank", viewport={"width": 412, "height": 823}, device_scale_factor=1.75) as watched:
        watched.page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) "
            "window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });"
        )
        watched.page.goto(site.url + "index.html")
        watched.page.wait_for_load_state("networkidle")
        assert 0 < watched.loaded_bytes < FIRST_LOAD_BYTES
        requests = len(watched.asked)
        assert requests <= 14
        scroll_through(watched.page)
        assert watched.page.evaluate("window.shift") == 0
        assert undrawn(watched.page) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_window(browser: Any, site: Site, name: str) -> None:
    with opened(browser, site.url + name) as watched:
        # 320 px is what WCAG 1.4.10 asks for.
        for viewport in (NARROW | {"width": 320}, NARROW, MIDDLE, WIDE):
            watched.page.set_viewport_size(viewport)
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert watched.page.evaluate(wide) <= 0, viewport


def test_a_keyboard_reaches_every_control_and_never_gets_lost(browser: Any, site: Site) -> None:
    with opened(browser, site.url) as watched:
        page = watched.page
        controls = page.evaluate(
            "[...document.querySelectorAll('a[href], input, button')].filter((one) => one.checkVisibility() "
            "&& !(one.type === 'radio' && !one.checked)).length"
        )
        seen = set()
        for _ in range(controls + 5):
            page.keyboard.press("Tab")
            place = page.evaluate(
                "[...document.querySelectorAll('a[href], input, button')].indexOf(document.activeElement)"
            )
            if place >= 0:
                seen.add(place)
                box = page.evaluate(
                    "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle; })()"
                )
                assert box != "none", "focus is seen"
        assert len(seen) == controls


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.className || document.activeElement.tagName"))


def hash_after(page: Any, wanted: str) -> str:
    """Wait for an address that a key leads to; what is there in the end is returned, right or wrong."""
    with contextlib.suppress(playwright_timeout()):
        page.wait_for_function("(wanted) => location.hash === wanted", arg=wanted, timeout=PATIENCE_MS / 4)
    page.evaluate(FRAMES)
    return str(page.evaluate("location.hash"))


def test_the_full_screen_view_by_keyboard(browser: Any, site: Site) -> None:
    with opened(browser, site.url) as watched:
        page = watched.page
        page.focus("#p2 a")
        page.keyboard.press("Enter")
        assert hash_after(page, "#view-2") == "#view-2"
        assert focused(page) == "shut"
        box = page.locator("#view-2").bounding_box()
        assert (box["width"], box["height"]) == (WIDE["width"], WIDE["height"])
        page.keyboard.press("ArrowRight")
        assert hash_after(page, "#view-3") == "#view-3"
        page.keyboard.press("ArrowLeft")
        assert hash_after(page, "#view-2") == "#view-2"
        page.keyboard.press("ArrowLeft")
        assert hash_after(page, "#view-1") == "#view-1"
        page.keyboard.press("ArrowLeft")
        assert hash_after(page, "#view-1") == "#view-1", "there is nothing before the first"
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate("document.querySelector('figure.photo:target').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert hash_after(page, "#p1") == "#p1"
        assert page.evaluate("document.activeElement.closest('.frame').id") == "p1"


def test_the_full_screen_view_shows_the_verifiable_picture(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "#view-2") as watched:
        shown = "getComputedStyle(document.querySelector('#view-2 img')).content"
        proof = watched.page.evaluate(shown).split('"')[1]
        assert "/proof/" in proof
        assert proof in watched.asked


def test_without_a_script_every_picture_caption_and_pair_is_there(browser: Any, site: Site) -> None:
    with opened(browser, site.url, java_script_enabled=False) as watched:
        page = watched.page
        assert page.locator("figure figcaption").count() == 14
        for number in range(1, 15):
            page.locator(f"#p{number}").scroll_into_view_if_needed()
            assert page.locator(f"#p{number} img").is_visible()
            assert page.locator(f"#p{number} img").get_attribute("alt") == ALT
            assert f"What {number:02d}.jpg shows." in page.locator(f"#view-{number} figcaption").inner_text()
        page.locator("#p2 a").click()
        assert page.url.endswith("#view-2")
        assert page.locator("#view-2").bounding_box()["height"] == WIDE["height"]
        page.locator("#view-2 .on").click()
        assert page.locator("#view-3 .before").is_visible()
        page.locator("#view-3 .shut").click()
        assert page.locator("#view-3 .turn").is_hidden()
        assert page.locator("#p3").bounding_box()["height"] < WIDE["height"]


def test_without_a_script_the_pair_can_be_compared(browser: Any, site: Site) -> None:
    with opened(browser, site.url, java_script_enabled=False) as watched:
        page = watched.page
        left, right = page.locator("#p2"), page.locator("#p3")
        assert left.bounding_box()["x"] < right.bounding_box()["x"]
        page.locator(".pair .to-half").check()
        assert left.bounding_box() == right.bounding_box()
        assert page.locator("#p3").evaluate("e => getComputedStyle(e).clipPath") != "none"
        page.locator(".pair .to-left").check()
        assert not right.is_visible()
        page.keyboard.press("ArrowLeft")
        assert right.bounding_box()["x"] > left.bounding_box()["x"], "side by side again"
        assert not page.locator(".divider").is_visible()


def test_the_divider_moves_by_keyboard_and_says_where_it_is(browser: Any, site: Site) -> None:
    with opened(browser, site.url) as watched:
        page = watched.page
        page.locator(".pair .to-half").check()
        divider = page.get_by_label("Divider: how much of “Side 02” is shown")
        divider.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        assert divider.get_attribute("aria-valuetext") == "60 %"
        assert page.locator("#p3").evaluate("e => getComputedStyle(e).clipPath").endswith("60%)")
        page.keyboard.press("End")
        assert divider.get_attribute("aria-valuetext") == "100 %"


def test_a_pair_is_stacked_on_a_phone(browser: Any, site: Site) -> None:
    with opened(browser, site.url, viewport=NARROW) as watched:
        left, right = (watched.page.locator(f"#p{n}").bounding_box() for n in (2, 3))
        assert left["x"] == right["x"]
        assert left["y"] + left["height"] < right["y"]


@pytest.mark.parametrize("script", [True, False])
def test_it_opens_from_a_disk_and_from_the_zip(browser: Any, site: Site, tmp_path: Path, script: bool) -> None:
    with zipfile.ZipFile(site.archive) as archive:
        archive.extractall(tmp_path)
    for page_file in (site.folder / "index.html", tmp_path / "trip" / "index.html"):
        with opened(browser, page_file.as_uri(), java_script_enabled=script) as watched:
            if script:
                scroll_through(watched.page)
                assert undrawn(watched.page) == []
            assert watched.complaints == []
            assert all(url.startswith("file://") for url in watched.asked)
            watched.page.locator("#view-1 .links a[href^=proof]").click()
            assert watched.page.locator("#p1 .the-picture").is_visible()


def proof_of(site: Site, number: int) -> tuple[Path, Path]:
    pictures = sorted((site.folder / "proof").glob("*.jpg"))
    return pictures[number], pictures[number].with_name(pictures[number].name + ".statement.json")


def verdict(page: Any, picture: Path, statement: Path) -> str:
    page.set_input_files(".check input", [str(picture), str(statement)])
    page.locator(".check button").click()
    place = page.locator(".check .verdict.good, .check .verdict.bad")
    place.wait_for()
    return str(place.inner_text())


def test_the_panel_accepts_the_true_picture_and_refuses_a_changed_byte(
    browser: Any, site: Site, tmp_path: Path
) -> None:
    picture, statement = proof_of(site, 0)
    with opened(browser, (site.folder / "proof.html").as_uri()) as watched:
        assert verdict(watched.page, picture, statement) == "Good: signed, and unchanged since."
        data = bytearray(picture.read_bytes())
        data[len(data) // 2] ^= 1
        changed = tmp_path / picture.name
        changed.write_bytes(data)
        assert verdict(watched.page, changed, statement).startswith("Refused")
        assert verdict(watched.page, proof_of(site, 1)[0], statement).startswith("Refused")


def test_the_panel_checks_what_the_server_has(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "proof.html") as watched:
        row = watched.page.locator("#p3")
        row.get_by_role("button", name="Check photograph 3 here").click()
        row.locator(".verdict.good").wait_for()
        assert row.locator(".verdict").inner_text() == "Good: signed, and unchanged since."
        assert watched.complaints == []


def test_without_a_script_the_list_says_how_to_check(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "proof.html", java_script_enabled=False) as watched:
        assert watched.page.locator(".check").is_hidden()
        assert watched.page.get_by_text("With JavaScript on").is_visible()
        assert watched.page.locator(".proofs code").count() == 14 * 3
