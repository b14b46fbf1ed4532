"""Sentences of `gate`."""

from __future__ import annotations

_PROTECT = "run fifthfloor protect on the photograph again"

ERRORS: dict[str, tuple[str, str]] = {
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
