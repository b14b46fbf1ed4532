"""`archive add`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, cluster_option, dry_run_option, path_or_address
from fifthfloor.cli.console import Console, Document, Stopped, VoicedGroup, voiced, would_write
from fifthfloor.cli.machines import every_core_or
from fifthfloor.errors import BadInput
from fifthfloor.words import sentence
from fifthfloor.words.form import printable

if TYPE_CHECKING:
    from fifthfloor.tasks.trace.ingest import SetAside, Waiting
    from fifthfloor.tasks.trace.store_places import StoredAt


@click.group(cls=VoicedGroup, help=sentence("help.archive"))
def archive() -> None:
    """Gather the commands of `archive`."""


@archive.command(short_help=sentence("help.archive_add.line"), help=sentence("help.archive_add"))
@voiced
@click.argument("folders", type=path_or_address, nargs=-1, required=True)
@click.option(
    "--archive", "place", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.archive_add.archive")
)
@cluster_option
@dry_run_option
def add(console: Console, folders: tuple[StoredAt, ...], place: Path, cluster: str | None, dry_run: bool) -> int:
    from fifthfloor.tasks.trace.ingest import waiting

    found = waiting(folders, place, is_here=cluster is None)
    if dry_run:
        said = [
            sentence("trace.would_add", waiting=len(found.files), known=found.done),
            *_aside_lines(found.aside),
            *would_write([place]),
        ]
        document: Document = {"archive": str(place), "waiting": len(found.files), "known": found.done, "written": False}
        console.result(document, said, sentence("before.dry"))
        return 0
    done = _added(console, found, place, cluster)
    aside = [*found.aside, *done.aside]
    facts: dict[str, Any] = {"new": done.new, "copies": done.copies, "known": found.done}
    document = {"archive": str(place), **facts, "raws": found.raws, "aside": [_json(one) for one in aside]}
    said = _aside_lines(aside)
    if found.raws:
        said.append(sentence("trace.raws", count=found.raws))
    verdict = sentence("trace.added", **facts, aside=len(aside), path=str(place))
    console.result({**document, "written": bool(found.files)}, said, verdict, "bad" if aside else "good")
    return BadInput.exit_code if aside else 0


@dataclass(slots=True)
class _AddTally:
    """What was done so far; an archive of millions is counted, not kept."""

    new: int = 0
    copies: int = 0
    aside: list[SetAside] = field(default_factory=list)


def _added(console: Console, found: Waiting, place: Path, cluster: str | None) -> _AddTally:
    from fifthfloor.tasks.trace.added_photo import size_of
    from fifthfloor.tasks.trace.ingest import SetAside
    from fifthfloor.tasks.trace.ingest import add as add_files

    done = _AddTally()
    try:
        with (
            every_core_or(console, cluster) as executor,
            console.progress("work.archive", sum(map(size_of, found.files))) as progress,
        ):
            for one in add_files(found.files, place, executor):
                if isinstance(one, SetAside):
                    done.aside.append(one)
                elif one.is_new:
                    done.new += 1
                else:
                    done.copies += 1
                progress(size_of(one.path))
    except KeyboardInterrupt:
        count = done.new + done.copies
        left = len(found.files) - count - len(done.aside)
        raise Stopped(sentence("trace.stopped", count=count, left=left)) from None
    return done


def _aside_lines(aside: Sequence[SetAside]) -> list[str]:
    return [
        sentence("trace.aside", name=printable(str(one.path)), cause=words.error(one.key, one.facts)[0])
        for one in aside
    ]


def _json(one: SetAside) -> dict[str, Any]:
    return {"file": str(one.path), "error": one.key, "cause": words.error(one.key, one.facts)[0]}
