"""What is at hand: each card in a reader and each image of one, opened for reading and closed again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from fifthfloor.cards.image import open_card
from fifthfloor.cards.opening import is_folder as is_folder
from fifthfloor.cards.opening import same_place
from fifthfloor.cards.opening import short_name as short_name  # for whoever speaks of cards
from fifthfloor.errors import DeviceRefused, FifthFloorError
from fifthfloor.tasks.floors.readers import cards_in_readers

_ENDINGS = (".img", ".dd", ".image")


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
        letters: of its drives, on Windows.
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
    letters: tuple[str, ...] = ()
    refused: FifthFloorError | None = None


def places_among(paths: Iterable[Path], others: Iterable[Path]) -> list[Path]:
    """Return those that are an image or device of `others` too, however they are named, each once."""
    known = set(map(same_place, others))
    return list({place: one for one in paths if (place := same_place(one)) in known}.values())


def devices() -> list[AtHand]:
    """Look at each card in a reader; the disk of the system is never among them."""
    found = []
    with suppress(DeviceRefused):  # of a system that does not list its disks, images are at hand all the same
        for one in cards_in_readers():
            maker = " ".join(part for part in (one.facts.maker, one.facts.model) if part)
            label = ", ".join(label for label in one.labels if label)
            letters = tuple(place for place in one.places if place.endswith(":"))
            told = AtHand(Path(one.path), maker, one.size_bytes, label, is_device=True, letters=letters)
            found.append(_look(told))
    return found


def images(paths: Iterable[Path], meant: Collection[Path] = ()) -> list[AtHand]:
    """Look at files, and return those that are images of cards, or should be.

    Args:
        paths: any files.
        meant: those that somebody called images: of them, of what is called like one and of what another run writes
            it is said why they cannot be taken.
    """
    looked = [_look(AtHand(path)) for path in paths]
    return [one for one in looked if one.refused is None or _should_be(one.path, one.refused, meant)]


def _should_be(path: Path, refused: FifthFloorError, meant: Collection[Path]) -> bool:
    return path in meant or path.suffix.lower() in _ENDINGS or refused.key == "cards.in_use"


def understood(image: Path) -> None:
    """Look whether a file is an image of a card, or is called one: a search may read what is broken in it.

    Raises:
        BadInput: it is neither.
    """
    refused = _look(AtHand(image)).refused
    if refused is not None and not _should_be(image, refused, ()):
        raise refused


def _look(told: AtHand) -> AtHand:
    try:
        with open_card(told.path) as card:
            who = card.identity
            return replace(
                told,
                size_bytes=who.size_bytes,
                label=who.label,
                photographs=who.photographs,
                others=who.files - who.photographs,
                used_bytes=who.used_bytes,
                free_bytes=int(card.free[:, 1].sum()),
            )
    except FifthFloorError as error:
        return replace(told, refused=error)
