"""`passphrase`, `wipe`, `hide`, `open`, `health`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.health import Health
    from fifthfloor.tasks.hide import Intent
    from fifthfloor.tasks.sweeping import OpenedCard

F = TypeVar("F", bound=Callable[..., Any])

ANY_PATH = click.Path(path_type=Path)
_passphrase_file = click.option(
    "--passphrase-file", type=ANY_PATH, help="Read the passphrase from the first line of FILE; - is stdin."
)
_label = click.option("--label", help="The floor's label; asked for on a terminal, else empty.")
_device = click.option("--device", "serial", metavar="SERIAL", help="Allow the device of this serial, not removable.")


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
@_device
def wipe(console: Console, cards: tuple[Path, ...], serial: str | None) -> int:
    """Sweep the free space of CARDS with noise; nothing is hidden and visible files are not touched.

    The same writes as `hide`, so that nobody can tell the two apart.
    """
    from fifthfloor.tasks.sweeping import opened_cards
    from fifthfloor.tasks.wipe import wipe as wipe_cards

    with opened_cards(cards, serial) as opened:
        _show_cards(console, opened)
        if not console.confirm(sentence("sweep.ask", count=len(opened))):
            return 1
        wipe_cards(opened, console.progress)
        swept = sum(card.layout.free_bytes for card in opened)
    document = {"cards": [str(path) for path in cards], "swept_bytes": swept}
    console.result(document, [sentence("wipe.done", count=len(cards), size=swept)])
    return 0


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option(
    "--in", "carriers", type=ANY_PATH, multiple=True, required=True, metavar="CARRIER", help="A card; repeat."
)
@click.option("--lose", type=click.IntRange(0), help="Carriers that may be lost. [default: 1 from three carriers up]")
@click.option(
    "--overwrite", type=click.FloatRange(0, 95), default=20, show_default=True, metavar="PCT",
    help="Percent of each other carrier's free space that may be overwritten.",
)  # fmt: skip
@_label
@_passphrase_file
@_device
def hide(
    console: Console,
    files: tuple[Path, ...],
    carriers: tuple[Path, ...],
    lose: int | None,
    overwrite: float,
    label: str | None,
    passphrase_file: Path | None,
    serial: str | None,
) -> int:
    """Hide FILES (folders are taken whole) in the free space of cards.

    Sweeps every card given with --in: all of its free space is rewritten, visible files are not touched.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.hide import hide as hide_files
    from fifthfloor.tasks.hide import intend
    from fifthfloor.tasks.sources import gather
    from fifthfloor.tasks.sweeping import opened_cards

    lose = lose if lose is not None else int(len(carriers) >= 3)
    if lose >= len(carriers):
        raise click.UsageError(f"--lose {lose} of {len(carriers)} carriers leaves none to open from")
    sources = gather(files)
    with opened_cards(carriers, serial) as opened:
        intent = intend(sources, opened, lose, overwrite / 100)
        _show_cards(console, opened)
        _show_intent(console, intent, opened)
        phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file, twice=True)
        secret.check_strength(phrase)
        label = _label_of(console, label)
        if not console.confirm(sentence("sweep.ask", count=len(opened))):
            return 1
        hide_files(intent, opened, secret.keys_of(phrase, label), console.progress)
    slots = intent.plan.slots
    document = {
        "files": sources.files,
        "bytes": sources.size_bytes,
        "written_bytes": intent.written_bytes,
        "slots": dict(zip(map(str, carriers), slots, strict=True)),
        "carriers": len(carriers),
        "threshold": intent.plan.threshold,
        "overwrite_percent": overwrite,
    }
    console.result(document, [sentence("hide.done", slots=sum(slots), count=len(carriers))])
    return 0


@click.command("open")
@voiced
@click.argument("carriers", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where the files go; made if it is not there.")
@_label
@_passphrase_file
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
    from fifthfloor.tasks.opening import open_floors

    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file)
    keys = secret.keys_of(phrase, _label_of(console, label))
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
@_label
@_passphrase_file
def health(console: Console, carriers: tuple[Path, ...], label: str | None, passphrase_file: Path | None) -> int:
    """Say whether the floor in CARRIERS still comes back, and how much more it can lose.

    Reads everything, writes nothing. Exit code 1 when nothing is found or a floor does not come back.
    """
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.health import examine

    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file)
    floors = examine(carriers, secret.keys_of(phrase, _label_of(console, label)), console.progress)
    console.result(
        {"floors": [_health_document(f) for f in floors]}, [line for f in floors for line in _health_lines(f)]
    )
    return 0 if all(floor.opens for floor in floors) else 1


def _label_of(console: Console, label: str | None) -> str:
    return label if label is not None else console.line(sentence("floor.ask_label")) or ""


def _show_cards(console: Console, cards: list[OpenedCard]) -> None:
    for opened in cards:
        who = opened.card.identity
        what = " ".join(part for part in (who.facts.maker, who.facts.model) if part) or "image"
        console.note(
            sentence(
                "card.identity",
                path=str(opened.path),
                what=what,
                size=who.size_bytes,
                label=who.label or "-",
                photographs=who.photographs,
                others=who.files - who.photographs,
            )
        )
        places = len(opened.layout.places)
        room = places * 16384
        console.note(sentence("card.room", free=opened.layout.free_bytes, slots=places, room=room))
    rate = min((opened.read_rate for opened in cards), default=0.0)
    console.note(sentence("sweep.time", time=sum(opened.seconds for opened in cards), rate=rate))
    console.note(sentence("sweep.gone"))
    console.note(sentence("sweep.visible"))


def _show_intent(console: Console, intent: Intent, cards: list[OpenedCard]) -> None:
    size, carriers, threshold = intent.sources.size_bytes, len(cards), intent.plan.threshold
    console.note(sentence("hide.what", files=intent.sources.files, size=size, carriers=carriers))
    times = intent.written_bytes / max(1, size)
    console.note(sentence("hide.cost", written=intent.written_bytes, times=times))
    key = "hide.threshold_one" if carriers == 1 else "hide.threshold_all" if threshold == carriers else "hide.threshold"
    console.note(sentence(key, threshold=threshold, carriers=carriers))
    if intent.overwrite:
        console.note(sentence("hide.overwrite", percent=100 * intent.overwrite))
        for opened in cards:
            cluster = min(volume.cluster_bytes for volume in opened.card.volumes)
            if cluster < 16384:
                console.note(sentence("hide.small_clusters", path=str(opened.path), cluster=cluster))


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
    spare = sentence("health.spare", spare=floor.poorest_spare)
    return [opens, spare, sentence(key, cards=cards, percent=floor.more_percent)]
