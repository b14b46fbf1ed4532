"""`verify --page`: the page that readers verify with, who have nothing of this program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fifthfloor.files import place_together
from fifthfloor.statement.verify_page import verifying_page


def write_verifying_page(file: Path, sentences: Mapping[str, str], *, dry_run: bool = False) -> int:
    """Write the page.

    Args:
        sentences: what a check comes to, by its word.
        dry_run: refuse what would be refused, and write nothing.

    Returns:
        its size in bytes.

    Raises:
        BadInput: something lies there already.
    """
    data = verifying_page(sentences).encode("utf-8")
    place_together({file: data}, dry_run=dry_run)
    return len(data)
