"""`health`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import cards_argument, label_option, passphrase_option
from fifthfloor.cli.console import Console, voiced
from fifthfloor.cli.openers import AskedFor, opening_identity_option, refuse_folders, with_opener
from fifthfloor.words import sentence
from fifthfloor.words.lines.health import lines


@click.command(help=sentence("help.health"))
@voiced
@cards_argument("carriers")
@opening_identity_option
@label_option
@passphrase_option
def health(
    console: Console, carriers: tuple[Path, ...], identity: Path | None, label: str | None, passphrase_file: Path | None
) -> int:
    from fifthfloor.tasks.floors.health import as_document, examine
    from fifthfloor.tasks.floors.open import check_can_hold, check_readable

    check_readable(carriers)
    check_can_hold(carriers)
    refuse_folders("--identity", identity, carriers)
    asked = AskedFor(identity, label, passphrase_file, sentence("ask.health"))
    floors = with_opener(console, asked, lambda keys: examine(carriers, keys, console.progress))
    for number, floor in enumerate(floors, start=1):
        counts = {"lost": floor.groups_lost, "groups": floor.groups, "spare": floor.poorest_spare}
        console.detail(sentence("health.detail", number=number, id=floor.short_id, **counts))
    document = as_document(floors)
    opens = any(floor.opens for floor in floors)
    verdict, *said = lines(document["floors"])
    console.result(document, said, verdict, "good" if opens else "bad")
    return 0 if opens else 1
