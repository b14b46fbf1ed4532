"""What is left on a shooting card once frames were taken from it, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def left(documents: Iterable[Document]) -> list[str]:
    """Show what the visible roll of each card looks like without the taken frames.

    Args:
        documents: of `tasks.floors.visible_roll.as_document`, at least one.
    """
    return [*(line for card in documents for line in _one_card(card)), sentence("roll.advice")]


def _one_card(document: Document) -> Iterator[str]:
    yield sentence("roll.left", card=document["card"], left=document["left"], before=document["before"])
    for day in document["days"]:
        key = "roll.day" if day["left"] else "roll.empty_day"
        gaps = ", ".join(f"{low + 1}-{high - 1}" for low, high in day["gaps"]) or "none"
        yield sentence(key, **{**day, "day": day["day"] or "?", "gaps": gaps})
