"""The style and script of a page, written into it, and the policy that allows these and nothing else.

Inside the page, because over a slow circuit every further file is a second of waiting, and because a page opened from
a disk has no origin that `'self'` could mean.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

from fifthfloor.errors import BadInput
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.shown import Shown

# What would leave the page or end the style: a theme has colours, type and spaces.
_THEME_MAY_NOT = re.compile(r"<|@import|url\s*\(|image-set\s*\(|src\s*\(|expression\s*\(|\\", re.IGNORECASE)


@lru_cache(maxsize=4)
def text_of(name: str) -> str:
    """Return a file of `templates/` as text."""
    return (resources.files("fifthfloor.essay") / "templates" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _sheet() -> str:
    sheet = re.sub(r"/\*.*?\*/", "", text_of("essay.css"), flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    return re.sub(r" ?([{};,]) ?", r"\1", sheet).strip()


def check_theme(file: str, theme: str, faults: Faults) -> str:
    """Check an essay's own `theme.css`.

    Args:
        file: its name, for errors.
        theme: CSS; it stands after ours, so that `:root { --accent: ... }` is enough.
        faults: takes each line that fetches something, or could end the style.
    """
    for number, line in enumerate(theme.splitlines(), start=1):
        found = _THEME_MAY_NOT.search(line)
        if found:
            faults.add(BadInput("essay.theme", file=file, line=number, given=found[0]))
    return theme


def style(shown: Sequence[Shown], theme: str, *, full_screen: bool, thumbs: bool) -> str:
    """Write a page's style: the sheet, what each photograph needs (ratio, width, colour), the theme.

    Args:
        full_screen: the page has views that fill the screen; they show the verifiable rendition itself.
        thumbs: the page shows small pictures.
    """
    rules = [_sheet()]
    for one in shown:
        ratio = f"--r:{one.ratio:.4f};--w:{one.picture.width_px}px;--c:{one.picture.colour}"
        if thumbs:
            rules.append(f".t{one.number}{{{ratio}}}")
        if full_screen:
            rules.append(f"#view-{one.number}{{{ratio}}}")
            rules.append(f'#view-{one.number}:target img{{content:url("{one.picture.proof.path}")}}')
    return "\n".join((*rules, theme)) if theme else "\n".join(rules)


def pair_style(left: Shown, right: Shown) -> str:
    """Write the rule of one pair: as wide as makes both equally high."""
    return f".two-{left.number}{{--left:{left.ratio:.4f}fr;--right:{right.ratio:.4f}fr;--pair-r:{left.ratio:.4f}}}"


def policy(style_text: str, script: str, *, fetches: bool = False) -> str:
    """Write the Content-Security-Policy of a page from what stands in it.

    Args:
        style_text: between `<style>` and `</style>`, to the byte.
        script: between `<script>` and `</script>`, or empty.
        fetches: the script reads pictures from where the page came from.
    """
    parts = ["default-src 'none'", "img-src 'self'", f"style-src '{_digest(style_text)}'"]
    if script:
        parts.append(f"script-src '{_digest(script)}'")
    if fetches:
        parts.append("connect-src 'self'")
    return "; ".join((*parts, "base-uri 'none'", "form-action 'none'"))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
