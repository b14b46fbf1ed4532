"""`identity new` and `identity show`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, passphrase_option
from fifthfloor.cli.console import Console, VoicedGroup, voiced
from fifthfloor.words import sentence


@click.group(cls=VoicedGroup)
def identity() -> None:
    """A story's keys, in a file that you keep; nothing is written to the home directory."""


@identity.command(short_help="make a key for a story")
@voiced
@click.argument("file", type=ANY_PATH)
@passphrase_option
def new(console: Console, file: Path, passphrase_file: Path | None) -> None:
    """Make a key for a story and keep it in FILE under a passphrase.

    One story, one identity: whoever sees two stories signed with one key knows that they are of one hand.
    """
    from fifthfloor.tasks.people.identity import new_identity

    key = new_identity(file, console.passphrase(sentence("identity.ask"), passphrase_file, twice=True))
    document = {"file": str(file), "key": key.public.hex()}
    console.result(document, [sentence("identity.made", path=str(file)), _key_line(key.public)])


@identity.command(short_help="show the public key in a file")
@voiced
@click.argument("file", type=ANY_PATH)
@passphrase_option
def show(console: Console, file: Path, passphrase_file: Path | None) -> None:
    """Show the public key in FILE: publish it where your readers can find it."""
    from fifthfloor.tasks.people.identity import open_identity

    key = open_identity(file, console.passphrase(sentence("identity.ask"), passphrase_file))
    console.result({"file": str(file), "key": key.public.hex()}, [_key_line(key.public)])


def _key_line(public: bytes) -> str:
    """Return the line that shows a public key."""
    return sentence("identity.key", public=public.hex())
