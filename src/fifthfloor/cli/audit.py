"""`audit`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import ANY_PATH, cluster_option, dry_run_option, gathered
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.cli.machines import given_cluster
from fifthfloor.cli.outcome import say
from fifthfloor.words import error, sentence
from fifthfloor.words.lines.audit import lines
from fifthfloor.words.lines.failure import BAD_INPUT

if TYPE_CHECKING:
    from fifthfloor.tasks.search.audit import Audited


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What was given after `audit`."""

    paths: tuple[Path, ...]
    rules: Path | None
    html_file: Path | None
    pick_file: Path | None
    quick: bool
    dry_run: bool
    cluster: str | None


@click.command(help=sentence("help.audit"))
@voiced
@click.argument("paths", type=ANY_PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--rules", type=ANY_PATH, metavar="FILE", help=sentence("help.audit.rules"))
@click.option("--html", "html_file", type=ANY_PATH, metavar="FILE", help=sentence("help.audit.html"))
@click.option("--pick", "pick_file", type=ANY_PATH, metavar="FILE", help=sentence("help.audit.pick"))
@click.option("--quick", is_flag=True, help=sentence("help.audit.quick"))
@dry_run_option
@cluster_option
@gathered(AuditOptions)
def audit(console: Console, options: AuditOptions) -> int:
    from fifthfloor.tasks.search.audit import as_document, free_bytes
    from fifthfloor.tasks.search.audit import audit as audit_paths
    from fifthfloor.tasks.search.targets import once_each

    paths, rules = once_each(options.paths), options.rules
    if again := len(options.paths) - len(paths):
        console.note(sentence("audit.given_again", count=again))
    with (
        given_cluster(console, options.cluster) as executor,
        console.progress(sentence("audit.reading"), free_bytes(paths)) as progress,
    ):
        audited = audit_paths(paths, rules, quick=options.quick, progress=progress, executor=executor)
    _write(console, audited, options)
    document = as_document(audited.report, sentence, error)
    verdict, *rest = lines(document, console.width)
    console.result(document, rest, verdict, "bad" if audited.report.verdict == "stop" else "loud")
    for item in document["refused"]:
        say(f"{item['path']}: {item['cause']}", item["hint"])
    if document["refused"]:
        return BAD_INPUT
    return 1 if audited.report.verdict == "stop" else 0


def _write(console: Console, audited: Audited, options: AuditOptions) -> None:
    """Write the page and the list that were asked for, or say where they would stand."""
    from fifthfloor.tasks.search.audit import write_page, write_pick

    html_file, pick_file, written = options.html_file, options.pick_file, []
    if html_file is not None:
        write_page(audited.report, html_file, sentence, dry_run=options.dry_run)
        written.append(sentence("audit.page_written", path=str(html_file)))
    if pick_file is not None:
        write_pick(audited.pick, pick_file, dry_run=options.dry_run)
        written.append(sentence("audit.pick_written", count=len(audited.pick), path=str(pick_file)))
    files = [file for file in (html_file, pick_file) if file is not None]
    for line in would_write(files) if options.dry_run else written:
        console.note(line)
