"""`stamp request` and `stamp finish`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console, VoicedGroup, voiced
from fifthfloor.words import sentence


@click.group(cls=VoicedGroup, help=sentence("help.stamp"))
def stamp() -> None:
    """Gather the commands of `stamp`."""


@stamp.command(short_help=sentence("help.stamp_request.line"), help=sentence("help.stamp_request"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.stamp_request.out"))
def request(console: Console, files: tuple[Path, ...], out: Path) -> None:
    from fifthfloor.tasks.people.stamp import BATCH_NAME, REQUEST_NAME, request_stamp

    count = request_stamp(files, out)
    document = {"statements": count, "request": str(out / REQUEST_NAME), "batch": str(out / BATCH_NAME)}
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
def finish(console: Console, files: tuple[Path, ...], batch: Path, answer: Path | None, url: str | None) -> None:
    from fifthfloor.tasks.people.stamp import ask_authority, finish_stamp, host_to_ask

    if (answer is None) == (url is None):
        raise click.UsageError(sentence("time.one_way"))
    if answer is None:
        host = host_to_ask(batch, str(url))
        if not console.confirm(sentence("time.ask_to_send", host=host)):
            raise click.Abort
        answer = ask_authority(batch, str(url))
        console.note(sentence("time.answered", path=str(answer)))
    done = list(finish_stamp(files, batch, answer))
    document = {"stamped": [str(path) for path in done]}
    console.result(document, [sentence("time.stamped", name=path.name) for path in done])
