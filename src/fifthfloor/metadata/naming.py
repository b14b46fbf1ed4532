"""One recording, several names: how makers name what one press of a button leaves on a card, and what they count.

A row of the table says which part of a name is the counter, which files are one recording, and what the counter runs
within. Digits beside it are chapters, lenses, folders or days and no numbers of frames.

Sources:
- DCF 2.0 (CIPA DC-009), section 3: four characters and four digits; Panasonic and Leica put the folder's number among
  the characters (P1000999, then P1010001), Olympus month and day (P5010001).
- GoPro, "File Naming Convention" (community.gopro.com): GX (HEVC), GH (AVC) or GS (360), two digits of the chapter,
  four of the number; GL is the small copy (.LRV); GOPR and GP before HERO6; G, three digits of the group, four of the
  number for bursts. All chapters of one recording have one codec. GG is a film in place of a photograph (LiveBurst;
  github.com/trek-view/gopro-metadata, hero10). 3D HERO: 3D_L and 3D_R, left and right (the same page). Fusion: GPFR and
  GPBK, front and back, in 100GFRNT and 100GBACK, later chapters GF and GB with two digits (trek-view/gopro-metadata,
  fusion: GPFR7152 and GPBK7152, GF075169 and GB075169); .WAV is its sound.
- Insta360, file names of X and ONE cameras (onlinemanual.insta360.com): VID or LRV, day, time, 00 and 10 for the two
  lenses (01 and 11 for the small copies), then the number.
- Insta360 Pro 2 and Titan: a folder a recording, VID_20240324_090228 or PIC_20240324_183332, on the card of each lens
  with origin_1.mp4 (origin_1_1.dng), on the main one with origin_1_lrv.mp4, preview.mp4, gyro.mp4, pro.prj (cards as
  github.com/Han-Zhong/Insta360-MaterialOrganization lists them). Pro: day and time with "_" between all.
- DJI, manuals of Mavic 3 and Mini 4 Pro: DJI_0001, later DJI_<time>_0001_D; .SRT, .LRF beside it, MISC/THM/<folder>.
  The pictures of a panorama or hyperlapse lie in a folder that has the number of the recording: the camera itself
  writes DCIM/100MEDIA/DJI_0255.html, which sends a browser to ../PANORAMA/100_0255/, and DJI_<time>_0021_D.MP4 is the
  film of DCIM/HYPERLAPSE/001_0021 (programs that read such cards take them so; no manual of DJI's says it). The whole
  panorama may not be on the card: the app makes it. MISC/THM/DJI_001 is of DCIM/DJI_001, MISC/THM/100 of
  DCIM/100MEDIA; DCIM/DJI_100 is another folder than 100MEDIA.
- Sony, "XAVC S folder structure" (helpguide.sony.net): CLIP/C0001.MP4, C0001M01.XML, THMBNL/C0001T01.JPG,
  SUB/C0001S03.MP4, the index MEDIAPRO.XML; XDROOT the same with MXF, and with letters of the user's own for the C
  (XDCAM, "Assigning user-defined clip names": what goes with a clip has its name before M01, S01, T01).
- Canon Cinema EOS and RED, ARRI, Blackmagic Design: reel and clip (A001C001_240501AB_CANON, A001_C001_0501AB_001,
  A001_05011200_C016). Canon EOS C400 and C80, "Clips File Names": camera index, reel of four digits, C or D and the
  clip (A_0001C001X240501_120000AB_CANON). Blackmagic Pocket Cinema Camera, "File Naming Convention": camera, reel,
  day, time, clip (BMPCC_1_2024-05-01_1201_C0001.mov).
- ARRIRAW: the frames of a clip in its folder, A001C001_240501_R1AB.0000001.ari ("ARRIRAW File Sequence Clips").
- Sigma fp: CINEMA/A001_001_20260801.MOV, and of CinemaDNG a folder a recording, A001_001/A001_001_20260701_000001.DNG
  (what it writes as public repositories keep it for trying programs on).
- Sony, XDCAM EX (BPAV/CLPR/123_0001_01/123_0001_01.MP4) and the reels of its cinema cameras (A001C0001_240501AB.MP4).
- Panasonic, P2 (CONTENTS/VIDEO/0001AB.MXF, and of the same name in AUDIO, CLIP, ICON, PROXY, VOICE); Canon, XF
  (CONTENTS/CLIPS001/AA0001/AA000101.MXF).
- AVCHD 2.0: five digits in STREAM, CLIPINF and PLAYLIST, from 00000 on.
- JVC Everio, "Folder Structure and Extensions" (SD-VIDEO 1.1): SD_VIDEO/PRG001/MOV001.MOD or .TOD, MOV001.MOI beside
  it; three hexadecimal digits.
- iPhone: IMG_E0001 is the edited copy of IMG_0001, IMG_O0001.AAE what was asked of the camera (what Image Capture
  copies: mkimakima.hatenablog.com 2024-04-29, femkreations.com "iPhone photos and the different image formats").
- Nikon Coolpix S33, W150, "File Names": DSCA0001.WAV is the message to DSCN0001.JPG, DSCB0001.WAV the answer.
- Canon PowerShot A510 and SX10 IS, "Software Starter Guide": SND_0001.WAV is the sound annotation of IMG_0001.JPG.
- Dashcams: day, time, counter, then letters of the lens and quality (Nextbase, "File Names": 240915_143027_001_FH.MP4;
  VIOFO: 20240501120000_000001F.MP4, FILE240501-120000-000001F.MP4); recorders of films: REC0001.MP4, MOV_0001.AVI.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal

Kind = Literal["still", "film", "any"]

_FILM_ENDINGS = r"MP4|MOV|360|LRV|THM|WAV|INSV|MXF"
_RECORDED = r"MP4|MOV|AVI|TS|MTS|MKV|DAV|H264|H265|ASF|WMV|FLV|3GP|MPG|MXF|OSV|LRV|THM|GPX|SRT|WAV"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a name says of its recording.

    Args:
        maker: the row of the table.
        series: within which the number counts: a reel, a lens's camera; "" where all names of a folder count together.
        number: of the recording, as the maker counts.
        digits: how many it has.
        kind: what is counted.
        place: folders below which the files of one recording lie: a card's path, "" for all of it.
        moment: what else must be equal, such as a time in the name; "" where the number alone tells.
        hexadecimal: how the number is written.
    """

    maker: str
    series: str
    number: int
    digits: int
    kind: Kind
    place: str
    moment: str = ""
    hexadecimal: bool = False

    @property
    def written(self) -> str:
        """The number with its zeros."""
        return with_zeros(self.number, self.digits, hexadecimal=self.hexadecimal)


