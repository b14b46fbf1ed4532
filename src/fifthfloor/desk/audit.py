"""Audit: what a search would find, with its pictures; nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fifthfloor import words
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, shown_name
from fifthfloor.desk.cards import at_hand, chosen
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.words import sentence

MOST_PICTURES = 240


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask what is to be searched."""
    folders = [(desk.places.id_of(path), shown_name(path)) for path in (desk.places.folder, *desk.places.folders())]
    return Page("audit.html", {"cards": at_hand(desk), "folders": folders, "chosen": asked.every("card")})


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to search."""
    paths = list(chosen(desk, asked)) or [desk.places.of_id("")]
    quick = asked.has("quick")

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.search.audit import as_document, audit, free_bytes
        from fifthfloor.tasks.search.drawn import drawn

        with job.progress("audit.reading", free_bytes(paths)) as advance:
            report = audit(paths, None, quick=quick, progress=advance).report
        targets: list[dict[str, Any]] = []
        pictures: list[bytes] = []
        for target in report.targets:
            kept = target.remnants[:MOST_PICTURES]
            shown = [(one, len(pictures) + number) for number, one in enumerate(kept)]
            targets.append(
                {
                    "name": desk.called(Path(target.path)),
                    "target": target,
                    "drawn": drawn(target, sentence),
                    "remnants": shown,
                }
            )
            pictures += [one.thumbnail for one in kept]
        document = as_document(report, sentence, words.error)
        steps = dict.fromkeys(item["do"] for item in document["findings"] if item["severity"] == "critical")
        return {"report": document, "targets": targets, "pictures": pictures, "steps": list(steps)}

    return Go(address_of(desk.jobs.begin("audit", work)))


WAYS = (
    Way("GET", ADDRESS["audit"], show),
    Way("POST", ADDRESS["audit"], begin),
)
