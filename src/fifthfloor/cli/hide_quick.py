"""`hide --quick`: what it says and asks before it writes runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.hide_options import Done, HideOptions, Material, originals_deleted, question, stopped_done_key
from fifthfloor.cli.phrases import ask_new
from fifthfloor.cli.screen import detail_cards, detail_intent, look_after, show_before
from fifthfloor.cli.stopping import told_when_stopped
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.quick import Drawn
    from fifthfloor.tasks.floors.quick_earlier import Outcome
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def refuse_keep(options: HideOptions) -> None:
    """Refuse `--quick` with `--keep`: runs cannot carry a floor over. Raises UsageError."""
    if options.keep or options.keep_files:
        raise click.UsageError(sentence("quick.keep"))


def write_runs(
    console: Console, options: HideOptions, material: Material, opened: Sequence[OpenedCard]
) -> Done | Document | None:
    """Show it all, ask, and write runs; None where the answer is no, what would be done after --dry-run."""
    from fifthfloor.tasks.floors.hide import hide
    from fifthfloor.tasks.floors.meanwhile import Beginning
    from fifthfloor.tasks.floors.quick import draw

    with console.progress("work.plan", 0):
        drawn = draw(material.sources, opened, options.losable, options.overwrite_percent / 100)
    with Beginning(drawn.intent) as beginning:
        beginning.start()
        agreed = _agree(console, options, material, opened, drawn)
        if not isinstance(agreed, tuple):
            return agreed
        (keys,) = agreed
        said = partial(sentence, "quick.stopped"), partial(sentence, stopped_done_key(options))
        with told_when_stopped(console, *said) as progress:
            ready = beginning.of(drawn.intent, progress)
            hidden = hide(drawn.intent, drawn.cards, keys, progress, begun=ready)
    return Done(drawn.intent, hidden, keys, None)


def _agree(
    console: Console, options: HideOptions, material: Material, opened: Sequence[OpenedCard], drawn: Drawn
) -> tuple[FloorKeys] | Document | None:
    """Ask for the passphrase, look at what will be written over, show it all, and ask.

    The passphrase comes first: its keys are derived while the cards are read.

    Returns:
        the keys; or the document of --dry-run, or None where the answer is no.

    Raises:
        BadInput: the passphrase is weak, or the card was not swept before.
        NoRoom: as `reckon_earlier`.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.earlier import LettingGo
    from fifthfloor.tasks.floors.meanwhile import keys_meanwhile
    from fifthfloor.tasks.floors.quick import refuse_what_is_no_noise
    from fifthfloor.tasks.floors.quick_earlier import Meeting, Outcome, reckon_earlier

    typed = ask_new(
        console, options.passphrase_file, options.label, partial(secret.check_strength, own=options.own_passphrase)
    )
    keys, labelled = keys_meanwhile(typed.phrase, typed.label), bool(typed.label)
    del typed
    meeting = Meeting(keys)
    for card in drawn.cards:
        refuse_what_is_no_noise(card, console.progress, meeting.see)
        console.detail(sentence("quick.noise", path=str(card.path)))
    after = look_after(console, options, material, [keys.result()] if material.wiped else [])
    there = (
        reckon_earlier(
            opened, drawn.cards, keys.result(), LettingGo(options.discard, options.discard_broken), console.progress
        )
        if meeting.met
        else Outcome()
    )
    document = _shown(console, options, material, drawn, there) | {"swept_after": after, "labelled": labelled}
    show_before(console, document, material.notes)
    if options.remove:
        console.detail(sentence("quick.remove", size=sum(card.card.device.size_bytes for card in drawn.cards)))
    if options.dry_run:
        return document
    if not console.confirm(question("quick", options, material, len(drawn.cards))):
        return None
    with console.progress("work.keys", 0):
        return (keys.result(),)


def _shown(console: Console, options: HideOptions, material: Material, drawn: Drawn, there: Outcome) -> Document:
    from fifthfloor.tasks.floors.before import Before, as_document
    from fifthfloor.tasks.floors.look import Looked
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.steps import pace_of, remove_steps, sweep_after_steps, sweep_steps

    with console.progress("work.plan", 0):
        steps, pace = sweep_steps(drawn.cards, 0), pace_of(drawn.cards, material.wiped)
    if options.remove:
        steps += remove_steps(drawn.cards, material.sources.size_bytes)
        steps += sweep_after_steps(drawn.cards, material.wiped)
    console.bar.expect(pace, steps)
    # What is written over looks like noise and holds no deleted photograph: that was refused.
    looked = [Looked(None, met=False, everything=False)] * len(drawn.cards)
    percent = 100 * drawn.written_share
    extra = {"written_percent": round(percent, 2), "runs": sum(drawn.runs), "borne": there.document}
    if material.taken:
        extra["frames"] = sum(len(one.frames) for one in material.taken)
    removed = material.taken if options.remove else ()
    before = Before(
        drawn.cards,
        looked,
        whole_time(pace, steps),
        drawn.intent,
        discarded=there.gone,
        removed=removed,
        removed_files=originals_deleted(options, material),
        extra=extra,
    )
    document = as_document(before) | {"deleted_photographs": 0}
    detail_cards(console, drawn.cards)
    detail_intent(console, drawn.intent, drawn.cards)
    return document