def with_zeros(number: int, digits: int, *, hexadecimal: bool) -> str:
    """Write a number as its maker does."""
    return f"{number:0{digits}X}" if hexadecimal else f"{number:0{digits}d}"


@dataclass(frozen=True, slots=True)
class _NamePattern:
    """A maker's pattern: groups `number`, and perhaps `series` and `moment`; `up` folders above are its place.

    Args:
        within: what a folder on the way must be called; "" where the name alone tells.
        apart: each recording has a folder of its own, so that what counts together is the place.
    """

    maker: str
    pattern: re.Pattern[str]
    kind: Kind
    up: int = 0
    within: str = ""
    apart: bool = False


def _row(maker: str, pattern: str, kind: Kind, up: int = 0, within: str = "", *, apart: bool = False) -> _NamePattern:
    return _NamePattern(maker, re.compile(rf"{pattern}", re.IGNORECASE), kind, up, within, apart)


_DAY_AND_TIME = r"(?:\d{4}|\d\d)_?\d{4}[_-]?\d{6}"

# Month and day or more, some with the time (Z CAM, Kinefinity) or the magazine (ARRI) behind, and two letters drawn for
# each clip.
_REEL_DAY = r"(?:\d{14}|\d{10}|\d{6}_R[0-9A-Z]{3}|\d{4,8})(?:[A-Z]{2})?"
# Folders that lie beside each other and hold what belongs together; elsewhere each folder counts by itself, for two
# days' copies of a card begin with the same number.
_SIDE_BY_SIDE = {
    "sony": re.compile(r"CLIP|SUB|THMBNL|EDIT|TAKE|GENERAL|USERDATA", re.IGNORECASE),
    "reel": re.compile(r"CLIP|SUB|THMBNL|EDIT|TAKE", re.IGNORECASE),
    "avchd": re.compile(r"STREAM|CLIPINF|PLAYLIST", re.IGNORECASE),
}

