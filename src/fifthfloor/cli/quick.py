"""What `hide --quick` says and asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import label_of, show_card, show_time
from fifthfloor.cli.console import Console
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.quick import Drawn
    from fifthfloor.tasks.secret import FloorKeys


def refuse_keep(*, keep: bool) -> None:
    """Refuse `--quick` with `--keep`: runs cannot carry a floor over. Raises UsageError."""
    if keep:
        raise click.UsageError(sentence("quick.keep"))


def agree(
    console: Console, drawn: Drawn, passphrase_file: Path | None, label: str | None, *, remove: bool
) -> FloorKeys | None:
    """Ask for the passphrase, look at what will be written over, show it all, and ask.

    The passphrase comes first, unlike in a sweep: its keys are derived while the cards are read.

    Returns:
        the keys, or None where the answer is no.

    Raises:
        BadInput: the passphrase is weak, or the card was not swept before.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.quick import keys_meanwhile, refuse_what_is_no_noise

    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file, twice=True)
    secret.check_strength(phrase)
    keys = keys_meanwhile(phrase, label_of(console, label))
    for card in drawn.cards:
        show_card(console, card)
        refuse_what_is_no_noise(card, console.progress)
        console.note("  " + sentence("quick.noise", path=str(card.path)))
    percent = 100 * drawn.written_share
    console.note(sentence("quick.what", written=drawn.intent.written_bytes, runs=sum(drawn.runs), percent=percent))
    show_time(console, drawn.cards)
    console.note(sentence("quick.others", percent=percent))
    console.note(sentence("quick.images"))
    console.note(sentence("sweep.visible"))
    if remove:
        console.note(sentence("quick.remove", size=sum(card.card.device.size_bytes for card in drawn.cards)))
    return keys.result() if console.confirm(sentence("quick.ask", count=len(drawn.cards))) else None
