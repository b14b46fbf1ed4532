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
# Each begins with a letter or sign of its own, by which it is looked for quickly: what must stand before it is said
# behind that.
_TOLD_FORMS = re.compile(
    rb"|".join([
        rb"latitudeE7\"?\s?:",  # Google's Records.json and Semantic Location History
        rb"g(?<!\wg)eo:-?\d{1,2}(?:\.\d{1,12})?,-?\d",  # RFC 5870
        rb"n(?<!\wn)ame=[\"']?(?i:geo\.(?:position|placename|region)|icbm)\b",
        rb"https?://[^\s\"'<>]{0,200}?[?&@=/#!~,]!?(?:3d)?-?\d{1,3}\.\d{3,15}(?:,|%2C|/|~|&\w{1,9}=|!4d)\+?-?\d{1,3}\.\d{3,15}",
        rb"https?://[^\s\"'<>]{0,200}?/\d{1,2}%C2%B0\d",  # Google's, of a place without a name
        rb"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.apple\.com/p|osm\.org/go|w3w\.co|what3words\.com|ge0\.me|omaps\.app)/",
        rb"o(?<!\wo)m://\w",  # Organic Maps
        rb"s(?<!\ws)etView\(\[?-?\d{1,2}\.\d{3,15},",  # Leaflet
        rb"\"(?:[\w-]{1,20}:)?(?:City|Artist|(?:Camera|Body)?SerialNumber|OwnerName|PersonInImage|GPSLatitude)\"\s?:\s?\"[^\"]",
        rb"B(?<!\wB)EGIN:VCARD\b",
        rb"G(?<![^\n]G)EO[:;][^\n]{0,40}-?\d|L(?<![^\n]L)OCATION[:;][^\n]{0,200}\w",  # RFC 5545
        rb"A(?<![^\n]A)TTENDEE[;:]|O(?<![^\n]O)RGANIZER[;:]",
        rb"<coord\s{1,8}lat=",  # Geocaching's LOC
        rb"l(?<!\wl)at(?:=[\"']-?\d{1,2}\.\d{2,15}[\"']\s{1,8}lon="
        rb"|lng\"?\s?[:=]\s?[\[(]{1,2}\s?-?\d{1,2}\.\d{3,15},\s?-?\d{1,3}\.\d{3,15})",
        rb"B(?<![^\n]B)\d{13}[NS]\d{8}[EW][AV]",  # IGC
        rb"O(?<!\wO)ziExplorer\b",
        rb"\[(?<![^\n]\[)IPTC\]\r?\n\w{1,40}=\w",  # RawTherapee
        rb"K(?<!\wK)=\"(?:GPS|IPTC_|Contact|Content)\w{1,40}\"\s{1,4}V=\"[^\"]",  # Capture One
        rb"<key>(?:Serial Number|Phone Number|IMEI|ICCID|Device Name)</key>",  # Info.plist of a telephone's backup
        rb"S(?<!\wS)erial Number[ \t]{8,40}: ?\w",  # ExifTool's listing
        rb"\+[2-9CFGHJMPQRVWX]{2}\b(?<=\b[2-9C][2-9CFGHJMPQRV][2-9CFGHJMPQRVWX]{6}\+..)",  # plus codes
        rb"P(?<!\wP)(?:OINT|OLYGON) ?Z? ?\({1,3}-?\d{1,3}\.\d{3,15} -?\d{1,2}\.\d{3,15}",  # WKT
        rb"<gml:(?:pos|coordinates)[^<>]{0,80}>\s?-?\d{1,3}\.\d{3,15}[ ,]-?\d{1,3}\.\d{3,15}",
        "(?:北[纬緯]|南[纬緯]|북위|남위)\\s?\\d".encode(),
    ])
)  # fmt: skip
_TOLD_DEGREES = re.compile(
    rb"|".join(
        [
            rb"\b" + _ANGLE_PART + _DEGREE_SIGN + rb"(?:,\s?|" + _MINUTES_AND_SECONDS + rb")?[NSEW]\b",
            rb"\b[NSEW]\s?" + _ANGLE_PART + _DEGREE_SIGN + rb"\d",
            rb"-?\d{1,2}\.\d{3,15}\xc2\xb0,\s?-?\d{1,3}\.\d{3,15}\xc2\xb0",  # Google's Timeline.json
        ]
    )
)
# The same without signs, grids of maps, and plus codes of other lengths than ten.
_BARE_REST = rb"[ -]\d{1,2}[ -]\d{1,2}(?:\.\d{1,9})?\s?"  # minutes and seconds
_EASTING, _NORTHING = rb"0?\d{6}(?:\.\d{1,3})?\s?m?\s?E?", rb"\d{7}(?:\.\d{1,3})?\s?m?\s?N?\b"
_UTM = rb"[,;:]?\s{1,2}" + _EASTING + rb"(?:[,;]\s?|\s)" + _NORTHING
# Each begins with a letter, digit or sign of its own, as above.
_PLUS_SIGN = rb"[2-9CFGHJMPQRVWX]"
_TOLD_BARE = re.compile(
    rb"\d(?<!\w\d)\d?(?:"
    + rb"|".join([
        _BARE_REST + rb"[NS][,;\s]{1,3}\d{1,3}" + _BARE_REST + rb"[EW]\b",
        rb"\.\d{3,15}\s?[NS][,;\s]{1,3}\d{1,3}\.\d{3,15}\s?[EW]\b",
        rb"[C-HJ-NP-X](?: ?[A-HJ-NP-Z]{2}(?:\d{8}|\d{10}| \d{5} \d{5})\b|" + _UTM + rb")",  # MGRS, UTM
        rb" [C-HJ-NP-X]" + _UTM,
    ])
    + rb")"
)  # fmt: skip
_TOLD_LETTERS = re.compile(rb"[NS](?<!\w[NS])\s?\d{1,2}\.\d{3,15}[,;\s]{1,3}[EW]\s?\d{1,3}\.\d{3,15}")
_TOLD_PLUS = re.compile(
    rb"\+(?:(?<=\b[2-9C][2-9CFGHJMPQRV]" + _PLUS_SIGN + rb"{6}\+)" + _PLUS_SIGN + rb"{3,7}\b"
    rb"|(?<=\b" + _PLUS_SIGN + rb"{4}\+)(?<!\b[2-9]{4}\+)" + _PLUS_SIGN + rb"{2,3}"
    rb"(?<!\+[2-9]{2})(?<!\+[2-9]{3}),?\s[A-Z][a-z])"
)
# Forms that are looked for where a word of theirs stands: three words, squares of radio amateurs, UTM by its name.
_SQUARE = rb"\W{0,3}(?:is\W{1,3}|[:=]\s?)?[A-R]{2}\d\d(?:(?i:[A-X]{2})(?:\d\d)?)?\b"
_THREE_WORDS = rb"[a-z\x80-\xff]{2,40}(?:\.[a-z\x80-\xff]{2,40}){2}(?![.\w/(])"
_BY_A_WORD = (
    (b"///", re.compile(rb"(?<![\w:/.])///" + _THREE_WORDS)),
    (b"hat3words", re.compile(rb"\b[Ww]hat3words[\s:=]{1,4}(?:///)?" + _THREE_WORDS)),
    *((word, re.compile(word + _SQUARE)) for word in (b"ocator", b"QTH", b"qth", b"square", b"aidenhead")),
    (b"SQUARE:", re.compile(rb"SQUARE:\d>[A-R]{2}\d\d")),  # of logs (ADIF)
    (b"UTM", re.compile(rb"\bUTM\b[^\n]{0,40}?[\s:]" + _EASTING + rb"\D{1,4}" + _NORTHING)),
)  # fmt: skip
# A receiver's line with a fix, wherever in a log it stands (NMEA 0183).
_FIX = re.compile(rb"\$[A-Z]{2}(?:RMC|GGA|GLL|GNS),[^\n]{0,24}\d{4}\.\d{1,8},[NS],\d{5}\.")
_SIGNS_OF_DEGREES = (b"\xb0", b"\xba", b"deg")
# What a map copies: two numbers alone on a line or behind a label; further digits, dots or numbers make it a table.
_TWO_NUMBERS = re.compile(rb"\d\.\d{4,15}[,;]\s{0,2}[-+]?\d{1,3}\.\d{4,15}")
_PAIR_OF_DEGREES = re.compile(
    rb"(?:(?:^|\n)[ \t>*-]{0,8}[(\[]?|[\w\"')]\s?[:=]\s{0,4}[\"'(\[]?|[A-Za-z] \(|\b(?i:gps|at|near|coord\w{0,8})\s"
    rb"|\b(?i:gps)\s?\()"
    rb"([-+]?\d{1,3}\.\d{4,15})[,;]\s{0,2}([-+]?\d{1,3}\.\d{4,15})"
    rb"(?:,\s?-?\d{1,5}(?:\.\d{1,3})?(?=[)\]]))?"  # and a height
    rb"(?:[)\]\"';.]{0,2}\s{0,4}(?:$|\n)|[)\]\"';]|\.?[ \t]+[A-Za-z])"
)
_BEFORE_A_PAIR, _BEHIND_A_PAIR = 24, 16  # bytes that are looked at
_FARTHEST_AT_SEA = 4.5  # degrees from the zero of both: no land is there, and tables of fractions are
# Names of both, whatever stands before them, each with its number.
_NAMED_LATITUDE = re.compile(rb"[Ll](?i:at(?:itude)?)[\"']?\s{0,40}[:=>]\s{0,3}[\"']?[-+]?\d{1,2}\.\d{3,15}")
_NAMED_LONGITUDE = re.compile(rb"[Ll](?i:on(?:g(?:itude)?)?|ng)[\"']?\s{0,40}[:=>]\s{0,3}[\"']?[-+]?\d{1,3}\.\d{3,15}")
_APART = 300  # bytes from one to the other


