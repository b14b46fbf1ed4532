"""Options and questions that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fifthfloor.cli.console import Console
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.sweep import OpenedCard

R = TypeVar("R")
Options = TypeVar("Options")

# Whether a path is there, and may be read, is asked by whoever opens it: click's own sentence has no hint.
ANY_PATH = click.Path(path_type=Path, readable=False)
passphrase_option = click.option(
    "--passphrase-file",
    type=ANY_PATH,
    metavar="FILE",
    help="Read the passphrase from the first line of FILE; - is stdin.",
)
label_option = click.option("--label", help="The floor's label; asked for on a terminal, else empty.")
device_option = click.option("--device", "serial", metavar="SERIAL", help="Allow this device, though not removable.")


def gathered(kind: type[Options]) -> Callable[[Callable[[Console, Options], R]], Callable[..., R]]:
    """Hand a command what was given after its name as one object instead of a parameter for each.

    Args:
        kind: a dataclass, whose fields have the names of the command's arguments and options.
    """

    def decorate(function: Callable[[Console, Options], R]) -> Callable[..., R]:
        @functools.wraps(function)
        def command(console: Console, **given: Any) -> R:
            return function(console, kind(**given))

        return command

    return decorate


def label_of(console: Console, label: str | None) -> str:
    """Return the label as given, or asked for on a terminal, or empty."""
    return label if label is not None else console.line(sentence("floor.ask_label")) or ""


def show_cards(console: Console, cards: Sequence[OpenedCard]) -> None:
    """Say which cards will be swept, what is on them, how long it takes, and what will be gone."""
    from fifthfloor.tasks.floors.sweep import at_stake

    for opened in cards:
        show_card(console, opened)
        places = len(opened.layout.places)
        room = places * 16384
        console.note(sentence("card.room", free=opened.layout.free_bytes, slots=places, room=room))
        stake = at_stake(opened)
        if stake is None:
            console.note(sentence("card.at_stake_unknown"))
        elif stake.count:
            key = "card.at_stake" if stake.everything else "card.at_stake_at_least"
            console.note(sentence(key, count=stake.count, size=stake.length_bytes))
    show_time(console, cards)
    console.note(sentence("sweep.gone"))
    console.note(sentence("sweep.visible"))


def show_card(console: Console, opened: OpenedCard) -> None:
    """Say which card it is, and what is visibly on it."""
    who = opened.card.identity
    what = " ".join(part for part in (who.facts.maker, who.facts.model) if part) or (
        "device" if who.facts.is_block_device else "image"
    )
    console.note(
        sentence(
            "card.identity",
            path=str(opened.path),
            what=what,
            size=who.size_bytes,
            label=who.label or "-",
            photographs=who.photographs,
            others=who.files - who.photographs,
        )
    )


def show_time(console: Console, cards: Sequence[OpenedCard]) -> None:
    """Say how long writing and reading back will take at least."""
    rate = min((opened.read_rate for opened in cards), default=0.0)
    console.note(sentence("sweep.time", time=sum(opened.seconds for opened in cards), rate=rate))
