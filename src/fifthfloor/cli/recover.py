"""`recover`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, dry_run_option
from fifthfloor.cli.console import Console, Document, Stopped, voiced
from fifthfloor.words import error, sentence
from fifthfloor.words.form import printable


@click.command(help=sentence("help.recover"))
@voiced
@click.argument("card", type=ANY_PATH)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.recover.out"))
@dry_run_option
def recover(console: Console, card: Path, out: Path, dry_run: bool) -> int:
    from fifthfloor.tasks.search.recover import recover as recover_card

    try:
        recovery = recover_card(card, out, progress=console.progress, dry_run=dry_run)
    except KeyboardInterrupt:
        # The card is read whole before the first photograph is written.
        begun = out.exists() and not dry_run
        raise Stopped(sentence("recover.stopped" if begun else "cli.stopped_before", path=str(out))) from None
    whole = sum(file.whole for file in recovery.files)
    size = sum(file.length_bytes for file in recovery.files)
    document: Document = {
        "path": str(out),
        "whole": whole,
        "partial": len(recovery.files) - whole,
        "overwritten": recovery.overwritten,
        "unplaced": recovery.unplaced,
        "left_out": recovery.left_out,
        "already_there": recovery.there,
        "bytes": size,
        "written": not dry_run,
        "unreadable_bytes": recovery.unreadable_bytes,
        "unreadable": [{"offset_bytes": offset, "bytes": length} for offset, length in recovery.unreadable],
        "borne": [{"error": fault.key, "count": fault.count} for fault in recovery.borne],
        "files": [
            {
                "path": str(file.path),
                "name": file.name,
                "bytes": file.length_bytes,
                "whole": file.whole,
                "offset_bytes": file.offset_bytes,
            }
            for file in recovery.files
        ],
    }
    said = [
        sentence(
            "recover.line",
            name=str(file.path.relative_to(out)),
            size=file.length_bytes,
            state=sentence("recover.whole" if file.whole else "recover.partial"),
        )
        for file in recovery.files
    ]
    if recovery.there:
        said.append(sentence("recover.there", count=recovery.there, path=str(out)))
    if recovery.overwritten:
        said.append(sentence("recover.overwritten", count=recovery.overwritten))
    if recovery.unplaced:
        said.append(sentence("recover.unplaced", count=recovery.unplaced))
    if recovery.left_out:
        said.append(sentence("recover.left_out", count=recovery.left_out))
    for fault in recovery.borne:
        said.append(sentence("audit.borne", cause=printable(error(fault.key, fault.facts)[0]), count=0))
    if recovery.unreadable_bytes:
        said.append(sentence("recover.unreadable", size=recovery.unreadable_bytes))
    key = "recover.would" if dry_run else "recover.done"
    verdict = sentence(key, whole=whole, partial=len(recovery.files) - whole, path=str(out), size=size)
    console.result(document, said, verdict, "good")
    return 0
