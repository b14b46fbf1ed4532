"""Addresses and letters of web pages as browsers take them (WHATWG's URL and Encoding standards)."""

from __future__ import annotations

import codecs
import re
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

# Labels of an older set mean the larger one that grew out of it.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Labels of the standard's table that Python's codecs do not know, less `x-` at their beginning.
_ALSO_CALLED = {
    "sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932", "ms932": "cp932",
    "windows-949": "cp949", "ks_c_5601-1989": "cp949", "csksc56011987": "cp949", "korean": "cp949",
    "gb_2312-80": "gb18030", "chinese": "gb18030", "csgb2312": "gb18030", "csiso58gb231280": "gb18030",
    "iso-ir-58": "gb18030", "x-big5": "big5hkscs", "cn-big5": "big5hkscs", "csbig5": "big5hkscs",
    "euc-jp": "euc_jp", "cseucpkdfmtjapanese": "euc_jp", "csiso2022jp": "iso2022_jp",
    "logical": "iso8859-8", "visual": "iso8859-8", "iso-8859-8-e": "iso8859-8", "iso-8859-8-i": "iso8859-8",
    "csiso88598e": "iso8859-8", "csiso88598i": "iso8859-8", "iso-8859-6-e": "iso8859-6", "iso-8859-6-i": "iso8859-6",
    "csiso88596e": "iso8859-6", "csiso88596i": "iso8859-6", "sun_eu_greek": "iso8859-7", "dos-874": "cp874",
    "koi": "koi8-r", "koi8": "koi8-r", "cskoi8r": "koi8-r", "koi8-ru": "koi8-u",
    "mac-ukrainian": "mac-cyrillic", "mac-cyrillic": "mac-cyrillic",
    "mac-roman": "mac-roman", "csmacintosh": "mac-roman",
    "unicode-1-1-utf-8": "utf-8", "unicode11utf8": "utf-8", "unicode20utf8": "utf-8", "x-unicode20utf8": "utf-8",
}  # fmt: skip
# Python knows codecs that no page is written in, and that take the square of its length (punycode).
_OF_PAGES = re.compile(
    r"utf-(8|8-sig|16|16-le|16-be)|iso8859-\d+|cp(125\d|866|874|932|949)|koi8-[ru]|mac-(roman|cyrillic)|gb18030|big5hkscs"
    r"|euc_jp|iso2022_jp"
)
_PORTS = {"http": 80, "https": 443}
_KEPT_IN_PATH, _KEPT_IN_QUERY = "/:@!$&'()*+,;=-._~", "/?:@!$&'()*+,;=-._~"


def codec_of(label: str) -> str | None:
    """Return the codec that a browser takes for a label of a page's letters; None for what is no such label."""
    label = label.strip().lower().removeprefix("x-")
    try:
        name = _ALSO_CALLED.get(label) or codecs.lookup(label).name
    except (LookupError, UnicodeError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if _OF_PAGES.fullmatch(name) else None


def as_asked(address: str) -> str:
    """Return an address as a browser asks for it, so that two spellings of one are equal; its fragment is left out.

    Scheme and host are small, the host as letters that DNS takes, a usual port is left out, and what is no letter of an
    address is written as its UTF-8 bytes, in one way.
    """
    try:
        scheme, place, path, query, _ = urlsplit(address.strip())
        if not place:
            return urlunsplit((scheme, "", path, query, ""))
        return urlunsplit((scheme, _host(scheme, place), _spelled(path or "/", _KEPT_IN_PATH), _query(query), ""))
    except ValueError:
        return address


def _host(scheme: str, place: str) -> str:
    name, colon, port = place.rpartition("@")[2].partition(":")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    return name.lower() + (colon + port if port and port != str(_PORTS.get(scheme)) else "")


def _query(query: str) -> str:
    return "&".join(_spelled(part, _KEPT_IN_QUERY) for part in query.split("&"))


def _spelled(text: str, kept: str) -> str:
    return quote(unquote_to_bytes(text), safe=kept)
