"""Pages of the manual, made from the commands themselves: `fifthfloor.1` and one a command, `fifthfloor-hide.1`.

The build of the wheel calls this (`hatch_build.py`), so that the pages never say what the program does not. Options
that every command has are said once, in `fifthfloor.1`.

Source: groff_man(7); a line that begins with a dot or an apostrophe would be an order to the formatter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from fifthfloor import __version__
from fifthfloor.cli.group import COMMANDS, fifthfloor
from fifthfloor.words import sentence

_EVERYWHERE = ("yes", "as_json", "quiet", "verbose")


def pages(moment: int) -> dict[str, str]:
    """Return every page by its file name.

    Args:
        moment: seconds since 1970, for the date at the foot of each page.
    """
    day = datetime.fromtimestamp(moment, UTC).date().isoformat()
    context = click.Context(fifthfloor, info_name="fifthfloor")
    found = {"fifthfloor.1": _page("fifthfloor", sentence("help.manual.line"), day, _top())}
    for name in fifthfloor.list_commands(context):
        if name not in COMMANDS:
            continue  # a guest's: another distribution's page
        command = fifthfloor.get_command(context, name)
        assert command is not None
        line = sentence(f"help.{name}.line")
        found[f"fifthfloor-{name}.1"] = _page(f"fifthfloor-{name}", line, day, _command(command, f"fifthfloor {name}"))
    return found


def _page(name: str, line: str, day: str, body: Iterator[str]) -> str:
    head = f'.TH "{name.upper()}" "1" "{day}" "fifthfloor {__version__}" "Fifth Floor"'
    return "\n".join([head, _head("name"), f"{_text(name)} \\- {_text(line)}", *body]) + "\n"


def _head(what: str) -> str:
    return f".SH {sentence(f'help.manual.{what}').upper()}"


def _top() -> Iterator[str]:
    yield from (_head("synopsis"), ".B fifthfloor", ".I COMMAND", "[ARGUMENTS]", _head("description"))
    yield from _paragraphs(fifthfloor.help or "")
    yield _head("commands")
    for name in COMMANDS:
        yield from (".TP", f"\\fBfifthfloor\\-{_text(name)}\\fR(1)", _text(sentence(f"help.{name}.line")))
    yield from (_head("options"), ".TP", "\\fB\\-\\-version\\fR", _text(sentence("help.manual.version")))
    yield from (".TP", "\\fB\\-\\-yes\\fR, \\fB\\-\\-json\\fR", _text(sentence("help.manual.everywhere")))
    yield from (_head("exit"), _text(sentence("help.manual.codes")))


def _command(command: click.Command, words: str) -> Iterator[str]:
    context = click.Context(command, info_name=words)
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (_head("synopsis"), f".B {_text(words)}", _text(usage), _head("description"))
    yield from _paragraphs(command.help or "")
    options = [one for one in command.params if isinstance(one, click.Option) and one.name not in _EVERYWHERE]
    if options:
        yield _head("options")
        yield from _options(options, context)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield f".SH {_text(name).upper()}"
            yield from (_text(f"{words} {name} {' '.join(inner.collect_usage_pieces(click.Context(inner)))}"), ".PP")
            yield from _paragraphs(inner.help or "")
            yield from _options(
                [one for one in inner.params if isinstance(one, click.Option) and one.name not in _EVERYWHERE],
                click.Context(inner),
            )
    yield from (_head("see"), "\\fBfifthfloor\\fR(1)")


def _options(options: list[click.Option], context: click.Context) -> Iterator[str]:
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            yield from (".TP", f"\\fB{_text(record[0])}\\fR", _text(record[1]))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.replace("\b\n", "").strip())):
        if number:
            yield ".PP"
        yield _text(" ".join(paragraph.split()))


def _text(text: str) -> str:
    """Write text so that the formatter obeys none of it."""
    escaped = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
