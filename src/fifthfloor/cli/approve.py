"""`approve`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, passphrase_option
from fifthfloor.cli.console import Console, WouldAsk, voiced
from fifthfloor.cli.signing import c2pa_option, identity_option, newsroom_of, signer_of
from fifthfloor.words import sentence


@click.command()
@voiced
@click.argument("folder", type=ANY_PATH, metavar="DIR")
@click.option("--by", metavar="NAME", help="Who looked, a name or a pseudonym; asked for on a terminal.")
@c2pa_option
@identity_option
@passphrase_option
def approve(
    console: Console,
    folder: Path,
    by: str | None,
    c2pa: tuple[Path, Path] | None,
    identity: Path | None,
    passphrase_file: Path | None,
) -> int:
    """Say that a person looked at every photograph in DIR, and sign again with who and when.

    Removes review.html and review/, which show the faces. A box that is changed later withdraws the approval.
    """
    from fifthfloor.tasks.people.approve import approve as approve_folder
    from fifthfloor.tasks.people.approve import waiting_in

    waiting = waiting_in(folder)
    if by is None:
        by = console.line(sentence("approve.ask_name"))
        if by is None:
            raise WouldAsk(sentence("approve.ask_name"))
    if not console.confirm(sentence("approve.ask", count=len(waiting))):
        return 1
    newsroom = newsroom_of(c2pa)
    signer = signer_of(console, identity, passphrase_file, ask=True)
    approved = approve_folder(folder, by, signer, newsroom)
    fresh = [one.name for one in approved if not one.before]
    document = {
        "folder": str(folder),
        "by": by,
        "key": signer.key.public.hex(),
        "key_life": signer.life,
        "approved": fresh,
        "approved_before": [one.name for one in approved if one.before],
    }
    lines = [sentence("approve.already", name=one.name) for one in approved if one.before]
    console.result(document, [*lines, sentence("approve.done", count=len(fresh), by=by)])
    if signer.life == "once":
        console.note(sentence("protect.once"))
    return 0
