"""`stamp request` and `stamp finish`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, dry_run_option, gathered
from fifthfloor.cli.console import Console, VoicedGroup, voiced, would_write
from fifthfloor.words import sentence


@dataclass(frozen=True, slots=True)
class FinishOptions:
    """What was given after `stamp finish`."""

    files: tuple[Path, ...]
    batch: Path
    answer: Path | None
    url: str | None
    dry_run: bool


@click.group(cls=VoicedGroup, help=sentence("help.stamp"))
def stamp() -> None:
    """Gather the commands of `stamp`."""


@stamp.command(short_help=sentence("help.stamp_request.line"), help=sentence("help.stamp_request"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.stamp_request.out"))
@dry_run_option
def request(console: Console, files: tuple[Path, ...], out: Path, dry_run: bool) -> None:
    from fifthfloor.tasks.people.stamp import BATCH_NAME, REQUEST_NAME, request_stamp

    count = request_stamp(files, out, dry_run=dry_run)
    document = {"statements": count, "request": str(out / REQUEST_NAME), "batch": str(out / BATCH_NAME)}
    document |= {"written": not dry_run}
    if dry_run:
        console.result(document, would_write([out / REQUEST_NAME, out / BATCH_NAME]), sentence("before.dry"))
        return
    lines = [
        sentence("time.requested", count=count, path=str(out / REQUEST_NAME)),
        sentence("time.send", path=str(out / BATCH_NAME)),
    ]
    console.result(document, lines)


@stamp.command(short_help=sentence("help.stamp_finish.line"), help=sentence("help.stamp_finish"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--batch", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.stamp_finish.batch"))
@click.option("--answer", type=ANY_PATH, metavar="FILE", help=sentence("help.stamp_finish.answer"))
@click.option("--url", metavar="URL", help=sentence("help.stamp_finish.url"))
@dry_run_option
@gathered(FinishOptions)
def finish(console: Console, options: FinishOptions) -> None:
    from fifthfloor.tasks.people.stamp import ask_authority, finish_stamp, host_to_ask

    answer, batch = options.answer, options.batch
    if (answer is None) == (options.url is None):
        raise click.UsageError(sentence("time.one_way"))
    if answer is None:
        host = host_to_ask(batch, str(options.url))
        if options.dry_run:
            # Asking is what a network sees; whether the answer will do, nobody knows before.
            lines = [sentence("time.would_send", host=host)]
            console.result({"stamped": [], "written": False}, lines, sentence("before.dry"))
            return
        if not console.confirm(sentence("time.ask_to_send", host=host)):
            raise click.Abort
        answer = ask_authority(batch, str(options.url))
        console.note(sentence("time.answered", path=str(answer)))
    done = list(finish_stamp(options.files, batch, answer, dry_run=options.dry_run))
    document = {"stamped": [str(path) for path in done], "written": not options.dry_run}
    if options.dry_run:
        console.result(document, would_write(done), sentence("before.dry"))
        return
    console.result(document, [sentence("time.stamped", name=path.name) for path in done])
