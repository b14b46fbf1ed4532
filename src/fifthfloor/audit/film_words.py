"""What a film says of itself in texts, sorted by the words of the names they stand under, whatever the list is called.

Everything is told that somebody may have written. Left out is what programs and cameras write by themselves: by its
name (encoders, brands, dates, settings), or because it is no words (numbers, times, identifiers).
"""

from __future__ import annotations

import re

from fifthfloor.audit.photo_facts import Draft
from fifthfloor.audit.written_numbers import is_a_number
from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.film_texts import FilmText, film_texts, unread_user_data
from fifthfloor.metadata.iso6709 import read_iso6709

# The four letters of a box -> its name (QuickTime's user data, 3GPP TS 26.244, iTunes).
_NAME_OF_LETTERS = {
    "\xa9nam": "title", "titl": "title", "tnam": "title", "sonm": "title", "chapter": "title",
    "\xa9mak": "make", "@mak": "make", "manu": "make", "\xa9mod": "model", "@mod": "model", "modl": "model",
    "\xa9mdl": "model", "cmnm": "model", "CNMN": "model", "\xa9swr": "software", "@swr": "software",
    "\xa9too": "software", "\xa9aut": "author", "auth": "author", "saut": "author", "\xa9ART": "artist",
    "aART": "artist", "soar": "artist", "soaa": "artist", "perf": "performer", "\xa9prf": "performer",
    "cprt": "copyright", "\xa9cpy": "copyright", "\xa9phg": "copyright", "\xa9dir": "director", "\xa9prd": "producer",
    "\xa9xpd": "producer", "\xa9com": "composer", "\xa9wrt": "writer", "soco": "composer", "\xa9swf": "writer",
    "\xa9arg": "arranger", "\xa9con": "conductor", "\xa9sol": "soloist", "\xa9ope": "artist", "\xa9ard": "director",
    "\xa9sne": "engineer", "\xa9own": "owner", "ownr": "owner", "apID": "account", "\xa9pub": "publisher",
    "\xa9des": "description", "desc": "description", "dscp": "description", "ldes": "description",
    "sdes": "description", "\xa9inf": "description", "\xa9cmt": "comment", "\xa9key": "keyword", "kywd": "keyword",
    "keyw": "keyword", "\xa9xyz": "location", "@xyz": "location", "loci": "location name", "gpsp": "location",
    "slno": "serial", "cmid": "camera serial", "clid": "clip",
    "SNum": "serial", "\xa9sn": "serial", "LENS": "lens serial", "\xa9src": "credits",
    "hdlr": "name", "\xa9alb": "album", "albm": "album", "\xa9gen": "genre", "gnre": "genre", "\xa9grp": "grouping",
    "\xa9lyr": "lyrics", "\xa9st3": "subtitle", "\xa9snm": "subtitle", "tvsh": "show", "tven": "episode",
    "catg": "category", "coll": "collection", "clsf": "classification", "clfn": "clip name", "fsid": "path",
}  # fmt: skip
_OF_A_PERSON = (
    "artist artists author authors creator director producer performer performers owner user composer writer "
    "publisher photographer copyright editor conductor soloist arranger lyricist engineer account person persons "
    "people actor actors cast crew credit credits by designer operator cameraman contributor presenter"
)
_OF_A_PLACE = "gps latitude longitude location locations place city country state province sublocation address venue"
_ABOUT_A_PLACE = frozenset(["accuracy", "role", "date"])
_KIND_OF_WORD = {
    "title": "title", "displayname": "title", "description": "description", "synopsis": "description",
    "information": "description", "comment": "comment", "keyword": "keyword", "keywords": "keyword", "tags": "keyword",
    "name": "name",
}  # fmt: skip
_OF_THE_CAMERA = {
    "make": "make", "manufacturer": "make", "model": "model", "software": "software", "version": "software",
    "encoder": "software",
}  # fmt: skip
_PREFIXES = re.compile(r"(?:com\.apple\.(?:quicktime|photos)|com\.android|mdta)\.")
# A name with one of these words is a program's or a camera's own.
_OF_A_PROGRAM = (
    "accuracy aperture aspect bitrate bits bpm brand brands brightness build capture cddb codec color colour "
    "compatible compressor contrast creation creationdate date day direction duration dynamic encode encoded "
    "encoding exposure facing firmware focal focus format fps frame framerate gain gamma hdr id identifier index "
    "intent iso language lens level live lut major minor mode montage motion offset orientation "
    "originatingsignature peak photo photos pitch playback player rate rating range replaygain requirements "
    "resolution roll rotation sensor shutter signature size smartstyle speed style time timecode timescale "
    "timezone tint tool type uid utc uuid variation version video vitality white year yaw zone"
)
# Boxes of numbers, settings and pictures, and what is read elsewhere.
_BOXES_OF_A_PROGRAM = (
    "mdln CNCV CNFV FIRM GoPr MUID CAME GPMF TAGS hinv kgtt apmd angl egid xid pmcc iTunSMPB iTunNORM "
    "iTunEXTC adzc adze adzm btec vndr CNOP DcMD date FOV loci.body purd hdvd tool cdec XMP_ Cr8r uuid free skip "
    "smrd smta FIEL SDLN PANA LEIC PENT PXMN PXTH RICO RMKN RTHU MMA0 MMA1 NCDT "
    "FFMV MVTG QVMI CNTH CNDA thmb scrn htcb "
    "hnti hinf Encoding-Params \xa9day \xa9fmt \xa9TIM \xa9TSC \xa9TSZ \xa9req \xa9trk \xa9xsp \xa9ysp \xa9zsp "
    "\xa9fpt \xa9fyw \xa9frl \xa9gpt \xa9gyw \xa9grl \xa9dji \xa9res \xa9uid"
)
_WORDS_OF_PERSONS, _WORDS_OF_PLACES, _TECHNICAL, _TECHNICAL_BOXES = (
    frozenset(listed.split()) for listed in (_OF_A_PERSON, _OF_A_PLACE, _OF_A_PROGRAM, _BOXES_OF_A_PROGRAM)
)
# What handlers and tracks are called by the programs that write films, and the languages of sound and subtitles.
_OF_A_HANDLER = re.compile(
    r"(?i)handler|media|video|audio|sound|core |track|avc|hevc|h\.?26[345]|aac|mp4|mpeg|prores|gopro|dji|insta"
    r"|ambarella|telemetry|text|subtitle|caption|chapter|time ?code|meta|timed|camm|rtmd|gpmd|stereo|mono|surround|hint"
    r"|stream|muxer|isom|iso file|gpac|l-smash|bento|google|apple|quicktime|unknown|undetermined|default|data|apps?\b"
    r"|vide|soun|english|deutsch|german|fran[cç]ais|french|espa|spanish|italian|japanese|chinese|korean|russian|portugu"
)
_NO_WORDS = re.compile(
    r"(?i)[\d\W]*(?:true|false|yes|no|on|off|none|null|und|n/a|back|front|auto|normal|default|unknown)?[\d\W]*"
    r"|\W*[0-9a-f]{2,}(?:[-:. ]?[0-9a-f]{2,}){3,}\W*"  # identifiers, hashes
    r"|\d{4}[-:/.]\d\d(?:[-:/.]\d\d)?(?:[T ]?[\d:.]*(?:Z|UTC)?[-+\d:]*)?"
    r"|[A-Z][a-z]{2},? [A-Z][a-z]{2} [ \d]?\d [\d: ]{9,}(?:[A-Z]{3,4} \d{4})?"
    r"|[-+]?[\d.,]+ ?(?:[a-z%°]{1,4}|fps|k?bps|k?hz)?"
    r"|flir one|palette:\w+;mediaType:[\w:;.]*"  # a telephone with a thermal camera
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")
_TWO_DEGREES = re.compile(r"\s*([-+]?\d{1,3}\.\d{2,15})[,;\s]\s*([-+]?\d{1,3}\.\d{2,15})")
_FEWEST_UNREAD_BYTES, _EXIF_START = 9, b"Exif\0\0"
# Where makers keep what stands in a photograph's note: serial numbers among it.
_BOXES_OF_MAKERS = frozenset(["TAGS", "MVTG", "QVMI", "MMA0", "MMA1", "RICO", "RMKN", "PENT", "PXMN", "PANA", "LEIC"])
_MAX_SHORT = 200  # letters of a make or a number


def read_words(description: bytes, draft: Draft) -> None:
    """Take the texts of a film's description, without its tracks' tables."""
    for said in film_texts(description):
        _take(said, draft)
    for name, data in unread_user_data(description):
        of_maker = name in _BOXES_OF_MAKERS and _EXIF_START not in data  # which is read
        if (of_maker or name not in _TECHNICAL_BOXES) and len(data) >= _FEWEST_UNREAD_BYTES:
            draft.pass_over("parts", f"udta {name}", len(data))


def _take(said: FilmText, draft: Draft) -> None:
    name = _PREFIXES.sub("", _NAME_OF_LETTERS.get(said.name, said.name))
    words = [word.lower() for word in _WORD.findall(name)]
    if not _WORDS_OF_PLACES.isdisjoint(words) or "6709" in words:
        _take_place(words, said.text, draft)
    elif "serial" in name.lower():
        number = said.text.split(";")[0].strip()[:_MAX_SHORT]
        draft.numbers.setdefault("lens_serial" if "lens" in words else "serial", number)
    elif name.lower() in _OF_THE_CAMERA:
        kind = _OF_THE_CAMERA[name.lower()]
        if not getattr(draft, kind):
            setattr(draft, kind, said.text[:_MAX_SHORT])
    elif said.name.replace(" ", "-") not in _TECHNICAL_BOXES and (
        not _NO_WORDS.fullmatch(said.text) or is_a_number(_kind_of(words), said.text)
    ):
        _take_text(name, words, said.text, draft)


def _take_place(words: list[str], text: str, draft: Draft) -> None:
    place = read_iso6709(text.encode()) or _pair(text)
    if place is not None:
        draft.gps = draft.gps or place
    elif "latitude" in words or "longitude" in words:
        draft.captions.angles.add("latitude" if "latitude" in words else "longitude", (), text)
    elif _ABOUT_A_PLACE.isdisjoint(words) and not _NO_WORDS.fullmatch(text):
        draft.captions.add("place", text)


def _pair(text: str) -> tuple[float, float] | None:
    match = _TWO_DEGREES.match(text)
    return checked_place(float(match[1]), float(match[2])) if match else None


def _kind_of(words: list[str]) -> str:
    return next((_KIND_OF_WORD[word] for word in words if word in _KIND_OF_WORD), "")


def _take_text(name: str, words: list[str], text: str, draft: Draft) -> None:
    kind = _kind_of(words)
    if not _WORDS_OF_PERSONS.isdisjoint(words):
        draft.captions.add("artist", text)
    elif kind == "name":
        if not _OF_A_HANDLER.search(text):
            draft.captions.add("title", text)
    elif kind:
        draft.captions.add(kind, text)
    elif _TECHNICAL.isdisjoint(words) or name.endswith("camera.identifier"):
        draft.captions.add("comment", f"{name}: {text}")
