"""`verify --page`: the page that readers verify with, who have nothing of this program."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.statement.page import verifying_page
from fifthfloor.tasks.writing import place_together


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
