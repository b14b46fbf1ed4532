"""`hide`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from click import option

from fifthfloor.cli.asking import ANY_PATH, device_option, gathered, label_option, passphrase_option
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.cli.hide_options import Done, HideOptions
from fifthfloor.cli.hide_quick import refuse_keep, write_runs
from fifthfloor.cli.hide_sweep import sweep
from fifthfloor.words import sentence
from fifthfloor.words.lines import audit as audit_lines
from fifthfloor.words.lines import roll as roll_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.sources import Sources


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1)
@option("--in", "carriers", type=ANY_PATH, multiple=True, required=True, metavar="CARRIER", help="A card; repeat.")
@option("--lose", type=click.IntRange(0), help="Carriers that may be lost. [default: 1 from three carriers up]")
@option("--overwrite", type=click.FloatRange(0, 95), default=20, show_default=True, metavar="PCT",
              help="Percent of each other carrier's free space that may be overwritten.")  # fmt: skip
@option("--from", "shooting", type=ANY_PATH, multiple=True, metavar="CARD", help="Take frames from this card; repeat.")
@option("--only", "wanted", metavar="LIST", help="Frames to take: names, ranges DSC_0041-0057, or a file of them.")
@option("--remove", is_flag=True, help="Delete the originals once the floor has come back in a fresh process.")
@option("--keep", "keep", is_flag=True, help="Carry over floors; asks for their passphrases.")
@option("--keep-file", "keep_files", type=ANY_PATH, multiple=True, metavar="FILE",
              help="Carry over the floor of this passphrase (line 1) and label (line 2); repeat.")  # fmt: skip
@option("--quick", is_flag=True, help="Write only the runs that are needed, on cards swept before; see above.")
@label_option
@passphrase_option
@device_option
@gathered(HideOptions)
def hide(console: Console, options: HideOptions) -> int:
    """Hide FILES (folders are taken whole), or frames of a shooting card, in the free space of cards.

    Sweeps every card given with --in: all of its free space is rewritten, visible files are not touched. Floors that
    are not shown with --keep will be overwritten.

    With --quick only the runs that are needed are written, in seconds, on cards swept before. Two images of such a
    card, from before and after, show which parts changed, and so about how much is hidden; a sweep shows neither.
    """
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.visible_roll import as_document as visible

    if options.losable >= len(options.carriers):
        raise click.UsageError(f"--lose {options.losable} of {len(options.carriers)} carriers leaves none to open from")
    if options.quick:
        refuse_keep(options)
    taken, sources = _sources(console, options)
    with opened_cards(options.carriers, options.serial) as opened:
        write = write_runs if options.quick else sweep
        done = write(console, options, sources, opened)
    if done is None:
        return 1
    document, lines = _said(done, options)
    if options.remove:
        lines += _remove(console, options, document, done, taken)
    if taken:
        document["visible"] = visible(taken)
        lines += roll_lines.left(document["visible"])
    console.result(document, lines)
    return 0


def _said(done: Done, options: HideOptions) -> tuple[Document, list[str]]:
    """The document of the result, and its lines."""
    plan, sources, health = done.intent.plan, done.intent.sources, done.keeping.health if done.keeping else ()
    document: Document = {
        "files": sources.files,
        "bytes": sources.size_bytes,
        "written_bytes": done.intent.written_bytes,
        "slots": dict(zip(map(str, options.carriers), plan.slots, strict=True)),
        "carriers": len(options.carriers),
        "threshold": plan.threshold,
        "overwrite_percent": options.overwrite,
        "kept_floors": len(health),
        "kept_health": [{"before": one.before, "after": one.after, "needed": one.needed} for one in health],
        "quick": done.keeping is None,
    }
    slots = sum(plan.slots)
    if done.keeping is None:
        return document, [sentence("quick.done", slots=slots, runs=slots // 64, count=len(options.carriers))]
    return document, [sentence("hide.done", slots=slots, count=len(options.carriers))]


def _sources(console: Console, options: HideOptions) -> tuple[list[Taken], Sources]:
    """Find what is to be hidden: files, or frames of shooting cards."""
    from fifthfloor.tasks.floors.frames import sources_of, take_from
    from fifthfloor.tasks.floors.releases import namesakes
    from fifthfloor.tasks.floors.sources import gather

    if bool(options.shooting) != bool(options.wanted):
        raise click.UsageError("--from and --only go together: a card, and the frames to take from it")
    if bool(options.files) == bool(options.shooting):
        raise click.UsageError("give files to hide, or a card with --from and the frames with --only")
    if not options.shooting:
        return [], gather(options.files)
    picked = take_from(options.shooting, options.wanted or "")
    taken = list(picked.cards)
    for same in namesakes([frame for one in taken for frame in one.frames]):
        where = ", ".join(f"{frame.folder} ({frame.taken or '?'})" for frame in same)
        example = same[0].files[0].path
        console.note(sentence("frames.namesakes", name=same[0].stem, count=len(same), where=where, path=example))
    return taken, sources_of(taken)


def _remove(
    console: Console, options: HideOptions, document: Document, done: Done, taken: Sequence[Taken]
) -> list[str]:
    """Open the floor again in a fresh process, and only then delete the originals."""
    from fifthfloor.tasks.floors import remove as removing

    sources = done.intent.sources
    removing.check_came_back(sources, done.hidden.file_hashes, options.carriers, done.keys, done.hidden.floor_id)
    try:
        removed = removing.remove_originals(sources, taken, options.serial)
    except KeyboardInterrupt:
        # Elsewhere a stop leaves every visible file as it was; here it does not, and that must not be said.
        console.note(sentence("remove.stopped_card" if taken else "remove.stopped"))
        raise click.exceptions.Exit(130) from None
    document["removed"] = removing.as_document(removed)
    lines = roll_lines.removed(document["removed"], [(str(one.card), one.lost_bytes) for one in removed if one.card])
    if not taken:
        return lines
    document["audit"] = [_report_without(one) for one in taken]
    for one, report in zip(taken, document["audit"], strict=True):
        lines += audit_lines.short(str(one.path), report)
    return lines


def _report_without(one: Taken) -> Document:
    """Return what a search of a shooting card would say without the frames."""
    from fifthfloor.tasks.search.audit import as_document, audit

    return as_document(audit([one.path], None, quick=True).report, sentence)
