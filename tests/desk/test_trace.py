"""Trace in the desk: what pages tell with a photograph of an archive, side by side; saved pages are never markup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.desk.at_desk import Visitor, at_screen, chromium, open_desk
from tests.desk.looks import assert_looks_right
from tests.tasks.trace.test_saved_pages import told

__all__ = ["chromium", "told"]


def test_pages_are_traced_and_stand_side_by_side(told: Path) -> None:
    with open_desk(told) as serving:
        visitor = Visitor(serving).come_in()
        assert {"saved", "ours", "pictures"} <= set(visitor.get("/40").said.split())
        folder, archive = (visitor.id_of(told / name) for name in ("saved", "ours"))
        got = visitor.work("/40", [("folder", folder), ("archive", archive)])
        assert "as 2 pages tell it" in got.said, got.said
        assert "only here: violent" in got.said
        assert "<script>" not in got.text
        assert visitor.get(f"{visitor.sent[-1]}/p/1").headers["content-type"] == "image/jpeg"
        same = visitor.post("/40", [("folder", archive), ("archive", archive)])
        assert (same.status, "are one folder" in same.said) == (400, True)
        none = visitor.work("/40", [("folder", archive), ("archive", folder)])
        assert "that did not work" in none.said
        assert "program made a mistake" not in none.said


def test_a_link_in_the_folder_leads_nowhere(told: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path.with_name(f"{tmp_path.name}-elsewhere")
    (told / "pictures" / "1.jpg").rename(elsewhere)
    (told / "saved" / "link.jpg").symlink_to(elsewhere)
    with open_desk(told) as serving:
        visitor = Visitor(serving).come_in()
        got = visitor.work(
            "/40", [("folder", visitor.id_of(told / "saved")), ("archive", visitor.id_of(told / "ours"))]
        )
    assert "saved/link.jpg: not looked at: this is a link" in got.said, got.said
    assert "the same file" not in got.said


@pytest.mark.judge("chromium")
def test_its_pages_look_right(browser: Any, told: Path) -> None:
    with open_desk(told) as serving, at_screen(browser, serving, bypass_csp=True) as page:
        page.goto(f"{serving.desk.door.origin}/40")
        assert_looks_right(page)
        page.set_viewport_size({"width": 1180, "height": 820})
        page.locator("input[name=folder]").locator("xpath=..").filter(has_text="saved").click()
        page.locator("input[name=archive]").locator("xpath=..").filter(has_text="ours").click()
        page.get_by_role("button", name="Look").click()
        page.locator(".told img").nth(1).wait_for()
        assert_looks_right(page)
