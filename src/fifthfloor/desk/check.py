"""Check: what a passphrase finds on these cards, whether it comes back, and how much damage it can still take."""

from __future__ import annotations

from typing import Any

from fifthfloor.desk import phrase
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, shown_name
from fifthfloor.desk.cards import at_hand, chosen
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask which cards, and for the passphrase."""
    facts = {"cards": at_hand(desk), "chosen": asked.every("card"), "folder": shown_name(desk.places.folder)}
    return Page("check.html", facts)


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to read them."""
    from fifthfloor.tasks.floors.open import check_readable

    cards, typed = chosen(desk, asked), phrase.known(desk, asked)
    check_readable(cards)

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.floors.health import as_document, examine
        from fifthfloor.tasks.floors.listing import list_floors
        from fifthfloor.words.lines.health import lines

        keys = typed.keys(job)
        document = as_document(examine(cards, keys, job.progress))
        told = [*lines(document["floors"]), *job.notes]  # before the list reads all of it again
        return {
            "opens": any(floor["opens"] for floor in document["floors"]),
            "lines": told,
            "floors": list_floors(cards, keys, job.progress),
        }

    return Go(address_of(desk.jobs.begin("check", work)))


WAYS = (
    Way("GET", ADDRESS["check"], show),
    Way("POST", ADDRESS["check"], begin),
)
