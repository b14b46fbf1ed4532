"""What a property that nobody listed is about: a place, a person, a number of a device, or words somebody wrote.

Rule: the list is of what is technical. Programs invent properties faster than anybody lists them, so that every text
counts as somebody's unless its name or its form is known to be a machine's; the name only hints what kind it is.

Source: the names of the 2,800 properties of XMP that ExifTool 12.57 can write, gone through one by one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fifthfloor.audit.written_by_itself import is_date_in_words, is_of_a_program

_CAMEL_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Prefixes of name spaces in which programs alone write: settings of converters, colours, histories, depth, panoramas.
_TECHNICAL_SPACES = _set_of(
    "crs crd crss crlcp stevt stref exif tiff exifex stmfs xmpmm xmpg xmpgimg xmptpg xmpnote stdim starea stfnt "
    "gimage gdepth gaudio gpano gspherical gcontainer container item gcamera gcreations device hdrgm hdrgainmap "
    "hdr_metadata apdi aas apple-fi limage mp1 drone-dji flir camera profile swf aux stcamera creatoratom "
    "photomech xmpidq lcp darktable rt pefsl ns3 fstop mpri mprg tool micamera gimp samsung huawei ics-app "
    "dngadobe dng"
)
# Last words of names of what machines write.
_TECHNICAL_ENDS = _set_of(
    "digest hash version format mode profile width height unit units model make manufacturer lens firmware "
    "software tool toolkit program language lang space orientation mime semantic flag ref data datum rate "
    "resolution compressor rating percent settings count index sensitivity satellites alpha table curve sampling "
    "primaries matrix offset converter prefs thumbnail dpp rpp snapshots encoding application product shape "
    "creatortool"
)
# Last words of names of what is a machine's, unless words stand in it.
_CODED_ENDS = _set_of(
    "id identifier code guid uuid uri url type status number no class variant key source iptc action reference "
    "method priority extension label ancestors terms rank marked about scheme date time stamps order depth size "
    "scale duration speed length temperature usage info note image file warning constraints disclosure role "
    "category"
)
_NEVER_TECHNICAL = _set_of(
    "photoshop:Source dc:source tiff:ImageDescription exif:UserComment album:Notes photoshop:History acdsee:Notes "
    "plus:OtherImageInfo plus:OtherLicenseInfo Iptc4xmpExt:AddlModelInfo iptcExt:AddlModelInfo xmpDM:shotName "
    "prism:device exif:Artist exif:Copyright exif:ImageDescription exif:CameraOwnerName exif:OwnerName exif:XPAuthor "
    "exif:XPComment exif:XPKeywords exif:XPSubject exif:XPTitle exifEX:Artist exifEX:CameraOwnerName exifEX:OwnerName "
    "exifEX:Photographer exifEX:ImageEditor exifEX:ImageTitle tiff:Artist tiff:Copyright tiff:DocumentName "
    "tiff:PageName aux:Owner aux:OwnerName darktable:Author"
)
_NAMES_OF_PLACES = _set_of(
    "city country location sublocation province landmark address adr street neighborhood neighbourhood place "
    "region county municipality island geography locality district pcode postal coordinates waterbody continent "
    "worldregion provincestate countryname citypcode"
)
# How good or how far off an angle is, and no angle: RTK's deviations are metres.
_OF_AN_ANGLE = _set_of("std dev deviation sigma error accuracy precision offset variance delta span speed rate rms dop")
_NAMES_OF_PERSONS = _set_of("person persons people personality depicted patient physician faces")
_OWNERS = _set_of(
    "creator author authors artist owner writer photographer photography editor byline contact email tel "
    "telephone phone licensor licensee supplier director producer composer engineer client credit rights "
    "copyright publisher contributor attribution operator"
)
# What reaches or places somebody though no letter stands in it.
_OF_DIGITS_TOO = re.compile(r"(?i:phone|contact|postal|pcode|address)|Tel(?![a-z])|Cell|LocationArea")
_SOME_DIGITS = re.compile(r"(?:\d[ +()./-]{0,3}){3}")
_WRITTEN_DATE = re.compile(r"(?:\d{4}[-:/]\d\d?[-:/]\d\d?|\d\d?:\d\d)[-+\d:T.Z ]{0,24}")
_WRITTEN_IDENTITY = re.compile(
    r"(?:xmp|uuid|adobe|urn|guid|did|iid|c2pa|self#jumbf)[.:=][^\s]{4,}|[{(]?[0-9A-Fa-f]{8}(?:-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}[})]?"
    r"|(?=\S{0,40}\d)[0-9A-Fa-f]{16,}"
)
_WRITTEN_MIME = re.compile(r"(?:image|video|audio|text|application|model)/[\w.+-]{1,60}")
_VOCABULARY = re.compile(
    r"https?://(?:ns\.|cv\.|www\.w3\.org|purl\.org|creativecommons\.org|[\w.]{1,40}/(?:ns|xmlns|vocab))\S*"
)
# The code of a characteristic, and the list it is of (IPTC's "CvTerm"); of a person itself the address tells who it is.
_OF_A_VOCABULARY = re.compile(r"\??[\w-]{0,20}:?Cv(?:Id|TermId|TermRefinedAbout)")
_STRUCTURE = re.compile(r"(\w+:\w+)Detail")  # what kind of thing a property is: of plus:ImageCreator
_OF_TIME = re.compile(r"(?i)(?:date|time)\W*\Z")
_ADDRESS_ALONE = re.compile(r"https?://\S+|[a-z]{2,20}:\S+")
_CODED_BYTES = re.compile(r"[A-Za-z0-9+/=_-]{76}")
_HOME_FOLDER = re.compile(r"(?:/Users/|/home/|\\Users\\|/Volumes/|/media/)\w")
_WORDY = re.compile(r"[^\W\d_]{2,}[^\w\n]{1,3}[^\W\d_]{2,}|[\u2e80-\uffef]{2,}")
_SWITCHES = _set_of("true false yes no none n/a unknown default undefined evaluatedused auto automatic pixel")


def kind_of_property(name: str, inside: tuple[str, ...], text: str) -> str | None:
    """Return the kind of text (`captions.Captions`), "said" for words of any kind; None for what a machine wrote.

    Args:
        name: with a prefix or without one: "photoshop:Instructions", "Iptc4xmpExt:Name".
        inside: the properties it is nested in, outermost first.
        text: its value.
    """
    if name == "rdf:type" or ((struct := _STRUCTURE.fullmatch(text.strip())) and struct[1] == name.lstrip("?")):
        return None
    if _OF_A_VOCABULARY.fullmatch(name) and _ADDRESS_ALONE.fullmatch(text.strip()):
        return "said"
    if _OF_TIME.search(name) and is_date_in_words(text):
        return None
    hint, technical, coded = _by_name(name, inside[-2:])
    if hint in ("serial", "lens_serial"):
        return (
            hint if any(character.isalnum() for character in text) and text.strip().lower() not in _SWITCHES else None
        )
    if hint in ("latitude", "longitude", "latitude_ref", "longitude_ref"):
        return hint
    if _HOME_FOLDER.search(text):
        return "said"
    if hint and _OF_DIGITS_TOO.search(name.rpartition(":")[2]) and _SOME_DIGITS.search(text):
        return hint
    if _is_a_machines(text):
        return None
    if hint:
        return hint
    return None if technical or (coded and not is_wordy(text)) else "said"


def is_wordy(text: str) -> bool:
    """Say whether a text is more than one word, as no code is."""
    return _WORDY.search(text) is not None


@lru_cache(maxsize=4096)
def _by_name(name: str, inside: tuple[str, ...]) -> tuple[str, bool, bool]:
    """Return what kind a name hints, and whether it is technical always, or where no words stand in it."""
    prefix, _, local = name.rpartition(":")
    words = [word.lower() for word in _CAMEL_WORD.findall(local)]
    space = prefix.lstrip("?").lower()
    last = words[-1] if words else ""
    never = name.lstrip("?") in _NEVER_TECHNICAL
    technical = not never and (space in _TECHNICAL_SPACES or last in _TECHNICAL_ENDS)
    hint = _hint(words, last, local.lower())
    if not hint and inside and not technical:
        # "Name" and "City" alone say little: what they stand in says it.
        outer = [_hint_of_outer(outer) for outer in reversed(inside)]
        hint = next((found for found in outer if found in ("artist", "person")), "")
    if hint == "artist" and not never and space in _TECHNICAL_SPACES and not {"contact", "email"}.intersection(words):
        hint = ""  # of a preset or a profile
    return hint, technical, not never and last in _CODED_ENDS


def _hint_of_outer(outer: str) -> str:
    words = [word.lower() for word in _CAMEL_WORD.findall(outer.rpartition(":")[2])]
    return _hint(words, words[-1] if words else "", "")


def _hint(words: list[str], last: str, local: str) -> str:
    known = set(words)
    if last != "format" and ("serial" in known or "serialno" in known or "serialnumber" in local):
        return "lens_serial" if "lens" in known else "serial"
    for angle, names in (("latitude", ("latitude", "lat")), ("longitude", ("longitude", "longtitude", "lon", "lng"))):
        if known.intersection(names) and not known & _OF_AN_ANGLE:
            return f"{angle}_ref" if last == "ref" else angle
    if "cell" in known and known & {"global", "tower"}:
        return "place"  # of a telephone's network
    if last in ("ref", "unit", "type", "version", "id"):
        return ""
    if known & _NAMES_OF_PLACES or words in (["state"], ["province", "state"]):
        return "place"
    if "gps" in known and known & {"area", "position"}:
        return "place"
    if known & _NAMES_OF_PERSONS:
        return "person"
    return "artist" if known & _OWNERS else ""


def _is_a_machines(text: str) -> bool:
    """Say by its form alone whether a value is a number, a date, a switch, an identity or something packed."""
    value = text.strip()
    letters = sum(character.isalpha() for character in value[:400])
    if letters < 2 and not any(ord(character) >= 0x2E80 for character in value[:400]):
        return True
    return (
        value.lower() in _SWITCHES
        or _WRITTEN_DATE.fullmatch(value) is not None
        or _WRITTEN_IDENTITY.fullmatch(value) is not None
        or _WRITTEN_MIME.fullmatch(value) is not None
        or _VOCABULARY.fullmatch(value) is not None
        or _CODED_BYTES.match(value) is not None
        or is_of_a_program(value)
    )
