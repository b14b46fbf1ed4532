"""Texts that hold a place or a person in a way that is told and not read: they are counted, whatever they are called.

Exports of telephones, cards of contacts, calendars, links to maps, logs of gliders and boats, notes with degrees,
minutes and seconds. Expressions of bounded reach; a program that speaks of latitudes is none of these.
"""

from __future__ import annotations

import re

from fifthfloor.metadata.text import decode_marked

MAX_TOLD_BYTES = 256 << 10  # of a text: lists of places begin with one, and programs keep words by the megabyte
_DEGREE_SIGN = rb"\s?(?:\xc2\xb0|\xc2\xba|\xb0|&deg;|deg\b)\s?"
_ANGLE_PART = rb"\d{1,3}(?:[.,]\d{1,12})?"
_MINUTES_AND_SECONDS = rb"(?:" + _ANGLE_PART + rb"[^\w\n]{1,6}){1,2}"
_TOLD_FORMS = re.compile(
    rb"|".join([
        rb"latitudeE7\"?\s?:",  # Google's Records.json and Semantic Location History
        rb"\bgeo:-?\d{1,2}(?:\.\d{1,12})?,-?\d",  # RFC 5870
        rb"\bname=[\"']?(?i:geo\.(?:position|placename|region)|icbm)\b",
        rb"https?://[^\s\"'<>]{0,200}?[?&@=/#!~]!?(?:3d)?-?\d{1,2}\.\d{3,15}(?:,|%2C|/|~|&\w{1,9}=|!4d)\+?-?\d{1,3}\.\d{3,15}",
        rb"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.apple\.com/p|osm\.org/go|w3w\.co|what3words\.com)/",
        rb"\bBEGIN:VCARD\b",
        rb"(?m:^GEO[:;][^\n]{0,40}-?\d)|(?m:^LOCATION[:;][^\n]{0,200}\w)",  # RFC 5545
        rb"<coord\s{1,8}lat=",  # Geocaching's LOC
        rb"\blat=[\"']-?\d{1,2}\.\d{2,15}[\"']\s{1,8}lon=",
        rb"(?m:^B\d{13}[NS]\d{8}[EW][AV])",  # IGC
        rb"\bOziExplorer\b",
        rb"(?m:^\[IPTC\]\r?\n\w{1,40}=\w)",  # RawTherapee
        rb"\bK=\"(?:GPS|IPTC_|Contact|Content)\w{1,40}\"\s{1,4}V=\"[^\"]",  # Capture One
        rb"\b" + _ANGLE_PART + _DEGREE_SIGN + rb"(?:,\s?|" + _MINUTES_AND_SECONDS + rb")?[NSEW]\b",
        rb"\b[NSEW]\s?" + _ANGLE_PART + _DEGREE_SIGN + rb"\d",
        rb"-?\d{1,2}\.\d{3,15}\xc2\xb0,\s?-?\d{1,3}\.\d{3,15}\xc2\xb0",  # Google's Timeline.json
        "(?:北[纬緯]|南[纬緯]|북위|남위)\\s?\\d".encode(),
    ])
)  # fmt: skip


def tells_a_place(data: bytes) -> bool:
    """Say whether a text holds a place or somebody's card; False for what is no text."""
    head = data[:MAX_TOLD_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        head = decode_marked(head).encode("utf-8", "replace")
    elif b"\0" in head[:4096]:
        return False
    return _TOLD_FORMS.search(head) is not None
