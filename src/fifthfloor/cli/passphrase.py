"""`passphrase`."""

from __future__ import annotations

import click

from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence


@click.command(help=sentence("help.passphrase"))
@voiced
@click.option("--words", "count", default=7, show_default=True, help=sentence("help.passphrase.words"))
def passphrase(console: Console, count: int) -> None:
    from fifthfloor.tasks.secret import make_passphrase

    made = make_passphrase(count)
    console.result({"passphrase": made.passphrase, "bits": round(made.bits, 1)}, [made.passphrase])
    if not console.as_json:
        console.note(sentence("passphrase.bits", bits=made.bits))
