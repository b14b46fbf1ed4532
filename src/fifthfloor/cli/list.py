"""`list`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import cards_argument, label_option, passphrase_option
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.cli.openers import AskedFor, opening_identity_option, refuse_folders, with_opener
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.listing import Listed


@click.command("list", help=sentence("help.list"))
@voiced
@cards_argument("carriers")
@opening_identity_option
@label_option
@passphrase_option
def list_command(
    console: Console, carriers: tuple[Path, ...], identity: Path | None, label: str | None, passphrase_file: Path | None
) -> int:
    from fifthfloor.tasks.floors.listing import list_floors
    from fifthfloor.tasks.floors.open import check_can_hold, check_readable

    check_readable(carriers)
    check_can_hold(carriers)
    refuse_folders("--identity", identity, carriers)
    asked = AskedFor(identity, label, passphrase_file, sentence("ask.list"))
    floors = with_opener(console, asked, lambda keys: list_floors(carriers, keys, console.progress))
    console.result({"floors": [_document(one) for one in floors]}, [line for one in floors for line in _lines(one)])
    return 0 if any(one.listing for one in floors) else 1


def _document(one: Listed) -> Document:
    listing = one.listing
    if listing is None:
        return {"id": one.short_id, "hidden": None, "files": None, "bytes": None}
    files = [{"name": name, "bytes": size} for name, size in listing.files]
    return {"id": one.short_id, "hidden": listing.hidden, "files": files, "bytes": listing.size_bytes}


def _lines(one: Listed) -> list[str]:
    listing = one.listing
    if listing is None:
        return [sentence("list.unreadable")]
    facts = {"files": len(listing.files), "size": listing.size_bytes}
    return [
        sentence("list.floor", hidden=listing.hidden, **facts),
        *(sentence("list.file", name=name, size=size) for name, size in listing.files),
    ]
