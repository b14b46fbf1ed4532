"""`trace`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, cluster_option
from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence
from fifthfloor.words.form import printable
from fifthfloor.words.lines.likeness import differing_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.trace.look import Similar, Traced, Untraced


@click.command(help=sentence("help.trace"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--archive", "place", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.trace.archive"))
@cluster_option
def trace(console: Console, files: tuple[Path, ...], place: Path, cluster: str | None) -> int:
    from fifthfloor.tasks.trace.look import Traced
    from fifthfloor.tasks.trace.look import trace as look
    from fifthfloor.tasks.trace.workers import workers

    with workers(cluster) as executor, console.progress("work.trace", 0):
        results = list(look(files, place, executor))
    lines = [line for one in results for line in _lines(one)]
    found = sum(isinstance(one, Traced) and one.is_found for one in results)
    verdict = sentence("trace.found", found=found, count=len(results), path=str(place))
    console.result({"archive": str(place), "pictures": [_json(one) for one in results]}, lines, verdict)
    return 0 if found else 1


def _lines(one: Traced | Untraced) -> list[str]:
    from fifthfloor.tasks.trace.look import Untraced

    name = printable(one.name)
    if isinstance(one, Untraced):
        return [sentence("trace.untraced", name=name, cause=words.error(one.key, one.facts)[0])]
    lines = [sentence("trace.same_file", name=name, place=printable(place)) for place in one.same_file[:1]]
    named = [similar for similar in one.similar if similar.is_copy]
    if not lines and not named:
        lines.append(sentence("trace.nothing_sure" if one.similar else "trace.nothing", name=name))
    told = named[: one.alike]
    for similar in told:
        lines.append(sentence("trace.similar", name=name, place=printable(similar.places[0])))
        lines.extend("  " + line for line in _told(similar))
    if len(told) > 1:
        lines.append("  " + sentence("trace.alike", count=len(told)))
    others = len(one.similar) - len(named)
    if others:
        place = next(similar for similar in one.similar if not similar.is_copy).places[0]
        lines.append("  " + sentence("trace.scene", count=others, place=printable(place)))
    return lines


def _told(similar: Similar) -> list[str]:
    if similar.differences is None:
        return [sentence("trace.hash_only", distance=similar.pdq)]
    return differing_lines(similar.differences)


def _json(one: Traced | Untraced) -> dict[str, Any]:
    from fifthfloor.tasks.trace.look import Untraced

    if isinstance(one, Untraced):
        cause, hint = words.error(one.key, one.facts)
        return {"name": one.name, "error": one.key, "cause": cause, "hint": hint}
    return {
        "name": one.name,
        "same_file": list(one.same_file),
        "alike": one.alike,
        "similar": [_similar_json(similar) for similar in one.similar],
    }


def _similar_json(one: Similar) -> dict[str, Any]:
    found = one.differences
    told: dict[str, Any] = {
        "places": list(one.places),
        "copy": one.is_copy,
        "signed": one.signed,
        "points": one.shared,
        "pdq_distance": one.pdq,
    }
    if found is None:
        return told
    areas = [
        {"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom, "mark": area.shows_through}
        for area in found.areas
    ]
    return told | {
        "kept": round(found.kept, 3),
        "cut": [round(side, 3) for side in found.sides],
        "added": round(found.added, 3),
        "mirrored": found.is_mirrored,
        "quarters": found.quarters,
        "tiles": found.tiles,
        "compared": found.compared,
        "areas": areas,
    }
