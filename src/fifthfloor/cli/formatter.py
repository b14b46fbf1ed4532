"""The pages of --help: headings and lines that click writes by itself come from the words as all others do."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import click

from fifthfloor.words import sentence

# What click writes -> its key.
_CLICK = {
    "Options": "help.click.options",
    "Commands": "help.click.commands",
    "Show this message and exit.": "help.click.help",
    "Show the version and exit.": "help.click.version",
}
_MARKS = {"[required]": "help.click.required", "[default: ": "help.click.default"}

_NARROWEST_HELP = 28


class SaidFormatter(click.HelpFormatter):
    """Writes help in our words; `click.Context.formatter_class` for all commands."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        if width is None:  # click's own is never below fifty, and a narrow terminal breaks that in the midst of words
            width = max(_NARROWEST_HELP, min(shutil.get_terminal_size().columns, max_width or 80) - 2)
        super().__init__(indent_increment, width, max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, sentence("help.click.usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_said(heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _said(text)) for name, text in rows], col_max, col_spacing)


def _said(text: str) -> str:
    if text in _CLICK:
        return sentence(_CLICK[text])
    for mark, key in _MARKS.items():
        text = text.replace(mark, sentence(key))
    return text
