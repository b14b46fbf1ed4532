"""`audit`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.asking import ANY_PATH, cluster_option
from fifthfloor.cli.console import Console, voiced
from fifthfloor.cli.machines import given_cluster
from fifthfloor.cli.outcome import say
from fifthfloor.words import error, sentence
from fifthfloor.words.lines.audit import lines
from fifthfloor.words.lines.failure import BAD_INPUT


@click.command(help=sentence("help.audit"))
@voiced
@click.argument("paths", type=ANY_PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--rules", type=ANY_PATH, metavar="FILE", help=sentence("help.audit.rules"))
@click.option("--html", "html_file", type=ANY_PATH, metavar="FILE", help=sentence("help.audit.html"))
@click.option("--pick", "pick_file", type=ANY_PATH, metavar="FILE", help=sentence("help.audit.pick"))
@click.option("--quick", is_flag=True, help=sentence("help.audit.quick"))
@cluster_option
def audit(
    console: Console,
    paths: tuple[Path, ...],
    rules: Path | None,
    html_file: Path | None,
    pick_file: Path | None,
    quick: bool,
    cluster: str | None,
) -> int:
    from fifthfloor.tasks.search.audit import as_document, free_bytes, write_page, write_pick
    from fifthfloor.tasks.search.audit import audit as audit_paths

    with (
        given_cluster(console, cluster) as executor,
        console.progress(sentence("audit.reading"), free_bytes(paths)) as progress,
    ):
        audited = audit_paths(list(paths), rules, quick=quick, progress=progress, executor=executor)
    if html_file is not None:
        write_page(audited.report, html_file, sentence)
        console.note(sentence("audit.page_written", path=str(html_file)))
    if pick_file is not None:
        write_pick(audited.pick, pick_file)
        console.note(sentence("audit.pick_written", count=len(audited.pick), path=str(pick_file)))
    document = as_document(audited.report, sentence, error)
    verdict, *rest = lines(document, console.width)
    console.result(document, rest, verdict, "bad" if audited.report.verdict == "stop" else "loud")
    for item in document["refused"]:
        say(f"{item['path']}: {item['cause']}", item["hint"])
    if document["refused"]:
        return BAD_INPUT
    return 1 if audited.report.verdict == "stop" else 0
