"""Names and times in FAT directories: every field at its place, every part of a long name, what is made of a name."""

from __future__ import annotations

import struct
from datetime import datetime

import pytest
from tests.cards.cards_made import MOMENT

from fifthfloor.cards.fat_entries import DIRECTORY, Slot, long_name, records, short_checksum, short_name, unpack_time
from fifthfloor_theatre.cards.record_packing import pack_record, pack_short, pack_time


def entry(name: bytes, case: int = 0) -> bytes:
    return name + bytes([0x20, case]) + bytes(19)


@pytest.mark.parametrize(
    ("raw", "case", "shown"),
    [(b"IMG_0001JPG", 0, "IMG_0001.JPG"), (b"IMG_0001JPG", 8, "img_0001.JPG"), (b"IMG_0001JPG", 16, "IMG_0001.jpg"),
     (b"IMG_0001JPG", 24, "img_0001.jpg"), (b"README     ", 8, "readme"), (b"README     ", 16, "README"),
     (b"\x05AB     JPG", 0, "\u03c3AB.JPG"), (b"A B     J G", 0, "A B.J G"), (b"\x8e       \x8e  ", 0, "Ä.Ä")],
)  # fmt: skip
def test_short_names_as_systems_show_them(raw: bytes, case: int, shown: str) -> None:
    assert short_name(entry(raw, case)) == shown


@pytest.mark.parametrize(
    ("name", "short"),
    [("IMG_0001.JPG", b"IMG_0001JPG"), ("README", b"README     "), ("img_0001.jpg", b"IMG_00~1JPG"),
     ("A.B.C", b"AB~1    C  "), ("Long name.text", b"LONGNA~1TEX"), ("!#$%&'()", b"!#$%&'()   "),
     ("-@^_`{}~", b"-@^_`{}~   "), ("A+B", b"A_B~1      "), ("Ä.JPG", b"_~1     JPG"), (".profile", b"PROFIL~1   "),
     ("EIGHTLTR.TXT", b"EIGHTLTRTXT"), ("NINELETRS.TXT", b"NINELE~1TXT"), ("A.JPEG", b"A~1     JPE"),
     ("A B.C", b"AB~1    C  ")],
)  # fmt: skip
def test_short_names_that_are_made(name: str, short: bytes) -> None:
    assert pack_short(name, set()) == short


def test_numeric_tails_count_on() -> None:
    taken: set[bytes] = set()
    for _ in range(12):
        taken.add(pack_short("a long name.jpg", taken))
    assert {name[:8] for name in taken} == {
        *(b"ALONGN~%d" % n for n in range(1, 10)),
        b"ALONG~10",
        b"ALONG~11",
        b"ALONG~12",
    }
    assert pack_short("A.JPG", {b"A       JPG"}) == b"A~1     JPG"


@pytest.mark.parametrize(
    ("moment", "date", "time"),
    [(datetime(1980, 1, 1), 0x0021, 0), (datetime(2107, 12, 31, 23, 59, 58), 0xFF9F, 0xBF7D),
     (datetime(1979, 5, 4, 3, 2, 1), 0x00A4, 0x1840), (datetime(2200, 1, 2), 0xFE22, 0),
     (datetime(2026, 2, 3, 4, 5, 7), 0x5C43, 0x20A3)],
)  # fmt: skip
def test_times_bit_by_bit(moment: datetime, date: int, time: int) -> None:
    assert pack_time(moment) == (date, time)


@pytest.mark.parametrize(
    ("date", "time", "moment"),
    [(0x0021, 0, datetime(1980, 1, 1)), (0xFF9F, 0xBF7D, datetime(2107, 12, 31, 23, 59, 58)), (0x0020, 0, None),
     (0x0001, 0, None), (0x0021, 0xC000, None), (0x0021, 60 << 5, None), (0x0021, 30, None), (0x01A1, 0, None)],
)  # fmt: skip
def test_times_that_are_none(date: int, time: int, moment: datetime | None) -> None:
    assert unpack_time(date, time) == moment


def test_an_entry_byte_by_byte() -> None:
    moment = datetime(2026, 2, 3, 4, 5, 7, 450_000)
    packed = pack_record("IMG_0001.JPG", b"IMG_0001JPG", 0x21, 0x00123456, 0x01020304, moment)
    stamp = struct.pack("<HH", 0x20A3, 0x5C43)
    assert (
        packed
        == b"IMG_0001JPG\x21\0" + bytes([145]) + stamp + stamp[2:] + b"\x12\0" + stamp + b"\x56\x34\x04\x03\x02\x01"
    )
    (record,) = records([(0, packed)])
    assert (record.attributes, record.first_cluster, record.size_bytes) == (0x21, 0x123456, 0x01020304)
    assert record.modified == datetime(2026, 2, 3, 4, 5, 6)
    assert records([(0, packed[:20] + b"\xff\xff" + packed[22:])]).__next__().first_cluster == 0x0FFF3456


def long_slots(name: str) -> list[Slot]:
    packed = pack_record(name, pack_short(name, set()), 0x20, 5, 9, MOMENT)
    return [(at, packed[at : at + 32]) for at in range(0, len(packed), 32)]


@pytest.mark.parametrize("length", [13, 14, 26, 27, 255])
def test_long_names_part_by_part(length: int) -> None:
    name = "x" * length
    slots = long_slots(name)
    parts, (_, short) = slots[:-1], slots[-1]
    count = -(-length // 13)
    assert [raw[0] for _, raw in parts] == [count | 0x40, *range(count - 1, 0, -1)]
    units = (name + "\0").encode("utf-16-le").ljust(26 * count, b"\xff")[: 26 * count]
    for order, (_, raw) in enumerate(reversed(parts)):
        assert raw[1:11] + raw[14:26] + raw[28:32] == units[order * 26 : order * 26 + 26]
        assert (raw[11], raw[12], raw[13], raw[26:28]) == (0x0F, 0, short_checksum(short[:11]), b"\0\0")
    assert [(record.name, record.offsets_bytes) for record in records(slots)] == [(name, tuple(at for at, _ in slots))]


@pytest.mark.parametrize("at", [0, 12, 13])
@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_long_name_with_one_wrong_byte_is_none(at: int, part: int) -> None:
    slots = long_slots("a name of three long entries in all")
    raw = bytearray(slots[part][1])
    raw[at] ^= 0x20
    slots[part] = (slots[part][0], bytes(raw))
    (record,) = records(slots)
    assert record.name == "ANAMEO~1"
    assert record.offsets_bytes == (slots[-1][0],)


def test_what_stands_between_entries() -> None:
    one, two = long_slots("a long name.jpg"), long_slots("another long name.jpg")
    deleted: Slot = (500, b"\xe5" + one[-1][1][1:])
    assert [r.name for r in records([*one[:-1], deleted, one[-1]])] == ["ALONGN~1.JPG"]
    assert [r.name for r in records([*one[:-1], *two])] == ["another long name.jpg"]
    assert [r.name for r in records([*one, (900, bytes(32)), *two])] == ["a long name.jpg"]
    dot = pack_record(".", b".".ljust(11), DIRECTORY, 3, 0, MOMENT)
    dots = pack_record("..", b"..".ljust(11), DIRECTORY, 3, 0, MOMENT)
    assert list(records([(0, dot), (32, dots)])) == []
    assert long_name([raw for _, raw in one[:-1]], short_checksum(one[-1][1][:11])) == "a long name.jpg"
    label = one[-1][1][:11] + b"\x08" + one[-1][1][12:]
    assert [r.name for r in records([*one[:-1], (700, label)])] == ["ALONGN~1.JPG"], "a label has no long name"
