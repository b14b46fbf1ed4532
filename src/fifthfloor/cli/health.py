"""`health`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor.cli.asking import cards_argument, label_option, passphrase_option
from fifthfloor.cli.console import Console, voiced
from fifthfloor.cli.openers import opener, opening_identity_option
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.health import Health


@click.command(help=sentence("help.health"))
@voiced
@cards_argument("carriers")
@opening_identity_option
@label_option
@passphrase_option
def health(
    console: Console, carriers: tuple[Path, ...], identity: Path | None, label: str | None, passphrase_file: Path | None
) -> int:
    from fifthfloor.tasks.floors.health import examine
    from fifthfloor.tasks.floors.open import check_readable

    check_readable(carriers)
    keys = opener(console, identity, label, passphrase_file, sentence("ask.health"))
    floors = examine(carriers, keys, console.progress)
    for number, floor in enumerate(floors, start=1):
        counts = {"lost": floor.groups_lost, "groups": floor.groups, "spare": floor.poorest_spare}
        console.detail(sentence("health.detail", number=number, id=floor.short_id, **counts))
    lines = [_numbered(_health_lines(floor), number, len(floors)) for number, floor in enumerate(floors, start=1)]
    opens = sum(floor.opens for floor in floors)
    key = "all" if opens == len(floors) else "some" if opens else "none"
    several = [sentence(f"health.{key}", opens=opens, count=len(floors))] if len(floors) > 1 else []
    verdict, *said = [*several, *(line for each in lines for line in each)]
    document = {"floors": [_health_document(f) for f in floors]}
    console.result(document, said, verdict, "good" if opens else "bad")
    return 0 if opens else 1


def _numbered(lines: list[str], number: int, count: int) -> list[str]:
    """Number what was found, where it is more than one thing."""
    return lines if count == 1 else [sentence("health.numbered", number=number, said=lines[0]), *lines[1:]]


def _health_document(floor: Health) -> dict[str, Any]:
    return {
        "id": floor.short_id,
        "opens": floor.opens,
        "bytes": floor.size_bytes,
        "carriers_here": floor.carriers_here,
        "carriers": floor.carriers,
        "threshold": floor.threshold,
        "more_carriers_needed": None if floor.threshold is None else max(0, floor.threshold - floor.carriers_here),
        "groups": floor.groups,
        "groups_lost": floor.groups_lost,
        "poorest_spare": floor.poorest_spare,
        "may_lose_cards": floor.more_cards,
        "may_lose_percent": floor.more_percent,
    }


def _health_lines(floor: Health) -> list[str]:
    here, threshold = floor.carriers_here, floor.threshold
    if threshold is None:
        return [sentence("health.locked", here=here)]
    if here < threshold:
        missing = threshold - here
        return [sentence("health.more_carriers", here=here, threshold=threshold, missing=missing)]
    if not floor.opens:
        return [sentence("health.lost_groups")]
    facts = {"here": here, "carriers": floor.carriers or 0, "threshold": threshold}
    opens = sentence("health.opens", size=floor.size_bytes or 0, **facts)
    key = "health.may_lose" if floor.more_cards else "health.may_lose_no_card"
    if not floor.more_cards and not floor.more_percent:
        key = "health.may_lose_nothing"
    return [opens, sentence(key, cards=floor.more_cards, percent=floor.more_percent)]
