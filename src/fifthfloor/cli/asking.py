"""Options and questions that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from fifthfloor.cli.console import Console

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
device_option = click.option(
    "--device",
    "serial",
    metavar="SERIAL",
    multiple=True,
    callback=lambda _context, _option, given: ",".join(given) or None,
    help="Allow this device, though not removable; repeat.",
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
