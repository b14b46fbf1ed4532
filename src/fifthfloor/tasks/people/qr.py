"""A recipient's line as a QR code: for a terminal, and as a picture to print or to hang in an office.

segno (BSD) draws it, without a dependency of its own.
"""

from __future__ import annotations

import io
from typing import Any

# A quiet zone of four modules is what ISO/IEC 18004 asks of a printed code; two are enough on a screen.
_BORDER_MODULES = 2
# (upper module dark, lower module dark) -> one character; dark is drawn as blank, so that it reads on a dark terminal.
_HALVES = {(False, False): "█", (True, False): "▄", (False, True): "▀", (True, True): " "}


def rows(line: str) -> list[str]:
    """Draw a line as rows of half blocks, two modules in each character.

    Args:
        line: letters and digits; written in capitals, which take two thirds of the room.
    """
    matrix = [[bool(module) for module in row] for row in _code(line).matrix_iter(border=_BORDER_MODULES)]
    if len(matrix) % 2:
        matrix.append([False] * len(matrix[0]))
    pairs = zip(matrix[::2], matrix[1::2], strict=True)
    return ["".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs]


def png(line: str) -> bytes:
    """Draw a line as a PNG picture, four pixels a module, black on white."""
    picture = io.BytesIO()
    _code(line).save(picture, kind="png", scale=4, border=4)
    return picture.getvalue()


def _code(line: str) -> Any:
    import segno

    return segno.make_qr(line.upper(), error="L", boost_error=False)