# The first row that fits a whole name decides.
_NAMING_ROWS = (
    _row("gopro", rf"G[XHLSG](?:\d\d|[A-Z]{{2}})(?P<number>\d{{4}})\.(?:{_FILM_ENDINGS})", "film", up=1),
    _row("gopro", rf"(?:GOPR|GP\d\d)(?P<number>\d{{4}})\.(?:{_FILM_ENDINGS})", "film", up=1),
    _row("gopro", rf"(?:GPFR|GPBK|G[FB]\d\d)(?P<number>\d{{4}})\.(?:{_FILM_ENDINGS})", "film", up=1),
    _row("gopro", r"(?:GPFR|GPBK|G[FB]\d\d)(?P<number>\d{4})\.(?:JPG|GPR)", "still", up=1),
    _row("gopro", rf"(?P<series>3D)_[LR](?P<number>\d{{4}})\.(?:{_FILM_ENDINGS})", "film", up=1),
    _row("gopro", r"(?P<series>3D)_[LR](?P<number>\d{4})\.(?:JPG|GPR)", "still", up=1),
    _row("gopro", r"(?:GOPR|G\d{3}|GSA[A-Z]|GS__)(?P<number>\d{4})\.(?:JPG|GPR|WAV)", "still", up=1),
    _row("insta360", r"(?:PRO_)?(?:VID|LRV)_(?P<moment>\d{8}_\d{6})_\d\d_(?P<number>\d{3,5})\.\w+", "film"),
    _row("insta360", r"(?:PRO_)?IMG_(?P<moment>\d{8}_\d{6})_\d\d_(?P<number>\d{3,5})\.\w+", "still"),
    _row("dji", r"DJI_(?P<moment>\d{14}|\d{8}_\d{6})_(?P<number>\d{3,4})(?:_[A-Z0-9]+)*\.\w+", "any"),
    _row("dji", r"DJI_(?P<number>\d{4})(?:_[A-Z]{1,3})?\.\w+", "any"),
    _row("sony", r"(?P<series>(?:\w+_)?)C(?P<number>\d{4})(?:[MTSRP]\d\d)?\.\w+", "film", up=1),
    _row("sony", rf"(?P<series>[A-Z]\d{{3}})C(?P<number>\d{{4}})_(?P<moment>{_REEL_DAY})?\w*\.\w+", "film", up=1),
    _row("sony", r"(?P<series>(?=\d*[A-Z_])\w*?)(?P<number>\d{4,5})(?:[MTSRP]\d\d)?\.\w+", "film", 1, r"XDROOT|M4ROOT"),
    _row("bpav", r"(?P<series>\d{3})_(?P<number>\d{4})_\d\d(?:[MR]\d\d)?\.\w+", "film", 1, r"CLPR", apart=True),
    _row(
        "red",
        r"(?P<series>[A-Z]\d{3})_C(?P<number>\d{3})_(?:(?P<moment>\d{4}[A-Z0-9]{2})(?![A-Z0-9]))?\w*\.\w+",
        "film",
        1,
        r"\w+\.RDC",
        apart=True,
    ),
    _row(
        "p2", r"(?P<number>\d{4})(?P<moment>[A-Z0-9]{2})(?:\d\d)?\.\w+", "film", 1, r"VIDEO|AUDIO|CLIP|ICON|PROXY|VOICE"
    ),
    _row("xf", r"(?P<series>[A-Z]{2})(?P<number>\d{4})\d{0,2}\.\w+", "film", 1, r"CLIPS\d{3}", apart=True),
    _row("reel", r"(?P<series>[A-Z][A-Z_]\d{4}[CD])(?P<number>\d{3})[A-Z_]?(?P<moment>\d{6}_\d{6})?\w*\.\w+", "film"),
    _row("reel", r"(?P<series>\w+_\d{1,3}_)(?P<moment>\d{4}-\d\d-\d\d_\d{4})_C(?P<number>\d{4})(?:_\w+)?\.\w+", "film"),
    _row("reel", r"(?P<series>[A-Z]\d{3})_(?P<moment>\d{8})_C(?P<number>\d{3,4})(?:_\w+)?\.\w+", "film"),
    _row(
        "reel",
        rf"(?P<series>[A-Z]\d{{3}})_?C(?P<number>\d{{3,4}})(?:_(?P<moment>{_REEL_DAY})?\w*)?(?:\.\d{{6,8}})?\.\w+",
        "film",
    ),
    _row(
        "sigma",
        r"(?P<series>[A-Z]\d{3})_(?P<number>\d{3})_(?P<moment>\d{8})(?:_\d{6})?\.(?:DNG|MOV|WAV|XML)",
        "film",
    ),
    # A playlist of the same number is of many clips.
    _row("avchd", r"(?P<number>\d{5})\.(?:MTS|M2TS|CPI|CLPI)", "film", up=1),
    _row("jvc", r"MOV(?P<hexadecimal>[0-9A-F]{3})\.(?:MOD|TOD|MOI)", "film"),
    _row(
        "dashcam",
        rf"(?:[A-Z]{{2,5}}_?)?(?P<moment>{_DAY_AND_TIME})[_-](?P<number>\d{{4,6}})(?:_?[A-Z]{{1,2}})?"
        rf"\.(?:{_RECORDED})",
        "film",
    ),
    _row("dashcam", rf"(?P<moment>{_DAY_AND_TIME})[_-](?P<number>\d{{3}})_?[A-Z]{{1,2}}\.(?:{_RECORDED})", "film"),
    _row("dashcam", rf"(?P<moment>\d{{4}}_\d{{4}}_\d{{6}})_(?P<number>\d{{3}})[A-Z]?\.(?:{_RECORDED}|JPG)", "film"),
    _row("dcf", r"[A-Z0-9_]{4}(?P<number>\d{4})\.[A-Z0-9]{3,4}", "any"),
    _row("recorder", rf"(?P<series>[A-Z]{{2,3}}_?)(?P<number>\d{{3,5}})\.(?:{_RECORDED})", "film"),
)
_DJI_SET = re.compile(
    r"(?P<folder>DCIM/(?:PANORAMA|HYPERLAPSE)/(?P<of>\d{3})_(?P<number>\d{3,5}))(?:/[^/]+)?", re.IGNORECASE
)
_RIG = re.compile(
    r"(?P<folder>(?:(?P<above>.*)/)?(?:VID|PIC)_(?P<day>(?:19|20)\d\d_?\d\d_?\d\d)_(?P<time>\d\d_?\d\d_?\d\d))"
    r"(?:/(?:origin_\d{1,2}(?:_\d{1,2}|_lrv)?|preview|pro|gyro|thumbnail)\.\w+)?",
    re.IGNORECASE,
)
_GOPRO_CHAPTER = re.compile(r"(?P<codec>GOPR|GP|G[XHLSG])(?P<chapter>\d\d|[A-Z]{2})?\d{4}", re.IGNORECASE)
_FUSION = re.compile(r"G(?:P(?P<first>FR|BK)|(?P<later>[FB]\d\d))\d{4}", re.IGNORECASE)
_NAMES_BESIDE = (
    (re.compile(r"(IMG_)[EO](\d{4})\.\w+", re.IGNORECASE), r"\1\2"),
    (re.compile(r"([DRSF]SC)[AB](\d{4})\.WAV", re.IGNORECASE), r"\1N\2"),
    (re.compile(r"SND(_)(\d{4})\.WAV", re.IGNORECASE), r"IMG\1\2"),
)
_DJI_FOLDER = re.compile(r"^(?:MISC/(?:THM|IDX)/|DCIM/)(?P<newer>DJI_)?(?P<number>\d{3})", re.IGNORECASE)
_FIRST_OF_DCF = 100  # folders of DCF are 100 to 999, DJI's newer ones begin with DJI_001


