"""Texts that cameras and programs write into every picture: nobody asks about them, and they raise no finding.

Rule: a text is one of these only as a whole; whatever else stands in it is somebody's. The rulebook looks at all.

Source: 88 photographs of as many cameras, and what libraries of JPEG are known to write (ExifTool's samples).
"""

from __future__ import annotations

import re

_OF_CAMERAS = frozenset([
    "olympus digital camera", "default", "minolta digital camera", "sony dsc", "dcim", "exif_jpeg_picture",
    "digital camera", "samsung", "samsung digital camera", "kodak digital still camera", "pentax",
    "my beautiful picture", "applemark", "padbytes", "ascii", "unicode", "binary comment", "charset=ascii",
    "charset=ascii binary comment", "screenshot", "image", "picture", "photo", "untitled", "user comment",
    "user comments", "hdr", "hdrplus", "gps", "network", "cellid", "fused", "manual", "none", "null",
    "this is usercomment. tag $9286 code: ascii", "jpeg", "jfif", "exif", "comment", "no comment",
    "pentax digital camera", "nikon digital camera", "sanyo digital camera", "konica minolta digital camera",
    "fujifilm digital camera",
    "dji meta data", "unknown", "png", "tiff", "webp", "heic", "bitmap",
])  # fmt: skip
_WRITING_PROGRAM = re.compile(
    r"(?:file written by adobe photoshop\W{0,3}|created with (?:the )?gimp|creator: gd-jpeg v[\d.]+|lav[cf]|"
    r"lead technologies,?|intel\(r\) (?:ipp )?jpeg|handmade software|xv version|"
    r"(?:optimi[sz]ed|compressed|processed|converted|generated|encoded|resized) (?:by|with|using) "
    r"(?:jpegmini|imagemagick|graphicsmagick|libjpeg|mozjpeg|xnview|acdsee|irfanview|ffmpeg|google|facebook))"
    r"(?:[\d\s.,()=:/-]|using ijg jpeg v\d|quality|inc\.|version|library|v(?=\d)){0,60}",
    re.IGNORECASE,
)
# Telephones: "filter: 0; fileterIntensity: 0.0; filterMask: 0;" and so on, or a mark of their maker.
_SETTING_OF_TELEPHONE_NUMBER = re.compile(
    r"\s*(?:filter|module|hw-remosaic|touch|delta|bokeh|algolist|multi-frame|brp_\w{1,10}|motionLevel|weatherinfo|temperature|"
    r"zeissColor|zoomMultiple|albedo|confidence|captureOrientation|cct_value|AI_Scene|\w{1,16}(?:Intensity|Mask|_lux_index|Mode|Info))"
    r"\s?:\s?[-\d.,()\[\] ]{0,40}(?:null|false|true|hw|photo)?\s*"
)
# A program by its whole name, with what it says of its version and system.
_PROGRAM_ALONE = re.compile(
    r"(?:created (?:by|with) |rendered (?:by|with) |generator: ?)?"
    r"(?:adobe (?:pdf library|photoshop(?: lightroom)?|illustrator|indesign|imageready|fireworks|acrobat|premiere pro)"
    r"|paint\.net|superpng by brendan bolles|imagegear, accusoft corp|gimp|inkscape|imagemagick|graphicsmagick"
    r"|persistence of vision \(tm\) ray tracer|microsoft office|gnome-screenshot|kde spectacle|greenshot)"
    r"(?:[\d\s.,()/-]|v(?=\d)|version|build|cs(?=\d)|cc(?= |$)|elements|classic|windows|macintosh|mac os x|linux"
    r"|x64){0,40}",
    re.IGNORECASE,
)
# "Tue 01 Dec 2026 10:00:00 AM UTC": by the words that each system has for days and months, abbreviated or not.
_DATE_IN_WORDS = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|gio|mer)"
    r"[a-zäéû]{0,7}\.?,? )?(?:\d{1,2}\.? )?"
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|maj|jun|juin|jul|juil|aug|août|ago|sep|set|oct|okt|ott|nov|dec|dez|déc"
    r"|dic)[a-zäéû]{0,7}\.?,? (?:\d{1,2},? )?(?:\d{4} )?\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?(?: [a-z]{3,5})?"
    r"(?: [-+]\d{4})?(?: \d{4})?",
    re.IGNORECASE,
)
# What may be done with a picture, by its address; who may be asked is not in it.
_LICENCE = re.compile(
    r"(?:(?:cc|creative commons)\b|https?://creativecommons\.org/\S{1,60})"
    r"(?:[\s\d.,()/:-]|attribution|share ?alike|non-?commercial|no-?deriv(?:ative)?s?(?: works)?|by|sa|nc|nd|zero|"
    r"international|unported|generic|licen[cs]ed?|https?://creativecommons\.org/\S{1,60}){0,40}",
    re.IGNORECASE,
)
_SAMPLING_FACTORS = re.compile(r"\d+x\d+(?:,\d+x\d+){1,4}")
# A number that a camera has not got: all bits set, or a word that says so.
_NO_NUMBER = re.compile(r"[0 ]*|[a-z]?f{7,16}|(?:0x)?f{8,16}|[-x*_. ]+|no lens|none|n/?a|unknown", re.IGNORECASE)
_MARK_OF_MAKER = re.compile(r"oppo_\d{1,12}|0x[0-9a-f]{1,16}", re.IGNORECASE)
# A product's name, the number of a frame, a version of its standard, a right that nobody claims, a trail camera's code.
_NAME_OF_PRODUCT = re.compile(
    r"(?:epson|kodak|casio|canon|nikon|ricoh|sony|fuji(?:film)?|panasonic|polaroid|praktica|hp|vivitar|benq|ge|jvc|toshiba|"
    r"minolta|konica|sanyo|olympus|pentax|samsung|traveler)"
    r"(?: (?:dsc|digital|action|still|easyshare|pixpro|zoom|[a-z]{1,3}-?\d{3,4}[a-z]?))*"
    r"(?: (?:picture|camera|cam|image|photo))?"
    r"|\(c\) by (?:rdc|caplio)[\w -]{0,20} user|gc-x1e image|gcm_tag|ccpf ds\d\d|no lens"
    r"|<(?:digimax|kenox) [\w #.+-]{1,20}[,/] ?samsung [\w #.+-]{1,20}>|icm\d{3}b|trust corp\.|gpencoder"
    r"|dcim\\\d{3}\w{5}(?:\\\w{1,12}\.(?:jpg|tif|dng))?"
    r"|dcf \d\.\d|(?:_?dsc_?|img_?|dscn|dscf|pict|cimg|mvc|sany|hpim|imgp|dcp_?)\d{4,5}"
    r"(?:\.(?:jpe?g|hei[cf]|png|tiff?|dng|nef|cr[23]|arw))?"
    r"|untitled[-_ ]?\d{0,3}(?:\.[a-z]{3,4})?|asci|(?:[a-z]{1,2}: {0,6}\d{1,6} {1,3}){4,12}imgver:[\d.]{5,20}"
    r"|(?:copyright|\(c\)|©|[\s,.\d-])+|[a-z]\d[a-z\d]{4,6}-[a-z\d]{8,12}",
    re.IGNORECASE,
)
_NUMBERS_OF_PLACE = re.compile(r"\d{1,3}\.\d{3,}")
# 39°01'10"N 125°45'10"E, with any signs or none between the numbers; also with the letters before.
_DEGREES_OF_PLACE = re.compile(
    r"\d{1,3}\D{1,3}\d{1,2}(?:\.\d+)?\W{1,4}(?:\d{1,2}(?:\.\d+)?\W{0,4})?[NS]\W{1,4}\d{1,3}\D{1,3}\d{1,2}[^\n]{1,12}?[EW]\b"
    r"|\b[NS]\W{0,2}\d{1,3}\D{1,3}\d{1,2}[^\n]{1,12}?[EW]\W{0,2}\d{1,3}\D{1,3}\d"
    r"|\b\d{1,2} \d{1,2} \d{1,2}(?:\.\d+)?[,;] ?\d{1,3} \d{1,2} \d{1,2}\b"
)
# A telephone's number as people write it: with the sign of a country, a zero before a town's, or in threes and fours.
_TELEPHONE_NUMBER = re.compile(
    r"(?:\+|00)\d{1,4}(?:[ ./-]?\(?\d{1,8}\)?){2,6}|\(?0\d{2,5}\)?[ ./-]{1,3}\d{4,8}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
)
_FEWEST_LETTERS = 3
_FIRST_OF_EAST_ASIA = 0x2E80
_FEWEST_FILLED = 6
_LONGEST_COUNTED = 5000


