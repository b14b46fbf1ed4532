"""Sentences of archives and of looking for photographs in them."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "trace.too_large": (
        "the picture has {width} x {height} pixels, at most {limit} are looked at",
        "no camera makes such a picture; save it smaller, or leave it out",
    ),
    "trace.no_picture": (
        "no picture that can be read ({reason})",
        "jpeg, png, webp, tiff, gif and bmp are read; open it in a viewer and save it as one of these",
    ),
    "trace.likeness": (
        "what the statement says its picture looks like is {what:phrase}",
        "use the version of fifthfloor that wrote it, or a newer one",
    ),
}
SENTENCES: dict[str, str] = {
    "trace.what.short": "cut short",
    "trace.what.version": "of another version",
    "trace.what.length": "of another length than it says",
    "trace.what.place": "outside of the picture",
}
