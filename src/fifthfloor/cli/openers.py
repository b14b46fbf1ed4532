"""What opens floors: a passphrase, or `--identity`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console
from fifthfloor.cli.phrases import ask_known, until_right
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.here import ByIdentity, Opener
    from fifthfloor.tasks.floors.sealed_shots import ShotKeys

R = TypeVar("R")
opening_identity_option = click.option(
    "--identity", type=ANY_PATH, metavar="FILE", help=sentence("help.identity_option")
)


def refuse_folders(option: str, given: object, carriers: Sequence[Path]) -> None:
    """Refuse an option that is for cards alone, before anybody types a secret. Raises UsageError."""
    from fifthfloor.tasks.floors.at_hand import is_folder

    if given and any(map(is_folder, carriers)):
        raise click.UsageError(sentence("roll.options", option=option))


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a command asks for that opens floors, and where it stands if not at a terminal.

    Args:
        identity: of `--identity`, or None.
        label, file: of `--label` and `--passphrase-file`, or None.
        question: which floor is meant, where it is a passphrase.
    """

    identity: Path | None
    label: str | None
    file: Path | None
    question: str


def with_opener(console: Console, asked: AskedFor, task: Callable[[Opener], R]) -> R:
    """Ask for what opens, and do a task with it; a passphrase that is typed and finds nothing is asked again."""
    if asked.identity is not None:
        return task(by_identities(console, [asked.identity], asked.label, asked.file))

    def attempt() -> R:
        return task(ask_known(console, asked.file, asked.label, asked.question).keys(console))

    return until_right(console, asked.file, "open.nothing", attempt)


def shot_keys(console: Console, identities: Sequence[Path], file: Path | None) -> ShotKeys:
    """Open identity files, ours and age's.

    Raises:
        BadInput: one is none, or has no recipient.
        NothingFound: another passphrase.
    """
    from fifthfloor.tasks.floors.sealed_shots import ShotKeys, age_secrets, is_age_identity
    from fifthfloor.tasks.people.identity import open_recipient

    ours = [path for path in identities if not is_age_identity(path)]
    if len(ours) > 1:
        raise click.UsageError(sentence("sealed.one_identity"))
    age = tuple(secret for path in identities if path not in ours for secret in age_secrets(path))
    if not ours:
        return ShotKeys((), age)

    def attempt() -> ShotKeys:
        phrase = console.passphrase(sentence("sealed.ask"), file)
        with console.progress("work.keys", 0):
            return ShotKeys((open_recipient(ours[0], phrase),), age)

    return until_right(console, file, "identity.closed", attempt)


def by_identities(
    console: Console, identities: Sequence[Path], label: str | None, file: Path | None, passing: int = 0
) -> ByIdentity:
    """Open identity files for floors, and for the sealed shots in them.

    Args:
        console: asks.
        identities: one of ours, and any number of age's.
        label: never asked for: hardly anybody agrees on one.
        file: of `--passphrase-file`.
        passing: keys on the cards that are passed over.

    Raises:
        BadInput, NothingFound: as `shot_keys`.
        UsageError: only age's, which open no floor.
    """
    from fifthfloor.tasks.floors.here import ByIdentity

    keys = shot_keys(console, identities, file)
    if not keys.recipients:
        raise click.UsageError(sentence("sealed.age_alone"))
    return ByIdentity(keys.recipients[0], label or "", keys, passing, _left(console))


def _left(console: Console) -> Callable[[int, int], None]:
    """Say that not every key on the cards was tried: hardly anybody meets more than a few."""
    return lambda keys, tried: console.note(sentence("sealed.left", keys=keys, tried=tried), "loud")
