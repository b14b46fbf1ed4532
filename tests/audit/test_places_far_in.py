"""Places that stand where a first look does not reach: late samples, boxes behind a picture, further pictures."""

from __future__ import annotations

import struct

import pytest
from tests.audit.carriers_of_places import XMP, described, full, heif, klv
from tests.audit.made import box, photograph, segment

from fifthfloor.audit.opaque import looks_like_card
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.source import BytesSource

PLACE = (39.025, 125.7528)
FIX, NO_FIX = struct.pack(">5i", 390_250_000, 1_257_528_000, 30_000, 10, 1), bytes(20)
XYZ = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", 18, 0x15C7) + b"+39.0250+125.7528/"))
HEADER = full(b"mvhd", bytes(96))


def second_of_gopro(*fixes: bytes) -> bytes:
    scales = klv(b"SCAL", b"l", 4, 5, struct.pack(">5i", 10_000_000, 10_000_000, 1000, 1000, 100))
    records = scales + klv(b"GPS5", b"l", 20, len(fixes), b"".join(fixes))
    inner = klv(b"DVID", b"L", 4, 1, struct.pack(">I", 1)) + b"STRM\0\1" + struct.pack(">H", len(records)) + records
    return b"DEVC\0\1" + struct.pack(">H", len(inner)) + inner


def telemetry(samples: list[bytes]) -> bytes:
    """A film with one track of GoPro's records, a sample in each chunk."""
    head = box(b"ftyp", b"mp41" + bytes(4) + b"mp41")
    at, offsets = len(head) + 8, []
    for sample in samples:
        offsets.append(at)
        at += len(sample)
    count = len(samples)
    tables = full(b"stsd", struct.pack(">I", 1) + box(b"gpmd", bytes(6) + b"\0\1" + bytes(8)))
    tables += full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1))
    tables += full(b"stsz", struct.pack(f">II{count}I", 0, count, *map(len, samples)))
    tables += full(b"co64", struct.pack(f">I{count}Q", count, *offsets))
    media = full(b"hdlr", bytes(4) + b"meta" + bytes(12) + b"x\0") + box(b"minf", box(b"stbl", tables))
    return head + box(b"mdat", b"".join(samples)) + box(b"moov", HEADER + box(b"trak", box(b"mdia", media)))


def facts_of(data: bytes) -> PhotoFacts:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return facts


@pytest.mark.parametrize(("count", "at"), [(900, 301), (900, 899), (3000, 1333), (2, 1)])
def test_a_fix_in_one_sample_of_many(count: int, at: int) -> None:
    samples = [second_of_gopro(NO_FIX)] * count
    samples[at] = second_of_gopro(NO_FIX, FIX)
    assert facts_of(telemetry(samples)).gps == pytest.approx(PLACE)


def test_a_fix_behind_many_values_of_one_record() -> None:
    assert facts_of(telemetry([second_of_gopro(*([NO_FIX] * 500), FIX)])).gps == pytest.approx(PLACE)


def test_more_samples_than_are_looked_at_are_counted() -> None:
    data = telemetry([second_of_gopro(NO_FIX)] * 20_001)
    assert facts_of(data).unread.get("tracks") == 1
    assert not facts_of(telemetry([second_of_gopro(NO_FIX)] * 900)).unread.get("tracks")


STILL = heif(b"heic", bytes(100))


@pytest.mark.parametrize(
    "behind",
    [box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + XMP), box(b"moov", HEADER + XYZ),
     box(b"mpvd", described(XYZ))],
    ids=["XMP", "sequence", "moving picture"],
)  # fmt: skip
def test_what_stands_behind_a_still_of_more_than_a_mebibyte(behind: bytes) -> None:
    data = STILL + box(b"free", bytes(2 << 20)) + behind
    found = facts_of(data)
    assert found.form == "heic"
    assert found.gps == pytest.approx(PLACE, abs=1e-3)
    assert facts_of(STILL + box(b"free", bytes(2 << 20))).gps is None


def test_a_further_picture_in_a_file_that_alone_has_the_place() -> None:
    second = photograph(2, gps=(39.025, 125.7528), serial="7712345")
    plain = photograph(1)

    def with_index(length: int, at: int) -> bytes:
        rows = struct.pack("<IIIHH", 0x20030000, length, 0, 0, 0) + struct.pack(
            "<IIIHH", 0x20002, len(second), at, 0, 0
        )
        index = struct.pack("<HHHI4sHHIIHHIII", 3, 0xB000, 7, 4, b"0100", 0xB001, 4, 1, 2, 0xB002, 7, 32, 50, 0)
        return plain[:2] + segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + index + rows) + plain[2:]

    length = len(with_index(0, 0))
    found = facts_of(with_index(length, length - 10) + second)
    assert found.gps == pytest.approx(PLACE, abs=1e-3)
    assert found.numbers["serial"] == "7712345"
    assert found.pixels == facts_of(plain).pixels


def boot_sector(kind: str) -> bytes:
    fat = bytearray(512)
    fat[11:13], fat[13], fat[14], fat[16], fat[21], fat[32:36] = b"\0\2", 8, 32, 2, 0xF8, b"\0\0\1\0"
    table = bytearray(512)
    table[446:462] = bytes.fromhex("00000000070000000008000000f80100")
    table[510:] = b"\x55\xaa"
    program = bytes(510) + b"\x55\xaa"
    exfat = b"\xeb\x76\x90EXFAT   " + bytes(501)
    return {"fat": bytes(fat), "exfat": exfat, "table": bytes(table), "program": program}[kind]


@pytest.mark.parametrize(("kind", "is_card"), [("fat", True), ("exfat", True), ("table", True), ("program", False)])
def test_an_image_that_was_cut_below_a_mebibyte_is_a_card(kind: str, is_card: bool) -> None:
    assert looks_like_card(BytesSource(boot_sector(kind) + bytes(757_348))) is is_card
    assert not looks_like_card(BytesSource(boot_sector(kind)))
