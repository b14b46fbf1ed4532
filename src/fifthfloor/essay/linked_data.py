"""What machines read of an essay: JSON-LD, OpenGraph, the Atom feed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

from fifthfloor.essay import prose
from fifthfloor.essay.shown import Shown
from fifthfloor.essay.story import WITHHELD, Head, Telling

# An Atom feed must have a time. Where the writer gives no day, it gets one that is nobody's.
NO_DAY = date(1970, 1, 1)


def article(telling: Telling, shown: Sequence[Shown], *, base_url: str) -> Markup:
    """Write a telling as schema.org JSON-LD: an article of `ImageObject`s.

    Args:
        base_url: ending in "/", or empty: then addresses are relative to the page.

    Returns:
        JSON that may stand inside `<script>`.
    """
    head = telling.head
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ReportageNewsArticle",
        "headline": head.title,
        "description": head.standfirst,
        "inLanguage": head.language,
        "author": {"@type": "Person", "name": head.byline},
        "license": head.licence,
        "image": [_image(one, head, base_url) for one in shown],
    }
    if head.published:
        document["datePublished"] = head.published.isoformat()
    if head.place != WITHHELD:
        document["contentLocation"] = {"@type": "Place", "name": head.place}
    corrections = [f"{c.day.isoformat()}: {c.text}" for one in shown for c in one.photograph.corrections]
    if corrections:
        document["correction"] = corrections
    return script_json(document)


def script_json(value: Any) -> Markup:
    """Write a value as JSON that may stand inside `<script>`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # The only way out of a script element begins with "<"; the separators end a line in old scripts.
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _image(one: Shown, head: Head, base_url: str) -> dict[str, Any]:
    image: dict[str, Any] = {
        "@type": "ImageObject",
        "position": one.number,
        "contentUrl": base_url + one.picture.proof.path,
        "encodingFormat": "image/jpeg",
        "width": one.picture.width_px,
        "height": one.picture.height_px,
        "sha256": one.picture.proof.sha256,
        "caption": _caption(one),
        "description": one.photograph.alt,
        "inLanguage": one.lang or head.language,
        "license": head.licence,
    }
    if one.credit:
        image["creditText"] = one.credit
    return image


def open_graph(telling: Telling, shown: Sequence[Shown], *, base_url: str, page: str) -> list[tuple[str, str]]:
    """List a page's OpenGraph properties without their `og:`; addresses are relative without a base URL."""
    head, one = telling.head, shown[0]
    rows = [
        ("type", "article"),
        ("title", head.title),
        ("description", head.standfirst),
        ("locale", head.language.replace("-", "_")),
        ("image", base_url + one.of("jpg")[-1][0]),
        ("image:alt", one.photograph.alt),
    ]
    return [*rows, ("url", base_url + page)] if base_url else rows


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One telling in the feed.

    Args:
        href: of its page, from the feed.
    """

    telling: Telling
    shown: Sequence[Shown]
    href: str


def feed(title: str, entries: Sequence[FeedEntry], *, base_url: str) -> bytes:
    """Write the Atom feed (RFC 4287); the same entries give the same bytes.

    Args:
        title: of the feed.
        entries: one a telling, the newest first.
        base_url: ending in "/", or empty: then addresses are relative to the feed.
    """
    updated = max((_updated(entry.telling) for entry in entries), default=NO_DAY)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n',
        f"<title>{escape(title)}</title>\n<id>{_urn(title, *(e.telling.head.title for e in entries))}</id>\n",
        f"<updated>{updated.isoformat()}T00:00:00Z</updated>\n",
        f'<link rel="self" href={quoteattr(base_url + "feed.atom")}/>\n',
    ]
    parts.extend(_entry(entry, base_url) for entry in entries)
    return "".join((*parts, "</feed>\n")).encode()


def _entry(entry: FeedEntry, base_url: str) -> str:
    head = entry.telling.head
    captions = "".join(f"<p>{one.number}. {escape(_caption(one))}</p>" for one in entry.shown)
    return (
        f"<entry xml:lang={quoteattr(head.language)}>\n<title>{escape(head.title)}</title>\n"
        f"<id>{_urn(head.title, head.byline, head.language, head.outlet)}</id>\n"
        f"<updated>{_updated(entry.telling).isoformat()}T00:00:00Z</updated>\n"
        f"<author><name>{escape(head.byline)}</name></author>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(base_url + entry.href)}/>\n'
        f"<summary>{escape(head.standfirst)}</summary>\n"
        f'<content type="html">{escape(captions)}</content>\n</entry>\n'
    )


def _caption(one: Shown) -> str:
    text = prose.plain(one.photograph.caption)
    return f"{one.photograph.kicker}: {text}" if one.photograph.kicker else text


def _updated(telling: Telling) -> date:
    corrected = [c.day for photograph in telling.photographs for c in photograph.corrections]
    return max([telling.head.published or NO_DAY, *corrected])


def _urn(*texts: str) -> str:
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    # The form of a version 8 UUID (RFC 9562): our own bits, so that a title alone decides it.
    return f"urn:uuid:{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
