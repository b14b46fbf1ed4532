"""Sentences about protecting people: faces, boxes, metadata."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "redact.too_many_boxes": ("{count} boxes, {limit} are read", "join those that touch"),
    "redact.empty_box": (
        "the box {left},{top} to {right},{bottom} hides nothing in a picture of {width} x {height} pixels",
        "boxes are in pixels of the full-size picture as it is shown, left,top to right,bottom",
    ),
    "redact.boxes_too_large": (
        "the file of boxes has {size:bytes}, {limit:bytes} are read",
        "give each photograph only its own boxes",
    ),
    "redact.boxes_malformed": (
        "the file of boxes is not one",
        'it looks like this: {{"NAME.jpg": [{{"left": 10, "top": 20, "right": 110, "bottom": 140}}]}}',
    ),
    "redact.no_picture": ("there is no picture in this file", "give a photograph"),
    "redact.boxes_of": (
        "the boxes of {name} are not as they should be",
        'each is {{"left": 10, "top": 20, "right": 110, "bottom": 140}}, under "hide" or "show"',
    ),
    "redact.raw_without_jpeg": (
        "the raw file holds no JPEG of the camera's own",
        "develop it to a JPEG with the camera maker's program, darktable or RawTherapee, and protect that",
    ),
    "redact.not_decoded": (
        "the {kind} file cannot be decoded ({reason})",
        "copy it again from the card or phone, or save it as a JPEG there",
    ),
    "redact.no_heif": (
        "a HEIC photograph is decoded with pi-heif, and it is not installed",
        "{extra:extra}",
    ),
    "redact.raw_preview": (
        "the raw file holds only a thumbnail of {width} pixels, the sensor has {sensor}",
        "develop it to a JPEG with the camera maker's program, darktable or RawTherapee, and protect that",
    ),
}

SENTENCES: dict[str, str] = {}
