"""Options and questions that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fifthfloor.cli.console import Console
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.trace.store_places import StoredAt

R = TypeVar("R")
Options = TypeVar("Options")

# Whether a path is there, and may be read, is asked by whoever opens it: click's own sentence has no hint.
ANY_PATH = click.Path(path_type=Path, readable=False)


class NumberRange(click.FloatRange):
    """A number between two; what is none, which compares with nothing, is none of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(str(value), param, ctx)  # what it takes is said by `usage`
        return number


def path_or_address(given: str) -> StoredAt:
    """Take a path, or an address of a store that is read through fsspec; for `type=`."""
    from fifthfloor.tasks.trace.store_places import place_of

    return place_of(given)


def _expanded(_context: click.Context, _parameter: click.Parameter, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Put the cards of a set where it is named (`tasks.floors.card_sets`)."""
    if not any(str(path).startswith("@") for path in given):
        return given
    from fifthfloor.tasks.floors.card_sets import expanded

    return expanded(given)


def cards_argument(name: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Take cards after a command's name: devices, images, or @FILE for a set of them."""
    return click.argument(name, type=ANY_PATH, nargs=-1, required=True, callback=_expanded, metavar="CARDS...")


def cards_option(*names: str, **more: Any) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Take cards as an option that may be repeated; @FILE is a set of them."""
    return click.option(*names, type=ANY_PATH, multiple=True, callback=_expanded, **more)


passphrase_option = click.option(
    "--passphrase-file",
    type=ANY_PATH,
    metavar="FILE",
    help=sentence("help.passphrase_file"),
)
dry_run_option = click.option("--dry-run", is_flag=True, help=sentence("help.dry_run"))
cluster_option = click.option("--cluster", metavar="URL", help=sentence("help.cluster"))
label_option = click.option("--label", help=sentence("help.label"))
device_option = click.option(
    "--device",
    "serial",
    metavar="SERIAL",
    multiple=True,
    callback=lambda _context, _option, given: ",".join(given) or None,
    help=sentence("help.device"),
)


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
