"""`identity new` and `identity show`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import ANY_PATH, dry_run_option, passphrase_option
from fifthfloor.cli.console import Console, Document, VoicedGroup, voiced, would_write
from fifthfloor.cli.phrases import ask_new_phrase, until_right
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.identity import PublicHalves


@click.group(cls=VoicedGroup, help=sentence("help.identity"))
def identity() -> None:
    """Gather the commands of `identity`."""


@identity.command(short_help=sentence("help.identity_new.line"), help=sentence("help.identity_new"))
@voiced
@click.argument("file", type=ANY_PATH)
@passphrase_option
@click.option("--own-passphrase", "own", is_flag=True, help=sentence("help.hide.own_passphrase"))
@dry_run_option
def new(console: Console, file: Path, passphrase_file: Path | None, own: bool, dry_run: bool) -> None:
    from fifthfloor.tasks.people.identity import new_identity
    from fifthfloor.tasks.secret import check_strength

    check = partial(check_strength, own=own)
    phrase = ask_new_phrase(console, passphrase_file, sentence("identity.ask_new"), check)
    halves = new_identity(file, phrase, own=own, dry_run=dry_run)
    if dry_run:
        # The keys of a dry run are thrown away: whoever published them could sign nothing.
        console.result({"file": str(file), "written": False}, would_write([file]), sentence("before.dry"))
        return
    lines = [sentence("identity.made", path=str(file)), *_key_lines(halves)]
    console.result(_document(file, halves) | {"written": True}, lines)


@identity.command(short_help=sentence("help.identity_show.line"), help=sentence("help.identity_show"))
@voiced
@click.argument("file", type=ANY_PATH)
@passphrase_option
@click.option("--qr", is_flag=True, help=sentence("identity.help_qr"))
@click.option("--png", type=ANY_PATH, metavar="FILE", help=sentence("identity.help_png"))
@dry_run_option
def show(console: Console, file: Path, passphrase_file: Path | None, qr: bool, png: Path | None, dry_run: bool) -> None:
    from fifthfloor.tasks.people.identity import picture_of, show_identity

    question = sentence("identity.ask")
    halves = until_right(
        console,
        passphrase_file,
        "identity.closed",
        lambda: show_identity(file, console.passphrase(question, passphrase_file)),
    )
    if png is not None:
        picture_of(halves, png, file, dry_run=dry_run)
    lines = [*_key_lines(halves), *(_qr_lines(console, halves) if qr else [])]
    if png is not None:
        lines += would_write([png]) if dry_run else [sentence("identity.drawn", path=str(png))]
    console.result(_document(file, halves), lines)


def _document(file: Path, halves: PublicHalves) -> Document:
    document: Document = {"file": str(file), "key": halves.signing.hex()}
    if halves.recipient is not None:
        document |= {"recipient": halves.recipient.line(), "fingerprint": halves.recipient.fingerprint()}
    return document


def _key_lines(halves: PublicHalves) -> list[str]:
    lines = [sentence("identity.key", public=halves.signing.hex())]
    if halves.recipient is not None:
        lines.append(sentence("identity.recipient", line=halves.recipient.line()))
        lines.append(sentence("identity.fingerprint", fingerprint=halves.recipient.fingerprint()))
    return lines


def _qr_lines(console: Console, halves: PublicHalves) -> list[str]:
    """Draw the code where it fits: a line that wraps is no picture."""
    from fifthfloor.tasks.people.qr import rows

    if halves.recipient is None:
        return []
    drawn = rows(halves.recipient.line())
    if console.width is not None and console.width < len(drawn[0]):
        return [sentence("identity.narrow", needed=len(drawn[0]), width=console.width)]
    return drawn
