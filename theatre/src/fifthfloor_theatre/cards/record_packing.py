"""FAT directory entries as a camera writes them. Counterpart: `fifthfloor.cards.fat_entries`.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03, sections "FAT Directory Structure" and
"FAT Long Directory Entries".
"""

from __future__ import annotations

import struct
from datetime import datetime

from fifthfloor.cards.fat_entries import LAST_LONG, LONG_NAME, short_checksum, short_name

_LONG_UNITS = 13  # UTF-16 units a long-name entry holds


def pack_time(moment: datetime) -> tuple[int, int]:
    """Write date and time as FAT does; moments before 1980 or after 2107 become the nearest it can say."""
    year = min(max(moment.year, 1980), 2107)
    date = year - 1980 << 9 | moment.month << 5 | moment.day
    return date, moment.hour << 11 | moment.minute << 5 | moment.second // 2


def pack_record(
    name: str, short: bytes, attributes: int, first_cluster: int, size_bytes: int, moment: datetime
) -> bytes:
    """Write the entries of one name: long-name entries where the short name does not say it, then the short entry.

    Args:
        name: as people see it.
        short: its 11 bytes, unique in the directory; from `pack_short` or with a numeric tail.
        size_bytes: 0 for a directory.

    Counterpart: `records`.
    """
    date, time = pack_time(moment)
    entry = struct.pack(
        "<11sBBBHHHHHHHI",
        short,
        attributes,
        0,
        moment.second % 2 * 100 + moment.microsecond // 10000,
        time,
        date,
        date,
        first_cluster >> 16,
        time,
        date,
        first_cluster & 0xFFFF,
        size_bytes,
    )
    return (b"" if short_name(entry) == name else _pack_long(name, short_checksum(short))) + entry


def _pack_long(name: str, checksum: int) -> bytes:
    units = name.encode("utf-16-le", "surrogatepass")
    count = -(-len(units) // (2 * _LONG_UNITS))
    if len(units) < count * 2 * _LONG_UNITS:
        units = (units + b"\0\0").ljust(count * 2 * _LONG_UNITS, b"\xff")
    parts = []
    for order in range(count, 0, -1):
        part = units[(order - 1) * 2 * _LONG_UNITS : order * 2 * _LONG_UNITS]
        head = struct.pack("<B10sBBB", order | (LAST_LONG if order == count else 0), part[:10], LONG_NAME, 0, checksum)
        parts.append(head + part[10:22] + bytes(2) + part[22:])
    return b"".join(parts)


def pack_short(name: str, taken: set[bytes]) -> bytes:
    """Make the 11 bytes of a short name that is not yet taken, with a numeric tail ("LONGNA~1") where needed.

    Counterpart: `short_name`. Source: section "The Basis-Name Generation Algorithm".
    """
    base, dot, extension = name.rpartition(".") if "." in name.lstrip(".") else (name, "", "")
    plain = (_short_part(base), _short_part(extension))
    if f"{plain[0]}{dot}{plain[1]}" == name and len(plain[0]) <= 8 and len(plain[1]) <= 3:
        short = plain[0].ljust(8).encode() + plain[1].ljust(3).encode()
        if short not in taken:
            return short
    for number in range(1, 1_000_000):
        tail = f"~{number}"
        short = (plain[0][: 8 - len(tail)] + tail).ljust(8).encode() + plain[1][:3].ljust(3).encode()
        if short not in taken:
            return short
    raise ValueError("a million names in one directory begin alike")


def _short_part(text: str) -> str:
    kept = (
        c if c.isascii() and (c.isalnum() or c in "!#$%&'()-@^_`{}~") else "_" for c in text.upper() if c not in " ."
    )
    return "".join(kept)
