"""Names in dead FAT entries: what of a long name is left, and what the short one still says."""

from __future__ import annotations

from fifthfloor.cards import fat_entries

LOST_LETTER = "_"  # stands for the first letter that FAT overwrites, as in the examiners' programs


def dead_long_name(entry: bytes, long: list[bytes]) -> str | None:
    """Join dead long-name entries: their order byte is lost, but they carry the short name's checksum."""
    fitting: list[bytes] = []
    for raw in reversed(long):
        if fitting and raw[13] != fitting[0][13]:
            break
        fitting.append(raw)
    if not fitting:
        return None
    letters = range(256) if entry[0] == fat_entries.DELETED else entry[:1]
    if not any(fat_entries.short_checksum(bytes([first]) + entry[1:11]) == fitting[0][13] for first in letters):
        return None
    units = b"".join(fat_entries.long_units(raw) for raw in fitting)
    name = up_to_the_end(units.decode("utf-16-le", "replace"))
    return name if name is None or units[-2:] in (b"\0\0", b"\xff\xff") else _with_short_ending(name, entry)


def _with_short_ending(name: str, entry: bytes) -> str:
    """Give a long name whose last part's slot was used again the ending that its short entry still has.

    Only parts that are full may be cut: a name that ends inside its last part is whole. The short name has the first
    three letters of the ending; where the long one ends otherwise, "_" stands for what is lost between.
    """
    ending = fat_entries.short_name(entry).rpartition(".")[2].upper() if entry[8:11].strip() else ""
    stem, dot, left = name.rpartition(".")
    if not ending.isalnum() or not ending.isascii() or (dot and left[:3].upper() == ending):
        return name
    if dot and stem and ending.startswith(left.upper()):
        return f"{stem}.{ending}"
    return f"{name}{LOST_LETTER}.{ending}"


def up_to_the_end(name: str) -> str | None:
    """Cut a name at its end mark; a slash is no letter of one. None where nothing is left."""
    return name.split("\0", 1)[0].replace("/", "_") or None
