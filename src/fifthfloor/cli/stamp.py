"""`stamp request` and `stamp finish`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.console import Console, VoicedGroup, voiced
from fifthfloor.words import sentence

ANY_PATH = click.Path(path_type=Path)


@click.group(cls=VoicedGroup)
def stamp() -> None:
    """Time stamps: one request for a whole batch, made offline, finished where there is a network."""


@stamp.command(short_help="prepare a request, offline")
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where request and batch go.")
def request(console: Console, files: tuple[Path, ...], out: Path) -> None:
    """Prepare one RFC 3161 request for the statements of FILES; nothing is sent."""
    from fifthfloor.tasks.stamp import BATCH_NAME, REQUEST_NAME, request_stamp

    count = request_stamp(files, out)
    document = {"statements": count, "request": str(out / REQUEST_NAME), "batch": str(out / BATCH_NAME)}
    lines = [
        sentence("time.requested", count=count, path=str(out / REQUEST_NAME)),
        sentence("time.send", path=str(out / BATCH_NAME)),
    ]
    console.result(document, lines)


@stamp.command(short_help="put the answer into the statements")
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--batch", type=ANY_PATH, required=True, metavar="DIR", help="The folder that stamp request wrote.")
@click.option("--answer", type=ANY_PATH, required=True, metavar="FILE", help="The authority's answer.")
def finish(console: Console, files: tuple[Path, ...], batch: Path, answer: Path) -> None:
    """Put the authority's answer into the statements of FILES."""
    from fifthfloor.tasks.stamp import finish_stamp

    done = list(finish_stamp(files, batch, answer))
    document = {"stamped": [str(path) for path in done]}
    console.result(document, [sentence("time.stamped", name=path.name) for path in done])
