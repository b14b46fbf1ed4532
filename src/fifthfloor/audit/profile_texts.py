"""Texts of colour profiles: those of cameras, programs and standards say nothing; a name that somebody gave does.

Rule: a text is known only where each of its words is. Names of screens and printers ("DELL U2515H") are known by their
maker and a word with a digit in it.

Source: the profiles in 450 public photographs and pictures, and those that Adobe, Apple, Debian and Windows install.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from fifthfloor.audit.photo_facts import Draft
from fifthfloor.metadata.icc import IccTexts, ProfileText, read_profile


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_USUAL = _set_of(
    "a all and are at by copyright copyrighted de fall for freely from given here i ii in inc incorporated "
    "international is it its law left may modification modified modify must no non none not notice of on or out part "
    "permission permitted product profile profiles public released reserved right rights royalty sell sold source "
    "subject supplied systems the this to trademark under unlicensed use used user usage using v version warranty "
    "whatsoever with without work www com org ch dci-p3 display-p3 color colour colours colors colorimetric "
    "colorspace colourspace space gamut rgb srgb prgb scrgb oprgb adobergb widegamutrgb cmyk gray grey lab xyz yxy "
    "hsv hlg pq hdr sdr bt rec itu r smpte ebu ntsc pal secam dci p d display displayp film cinema hd uhd k linear "
    "gamma curve curves transfer function trc tone matrix lut table perceptual relative saturation intent preference "
    "beta black white point scaled compensation viewing viewer condition conditions reference observer illuminant "
    "daylight standard default generic simple simplified compatible built builtin internal preset custom camera "
    "cameras digital scanner printer print printing monitor screen lcd crt led oled tv projector device devices input "
    "output medium metric media paper matte glossy luster plain photo photograph photography coated uncoated "
    "newsprint newspaper web sheetfed offset swop gracol fogra euroscale europe eurostandard japan japanese us s iso "
    "iec icc cie http https dot gain gcr ucr light heavy maximum ecirgb eci lcms generated adobe apple hewlett "
    "packard company corp corporation co ltd gmbh computer microsoft windows google android chrome skia kodak eastman "
    "nikon nikkor canon minolta konica olympus fuji fujifilm sony panasonic lumix leica pentax ricoh sigma samsung "
    "electronics lg huawei xiaomi oppo vivo oneplus motorola nokia htc lenovo dell hp acer asus benq eizo nec "
    "viewsonic philips epson brother intel nvidia amd phase one capture hasselblad dxo gimp inkscape krita darktable "
    "rawtherapee argyll argyllcms littlecms little cms colord ghostscript artifex facebook meta c ci tinyrgb compact "
    "wide romm rimm prophoto acescg aces best ektaspace match macbook air pro imac retina thunderbolt studio xdr "
    "liquid ipad iphone mac creative commons attribution cc zero domain license licensed licenses licence sa nc "
    "graustufen profil lineaire linéaire rvb sgray graygamma calibrated uncalibrated embedded icm bpc photoshop "
    "kcgcolorspacedisplayp kcgcolorspacesrgb kcgcolorspaceadobergb kcgcolorspacegenericrgb artist parts full video "
    "range srgbz main primary primaries area first second mode natural vivid portrait landscape neutral d65 d50 view "
    "views equipment consortium nikkei"
)
_WORD_OF_A_PROFILE = re.compile(r"[\w.+-]*\d[\w.+-]*|[^\W\d_]+(?:'[^\W\d_]+)?")
# Of standards, versions, screens, white points: "IEC61966-2.1", "FOGRA27", "U2515H", "709-A", "4.0.0.3002".
_CODE_OF_A_PROFILE = re.compile(r"(?i)[a-z]{0,6}-?\d{1,5}(?:[._x+-]\d{1,5}){0,4}-?[a-z]{0,4}\d?[.]?")
_FEWEST_PROFILE_LETTERS = 3
_MOST_DIGITS_OF_YEARS = 8  # of two years; a telephone's number has more
_KEPT_PROFILE_BYTES = 16 << 10
_MAX_TOLD = 40  # texts of one profile


def is_usual(text: str) -> bool:
    """Whether a profile's text is one of a camera's, a program's or a standard's, or no words."""
    words = _WORD_OF_A_PROFILE.findall(text)
    if not any(map(str.isalpha, text)) and sum(map(str.isdigit, text)) > _MOST_DIGITS_OF_YEARS:
        return False
    if 0 < sum(map(str.isalpha, text)) < _FEWEST_PROFILE_LETTERS and text.isascii():
        return True
    return all(
        word.isdigit() or len(word) == 1 or word.lower() in _USUAL or _CODE_OF_A_PROFILE.fullmatch(word) is not None
        for word in words
    )


def say_profiles(profiles: Iterable[bytes], draft: Draft) -> None:
    """Tell the texts of profiles that are no usual ones, and count what in them is of no known type."""
    for profile in profiles:
        if profile[36:40] != b"acsp" and profile.strip(b"\0"):
            draft.pass_over("parts", "icc", len(profile))
        told, unread = _known(profile) if len(profile) <= _KEPT_PROFILE_BYTES else _unusual(profile)
        for tag, text in told:
            if tag == "cprt":
                draft.captions.add("copyright", text)
            else:
                draft.captions.say(f"icc:{tag}", text)
        for name, length in unread:
            draft.pass_over("parts", f"icc {name}", length)


def say_profile_name(name: str, draft: Draft) -> None:
    """Tell the name that a file gives its profile, outside of it."""
    if not is_usual(name):
        draft.captions.say("icc:name", name)


def _unusual(profile: bytes) -> IccTexts:
    """Return what of a profile is told and counted."""
    found = read_profile(profile)
    usual = any(tag == "desc" and is_usual(text) for tag, text in found.texts)
    told, translated = [], 0
    for tag, text in found.texts[:_MAX_TOLD]:
        # The name in the languages of a system says what the name says; of a screen without one the first counts.
        translated += tag == "dscm"
        if not (is_usual(text) or (tag == "dscm" and translated > 1 and usual and not any(map(str.isdigit, text)))):
            told.append(ProfileText(tag, text))
    return IccTexts(tuple(told), found.unread)


_known = lru_cache(maxsize=64)(_unusual)  # the photographs of one camera have one profile
