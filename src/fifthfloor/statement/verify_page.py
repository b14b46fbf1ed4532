"""`verify.html`: the verifier's scripts and sentences in its page, one file that works from a disk, without network."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from fifthfloor.statement.page_words import with_words

_PAGE_SCRIPTS = ("verify.js", "likeness.js")


def verifying_page(sentences: Mapping[str, str]) -> str:
    """Return the page, made of `verify_page.html`, `verify.js` and `likeness.js` as they are.

    Args:
        sentences: all that it says: what a check comes to by its word (`statement.verdict`), the same that the command
            line says, and the rest by key.
    """
    folder = resources.files("fifthfloor.statement")
    template = with_words((folder / "verify_page.html").read_text(encoding="utf-8"), sentences)
    scripts = {name: (folder / name).read_text(encoding="utf-8") for name in _PAGE_SCRIPTS}
    places = {f'<script src="{name}"></script>': script for name, script in scripts.items()}
    if any(template.count(place) != 1 for place in places) or "</script" in "".join(scripts.values()):
        raise ValueError("the scripts do not fit the page")
    for place, script in places.items():
        template = template.replace(place, f"<script>\n{script}</script>")
    return template
