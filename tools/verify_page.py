"""Puts verify.js into verify_page.html and writes verify.html: one file that works from a disk, without a network."""

from __future__ import annotations

import sys
from pathlib import Path

STATEMENT = Path(__file__).resolve().parents[1] / "src" / "fifthfloor" / "statement"
PLACE = '<script src="verify.js"></script>'


def page() -> str:
    """Return verify.html."""
    template = (STATEMENT / "verify_page.html").read_text(encoding="utf-8")
    script = (STATEMENT / "verify.js").read_text(encoding="utf-8")
    if template.count(PLACE) != 1 or "</script" in script:
        raise ValueError("the script does not fit the page")
    return template.replace(PLACE, f"<script>\n{script}</script>")


def main() -> int:
    (STATEMENT / "verify.html").write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
