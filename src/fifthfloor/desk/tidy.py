"""Tidy: names of deleted files that a card still tells, and scrubbing them."""

from __future__ import annotations

from typing import Any

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way
from fifthfloor.desk.cards import at_hand, to_write
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.words import sentence


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask which card."""
    return Page("tidy.html", {"cards": at_hand(desk), "chosen": asked.every("card")})


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to look at it; scrubbing is asked for then."""
    path = next(iter(to_write(desk, asked)), None) or desk.places.of_id("")

    def work(job: Job) -> dict[str, Any] | None:
        from fifthfloor.tasks.search.tidy import look, tidy

        with job.progress("work.look", 0):
            found = look(path)
        if not (found.slots or found.unfinished or found.lost_bytes):
            return {"lines": [sentence("tidy.clean")], "name": desk.called(path)}
        forms = ", ".join(sorted(set(found.lost_forms)))
        answer = job.ask({"found": found, "name": desk.called(path), "forms": forms})
        if answer == "no":
            return None
        job.if_stopped = sentence("desk.tidy.stopped")
        with job.progress("work.tidy", 0):
            done = tidy(path, lost=answer == "lost")
        lines = [sentence("tidy.finished", size=done.swept_bytes)] if done.swept_bytes else []
        lines.append(sentence("tidy.done", names=done.names, sectors=done.sectors))
        lines += [sentence("tidy.emptied", count=done.emptied)] if done.emptied else []
        return {"lines": lines, "name": desk.called(path)}

    return Go(address_of(desk.jobs.begin("tidy", work, writes=True)))


WAYS = (
    Way("GET", ADDRESS["tidy"], show),
    Way("POST", ADDRESS["tidy"], begin),
)
