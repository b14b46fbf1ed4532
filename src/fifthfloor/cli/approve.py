"""`approve`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, dry_run_option, gathered, passphrase_option
from fifthfloor.cli.console import Console, WouldAsk, voiced, would_write
from fifthfloor.cli.signing import c2pa_option, identity_option, newsroom_of, signer_of
from fifthfloor.words import sentence


@dataclass(frozen=True, slots=True)
class ApproveOptions:
    """What was given after `approve`."""

    folder: Path
    by: str | None
    boxes: Path | None
    all_looked_at: bool
    exact_time: bool
    c2pa: tuple[Path, Path] | None
    identity: Path | None
    passphrase_file: Path | None
    dry_run: bool


@click.command(help=sentence("help.approve"))
@voiced
@click.argument("folder", type=ANY_PATH, metavar="DIR")
@click.option("--by", metavar="NAME", help=sentence("help.approve.by"))
@click.option("--boxes", type=ANY_PATH, metavar="FILE", help=sentence("help.approve.boxes"))
@click.option("--all-looked-at", is_flag=True, help=sentence("help.approve.all_looked_at"))
@click.option("--exact-time", is_flag=True, help=sentence("help.approve.exact_time"))
@c2pa_option
@identity_option
@passphrase_option
@dry_run_option
@gathered(ApproveOptions)
def approve(console: Console, options: ApproveOptions) -> int:
    from fifthfloor.tasks.people.approve import all_ticked, waiting_in
    from fifthfloor.tasks.people.approve import approve as approve_folder
    from fifthfloor.tasks.people.protect import boxes_of

    folder, by = options.folder, options.by
    waiting = waiting_in(folder)
    ticked = boxes_of(options.boxes) if options.boxes else {}
    if options.all_looked_at:
        ticked = all_ticked(folder, ticked)
    if by is None:
        by = console.line(sentence("approve.ask_name"))
        if by is None:
            raise WouldAsk(sentence("approve.ask_name"))
    if not options.dry_run and not console.confirm(sentence("approve.ask", count=len(waiting))):
        return 1
    newsroom = newsroom_of(options.c2pa)
    signer = signer_of(console, options.identity, options.passphrase_file, ask=True)
    how = {"exact_time": options.exact_time, "dry_run": options.dry_run}
    with console.progress("work.sign", 0):
        approved = approve_folder(folder, by, signer, newsroom, decisions=ticked, **how)
    fresh = [one.name for one in approved if not one.before]
    document = {
        "folder": str(folder),
        "by": by,
        "key": signer.key.public.hex(),
        "key_life": signer.life,
        "approved": fresh,
        "approved_before": [one.name for one in approved if one.before],
        "written": not options.dry_run and bool(fresh),
    }
    if options.dry_run:
        console.result(document, would_write(folder / name for name in fresh), sentence("before.dry"))
        return 0
    lines = [sentence("approve.already", name=one.name) for one in approved if one.before]
    console.result(document, [*lines, sentence("approve.done", count=len(fresh), by=by)])
    if signer.life == "once":
        console.note(sentence("protect.once"))
    return 0
