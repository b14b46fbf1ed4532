"""What a command says and asks: stdout for its result, stderr for everything else.

Rule 1: with --json, stdout holds one JSON document and nothing else.
Rule 2: --yes answers questions and never lifts a refusal; without it and without a terminal, a question is exit 2.
Rule 3: a passphrase is read from the terminal or a file, never from an argument or the environment, and never shown.
Rule 4: whoever stands behind the person reads over the shoulder: details come with --verbose alone.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from fifthfloor import words
from fifthfloor.cli.bar import Bar
from fifthfloor.cli.terminal import Emphasis, ask, ask_hidden, columns, is_terminal, last_line, show
from fifthfloor.errors import reason_of
from fifthfloor.words.form import Document as Document

R = TypeVar("R")

# Of every --json document (docs/guide/json.md); a number is added when a key changes its meaning or goes.
_JSON_FORMAT = 1


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


class Unusable(click.UsageError):
    """What was typed, or stands in a file that was named, cannot be used; `--help` would not help.

    Args:
        key: of the cause; that of the hint ends in `_hint`.
    """

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(words.sentence(key, **facts))
        self.hint = words.sentence(f"{key}_hint")


class Stopped(KeyboardInterrupt):
    """Ctrl-C where more is to be said than that it was met.

    Args:
        said: what is true now.
    """

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


@dataclass(slots=True)
class Reply:
    """What `cli.outcome` needs to know of a command.

    Args:
        given: whether it has given its result yet; what fails before that is answered there.
        if_stopped: what is true where it is stopped now; empty while nothing was written.
    """

    given: bool = False
    if_stopped: str = ""


class Console:
    """One command's voice.

    Args:
        yes: answer every question with yes.
        as_json: the result is one JSON document on stdout.
        reply: is told when the result was given.
        loudness: -1 says results and errors alone, 1 says details too.
    """

    def __init__(self, *, yes: bool, as_json: bool, reply: Reply | None = None, loudness: int = 0) -> None:
        self.yes = yes
        self.as_json = as_json
        self._reply = reply or Reply()
        self._loudness = loudness
        self.bar = Bar(sys.stderr)

    @property
    def width(self) -> int | None:
        """Columns of the terminal that stdout is; None where it is none."""
        return columns(sys.stdout)

    @property
    def verbose(self) -> bool:
        """Whether details are wanted."""
        return self._loudness > 0

    @property
    def asks(self) -> bool:
        """Whether somebody is there who can be asked."""
        return is_terminal(sys.stdin)

    def result(self, document: Document, lines: Iterable[str], verdict: str = "", look: Emphasis = "plain") -> None:
        """Give the command's result.

        Args:
            document: for --json.
            lines: for a person.
            verdict: what matters of it: said first, and last where the first is out of sight by then.
            look: of the verdict.
        """
        self.bar.erase()
        self._reply.given = True
        if self.as_json:
            click.echo(as_text({"format": _JSON_FORMAT, **document}))
            return
        listed = [*([verdict] if verdict else ()), *lines]
        for line in [*listed, *([verdict] if verdict and len(listed) > _A_GLANCE else ())]:
            show(line, look if line == verdict else "plain")

    def note(self, line: str, look: Emphasis = "plain") -> None:
        """Say something beside the result, on stderr; with --quiet only what is lost, to whom is asked next."""
        if self._loudness >= 0 or (look == "loud" and self.asks and not self.yes):
            with self.bar.aside():
                show(line, look, err=True)

    def again(self, line: str) -> None:
        """Say why a question comes again; with --quiet too, or nobody knows what was wrong with the answer."""
        with self.bar.aside():
            show(line, err=True)

    def detail(self, line: str) -> None:
        """Say what only --verbose says."""
        if self.verbose:
            self.note(line)

    def confirm(self, question: str) -> bool:
        """Ask yes or no. Raises WouldAsk where nobody can be asked."""
        if self.yes:
            return True
        if not self.asks:
            raise WouldAsk(question)
        with self.bar.aside():
            return _yes_or_no(last_line(question, f" {words.sentence('cli.yes_or_no_mark')}: "))

    def line(self, question: str) -> str | None:
        """Ask for a line of text; None where there is no terminal."""
        if not self.asks:
            return None
        with self.bar.aside():
            return ask(question)

    def secret(self, question: str) -> str:
        """Ask for something that is not shown. Raises WouldAsk where nobody can be asked."""
        if not self.asks:
            raise WouldAsk(question)
        with self.bar.aside():
            return ask_hidden(question)

    def passphrase(self, question: str, file: Path | None) -> str:
        """Read a passphrase: first line of `file` (`-` is stdin), or from the terminal without echo."""
        return self.secret(question) if file is None else first_line(file)

    def two_lines(self, file: Path) -> tuple[str, str | None]:
        """Read a passphrase and, where the file has a second line, a label."""
        text = _text(file).splitlines()
        return (text[0] if text else ""), (text[1] if len(text) > 1 else None)

    def from_now_on(self, if_stopped: str) -> None:
        """Tell what will be true where the command is stopped from now on, between two steps and at its end too."""
        self._reply.if_stopped = if_stopped

    @contextmanager
    def progress(self, title: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
        """Show one step of the job in the bar; yields a function that takes the bytes just done."""
        with self.bar.step(title, total_bytes) as advance:
            yield advance


def would_write(paths: Iterable[Path]) -> list[str]:
    """Say which files a dry run did not write."""
    return [words.sentence("files.would_write", path=str(path)) for path in paths]


def _yes_or_no(question: str) -> bool:
    """Ask until it is answered with yes or no; Enter is no. click's own way answers a slip in words of its own."""
    while True:
        given = ask(f"{question} {words.sentence('cli.yes_or_no_mark')}").strip().lower()
        if given in words.sentence("cli.yes").split():
            return True
        if not given or given in words.sentence("cli.no").split():
            return False
        show(words.sentence("cli.yes_or_no"), err=True)


