"""Lines as wide as a terminal: broken at words, never in a path."""

from __future__ import annotations

import textwrap


def broken(line: str, width: int | None) -> list[str]:
    """Break a line at words, the rest indented a little further; paths stay whole, because they may be copied.

    Args:
        line: of text, its own indent included.
        width: of the terminal in columns; None: not broken.
    """
    if width is None or len(line) <= width:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
