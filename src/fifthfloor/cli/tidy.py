"""`tidy`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, device_option
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.words import sentence


@click.command()
@voiced
@click.argument("card", type=ANY_PATH)
@device_option
def tidy(console: Console, card: Path, serial: str | None) -> int:
    """Scrub deleted names and directory slack from CARD, and finish a deletion that was stopped.

    Visible files are not touched; it may be stopped at any moment. Contents stay in free space until `wipe` or `hide`.
    """
    from fifthfloor.tasks.search.tidy import look
    from fifthfloor.tasks.search.tidy import tidy as tidy_card

    found = look(card, serial)
    who = found.identity
    what = " ".join(part for part in (who.facts.maker, who.facts.model) if part) or "image"
    console.note(
        sentence(
            "tidy.card",
            path=who.path,
            what=what,
            size=who.size_bytes,
            label=who.label or "-",
            photographs=who.photographs,
            others=who.files - who.photographs,
        )
    )
    if not (found.slots or found.unfinished or found.lost_bytes):
        console.result({"card": str(card), "names": 0, "sectors": 0, "swept_bytes": 0}, [sentence("tidy.clean")])
        return 0
    if found.unfinished or found.lost_bytes:
        console.note(
            sentence("tidy.unfinished" if found.lost_bytes else "tidy.unfinished_count", size=found.lost_bytes)
        )
    console.note(sentence("tidy.found", names=found.names, photographs=found.photographs))
    if found.recoverable:
        console.note(sentence("tidy.recover_first", count=found.recoverable))
    if not console.confirm(sentence("tidy.ask")):
        return 1
    done = tidy_card(card, serial)
    document: Document = {
        "card": str(card),
        "names": done.names,
        "sectors": done.sectors,
        "swept_bytes": done.swept_bytes,
    }
    finished: list[str] = []
    if found.unfinished or found.lost_bytes:
        finished.append(sentence("tidy.finished" if done.swept_bytes else "tidy.finished_count", size=done.swept_bytes))
    console.result(document, [*finished, sentence("tidy.done", names=done.names, sectors=done.sectors)])
    return 0
