"""What is left on a shooting card once frames were taken from it, as lines for a person."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from fifthfloor.words import sentence
from fifthfloor.words.form import Document, printable


def still_named(named: Sequence[tuple[str, str]]) -> list[str]:
    """Say which files of each card still carry a removed name or number.

    Args:
        named: card and path on it.
    """
    cards: dict[str, list[str]] = {}
    for card, path in named:
        cards.setdefault(card, []).append(printable(path))
    return [
        sentence("remove.still_named", card=card, count=len(paths), names=", ".join(paths))
        for card, paths in cards.items()
    ]


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


def removed_by_now(to_sweep: Sequence[str]) -> str:
    """Say what is true where it is stopped once all frames are removed, while these cards are not swept yet."""
    if not to_sweep:
        return sentence("remove.stopped_after")
    return sentence("remove.stopped_before_wiping", cards=" ".join(to_sweep))


def islands_left(islands: Sequence[Path], hidden_on: Container[Path]) -> list[str]:
    """Say where noise stands among what is none; a plain wipe would end what was hidden on the same card.

    Args:
        islands: paths of cards.
        hidden_on: those of them that something was hidden on.
    """
    return [sentence(f"before.island_left{'_quick' if path in hidden_on else ''}", card=str(path)) for path in islands]
