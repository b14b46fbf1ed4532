"""`open`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import (
    ANY_PATH,
    cards_argument,
    dry_run_option,
    gathered,
    label_option,
    passphrase_option,
)
from fifthfloor.cli.console import Console, Document, Stopped, voiced
from fifthfloor.cli.open_options import OpenOptions
from fifthfloor.cli.open_shots import open_sealed_shots, shots_among
from fifthfloor.cli.openers import by_identities, refuse_folders
from fifthfloor.cli.phrases import ask_known, until_right
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.here import Opener
    from fifthfloor.tasks.floors.open import Incomplete
    from fifthfloor.tasks.floors.restore import Restored

OpenedFiles = tuple["list[Restored]", "list[Incomplete]"]


@click.command("open", help=sentence("help.open"))
@voiced
@cards_argument("carriers")
@click.option("--out", type=ANY_PATH, metavar="DIR", help=sentence("help.open.out"))
@click.option("--only", "wanted", multiple=True, metavar="PATTERN", help=sentence("help.open.only"))
@click.option("--check", is_flag=True, help=sentence("help.open.check"))
@click.option("--collect", "collection", type=ANY_PATH, metavar="FILE", help=sentence("help.open.collect"))
@click.option("--identity", "identities", type=ANY_PATH, multiple=True, metavar="FILE",
              help=sentence("help.open.identity"))  # fmt: skip
@click.option("--after", "passing", type=click.IntRange(0), default=0, metavar="N", help=sentence("help.open.after"))
@dry_run_option
@label_option
@passphrase_option
@click.option("--force", is_flag=True, help=sentence("help.open.force"))
@gathered(OpenOptions)
def open_command(console: Console, options: OpenOptions) -> int:
    from fifthfloor.tasks.floors.collecting import check_collection
    from fifthfloor.tasks.floors.open import check_can_hold, check_place, check_readable

    if (options.out is None) != options.check and not options.dry_run:
        raise click.UsageError(sentence("open.out_or_check"))
    if options.passing and not options.identities:
        raise click.UsageError(sentence("sealed.after_identity"))
    check_readable(options.carriers)
    if options.out is not None:
        check_place(options.out)
    elif options.collection is not None:
        raise click.UsageError(sentence("open.collect_with_out"))
    refuse_folders("--collect", options.collection, options.carriers)
    refuse_folders("--identity", options.identities, options.carriers)
    check_collection(options.collection)
    if shots_among(options.carriers):
        return open_sealed_shots(console, options)
    check_can_hold(options.carriers)
    restored, incomplete = _opened(console, options)
    verdict, *lines = _lines(restored, options)
    lines += [*_missing(incomplete), *_left_out(restored, options)]
    if unread := max(one.unreadable_bytes for one in restored):
        lines.append(sentence("open.unreadable", size=unread))
    if console.as_json:
        for line in lines:
            console.note(line)
    console.result(_document(restored, incomplete, options), lines, verdict, "good")
    return 0


def _opened(console: Console, options: OpenOptions) -> OpenedFiles:
    """Open; at a terminal a passphrase that opens nothing is asked again, and each try is the same work.

    Raises:
        NothingFound: the last try found nothing.
    """
    if options.identities:
        identity = by_identities(console, options.identities, options.label, options.passphrase_file, options.passing)
        return _open(console, options, identity)

    def attempt() -> OpenedFiles:
        # No copy of ours of what was typed outlives this line.
        keys = ask_known(console, options.passphrase_file, options.label, sentence("ask.open")).keys(console)
        return _open(console, options, keys)

    return until_right(console, options.passphrase_file, "open.nothing", attempt)


def _open(console: Console, options: OpenOptions, keys: Opener) -> OpenedFiles:
    from fifthfloor.tasks.floors.open import check_floors, open_floors

    wanted, kept = options.wanted, options.collection
    try:
        if options.out is None or options.reads_only:
            return check_floors(options.carriers, keys, wanted, console.progress)
        return open_floors(
            options.carriers,
            keys,
            options.out,
            force=options.force,
            progress=console.progress,
            wanted=wanted,
            collection=kept,
        )
    except KeyboardInterrupt:
        raise Stopped(sentence("open.stopped")) from None
    finally:
        if kept is not None and kept.exists():
            console.note(sentence("open.collected", path=str(kept), size=kept.stat().st_size))


def _document(restored: Sequence[Restored], incomplete: Sequence[Incomplete], options: OpenOptions) -> Document:
    return {
        "floors": [
            {
                "id": r.short_id,
                "hidden": r.hidden,
                "folder": None if options.reads_only else str(r.folder),
                "files": r.files,
                "bytes": r.size_bytes,
                "renamed": r.renamed,
                "unsealed": r.unsealed,
            }
            for r in restored
        ],
        "incomplete": len(incomplete),
        "unreadable_bytes": max(one.unreadable_bytes for one in restored),
        "written": not options.reads_only,
    }


def _lines(restored: Sequence[Restored], options: OpenOptions) -> list[str]:
    """Say what came back: in one line, and by the evening where there were several."""
    kind = "checked" if options.reads_only else "restored"
    if len(restored) == 1:
        lines = [_said(f"open.{kind}", restored[0])]
    else:
        facts = {"files": sum(one.files for one in restored), "size": sum(one.size_bytes for one in restored)}
        key = "open.several_checked" if options.reads_only else "open.several"
        each = "open.one_of_several" if options.reads_only else "open.one_of_several_in"
        lines = [sentence(key, count=len(restored), folder=str(options.out), **facts)]
        lines += [f"  {_said(each, one)}" for one in restored]
    lines += [sentence("shot.in_floor", count=r.unsealed) for r in restored if r.unsealed]
    return lines + [sentence("open.renamed", count=r.renamed, folder=str(r.folder)) for r in restored if r.renamed]


def _said(key: str, one: Restored) -> str:
    return sentence(key, files=one.files, size=one.size_bytes, folder=str(one.folder), hidden=one.hidden)


def _missing(incomplete: Sequence[Incomplete]) -> list[str]:
    """Say what was found and does not come back."""
    lines = []
    for floor in incomplete:
        here, threshold = floor.carriers_here, floor.threshold
        if floor.broken is not None:
            lines.append(sentence("open.incomplete_broken"))
            continue
        if threshold is None:
            lines.append(sentence("open.incomplete_unknown", here=here))
            continue
        if here < threshold:
            lines.append(sentence("open.incomplete_cards", here=here, threshold=threshold))
            continue
        facts = {"here": here, "threshold": threshold, "lost": floor.groups_lost, "groups": floor.groups}
        lines.append(sentence("open.incomplete", **facts))
    return lines


def _left_out(restored: Sequence[Restored], options: OpenOptions) -> list[str]:
    """Say what on the cards was not what had been written there."""
    return [
        sentence(
            "open.wrong_shard",
            path=str(options.carriers[wrong.source]),
            offset=wrong.offset,
            group=wrong.group + 1,
            number=wrong.symbol,
        )
        for one in restored
        for wrong in one.wrong
    ]