def is_no_number(text: str) -> bool:
    """Whether a serial number is none: zeros, all bits set, a word such as "No Lens"."""
    return _NO_NUMBER.fullmatch(text.strip()) is not None


def is_of_a_program(text: str) -> bool:
    """Whether a text is a program's name with its version or maker, or how it sampled colours, as a whole."""
    value = text.strip("\0 \t\r\n.")
    if _PROGRAM_ALONE.fullmatch(value):
        return " by " in value or any(character.isdecimal() for character in value)
    return _SAMPLING_FACTORS.fullmatch(value) is not None


def is_date_in_words(text: str) -> bool:
    """Whether a text is a day and a time with its month in letters, and nothing else."""
    return _DATE_IN_WORDS.fullmatch(text.strip()) is not None


def is_written_by_itself(text: str) -> bool:
    """Whether a text is a camera's or a program's own, or no text at all."""
    value = text.strip("\0 \t\r\n")
    if _is_filled(value) or is_of_a_program(value):
        return True
    if sum(character.isprintable() for character in value) * 5 < len(value) * 4:
        return True  # bytes of a program's own
    if sum(character.isalpha() for character in value) < _FEWEST_LETTERS and not _is_short_name(value):
        told = _DEGREES_OF_PLACE.search(value) or _TELEPHONE_NUMBER.fullmatch(value)
        return len(_NUMBERS_OF_PLACE.findall(value)) < 2 and not told
    lowered = " ".join(value.lower().split())
    if (
        lowered in _OF_CAMERAS
        or _WRITING_PROGRAM.fullmatch(value)
        or _MARK_OF_MAKER.fullmatch(value)
        or _NAME_OF_PRODUCT.fullmatch(value)
    ):
        return True
    return ":" in value and all(
        not part.strip() or _SETTING_OF_TELEPHONE_NUMBER.fullmatch(part) for part in value.split(";")
    )


def is_a_name(text: str) -> bool:
    """Whether somebody may be called so, where a name is expected: two letters are enough."""
    digits = text.strip()
    if _LICENCE.fullmatch(digits):
        return False
    return (
        not is_written_by_itself(text)
        or sum(character.isalpha() for character in text) == _FEWEST_LETTERS - 1
        or (digits.isdecimal() and 10 <= len(digits) <= 15)  # a telephone's, E.164
    )


def _is_filled(value: str) -> bool:
    """Whether one sign stands there again and again, as where bytes were never written or are damaged."""
    signs = "".join(value[:_LONGEST_COUNTED].split())
    if len(signs) < _FEWEST_FILLED:
        return False
    filling = signs.count("\xff") + signs.count("\ufffd")
    return filling * 4 >= len(signs) * 3 or (len(set(signs)) == 1 and ord(signs[0]) < _FIRST_OF_EAST_ASIA)


def _is_short_name(value: str) -> bool:
    """Whether two letters are a word: in Chinese, Japanese and Korean they are a name."""
    return sum(character.isalpha() and ord(character) >= _FIRST_OF_EAST_ASIA for character in value) >= 2
