"""`wipe`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import cards_argument, device_option
from fifthfloor.cli.console import Console, Stopped, voiced
from fifthfloor.cli.screen import detail_cards, look, show_before
from fifthfloor.words import sentence


@click.command()
@voiced
@cards_argument("cards")
@click.option("--dry-run", is_flag=True, help="Say it all, write nothing.")
@device_option
def wipe(console: Console, cards: tuple[Path, ...], dry_run: bool, serial: str | None) -> int:
    """Sweep the free space of CARDS with noise; nothing is hidden and visible files are not touched."""
    from fifthfloor.tasks.floors.before import Before, as_document
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.steps import look_steps, pace_of, sweep_steps
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.wipe import wipe as wipe_cards

    with opened_cards(cards, serial) as opened:
        pace, steps = pace_of(opened), sweep_steps(opened, 0)
        console.bar.expect(pace, [*look_steps(opened), *steps])
        looked = look(console, opened, [])
        before = as_document(Before(opened, looked, whole_time(pace, steps)))
        detail_cards(console, opened)
        show_before(console, before)
        if dry_run:
            console.result(before, [sentence("before.dry")])
            return 0
        if not console.confirm(sentence("before.ask", count=len(opened))):
            return 1
        try:
            wipe_cards(opened, console.progress)
        except KeyboardInterrupt:
            raise Stopped(sentence("wipe.stopped")) from None
        swept = sum(card.layout.free_bytes for card in opened)
    document = {"cards": [str(path) for path in cards], "swept_bytes": swept}
    console.result(document, [], sentence("wipe.done", count=len(cards), size=swept), "good")
    return 0
