"""Lists of cards that belong together (docs/guide/plan.md): a trace, wherever it lies and whatever it is called."""

from __future__ import annotations

import re

# The shape, and not only our first line: a list that somebody keeps by hand says the same.
_CARD_LIST = re.compile(rb"\A(?:\xef\xbb\xbf)?# cards[ \t]*\r?\n(?:[^\n]{0,4000}\n){0,40}?[^:#\n]{1,64}:[ \t]*\S")


def is_card_set(head: bytes) -> bool:
    """Say whether a file begins as a list of cards that were hidden on together.

    Args:
        head: its first 4 KiB.
    """
    return _CARD_LIST.match(head) is not None