@lru_cache(maxsize=1 << 16)  # asked for by each that looks at the names of a card
def recording_of(path: str) -> Recording | None:
    """Read the name of a file; None where no row of the table fits, as with names that are times alone.

    Args:
        path: of the file, "/" between names; its folders say where the other files of the recording lie.
    """
    if of_set := _DJI_SET.fullmatch(path):
        return Recording("dji", "", int(of_set["number"]), 4, "any", f"DJI/{of_set['of']}")
    if rig := _RIG.fullmatch(path):
        day, time = (rig[part].replace("_", "") for part in ("day", "time"))
        return Recording("insta360", "", int(time), 6, "any", rig["above"] or ".", day + time)
    folder, _, name = path.rpartition("/")
    for row in _NAMING_ROWS:
        match = row.pattern.fullmatch(name)
        if match is None or not _is_within(row, folder):
            continue
        told = match.groupdict()
        in_hexadecimal = told.get("hexadecimal")
        number = in_hexadecimal or told["number"]
        counted = int(number, 16 if in_hexadecimal else 10)
        # Pictures are counted from 1 on (DCF), clips of some makers from 0.
        if counted or row.kind == "film":
            place = folder.rpartition("/")[0] if _is_beside_others(row, folder) else folder
            if row.maker == "dji" and (numbered := _DJI_FOLDER.match(path)):
                # Thumbnails lie in MISC/THM/<number of the folder>.
                newer = numbered["newer"] and int(numbered["number"]) >= _FIRST_OF_DCF
                place = f"DJI/{'DJI_' if newer else ''}{numbered['number']}"
            series, moment = (told.get("series") or "").upper(), (told.get("moment") or "").upper()
            written = bool(in_hexadecimal)
            return Recording(row.maker, series, counted, len(number), row.kind, place or ".", moment, written)
    return None


def set_folder(path: str) -> str | None:
    """Return the folder that has a recording's number for its name, of a file in it or of itself; None: no such.

    The pictures of a panorama are called DJI_0001 and so on in each of these folders, the lenses of a rig origin_1 in
    each: their names tell nothing.
    """
    of_set = _DJI_SET.fullmatch(path) or _RIG.fullmatch(path)
    return of_set["folder"] if of_set else None


