"""Files of which nothing is known: images of cards, containers, and whatever else no reader here understands."""

from __future__ import annotations

import numpy as np

from fifthfloor.audit.documents import texts
from fifthfloor.audit.free_bytes import SECTOR_BYTES
from fifthfloor.audit.free_map import RANDOM_KIND, classify
from fifthfloor.audit.unread_forms import form_of_head
from fifthfloor.metadata.blocks import container_of
from fifthfloor.metadata.source import Source

MIN_OPAQUE_BYTES = 1 << 20  # smaller ones hold no roll, and systems are full of them
_MIN_CARD_BYTES = 16 << 10  # an image may have been cut short anywhere
_NOISE_LOOK_BYTES = 64 << 10
# What `texts` or a carver knows, and what any system writes and nobody reads here: programs, fonts, sound, archives.
_AT_START = (
    b"%PDF", b"PK", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format 3", b"\x7fELF", b"MZ", b"RIFF",
    b"\xd0\xcf\x11\xe0", b"BZh", b"\xfd7zXZ", b"GIF8", b"BM", b"\xff\x0a", b"wOF", b"OTTO", b"\0\1\0\0",
    b"\xcf\xfa\xed\xfe", b"\x28\xb5\x2f\xfd",
)  # fmt: skip
_KNOWN = (*((0, magic) for magic in _AT_START), (257, b"ustar"), (4, b"JXL "))


def looks_like_card(source: Source) -> bool:
    """Whether a file begins as a card or a disk does: a boot sector, its signature worn or not, or a table."""
    if source.size_bytes < _MIN_CARD_BYTES:
        return False
    head = source.read(0, 13 * SECTOR_BYTES)
    boots = (head[:SECTOR_BYTES], head[6 * SECTOR_BYTES : 7 * SECTOR_BYTES])
    return (
        (head[510:512] == b"\x55\xaa" and (source.size_bytes >= MIN_OPAQUE_BYTES or _has_partitions(head)))
        or head[512:520] == b"EFI PART"
        or head[3:11] == b"EXFAT   "
        or head[12 * SECTOR_BYTES + 3 : 12 * SECTOR_BYTES + 11] == b"EXFAT   "
        or any(_is_fat_boot(boot) for boot in boots)
    )


def _has_partitions(sector: bytes) -> bool:
    """Whether a first sector has a table of partitions, one of them at least: programs end in its two bytes, too."""
    rows = [sector[at : at + 16] for at in range(446, 510, 16)]
    used = [row for row in rows if any(row)]
    return bool(used) and all(row[0] in (0, 0x80) and row[4] and any(row[8:12]) and any(row[12:16]) for row in used)


def _is_fat_boot(boot: bytes) -> bool:
    """By the fields that drivers ask for (`cards.recognise`), the count of sectors and the tables among them."""
    sector, per_cluster, reserved, fats = int.from_bytes(boot[11:13], "little"), boot[13], boot[14:16], boot[16]
    return (
        sector in (512, 1024, 2048, 4096)
        and per_cluster.bit_count() == 1
        and any(reserved)
        and fats in (1, 2)
        and (boot[21] == 0xF0 or boot[21] >= 0xF8)
        and (any(boot[32:36]) or any(boot[19:21]))
    )


def is_opaque(name: str, source: Source) -> bool:
    """Whether a file is whole sectors, at least a mebibyte of them, of which no reader knows anything."""
    if source.size_bytes < MIN_OPAQUE_BYTES or source.size_bytes % SECTOR_BYTES:
        return False
    return is_unknown(name, source)


def is_unknown(name: str, source: Source) -> bool:
    """Whether a file begins as nothing that is known, text included."""
    head = source.read(0, 4096)
    if container_of(head[:16]) is not None or any(head[at : at + len(magic)] == magic for at, magic in _KNOWN):
        return False
    if form_of_head(head) is not None:
        return False
    if b"\0" not in head:
        return not any(True for _ in texts(name, head)) and not is_text(head)
    return True


def is_text(data: bytes) -> bool:
    """Whether these bytes, by their first ones, are lines of a text."""
    head = data[:4096]
    return sum(byte < 9 or 13 < byte < 32 for byte in head) * 50 < len(head) and b"\n" in head


def is_noise(source: Source) -> bool:
    """Whether a file looks random from its first byte: an encrypted container, or a copy of swept free space."""
    block = np.frombuffer(source.read(0, _NOISE_LOOK_BYTES), np.uint8)
    return len(block) == _NOISE_LOOK_BYTES and classify(block)[0] == RANDOM_KIND
