"""What programs that overwrite leave where a file lay, other than blank card and noise: a pattern, or a text.

It is asked of files whose beginning nobody knows: any other is told by its first bytes.
"""

from __future__ import annotations

import numpy as np

from fifthfloor.metadata.endings import is_text_beside_a_shot

_MAX_PERIOD_BYTES = 4096  # a cluster with a number in it is the longest that has been seen
_PROBE_BYTES = 16
_LEAST_ROUNDS = 4
_PRINTABLE = np.zeros(256, np.bool_)
_PRINTABLE[[9, 10, 12, 13, *range(0x20, 0x7F)]] = True


def is_filling(head: bytes, name: str) -> bool:
    """Say whether the first bytes of a file are one pattern again and again, or a text where it is no text.

    Args:
        head: its first bytes, some thousands.
        name: of the file.
    """
    period = head.find(head[:_PROBE_BYTES], 1, _MAX_PERIOD_BYTES + _PROBE_BYTES)
    if period > 0 and len(head) >= _LEAST_ROUNDS * period and head[period:] == head[:-period]:
        return True
    return not is_text_beside_a_shot(name) and bool(_PRINTABLE[np.frombuffer(head, np.uint8)].all())
