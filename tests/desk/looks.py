"""What every page of the desk owes its readers: axe in light and dark, a name for each control, a telephone's width."""

from __future__ import annotations

from typing import Any

ROLES = {"button", "link", "checkbox", "radio", "textbox", "slider", "combobox", "spinbutton", "DisclosureTriangle"}
VISIBLE_CONTROLS = """[...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), textarea, select, summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true })).length"""


def controls(page: Any) -> list[tuple[str, str]]:
    """Return role and name of each control as a screen reader is told them; one that is kept from it is missing."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = [(one["role"]["value"], one.get("name", {}).get("value", "")) for one in tree if not one["ignored"]]
    return [one for one in told if one[0] in ROLES]


def assert_looks_right(page: Any) -> None:
    """Read a page that has come to rest; its context was made with `bypass_csp`, for axe."""
    from axe_playwright_python.sync_playwright import Axe

    for details in page.locator("main details").all():
        details.evaluate("one => one.open = true")
    read = controls(page)
    assert [one for one in read if not one[1].strip()] == []
    assert len(read) == page.evaluate(VISIBLE_CONTROLS), read
    # Light whole; dark differs from it in colours alone.
    for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        # Colours of buttons move for a moment when the scheme changes, and axe would read them on their way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults = Axe().run(page, options=options).response["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in faults] == [], scheme
    page.set_viewport_size({"width": 390, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
