"""What the tracks of a film say beside picture, sound and time code: telemetry, subtitles, whatever a maker writes.

Action cameras and drones write where they were once a second, and the film's own description says nothing of it.
Read are the records of GoPro (`gpmd`), Sony (`rtmd`), Canon (`CTMD`), Apple (`mebx`) and DJI (`djmd`, where a place is
found), texts, and Google's camera motion (`camm`); every other track is counted.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from fifthfloor.audit.canon_tiffs import read_canon_tiff
from fifthfloor.audit.photo_facts import Draft, read_action, read_film_text
from fifthfloor.metadata.beside_films import read_text
from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.film_samples import Track, every_sample, is_short, samples, tracks
from fifthfloor.metadata.gpmf import read_gpmf
from fifthfloor.metadata.tiff import Read
from fifthfloor.metadata.timed_records import read_apple, read_dji, read_sony, tiffs_of_canon

# ISO/IEC 14496-12, 8.4.3, and QuickTime's: what a player shows, hears, or counts by.
_PLAYED = frozenset([b"vide", b"soun", b"tmcd", b"hint", b"alis", b"url ", b"clcp", b"pict", b"auxv"])
_TEXT_TRACKS = frozenset([b"text", b"sbtl", b"subt"])
_JOINED_BYTES = 1 << 20  # of the texts of one track


def read_tracks(read: Read, size_bytes: int, draft: Draft) -> None:
    """Read the tracks of a film; `draft.unread` counts those of which nothing could be read."""
    for track in tracks(read, size_bytes):
        if len(track.handler) == 4 and track.handler not in _PLAYED and not _read(track, read, draft):
            draft.unread["tracks"] += 1


def _read(track: Track, read: Read, draft: Draft) -> bool:
    """Read a track until it gives a place; say whether it is of a kind that is read here, and gave what it has."""
    if track.form in _RECORDS:
        known = False
        for sample in _until_placed(track, read, draft):
            known |= _RECORDS[track.form](sample, track, draft)
        # What lies between the samples that were looked at may have a fix where they have none.
        return known and (draft.gps is not None or _read_between(track, read, draft))
    if track.form == b"camm":
        for sample in _until_placed(track, read, draft):
            draft.gps = _motion_place(sample) or draft.gps
        return draft.gps is not None
    if track.handler in _TEXT_TRACKS:
        data = b"\n".join(sample[2:] for sample in samples(track, read))[:_JOINED_BYTES]
        facts = read_text(data)
        read_film_text(facts, draft)
        return facts.says_something
    return False


def _read_between(track: Track, read: Read, draft: Draft) -> bool:
    """Read every sample of a track that has no place in a few of them; say whether all of them could be looked at."""
    if not is_short(track):
        return False
    for sample in every_sample(track, read):
        _RECORDS[track.form](sample, track, draft)
        if draft.gps is not None:
            break
    return True


def _until_placed(track: Track, read: Read, draft: Draft) -> Iterator[bytes]:
    for sample in samples(track, read):
        yield sample
        if draft.gps is not None:
            return


def _read_gopro(sample: bytes, _track: Track, draft: Draft) -> bool:
    return read_action(read_gpmf(sample), draft)


def _read_sony(sample: bytes, _track: Track, draft: Draft) -> bool:
    return read_action(read_sony(sample), draft)


def _read_apple(sample: bytes, track: Track, draft: Draft) -> bool:
    return read_action(read_apple(sample, track.tables.get(b"stsd", b"")), draft)


def _read_dji(sample: bytes, _track: Track, draft: Draft) -> bool:
    return read_action(read_dji(sample), draft)


def _read_canon(sample: bytes, _track: Track, draft: Draft) -> bool:
    parts = list(tiffs_of_canon(sample))
    for number, data in parts:
        read_canon_tiff(b"CMT3" if number == _MAKER_NOTE else b"CMT2", data, draft)
    return bool(parts)


_MAKER_NOTE = 0x927C
_RECORDS: dict[bytes, Callable[[bytes, Track, Draft], bool]] = {
    b"gpmd": _read_gopro, b"rtmd": _read_sony, b"mebx": _read_apple, b"djmd": _read_dji, b"CTMD": _read_canon,
}  # fmt: skip


def _motion_place(sample: bytes) -> tuple[float, float] | None:
    """Read a sample of Google's "Camera Motion Metadata": kinds 5 and 6 are places, little-endian."""
    if len(sample) < 20:
        return None
    kind = struct.unpack_from("<H", sample, 2)[0]
    if kind == 5:
        return checked_place(*struct.unpack_from("<dd", sample, 4))
    if kind == 6 and len(sample) >= 32:
        return checked_place(*struct.unpack_from("<dd", sample, 16))
    return None
