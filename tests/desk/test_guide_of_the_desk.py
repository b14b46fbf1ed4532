"""What the guide and the pictures say of the desk: a line by mouse on each page of a task, a line to each picture."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
# Pages of no task: the desk itself, what stands beside it, and what is for programs or the day after the program.
NO_TASK = {"desk.md", "step-by-step.md", "journey.md", "json.md", "rescue.md"}


def test_each_guide_page_of_a_task_says_how_it_is_done_by_mouse() -> None:
    said = (DOCS / "guide" / "desk.md").read_text().split("**By command only**")[1].split("\n\n")[0]
    for page in sorted((DOCS / "guide").glob("*.md")):
        if page.name in NO_TASK:
            continue
        lead = page.read_text().split("\n## ")[0]
        assert "**By mouse:**" in lead, page.name
        if "none of it" in lead:
            assert f"({page.name})" in said, page.name


def test_each_picture_of_the_desk_is_described_and_there() -> None:
    text = (DOCS / "pictures" / "desk" / "README.md").read_text()
    for picture in (DOCS / "pictures" / "desk").glob("*.png"):
        assert f"({picture.name})" in text, picture.name
    for name in re.findall(r"\(([a-z-]+\.png)\)", text):
        assert (DOCS / "pictures" / "desk" / name).is_file(), name
