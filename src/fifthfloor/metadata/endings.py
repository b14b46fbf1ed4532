"""The one list of endings of file names that cameras, and programs and people beside them, give; each with its kind.

An ending says what a file is meant to be, never what it is: whoever opens a file goes by its bytes.

Source: the supported-formats lists of ExifTool, libraw and rawspeed; DCF 2.0 (CIPA DC-009), sections 3 and 5; AVCHD,
XAVC and Canon folders on cards; for films of dashcams, recorders and cinema cameras the formats that VLC, ffmpeg's
demuxers and DaVinci Resolve list.
"""

from __future__ import annotations

import re
from typing import Literal

_KindOfName = Literal[
    "photograph", "raw", "film", "low-resolution copy", "thumbnail", "sound", "sidecar", "system file", "document",
    "other",
]  # fmt: skip

_ENDINGS_OF_KIND: dict[_KindOfName, str] = {
    "photograph": "avif avifs bmp gif heic heics heif heifs hif insp j2c j2k jfif jp2 jpe jpeg jpf jpg jps jpx jxl mpo "
    "png tif tiff webp",
    "raw": "3fr ari arq arw arx bay cap cr2 cr3 crw dcr dcs dng dpx drf eip erf fff gpr iiq k25 kdc mcraw mdc mef mos "
    "mrw nef nrw nev orf ori pef ptx r3d raf raw rw2 rwl rwz sr2 srf srw x3f",
    "film": "264 265 360 3g2 3gp 3gpp amv asf avi braw cine crm dav divx dv evo f4v flv h264 h265 insv m2p m2t m2ts "
    "m4v mjpeg mjpg mkv mod mov mp4 mpeg mpg mts mxf ogv osv qt rm rmf rmvb tod trp ts vob webm wmv",
    # A small film beside the film, for telephones and editing.
    "low-resolution copy": "glv lrf lrv",
    "thumbnail": "thm",
    "sound": "aac flac m4a mp3 wav wma",
    "sidecar": "aae cos dop dr4 gpx log nksc on1 pp3 spd srt vrd xmp",
    # What cameras keep for themselves: indexes, print orders, settings, firmware.
    "system file": "bdm bin bnp bup clpi cpi ctg dat db dsc fir ifo ind inp int lic mif mpl mpls mrk sav swm tdt "
    "tid tmp vpl",
    # What lies beside photographs and belongs to no frame: clip data, edits, what Google keeps of a photograph, notes,
    # lists, checksums, packed folders.
    "document": "7z acr ass csv gz htm html ini json lnk md md5 nfo pdf sha256 tar txt url vtt xml zip",
}  # fmt: skip
# Modules of Go and texts of TypeScript end so too; a camera's names have three digits before it (JVC's hexadecimal).
_NUMBERED = frozenset(["mod", "ts"])
_CAMERA_NUMBER = re.compile(r"\d[0-9A-Fa-f]{2}\Z")
KIND_OF: dict[str, _KindOfName] = {
    ending: kind for kind, listed in _ENDINGS_OF_KIND.items() for ending in listed.split()
}

PICTURES = frozenset(ending for ending, kind in KIND_OF.items() if kind in ("photograph", "raw"))
JPEGS = frozenset(["jfif", "jpe", "jpeg", "jpg"])
RAWS = frozenset(ending for ending, kind in KIND_OF.items() if kind == "raw")
# A name of one of these says that there was a photograph or a film.
SHOTS = frozenset(
    ending
    for ending, kind in KIND_OF.items()
    if kind in ("photograph", "raw", "film", "thumbnail", "low-resolution copy")
)
# What belongs to a frame: the shot, and what a camera or program puts beside it.
OF_A_FRAME = SHOTS | {ending for ending, kind in KIND_OF.items() if kind in ("sound", "sidecar")}

