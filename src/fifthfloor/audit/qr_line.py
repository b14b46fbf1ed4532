"""A recipient's line that is drawn as a QR code, as `identity show --png` draws it (ISO/IEC 18004, ISO/IEC 15948).

Read are clean pictures alone: black and white, one bit a pixel, as programs write them that make such codes. What was
photographed, scaled or compressed with loss is not read. No error is corrected: a clean picture has none, and the first
letters are enough.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fifthfloor.metadata.png import PNG_SIGNATURE, chunks
from fifthfloor.metadata.source import Source
from fifthfloor.metadata.tiff import reader_of

MAX_DRAWN_BYTES = 64 << 10
_MAX_PIXELS_WIDE = 4_000
_UPWARDS = 2  # a row that is written as its difference to the one above
_BEGINS = "FIFTHFLOOR1"
_LEAST_VERSION, _MOST_VERSION = 22, 40  # of 1,963 characters: no smaller code holds them
_MOST_QR_BLOCKS = 81
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
Modules = NDArray[np.bool_]


def draws_line(source: Source) -> bool:
    """Say whether a file is a clean QR code of a recipient's line."""
    if not 1_000 < source.size_bytes <= MAX_DRAWN_BYTES or source.read(0, 8) != PNG_SIGNATURE:
        return False
    picture = _pixels(source.read(0, source.size_bytes))
    modules = _modules(picture) if picture is not None else None
    return modules is not None and any(_says_line(words) for words in _readings(modules))


def _pixels(png: bytes) -> Modules | None:
    """Return the dark pixels of a black-and-white PNG that is not interlaced; rows as they are, or as differences."""
    read, data, header = reader_of(png), b"", b""
    for chunk in chunks(read):
        body = read(chunk.offset_bytes, chunk.length_bytes)
        header = body if chunk.kind == b"IHDR" else header
        data += body if chunk.kind == b"IDAT" else b""
    if len(header) != 13:
        return None
    wide, high, depth, colour, _method, _filters, interlaced = struct.unpack(">IIBBBBB", header)
    if (depth, colour, interlaced) != (1, 0, 0) or not 0 < wide == high <= _MAX_PIXELS_WIDE:
        return None
    row = 1 + -(-wide // 8)
    try:
        flat = zlib.decompressobj().decompress(data, row * high)
    except zlib.error:
        return None
    if len(flat) != row * high:
        return None
    rows = np.frombuffer(bytearray(flat), np.uint8).reshape(high, row)
    if not np.isin(rows[:, 0], (0, _UPWARDS)).all():
        return None
    for above in np.flatnonzero(rows[1:, 0] == _UPWARDS):
        rows[above + 1, 1:] += rows[above, 1:]
    light = np.unpackbits(rows[:, 1:], axis=1)[:, :wide].astype(bool)
    return ~light


def _modules(dark: Modules) -> Modules | None:
    """Find the code in a picture: one value for each module. A finder's upper edge is seven modules long."""
    down, across = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    if not len(down):
        return None
    code = dark[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    light = np.flatnonzero(~code[0])
    scale, rest = divmod(int(light[0]) if len(light) else 0, 7)
    if rest or not scale or code.shape[0] != code.shape[1] or code.shape[0] % scale:
        return None
    modules = code[scale // 2 :: scale, scale // 2 :: scale]
    version, odd = divmod(len(modules) - 17, 4)
    return modules if not odd and _LEAST_VERSION <= version <= _MOST_VERSION else None


def _readings(modules: Modules) -> list[NDArray[np.uint8]]:
    """Return the codewords under each of the eight masks."""
    size = len(modules)
    row, column = np.mgrid[0:size, 0:size]
    both = row * column
    masks = ((row + column) % 2, row % 2, column % 3, (row + column) % 3, (row // 2 + column // 3) % 2,
             both % 2 + both % 3, (both % 2 + both % 3) % 2, ((row + column) % 2 + both % 3) % 2)  # fmt: skip
    order = _order(size)
    return [np.packbits((modules ^ (mask == 0))[order]) for mask in masks]


@lru_cache(maxsize=2)
def _order(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of the modules that say something, in the order in which they are read."""
    fixed = _fixed(size)
    rows, columns = [], []
    upward = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if upward else range(size):
            for column in (right, right - 1):
                if not fixed[row, column]:
                    rows.append(row)
                    columns.append(column)
        upward = not upward
    return np.array(rows), np.array(columns)


def _fixed(size: int) -> Modules:
    """Return where a code of seven or more says nothing: finders, timing, alignment, format and version."""
    fixed = np.zeros((size, size), bool)
    fixed[:9, :9] = fixed[:9, -8:] = fixed[-8:, :9] = True
    fixed[6], fixed[:, 6] = True, True
    fixed[:6, -11:-8] = fixed[-11:-8, :6] = True
    version = (size - 17) // 4
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    centres = [6, *(size - 7 - step * at for at in range(count - 1))]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for row, column in ((row, column) for row in centres for column in centres if (row, column) not in corners):
        fixed[row - 2 : row + 3, column - 2 : column + 3] = True
    return fixed


def _says_line(words: NDArray[np.uint8]) -> bool:
    """Say whether the first block begins like a line; blocks take turns, and any number of them is tried."""
    return any(
        _begins("".join(f"{word:08b}" for word in words[::turns][:16])) for turns in range(1, _MOST_QR_BLOCKS + 1)
    )


def _begins(bits: str) -> bool:
    if bits.startswith("0100"):  # bytes, after 16 bits of their number
        begun = bytes(int(bits[at : at + 8], 2) for at in range(20, 20 + 8 * len(_BEGINS), 8))
        return begun.upper() == _BEGINS.encode()
    # Letters of a small set, after 11 or 13 bits of their number.
    return bits.startswith("0010") and _BEGINS in (_pairs(bits[15:]), _pairs(bits[17:]))


def _pairs(bits: str) -> str:
    """Read letters, two in eleven bits."""
    numbers = [int(bits[at : at + 11], 2) for at in range(0, 66, 11)]
    if max(numbers) >= len(_ALPHANUMERIC) ** 2:
        return ""
    pairs = [_ALPHANUMERIC[n // len(_ALPHANUMERIC)] + _ALPHANUMERIC[n % len(_ALPHANUMERIC)] for n in numbers]
    return "".join(pairs)[: len(_BEGINS)]
