"""Asks which floors are kept beside the passphrase's own, and says how whole they are (`tasks.floors.earlier`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.hide_options import HideOptions
from fifthfloor.cli.phrases import TRIES, Typed, ask_known
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.earlier import Earlier
    from fifthfloor.tasks.floors.keep import KeysAgain
    from fifthfloor.tasks.floors.kept import Keeping
    from fifthfloor.tasks.floors.look import Looked
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def earlier(
    console: Console,
    options: HideOptions,
    cards: Sequence[OpenedCard],
    own: FloorKeys,
    looked: Sequence[Looked],
    *,
    labelled: bool = True,
) -> Earlier:
    """Ask for other passphrases where --keep says so, and decide; arguments and errors as `tasks.floors.earlier`."""
    from fifthfloor.tasks.floors.earlier import LettingGo, decide

    others = other_keys(console, keep=options.keep, keep_files=options.keep_files, label=options.label)
    letting_go = LettingGo(options.discard, options.discard_broken)
    again = keys_again(console, options.keep_files, len(others))
    there = decide(cards, looked, own, others, letting_go, console.progress, again)
    detail_keeping(console, there.keeping)
    return replace(there, labelled=labelled)


def other_keys(console: Console, *, keep: bool, keep_files: Sequence[Path], label: str | None) -> list[FloorKeys]:
    """Return the keys of other floors that are to be kept: from files, or asked for until none is left."""
    from fifthfloor.tasks import secret

    keys: list[FloorKeys] = []
    for file in keep_files:
        phrase, own_label = console.two_lines(file)
        keys.append(secret.keys_of(phrase, own_label if own_label is not None else label or ""))
    if keep and not keep_files:
        while (typed := _one_more(console, len(keys) + 1)).phrase:
            keys.append(typed.keys(console))
    return keys


def _one_more(console: Console, number: int) -> Typed:
    return ask_known(console, None, None, sentence("ask.keep", number=number), may_be_empty=True)


def keys_again(console: Console, keep_files: Sequence[Path], count: int) -> KeysAgain:
    """Return what asks again for a passphrase to keep that found nothing, three times in all; never where it was read.

    Args:
        console: asks.
        keep_files: of `--keep-file`.
        count: how many were typed.
    """
    left = dict.fromkeys(range(1, count + 1), 0 if keep_files else TRIES - 1)

    def again(number: int) -> FloorKeys | None:
        if not left[number]:
            return None
        left[number] -= 1
        console.again(sentence("ask.again_wrong" if count == 1 else "ask.again_wrong_of", number=number))
        return ask_known(console, None, None, sentence("ask.keep_again", number=number)).keys(console)

    return again


def more_lost(found: Keeping) -> Document:
    """Return, for `words.lines.notes`, what of the kept floors is not made anew this time."""
    from fifthfloor.tasks.floors.renewal import MOST_RENEWED

    left = found.lost - found.renewed
    return {"more_lost": {"left": left, "most": MOST_RENEWED}} if left > 0 else {}


def detail_keeping(console: Console, found: Keeping) -> None:
    """Say how whole the kept floors are."""
    if not found.floors:
        return
    console.detail(sentence("keep.found", floors=len(found.floors), lost=found.lost, renewed=found.renewed))
    for number, one in enumerate(found.health, start=1):
        console.detail(sentence("keep.health", number=number, before=one.before, after=one.after, needed=one.needed))
