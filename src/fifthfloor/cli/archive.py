"""`archive add`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, dry_run_option
from fifthfloor.cli.console import Console, Document, Stopped, VoicedGroup, voiced, would_write
from fifthfloor.words import sentence


@click.group(cls=VoicedGroup, help=sentence("help.archive"))
def archive() -> None:
    """Gather the commands of `archive`."""


@archive.command(short_help=sentence("help.archive_add.line"), help=sentence("help.archive_add"))
@voiced
@click.argument("folders", type=ANY_PATH, nargs=-1, required=True)
@click.option(
    "--archive", "place", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.archive_add.archive")
)
@dry_run_option
def add(console: Console, folders: tuple[Path, ...], place: Path, dry_run: bool) -> int:
    from fifthfloor.tasks.trace.ingest import SetAside, waiting
    from fifthfloor.tasks.trace.ingest import add as add_files

    found = waiting(folders, place)
    if dry_run:
        document: Document = {"archive": str(place), "waiting": len(found.files), "known": found.done, "written": False}
        said = [sentence("trace.would_add", waiting=len(found.files), known=found.done), *would_write([place])]
        console.result(document, said, sentence("before.dry"))
        return 0
    done = []
    try:
        with console.progress("work.archive", sum(file.stat().st_size for file in found.files)) as progress:
            for one in add_files(found.files, place):
                done.append(one)
                progress(one.path.stat().st_size if one.path.exists() else 0)
    except KeyboardInterrupt:
        raise Stopped(sentence("trace.stopped", count=len(done), left=len(found.files) - len(done))) from None
    aside = [one for one in done if isinstance(one, SetAside)]
    new = sum(not isinstance(one, SetAside) and one.is_new for one in done)
    document = {
        "archive": str(place),
        "new": new,
        "copies": len(done) - new - len(aside),
        "known": found.done,
        "aside": [
            {"file": str(one.path), "error": one.key, "cause": words.error(one.key, one.facts)[0]} for one in aside
        ],
        "written": True,
    }
    said = [sentence("trace.aside", name=str(one.path), cause=words.error(one.key, one.facts)[0]) for one in aside]
    copies = len(done) - new - len(aside)
    verdict = sentence("trace.added", new=new, copies=copies, known=found.done, aside=len(aside), path=str(place))
    console.result(document, said, verdict, "good")
    return 0
