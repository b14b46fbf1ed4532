"""`verify.html`: the verifier's script in its page, one file that works from a disk, without a network."""

from __future__ import annotations

from importlib import resources

_PLACE = '<script src="verify.js"></script>'


def verifying_page() -> str:
    """Return the page, made of `verify_page.html` and `verify.js` as they are."""
    folder = resources.files("fifthfloor.statement")
    template = (folder / "verify_page.html").read_text(encoding="utf-8")
    script = (folder / "verify.js").read_text(encoding="utf-8")
    if template.count(_PLACE) != 1 or "</script" in script:
        raise ValueError("the script does not fit the page")
    return template.replace(_PLACE, f"<script>\n{script}</script>")
