"""Sentences about protecting people: faces, boxes, metadata, the publish gate."""

_PROTECT = "run fifthfloor protect on the photograph again"

ERRORS: dict[str, tuple[str, str]] = {
    "redact.no_picture": ("there is no picture in this file", "give a photograph"),
    "redact.boxes_of": (
        "the boxes of {name} are not as they should be",
        'each is {{"left": 10, "top": 20, "right": 110, "bottom": 140}}, under "hide" or "show"',
    ),
    "redact.raw_without_jpeg": (
        "the raw file holds no JPEG of the camera's own",
        "develop it to a JPEG with the camera maker's program and protect that",
    ),
    "redact.not_decoded": (
        "the {kind} file cannot be decoded ({reason})",
        "copy it again from the card or phone, or save it as a JPEG there",
    ),
    "redact.no_heif": (
        "a HEIC photograph is decoded with pi-heif, and it is not installed",
        "pip install 'fifthfloor[home]'",
    ),
    "redact.raw_preview": (
        "the raw file holds only a preview of {width} pixels, the sensor has {sensor}",
        "develop it to a JPEG with the camera maker's program and protect that",
    ),
    "gate.found": (
        "the picture may not leave: {what:phrase}, at byte {offset}",
        _PROTECT + "; never publish a file that did not come from it unchanged",
    ),
    "gate.changed": ("{name} is not the file that was checked: it was changed since", _PROTECT),
    "gate.rendition": (
        "{name} is the smaller rendition, not the full-size picture",
        "give the full-size picture; its rendition is found beside it",
    ),
    "gate.another": ("{name} is not of the same statement as the full-size picture", _PROTECT),
    "gate.not_approved": (
        "nobody has looked at {name} yet",
        "open review.html, look at every photograph, save boxes.json, then run fifthfloor approve with --boxes",
    ),
    "gate.hidden_afterwards": (
        "{percent:.1f} % of {name} was hidden after it was signed, so whoever looked at it has not looked at that",
        "look at it, then sign it anew with: fifthfloor approve on its folder",
    ),
    "gate.time": ("{name} was approved at a time that does not exist: {time}", "approve it again"),
}

SENTENCES: dict[str, str] = {
    "gate.what.jfif": "a JFIF header with a preview or more",
    "gate.what.exif": "EXIF or XMP beyond the orientation",
    "gate.what.picture": "a picture inside a segment",
    "gate.what.no_end": "no end of image",
    "gate.what.profile": "a colour profile that is not one of ours",
    "gate.what.manifest": "a C2PA manifest of another statement",
    "gate.what.second": "a second {marker}",
    "gate.what.behind": "bytes behind the end",
    "gate.what.between": "bytes between segments",
    "gate.what.marker": "{marker}",
}
