"""`verify --page`: the page that readers verify with, who have nothing of this program."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.files import place_together
from fifthfloor.statement.page import verifying_page


def write_verifying_page(file: Path) -> int:
    """Write the page.

    Returns:
        its size in bytes.

    Raises:
        BadInput: something lies there already.
    """
    data = verifying_page().encode("utf-8")
    place_together({file: data})
    return len(data)
