"""`essay new`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, dry_run_option
from fifthfloor.cli.console import Console, VoicedGroup, voiced, would_write
from fifthfloor.cli.outcome import say
from fifthfloor.errors import BadInput

if TYPE_CHECKING:
    from fifthfloor.tasks.site.new import NewEssay


@click.group(cls=VoicedGroup, help=words.sentence("help.essay"))
def essay() -> None:
    """Gather the commands of `essay`."""


@essay.command(short_help=words.sentence("help.essay_new.line"), help=words.sentence("help.essay_new"))
@click.argument("folder", metavar="DIR", type=ANY_PATH)
@click.option(
    "--originals",
    type=ANY_PATH,
    metavar="DIR",
    help=words.sentence("help.essay_new.originals"),
)
@dry_run_option
@voiced
def new(console: Console, folder: Path, originals: Path | None, dry_run: bool) -> int:
    from fifthfloor.tasks.site.new import new_essay

    begun = new_essay(folder, originals, dry_run=dry_run)
    guessed = [words.sentence("essay.new_guessed", names=", ".join(begun.guessed))] if begun.guessed else []
    if dry_run:
        lines = [*would_write([Path(begun.file)]), *guessed]
        console.result(asdict(begun) | {"written": False}, lines, words.sentence("before.dry"))
        return _say_unnamed(begun)
    facts: dict[str, str | int] = {"file": begun.file, "count": len(begun.photographs), "captions": begun.captions}
    lines = [
        words.sentence("essay.new", **facts),
        *guessed,
        words.sentence("essay.new_next", folder=str(folder)),
    ]
    console.result(asdict(begun) | {"written": True}, lines)
    return _say_unnamed(begun)


def _say_unnamed(begun: NewEssay) -> int:
    """Say what was left out; returns the exit code."""
    for name in begun.unnamed:
        say(*words.error("essay.unnameable", {"name": name}))
    return BadInput.exit_code if begun.unnamed else 0
