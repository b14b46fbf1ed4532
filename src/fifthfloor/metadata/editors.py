"""Programs a photograph passes through on a computer, by what they write of themselves (Exif `Software` and the like).

A camera writes its firmware's number there.
"""

from __future__ import annotations

import re

_EDITORS = re.compile(
    r"adobe|photoshop|lightroom|gimp|darktable|rawtherapee|digikam|capture one|capture nx|nx studio|viewnx"
    r"|nikon transfer|digital photo professional|silkypix|dxo|luminar|affinity|acdsee|corel|topaz|noise ninja"
    r"|pixelmator|snapseed|vsco|canva|polarr|fotor|picsart|meitu|picasa|photos |aperture|iphoto|preview|shotwell"
    r"|gthumb|paint|irfanview|xnview|faststone|windows photo|microsoft|instagram|whatsapp|telegram|facebook"
    r"|exiftool|imagemagick|graphicsmagick|pillow|libvips|ffmpeg|lavc|gd-jpeg",
    re.IGNORECASE,
)


def names_an_editor(software: str) -> bool:
    """Say whether a text that a file has for its software names a program that edits or converts pictures."""
    return _EDITORS.search(software) is not None
