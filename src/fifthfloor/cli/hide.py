"""`hide`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click import option

from fifthfloor.cli.asking import ANY_PATH, device_option, label_of, label_option, passphrase_option, show_cards
from fifthfloor.cli.console import Console, voiced
from fifthfloor.cli.quick import agree, refuse_keep
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.hide import Hidden, Intent
    from fifthfloor.tasks.floors.keep import Keeping
    from fifthfloor.tasks.floors.sources import Sources
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1)
@option("--in", "carriers", type=ANY_PATH, multiple=True, required=True, metavar="CARRIER", help="A card; repeat.")
@option("--lose", type=click.IntRange(0), help="Carriers that may be lost. [default: 1 from three carriers up]")
@option("--overwrite", type=click.FloatRange(0, 95), default=20, show_default=True, metavar="PCT",
              help="Percent of each other carrier's free space that may be overwritten.")  # fmt: skip
@option("--from", "shooting", type=ANY_PATH, multiple=True, metavar="CARD", help="Take frames from this card; repeat.")
@option("--only", "wanted", metavar="LIST", help="Frames to take: names, ranges DSC_0041-0057, or a file of them.")
@option("--remove", is_flag=True, help="Delete the originals once the floor has come back in a fresh process.")
@option("--keep", "keep", is_flag=True, help="Carry over floors; asks for their passphrases.")
@option("--keep-file", "keep_files", type=ANY_PATH, multiple=True, metavar="FILE",
              help="Carry over the floor of this passphrase (line 1) and label (line 2); repeat.")  # fmt: skip
@option("--quick", is_flag=True, help="Write only the runs that are needed, on cards swept before; see above.")
@label_option
@passphrase_option
@device_option
def hide(
    console: Console,
    files: tuple[Path, ...],
    carriers: tuple[Path, ...],
    lose: int | None,
    overwrite: float,
    shooting: tuple[Path, ...],
    wanted: str | None,
    remove: bool,
    keep: bool,
    keep_files: tuple[Path, ...],
    quick: bool,
    label: str | None,
    passphrase_file: Path | None,
    serial: str | None,
) -> int:
    """Hide FILES (folders are taken whole), or frames of a shooting card, in the free space of cards.

    Sweeps every card given with --in: all of its free space is rewritten, visible files are not touched. Floors that
    are not shown with --keep will be overwritten.

    With --quick only the runs that are needed are written, in seconds, on cards swept before. Two images of such a
    card, from before and after, show which parts changed, and so about how much is hidden; a sweep shows neither.
    """
    from fifthfloor.tasks.floors.sweep import opened_cards

    lose = lose if lose is not None else int(len(carriers) >= 3)
    if lose >= len(carriers):
        raise click.UsageError(f"--lose {lose} of {len(carriers)} carriers leaves none to open from")
    if quick:
        refuse_keep(keep=keep or bool(keep_files))
    taken, sources = _sources(console, files, shooting, wanted)
    with opened_cards(carriers, serial) as opened:
        if quick:
            done = _hide_quick(console, sources, opened, lose, overwrite, passphrase_file, label, remove=remove)
        else:
            keeping = _keeping(console, opened, keep, keep_files, label)
            done = _sweep(console, sources, opened, lose, overwrite, keeping, passphrase_file, label)
    if done is None:
        return 1
    document, lines = _said(done, carriers, overwrite)
    if remove:
        lines += _remove(console, document, sources, taken, done.hidden, carriers, done.keys, serial)
    lines += _table(document, taken)
    console.result(document, lines)
    return 0


@dataclass(frozen=True, slots=True)
class _Done:
    """What was hidden, and how.

    Args:
        intent: what was planned.
        hidden: what was written.
        keys: of the floor.
        keeping: floors carried over; None after `--quick`.
    """

    intent: Intent
    hidden: Hidden
    keys: FloorKeys
    keeping: Keeping | None


def _sweep(
    console: Console,
    sources: Sources,
    opened: Sequence[OpenedCard],
    lose: int,
    overwrite: float,
    keeping: Keeping,
    passphrase_file: Path | None,
    label: str | None,
) -> _Done | None:
    """Show it all, ask, and sweep; None where the answer is no."""
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors.hide import hide as hide_files
    from fifthfloor.tasks.floors.hide import intend

    intent = intend(sources, opened, lose, overwrite / 100, keeping)
    show_cards(console, opened)
    _show_intent(console, intent, opened)
    console.note(sentence("keep.others_go" if keeping.floors else "keep.none"))
    phrase = console.passphrase(sentence("floor.ask_passphrase"), passphrase_file, twice=True)
    secret.check_strength(phrase)
    label = label_of(console, label)
    if not console.confirm(sentence("sweep.ask", count=len(opened))):
        return None
    keys = secret.keys_of(phrase, label)
    return _Done(intent, hide_files(intent, opened, keys, console.progress, keeping), keys, keeping)


def _hide_quick(
    console: Console,
    sources: Sources,
    opened: Sequence[OpenedCard],
    lose: int,
    overwrite: float,
    passphrase_file: Path | None,
    label: str | None,
    *,
    remove: bool,
) -> _Done | None:
    """The same for runs."""
    from fifthfloor.tasks.floors.hide import hide as hide_files
    from fifthfloor.tasks.floors.quick import begun_meanwhile, draw

    drawn = draw(sources, opened, lose, overwrite / 100)
    _show_intent(console, drawn.intent, opened)
    with begun_meanwhile(drawn) as begun:
        keys = agree(console, drawn, passphrase_file, label, remove=remove)
        if keys is None:
            return None
        hidden = hide_files(drawn.intent, drawn.cards, keys, console.progress, begun=begun.result())
    return _Done(drawn.intent, hidden, keys, None)


def _said(done: _Done, carriers: Sequence[Path], overwrite: float) -> tuple[dict[str, Any], list[str]]:
    """The document of the result, and its lines."""
    plan, sources, health = done.intent.plan, done.intent.sources, done.keeping.health if done.keeping else ()
    document: dict[str, Any] = {
        "files": sources.files,
        "bytes": sources.size_bytes,
        "written_bytes": done.intent.written_bytes,
        "slots": dict(zip(map(str, carriers), plan.slots, strict=True)),
        "carriers": len(carriers),
        "threshold": plan.threshold,
        "overwrite_percent": overwrite,
        "kept_floors": len(health),
        "kept_health": [{"before": one.before, "after": one.after, "needed": one.needed} for one in health],
        "quick": done.keeping is None,
    }
    slots = sum(plan.slots)
    if done.keeping is None:
        return document, [sentence("quick.done", slots=slots, runs=slots // 64, count=len(carriers))]
    return document, [sentence("hide.done", slots=slots, count=len(carriers))]


def _sources(
    console: Console, files: Sequence[Path], shooting: Sequence[Path], wanted: str | None
) -> tuple[list[Taken], Sources]:
    """Find what is to be hidden: files, or frames of shooting cards."""
    from fifthfloor.tasks.floors.frames import sources_of, take_from
    from fifthfloor.tasks.floors.releases import namesakes
    from fifthfloor.tasks.floors.sources import gather

    if bool(shooting) != bool(wanted):
        raise click.UsageError("--from and --only go together: a card, and the frames to take from it")
    if bool(files) == bool(shooting):
        raise click.UsageError("give files to hide, or a card with --from and the frames with --only")
    if not shooting:
        return [], gather(files)
    picked = take_from(shooting, wanted or "")
    taken = list(picked.cards)
    for same in namesakes([frame for one in taken for frame in one.frames]):
        where = ", ".join(f"{frame.folder} ({frame.taken or '?'})" for frame in same)
        example = same[0].files[0].path
        console.note(sentence("frames.namesakes", name=same[0].stem, count=len(same), where=where, path=example))
    return taken, sources_of(taken)


def _keeping(
    console: Console, opened: Sequence[OpenedCard], keep: bool, keep_files: Sequence[Path], label: str | None
) -> Keeping:
    """Ask for the passphrases of the floors to be carried over, and find them."""
    from fifthfloor.tasks import secret
    from fifthfloor.tasks.floors import keep as keeping

    keys: list[FloorKeys] = []
    for file in keep_files:
        phrase, own_label = console.two_lines(file)
        keys.append(secret.keys_of(phrase, own_label if own_label is not None else label or ""))
    if keep and not keep_files:
        while True:
            phrase = console.passphrase(sentence("keep.ask_passphrase"), None)
            if not phrase:
                break
            keys.append(secret.keys_of(phrase, console.line(sentence("floor.ask_label")) or ""))
    if not keys:
        return keeping.nothing_kept(len(opened))
    found = keeping.prepare(opened, keys, console.progress)
    console.note(sentence("keep.found", floors=found.floors, lost=found.lost, renewed=found.renewed))
    if found.lost > found.renewed:
        left = found.lost - found.renewed
        console.note(sentence("keep.more_lost", left=left, most=keeping.MOST_RENEWED))
    for number, one in enumerate(found.health, start=1):
        console.note(sentence("keep.health", number=number, before=one.before, after=one.after, needed=one.needed))
    return found


def _show_intent(console: Console, intent: Intent, cards: Sequence[OpenedCard]) -> None:
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


def _remove(
    console: Console,
    document: dict[str, Any],
    sources: Sources,
    taken: Sequence[Taken],
    hidden: Hidden,
    carriers: Sequence[Path],
    keys: FloorKeys,
    serial: str | None,
) -> list[str]:
    """Open the floor again in a fresh process, and only then delete the originals."""
    from fifthfloor.tasks.floors import remove as removing

    removing.check_came_back(sources, hidden.file_hashes, carriers, keys, hidden.floor_id)
    try:
        removed = [removing.remove_from_card(one, serial) for one in taken] or [removing.remove_sources(sources)]
    except KeyboardInterrupt:
        # Elsewhere a stop leaves every visible file as it was; here it does not, and that must not be said.
        console.note(sentence("remove.stopped_card" if taken else "remove.stopped"))
        raise click.exceptions.Exit(130) from None
    count, size = sum(one.files for one in removed), sum(one.size_bytes for one in removed)
    document["removed"] = {"files": count, "bytes": size, "clusters_swept": all(one.from_cards for one in removed)}
    if taken:
        lost = [(str(one.path), done.lost_bytes) for one, done in zip(taken, removed, strict=True) if done.lost_bytes]
        document["removed"]["lost_bytes"] = sum(number for _card, number in lost)
        lines = [sentence("remove.from_card", files=count, size=size)]
        lines += [sentence("remove.lost", card=card, size=number) for card, number in lost]
        return lines + _audited(document, taken)
    return [sentence("remove.by_system", files=count, size=size), sentence("remove.left_behind")]


def _audited(document: dict[str, Any], taken: Sequence[Taken]) -> list[str]:
    """Show what a search of each shooting card would say without the frames."""
    from fifthfloor.tasks.search.audit import as_document, audit

    lines, document["audit"] = [], []
    for one in taken:
        report = as_document(audit([one.path], None, quick=True).report, sentence)
        document["audit"].append(report)
        lines += [sentence("roll.audit", card=str(one.path)), "  " + report["verdict_text"]]
        lines.append("  " + sentence("audit.counts", **report["counts"]))
        for item in report["findings"]:
            lines.append(f"  [{sentence('audit.severity.' + item['severity'])}] {item['title']}")
    return lines


def _table(document: dict[str, Any], taken: Sequence[Taken]) -> list[str]:
    """Show what the visible roll of each shooting card looks like without the taken frames."""
    from fifthfloor.tasks.floors.visible_roll import days_left

    lines = []
    for one in taken:
        days = days_left(one.left, one.frames)
        document.setdefault("visible", []).append(
            {
                "card": str(one.path),
                "left": len(one.left),
                "before": len(one.left) + len(one.frames),
                "days": [
                    {"day": d.day, "left": d.left, "before": d.before, "first": d.first, "last": d.last, "gaps": d.gaps}
                    for d in days
                ],
            }
        )
        before = len(one.left) + len(one.frames)
        lines.append(sentence("roll.left", card=str(one.path), left=len(one.left), before=before))
        for day in days:
            key = "roll.day" if day.left else "roll.empty_day"
            gaps = ", ".join(f"{low + 1}-{high - 1}" for low, high in day.gaps) or "none"
            facts: dict[str, str | int] = {"day": day.day or "?", "left": day.left, "before": day.before, "gaps": gaps}
            lines.append(sentence(key, first=day.first, last=day.last, **facts))
    if taken:
        lines.append(sentence("roll.advice"))
    return lines
