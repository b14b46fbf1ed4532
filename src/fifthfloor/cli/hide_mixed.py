"""`hide --in CARD --in FOLDER`: what it asks, what it says before the question, and the writing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.earlier import earlier, more_lost
from fifthfloor.cli.hide_options import HideOptions, Material
from fifthfloor.cli.hide_rolls import rate_of, share_of, show_rooms
from fifthfloor.cli.phrases import ask_new
from fifthfloor.cli.screen import detail_cards, detail_intent, detail_room, look, show_before
from fifthfloor.cli.stopping import told_when_stopped
from fifthfloor.errors import NoRoom
from fifthfloor.words import sentence
from fifthfloor.words.lines import before as before_lines
from fifthfloor.words.lines import rolls as roll_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.mixed_hide import MixedHidden
    from fifthfloor.tasks.floors.roll_covers import Roll
    from fifthfloor.tasks.floors.roll_sources import Shrunk
    from fifthfloor.tasks.floors.sources import Sources
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def hide_on_both(console: Console, options: HideOptions, material: Material) -> int:
    """Look, ask, show it all, ask, write; then open it again from what was written."""
    from fifthfloor.tasks.floors.at_hand import is_folder
    from fifthfloor.tasks.floors.roll_covers import look_at_rolls
    from fifthfloor.tasks.floors.roll_hide import check_kept
    from fifthfloor.tasks.floors.roll_sources import shrink
    from fifthfloor.tasks.floors.sweep import opened_cards

    sources, shrunk = material.sources, None
    if options.shrink is not None:
        sources, shrunk = shrink(sources, options.shrink)
    folders = [path for path in options.carriers if is_folder(path)]
    cards = [path for path in options.carriers if path not in folders]
    rolls = look_at_rolls(folders, rate_of(options), console.progress)
    with opened_cards(cards, options.serial, console.progress) as opened:
        document, hidden, keys = _swept(console, options, (sources, shrunk, material.notes), rolls, opened)
    if hidden is None:
        if options.dry_run:
            console.result(document | {"written": False}, [sentence("before.dry")])
        return 0 if options.dry_run else 1
    check_kept(options.carriers, keys, hidden.floor_id, console.progress)
    written = sum(one["written"] for one in document["rolls"])
    verdict = sentence("mixed.done", what=before_lines.what(document), cards=len(cards), photographs=written)
    done: Document = document | {"changes": hidden.changes, "written": True}
    console.result(done, [sentence("roll.originals")], verdict, "good")
    return 0


def _swept(
    console: Console,
    options: HideOptions,
    what: tuple[Sources, Shrunk | None, Document],
    rolls: Sequence[Roll],
    opened: Sequence[OpenedCard],
) -> tuple[Document, MixedHidden | None, FloorKeys]:
    """Plan, ask and write; nothing was hidden where the answer is no, or after --dry-run."""
    from datetime import date

    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.before import sweep_document
    from fifthfloor.tasks.floors.mixed_hide import Loss, hide_mixed, intend_mixed
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.roll_before import as_document, room_of
    from fifthfloor.tasks.floors.roll_hide import refuse_taken
    from fifthfloor.tasks.floors.steps import look_steps, pace_of, sweep_steps

    intend = partial(
        intend_mixed,
        what[0],
        opened,
        rolls,
        date.today().isoformat(),
        Loss(options.losable, options.overwrite_percent / 100, share_of(options)),
    )
    with console.progress("work.plan", 0):
        try:
            intend()  # too little room is said before anybody types a secret
        except NoRoom:
            for line in roll_lines.rooms([room_of(roll, share_of(options)) for roll in rolls]):
                console.note(line)
            raise
        pace, steps = pace_of(opened), sweep_steps(opened, what[0].size_bytes)
    console.bar.expect(pace, [*look_steps(opened, keys=True), *steps])
    check = partial(secret.check_strength, own=options.own_passphrase)
    typed = ask_new(console, options.passphrase_file, options.label, check)
    keys, labelled = typed.keys(console), bool(typed.label)
    del typed
    refuse_taken(rolls, keys, console.progress)
    there = earlier(console, options, opened, keys, look(console, opened, [keys]), labelled=labelled)
    with console.progress("work.plan", 0):
        intent = intend(there.keeping)
    console.bar.expect(pace, steps)
    on_cards = sweep_document(opened, there, intent.cards, whole_time(pace, steps))
    document = as_document(intent.rolls, what[1]) | on_cards
    detail_cards(console, opened)
    detail_intent(console, intent.cards, opened)
    detail_room(console, opened, intent.cards, there.keeping)
    show_rooms(console, document, options)
    show_before(console, document, what[2] | more_lost(there.keeping))
    written = len(intent.rolls.written)
    if options.dry_run or not console.confirm(sentence("mixed.ask", photographs=written, cards=len(opened))):
        return document, None, keys
    said = partial(sentence, "mixed.stopped"), partial(sentence, "mixed.stopped_done")
    with told_when_stopped(console, *said) as progress:
        return document, hide_mixed(intent, opened, keys, progress, there.keeping), keys
