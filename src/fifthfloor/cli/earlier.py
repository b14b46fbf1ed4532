"""What a passphrase hid before on the cards that are swept now: kept unless it is let go by name.

Keeping is the default. Hiding is a habit of every evening, typed in haste with the same passphrase; one word that was
forgotten must not cost the photographs of the days before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console
from fifthfloor.cli.hide_options import HideOptions
from fifthfloor.cli.phrases import ask_known
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.keep import FoundFloor
    from fifthfloor.tasks.floors.kept import Keeping
    from fifthfloor.tasks.floors.listing import Listed
    from fifthfloor.tasks.floors.look import Looked
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


@dataclass(frozen=True, slots=True)
class Earlier:
    """What becomes of floors that are already there.

    Args:
        keeping: those that are carried over.
        kept: their lists.
        discarded: lists of those of the same passphrase that are not.
        asked: whether floors of other passphrases were shown as well.
        looked: what the look at each card saw.
    """

    keeping: Keeping
    looked: Sequence[Looked]
    kept: tuple[Listed, ...] = ()
    discarded: tuple[Listed, ...] = ()
    asked: bool = False


def earlier(
    console: Console,
    options: HideOptions,
    cards: Sequence[OpenedCard],
    own: FloorKeys,
    looked: Sequence[Looked],
) -> Earlier:
    """Find what is already there and decide what becomes of it; nothing is written.

    Args:
        console: asks for other passphrases, where --keep says so.
        options: of `hide`.
        cards: opened.
        own: keys of what is hidden now.
        looked: what the look at each card met of `own`.

    Raises:
        NothingFound: a passphrase of --keep finds nothing.
        NoRoom: what is to be kept cannot be.
    """
    from fifthfloor.tasks.floors.keep import carry_over, find

    others = other_keys(console, keep=options.keep, keep_files=options.keep_files, label=options.label)
    here = find(cards, [own], console.progress) if any(one.met for one in looked) else []
    let_go = [one for one in here if options.discard or (options.discard_broken and one.trouble)]
    kept = [one for one in here if one not in let_go]
    found = carry_over([*kept, *(find(cards, others, console.progress) if others else ())])
    detail_keeping(console, found)
    return Earlier(found, looked, _listed(kept), _listed(let_go), bool(others))


def _listed(floors: Sequence[FoundFloor]) -> tuple[Listed, ...]:
    from fifthfloor.tasks.floors.listing import in_order

    return tuple(sorted((one.listed for one in floors), key=in_order))


def other_keys(console: Console, *, keep: bool, keep_files: Sequence[Path], label: str | None) -> list[FloorKeys]:
    """Return the keys of other floors that are to be kept: from files, or asked for until none is left."""
    from fifthfloor.tasks import secret

    keys: list[FloorKeys] = []
    for file in keep_files:
        phrase, own_label = console.two_lines(file)
        keys.append(secret.keys_of(phrase, own_label if own_label is not None else label or ""))
    if keep and not keep_files:
        while (typed := ask_known(console, None, None, sentence("ask.keep"), may_be_empty=True)).phrase:
            keys.append(typed.keys(console))
    return keys


def detail_keeping(console: Console, found: Keeping) -> None:
    """Say how whole the kept floors are."""
    from fifthfloor.tasks.floors.renewal import MOST_RENEWED

    if not found.floors:
        return
    console.detail(sentence("keep.found", floors=len(found.floors), lost=found.lost, renewed=found.renewed))
    if found.lost > found.renewed:
        console.note(sentence("keep.more_lost", left=found.lost - found.renewed, most=MOST_RENEWED))
    for number, one in enumerate(found.health, start=1):
        console.detail(sentence("keep.health", number=number, before=one.before, after=one.after, needed=one.needed))
