"""The list of commands, each with the module it is loaded from and the one line `--help` shows."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points

import click

import fifthfloor as package

# Commands that another distribution adds (at home: `journey`); none can take the name of one of ours.
GUESTS = "fifthfloor.commands"
# name -> (module of fifthfloor.cli, attribute, line for --help), in the order of the journey
COMMANDS: dict[str, tuple[str, str, str]] = {
    "passphrase": ("passphrase", "passphrase", "make a passphrase, with its bits of entropy"),
    "cards": ("cards", "cards", "list the cards in this machine's readers"),
    "plan": ("plan", "plan", "which are cards, how many photographs fit, how long it takes"),
    "wipe": ("wipe", "wipe", "sweep the free space of cards, nothing hidden"),
    "hide": ("hide", "hide", "hide files in the free space of cards"),
    "open": ("open", "open_command", "bring hidden files back"),
    "list": ("list", "list_command", "list what a passphrase opens, by name"),
    "audit": ("audit", "audit", "what a search would find on a card, an image, a folder or a laptop"),
    "tidy": ("tidy", "tidy", "scrub deleted names from the directories of a card"),
    "recover": ("recover", "recover", "bring deleted photographs back"),
    "health": ("health", "health", "does the floor still come back, and how much more can it lose"),
    "protect": ("protect", "protect", "find and hide the faces in photographs, and tell nothing else"),
    "approve": ("approve", "approve", "say that a person looked at protected photographs"),
    "identity": ("identity", "identity", "make or show the key of a story"),
    "sign": ("sign", "sign", "sign photographs so that what is shown can be verified"),
    "verify": ("verify", "verify", "check published photographs against their statements"),
    "stamp": ("stamp", "stamp", "prove by a time stamp that photographs were signed by then"),
    "essay": ("essay", "essay", "begin an essay of protected photographs"),
    "publish": ("publish", "publish", "publish essays as a folder of plain files"),
}


class JourneyGroup(click.Group):
    """A group that imports a command only when it is run."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        # `help hide` is what people type who know other programs.
        if arguments[:1] == ["help"]:
            arguments = [*arguments[1:], "--help"]
        return super().parse_args(context, arguments)

    def list_commands(self, _context: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in sorted(entry_points(group=GUESTS).names) if name not in COMMANDS)]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            module, attribute, _line = COMMANDS[name]
            command = getattr(importlib.import_module(f"fifthfloor.cli.{module}"), attribute)
        else:
            command = next((guest.load() for guest in entry_points(group=GUESTS, name=name)), None)
        if command is not None and not isinstance(command, click.Command):
            raise TypeError(f"{name} is not a command")
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, line) for name, (_module, _attribute, line) in COMMANDS.items()]
        for name in self.list_commands(context)[len(rows) :]:
            guest = self.get_command(context, name)
            rows.append((name, guest.short_help or "" if guest else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


EXIT_CODES = """\b
Exit codes: 0 done; 1 nothing found, or the check says no; 2 called wrongly, or
nobody there to answer; 3 the input is bad; 4 no room; 5 the device was refused.

Every COMMAND takes --yes, --json, --quiet and --verbose anywhere after its
name, and --help; `fifthfloor help COMMAND` says the same."""


@click.group(
    cls=JourneyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(package.__version__, prog_name="fifthfloor")
def fifthfloor() -> None:
    """Hide photographs, rehearse the search, cross, open, protect, prove, publish."""
