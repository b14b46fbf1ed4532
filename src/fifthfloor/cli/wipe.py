"""`wipe`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, device_option, show_cards
from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence


@click.command()
@voiced
@click.argument("cards", type=ANY_PATH, nargs=-1, required=True)
@device_option
def wipe(console: Console, cards: tuple[Path, ...], serial: str | None) -> int:
    """Sweep the free space of CARDS with noise; nothing is hidden and visible files are not touched.

    The same writes as `hide`, so that nobody can tell the two apart.
    """
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.wipe import wipe as wipe_cards

    with opened_cards(cards, serial) as opened:
        show_cards(console, opened)
        if not console.confirm(sentence("sweep.ask", count=len(opened))):
            return 1
        wipe_cards(opened, console.progress)
        swept = sum(card.layout.free_bytes for card in opened)
    document = {"cards": [str(path) for path in cards], "swept_bytes": swept}
    console.result(document, [sentence("wipe.done", count=len(cards), size=swept)])
    return 0
