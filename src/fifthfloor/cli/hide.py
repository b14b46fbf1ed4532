"""`hide`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click import option

from fifthfloor.cli.asking import (
    ANY_PATH,
    NumberRange,
    cards_option,
    device_option,
    dry_run_option,
    gathered,
    label_option,
    passphrase_option,
)
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.cli.hide_mixed import hide_on_both
from fifthfloor.cli.hide_options import Done, HideOptions, Material
from fifthfloor.cli.hide_quick import refuse_keep, write_runs
from fifthfloor.cli.hide_rolls import hide_in_folders, where_of
from fifthfloor.cli.hide_sealed import refuse_beside_to, sealed_floor
from fifthfloor.cli.hide_sources import material_of
from fifthfloor.cli.hide_sweep import sweep
from fifthfloor.cli.keeping import keep_file_option, keep_option
from fifthfloor.words import sentence
from fifthfloor.words.lines import audit as audit_lines
from fifthfloor.words.lines import before as before_lines
from fifthfloor.words.lines import roll as roll_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.swept_after import SweptAfter


@click.command(help=sentence("help.hide"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1)
@cards_option("--in", "carriers", required=True, metavar="CARD", help=sentence("help.hide.in"))
@option("--lose", type=click.IntRange(0), metavar="N", help=sentence("help.hide.lose"))
@option("--overwrite", type=NumberRange(0, 95), metavar="PCT",
              help=sentence("help.hide.overwrite"))  # fmt: skip
@option("--to", "recipients", multiple=True, metavar="LINE", help=sentence("help.hide.to"))
@option("--from", "shooting", type=ANY_PATH, multiple=True, metavar="CARD", help=sentence("help.hide.from"))
@option("--only", "wanted", metavar="LIST", help=sentence("help.hide.only"))
@option("--remove", is_flag=True, help=sentence("help.hide.remove"))
@option("--lose-photos", "lose_photographs", type=NumberRange(0, 90), metavar="PCT",
              help=sentence("help.hide.lose_photos"))  # fmt: skip
@option("--shrink", type=click.IntRange(64, 20_000), metavar="PX", help=sentence("help.hide.shrink"))
@option("--rate", type=NumberRange(0.001, 0.05), metavar="BITS", hidden=True)
@option("--wipe/--no-wipe", default=None, help=sentence("help.hide.wipe"))
@keep_option
@keep_file_option
@option("--discard", is_flag=True, help=sentence("help.hide.discard"))
@option("--discard-broken", is_flag=True, help=sentence("help.hide.discard_broken"))
@option("--quick", is_flag=True, help=sentence("help.hide.quick"))
@dry_run_option
@option("--own-passphrase", is_flag=True, help=sentence("help.hide.own_passphrase"))
@label_option
@passphrase_option
@device_option
@gathered(HideOptions)
def hide(console: Console, options: HideOptions) -> int:
    from fifthfloor.tasks.floors.at_hand import is_folder
    from fifthfloor.tasks.floors.sweep import opened_cards

    if options.losable >= len(options.carriers):
        key = "hide.lose_all_places" if any(map(is_folder, options.carriers)) else "hide.lose_all"
        raise click.UsageError(sentence(key, lose=options.losable, count=len(options.carriers)))
    refuse_beside_to(options)
    if options.quick:
        refuse_keep(options)
    where = where_of(options)
    material = material_of(console, options)
    if where != "cards":
        return (hide_in_folders if where == "folders" else hide_on_both)(console, options, material)
    with sealed_floor(options) as sealed:
        with opened_cards(options.carriers, options.serial, console.progress) as opened:
            done = (
                write_runs(console, options, material, opened)
                if options.quick
                else sweep(console, options, material, opened, sealed)
            )
        if done is None:
            return 1
        if not isinstance(done, Done):
            console.result(done | {"written": False}, [sentence("before.dry")])
            return 0
        document, verdict = _said(console, done, options, material)
        if options.remove:
            _prove(console, options, done, material)
    lines: list[str] = []
    if options.remove:
        lines += _remove(console, options, document, material)
    elif material.taken:
        from fifthfloor.tasks.floors.visible_roll import as_document as visible

        document["visible"] = visible(material.taken)
    console.result(document, lines, verdict, "good")
    return 0


def _said(console: Console, done: Done, options: HideOptions, material: Material) -> tuple[Document, str]:
    """The document of the result, and its verdict."""
    from fifthfloor.tasks.floors.before import photographs

    plan, sources, health = done.intent.plan, done.intent.sources, done.keeping.health if done.keeping else ()
    document: Document = {
        "files": sources.files,
        "photographs": photographs([entry.name for entry in sources.entries if not entry.is_directory]),
        "bytes": sources.size_bytes,
        "written_bytes": done.intent.written_bytes,
        "slots": dict(zip(map(str, options.carriers), plan.slots, strict=True)),
        "carriers": len(options.carriers),
        "threshold": plan.threshold,
        "overwrite_percent": options.overwrite_percent,
        "kept_floors": len(health),
        "kept_health": [{"before": one.before, "after": one.after, "needed": one.needed} for one in health],
        "quick": options.quick,
        "sealed_to": list(done.intent.sealed_to),
        "written": True,
    }
    slots, count = sum(plan.slots), len(options.carriers)
    console.detail(
        sentence("quick.done_detail" if options.quick else "hide.done_detail", slots=slots, runs=slots // 64)
    )
    what = before_lines.what(document | {"frames": sum(len(one.frames) for one in material.taken)})
    if done.sealed:
        return document, sentence("sealed.done", what=what, count=count, slots=slots)
    return document, sentence("hide.done", what=what, count=count)


def _prove(console: Console, options: HideOptions, done: Done, material: Material) -> None:
    """Open the floor again in a fresh process, before the originals are deleted."""
    from fifthfloor.tasks.floors import remove as removing

    hashes, floor_id = done.hidden.file_hashes, done.hidden.floor_id
    removing.check_came_back(material.sources, hashes, options.carriers, done.keys, floor_id, console.progress)


def _remove(console: Console, options: HideOptions, document: Document, material: Material) -> list[str]:
    """Delete the originals, which `_prove` found in the floor."""
    from fifthfloor.tasks.floors import remove as removing
    from fifthfloor.tasks.floors.visible_roll import as_document as visible

    sources, taken = material.sources, material.taken
    with console.progress("work.remove", sources.size_bytes):
        # Elsewhere a stop leaves every visible file as it was; from here on it does not, and that must not be said.
        console.from_now_on(sentence("remove.stopped_card" if taken else "remove.stopped"))
        removed = removing.remove_originals(sources, taken, options.serial)
        console.from_now_on(_removed_by_now(material.wiped) if taken else sentence("remove.stopped_deleted"))
    document["removed"] = removing.as_document(removed)
    lines = roll_lines.removed(document["removed"], [(str(one.card), one.lost_bytes) for one in removed if one.card])
    if not taken:
        return lines
    document["visible"] = visible(taken)
    return lines + _afterwards(console, options, document, material)


def _removed_by_now(to_sweep: Sequence[SweptAfter]) -> str:
    return roll_lines.removed_by_now([str(one.path) for one in to_sweep])


def _afterwards(console: Console, options: HideOptions, document: Document, material: Material) -> list[str]:
    """Wipe the cards that frames were removed from, where that was agreed, and say what a search would see."""
    from fifthfloor.tasks.floors.at_hand import places_among
    from fifthfloor.tasks.floors.still_named import still_named

    taken = material.taken
    document["wiped"] = [str(one.path) for one in material.wiped]
    document["islands"] = [str(path) for path in material.islands]
    lines = []
    for number, card in enumerate(material.wiped, 1):
        console.from_now_on(sentence("remove.stopped_wiping", card=str(card.path)))
        lines.append(_wiped(console, card.path, options.serial))
        console.from_now_on(_removed_by_now(material.wiped[number:]))
    lines += roll_lines.islands_left(material.islands, places_among(material.islands, options.carriers))
    named = [(str(one.path), path) for one in taken for path in still_named(one)]
    document["removed"]["still_named"] = [f"{card}:/{path}" for card, path in named]
    lines += roll_lines.still_named(named)
    document["audit"] = [_report_without(console, one) for one in taken]
    for one, report in zip(taken, document["audit"], strict=True):
        lines += audit_lines.short(str(one.path), report)
    return lines


def _wiped(console: Console, path: Path, serial: str | None) -> str:
    """Wipe a shooting card, as was agreed at the beginning."""
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.wipe import wipe

    with opened_cards([path], serial, console.progress) as opened:
        wipe(opened, console.progress)
        return sentence("wipe.done", count=1, size=opened[0].layout.free_bytes)


def _report_without(console: Console, one: Taken) -> Document:
    """Return what a search of a shooting card would say without the frames."""
    from fifthfloor.tasks.search.audit import as_document, audit, free_bytes

    with console.progress(sentence("audit.reading"), free_bytes((one.path,))) as progress:
        return as_document(audit([one.path], None, quick=True, closely=one.places, progress=progress).report, sentence)
