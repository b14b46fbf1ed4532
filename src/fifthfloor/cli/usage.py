"""What click says of a command line it does not understand, in our words: a translation must not stop at a library."""

from __future__ import annotations

import re

import click
from click.exceptions import NoArgsIsHelpError

from fifthfloor.words import sentence

# What none may be led to by a slip of the finger: each of them writes less safely, or destroys something.
PRICED = frozenset(
    [
        "--quick",
        "--remove",
        "--discard",
        "--discard-broken",
        "--wipe",
        "--force",
        "--yes",
        "--own-passphrase",
        "--overwrite",
        "--lose",
        "--lost",
        "--approve-all",
        "--all-looked-at",
    ]
)
# Two refusals that click makes without a kind of their own; what was typed is only in their text.
_EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<given>.*)\)", re.DOTALL)
_NO_COMMAND = re.compile(r"No such command '(?P<given>.*?)'\.", re.DOTALL)


def usage_of(error: click.ClickException) -> str:
    """Return what is wrong with a command line, suggesting no option that has a price."""
    if isinstance(error, click.NoSuchOption):
        free = [name for name in error.possibilities or () if name not in PRICED]
        key = "cli.no_option_but" if free else "cli.no_option"
        return sentence(key, option=error.option_name, others=", ".join(free))
    if isinstance(error, click.MissingParameter):
        key = "cli.missing_argument" if isinstance(error.param, click.Argument) else "cli.missing_option"
        return sentence(key, name=_name(error))
    if isinstance(error, click.BadOptionUsage):
        # The parser knows no parameter here; only its text tells the two ways apart.
        key = "cli.takes_no_value" if "does not take a value" in error.message else "cli.needs_value"
        return sentence(key, option=error.option_name)
    if isinstance(error, NoArgsIsHelpError) and error.ctx and isinstance(error.ctx.command, click.Group):
        return sentence("cli.which", choices=", ".join(error.ctx.command.list_commands(error.ctx)))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _value(error, error.param)
    message = error.format_message()
    for pattern, key in ((_EXTRA, "cli.too_many"), (_NO_COMMAND, "cli.no_command")):
        if found := pattern.match(message):
            return sentence(key, given=found["given"])
    message = message.rstrip(".")
    return message[:1].lower() + message[1:]


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
    if isinstance(kind, (click.IntRange, click.FloatRange)):
        whole = "cli.whole" if isinstance(kind, click.IntRange) else "cli.number"
        if kind.max is None:
            return sentence(f"{whole}_from", name=name, least=f"{kind.min:g}")
        return sentence(whole, name=name, least=f"{kind.min:g}", most=f"{kind.max:g}")
    return sentence("cli.bad_value", name=name, reason=error.message.rstrip("."))
