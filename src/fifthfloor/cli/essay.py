"""`essay new`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from fifthfloor import words
from fifthfloor.cli.console import Console, VoicedGroup, voiced


@click.group(cls=VoicedGroup)
def essay() -> None:
    """Begin an essay of protected photographs."""


@essay.command(short_help="write a first essay.md for protected photographs")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--originals",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Take captions there.",
)
@voiced
def new(console: Console, folder: Path, originals: Path | None) -> None:
    """Write a first essay.md for a folder of protected, approved photographs, in shooting order.

    With --originals, captions, headlines, alt texts and credits are taken from the XMP and IPTC of the files of the
    same name there; nothing else of them is.
    """
    from fifthfloor.tasks.site.new import new_essay

    begun = new_essay(folder, originals)
    facts: dict[str, str | int] = {"file": begun.file, "count": len(begun.photographs), "captions": begun.captions}
    lines = [words.sentence("essay.new", **facts), words.sentence("essay.new_next", folder=str(folder))]
    console.result(asdict(begun), lines)
