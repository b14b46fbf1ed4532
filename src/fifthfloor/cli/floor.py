"""`passphrase`, `wipe`, `open`, `health`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor.cli.asking import ANY_PATH, device_option, label_of, label_option, passphrase_option, show_cards
from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.health import Health


@click.command()
@voiced
@click.option("--words", "count", default=7, show_default=True, help="How many words; six are 77 bits.")
def passphrase(console: Console, count: int) -> None:
    """Make a passphrase from the EFF's list of 7,776 words, with its bits of entropy."""
    from fifthfloor.tasks.secret import make_passphrase

    made = make_passphrase(count)
    console.result({"passphrase": made.passphrase, "bits": round(made.bits, 1)}, [made.passphrase])
    if not console.as_json:
        console.note(sentence("passphrase.bits", bits=made.bits))


@click.command()
@voiced
@click.argument("cards", type=ANY_PATH, nargs=-1, required=True)
@device_option
def wipe(console: Console, cards: tuple[Path, ...], serial: str | None) -> int:
    """Sweep the free space of CARDS with noise; nothing is hidden and visible files are not touched.

    The same writes as `hide`, so that nobody can tell the two apart.
    """
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.wipe import wipe as wipe_cards

    with opened_cards(cards, serial) as opened:
        show_cards(console, opened)
        if not console.confirm(sentence("sweep.ask", count=len(opened))):
            return 1
        wipe_cards(opened, console.progress)
        swept = sum(card.layout.free_bytes for card in opened)
    document = {"cards": [str(path) for path in cards], "swept_bytes": swept}
    console.result(document, [sentence("wipe.done", count=len(cards), size=swept)])
    return 0


@click.command("open")
@voiced
@click.argument("carriers", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where the files go; made if it is not there.")
@label_option
@passphrase_option
@click.option("--force", is_flag=True, help="Overwrite files that are already there.")
def open_command(
    console: Console,
    carriers: tuple[Path, ...],
    out: Path,
    label: str | None,
    passphrase_file: Path | None,
    force: bool,
) -> int:
    """Bring hidden files back from CARRIERS: cards or images, in any order, strangers among them.

    Files appear whole or not at all; every SHA-256 is compared.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.open import open_floors

    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file)
    keys = secret.keys_of(phrase, label_of(console, label))
    restored, incomplete = open_floors(carriers, keys, out, force=force, progress=console.progress)
    for floor in incomplete:
        console.note(
            sentence(
                "open.incomplete",
                here=floor.carriers_here,
                threshold=floor.threshold,
                lost=floor.groups_lost,
                groups=floor.groups,
            )
        )
    document = {
        "floors": [
            {"id": r.short_id, "hidden": r.hidden, "folder": str(r.folder), "files": r.files, "bytes": r.size_bytes}
            for r in restored
        ],
        "incomplete": len(incomplete),
    }
    lines = [
        sentence("open.restored", files=r.files, size=r.size_bytes, folder=str(r.folder), hidden=r.hidden)
        for r in restored
    ]
    console.result(document, lines)
    return 0


@click.command()
@voiced
@click.argument("carriers", type=ANY_PATH, nargs=-1, required=True)
@label_option
@passphrase_option
def health(console: Console, carriers: tuple[Path, ...], label: str | None, passphrase_file: Path | None) -> int:
    """Say whether the floor in CARRIERS still comes back, and how much more it can lose.

    Reads everything, writes nothing. Exit code 1 when nothing is found or a floor does not come back.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.health import examine

    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file)
    floors = examine(carriers, secret.keys_of(phrase, label_of(console, label)), console.progress)
    console.result(
        {"floors": [_health_document(f) for f in floors]}, [line for f in floors for line in _health_lines(f)]
    )
    return 0 if all(floor.opens for floor in floors) else 1


def _health_document(floor: Health) -> dict[str, Any]:
    return {
        "id": floor.short_id,
        "opens": floor.opens,
        "bytes": floor.size_bytes,
        "carriers_here": floor.carriers_here,
        "carriers": floor.carriers,
        "threshold": floor.threshold,
        "more_carriers_needed": max(0, floor.threshold - floor.carriers_here),
        "groups": floor.groups,
        "groups_lost": floor.groups_lost,
        "poorest_spare": floor.poorest_spare,
        "may_lose_cards": floor.more_cards,
        "may_lose_percent": floor.more_percent,
    }


def _health_lines(floor: Health) -> list[str]:
    here, threshold = floor.carriers_here, floor.threshold
    if here < threshold:
        missing = threshold - here
        return [sentence("health.more_carriers", id=floor.short_id, here=here, threshold=threshold, missing=missing)]
    if not floor.opens:
        return [
            sentence("health.lost_groups", id=floor.short_id, lost=floor.groups_lost, groups=floor.groups),
        ]
    facts = {"here": here, "carriers": floor.carriers, "threshold": threshold}
    opens = sentence("health.opens", id=floor.short_id, size=floor.size_bytes, **facts)
    cards = "one more card" if floor.more_cards == 1 else f"{floor.more_cards} more cards"
    key = "health.may_lose" if floor.more_cards else "health.may_lose_no_card"
    if not floor.more_cards and not floor.more_percent:
        key = "health.may_lose_nothing"
    spare = sentence("health.spare", spare=floor.poorest_spare)
    return [opens, spare, sentence(key, cards=cards, percent=floor.more_percent)]
