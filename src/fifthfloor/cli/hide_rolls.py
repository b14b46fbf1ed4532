"""`hide --in FOLDER`: what it asks, what it says before the question, and the writing."""

from __future__ import annotations

from functools import partial
from typing import Literal

import click

from fifthfloor.cli.console import Console, Document, Stopped
from fifthfloor.cli.hide_options import HideOptions, Material
from fifthfloor.cli.phrases import ask_new
from fifthfloor.errors import NoRoom
from fifthfloor.words import sentence
from fifthfloor.words.lines import rolls as roll_lines
from fifthfloor.words.lines.notes import notes

CarrierKind = Literal["cards", "folders", "both"]


def where_of(options: HideOptions) -> CarrierKind:
    """Say what the carriers are. Raises UsageError for what does not go with folders, or with cards."""
    from fifthfloor.tasks.floors.at_hand import is_folder

    folders = list(map(is_folder, options.carriers))
    if not any(folders):
        given = {"--lose-photos": options.lose_photographs, "--shrink": options.shrink, "--rate": options.rate}
        for option in (name for name, value in given.items() if value is not None):
            raise click.UsageError(sentence("roll.only", option=option))
        return "cards"
    mixed = not all(folders)
    for option, value in _unfit(options, mixed=mixed).items():
        if value:
            raise click.UsageError(sentence("roll.options_mixed" if mixed else "roll.options", option=option))
    return "both" if mixed else "folders"


def _unfit(options: HideOptions, *, mixed: bool) -> dict[str, bool]:
    """Say which options do not go with folders, and whether each was given."""
    never = {
        "--quick": options.quick,
        "--remove": options.remove,
        "--to": bool(options.recipients),
    }
    if mixed:
        return never
    return never | {
        "--keep": options.keep or bool(options.keep_files),
        "--discard": options.discard or options.discard_broken,
        "--overwrite": options.overwrite is not None,
        "--device": options.serial is not None,
    }


def hide_in_folders(console: Console, options: HideOptions, material: Material) -> int:
    """Ask, look, show it all, ask, and write."""
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.roll_before import as_document, room_of
    from fifthfloor.tasks.floors.roll_covers import look_at_rolls
    from fifthfloor.tasks.floors.roll_hide import hide_in_rolls, intend_rolls, is_untouched, refuse_taken
    from fifthfloor.tasks.floors.roll_sources import shrink

    sources, shrunk = material.sources, None
    if options.shrink is not None:
        sources, shrunk = shrink(sources, options.shrink)
    rolls = look_at_rolls(options.carriers, rate_of(options), console.progress)
    share = share_of(options)
    # Too little room is said before anybody types a secret.
    try:
        intent = intend_rolls(sources, rolls, options.losable, share)
    except NoRoom:
        for line in roll_lines.rooms([room_of(roll, share) for roll in rolls]):
            console.note(line)
        raise
    document = as_document(intent, shrunk)
    check = partial(secret.check_strength, own=options.own_passphrase)
    keys = ask_new(console, options.passphrase_file, options.label, check).keys(console)
    refuse_taken(rolls, keys, console.progress)
    show_rolls(console, document | {"notes": material.notes}, options)
    if options.dry_run:
        console.result(document | {"written": False}, [sentence("before.dry")])
        return 0
    written = len(intent.written)
    if not console.confirm(sentence("roll.ask", count=written)):
        return 1
    try:
        changes = hide_in_rolls(intent, keys, console.progress)
        console.from_now_on(sentence("roll.stopped_done"))
    except KeyboardInterrupt:
        raise Stopped(sentence("roll.stopped_before" if is_untouched(intent) else "roll.stopped")) from None
    console.detail(sentence("roll.detail", changes=changes, slots=sum(map(sum, intent.plan.slots))))
    verdict = sentence("roll.done", files=sources.files, size=sources.size_bytes, count=written)
    done: Document = document | {"changes": changes, "written": True}
    console.result(done, [sentence("roll.originals")], verdict, "good")
    return 0


def show_rolls(console: Console, document: Document, options: HideOptions) -> None:
    """Say what will happen to the photographs."""
    show_rooms(console, document, options)
    for line in (*notes(document), *roll_lines.lines(document)):
        console.note(line, "loud" if line.startswith("  ") else "plain")


def show_rooms(console: Console, document: Document, options: HideOptions) -> None:
    """Say what a folder can hold, and why not more, only where that is asked."""
    for line in roll_lines.rooms(document["rolls"]):
        (console.note if options.dry_run else console.detail)(line)


def rate_of(options: HideOptions) -> float:
    """Return the bits for each AC coefficient of luma that is not zero (spec/roll-carrier.md, section 2)."""
    return options.rate if options.rate is not None else DEFAULT_RATE


def share_of(options: HideOptions) -> float:
    """Return the share of photographs that may be lost."""
    return (options.lose_photographs if options.lose_photographs is not None else DEFAULT_LOSS) / 100


DEFAULT_RATE = 0.02
DEFAULT_LOSS = 25  # percent
