"""Where the tags of a page say that a picture is, as browsers read them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_MOST_SIZES = 64  # of one picture; each is looked for on the disk
_MOST_ADDRESS = 8192
# A script puts these in the place of what shows until then.
_LAZY = ("data-src", "data-original", "data-lazy-src")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_BLANK_RUNS = re.compile(r"[\t\n\f\r ]+")
_NO_LETTER_OF_ADDRESSES = dict.fromkeys(map(ord, "\t\n\r"))
_URL_OF_STYLE = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^'")\s]*))\s*\)""", re.IGNORECASE)
# A picture that is written out in a page is put aside before the page is read; what then stands there.
_SAYS_BASE64 = rb"data:image/[\w.+-]{1,40}(?:;[\w.+=-]{0,60})*;\s*base64,"
_DATA_ADDRESS = re.compile(
    rb"""(?i:(?<=["'])%s([\w+/=%%\s-]{2048,})(?=["'])|%s([\w+/=%%-]{2048,}))""" % (_SAYS_BASE64, _SAYS_BASE64)
)
_PUT_ASIDE = "data:aside,"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a picture is said to be: every address, the largest first, and those that a script would put there."""

    every: tuple[str, ...]
    lazy: tuple[str, ...]

    @property
    def own(self) -> frozenset[str]:
        """Those that say which picture it is: what shows until a script has run may be the same for all."""
        mine = self.lazy or self.every
        return frozenset([one for one in mine if not is_data(one)] or mine)

    @property
    def are_short(self) -> bool:
        """Whether every address is a picture of a few bytes: a blank one."""
        return all(is_data(one) and not one.startswith(_PUT_ASIDE) for one in self.every)


def addresses(given: Mapping[str, str], before: Addresses) -> Addresses:
    """Return the addresses of an `img`, behind those of the `source` tags `before` it in its `picture`."""
    lazy_sets = [part for name in _LAZY_SETS for part in _parts(given.get(name, ""))]
    wide = sorted([*lazy_sets, *_parts(given.get("srcset", ""))], key=lambda part: -part[0])
    lazy = [clean(given[name]) for name in _LAZY if given.get(name)]
    every = [*before.every, *(address for _, address in wide), *lazy, clean(given.get("src", ""))]
    return Addresses(_each_once(every), _each_once([*before.lazy, *(address for _, address in lazy_sets), *lazy]))


def of_style(style: str) -> Addresses:
    """Return the pictures that the style of one element names."""
    found = (clean(next(filter(None, one.groups()), "")) for one in _URL_OF_STYLE.finditer(style))
    return Addresses(_each_once([*found][:_MOST_SIZES]), ())


def clean(address: str) -> str:
    """Leave out of an address what browsers leave out."""
    address = address.strip("".join(map(chr, range(33)))).translate(_NO_LETTER_OF_ADDRESSES)
    return address if len(address) <= _MOST_ADDRESS or is_data(address) else ""


def is_data(address: str) -> bool:
    """Say whether an address is the picture itself (RFC 2397)."""
    return address[:5].lower() == "data:"


def _each_once(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, found)))


def _parts(srcset: str) -> Iterator[tuple[float, str]]:
    """Yield widths or densities, and addresses: a comma ends an address, or stands behind what is said of it."""
    at = 0
    for _ in range(_MOST_SIZES):
        rest = re.compile(r"[\s,]*(\S+)").match(srcset, at)
        if rest is None:
            return
        address, at, said = rest[1].rstrip(","), rest.end(), ""
        if address == rest[1]:
            told = re.compile(r"(?:[^,(]|\([^)]*\)?)*").match(srcset, at)
            said, at = (told[0], told.end()) if told else ("", at)
        words = _BLANK_RUNS.split(said.strip())
        try:
            yield float(words[0][:-1] or 1), clean(address)
        except ValueError:
            yield 1.0, clean(address)


def put_aside(html: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """Take the pictures that are written out in a page out of it; say where they are, from byte to byte."""
    spans: list[tuple[int, int]] = []
    left, last = [], 0
    for found in _DATA_ADDRESS.finditer(html):
        left += [html[last : found.start()], f"{_PUT_ASIDE}{len(spans)}".encode()]
        last = found.end()
        spans.append(found.span(1 if found.start(1) >= 0 else 2))
    return (b"".join([*left, html[last:]]), tuple(spans)) if spans else (html, ())


def written_out(address: str, html: bytes, spans: tuple[tuple[int, int], ...]) -> bytes | None:
    """Return the bytes of an address that is the picture itself, in a page as it was before `put_aside`."""
    if not is_data(address):
        return None
    address = address.partition("#")[0]
    number = address.removeprefix(_PUT_ASIDE)
    if number != address:
        if not (number.isdecimal() and len(number) < 9 and int(number) < len(spans)):
            return None
        start, end = spans[int(number)]
        return _of_base64(html[start:end])
    head, _, data = address[5:].partition(",")
    if re.search(r";\s*base64\s*$", head, re.IGNORECASE):
        return _of_base64(data.encode("ascii", "replace"))
    return unquote_to_bytes(data)


def _of_base64(data: bytes) -> bytes | None:
    data = b"".join((unquote_to_bytes(data) if b"%" in data else data).split()).rstrip(b"=")
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return None
