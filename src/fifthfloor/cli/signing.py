"""Options of the commands that sign, and whose key signs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console
from fifthfloor.cli.phrases import until_right
from fifthfloor.cli.terminal import is_terminal
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.prove import Newsroom, Signer

FACTS = ("camera", "captured", "original", "place", "raw")
identity_option = click.option("--identity", type=ANY_PATH, metavar="FILE", help=sentence("help.story_key"))
c2pa_option = click.option("--c2pa", type=(ANY_PATH, ANY_PATH), metavar="CERT KEY", help=sentence("help.c2pa"))
names_option = click.option(
    "--names",
    type=click.Choice(["numbers", "source"]),
    default="numbers",
    show_default=True,
    help=sentence("help.names"),
)
show_option = click.option(
    "--show",
    type=click.Choice(FACTS),
    multiple=True,
    help=sentence("help.show"),
)


def signer_of(console: Console, identity: Path | None, passphrase_file: Path | None, *, ask: bool) -> Signer:
    """Return whose key signs: the identity's, or one for this run where none is given and nobody names one.

    Args:
        ask: on a terminal, for the file of an identity where none is given.
    """
    from fifthfloor.tasks.people.identity import open_identity
    from fifthfloor.tasks.people.prove import Signer, signer_for_this_run

    if identity is None and ask and not console.yes and is_terminal(sys.stdin):
        identity = Path(name) if (name := console.line(sentence("protect.ask_identity"))) else None
    if identity is None:
        return signer_for_this_run()
    path, question = identity, sentence("identity.ask")
    return until_right(
        console,
        passphrase_file,
        "identity.closed",
        lambda: Signer(open_identity(path, console.passphrase(question, passphrase_file)), "story"),
    )


def newsroom_of(c2pa: tuple[Path, Path] | None) -> Newsroom | None:
    """Read the certificate and key of `--c2pa`, where it is given. Raises BadInput if a file is not there."""
    from fifthfloor.tasks.people.prove_inputs import newsroom_from

    return newsroom_from(*c2pa) if c2pa else None
