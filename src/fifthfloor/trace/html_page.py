"""What a saved web page shows: its pictures, and the captions that stand by them.

Rule 1: nothing of a page runs, and nothing is fetched: what was not saved with it is not there.
Rule 2: a caption is what the page calls one: `figcaption`, an element whose class says caption, or else the text that
is read aloud (`alt`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fifthfloor.errors import BadInput
from fifthfloor.trace.page_addresses import Addresses, put_aside, written_out
from fifthfloor.trace.page_captions import PlacedPicture
from fifthfloor.trace.page_letters import decoded
from fifthfloor.trace.page_reader import Framed, PageReader

# Without the pictures that are written out in it. A page of a newspaper is a tenth of it.
MAX_HTML_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture on a page.

    Args:
        sources: addresses as they are written, the largest first.
        caption: plain.
        lazy: of the addresses those that a script puts in the place of another one, if there are any.
    """

    sources: tuple[str, ...]
    caption: str
    lazy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a page shows; `base` is what its addresses are relative to, where it says so."""

    title: str
    base: str
    pictures: tuple[ShownPicture, ...]
    frames: tuple[Framed, ...] = ()
    _html: bytes = field(default=b"", repr=False, compare=False)
    _spans: tuple[tuple[int, int], ...] = field(default=(), repr=False, compare=False)

    def written_out(self, source: str) -> bytes | None:
        """Return the bytes of an address that is the picture itself; None for others."""
        return written_out(source, self._html, self._spans)

    def within(self, frame: Framed) -> ReadPage | None:
        """Read a page that is written out in this one, in a frame; None for what lies elsewhere."""
        html = frame.html.encode("utf-8", "replace") if frame.html else self.written_out(frame.address)
        if not html:
            return None
        try:
            read = read_page(html, "utf-8" if frame.html else "")
        except BadInput:  # put aside as text that is read, it was short enough
            return None
        spans = (self._html, self._spans) if frame.html else (read._html, read._spans)
        return replace(read, base=read.base or self.base, _html=spans[0], _spans=spans[1])


def read_page(html: bytes, charset: str = "", *, is_xml: bool = False) -> ReadPage:
    """Read a page.

    Args:
        html: of an unknown source.
        charset: as the server said, if it did.
        is_xml: it is read as XHTML.

    Raises:
        BadInput: more text than MAX_HTML_BYTES.
    """
    text, spans = put_aside(html)
    if len(text) > MAX_HTML_BYTES:
        raise BadInput("trace.html_large", limit=MAX_HTML_BYTES)
    reader = PageReader(is_xml=is_xml)
    reader.feed(decoded(text, charset, is_xml=is_xml))
    reader.close()
    pictures = (
        ShownPicture(one.addresses.every, one.caption or one.alt, one.addresses.lazy) for one in _once(reader.pictures)
    )
    return ReadPage(reader.title, reader.base, tuple(pictures), tuple(reader.frames), html, spans)


def _once(pictures: list[PlacedPicture]) -> list[PlacedPicture]:
    """Join what a page writes twice, as lazy pages do for readers without scripts; never what has two captions."""
    found: list[PlacedPicture] = []
    by_source: dict[str, list[PlacedPicture]] = {}
    for before, one, after in zip([None, *pictures], pictures, [*pictures[1:], None], strict=False):
        own = one.addresses.own
        # What is shown where no script runs stands beside what a script puts something in the place of.
        known = found[-1:] if before and _are_beside(before, one) else []
        if not (after and _are_beside(one, after)):
            known += [other for source in sorted(own) for other in by_source.get(source, [])[-2:]]
        same = next((other for other in known if _may_be_one(other, one)), None)
        if same is None:
            found.append(one)
            same = one
        else:
            same.addresses = _together(same.addresses, one.addresses)
            same.caption, same.alt = same.caption or one.caption, same.alt or one.alt
        for source in own:
            if same not in by_source.setdefault(source, []):
                by_source[source].append(same)
    return found


def _are_beside(first: PlacedPicture, second: PlacedPicture) -> bool:
    return (second.is_spare and first.is_holder) or (first.is_spare and second.is_holder)


def _may_be_one(first: PlacedPicture, second: PlacedPicture) -> bool:
    if first.caption and second.caption:
        return first.caption == second.caption
    return bool(first.caption or second.caption) or not (first.alt and second.alt) or first.alt == second.alt


def _together(first: Addresses, second: Addresses) -> Addresses:
    def once(*found: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source for sources in found for source in sources))

    return Addresses(once(first.every, second.every), once(first.lazy, second.lazy))
