"""`tidy`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli import screen
from fifthfloor.cli.asking import ANY_PATH, device_option, dry_run_option
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.search.tidy import Tidied, Untidy


@click.command(help=sentence("help.tidy"))
@voiced
@click.argument("card", type=ANY_PATH)
@device_option
@dry_run_option
@click.option("--lost", is_flag=True, help=sentence("help.tidy.lost"))
def tidy(console: Console, card: Path, serial: str | None, dry_run: bool, lost: bool) -> int:
    from fifthfloor.tasks.search.tidy import Tidied, look
    from fifthfloor.tasks.search.tidy import tidy as tidy_card

    with console.progress("work.cards", 0):
        found = look(card, serial)
    who = found.identity
    console.note(
        sentence(
            "tidy.card",
            path=who.path,
            what=screen.made_by(who.facts.maker, who.facts.model, is_device=who.facts.is_block_device),
            size=who.size_bytes,
            label=who.label or "-",
            photographs=who.photographs,
            others=who.files - who.photographs,
        )
    )
    if found.cut_clusters:
        console.note(sentence("before.cut_clusters", count=found.cut_clusters))
    if found.lost_bytes:
        forms = ", ".join(sorted(set(found.lost_forms))) or "-"
        console.note(sentence("tidy.lost", size=found.lost_bytes, count=len(found.lost_forms), forms=forms))
        lost = lost or (not dry_run and _may_sweep_lost(console, found))
        if not lost:
            console.note(sentence("tidy.lost_stays", size=found.lost_bytes, path=str(card)))
    if not (found.slots or found.unfinished or (lost and found.lost_bytes)):
        stay = [sentence("tidy.emptied", count=found.emptied)] if found.emptied else []
        document = _would(card, found) if dry_run else _did(card, Tidied(0, 0, 0, found.emptied), found.lost_bytes)
        console.result(document | {"written": False}, [sentence("tidy.clean"), *stay])
        return 0
    if found.unfinished and not found.lost_bytes:
        console.note(sentence("tidy.unfinished_count"))
    console.note(sentence("tidy.found", names=found.names, photographs=found.photographs))
    if found.recoverable:
        console.note(sentence("tidy.recover_first", count=found.recoverable))
    if dry_run:
        console.result(_would(card, found) | {"written": False}, [sentence("before.dry")])
        return 0
    if not console.confirm(sentence("tidy.ask")):
        return 1
    with console.progress("work.tidy", 0):
        done = tidy_card(card, serial, lost=lost)
    finished: list[str] = []
    if done.swept_bytes:
        finished.append(sentence("tidy.finished", size=done.swept_bytes))
    elif found.unfinished and not found.lost_bytes:
        finished.append(sentence("tidy.finished_count"))
    finished.append(sentence("tidy.done", names=done.names, sectors=done.sectors))
    if done.emptied:
        finished.append(sentence("tidy.emptied", count=done.emptied))
    console.result(_did(card, done, found.lost_bytes) | {"written": True}, finished)
    return 0


def _would(card: Path, found: Untidy) -> Document:
    return {"card": str(card), "names": found.names, "lost_bytes": found.lost_bytes}


def _did(card: Path, done: Tidied, lost_bytes: int) -> Document:
    return {
        "card": str(card),
        "names": done.names,
        "sectors": done.sectors,
        "swept_bytes": done.swept_bytes,
        "lost_bytes": lost_bytes - done.swept_bytes,
        "emptied": done.emptied,
    }


def _may_sweep_lost(console: Console, found: Untidy) -> bool:
    """Ask for lost clusters by name; --yes is not an answer to this, --lost is."""
    return not console.yes and console.asks and console.confirm(sentence("tidy.ask_lost", size=found.lost_bytes))
