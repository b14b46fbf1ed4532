"""The XMP packet of a published derivative: caption, alt text, credit, and nothing else.

Source: XMP Specification Part 1 (ISO 16684-1), 7.3 and 7.9; IPTC Photo Metadata Standard 2021.1, "Description",
"Alt Text (Accessibility)", "Credit Line". No producer, no date, no document id: each would tell of a machine or a day.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
    "{fields}</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_ALTERNATIVE = '<{tag}><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></{tag}>'


def packet(*, caption: str, alt: str, credit: str) -> bytes:
    """Write the packet; a field that is empty is left out.

    Args:
        caption: plain text.
        alt: plain text.
        credit: plain text.

    Returns:
        UTF-8, to be stored as `xmp-data`.
    """
    fields = ""
    for tag, text in (("dc:description", caption), ("Iptc4xmpCore:AltTextAccessibility", alt)):
        if text:
            fields += _ALTERNATIVE.format(tag=tag, text=escape(text))
    if credit:
        fields += f"<photoshop:Credit>{escape(credit)}</photoshop:Credit>"
    return _PACKET.format(fields=fields).encode()
