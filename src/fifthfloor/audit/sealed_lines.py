"""Lines and files that belong to sealed floors, on a computer: told by what they look like, without a key.

A recipient's line says that somebody here expects to hide something from somebody there; an identity file says it of
whoever is to open it (spec/sealed.md, section 1; spec/identity.md).
"""

from __future__ import annotations

import re

# The letters of bech32; wrapped lines have breaks and blanks in them. A tenth of a line is told already.
_SEALED_LINE = re.compile(r"fifthfloor1(?:[ac-hj-np-z02-9][ \t]{0,8}(?:\r?\n[ \t>]{0,8})?){190}", re.IGNORECASE)
_IDENTITY = re.compile(rb'"format"\s*:\s*"fifthfloor identity \d')


def holds_line(text: str) -> bool:
    """Say whether a text holds a recipient's line, or a good part of one."""
    return _SEALED_LINE.search(text) is not None


def is_sealed_shot(head: bytes) -> bool:
    """Say whether a file begins as a shot that was sealed by this program's format; argument as `is_identity`."""
    return head.startswith(b"fifthfloor shot")


def is_identity(head: bytes) -> bool:
    """Say whether a file begins as an identity file.

    Args:
        head: its first 4 KiB.
    """
    return head.lstrip()[:1] == b"{" and _IDENTITY.search(head) is not None
