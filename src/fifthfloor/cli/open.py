"""`open`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, label_of, label_option, passphrase_option
from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence


@click.command("open")
@voiced
@click.argument("carriers", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where the files go; made if it is not there.")
@label_option
@passphrase_option
@click.option("--force", is_flag=True, help="Overwrite files that are already there.")
def open_command(
    console: Console,
    carriers: tuple[Path, ...],
    out: Path,
    label: str | None,
    passphrase_file: Path | None,
    force: bool,
) -> int:
    """Bring hidden files back from CARRIERS: cards or images, in any order, strangers among them.

    Files appear whole or not at all; every SHA-256 is compared.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.open import open_floors

    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file)
    keys = secret.keys_of(phrase, label_of(console, label))
    restored, incomplete = open_floors(carriers, keys, out, force=force, progress=console.progress)
    for floor in incomplete:
        console.note(
            sentence(
                "open.incomplete",
                here=floor.carriers_here,
                threshold=floor.threshold,
                lost=floor.groups_lost,
                groups=floor.groups,
            )
        )
    for wrong in (one for r in restored for one in r.wrong):
        path = str(carriers[wrong.source])
        console.note(
            sentence("open.wrong_shard", path=path, offset=wrong.offset, group=wrong.group + 1, number=wrong.symbol)
        )
    document = {
        "floors": [
            {
                "id": r.short_id,
                "hidden": r.hidden,
                "folder": str(r.folder),
                "files": r.files,
                "bytes": r.size_bytes,
                "renamed": r.renamed,
            }
            for r in restored
        ],
        "incomplete": len(incomplete),
    }
    lines = [
        sentence("open.restored", files=r.files, size=r.size_bytes, folder=str(r.folder), hidden=r.hidden)
        for r in restored
    ]
    lines += [sentence("open.renamed", count=r.renamed, folder=str(r.folder)) for r in restored if r.renamed]
    console.result(document, lines)
    return 0
