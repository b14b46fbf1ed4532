"""`hide --quick`: what it says and asks before it writes runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import label_of, show_card, show_time
from fifthfloor.cli.console import Console
from fifthfloor.cli.hide_options import Done, HideOptions, show_intent
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.quick import Drawn
    from fifthfloor.tasks.floors.sources import Sources
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def refuse_keep(options: HideOptions) -> None:
    """Refuse `--quick` with `--keep`: runs cannot carry a floor over. Raises UsageError."""
    if options.keep or options.keep_files:
        raise click.UsageError(sentence("quick.keep"))


def write_runs(console: Console, options: HideOptions, sources: Sources, opened: Sequence[OpenedCard]) -> Done | None:
    """Show it all, ask, and write runs; None where the answer is no."""
    from fifthfloor.tasks.floors.hide import hide
    from fifthfloor.tasks.floors.quick import begun_meanwhile, draw

    drawn = draw(sources, opened, options.losable, options.overwrite / 100)
    show_intent(console, drawn.intent, opened)
    with begun_meanwhile(drawn) as begun:
        keys = _agree(console, options, drawn)
        if keys is None:
            return None
        hidden = hide(drawn.intent, drawn.cards, keys, console.progress, begun=begun.result())
    return Done(drawn.intent, hidden, keys, None)


def _agree(console: Console, options: HideOptions, drawn: Drawn) -> FloorKeys | None:
    """Ask for the passphrase, look at what will be written over, show it all, and ask.

    The passphrase comes first, unlike in a sweep: its keys are derived while the cards are read.

    Returns:
        the keys, or None where the answer is no.

    Raises:
        BadInput: the passphrase is weak, or the card was not swept before.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.quick import keys_meanwhile, refuse_what_is_no_noise

    phrase = console.passphrase(sentence("floor.ask_passphrase"), options.passphrase_file, twice=True)
    secret.check_strength(phrase)
    keys = keys_meanwhile(phrase, label_of(console, options.label))
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
    if options.remove:
        console.note(sentence("quick.remove", size=sum(card.card.device.size_bytes for card in drawn.cards)))
    return keys.result() if console.confirm(sentence("quick.ask", count=len(drawn.cards))) else None
