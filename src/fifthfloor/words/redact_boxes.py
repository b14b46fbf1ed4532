"""Sentences about boxes."""

ERRORS: dict[str, tuple[str, str]] = {
    "redact.too_many_boxes": ("{count} boxes, {limit} are read", "join those that touch"),
    "redact.empty_box": (
        "the box {box} hides nothing in a picture of {width} x {height} pixels",
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
}

SENTENCES: dict[str, str] = {}
