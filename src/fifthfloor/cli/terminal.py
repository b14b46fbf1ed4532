"""How a line or a question looks: as wide as the terminal, in colour where there is colour, above the bar.

Rule: colour never says anything alone. Whoever sees none (`NO_COLOR`, a file, a program) reads the same words.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

import click

from fifthfloor.words.lines.width import broken

Emphasis = Literal["plain", "good", "bad", "loud"]
_NARROWEST = 20
_STYLES: Mapping[Emphasis, dict[str, str | bool]] = {
    "plain": {},
    "good": {"fg": "green", "bold": True},
    "bad": {"fg": "red", "bold": True},
    "loud": {"bold": True},
}


def is_terminal(stream: TextIO) -> bool:
    """Say whether a stream is a terminal at which somebody can answer."""
    if not stream.isatty():
        return False
    if sys.platform == "win32":
        # NUL says there that it is one, and a question asked of it is never answered.
        import ctypes
        import msvcrt

        handle, mode = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno())), ctypes.c_ulong()
        return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode)))
    return True


def columns(stream: TextIO) -> int | None:
    """Return the width of the terminal behind a stream; None where there is none."""
    if not is_terminal(stream):
        return None
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return max(_NARROWEST, int(told))
    try:
        return max(_NARROWEST, os.get_terminal_size(stream.fileno()).columns or 80)
    except (OSError, ValueError):
        return 80


def has_colour(stream: TextIO) -> bool:
    """Say whether a stream is a terminal that shows colours and whose owner wants them (no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def ask(question: str, default: str = "") -> str:
    """Ask for a line of text on stderr, broken at the terminal's width; Enter is the default, which is shown."""
    shown = last_line(f"{question} [{default}]" if default else question)
    return str(click.prompt(shown, default=default, show_default=False, err=True))


def ask_hidden(question: str) -> str:
    """Ask for what is not shown while it is typed, as `ask`."""
    return getpass.getpass(f"{last_line(question)}: ", stream=sys.stderr)


def last_line(question: str, behind: str = ": ") -> str:
    """Show all lines of a question but the last, and return that.

    Args:
        question: of any length.
        behind: what will stand behind the last line.
    """
    *before, last = broken(question, (columns(sys.stderr) or 80) - len(behind))
    for line in before:
        click.echo(line, err=True)
    return last


def show(line: str, look: Emphasis = "plain", *, err: bool = False) -> None:
    """Write a line to stdout, or to stderr, broken at the terminal's width."""
    stream = sys.stderr if err else sys.stdout
    for part in broken(line, columns(stream)):
        # A terminal gets styles only where `has_colour` says so; click strips them everywhere else.
        styled = click.style(part, **_STYLES[look]) if look != "plain" and has_colour(stream) else part  # type: ignore[arg-type]
        click.echo(styled, err=err)
