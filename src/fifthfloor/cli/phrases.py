"""Asking for passphrases and labels: three tries, nothing shown, and a made one typed back before it counts.

A file (`--passphrase-file`) is asked once: nobody is there to type again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from fifthfloor import words
from fifthfloor.cli.console import Console, Unusable
from fifthfloor.cli.terminal import columns, has_colour
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.words import sentence
from fifthfloor.words.lines.width import broken

if TYPE_CHECKING:
    from fifthfloor.tasks.secret import FloorKeys

R = TypeVar("R")
TRIES = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """A passphrase and a label, as they were typed; never shown, not even by `repr`."""

    phrase: str
    label: str

    def __repr__(self) -> str:
        return "Typed()"

    def keys(self, console: Console) -> FloorKeys:
        """Derive the keys, with the bar moving."""
        from fifthfloor.tasks import secret

        with console.progress("work.keys", 0):
            return secret.keys_of(self.phrase, self.label)


def ask_new(console: Console, file: Path | None, label: str | None, check: Callable[[str], None]) -> Typed:
    """Ask for the passphrase of what is hidden now, twice, and its label; Enter makes one.

    Args:
        console: asks.
        file: of `--passphrase-file`, or None.
        label: of `--label`, or None.
        check: raises BadInput for a passphrase that may not be hidden with.
    """
    phrase = ask_new_phrase(console, file, sentence("ask.new"), check)
    return Typed(phrase, _new_label(console, label, phrase))


def ask_new_phrase(console: Console, file: Path | None, question: str, check: Callable[[str], None]) -> str:
    """Ask for a new passphrase, twice; Enter makes one. Arguments as `ask_new`."""
    if file is not None:
        phrase = console.passphrase(question, file)
        check(phrase)
        return phrase

    def ask() -> str:
        phrase = console.secret(question)
        if not phrase:
            return _made(console)
        _tell_strange(console, phrase)
        _twice(console, phrase, check)
        return phrase

    return _until_usable(console, ask)


def until_right(console: Console, file: Path | None, wrong: str, attempt: Callable[[], R]) -> R:
    """Do again what a passphrase found nothing for, three times at a terminal; each try is the same work.

    Args:
        console: asks.
        file: of `--passphrase-file`, which is tried once; None where it is typed.
        wrong: key of the error that a wrong passphrase ends with; of a card that is empty or wiped it is the same.
        attempt: asks, and does all that the passphrase is for.

    Raises:
        NothingFound: of the last try.
    """
    for left in reversed(range(TRIES if file is None and console.asks else 1)):
        try:
            return attempt()
        except NothingFound as error:
            if not left or error.key != wrong:
                raise
            console.again(sentence("ask.again_wrong"))
    raise AssertionError("the last try returns or raises")


def ask_known(
    console: Console, file: Path | None, label: str | None, question: str, *, may_be_empty: bool = False
) -> Typed:
    """Ask for a passphrase that was made before, and its label; a word that is none of the list is told at once.

    Args:
        console: asks.
        file: of `--passphrase-file`, or None.
        label: of `--label`, or None.
        question: which floor is meant.
        may_be_empty: whether nothing is an answer, too; then no label is asked for.
    """
    if file is not None:
        phrase = console.passphrase(question, file)
    else:
        phrase = _spelt(console, question, may_be_empty=may_be_empty)
    if not phrase and not may_be_empty:
        raise BadInput("floor.passphrase_empty")
    if not phrase:
        return Typed("", "")
    return Typed(phrase, label if label is not None else _label(console, "ask.label_known"))


def _until_usable(console: Console, ask: Callable[[], R], differ: str = "ask.differ") -> R:
    """Ask for something new until it can be used: a slip or a weak passphrase is told, three times."""
    for left in reversed(range(TRIES)):
        try:
            return ask()
        except (BadInput, Unusable) as error:
            if not left:
                raise
            _say(console, error, differ)
    raise AssertionError("the last try returns or raises")


def _twice(console: Console, phrase: str, check: Callable[[str], None]) -> None:
    check(phrase)
    if console.secret(sentence("cli.again")) != phrase:
        raise Unusable("cli.differ")


def _made(console: Console) -> str:
    """Make a passphrase, show it, have it typed, and take it from the screen. Raises UsageError where it is not."""
    from fifthfloor.tasks.secret import make_passphrase

    for left in reversed(range(TRIES)):
        made = make_passphrase(7).passphrase
        shown = [*broken(sentence("ask.made"), columns(sys.stderr)), *broken(f"  {made}", columns(sys.stderr))]
        with console.bar.aside():
            click.echo("\n".join(shown), err=True)
        typed = console.secret(sentence("ask.made_back"))
        if has_colour(sys.stderr):
            # It stays on no screen: up to its first line, and everything below is gone.
            lines = len(shown) + len(broken(f"{sentence('ask.made_back')}: ", columns(sys.stderr)))
            sys.stderr.write(f"\x1b[{lines}A\r\x1b[0J")
            sys.stderr.flush()
        if " ".join(typed.lower().split()) == made:
            return made
        if left:
            console.again(sentence("ask.differ_made"))
    raise Unusable("cli.differ")


def _tell_strange(console: Console, phrase: str) -> None:
    """Say which word of a new passphrase is none of the list, where nearly all are: then it was meant to be one."""
    from fifthfloor.tasks.spelling import strange_words

    if strange := strange_words(phrase):
        console.again(sentence("ask.strange_new", numbers=", ".join(map(str, strange))))


def _spelt(console: Console, question: str, *, may_be_empty: bool) -> str:
    from fifthfloor.tasks.spelling import strange_words

    before = ""
    for _ in range(TRIES):
        phrase = console.secret(question)
        if not phrase and not may_be_empty:
            console.again(sentence("ask.empty"))
            continue
        strange = strange_words(phrase)
        if not strange or phrase == before:
            return phrase
        numbers = ", ".join(map(str, strange))
        key = "ask.strange" if len(strange) == 1 else "ask.strange_many"
        console.again(sentence(key, number=numbers, numbers=numbers))
        before = phrase
    return before


def _new_label(console: Console, label: str | None, phrase: str) -> str:
    """Ask for the label of what is hidden now, and again where there is one: nobody sees what was typed.

    A label that cannot be is asked for again by itself; the passphrase was right, and is not typed anew.
    """
    if label is not None or not console.asks:
        return _checked_label(label or "", phrase)

    def ask() -> str:
        given = _checked_label(_label(console), phrase)
        if given and console.secret(sentence("ask.label_again")) != given:
            raise Unusable("cli.differ")
        return given

    return _until_usable(console, ask, "ask.differ_label")


def _checked_label(given: str, phrase: str) -> str:
    from fifthfloor.tasks import secret

    if given and secret.is_the_same(given, phrase):
        raise BadInput("ask.label_is_passphrase")
    return given


def _label(console: Console, key: str = "ask.label") -> str:
    return console.secret(sentence(key)) if console.asks else ""


def _say(console: Console, error: BadInput | Unusable, differ: str) -> None:
    if isinstance(error, BadInput):
        for line in words.error(error.key, error.facts):
            console.again(line)
    else:
        console.again(sentence(differ))
