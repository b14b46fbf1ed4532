"""Trace: which photographs of an archive are in pictures and saved pages, and what several pages tell with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fifthfloor import words
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way, shown_name
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.errors import BadInput
from fifthfloor.words.lines.likeness import place_words, similar_lines, told_words

if TYPE_CHECKING:
    from fifthfloor.tasks.trace.trace import Traced, Untraced

MOST_SHOWN = 500  # pictures of one search; the rest are counted


def show(desk: Desk, _asked: Asked) -> Answer:
    """Ask what is looked for, and in which archive."""
    folders = [(desk.places.id_of(path), shown_name(path)) for path in desk.places.folders()]
    return Page("trace.html", {"folders": folders})


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to look for the pictures of a folder in an archive."""
    folder, archive = desk.places.of_id(asked.one("folder")), desk.places.of_id(asked.one("archive"))
    if folder == archive:
        raise BadInput("desk.trace_same")

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.trace.page_tellings import told
        from fifthfloor.tasks.trace.trace import Traced, trace

        results: list[Traced | Untraced] = []
        with job.progress("work.trace", 0) as advance:
            for one in trace([folder], archive, links=False):
                results.append(one)
                advance(0)  # here it may be stopped
        found = [one for one in results if isinstance(one, Traced) and one.is_found]
        pictures: list[bytes] = []
        tellings = [
            {
                "named": told_words(one.laid, one.frames, len(one.tellings)),
                "told": [_telling(telling, pictures) for telling in one.tellings],
            }
            for one in told(results)
            if len(one.tellings) > 1
        ]
        return {
            "count": len(results),
            "found": [_found(one) for one in found[:MOST_SHOWN]],
            "many": len(found),
            "untraced": [
                (one.name, words.error(one.key, one.facts)[0]) for one in results if not isinstance(one, Traced)
            ][:MOST_SHOWN],
            "tellings": tellings,
            "pictures": pictures,
            "archive": shown_name(archive),
        }

    return Go(address_of(desk.jobs.begin("trace", work)))


def _found(one: Traced) -> dict[str, Any]:
    return {
        "name": one.name,
        "same": place_words(one.same) if one.same else "",
        "copies": [(place_words(similar.laid), similar_lines(similar)) for similar in one.alike_copies],
    }


def _telling(telling: Any, pictures: list[bytes]) -> dict[str, Any]:
    pictures.append(telling.picture.seen)
    return {
        "number": len(pictures) - 1,
        "title": telling.shown.title,
        "caption": telling.shown.caption,
        "own": telling.words,
        "lines": similar_lines(telling.similar),
    }


WAYS = (
    Way("GET", ADDRESS["trace"], show),
    Way("POST", ADDRESS["trace"], begin),
)
