"""`hide` without `--quick`: what it asks, what it says before the question, and the sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.earlier import earlier, more_lost
from fifthfloor.cli.hide_options import Done, HideOptions, Material, originals_deleted, question, stopped_done_key
from fifthfloor.cli.phrases import ask_new
from fifthfloor.cli.screen import detail_cards, detail_intent, detail_room, look, look_after, show_before, show_kept
from fifthfloor.cli.stopping import told_when_stopped
from fifthfloor.errors import NoRoom
from fifthfloor.words import sentence
from fifthfloor.words.lines import before as before_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.earlier import Earlier
    from fifthfloor.tasks.floors.hide import Intent
    from fifthfloor.tasks.floors.meanwhile import Beginning
    from fifthfloor.tasks.floors.pace import Pace, Step
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
    from fifthfloor.tasks.floors.hide import intend
    from fifthfloor.tasks.floors.meanwhile import Beginning
    from fifthfloor.tasks.floors.steps import pace_of

    sealed_to = sealed.fingerprints if sealed else ()
    plan = partial(intend, material.sources, opened, options.losable, options.overwrite_percent / 100)
    with console.progress("work.plan", 0):
        # Too little room is said before anything is asked; what is kept takes some more of it, and is counted later.
        blind = plan(sealed_to=sealed_to)
        pace = pace_of(opened, material.wiped)
    with Beginning(blind, after_keys=True) as beginning:
        if not options.dry_run:
            beginning.start()
        looking = _Looking(console, options, material, opened, beginning, pace)
        there, keys = _looked(looking, sealed)
        try:
            with console.progress("work.plan", 0):
                # What was begun goes on where the look changed nothing of the plan.
                intent = plan(there.keeping, sealed_to) if there.keeping.floors else blind
        except NoRoom:
            show_kept(console, there.kept, there.kept_others)  # what shares the room is named before it is refused
            raise
        document = _shown(looking, there, intent, look_after(console, options, material, [] if sealed else [keys]))
        if options.dry_run:
            return document
        if not console.confirm(question("before", options, material, len(opened))):
            return None
        return _written(looking, there, intent, keys, sealed)


@dataclass(frozen=True, slots=True)
class _Looking:
    """What the steps of `sweep` share."""

    console: Console
    options: HideOptions
    material: Material
    opened: Sequence[OpenedCard]
    beginning: Beginning
    pace: Pace


def _looked(looking: _Looking, sealed: SealedFloor | None) -> tuple[Earlier, FloorKeys]:
    """Ask for the passphrase, and look at what is there."""
    from fifthfloor.tasks.floors.steps import look_steps

    console, options, opened = looking.console, looking.options, looking.opened
    first = look_steps(opened, keys=sealed is None, after=looking.material.wiped)
    console.bar.expect(looking.pace, [*first, *_steps(looking)])
    keys, labelled = (sealed.keys, False) if sealed else _asked(console, options)
    looking.beginning.keys_are_there()
    looked = look(console, opened, [] if sealed else [keys])  # nothing is there under a key that was just drawn
    if options.keep or options.keep_files or any(one.met for one in looked):
        looking.beginning.give_up_symbols(console.progress)
    return earlier(console, options, opened, keys, looked, labelled=labelled), keys


def _written(looking: _Looking, there: Earlier, intent: Intent, keys: FloorKeys, sealed: SealedFloor | None) -> Done:
    from fifthfloor.tasks.floors.hide import hide
    from fifthfloor.tasks.floors.sealed_check import check_every_shard

    opened = looking.opened
    key = "sealed.stopped" if sealed else there.stopped_key
    done_key = stopped_done_key(looking.options, sealed=sealed is not None)
    with told_when_stopped(looking.console, partial(sentence, key), partial(sentence, done_key)) as progress:
        begun = looking.beginning.of(intent, progress)
        hidden = hide(intent, opened, sealed or keys, progress, there.keeping, begun)
        if sealed is not None:
            check_every_shard(intent, hidden, opened, keys, progress)
    return Done(intent, hidden, keys, there.keeping, sealed)


def _asked(console: Console, options: HideOptions) -> tuple[FloorKeys, bool]:
    """Return the keys, and whether there is a label."""
    from fifthfloor.tasks import secret

    check = partial(secret.check_strength, own=options.own_passphrase)
    # No copy of ours of what was typed outlives this.
    typed = ask_new(console, options.passphrase_file, options.label, check)
    return typed.keys(console), bool(typed.label)


def _steps(looking: _Looking) -> list[Step]:
    """Return what comes after the question."""
    from fifthfloor.tasks.floors.steps import prove_steps, remove_steps, sweep_after_steps, sweep_steps

    opened, options, material = looking.opened, looking.options, looking.material
    steps = sweep_steps(opened, looking.beginning.left_bytes)
    if options.recipients:
        steps += prove_steps(opened)
    steps += remove_steps(opened, material.sources.size_bytes) if options.remove else []
    return steps + sweep_after_steps(opened, material.wiped)


def _shown(looking: _Looking, there: Earlier, intent: Intent, after: Sequence[Document]) -> Document:
    """Show what will happen; `after`: which shooting cards are swept at the end."""
    from fifthfloor.tasks.floors.before import sweep_document
    from fifthfloor.tasks.floors.pace import whole_time

    console, options, material, opened = looking.console, looking.options, looking.material, looking.opened
    steps = _steps(looking)
    console.bar.expect(looking.pace, steps)
    seconds = whole_time(looking.pace, steps)
    deleted = originals_deleted(options, material)
    document = sweep_document(
        opened, there, intent, seconds, material.taken, remove=options.remove, removed_files=deleted
    ) | {"swept_after": after}
    detail_cards(console, opened)
    for line in before_lines.tails(document):
        console.detail(line)
    detail_intent(console, intent, opened)
    detail_room(console, opened, intent, there.keeping)
    show_before(console, document, material.notes | more_lost(there.keeping))
    return document
