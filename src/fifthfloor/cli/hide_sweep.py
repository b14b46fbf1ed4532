"""`hide` without `--quick`: what it asks, what it says before the question, and the sweep."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.earlier import earlier
from fifthfloor.cli.hide_options import Done, HideOptions, Material, originals_deleted, question
from fifthfloor.cli.phrases import ask_new
from fifthfloor.cli.screen import detail_cards, detail_intent, detail_room, look, show_before, show_kept
from fifthfloor.cli.stopping import told_when_stopped
from fifthfloor.errors import NoRoom
from fifthfloor.words import sentence
from fifthfloor.words.lines import before as before_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.earlier import Earlier
    from fifthfloor.tasks.floors.hide import Intent
    from fifthfloor.tasks.floors.pace import Step
    from fifthfloor.tasks.floors.sealing import SealedFloor
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def sweep(
    console: Console,
    options: HideOptions,
    material: Material,
    opened: Sequence[OpenedCard],
    sealed: SealedFloor | None,
) -> Done | Document | None:
    """Ask, look, show it all, ask, and sweep; None where the answer is no, what would be done after --dry-run."""
    from fifthfloor.tasks.floors.hide import hide, intend
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.sealed_check import check_every_shard
    from fifthfloor.tasks.floors.steps import look_steps, pace_of

    sealed_to = sealed.fingerprints if sealed else ()
    with console.progress("work.plan", 0):
        # Too little room is said before anything is asked; what is kept takes some more of it, and is counted later.
        intend(material.sources, opened, options.losable, options.overwrite_percent / 100, sealed_to=sealed_to)
        pace, steps = pace_of(opened), _steps(options, material, opened)
    console.bar.expect(pace, [*look_steps(opened, keys=sealed is None), *steps])
    keys = sealed.keys if sealed else _asked(console, options)
    looked = look(console, opened, [] if sealed else [keys])  # nothing is there under a key that was just drawn
    there = earlier(console, options, opened, keys, looked)
    try:
        with console.progress("work.plan", 0):
            intent = intend(
                material.sources, opened, options.losable, options.overwrite_percent / 100, there.keeping, sealed_to
            )
    except NoRoom:
        show_kept(console, there.kept, there.kept_others)  # what shares the room is named before it is refused
        raise
    console.bar.expect(pace, steps)
    document = _shown(console, options, material, opened, there, intent, whole_time(pace, steps))
    if options.dry_run:
        return document
    if not console.confirm(question("before", options, material, len(opened))):
        return None
    said = partial(sentence, "sealed.stopped") if sealed else partial(sentence, there.stopped_key)
    with told_when_stopped(console.progress, said) as progress:
        hidden = hide(intent, opened, sealed or keys, progress, there.keeping)
        if sealed is not None:
            check_every_shard(intent, hidden, opened, keys, progress)
    return Done(intent, hidden, keys, there.keeping, sealed)


def _asked(console: Console, options: HideOptions) -> FloorKeys:
    from fifthfloor.tasks import secret

    check = partial(secret.check_strength, own=options.own_passphrase)
    # No copy of ours of what was typed outlives this.
    return ask_new(console, options.passphrase_file, options.label, check).keys(console)


def _steps(options: HideOptions, material: Material, opened: Sequence[OpenedCard]) -> list[Step]:
    """Return what comes after the question."""
    from fifthfloor.tasks.floors.steps import prove_steps, remove_steps, sweep_steps

    size = material.sources.size_bytes
    steps = sweep_steps(opened, size)
    if options.recipients:
        steps += prove_steps(opened)
    return steps + (remove_steps(opened, size) if options.remove else [])


def _shown(
    console: Console,
    options: HideOptions,
    material: Material,
    opened: Sequence[OpenedCard],
    there: Earlier,
    intent: Intent,
    seconds: tuple[float, float],
) -> Document:
    """Show what will happen."""
    from fifthfloor.tasks.floors.before import sweep_document

    deleted = originals_deleted(options, material)
    document = sweep_document(
        opened, there, intent, seconds, material.taken, remove=options.remove, removed_files=deleted
    )
    detail_cards(console, opened)
    for line in before_lines.tails(document):
        console.detail(line)
    detail_intent(console, intent, opened)
    detail_room(console, opened, intent, there.keeping)
    show_before(console, document)
    return document
