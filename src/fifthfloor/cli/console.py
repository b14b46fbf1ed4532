"""What a command says and asks: stdout for its result, stderr for everything else.

Rule 1: with --json, stdout holds one JSON document and nothing else.
Rule 2: --yes answers questions and never lifts a refusal; without it and without a terminal, a question is exit 2.
Rule 3: a passphrase is read from the terminal or a file, never from an argument or the environment, and never shown.
"""

from __future__ import annotations

import functools
import getpass
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TextIO, TypeVar

import click

from fifthfloor import words

P = ParamSpec("P")
R = TypeVar("R")

Document = dict[str, Any]


# JSON leaves DEL, C1 controls, bidirectional marks and lone surrogates as they are: a terminal would obey them.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def as_text(document: Document) -> str:
    """Write a document for a terminal or a program: the same value, with nothing in it that steers a terminal."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class WouldAsk(click.UsageError):
    """A question came up, and there is neither --yes nor a terminal."""

    def __init__(self, question: str) -> None:
        super().__init__(f"{words.sentence('cli.would_ask')}: {question}")
        self.hint = words.sentence("cli.would_ask_hint")


@dataclass(slots=True)
class Reply:
    """Whether a command has given its result yet; what fails before that is answered by `cli.outcome`."""

    given: bool = False


class Console:
    """One command's voice.

    Args:
        yes: answer every question with yes.
        as_json: the result is one JSON document on stdout.
        reply: is told when the result was given.
    """

    def __init__(self, *, yes: bool, as_json: bool, reply: Reply | None = None) -> None:
        self.yes = yes
        self.as_json = as_json
        self._reply = reply or Reply()

    @property
    def width(self) -> int | None:
        """Columns of the terminal that stdout is; None where it is none."""
        return shutil.get_terminal_size().columns if sys.stdout.isatty() else None

    def result(self, document: Document, lines: Iterable[str]) -> None:
        """Give the command's result: `document` for --json, `lines` for a person."""
        self._reply.given = True
        if self.as_json:
            click.echo(as_text(document))
            return
        for line in lines:
            click.echo(line)

    def note(self, line: str) -> None:
        """Say something beside the result, on stderr."""
        click.echo(line, err=True)

    def confirm(self, question: str) -> bool:
        """Ask yes or no. Raises WouldAsk where nobody can be asked."""
        if self.yes:
            return True
        if not is_terminal(sys.stdin):
            raise WouldAsk(question)
        return click.confirm(question, err=True)

    def line(self, question: str) -> str | None:
        """Ask for a line of text; None where there is no terminal."""
        if not is_terminal(sys.stdin):
            return None
        return str(click.prompt(question, default="", show_default=False, err=True))

    def passphrase(self, question: str, file: Path | None, *, twice: bool = False) -> str:
        """Read a passphrase: first line of `file` (`-` is stdin), or from the terminal without echo."""
        if file is not None:
            return first_line(file)
        if not is_terminal(sys.stdin):
            raise WouldAsk(question)
        given = getpass.getpass(f"{question}: ", stream=sys.stderr)
        if twice and getpass.getpass(f"{words.sentence('cli.again')}: ", stream=sys.stderr) != given:
            raise click.UsageError(words.sentence("cli.differ"))
        return given

    def two_lines(self, file: Path) -> tuple[str, str | None]:
        """Read a passphrase and, where the file has a second line, a label."""
        text = _text(file).splitlines()
        return (text[0] if text else ""), (text[1] if len(text) > 1 else None)

    @contextmanager
    def progress(self, title: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
        """Show a bar with rate and time left on a terminal; yields a function that takes the bytes just done."""
        if not sys.stderr.isatty():
            yield lambda _done: None
            return
        from tqdm import tqdm

        with tqdm(total=total_bytes, desc=title, unit="B", unit_scale=True, leave=False, file=sys.stderr) as bar:
            yield lambda done: (bar.update(done), None)[1]


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


def first_line(file: Path) -> str:
    """Return the first line of a file, or of stdin for `-`, without its line end."""
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\r\n")
    return next(iter(_text(file).splitlines()), "")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        # The decoder's message would quote bytes of the passphrase.
        raise click.UsageError(words.sentence("cli.not_text")) from error.__cause__
    except OSError as error:
        raise click.UsageError(words.sentence("cli.unreadable", path=str(file), reason=error.strerror or "")) from None


def voiced(function: Callable[..., R]) -> Callable[..., R]:
    """Give a command its `--yes` and `--json`, and pass it a `Console` as first argument."""

    @click.option("--yes", is_flag=True, help="Answer every question with yes; lifts no refusal.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout and nothing else there.")
    @functools.wraps(function)
    def command(*args: Any, yes: bool, as_json: bool, **options: Any) -> R:
        reply = click.get_current_context().find_object(Reply)
        return function(Console(yes=yes, as_json=as_json, reply=reply), *args, **options)

    return command


class VoicedGroup(click.Group):
    """A command with commands of its own; `--yes` and `--json` may stand before their names as well."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        first = next((at for at, word in enumerate(arguments) if not word.startswith("-")), len(arguments))
        early = [word for word in arguments[:first] if word in ("--yes", "--json")]
        others = [word for word in arguments[:first] if word not in early]
        name = arguments[first : first + 1]
        # Right after the name: what follows may end with `--` and names that begin with a dash.
        return super().parse_args(context, [*others, *name, *(early if name else ()), *arguments[first + 1 :]])
