"""Open: bring back what was hidden, into a folder of the desk; or see whether it would come back."""

from __future__ import annotations

from typing import Any

from fifthfloor.desk import phrase
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, shown_name
from fifthfloor.desk.cards import at_hand, chosen
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.words import sentence


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask which cards, where to, and for the passphrase."""
    facts = {"cards": at_hand(desk), "chosen": asked.every("card"), "folder": shown_name(desk.places.folder)}
    return Page("open.html", facts)


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to bring back."""
    from fifthfloor.tasks.floors.open import check_floors, check_place, check_readable, open_floors

    cards, typed = chosen(desk, asked), phrase.known(desk, asked)
    out = None if asked.has("only_check") else desk.places.new(asked.one("out"))
    wanted = tuple(asked.one("wanted").split())
    check_readable(cards)
    if out is not None:
        check_place(out)

    def work(job: Job) -> dict[str, Any]:
        keys = typed.keys(job)
        job.if_stopped = sentence("desk.open.stopped")
        if out is None:
            restored, incomplete = check_floors(cards, keys, wanted, job.progress)
        else:
            restored, incomplete = open_floors(cards, keys, out, force=False, progress=job.progress, wanted=wanted)
        key = "open.checked" if out is None else "open.restored"
        lines = [
            sentence(key, files=r.files, size=r.size_bytes, folder=str(r.folder), hidden=r.hidden) for r in restored
        ]
        lines += [sentence("shot.in_floor", count=r.unsealed) for r in restored if r.unsealed]
        lines += [sentence("open.renamed", count=r.renamed, folder=str(r.folder)) for r in restored if r.renamed]
        return {"lines": lines + job.notes, "incomplete": len(incomplete), "written": out is not None}

    return Go(address_of(desk.jobs.begin("open", work, writes=out is not None)))


WAYS = (
    Way("GET", ADDRESS["open"], show),
    Way("POST", ADDRESS["open"], begin),
)
