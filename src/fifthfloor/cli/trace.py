"""`trace`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, cluster_option, dry_run_option, path_or_address
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.cli.machines import every_core_or
from fifthfloor.words import sentence
from fifthfloor.words.form import printable
from fifthfloor.words.lines.likeness import differing_document, place_words, similar_lines, told_words

if TYPE_CHECKING:
    from fifthfloor.tasks.trace.page_tellings import Told
    from fifthfloor.tasks.trace.saved_pages import ShownOn
    from fifthfloor.tasks.trace.store_places import StoredAt
    from fifthfloor.tasks.trace.trace import Similar, Traced, Untraced


@click.command(help=sentence("help.trace"))
@voiced
@click.argument("files", type=path_or_address, nargs=-1, required=True)
@click.option("--archive", "place", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.trace.archive"))
@click.option("--html", "page", type=ANY_PATH, metavar="FILE", help=sentence("help.trace.html"))
@dry_run_option
@cluster_option
def trace(
    console: Console, files: tuple[StoredAt, ...], place: Path, page: Path | None, dry_run: bool, cluster: str | None
) -> int:
    from fifthfloor.tasks.trace.page_tellings import told, write_page
    from fifthfloor.tasks.trace.trace import Traced
    from fifthfloor.tasks.trace.trace import trace as look

    with every_core_or(console, cluster) as executor, console.progress("work.trace", 0):
        results = list(look(files, place, executor))
    lines = [line for one in results for line in _lines(one)]
    photographs = told(results)
    if page is not None:
        write_page(photographs, place, page, sentence, place_words, similar_lines, dry_run=dry_run)
        for line in would_write([page]) if dry_run else [sentence("trace.page_written", path=str(page))]:
            console.note(line)
    lines.extend(line for one in photographs if len(one.tellings) > 1 for line in _telling_lines(one))
    found = sum(isinstance(one, Traced) and one.is_found for one in results)
    verdict = sentence("trace.found", found=found, count=len(results), path=str(place))
    document = {
        "archive": str(place),
        "pictures": [_json(one) for one in results],
        "photographs": [_told_json(one) for one in photographs],
        "html": None if page is None else str(page),
    }
    console.result(document, lines, verdict)
    return 0 if found else 1


def _lines(one: Traced | Untraced) -> list[str]:
    from fifthfloor.tasks.trace.trace import Untraced

    name = printable(one.name)
    if isinstance(one, Untraced):
        return [sentence("trace.untraced", name=name, cause=words.error(one.key, one.facts)[0])]
    if one.shown is not None and not one.is_found:
        return []  # a page shows much that is not ours
    lines = [sentence("trace.same_file", name=name, place=place_words(one.same))] if one.same else []
    named = [similar for similar in one.similar if similar.is_copy]
    if not lines and not named:
        lines.append(sentence("trace.nothing_sure" if one.similar else "trace.nothing", name=name))
    told = one.alike_copies
    for similar in told:
        lines.append(sentence("trace.similar", name=name, place=place_words(similar.laid)))
        lines.extend("  " + line for line in similar_lines(similar))
    if len(told) > 1:
        lines.append("  " + sentence("trace.alike", count=len(told)))
    others = len(one.similar) - len(named)
    if others:
        place = place_words(next(similar for similar in one.similar if not similar.is_copy).laid)
        lines.append("  " + sentence("trace.scene", count=others, place=place))
    if one.shown is not None:
        lines.append("  " + _caption_line(one.shown.caption))
    return lines


def _caption_line(caption: str) -> str:
    return sentence("trace.caption", caption=printable(caption)) if caption else sentence("trace.no_caption")


def _telling_lines(one: Told) -> list[str]:
    lines = [told_words(one.laid, one.frames, len(one.tellings))]
    for telling in one.tellings:
        caption = printable(telling.shown.caption) or sentence("trace.no_caption")
        lines.append("  " + sentence("trace.telling", title=printable(telling.shown.title), caption=caption))
        if telling.words:
            lines.append("    " + sentence("trace.own_words", words=printable(" … ".join(telling.words))))
    return lines


def _told_json(one: Told) -> dict[str, Any]:
    return {
        "place": next(iter(one.laid.places), None),
        "alike": one.frames,
        "tellings": [
            {
                "page": telling.shown.page,
                "title": telling.shown.title,
                "name": telling.picture.name,
                "caption": telling.shown.caption,
                "own_words": list(telling.words),
            }
            for telling in one.tellings
        ],
    }


def _json(one: Traced | Untraced) -> dict[str, Any]:
    from fifthfloor.tasks.trace.trace import Untraced

    if isinstance(one, Untraced):
        cause, hint = words.error(one.key, one.facts)
        return {"name": one.name, **_shown_json(one.shown), "error": one.key, "cause": cause, "hint": hint}
    return {
        "name": one.name,
        **_shown_json(one.shown),
        "same_file": list(one.same_file),
        "gone": list(one.same.gone) if one.same else [],
        "alike": one.alike,
        "similar": [_similar_json(similar) for similar in one.similar],
    }


def _shown_json(shown: ShownOn | None) -> dict[str, Any]:
    if shown is None:
        return {"page": None, "title": None, "caption": None}
    return {"page": shown.page, "title": shown.title, "caption": shown.caption}


def _similar_json(one: Similar) -> dict[str, Any]:
    found = one.differences
    told: dict[str, Any] = {
        "places": list(one.places),
        "gone": list(one.laid.gone),
        "copy": one.is_copy,
        "signed": one.signed,
        "points": one.shared,
        "pdq_distance": one.pdq,
    }
    return told if found is None else told | differing_document(found)