_A_GLANCE = 4  # lines in which a verdict is still seen


def first_line(file: Path) -> str:
    """Return the first line of a file, or of stdin for `-`, without its line end."""
    if str(file) == "-":
        return _line_of_stdin()
    return next(iter(_text(file).splitlines()), "")


def _line_of_stdin() -> str:
    """Read a line and nothing more, past the buffers of `sys.stdin`, which keep what they read."""
    try:
        descriptor = sys.stdin.fileno()
    except (OSError, ValueError, AttributeError):
        return sys.stdin.readline().rstrip("\r\n")
    line = bytearray()
    while (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
        line += byte
    try:
        return line.decode(sys.stdin.encoding or "utf-8", sys.stdin.errors or "strict").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Unusable("cli.not_text") from error.__cause__
    finally:
        line[:] = bytes(len(line))


def _text(file: Path) -> str:
    try:
        from fifthfloor.tasks.secret import written_in  # at the build of the manual there is no cryptography

        return written_in(file)
    except UnicodeDecodeError as error:
        # The decoder's message would quote bytes of the passphrase.
        raise Unusable("cli.not_text") from error.__cause__
    except OSError as error:
        raise Unusable("cli.unreadable", path=str(file), reason=reason_of(error)) from None


def voiced(function: Callable[..., R]) -> Callable[..., R]:
    """Give a command its `--yes` and `--json`, and pass it a `Console` as first argument."""

    @click.option("--yes", is_flag=True, help=words.sentence("help.yes"))
    @click.option("--json", "as_json", is_flag=True, help=words.sentence("help.json"))
    @click.option("-q", "--quiet", is_flag=True, help=words.sentence("help.quiet"))
    @click.option("-v", "--verbose", is_flag=True, help=words.sentence("help.verbose"))
    @functools.wraps(function)
    def command(*args: Any, yes: bool, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> R:
        reply = click.get_current_context().find_object(Reply)
        console = Console(yes=yes, as_json=as_json, reply=reply, loudness=verbose - quiet)
        console.bar.wait()
        try:
            return function(console, *args, **options)
        finally:
            console.bar.erase()  # an error is said on a line of its own

    return command


EVERYWHERE = ("--yes", "--json", "-q", "--quiet", "-v", "--verbose")


class VoicedGroup(click.Group):
    """A command with commands of its own; what every command takes may stand before their names as well."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        first = next((at for at, word in enumerate(arguments) if not word.startswith("-")), len(arguments))
        early = [word for word in arguments[:first] if word in EVERYWHERE]
        others = [word for word in arguments[:first] if word not in early]
        name = arguments[first : first + 1]
        # Right after the name: what follows may end with `--` and names that begin with a dash.
        return super().parse_args(context, [*others, *name, *(early if name else ()), *arguments[first + 1 :]])
