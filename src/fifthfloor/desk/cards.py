"""The first page: which cards are here, and what each shows to whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor import words
from fifthfloor.desk.address import ADDRESS, HELPER, IMAGES
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, shown_name
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.helped import asked_by_windows, commands, program
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.errors import BadInput, DeviceRefused
from fifthfloor.words import sentence
from fifthfloor.words.lines.failure import failure_of

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.at_hand import AtHand

_WITHOUT_RIGHTS = ("cards.no_permission", "cards.not_administrator")


def at_hand(desk: Desk) -> list[dict[str, Any]]:
    """Return the cards that are here, as every page that lets one be chosen lists them."""
    from fifthfloor.tasks.floors.at_hand import devices, images

    received = desk.received.images
    cards = [*devices(), *images((*desk.places.images(), *received), (*desk.places.named, *received))]
    return [
        {
            "id": desk.places.id_of(card.path),
            "name": " ".join((*card.letters, desk.called(card.path))),
            "card": card,
            "is_copy": card.path in received,
            "is_broken": card.refused is not None and not isinstance(card.refused, DeviceRefused),
            "refused": failure_of(card.refused) if card.refused else None,
        }
        for card in cards
    ]


def chosen(desk: Desk, asked: Asked) -> tuple[Path, ...]:
    """Return the cards that were ticked in a form."""
    return tuple(desk.places.of_id(short) for short in dict.fromkeys(asked.every("card")))


def call_cards(called: Callable[[Path], str], document: dict[str, Any]) -> None:
    """Call the cards of a question as the page did where they were ticked."""
    for one in document["cards"]:
        one["name"] = called(Path(one["card"]))


def to_write(desk: Desk, asked: Asked) -> tuple[Path, ...]:
    """Return the cards that were ticked, to be written. Raises BadInput where one is a copy that goes with the desk."""
    cards = chosen(desk, asked)
    refuse_copies(desk, cards)
    return cards


def refuse_copies(desk: Desk, cards: Iterable[Path]) -> None:
    """Refuse to write a copy: what is hidden in it would be gone with it. Raises BadInput."""
    for card in cards:
        if card in desk.received.images:
            raise BadInput("desk.is_copy", name=desk.called(card))


def show(desk: Desk, _asked: Asked) -> Answer:
    """List the cards."""
    cards = at_hand(desk)
    facts: dict[str, Any] = {
        "cards": cards,
        "folder": shown_name(desk.places.folder),
        "running": desk.jobs.running(),
        "images": IMAGES,
        "helper": (),
        "windows": "",
    }
    if any(_needs_rights(one["card"]) for one in cards):
        facts |= {"helper": commands(), "windows": HELPER if asked_by_windows() else ""}
    return Page("cards.html", facts)


def _needs_rights(card: AtHand) -> bool:
    return card.is_device and card.refused is not None and card.refused.key in _WITHOUT_RIGHTS


def begin_helper(_desk: Desk, _asked: Asked) -> Answer:
    """Have Windows ask whether the helper may have its rights."""
    asked = asked_by_windows()
    if asked is None:
        raise BadInput("desk.no_page")
    asked.begin([*program(), "desk", "--helper"])
    return Go(ADDRESS["cards"])


def look(desk: Desk, asked: Asked) -> Answer:
    """Begin to look at one card: its map, and what a search would count."""
    (path,) = chosen(desk, asked)[:1] or (desk.places.of_id(""),)

    def work(job: Job) -> dict[str, Any]:
        return looked(desk, path, job)

    return Go(address_of(desk.jobs.begin("cards", work)))


def looked(desk: Desk, path: Path, job: Job) -> dict[str, Any]:
    """Look at a card without any key, as an officer in a hurry does."""
    from fifthfloor.tasks.floors.at_hand import images
    from fifthfloor.tasks.search.audit import as_document, audit, free_bytes
    from fifthfloor.tasks.search.drawn import drawn

    with job.progress("audit.reading", free_bytes([path])) as advance:
        report = audit([path], None, quick=True, progress=advance).report
    seen = images([path])
    return {
        "id": desk.places.id_of(path),
        "name": desk.called(path),
        "card": seen[0] if seen else None,
        "report": as_document(report, sentence, words.error),
        "drawn": drawn(report.targets[0], sentence),
    }


WAYS = (
    Way("GET", ADDRESS["cards"], show),
    Way("POST", ADDRESS["cards"], look),
    Way("POST", HELPER, begin_helper),
)
