"""The list of commands and the module each is loaded from."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

import fifthfloor as package
from fifthfloor.cli.formatter import SaidFormatter
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# Commands that another distribution adds (at home: `journey`); none can take the name of one of ours.
GUESTS = "fifthfloor.commands"
# name -> (module of fifthfloor.cli, attribute), in the order of the journey
COMMANDS: dict[str, tuple[str, str]] = {
    "passphrase": ("passphrase", "passphrase"),
    "cards": ("cards", "cards"),
    "plan": ("plan", "plan"),
    "wipe": ("wipe", "wipe"),
    "hide": ("hide", "hide"),
    "open": ("open", "open_command"),
    "list": ("list", "list_command"),
    "audit": ("audit", "audit"),
    "tidy": ("tidy", "tidy"),
    "recover": ("recover", "recover"),
    "health": ("health", "health"),
    "protect": ("protect", "protect"),
    "approve": ("approve", "approve"),
    "identity": ("identity", "identity"),
    "sign": ("sign", "sign"),
    "verify": ("verify", "verify"),
    "stamp": ("stamp", "stamp"),
    "essay": ("essay", "essay"),
    "publish": ("publish", "publish"),
    "archive": ("archive", "archive"),
    "trace": ("trace", "trace"),
    "desk": ("desk", "desk"),
}

click.Context.formatter_class = SaidFormatter


def guests() -> Iterable[EntryPoint]:
    """Return the commands of other distributions; asked for none of ours."""
    from importlib.metadata import entry_points  # with the parsers of mail, 25 ms: as much as all of `words`

    return entry_points(group=GUESTS)


class JourneyGroup(click.Group):
    """A group that imports a command only when it is run."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        # `help hide` is what people type who know other programs.
        if arguments[:1] == ["help"]:
            arguments = [*arguments[1:], "--help"]
        # A shell that completes the first word gives none, and must be asked nothing.
        if not arguments and not context.resilient_parsing:
            from fifthfloor.cli import walk

            # Whoever is alone with a terminal is asked; a program gets the help, and that nobody was there to answer.
            if not walk.can_ask():
                click.echo(context.get_help())
                context.exit(2)
            arguments = walk.walk()
        return super().parse_args(context, arguments)

    def list_commands(self, _context: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in sorted({guest.name for guest in guests()}) if name not in COMMANDS)]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            module, attribute = COMMANDS[name]
            command = getattr(importlib.import_module(f"fifthfloor.cli.{module}"), attribute)
        else:
            command = next((guest.load() for guest in guests() if guest.name == name), None)
        if command is not None and not isinstance(command, click.Command):
            raise TypeError(f"{name} is not a command")
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, sentence(f"help.{name}.line")) for name in COMMANDS]
        for name in self.list_commands(context)[len(rows) :]:
            guest = self.get_command(context, name)
            rows.append((name, guest.short_help or "" if guest else ""))
        with formatter.section(sentence("help.click.commands")):
            formatter.write_dl(rows)


@click.group(
    cls=JourneyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=sentence("help.exit_codes"),
    help=sentence("help.fifthfloor"),
)
@click.version_option(message=sentence("cli.version", program="fifthfloor", version=package.__version__))
def fifthfloor() -> None:
    """Gather the commands of `fifthfloor`."""
