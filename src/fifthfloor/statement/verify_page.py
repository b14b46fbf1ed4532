"""`verify.html`: the verifier's script and sentences in its page, one file that works from a disk, without network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

_PLACE = '<script src="verify.js"></script>'
_WORDS = "const SAY = {};"


def verifying_page(sentences: Mapping[str, str]) -> str:
    """Return the page, made of `verify_page.html` and `verify.js` as they are.

    Args:
        sentences: what a check comes to, by its word (`statement.verdict`); the same that the command line says.
    """
    folder = resources.files("fifthfloor.statement")
    template = (folder / "verify_page.html").read_text(encoding="utf-8")
    script = (folder / "verify.js").read_text(encoding="utf-8")
    said = json.dumps(dict(sentences), indent=2, ensure_ascii=False)
    if template.count(_PLACE) != 1 or template.count(_WORDS) != 1 or "</script" in script + said:
        raise ValueError("the script does not fit the page")
    template = template.replace(_WORDS, f"const SAY = {said};")
    return template.replace(_PLACE, f"<script>\n{script}</script>")