# What systems and storage at home keep for themselves, small: indexes, what was deleted, small copies of pictures.
SYSTEM_FOLDERS = frozenset(
    [
        "#recycle",
        "$recycle.bin",
        ".fseventsd",
        ".spotlight-v100",
        ".thumbnails",
        ".trash-1000",
        ".trashes",
        "@eadir",
        "system volume information",
    ]
)
SYSTEM_FILES = frozenset([".ds_store", "desktop.ini", "thumbs.db"])


def ending_of(name: str) -> str:
    """Return the ending of a name or path, small and without its dot; empty where there is none."""
    # By hand: a `PurePosixPath` for each of 5,000 names is half of the time a contact sheet takes.
    stem, _, ending = name.rstrip("/").rpartition("/")[2].rpartition(".")
    return ending.lower() if stem else ""


def known_ending_of(name: str) -> str:
    """Return the ending that speaks for a file: of two that other trades have, only behind a number."""
    ending = ending_of(name)
    return ending if ending not in _NUMBERED or _CAMERA_NUMBER.search(name.rstrip("/")[: -1 - len(ending)]) else ""


def kind_of_name(name: str) -> _KindOfName:
    """Return what a name says the file is."""
    return KIND_OF.get(known_ending_of(name), "other")


def is_picture(name: str) -> bool:
    """Say whether a name is that of a photograph, raw ones among them; no film, sidecar or voice note."""
    return known_ending_of(name) in PICTURES


# On FAT a short name keeps three letters: HEI of HEIC, INS of INSV, WEB of WEBP. Only in capitals, as such names are.
_CUT_SHORT = {
    ending[:3].upper(): ending
    for ending in sorted(OF_A_FRAME, reverse=True)
    if len(ending) > 3 and ending[:3] not in KIND_OF
}


def _ending_cut_short(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    return _CUT_SHORT.get(ending if stem else "", "") or known_ending_of(name)


def is_shot(name: str) -> bool:
    """Say whether a name is that of a photograph or film, or of a thumbnail of one."""
    return _ending_cut_short(name) in SHOTS


def is_of_a_frame(name: str) -> bool:
    """Say whether a name is that of a shot, or of a file that a camera or program puts beside one."""
    return _ending_cut_short(name) in OF_A_FRAME


_TEXT_SIDECARS = frozenset(["aae", "cos", "dop", "gpx", "log", "nksc", "on1", "pp3", "spd", "srt", "xmp"])


def is_text_beside_a_shot(name: str) -> bool:
    """Say whether a name is that of a sidecar that is a text."""
    return known_ending_of(name) in _TEXT_SIDECARS


# Endings that files of other trades have too: in free text they say nothing of a photograph.
_OF_OTHER_TRADES = frozenset(["264", "265", "360", "ari", "bay", "cap", "dv", "evo", "ori"])
# Endings that several makers have used for different things: a known beginning is theirs, another says nothing.
OF_SEVERAL_MAKERS = frozenset(["raw", "cap", "mos", "kdc", "iiq", "erf", "thm", "dav", "264", "265", "h264", "h265"])
# What is called so and begins as nothing known need be no photograph: memory dumps, modules of music, themes.
OF_ANYTHING = _OF_OTHER_TRADES | {"raw", "mos", "thm"}
TELLING_IN_TEXT = tuple(sorted(SHOTS - _OF_OTHER_TRADES))
"""Endings that tell of a photograph wherever they stand in a history, a log or a cache."""


def alternatives(*, wide: bool = False) -> bytes:
    """Return those endings as an expression to stand behind a dot, longest first, so that none hides another.

    Args:
        wide: for UTF-16, little-endian.
    """
    zero = b"\0" if wide else b""
    numbered = rb"(?<=\d%b[0-9A-Fa-f]%b[0-9A-Fa-f]%b\.%b)" % (zero, zero, zero, zero)
    longest = sorted(TELLING_IN_TEXT, key=lambda ending: (-len(ending), ending))
    return b"|".join(
        (numbered if ending in _NUMBERED else b"") + b"".join(letter.encode() + zero for letter in ending)
        for ending in longest
    )
