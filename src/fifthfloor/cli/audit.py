"""`audit`, `recover`, `tidy`."""

from __future__ import annotations

from pathlib import Path

import click

from fifthfloor.cli.audit_lines import lines
from fifthfloor.cli.console import Console, Document, voiced
from fifthfloor.words import sentence

ANY_PATH = click.Path(path_type=Path)


@click.command()
@voiced
@click.argument("paths", type=ANY_PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--rules", type=ANY_PATH, metavar="FILE", help="A rulebook of your own (TOML).")
@click.option("--html", "html_file", type=ANY_PATH, metavar="FILE", help="Also write one page with maps and pictures.")
@click.option("--pick", "pick_file", type=ANY_PATH, metavar="FILE", help="Also list the files to hide, one a line.")
@click.option("--quick", is_flag=True, help="Look at a sample of free space; bring nothing back.")
def audit(
    console: Console,
    paths: tuple[Path, ...],
    rules: Path | None,
    html_file: Path | None,
    pick_file: Path | None,
    quick: bool,
) -> int:
    """Play the officer: what would a search find on these cards, images, folders or photographs?

    Nothing is written to them. The exit code is 1 when anything is critical.
    """
    from fifthfloor.tasks.search.audit import as_document, free_bytes, write_page, write_pick
    from fifthfloor.tasks.search.audit import audit as audit_paths

    with console.progress(sentence("audit.reading"), free_bytes(paths)) as progress:
        audited = audit_paths(list(paths), rules, quick=quick, progress=progress)
    if html_file is not None:
        write_page(audited.report, html_file, sentence)
        console.note(sentence("audit.page_written", path=str(html_file)))
    if pick_file is not None:
        write_pick(audited.pick, pick_file)
        console.note(sentence("audit.pick_written", count=len(audited.pick), path=str(pick_file)))
    document = as_document(audited.report, sentence)
    console.result(document, lines(document, console.width))
    return 1 if audited.report.verdict == "stop" else 0


@click.command()
@voiced
@click.argument("card", type=ANY_PATH)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where the photographs go; made if needed.")
def recover(console: Console, card: Path, out: Path) -> int:
    """Bring back deleted photographs and films from CARD; nothing is written to it.

    First by what directories still say, then by their own structure in free space. Partial ones are marked.
    """
    from fifthfloor.tasks.search.audit import free_bytes
    from fifthfloor.tasks.search.recover import recover as recover_card

    with console.progress(sentence("audit.reading"), free_bytes((card,))) as progress:
        recovery = recover_card(card, out, progress=progress)
    whole = sum(file.whole for file in recovery.files)
    size = sum(file.length_bytes for file in recovery.files)
    document: Document = {
        "path": str(out),
        "whole": whole,
        "partial": len(recovery.files) - whole,
        "overwritten": recovery.overwritten,
        "bytes": size,
        "files": [
            {
                "path": str(file.path),
                "name": file.name,
                "bytes": file.length_bytes,
                "whole": file.whole,
                "offset_bytes": file.offset_bytes,
            }
            for file in recovery.files
        ],
    }
    said = [
        sentence(
            "recover.line",
            name=str(file.path.relative_to(out)),
            size=file.length_bytes,
            state=sentence("recover.whole" if file.whole else "recover.partial"),
        )
        for file in recovery.files
    ]
    if recovery.overwritten:
        said.append(sentence("recover.overwritten", count=recovery.overwritten))
    said.append(sentence("recover.done", whole=whole, partial=len(recovery.files) - whole, path=str(out), size=size))
    console.result(document, said)
    return 0


@click.command()
@voiced
@click.argument("card", type=ANY_PATH)
@click.option("--device", "serial", metavar="SERIAL", help="Allow the device of this serial, not removable.")
def tidy(console: Console, card: Path, serial: str | None) -> int:
    """Scrub deleted names and directory slack from CARD, and finish a deletion that was stopped.

    Visible files are not touched; it may be stopped at any moment. Contents stay in free space until `wipe` or `hide`.
    """
    from fifthfloor.tasks.search.tidy import look
    from fifthfloor.tasks.search.tidy import tidy as tidy_card

    found = look(card, serial)
    who = found.identity
    what = " ".join(part for part in (who.facts.maker, who.facts.model) if part) or "image"
    console.note(
        sentence(
            "tidy.card",
            path=who.path,
            what=what,
            size=who.size_bytes,
            label=who.label or "-",
            photographs=who.photographs,
            others=who.files - who.photographs,
        )
    )
    if not (found.slots or found.unfinished or found.lost_bytes):
        console.result({"card": str(card), "names": 0, "sectors": 0, "swept_bytes": 0}, [sentence("tidy.clean")])
        return 0
    if found.unfinished or found.lost_bytes:
        console.note(
            sentence("tidy.unfinished" if found.lost_bytes else "tidy.unfinished_count", size=found.lost_bytes)
        )
    console.note(sentence("tidy.found", names=found.names, photographs=found.photographs))
    if found.recoverable:
        console.note(sentence("tidy.recover_first", count=found.recoverable))
    if not console.confirm(sentence("tidy.ask")):
        return 1
    done = tidy_card(card, serial)
    document: Document = {
        "card": str(card),
        "names": done.names,
        "sectors": done.sectors,
        "swept_bytes": done.swept_bytes,
    }
    finished: list[str] = []
    if found.unfinished or found.lost_bytes:
        finished.append(sentence("tidy.finished" if done.swept_bytes else "tidy.finished_count", size=done.swept_bytes))
    console.result(document, [*finished, sentence("tidy.done", names=done.names, sectors=done.sectors)])
    return 0
