"""What is left on a shooting card once frames were taken from it, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fifthfloor.words import sentence

Document = dict[str, Any]


def removed(document: Document, lost: Iterable[tuple[str, int]]) -> list[str]:
    """Say which originals are gone, and what an earlier deletion left behind.

    Args:
        document: of `tasks.floors.remove.as_document`.
        lost: for each card, its path and how many bytes of it belong to no file.
    """
    count, size = document["files"], document["bytes"]
    if not document["clusters_swept"]:
        return [sentence("remove.by_system", files=count, size=size), sentence("remove.left_behind")]
    return [
        sentence("remove.from_card", files=count, size=size),
        *(sentence("remove.lost", card=card, size=number) for card, number in lost if number),
    ]
