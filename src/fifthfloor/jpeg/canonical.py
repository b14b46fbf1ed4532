"""The canonical picture: one JPEG for one set of coefficients (`spec/statement.md` section 1).

Rule 1: `parse` accepts exactly what `CanonicalPicture.to_bytes` writes, and needs nothing but numpy.
Rule 2: no byte of a source file gets in but its coefficients, quantisation tables, size, sampling, colour, orientation
        and colour profile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import coefficients as codec
from fifthfloor.jpeg.frame import Colour, Header, JpegFrame, lay_out, read_header
from fifthfloor.jpeg.huffman import TYPICAL
from fifthfloor.jpeg.row_by_row import McuRows, RowByRow
from fifthfloor.jpeg.segments import (
    APP0,
    APP14,
    DHT,
    DQT,
    DRI,
    EOI,
    SOF0,
    SOI,
    SOS,
    orientation_segments,
    profile_segments,
    segment,
    split,
)
from fifthfloor.metadata.exif import orientation_of
from fifthfloor.metadata.jpeg_head import exif_in, profile_in

# Spec section 1.1: component identifiers and Huffman table of each, by colour.
IDENTIFIERS: dict[Colour, bytes] = {
    "grey": b"\1",
    "ycbcr": b"\1\2\3",
    "rgb": b"RGB",
    "cmyk adobe": b"CMYK",
    "ycck": b"\1\2\3\4",
    "cmyk plain": b"CMYK",
}
TABLES: dict[Colour, bytes] = {
    "grey": b"\0",
    "ycbcr": b"\0\1\1",
    "rgb": b"\0\0\0",
    "cmyk adobe": b"\0\0\0\0",
    "ycck": b"\0\1\1\0",
    "cmyk plain": b"\0\0\0\0",
}
ADOBE: dict[Colour, int] = {"rgb": 0, "cmyk adobe": 0, "ycck": 2}
JFIF_PAYLOAD = b"JFIF\0\1\1\0\0\1\0\1\0\0"
# A profile of a camera has 0.5 to 4 kB, of a printer 1 MB; bounds what a header can be.
MAX_PROFILE_PIECES = 16
# What can be hidden apart: more make a picture larger by 2 to 4 bytes each, and its proof longer
# (docs/performance/people.md has bytes against hidden area).
MAX_INTERVALS = 1 << 16
# Blocks multiplied at once: 16 MB.
_BLOCKS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class CanonicalHeader:
    """Everything of a canonical picture but its data.

    Args:
        width, height: pixels, 1 to 65,535.
        colour: one of the six of spec section 1.1.
        sampling: horizontal and vertical factor of each component.
        quantisers: the distinct tables, 64 entries each in zigzag order.
        quantiser_of: for each component its table.
        orientation: 1 to 8, EXIF's.
        profile: an ICC profile, or empty.
        tile_mcus: MCUs a restart interval, 1 to `widest_tile`; 0 stands for that.
    """

    width: int
    height: int
    colour: Colour
    sampling: tuple[tuple[int, int], ...]
    quantisers: tuple[bytes, ...]
    quantiser_of: bytes
    orientation: int = 1
    profile: bytes = b""
    tile_mcus: int = 0

    @cached_property
    def frame(self) -> JpegFrame:
        """The frame, with its blocks laid out."""
        parts = zip(IDENTIFIERS[self.colour], self.sampling, self.quantiser_of, strict=True)
        return lay_out(SOF0, self.width, self.height, [(name, h, v, table) for name, (h, v), table in parts])

    @property
    def mcus(self) -> int:
        """MCUs of the picture."""
        return self.frame.mcus_wide * self.frame.mcus_high

    @property
    def interval_mcus(self) -> int:
        """MCUs a restart interval, which is what can be hidden apart."""
        return self.tile_mcus or widest_tile(self.sampling)

    @property
    def intervals(self) -> int:
        """Number of restart intervals."""
        return -(-self.mcus // self.interval_mcus)

    def mcus_of(self, interval: int) -> int:
        """MCUs of one interval; the last one may be shorter."""
        return min(self.interval_mcus, self.mcus - interval * self.interval_mcus)

    def fill(self, mcus: int) -> bytes:
        """Return the only bytes a hidden interval of that many MCUs may have (spec section 2)."""
        blocks = zip(self.sampling, TABLES[self.colour], strict=True)
        bits = "".join(("0000" if table else "001010") * (h * v) for (h, v), table in blocks) * mcus
        bits += "1" * (-len(bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")

    def parts(self) -> tuple[bytes, ...]:
        """Return the header in pieces; APP11 may stand before and after those of index 1 and above but the last six."""
        found = [bytes([0xFF, SOI])]
        if self.colour in ("grey", "ycbcr"):
            found.append(segment(APP0, JFIF_PAYLOAD))
        found.extend(orientation_segments(self.orientation) + profile_segments(self.profile))
        if self.colour in ADOBE:
            found.append(segment(APP14, b"Adobe\0\x64\0\0\0\0" + bytes([ADOBE[self.colour]])))
        found.extend(segment(DQT, bytes([number]) + table) for number, table in enumerate(self.quantisers))
        found.append(segment(SOF0, self._frame_payload()))
        used = sorted(set(TABLES[self.colour]))
        found.extend(
            segment(DHT, TYPICAL[kind << 4 | slot].payload(kind << 4 | slot)) for slot in used for kind in (0, 1)
        )
        found.append(segment(DRI, self.interval_mcus.to_bytes(2, "big")))
        selectors = zip(IDENTIFIERS[self.colour], TABLES[self.colour], strict=True)
        rows = b"".join(bytes([name, table << 4 | table]) for name, table in selectors)
        found.append(segment(SOS, bytes([len(self.sampling)]) + rows + b"\0\x3f\0"))
        return tuple(found)

    def to_bytes(self) -> bytes:
        """Write the header, SOI to SOS."""
        return b"".join(self.parts())

    def _frame_payload(self) -> bytes:
        rows = zip(IDENTIFIERS[self.colour], self.sampling, self.quantiser_of, strict=True)
        size = self.height.to_bytes(2, "big") + self.width.to_bytes(2, "big")
        return (
            b"\x08" + size + bytes([len(self.sampling)]) + b"".join(bytes([n, h << 4 | v, q]) for n, (h, v), q in rows)
        )


@dataclass(frozen=True)
class CanonicalPicture:
    """A canonical picture.

    Args:
        header: all but the data.
        data: the coded data with RST markers.
        starts, ends: (intervals,) int64, where each interval lies in `data`, without its RST marker.
        manifest: APP11 segments, whole; empty but in files that a C2PA tool has signed.
        manifest_at: the header part before which they stand.
        is_cut: the source file ended before its picture did.
    """

    header: CanonicalHeader
    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    manifest: bytes = b""
    manifest_at: int = 1
    is_cut: bool = False

    def to_bytes(self) -> bytes:
        """Write the file; `parse` is the counterpart."""
        parts = list(self.header.parts())
        parts.insert(self.manifest_at, self.manifest)
        return b"".join((*parts, self.data, bytes([0xFF, EOI])))

    def interval(self, number: int) -> bytes:
        """Return the bytes of one interval."""
        return self.data[int(self.starts[number]) : int(self.ends[number])]

    def with_header(self, *, orientation: int | None = None, profile: bytes | None = None) -> CanonicalPicture:
        """Return the picture with another orientation or colour profile."""
        header = self.header
        if orientation is not None:
            header = replace(header, orientation=orientation)
        if profile is not None:
            header = replace(header, profile=profile)
        return replace(self, header=header)


def widest_tile(sampling: tuple[tuple[int, int], ...]) -> int:
    """Return the most MCUs an interval may have: about 128 pixels wide."""
    return max(1, 16 // max(h for h, _ in sampling))


def tile_for(header: CanonicalHeader) -> int:
    """Return how many MCUs an interval of a picture has: as few as keep its statement and its file small.

    The picture of a phone (12 megapixels) can be hidden MCU by MCU, one of 24 in pairs, one of 150 in eights.
    """
    tile, widest = 1, widest_tile(header.sampling)
    while tile < widest and -(-header.mcus // tile) > MAX_INTERVALS:
        tile *= 2
    return 0 if tile >= widest else tile


def canonicalise(data: bytes, tile_mcus: int | None = None) -> CanonicalPicture:
    """Bring a JPEG into its canonical form without changing a coefficient.

    Args:
        data: a whole file, baseline or progressive.
        tile_mcus: MCUs a restart interval; None for what the picture's size asks for (`tile_for`).

    Returns:
        The picture, with the file's orientation and colour profile (`with_header` changes them).

    Raises:
        BadInput: a file the codec does not read, or one that baseline coding cannot hold; named.
    """
    pieces = split(data)
    source = read_header(pieces)
    header, factors = canonical_header(source)
    header = replace(
        header,
        orientation=orientation_of(exif_in(pieces)),
        profile=profile_in(pieces),
        tile_mcus=tile_for(header) if tile_mcus is None else tile_mcus % widest_tile(header.sampling),
    )
    bands = RowByRow(source, pieces, header.interval_mcus // math.gcd(header.interval_mcus, source.frame.mcus_wide))
    coded = codec.encode_bands(
        # Blocks lie where the source has them; only the order and the tables are ours.
        source.frame,
        (_times(band, factors) for band in bands),
        restart_mcus=header.interval_mcus,
        tables=[(TYPICAL[table], TYPICAL[0x10 | table]) for table in TABLES[header.colour]],
    )
    return CanonicalPicture(header, coded.data, coded.starts, coded.ends, is_cut=bands.is_cut)


def canonical_header(source: Header) -> tuple[CanonicalHeader, tuple[NDArray[np.int32], ...]]:
    """Return a source's canonical header, and by what each component's 64 coefficients are multiplied for it.

    Tables are numbered by first use. Baseline tables end at 255; a larger entry becomes its largest divisor up to
    there, and coefficient times entry stays what it was.

    Raises:
        BadInput: an entry of 0.
    """
    found: list[bytes] = []
    numbers = []
    factors = []
    for component in source.frame.components:
        table = source.quantisers[component.quantiser]
        if int(table.min()) < 1:
            raise BadInput("jpeg.quantiser", low=int(table.min()), high=int(table.max()))
        entries = np.array([_largest_divisor(int(value)) for value in table], dtype=np.uint16)
        factors.append((table // entries).astype(np.int32))
        entry = entries.astype(np.uint8).tobytes()
        if entry not in found:
            found.append(entry)
        numbers.append(found.index(entry))
    frame = source.frame
    sampling = tuple((part.horizontal, part.vertical) for part in frame.components)
    header = CanonicalHeader(frame.width, frame.height, source.colour, sampling, tuple(found), bytes(numbers))
    return header, tuple(factors)


def _largest_divisor(value: int) -> int:
    return next(divisor for divisor in range(min(value, 255), 0, -1) if value % divisor == 0)


def _times(band: McuRows, factors: tuple[NDArray[np.int32], ...]) -> McuRows:
    """Bring coefficients to tables with smaller entries, in place. Raises BadInput where 16 bits do not hold one."""
    if all(int(factor.max()) == 1 for factor in factors):
        return band
    # A few blocks at a time: the source is read for this and nothing else.
    for part, factor in zip(band.frame.components, factors, strict=True):
        last = part.first_block + part.padded_wide * part.padded_high
        for first in range(part.first_block, last, _BLOCKS_AT_ONCE):
            some = band.coefficients[first : min(first + _BLOCKS_AT_ONCE, last)]
            larger = some * factor
            if int(np.abs(larger).max(initial=0)) > 32767:
                raise BadInput("jpeg.range")
            some[:] = larger
    return band
