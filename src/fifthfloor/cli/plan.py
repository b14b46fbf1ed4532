"""`plan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, NumberRange, cards_argument, device_option, dry_run_option, gathered
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.words import sentence
from fifthfloor.words.form import span


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What was given after `plan`.

    Args:
        like: a folder of photographs as large as those to be hidden.
        overwrite: percent of each card that may be overwritten.
        serial: of `--device`.
        save: where the set of those that could be written goes, "FILE" or "FILE:NAME".
    """

    cards: tuple[Path, ...]
    like: Path | None
    overwrite: float
    save: str | None
    dry_run: bool
    serial: str | None


@click.command(help=sentence("help.plan"))
@voiced
@cards_argument("cards")
@click.option("--like", type=ANY_PATH, metavar="FOLDER", help=sentence("help.plan.like"))
@click.option("--overwrite", type=NumberRange(0, 95), default=20, show_default=True, metavar="PCT",
              help=sentence("help.plan.overwrite"))  # fmt: skip
@click.option("--save", metavar="FILE[:NAME]", help=sentence("help.plan.save"))
@dry_run_option
@device_option
@gathered(PlanOptions)
def plan(console: Console, options: PlanOptions) -> int:
    from fifthfloor.tasks.floors import planning

    with console.progress("work.cards", 0):
        planned = planning.plan(options.cards, options.like, options.overwrite / 100, options.serial)
    lines = [
        sentence("plan.card", card=str(path), label=label or "-", free=free) for path, label, free in planned.cards
    ]
    lines += _refused([words.error(error.key, error.facts) for _path, error in planned.refused])
    for fit in planned.fits:
        key = "plan.fit" if fit.lose else "plan.fit_none"
        lines.append(sentence(key, lose=fit.lose, photographs=fit.photographs, size=fit.size_bytes))
    facts = {"size": planned.photograph_bytes, "percent": options.overwrite}
    lines.append(sentence("plan.like" if options.like else "plan.usual", folder=str(options.like), **facts))
    lines.append(sentence("plan.time", time=span(*planned.seconds)))
    if options.save:
        cards = [path for path, _label, _free in planned.cards]
        saved = planning.save_set(options.save, cards, dry_run=options.dry_run)
        written = sentence("sets.written", path=str(saved), count=len(cards))
        lines += [sentence("before.dry"), *would_write([saved])] if options.dry_run else [written]
        if planned.refused:
            left_out = ", ".join(str(path) for path, _error in planned.refused)
            lines.append(sentence("sets.left_out", path=str(saved), names=left_out, count=len(planned.refused)))
    console.result(planning.as_document(planned), lines)
    return 0


def _refused(errors: Sequence[tuple[str, str]]) -> list[str]:
    """Return what is no card to hide on, and why; a hint that several share stands once, behind the last of them."""
    lines = []
    for number, (cause, hint) in enumerate(errors, start=1):
        lines.append(sentence("plan.refused", cause=cause))
        if hint not in [later for _cause, later in errors[number:]]:
            lines.append(sentence("plan.refused_hint", hint=hint))
    return lines
