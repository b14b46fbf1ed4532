"""`verify.html`: the verifier's scripts and sentences in its page, one file that works from a disk, without network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

_SCRIPTS = ("verify.js", "likeness.js")
_WORDS = "const SAY = {};"


def verifying_page(sentences: Mapping[str, str]) -> str:
    """Return the page, made of `verify_page.html`, `verify.js` and `likeness.js` as they are.

    Args:
        sentences: what a check comes to, by its word (`statement.verdict`); the same that the command line says.
    """
    folder = resources.files("fifthfloor.statement")
    template = (folder / "verify_page.html").read_text(encoding="utf-8")
    said = json.dumps(dict(sentences), indent=2, ensure_ascii=False)
    scripts = {name: (folder / name).read_text(encoding="utf-8") for name in _SCRIPTS}
    places = {f'<script src="{name}"></script>': script for name, script in scripts.items()}
    if any(template.count(place) != 1 for place in (*places, _WORDS)) or "</script" in "".join(scripts.values()) + said:
        raise ValueError("the scripts do not fit the page")
    template = template.replace(_WORDS, f"const SAY = {said};")
    for place, script in places.items():
        template = template.replace(place, f"<script>\n{script}</script>")
    return template
