"""What opens floors: a passphrase, or `--identity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console
from fifthfloor.cli.phrases import ask_known
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.here import ByIdentity, Opener

opening_identity_option = click.option(
    "--identity", type=ANY_PATH, metavar="FILE", help=sentence("help.identity_option")
)


def opener(console: Console, identity: Path | None, label: str | None, file: Path | None, question: str) -> Opener:
    """Ask for what opens.

    Args:
        console: asks.
        identity: of `--identity`, or None.
        label, file: of `--label` and `--passphrase-file`.
        question: which floor is meant, where it is a passphrase.
    """
    if identity is not None:
        return by_identity(console, identity, label, file)
    return ask_known(console, file, label, question).keys(console)


def by_identity(console: Console, identity: Path, label: str | None, file: Path | None) -> ByIdentity:
    """Open an identity file. A label is never asked for: hardly anybody agrees on one.

    Raises:
        BadInput: it is none, or has no recipient.
        NothingFound: another passphrase.
    """
    from fifthfloor.tasks.floors.here import ByIdentity
    from fifthfloor.tasks.people.identity import open_recipient

    phrase = console.passphrase(sentence("sealed.ask"), file)
    with console.progress("work.keys", 0):
        return ByIdentity(open_recipient(identity, phrase), label or "")
