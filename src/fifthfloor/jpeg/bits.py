"""Machine words for the kernels: what numba has no names for, and the bits of a coded stream.

Imported only by kernels: the base install has no numba. Numbers are uint64: numba makes a float of uint64 and int64.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic


def cache_folder(folder: Path) -> str:
    """Return where compiled code is kept for the sources in a folder, empty where it cannot be kept.

    Beside the sources, and never in the person's home directory (numba's second choice). Numba looks at the time of
    a kernel's own file only, and a kernel contains others: so the place is named by what all of them say.
    """
    if not os.access(folder, os.W_OK):
        return ""
    sources = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.py"))))
    return str(folder / "__pycache__" / f"kernels-{sources.hexdigest()[:16]}")


# A person's own NUMBA_CACHE_DIR stands.
if not getattr(config, "CACHE_DIR", ""):
    setattr(config, "CACHE_DIR", cache_folder(Path(__file__).parent))  # noqa: B010 - numba makes its settings at run time
CACHED = bool(getattr(config, "CACHE_DIR", ""))


@intrinsic
def trailing_zeros(_typing, _value):
    """Return the number of zero bits below the lowest set bit; 64 for 0."""

    def build(_context, builder, _signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), build


@intrinsic
def leading_zeros(_typing, _value):
    """Return the number of zero bits above the highest set bit; 64 for 0."""

    def build(_context, builder, _signature, arguments):
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), build


@intrinsic
def set_bits(_typing, _value):
    """Return the number of bits that are set."""

    def build(_context, builder, _signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), build


@njit(cache=CACHED, nogil=True, inline="always")
def store(out, at, word):
    """Write the 8 bytes of `word`, highest first, at `at`."""
    for place in range(8):
        out[at + np.uint64(place)] = np.uint8(word >> np.uint64(56 - 8 * place))


@njit(cache=CACHED, nogil=True, inline="always")
def non_zero_places(quads, block):
    """Return 64 bits, bit k set where coefficient k of a block is not zero; `quads` is (n, 16) uint64."""
    found = np.uint64(0)
    for quad in range(16):
        four = quads[block, quad]
        # Bit 15 of each 16: whether any bit of it is set; then the four bits side by side.
        low = (four & np.uint64(0x7FFF7FFF7FFF7FFF)) + np.uint64(0x7FFF7FFF7FFF7FFF)
        high = ((low | four) & np.uint64(0x8000800080008000)) >> np.uint64(15)
        found |= ((high * np.uint64(0x0001000200040008)) >> np.uint64(48) & np.uint64(15)) << np.uint64(4 * quad)
    return found


@njit(cache=CACHED, nogil=True, inline="always")
def load(raw, at):
    """Return 8 bytes at `at` as one word, highest first; counterpart of `store`."""
    word = np.uint64(0)
    for place in range(8):
        word |= np.uint64(raw[at + np.uint64(place)]) << np.uint64(56 - 8 * place)
    return word
