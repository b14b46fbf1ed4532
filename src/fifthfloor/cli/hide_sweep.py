"""`hide` without `--quick`: what it asks before it sweeps, and the floors that are carried over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fifthfloor.cli.asking import label_of, show_cards
from fifthfloor.cli.console import Console
from fifthfloor.cli.hide_options import Done, HideOptions, show_intent
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.keep import Keeping
    from fifthfloor.tasks.floors.sources import Sources
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def sweep(console: Console, options: HideOptions, sources: Sources, opened: Sequence[OpenedCard]) -> Done | None:
    """Show it all, ask, and sweep; None where the answer is no."""
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.hide import hide, intend

    keeping = _keeping(console, options, opened)
    intent = intend(sources, opened, options.losable, options.overwrite / 100, keeping)
    show_cards(console, opened)
    show_intent(console, intent, opened)
    console.note(sentence("keep.others_go" if keeping.floors else "keep.none"))
    phrase = console.passphrase(sentence("floor.ask_passphrase"), options.passphrase_file, twice=True)
    secret.check_strength(phrase)
    label = label_of(console, options.label)
    if not console.confirm(sentence("sweep.ask", count=len(opened))):
        return None
    keys = secret.keys_of(phrase, label)
    return Done(intent, hide(intent, opened, keys, console.progress, keeping), keys, keeping)


def _keeping(console: Console, options: HideOptions, opened: Sequence[OpenedCard]) -> Keeping:
    """Ask for the passphrases of the floors to be carried over, and find them."""
    from fifthfloor.tasks.floors import keep

    keys = _kept_keys(console, options)
    if not keys:
        return keep.nothing_kept(len(opened))
    found = keep.prepare(opened, keys, console.progress)
    console.note(sentence("keep.found", floors=found.floors, lost=found.lost, renewed=found.renewed))
    if found.lost > found.renewed:
        left = found.lost - found.renewed
        console.note(sentence("keep.more_lost", left=left, most=keep.MOST_RENEWED))
    for number, one in enumerate(found.health, start=1):
        console.note(sentence("keep.health", number=number, before=one.before, after=one.after, needed=one.needed))
    return found


def _kept_keys(console: Console, options: HideOptions) -> list[FloorKeys]:
    from fifthfloor.tasks import secret

    keys: list[FloorKeys] = []
    for file in options.keep_files:
        phrase, own_label = console.two_lines(file)
        keys.append(secret.keys_of(phrase, own_label if own_label is not None else options.label or ""))
    if options.keep and not options.keep_files:
        while phrase := console.passphrase(sentence("keep.ask_passphrase"), None):
            keys.append(secret.keys_of(phrase, console.line(sentence("floor.ask_label")) or ""))
    return keys
