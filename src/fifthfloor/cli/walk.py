"""Bare `fifthfloor` at a terminal: asks what is wanted, step by step, shows the command it made, and runs it.

The desk of the road where there is no browser. Rule: a line a question and a line an answer, nothing drawn and nothing
moved, so that it can be heard as well as read; and no passphrase is asked for here, so that none stands in a command.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from fifthfloor.cli import terminal
from fifthfloor.cli.terminal import is_terminal, show
from fifthfloor.errors import FifthFloorError
from fifthfloor.words import sentence

AskFor = Callable[[], list[str]]


def can_ask() -> bool:
    """Say whether somebody is there: both who answers and who reads, and nothing between."""
    return all(map(is_terminal, (sys.stdin, sys.stdout, sys.stderr)))


def walk() -> list[str]:
    """Ask what is wanted; returns the words of the command that does it. Raises Exit where nothing is wanted."""
    say("walk.begin")
    names = list(WALKS)
    chosen = choose("walk.do", [f"walk.{name}" for name in names], "walk.stop")
    if chosen == 0:
        stop()
    command = names[chosen - 1]
    words = [command, *(word for question in WALKS[command] for word in question())]
    say("walk.command")
    # Not broken at the terminal's width: whoever copies it copies one line.
    click.echo(f"  {_typed(words)}", err=True)
    if command in SECRET:
        say("walk.secrets")
    if not agree("walk.run", default=True):
        stop()
    return words


def say(key: str, **facts: str | int) -> None:
    """Say one line."""
    show(sentence(key, **facts), err=True)


def stop() -> None:
    """End, with nothing done. Raises Exit."""
    say("walk.nothing")
    raise click.exceptions.Exit(0)


def ask(key: str, default: str | None = None, **facts: str | int) -> str:
    """Ask for a line; "0" stops."""
    given = terminal.ask(sentence(key, **facts), default or "").strip()
    if given == "0":
        stop()
    return given


def choose(key: str, options: Sequence[str], none: str = "") -> int:
    """Ask for one of some numbered things, until it is one of them.

    Args:
        key: of the question.
        options: keys of sentences; the first is number 1.
        none: key of what 0 means; without it 0 stops.
    """
    for number, option in [*enumerate(options, start=1), *([(0, none)] if none else [])]:
        say("walk.choice", number=number, what=sentence(option))
    names = [option.rpartition(".")[2] for option in options]
    while True:
        given = terminal.ask(sentence(key)).strip()
        if given.lower() in names:  # who knows a command's name may say it
            return names.index(given.lower()) + 1
        if given.isdecimal() and 0 <= int(given) <= len(options):
            if given == "0" and not none:
                stop()
            return int(given)
        say("walk.not_a_number", given=given or "-", least=0, most=len(options))


def agree(key: str, *, default: bool) -> bool:
    """Ask yes or no, until it is one of them; "0" stops."""
    while True:
        usual = sentence("walk.usually_yes" if default else "walk.usually_no")
        given = ask("walk.yes_no", question=sentence(key), usual=usual).lower()
        if given in ("", "y", "yes", "n", "no"):
            return given.startswith("y") if given else default
        say("walk.not_yes_no", given=given)


def paths(key: str, *, one: bool = False, numbered: Sequence[str] = ()) -> list[str]:
    """Ask for paths that are there, until they are.

    Args:
        key: of the question.
        one: exactly one is meant.
        numbered: what the numbers from 1 on stand for.
    """
    while True:
        words = _split(ask(key))
        found = [_named(word, numbered) for word in words]
        missing = [path for path in found if not _is_there(path)]
        if not found:
            say("walk.empty")
        elif twice := next((word for word in words if _is_number(word, numbered) and _exists(word)), None):
            say("walk.two_called", number=int(twice), card=numbered[int(twice) - 1], word=twice)
        elif missing:
            say("walk.missing", path=missing[0])
        elif one and len(found) != 1:
            say("walk.only_one", count=len(found))
        else:
            return found


def cards(key: str, *, one: bool = False) -> list[str]:
    """Ask for cards, by their numbers in the list of those in the readers, or by name."""
    from fifthfloor.cli.cards import line_of
    from fifthfloor.tasks.floors.readers import cards_in_readers

    try:
        offered = cards_in_readers()
    except FifthFloorError:  # a system whose disks are not listed
        offered = []
    say("walk.offered" if offered else "walk.none_offered")
    for number, card in enumerate(offered, start=1):
        say("walk.choice", number=number, what=line_of(card))
    return paths(key, one=one, numbered=[card.path for card in offered])


def _split(line: str) -> list[str]:
    """Take a line apart as a shell does; a line that is the name of a file is one name, spaces and all."""
    if not line or _exists(line):
        return [line] if line else []
    try:
        words = shlex.shlex(line, posix=sys.platform != "win32")
        words.whitespace, words.whitespace_split, words.commenters = words.whitespace + ",", True, ""
        return [word.strip("\"'") for word in words]
    except ValueError:  # a quotation mark without its fellow
        return line.split()


def _named(word: str, numbered: Sequence[str]) -> str:
    if _is_number(word, numbered):
        return numbered[int(word) - 1]
    if word.startswith("@"):
        return word
    # A name that begins with a dash would be taken for an option.
    return f"./{word}" if word.startswith("-") else str(_at_home(word))


def _is_number(word: str, numbered: Sequence[str]) -> bool:
    return word.isascii() and word.isdecimal() and 1 <= int(word) <= len(numbered)


def _at_home(word: str) -> Path:
    """Return a path without its `~`; as it stands where nobody has that name."""
    try:
        return Path(word).expanduser()
    except RuntimeError:
        return Path(word)


def _exists(word: str) -> bool:
    """Say whether something has this name; what the system cannot even look up has not."""
    try:
        return _at_home(word).exists()
    except (OSError, ValueError):
        return False


def _is_there(path: str) -> bool:
    """Say whether a path may be given; what a set or a Windows device is, its command says better."""
    return path.startswith(("@", "\\\\.\\")) or _exists(path)


def _typed(words: Sequence[str]) -> str:
    """Return a command as it is typed in the shell of this system."""
    typed = ["fifthfloor", *words]
    if sys.platform == "win32":  # no name there holds a quotation mark
        return " ".join(f'"{word}"' if re.search(r"[^\w.:\\/@-]", word) else word for word in typed)
    return shlex.join(typed)


def _what_to_hide() -> list[str]:
    if choose("walk.where", ["walk.where_here", "walk.where_camera"]) == 1:
        return paths("walk.files")
    (camera,) = cards("walk.camera", one=True)
    while not (wanted := ask("walk.frames")):
        say("walk.empty")
    remove = agree("walk.remove", default=False)
    return ["--from", camera, "--only", wanted, *(["--remove"] if remove else [])]


def _where_to_hide() -> list[str]:
    carriers = cards("walk.carriers")
    words = [word for card in carriers for word in ("--in", card)]
    if len(carriers) == 1:
        return words
    usual = int(len(carriers) >= 3)
    while True:
        given = terminal.ask(sentence("walk.lose", count=len(carriers)), str(usual)).strip()
        if given.isdecimal() and int(given) < len(carriers):
            return [*words, "--lose", given]
        say("walk.not_a_number", given=given or "-", least=0, most=len(carriers) - 1)


def _out(usual: str) -> list[str]:
    return ["--out", _named(ask("walk.out", usual), ())]


# What can be done, in the order of a day, and the questions that each asks.
WALKS: dict[str, tuple[AskFor, ...]] = {
    "hide": (_what_to_hide, _where_to_hide),
    "health": (lambda: cards("walk.hidden_on"),),
    "open": (lambda: cards("walk.hidden_on"), lambda: _out("opened")),
    "list": (lambda: cards("walk.hidden_on"),),
    "audit": (lambda: paths("walk.searched"),),
    "recover": (lambda: cards("walk.one_card", one=True), lambda: _out("recovered")),
    "wipe": (lambda: cards("walk.swept"),),
    "tidy": (lambda: cards("walk.one_card", one=True),),
    "plan": (lambda: cards("walk.swept"),),
    "cards": (),
    "passphrase": (),
}
SECRET = ("hide", "health", "open", "list")
