"""Wipe: all free space of cards rewritten with noise; floors whose passphrases are given are carried over."""

from __future__ import annotations

from typing import Any

from fifthfloor.desk import phrase
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way
from fifthfloor.desk.cards import at_hand, call_cards, to_write
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.watching import address_of
from fifthfloor.words import sentence
from fifthfloor.words.lines import before as before_lines


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask which cards, and what is kept."""
    facts = {"cards": at_hand(desk), "chosen": asked.every("card"), "others": range(phrase.MOST_OTHERS)}
    return Page("wipe.html", facts)


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to look at them; the sweep is asked for then."""
    cards = to_write(desk, asked) or (desk.places.of_id(""),)
    kept = phrase.others(asked)

    def work(job: Job) -> dict[str, Any] | None:
        from fifthfloor.tasks.floors.before import Before, as_document
        from fifthfloor.tasks.floors.keep import prepare
        from fifthfloor.tasks.floors.kept import NOTHING_KEPT
        from fifthfloor.tasks.floors.look import look_all
        from fifthfloor.tasks.floors.pace import whole_time
        from fifthfloor.tasks.floors.steps import look_steps, pace_of, sweep_steps
        from fifthfloor.tasks.floors.sweep import opened_cards
        from fifthfloor.tasks.floors.wipe import intend_wipe, wipe

        with opened_cards(cards, None, job.progress) as opened:
            pace, steps = pace_of(opened), sweep_steps(opened, 0)
            job.expect(pace, [*look_steps(opened), *steps])
            keys = [one.keys(job) for one in kept]
            keeping = prepare(opened, keys, job.progress) if keys else NOTHING_KEPT
            placed = intend_wipe(opened, keeping)
            looked = look_all(opened, [], job.progress)
            extra = {"others": "given"} if keys else {}
            document = as_document(Before(opened, looked, whole_time(pace, steps), extra=extra))
            call_cards(desk.called, document)
            lines = list(before_lines.lines(document))
            if job.ask({"lines": lines, "kept": len(keeping.floors), "count": len(opened)}) != "yes":
                return None
            job.if_stopped = sentence("wipe.stopped")
            wipe(opened, job.progress, keeping, placed)
            swept = sum(card.layout.free_bytes for card in opened)
        return {"lines": [sentence("wipe.done", count=len(cards), size=swept)], "kept": len(keeping.floors)}

    return Go(address_of(desk.jobs.begin("wipe", work, writes=True)))


WAYS = (
    Way("GET", ADDRESS["wipe"], show),
    Way("POST", ADDRESS["wipe"], begin),
)
