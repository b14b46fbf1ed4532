"""The first page: which cards are here, and what each shows to whoever looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fifthfloor import words
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, shown_name
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.words import sentence


def at_hand(desk: Desk) -> list[dict[str, Any]]:
    """Return the cards that are here, as every page that lets one be chosen lists them."""
    from fifthfloor.tasks.floors.at_hand import devices, images

    return [
        {
            "id": desk.places.id_of(card.path),
            "name": shown_name(card.path),
            "card": card,
            "refused": words.error(card.refused.key, card.refused.facts) if card.refused else None,
        }
        for card in (*devices(), *images(desk.places.images()))
    ]


def chosen(desk: Desk, asked: Asked) -> tuple[Path, ...]:
    """Return the cards that were ticked in a form."""
    return tuple(desk.places.of_id(short) for short in dict.fromkeys(asked.every("card")))


def show(desk: Desk, _asked: Asked) -> Answer:
    """List the cards."""
    facts = {"cards": at_hand(desk), "folder": shown_name(desk.places.folder), "running": desk.jobs.running()}
    return Page("cards.html", facts)


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
        "name": shown_name(path),
        "card": seen[0] if seen else None,
        "report": as_document(report, sentence, words.error),
        "drawn": drawn(report.targets[0], sentence),
    }


WAYS = (
    Way("GET", ADDRESS["cards"], show),
    Way("POST", ADDRESS["cards"], look),
)
