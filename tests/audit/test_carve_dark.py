"""Dark frames in several scans: zeros are coded data where the next scan follows them, blank card where it does not."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image
from tests.audit.made import photograph, segment

from fifthfloor.audit.carve import carve
from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.source import BytesSource

BLANK = bytes(1 << 18)


def in_scans(width: int, height: int, *, named: tuple[int, int, int] = (1, 2, 3)) -> bytes:
    """A black picture coded as a camera that saves memory does: one scan a component, each block two bits, both 0."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\0\x02\x11\0\x03\x11\0"
    tables = b"".join(segment(0xC4, bytes([kind]) + b"\x01" + bytes(15) + b"\0") for kind in (0x00, 0x10))
    bits = -(-width // 8) * -(-height // 8) * 2
    coded = bytes(bits // 8) + (bytes([0xFF >> bits % 8]) if bits % 8 else b"")
    scans = b"".join(segment(0xDA, bytes([1, name, 0, 0, 63, 0])) + coded for name in named)
    return b"\xff\xd8" + segment(0xDB, b"\0" + b"\x01" * 64) + segment(0xC0, frame) + tables + scans + b"\xff\xd9"


def progressive() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (6000, 4000)).save(out, "JPEG", quality=90, progressive=True)
    assert bytes(64 << 10) in out.getvalue()
    return out.getvalue()


def first_of(data: bytes) -> Found:
    return next(iter(carve(FreeSpace(BytesSource(data), [(0, len(data))])))).found


@pytest.mark.parametrize(
    "dark",
    [progressive(), in_scans(5600, 4000), in_scans(5608, 4008), in_scans(5616, 4040)],
    ids=["progressive", "bytes without padding", "two bits over", "four bits over"],
)
def test_a_dark_frame_in_several_scans_is_whole(dark: bytes) -> None:
    behind = bytes(-len(dark) % 4096) + photograph(5)
    for rest in (behind, bytes(100_000)):
        found = first_of(dark + rest)
        assert (found.length_bytes, found.whole) == (len(dark), True)
    with Image.open(io.BytesIO(dark)) as opened:
        assert opened.getpixel((5000, 3900)) in ((0, 0, 0), (128, 128, 128))


@pytest.mark.parametrize(
    "behind",
    [
        BLANK,
        BLANK + b"\xff" * 4096 + in_scans(5600, 4000)[-90_000:],  # erased memory
        BLANK + in_scans(5600, 4000)[5:][-(87_500 + 12) :],  # the last scan of another, on a sector
        BLANK + b"\x31" * 300 + in_scans(5600, 4000)[-(87_500 + 12) :],  # and what is before it
        BLANK
        + bytes(7)
        + b"text"
        + segment(0xDA, bytes([1, 9, 0, 0, 63, 0]))
        + BLANK,  # a component this frame has not
        BLANK
        + bytes(7)
        + b"text"
        + segment(0xDA, bytes([1, 2, 0, 9, 3, 0]))
        + BLANK,  # coefficients that run backwards
        BLANK + bytes(7) + b"text" + segment(0xFE, b"lone") * 40 + segment(0xDA, bytes([1, 2, 0, 0, 63, 0])) + BLANK,
    ],
    ids=["nothing", "erased", "scan of another", "data of another", "component", "order", "words"],
)
def test_zeros_that_no_scan_follows_are_blank_card(behind: bytes) -> None:
    dark = in_scans(5600, 4000)
    cut = dark[: len(dark) // 512 * 512 - 512 * 400]  # inside the last scan
    found = first_of(cut + bytes(-len(cut) % 4096) + behind)
    assert not found.whole
    assert found.length_bytes < len(cut)


class Counting(BytesSource):
    """Counts what is read."""

    read_bytes = 0

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        self.read_bytes += length_bytes
        return super().read(offset_bytes, length_bytes)


def test_a_hostile_card_of_scans_and_zeros_is_read_a_few_times_at_most() -> None:
    """Every step over zeros begins where the last one ended, however many scans there are."""
    one = bytes(65_536 + 37) + segment(0xDA, bytes([1, 2, 0, 0, 63, 0]))
    source = Counting(in_scans(5600, 4000)[:-2] + one * 600 + bytes(1 << 20))
    list(carve(FreeSpace(source, [(0, source.size_bytes)])))
    assert source.read_bytes < 4 * source.size_bytes
