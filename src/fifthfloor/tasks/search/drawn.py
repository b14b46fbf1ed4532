"""The maps of a card that was audited, as the report's page draws them, for who makes a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from fifthfloor.audit.page import card_map, free_map
from fifthfloor.audit.report import Say, Target

__all__ = ["CardMaps", "MapColour", "drawn"]


@dataclass(frozen=True, slots=True)
class MapColour:
    """One colour of a map: its kind, and which part of free space is of it, 0 to 1."""

    kind: str
    share: float


@dataclass(frozen=True, slots=True)
class CardMaps:
    """The maps of one card.

    Args:
        card, free: drawings (SVG) of the whole card and of its free space; names in them are escaped.
        kinds: what the colours of free space mean, the largest part first.
    """

    card: str
    free: str
    kinds: tuple[MapColour, ...]


def drawn(target: Target, say: Say) -> CardMaps | None:
    """Draw a card; None for what is no card."""
    if target.free_map is None:
        return None
    found = [
        MapColour(kind, target.free_map.share(kind)) for kind, length in target.free_map.bytes_of.items() if length
    ]
    return CardMaps(
        card_map(target, say("audit.page.card_map")),
        free_map(target, say("audit.page.free_map")),
        tuple(sorted(found, key=lambda one: -one.share)),
    )
