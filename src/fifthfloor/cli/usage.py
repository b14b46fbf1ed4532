"""What click says of a command line it does not understand, in our words: a translation must not stop at a library."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

import click
from click.exceptions import NoArgsIsHelpError

from fifthfloor.words import sentence

# What a slip of the finger may lead to: these only read, ask, name or say. Whatever is not here is never suggested: it
# writes less safely, tells more, lifts a check, or destroys something (`tests/cli/test_usage.py` classes every option).
HARMLESS = frozenset(
    [
        "--after",
        "--among",
        "--answer",
        "--archive",
        "--authority",
        "--batch",
        "--by",
        "--check",
        "--collect",
        "--dry-run",
        "--faces",
        "--help",
        "--html",
        "--identity",
        "--in",
        "--json",
        "--keep",
        "--keep-file",
        "--key",
        "--label",
        "--like",
        "--no-browser",
        "--only",
        "--out",
        "--page",
        "--passphrase-file",
        "--pdf",
        "--photos",
        "--pick",
        "--png",
        "--port",
        "--qr",
        "--quiet",
        "--rules",
        "--save",
        "--verbose",
        "--words",
        "--zip",
    ]
)
HARMLESS_COMMANDS = frozenset(
    [
        "add",
        "archive",
        "audit",
        "cards",
        "essay",
        "health",
        "help",
        "hide",
        "identity",
        "journey",
        "list",
        "new",
        "open",
        "passphrase",
        "plan",
        "protect",
        "recover",
        "request",
        "show",
        "stamp",
        "trace",
        "verify",
    ]
)
_LEAST_CHARACTERS = 3  # characters, the dashes of an option among them
_ALIKE_ENOUGH, _NEARLY = 0.6, 0.8
# Refusals that click makes without a kind of their own; what was typed is only in their text.
_EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<given>.*)\)", re.DOTALL)
_NO_COMMAND = re.compile(r"No such command '(?P<given>.*?)'\.", re.DOTALL)
_NOTHING_BEHIND = "Missing command."  # `essay --`


def usage_of(error: click.ClickException) -> str:
    """Return what is wrong with a command line, suggesting no option that has a price."""
    if isinstance(error, click.NoSuchOption):
        free = _meant(error.option_name, _options(error))
        key = "cli.no_option_but" if free else "cli.no_option"
        return sentence(key, option=error.option_name, others=", ".join(free))
    if isinstance(error, click.MissingParameter):
        key = "cli.missing_argument" if isinstance(error.param, click.Argument) else "cli.missing_option"
        return sentence(key, name=_name(error))
    if isinstance(error, click.BadOptionUsage):
        # The parser knows no parameter here; only its text tells the two ways apart.
        key = "cli.takes_no_value" if "does not take a value" in error.message else "cli.needs_value"
        return sentence(key, option=error.option_name)
    if (isinstance(error, NoArgsIsHelpError) or error.message == _NOTHING_BEHIND) and (names := _commands(error)):
        return sentence("cli.which", choices=", ".join(names))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _value(error, error.param)
    message = error.format_message()
    for pattern, key in ((_EXTRA, "cli.too_many"), (_NO_COMMAND, "cli.no_command")):
        if found := pattern.match(message):
            given = found["given"]
            free = _meant(given, _commands(error)) if key == "cli.no_command" else []
            return sentence(f"{key}_but" if free else key, given=given, others=", ".join(free))
    message = message.rstrip(".")
    return message[:1].lower() + message[1:]


def _meant(given: str, names: Iterable[str]) -> list[str]:
    """Return what may have been meant: what begins as it was typed, else the likest; nothing that has a price."""
    begun = [name for name in names if len(given) > _LEAST_CHARACTERS and name.startswith(given)]
    free = [name for name in begun or names if name in HARMLESS | HARMLESS_COMMANDS]
    bare = {name.lstrip("-"): name for name in free}  # every option is alike in its dashes
    if begun:
        return free
    typed = given.lstrip("-")
    alike = get_close_matches(typed, bare, n=2, cutoff=_ALIKE_ENOUGH)
    # "nope" is as like to "open" as "opne" is: whoever slips mostly has the first letter right, or nearly all.
    close = get_close_matches(typed, bare, n=2, cutoff=_NEARLY)
    return [bare[one] for one in alike if one[:1] == typed[:1] or one in close]


def _options(error: click.NoSuchOption) -> list[str]:
    """Return the long options of the command, but for those that its help does not show."""
    if error.ctx is None:
        return list(error.possibilities or ())
    shown = [one for one in error.ctx.command.get_params(error.ctx) if not getattr(one, "hidden", False)]
    return [name for one in shown for name in (*one.opts, *one.secondary_opts) if name.startswith("--")]


def _commands(error: click.ClickException) -> list[str]:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return context.command.list_commands(context) if context and isinstance(context.command, click.Group) else []


def _name(error: click.BadParameter) -> str:
    """Return what the help calls an argument or option."""
    if isinstance(error.param, click.Argument):
        return error.param.make_metavar(error.ctx) if error.ctx else error.param.human_readable_name
    return error.param.opts[-1] if error.param else str(error.param_hint or "")


def _value(error: click.BadParameter, parameter: click.Parameter) -> str:
    """Return what a parameter takes, where it is a number or one of a few words."""
    kind, name = parameter.type, _name(error)
    if isinstance(kind, click.Choice):
        return sentence("cli.one_of", name=name, choices=", ".join(map(str, kind.choices)))
    whole = "cli.whole" if isinstance(kind, type(click.INT)) else "cli.number"  # a range is a kind of its number
    if isinstance(kind, (click.IntRange, click.FloatRange)) and kind.min is not None:
        if kind.max is None:
            return sentence(f"{whole}_from", name=name, least=f"{kind.min:g}")
        return sentence(whole, name=name, least=f"{kind.min:g}", most=f"{kind.max:g}")
    if isinstance(kind, (type(click.INT), type(click.FLOAT))):
        return sentence(f"{whole}_alone", name=name)
    return sentence("cli.bad_value", name=name)
