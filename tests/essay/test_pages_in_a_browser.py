"""Every kind of page in a real Chromium: axe, bytes, requests, widths, shapes of pictures, what "safest" leaves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.essay.browsing import (  # noqa: F401 - fixtures
    MIDDLE,
    NARROW,
    PAGES,
    WIDE,
    Site,
    address,
    chromium,
    opened,
    published,
    scroll_through,
    undrawn,
)

pytestmark = pytest.mark.judge("chromium")

FIRST_LOAD_BYTES = 600_000


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, site: Site, name: str) -> None:
    """Light whole; dark differs from it in colours alone."""
    with opened(browser, address(site, name), viewport=MIDDLE, bypass_csp=True) as watched:
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            watched.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(watched.page, options=options).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == [], scheme


def test_axe_finds_nothing_in_the_full_screen_view(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "index.html#view-2", bypass_csp=True) as watched:
        found = Axe().run(watched.page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_its_own_origin_for_what_it_shows_and_nothing_else(browser: Any, site: Site, name: str) -> None:
    with opened(browser, address(site, name)) as watched:
        scroll_through(watched.page)
        assert [url for url in watched.asked if not url.startswith((site.url, site.several))] == []
        assert {url.rsplit(".", 1)[-1] for url in watched.asked} <= {"html", "avif", "jpg", "png"}
        assert watched.complaints == []


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
    with opened(browser, address(site, name)) as watched:
        # 320 px is what WCAG 1.4.10 asks for.
        for viewport in (NARROW | {"width": 320}, NARROW, MIDDLE, WIDE):
            watched.page.set_viewport_size(viewport)
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert watched.page.evaluate(wide) <= 0, viewport


@pytest.mark.parametrize("name", PAGES)
def test_no_photograph_is_ever_cropped_or_stretched_or_blown_up(browser: Any, site: Site, name: str) -> None:
    with opened(browser, address(site, name)) as watched:
        page = watched.page
        for viewport in (NARROW, MIDDLE, WIDE, WIDE | {"height": 500}):
            page.set_viewport_size(viewport)
            shapes = page.evaluate(SHAPES)
            assert shapes
            for shown, natural, fit, width, most in shapes:
                assert fit in ("fill", "contain")
                assert fit == "contain" or abs(shown / natural - 1) < 0.02, (viewport, shown, natural)
                assert width <= most, (viewport, width, most)
        for mode in page.locator(".pair .modes input").all():
            mode.check()
            for shown, natural, fit, *_ in page.evaluate(SHAPES):
                assert fit == "contain" or abs(shown / natural - 1) < 0.02


# Of each picture that is seen: its shape on the page and in the file, what happens where they differ, its width, and
# how wide it may be: as its file, twice that from edge to edge.
SHAPES = """
() => [...document.images].filter((image) => image.checkVisibility()).map((image) => {
  const box = image.getBoundingClientRect(), own = [image.getAttribute("width"), image.getAttribute("height")];
  const most = (image.closest(".full") ? 2 : 1.01) * own[0];
  return [box.width / box.height, own[0] / own[1], getComputedStyle(image).objectFit, box.width, most];
})
"""

# What Tor Browser at "safest" switches off or shows only after a click, beside JavaScript.
NOT_AT_SAFEST = "svg, math, audio, video, source[type^=video], canvas, iframe, object, embed, link[rel=stylesheet]"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_is_what_tor_browser_blocks_at_safest(browser: Any, site: Site, name: str) -> None:
    """Tor Browser itself cannot run here: its rules are kept instead, with JavaScript off."""
    with opened(browser, address(site, name), java_script_enabled=False) as watched:
        page = watched.page
        assert page.locator(NOT_AT_SAFEST).count() == 0
        text = page.content()
        for blocked in ("@font-face", ".svg", "image/svg", "data:", "blob:", ".woff", "@import", "paint("):
            assert blocked not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL), blocked
        # Whatever waits for a script is hidden or says so.
        for waiting in page.locator("button, .divider, .check").all():
            assert not waiting.is_visible()
        assert page.locator("img").first.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_keyboard_reaches_every_control_and_never_gets_lost(browser: Any, site: Site, name: str) -> None:
    with opened(browser, address(site, name)) as watched:
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