def gopro_chapter(path: str) -> tuple[str, str]:
    """Return the letters of the codec and the chapter of a GoPro's name; no codec: a small copy, or a photograph.

    A chapter of the Fusion is told with its lens: both are one recording, and each lens has each chapter once.
    """
    name = path.rpartition("/")[2].upper()
    if fusion := _FUSION.match(name):
        return "FUSION", fusion["later"] or f"{fusion['first'][0]}00"
    match = _GOPRO_CHAPTER.match(name)
    if match is None or name.endswith((".JPG", ".GPR")):
        return "", name
    codec, chapter = match["codec"], match["chapter"] or "00"
    return {"GOPR": "GP", "GL": ""}.get(codec, codec), chapter


def lens_of(path: str) -> str:
    """Return which lens of a GoPro Fusion a file is of, "F" or "B"; empty where it is of no such camera."""
    codec, chapter = gopro_chapter(path)
    return chapter[0] if codec == "FUSION" else ""


def original_of(path: str) -> str | None:
    """Return the name in capitals, without ending, of what a file is an edited copy of or belongs to; None: its own."""
    name = path.rpartition("/")[2]
    match, original = next(((found, to) for row, to in _NAMES_BESIDE if (found := row.fullmatch(name))), (None, ""))
    return match.expand(original).upper() if match else None


def _is_within(row: _NamePattern, folder: str) -> bool:
    return not row.within or any(re.fullmatch(row.within, part, re.IGNORECASE) for part in folder.split("/"))


def _is_beside_others(row: _NamePattern, folder: str) -> bool:
    """Whether the other files of a recording may lie in the folders beside."""
    side_by_side = _SIDE_BY_SIDE.get(row.maker)
    return _is_proxy(folder) or bool(
        side_by_side.fullmatch(folder.rpartition("/")[2]) if side_by_side and not row.within else row.up
    )


def _is_proxy(folder: str) -> bool:
    """Whether a folder holds small copies of what lies beside it (Blackmagic Design's "Proxy")."""
    return folder.rpartition("/")[2].lower() == "proxy"


def counts_in(path: str) -> str:
    """Return the folder in which a file's number counts: its own, or that above where each recording has one."""
    folder, _, name = path.rpartition("/")
    row = next((row for row in _NAMING_ROWS if row.pattern.fullmatch(name) and _is_within(row, folder)), None)
    above, _, last = folder.rpartition("/")
    # ARRI, Sigma, frames of CinemaDNG: a folder that the clip gave its name.
    own = row is not None and row.maker in ("reel", "sigma") and len(last) >= _CLIP_NAME
    if row is not None and (row.apart or (own and name.upper().startswith(last.upper()))):
        return above or "."
    return folder or "."


_CLIP_NAME = 8  # of a folder: A001_001; A001 is a reel's


def number_of(path: str) -> int | None:
    """Return the number a person reads off the camera: the maker's, else the digits the name ends in; None: neither.

    P1010801.JPG is 801, as the camera shows it beside the folder's 101; DJI_20260501120000_0007_D.MP4 is 7.

    Args:
        path: of the file, or its name with or without an ending.
    """
    found = recording_of(path)
    return found.number if found else last_digits(PurePosixPath(path).name.split(".", 1)[0])


def last_digits(stem: str) -> int | None:
    """Return all digits a name ends in as one number, as it is typed with its letters: P1010801 is 1010801."""
    match = _LAST_DIGITS.search(stem)
    return int(match[0]) if match else None


def number_of_count(file_number: int) -> int | None:
    """Return the number of a file from the count inside it, which holds its folder too: 1000041 is 41; 0: none."""
    return file_number % 10000 or None


_LAST_DIGITS = re.compile(r"[0-9]+$")


def is_companion(path: str) -> bool:
    """Whether a file is only beside a recording: a thumbnail, a small copy, a description, an index of one clip."""
    folder, _, name = path.rpartition("/")
    return bool(_COMPANION.search(name.upper())) or (_is_proxy(folder) and recording_of(path) is not None)


_COMPANION = re.compile(
    r"(?:\.(?:THM|LRV|LRF|SRT|XML|XMP|CPI|CLPI|TID|SCR|GLV|MOI|GPX)|(?:[A-Z_]\d{4}|[A-Z]\d{3}C\d{3})(?:_\w+)?[TSP]\d\d\.\w+|^(?:PRO_)?LRV_.*|^GL\d{6}\.\w+)$"
)
