"""`journey`: the whole trip on virtual cards."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence

ANY_PATH = click.Path(path_type=Path)


@click.command()
@voiced
@click.option(
    "--photos", type=ANY_PATH, metavar="DIR", help="Photographs to hide instead of drawn ones; they are only read."
)
@click.option("--out", type=ANY_PATH, metavar="DIR", default=Path("journey-out"), show_default=True,
              help="Where everything goes; may exist and hold other things.")  # fmt: skip
def journey(console: Console, photos: Path | None, out: Path) -> int:
    """Play the whole trip on virtual cards, and say each step as it happens.

    Take, hide, rehearse the search, lose cards at the border, open on the other side, protect, prove, publish. Needs
    the extra `home`, which draws the photographs. Exit code 1 when a photograph did not come back.
    """
    from fifthfloor.journey.maps import CardMap, needs_plain, render_text
    from fifthfloor.journey.story import Teller, travel

    # The story is for a person; with --json it goes to stderr, and stdout keeps the document alone.
    say = console.note if console.as_json else click.echo
    stream = sys.stderr if console.as_json else sys.stdout

    def draw(card: CardMap) -> None:
        for line in render_text(card, plain=needs_plain(stream.encoding), colour=stream.isatty()):
            say(line)

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
