"""What is at hand: each card in a reader and each image of one, opened for reading and closed again."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.cards.image import open_card
from fifthfloor.errors import DeviceRefused, FifthFloorError
from fifthfloor.tasks.floors.readers import cards_in_readers


@dataclass(frozen=True, slots=True)
class AtHand:
    """One card.

    Args:
        path: device or image.
        maker: and model, as the system tells them; empty for an image.
        size_bytes: of all of it.
        label: of its volumes.
        photographs, others: visible files.
        used_bytes: what they hold.
        free_bytes: in which can be hidden.
        is_device: whether it is in a reader.
        refused: why it cannot be understood; None where it can.
    """

    path: Path
    maker: str = ""
    size_bytes: int = 0
    label: str = ""
    photographs: int = 0
    others: int = 0
    used_bytes: int = 0
    free_bytes: int = 0
    is_device: bool = False
    refused: FifthFloorError | None = None


def devices() -> list[AtHand]:
    """Look at each card in a reader; the disk of the system is never among them."""
    found = []
    with suppress(DeviceRefused):  # of a system that does not list its disks, images are at hand all the same
        for one in cards_in_readers():
            maker = " ".join(part for part in (one.facts.maker, one.facts.model) if part)
            label = ", ".join(label for label in one.labels if label)
            found.append(_look(Path(one.path), AtHand(Path(one.path), maker, one.size_bytes, label, is_device=True)))
    return found


def images(paths: Iterable[Path]) -> list[AtHand]:
    """Look at files, and return those that are images of cards."""
    found = []
    for path in paths:
        seen = _look(path, AtHand(path))
        if seen.refused is None:
            found.append(seen)
    return found


def understood(image: Path) -> None:
    """Look whether a file is an image of a card. Raises like `open_card` where it is none."""
    with open_card(image):
        pass


def _look(path: Path, told: AtHand) -> AtHand:
    try:
        with open_card(path) as card:
            who = card.identity
            free = int(card.free[:, 1].sum())
            return AtHand(
                path,
                told.maker,
                who.size_bytes,
                who.label,
                who.photographs,
                who.files - who.photographs,
                who.used_bytes,
                free,
                told.is_device,
            )
    except FifthFloorError as error:
        return AtHand(path, told.maker, told.size_bytes, told.label, is_device=told.is_device, refused=error)
