"""Recover: deleted photographs, picked by looking and brought back into a folder of the desk."""

from __future__ import annotations

from typing import Any

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, index_of, shown_name
from fifthfloor.desk.cards import at_hand, chosen
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.errors import BadInput


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask which card."""
    return Page("recover.html", {"cards": at_hand(desk), "chosen": asked.every("card")})


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to look for what was deleted."""
    path = next(iter(chosen(desk, asked)), None) or desk.places.of_id("")

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.search.recover import look

        found = look(path, progress=job.progress)
        small = [one.small for one in found]
        return {"path": path, "found": found, "pictures": small, "folder": shown_name(desk.places.folder)}

    return Go(address_of(desk.jobs.begin("recover", work)))


def bring_back(desk: Desk, asked: Asked) -> Answer:
    """Begin to bring back what was picked."""
    seen = desk.jobs.of(asked.place["job"]).result
    if not isinstance(seen, dict) or "found" not in seen:
        raise BadInput("desk.no_job")
    picked = {n for given in asked.every("f") if (n := index_of(given, len(seen["found"]))) is not None}
    if not picked:
        raise BadInput("desk.none_picked")
    only = frozenset(seen["found"][number].offset_bytes for number in picked)
    path, out = seen["path"], desk.places.new(asked.one("out"))

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.search.recover import recover

        done = recover(path, out, progress=job.progress, only=only)
        whole = sum(file.whole for file in done.files)
        size = sum(file.length_bytes for file in done.files)
        facts = {"whole": whole, "partial": len(done.files) - whole, "size": size, "unreadable": done.unreadable_bytes}
        return {"path": str(out), "files": [(str(file.path.relative_to(out)), file) for file in done.files], **facts}

    return Go(address_of(desk.jobs.begin("recovered", work, writes=True)))


WAYS = (
    Way("GET", ADDRESS["recover"], show),
    Way("POST", ADDRESS["recover"], begin),
    Way("POST", ADDRESS["recover"] + "/{job}", bring_back),
)
