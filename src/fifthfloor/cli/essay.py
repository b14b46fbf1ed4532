"""`essay new`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from fifthfloor import words
from fifthfloor.cli.console import Console, VoicedGroup, voiced


@click.group(cls=VoicedGroup, help=words.sentence("help.essay"))
def essay() -> None:
    """Gather the commands of `essay`."""


@essay.command(short_help=words.sentence("help.essay_new.line"), help=words.sentence("help.essay_new"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--originals",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help=words.sentence("help.essay_new.originals"),
)
@voiced
def new(console: Console, folder: Path, originals: Path | None) -> None:
    from fifthfloor.tasks.site.new import new_essay

    begun = new_essay(folder, originals)
    facts: dict[str, str | int] = {"file": begun.file, "count": len(begun.photographs), "captions": begun.captions}
    lines = [words.sentence("essay.new", **facts), words.sentence("essay.new_next", folder=str(folder))]
    console.result(asdict(begun), lines)