def tells_a_place(data: bytes) -> bool:
    """Say whether a text holds a place or somebody's card; False for what is no text."""
    head = data[:MAX_TOLD_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        head = decode_marked(head).encode("utf-8", "replace")
    elif b"\0" in head[:4096]:
        return False
    return (
        _TOLD_FORMS.search(head) is not None
        or (any(sign in head for sign in _SIGNS_OF_DEGREES) and _TOLD_DEGREES.search(head) is not None)
        or any(form.search(head) is not None for form in (_TOLD_BARE, _TOLD_LETTERS, _TOLD_PLUS))
        or any(word in head and form.search(head) is not None for word, form in _BY_A_WORD)
        or _names_both(head)
        or _holds_a_pair(head)
        or _holds_a_fix(data)
    )


def _holds_a_fix(data: bytes) -> bool:
    return (b",N," in data or b",S," in data) and _FIX.search(data) is not None


def _names_both(text: bytes) -> bool:
    for match in _NAMED_LATITUDE.finditer(text):
        before = text[max(0, match.start() - 3) : match.start()]
        of_two_words = before.lower() == b"gps" or (match[0][:1] == b"L" and before[-1:].islower())
        if before[-1:].isalpha() and not of_two_words:
            continue  # "flat", "translate"
        around = text[max(0, match.start() - _APART) : match.end() + _APART]
        if _NAMED_LONGITUDE.search(around):
            return True
    return False


def _holds_a_pair(text: bytes) -> bool:
    for numbers in _TWO_NUMBERS.finditer(text):
        start = numbers.start()
        match = _PAIR_OF_DEGREES.search(text[max(0, start - _BEFORE_A_PAIR) : numbers.end() + _BEHIND_A_PAIR])
        if match is None:
            continue
        less, more = sorted((abs(float(match[1])), abs(float(match[2]))))  # some write longitude first
        if less <= 90 and _FARTHEST_AT_SEA < more <= 180:
            return True
    return False
