"""`wipe`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import cards_argument, device_option, dry_run_option
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.cli.earlier import detail_keeping, keys_again, more_lost, other_keys
from fifthfloor.cli.keeping import keep_file_option, keep_option
from fifthfloor.cli.screen import detail_cards, look, show_before
from fifthfloor.cli.stopping import told_when_stopped
from fifthfloor.words import sentence
from fifthfloor.words.lines import before as before_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.kept import Keeping
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


@click.command(help=sentence("help.wipe"))
@voiced
@cards_argument("cards")
@keep_option
@keep_file_option
@click.option("--label", help=sentence("help.wipe.label"))
@dry_run_option
@device_option
def wipe(
    console: Console,
    cards: tuple[Path, ...],
    keep: bool,
    keep_files: tuple[Path, ...],
    label: str | None,
    dry_run: bool,
    serial: str | None,
) -> int:
    from fifthfloor.tasks.floors.before import Before, as_document
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.steps import look_steps, pace_of, sweep_steps
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.wipe import intend_wipe
    from fifthfloor.tasks.floors.wipe import wipe as wipe_cards

    with opened_cards(cards, serial, console.progress) as opened:
        with console.progress("work.plan", 0):
            pace, steps = pace_of(opened), sweep_steps(opened, 0)
        console.bar.expect(pace, [*look_steps(opened), *steps])
        keys = other_keys(console, keep=keep, keep_files=keep_files, label=label)
        keeping, kept = _kept(console, opened, keys, keep_files)
        with console.progress("work.plan", 0):
            placed = intend_wipe(opened, keeping)
        looked = look(console, opened, [])
        extra = {"others": "given"} if keys else {}
        before = as_document(Before(opened, looked, whole_time(pace, steps), extra=extra))
        detail_cards(console, opened)
        show_before(console, before, more_lost(keeping))
        if dry_run:
            console.result(before | {"kept": kept, "written": False}, [sentence("before.dry")])
            return 0
        if not console.confirm(sentence("before.ask", count=len(opened))):
            return 1
        said = partial(sentence, "wipe.stopped"), partial(sentence, "wipe.stopped_done")
        with told_when_stopped(console, *said) as progress:
            wipe_cards(opened, progress, keeping, placed)
        swept = sum(card.layout.free_bytes for card in opened)
    document = {
        "cards": [str(path) for path in cards],
        "swept_bytes": swept,
        "kept_floors": len(keeping.floors),
        "kept": kept,
        "kept_health": [{"before": h.before, "after": h.after, "needed": h.needed} for h in keeping.health],
        "written": True,
    }
    console.result(document, [], sentence("wipe.done", count=len(cards), size=swept), "good")
    return 0


def _kept(
    console: Console, opened: Sequence[OpenedCard], keys: Sequence[FloorKeys], keep_files: Sequence[Path]
) -> tuple[Keeping, list[Document]]:
    """Find what is carried over, and name it.

    At a wipe it is named with --verbose and in --json alone: who looks on reads of sweeping and of nothing else.
    """
    from fifthfloor.tasks.floors.before import kept_document
    from fifthfloor.tasks.floors.keep import carry_over, find
    from fifthfloor.tasks.floors.kept import NOTHING_KEPT
    from fifthfloor.tasks.floors.listing import in_order

    if not keys:
        return NOTHING_KEPT, []
    found = find(opened, keys, console.progress, keys_again(console, keep_files, len(keys)))
    keeping = carry_over([], found)
    kept = [kept_document(one) for one in sorted((one.listed for one in found), key=in_order)]
    for line in before_lines.kept([], kept):
        console.detail(line)
    detail_keeping(console, keeping)
    return keeping, kept
