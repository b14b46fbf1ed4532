"""Tracks of films that are neither picture, sound nor time code: telemetry, subtitles, whatever a maker writes beside.

Action cameras and drones write where they were once a second, and the film's own description says nothing of it.
"""

from __future__ import annotations

from fifthfloor.metadata.iso_boxes import boxes, boxes_within
from fifthfloor.metadata.source import Source, head_reader

# ISO/IEC 14496-12, 8.4.3, and QuickTime's: what a player shows, hears, or counts by.
_PLAYED = frozenset([b"vide", b"soun", b"tmcd", b"hint", b"alis", b"url ", b"clcp", b"pict"])
_DEPTH = 3  # moov, trak, mdia


def silent_tracks(source: Source) -> int:
    """Count the tracks of a film that nobody here has read."""
    read = head_reader(source)
    count = 0
    for kind, inside, end in boxes(read, 0, source.size_bytes):
        if kind == b"moov":
            for below, start, _ in boxes_within(read, inside, end, _DEPTH):
                handler = read(start + 8, 4) if below == b"hdlr" else b""
                count += len(handler) == 4 and handler not in _PLAYED
    return count
