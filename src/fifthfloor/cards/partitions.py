"""Where the volumes of a card are: the whole card, or partitions of an MBR or a GPT.

Source: UEFI specification 2.10, section 5 (GPT, protective MBR); the MBR by common practice, with the kernel's
`block/partitions/msdos.c` as the judge of odd cases; departures in spec/deviations.md.
Rule: two answers to "where is the file system" are one too many; such a card is refused.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.device import Device
from fifthfloor.errors import BadInput

EXTENDED = {0x05, 0x0F, 0x85}
PROTECTIVE = 0xEE
MAX_LOGICAL = 128  # partitions in an extended one; a card has one or two, a hostile chain may be endless
MAX_GPT_ENTRIES = 1024  # the specification asks for 128; more is allowed and was never seen
TABLE_ERRORS = frozenset(
    {"cards.gpt_damaged", "cards.partitions_overlap", "cards.partition_leaves", "cards.partition_chain"}
)
_GPT_SIGNATURE = b"EFI PART"


@dataclass(frozen=True, slots=True)
class Partition:
    """A run of the device that a partition table names, or the whole device."""

    offset_bytes: int
    length_bytes: int


def whole(device: Device) -> Partition:
    return Partition(0, device.size_bytes)


def read_partitions(device: Device, sector_bytes: int, bearing: Bearing | None = None) -> tuple[Partition, ...]:
    """Read the partition table, addresses counted in sectors of `sector_bytes`; empty where there is none.

    Where faults are borne, a partition that leaves the card ends with it, and a GPT's second copy stands for the first.

    Raises:
        BadInput: partitions overlap or leave the card, or a GPT is damaged.
    """
    bearing = bearing or Bearing()
    table = _mbr_entries(device.read(0, 512))
    if not table and not bearing.lenient:
        return ()
    if not table or any(kind == PROTECTIVE for kind, _, _ in table):
        found = _first_sound_gpt(device, sector_bytes, bearing)
    else:
        found = []
        for kind, first, count in table:
            if kind in EXTENDED:
                found += _logical(device, sector_bytes, first, count, bearing)
            else:
                found.append(Partition(first * sector_bytes, count * sector_bytes))
    return tuple(_checked(device, found, bearing))


def _mbr_entries(sector: bytes) -> list[tuple[int, int, int]]:
    """Kind, first sector and number of sectors of the four places; empty where this cannot be a table."""
    if sector[510:512] != b"\x55\xaa":
        return []
    found = []
    for at in range(446, 510, 16):
        active, kind, first, count = struct.unpack_from("<B3xB3xII", sector, at)
        if active not in (0, 0x80):  # the kernel's own test that these bytes are a table and not boot code
            return []
        if kind and count and first:
            found.append((kind, first, count))
    return found


def _logical(device: Device, sector_bytes: int, first: int, count: int, bearing: Bearing) -> list[Partition]:
    """Follow the chain of extended boot records, which must rise and stay inside the extended partition."""
    found: list[Partition] = []
    at = first
    while True:
        if (at + 1) * sector_bytes > device.size_bytes:
            offset, size = at * sector_bytes, device.size_bytes
            bearing.fault("cards.partition_leaves", path=device.path, offset=offset, size=size)
            return found
        following = 0
        for kind, start, length in _mbr_entries(device.read(at * sector_bytes, 512)):
            if kind in EXTENDED:
                following = first + start
            else:
                found.append(Partition((at + start) * sector_bytes, length * sector_bytes))
        if not following:
            return found
        if not at < following < first + count or len(found) > MAX_LOGICAL:
            bearing.fault("cards.partition_chain", path=device.path, offset=following * sector_bytes)
            return found
        at = following


def _first_sound_gpt(device: Device, sector_bytes: int, bearing: Bearing) -> list[Partition]:
    try:
        found = _gpt(device, sector_bytes, 1)
    except BadInput as error:
        bearing.bear(error)
        found = []
    if not found and bearing.lenient and device.size_bytes >= 4 * sector_bytes:
        try:
            found = _gpt(device, sector_bytes, device.size_bytes // sector_bytes - 1)
        except BadInput as error:
            bearing.bear(error)
    return found


def _gpt(device: Device, sector_bytes: int, at: int) -> list[Partition]:
    """Read a GUID partition table (section 5.3) whose two checksums hold, its header at sector `at`."""
    header = device.read(at * sector_bytes, 512) if device.size_bytes >= at * sector_bytes + 512 else b""
    if header[:8] != _GPT_SIGNATURE:
        return []
    size, crc = struct.unpack_from("<II", header, 12)
    own, _, usable_first, usable_last = struct.unpack_from("<QQQQ", header, 24)
    entries_first, count, entry_bytes, entries_crc = struct.unpack_from("<QIII", header, 72)
    sound = (
        92 <= size <= 512
        and zlib.crc32(header[:16] + bytes(4) + header[20:size]) == crc
        and own == at
        and entry_bytes in (128, 256, 512)
        and count <= MAX_GPT_ENTRIES
        and entries_first * sector_bytes + count * entry_bytes <= device.size_bytes
    )
    if not sound:
        raise BadInput("cards.gpt_damaged", path=device.path)
    raw = device.read(entries_first * sector_bytes, count * entry_bytes)
    if zlib.crc32(raw) != entries_crc:
        raise BadInput("cards.gpt_damaged", path=device.path)
    found = []
    for at in range(0, len(raw), entry_bytes):
        first, last = struct.unpack_from("<QQ", raw, at + 32)
        if not any(raw[at : at + 16]):
            continue
        if not usable_first <= first <= last <= usable_last:
            raise BadInput("cards.gpt_damaged", path=device.path)
        found.append(Partition(first * sector_bytes, (last - first + 1) * sector_bytes))
    return found


def _checked(device: Device, found: list[Partition], bearing: Bearing) -> list[Partition]:
    inside, end = [], 0
    for partition in sorted(found, key=lambda one: one.offset_bytes):
        if partition.offset_bytes < end:
            bearing.fault("cards.partitions_overlap", path=device.path, offset=partition.offset_bytes)
        end = partition.offset_bytes + partition.length_bytes
        if end > device.size_bytes:
            bearing.fault("cards.partition_leaves", path=device.path, offset=end, size=device.size_bytes)
        there = min(partition.length_bytes, device.size_bytes - partition.offset_bytes)
        if there > 0:
            inside.append(Partition(partition.offset_bytes, there))
    return inside if bearing.lenient else found
