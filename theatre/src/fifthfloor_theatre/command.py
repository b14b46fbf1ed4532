"""`journey`: the whole trip on virtual cards."""

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence

WIDEST_COLUMNS = 100  # longer lines are hard to follow, however wide the window


@click.command(short_help=sentence("journey.line"), help=sentence("journey.help"))
@voiced
@click.option("--photos", type=ANY_PATH, metavar="DIR", help=sentence("journey.help_photos"))
@click.option("--out", type=ANY_PATH, metavar="DIR", default=Path("journey-out"), show_default=True,
              help=sentence("journey.help_out"))  # fmt: skip
def journey(console: Console, photos: Path | None, out: Path) -> int:
    from fifthfloor_theatre.journey.maps import CardMap, needs_plain, render_text
    from fifthfloor_theatre.journey.trip import Teller, travel

    # The story is for a person; with --json it goes to stderr, and stdout keeps the document alone.
    stream = sys.stderr if console.as_json else sys.stdout

    def show(line: str) -> None:
        if console.as_json:
            console.note(line)
            return
        with console.bar.aside():
            click.echo(line)

    def say(line: str) -> None:
        for shown in _laid_out(line) if stream.isatty() else [line]:
            show(shown)

    def draw(card: CardMap) -> None:
        for line in render_text(card, plain=needs_plain(stream.encoding), colour=stream.isatty()):
            show(line)

    if not console.confirm(sentence("journey.ask", out=str(out))):
        return 1
    arrival = travel(out, photos, Teller(say, draw, console.progress))
    document = {
        "photographs": arrival.photographs,
        "came_back": arrival.came_back,
        "decoy": arrival.decoy,
        "seconds_until_back": round(arrival.seconds_until_back, 1),
        "seconds": round(arrival.seconds, 1),
        "out": str(arrival.folder),
        "essay": str(arrival.essay),
    }
    console.result(document, [sentence("journey.end", seconds=arrival.seconds, out=str(arrival.folder))])
    return 0 if arrival.came_back == arrival.photographs else 1


def _laid_out(line: str) -> list[str]:
    """Return a step of the story for a terminal: an empty line before each number, long lines broken and indented."""
    width = max(40, min(shutil.get_terminal_size().columns, WIDEST_COLUMNS))
    broken = textwrap.wrap(line, width, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)
    return ["", *broken] if line[:1].isdigit() else broken
