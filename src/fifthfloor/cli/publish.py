"""`publish`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, cluster_option, dry_run_option, gathered
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.cli.machines import given_cluster
from fifthfloor.cli.signing import newsroom_of
from fifthfloor.tasks.site.publish import check_essays
from fifthfloor.tasks.site.publish import publish as run_publish
from fifthfloor.tasks.site.published import Caution, Published, Wanted


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What was given after `publish`."""

    essays: tuple[Path, ...]
    out: Path | None
    zip_file: Path | None
    pdf_file: Path | None
    check: bool
    dry_run: bool
    base_url: str
    c2pa: tuple[Path, Path] | None
    cluster: str | None


@click.command(help=words.sentence("help.publish"))
@click.argument("essays", metavar="ESSAY...", nargs=-1, required=True, type=ANY_PATH)
@click.option(
    "--out",
    type=ANY_PATH,
    metavar="DIR",
    help=words.sentence("help.publish.out"),
)
@click.option(
    "--zip",
    "zip_file",
    type=ANY_PATH,
    metavar="FILE",
    help=words.sentence("help.publish.zip"),
)
@click.option(
    "--pdf",
    "pdf_file",
    type=ANY_PATH,
    metavar="FILE",
    help=words.sentence("help.publish.pdf"),
)
@click.option("--check", is_flag=True, help=words.sentence("essay.help_check"))
@dry_run_option
@click.option("--base-url", metavar="URL", default="", help=words.sentence("help.publish.base_url"))
@click.option("--c2pa", type=(ANY_PATH, ANY_PATH), metavar="CERT KEY", help=words.sentence("help.publish.c2pa"))
@cluster_option
@voiced
@gathered(PublishOptions)
def publish(console: Console, options: PublishOptions) -> None:
    out = options.out
    wanted = Wanted(options.base_url, options.zip_file, options.pdf_file, newsroom_of(options.c2pa))
    if out is None and not options.check:
        raise click.UsageError(words.sentence("essay.check_or_out"))
    heed = functools.partial(_warn, console, nobody_looked=())
    if out is None or options.check or options.dry_run:
        checked = check_essays(options.essays, None if options.check else out, wanted, heed=heed)
        _warn(console, checked.cautions, checked.nobody_looked)
        said = [words.sentence("essay.checked", photographs=checked.photographs, cautions=len(checked.cautions))]
        if options.dry_run and out is not None:
            said = [words.sentence("before.dry"), *said, *would_write([out, *wanted.editions])]
        console.result(asdict(checked) | {"written": False}, said)
        return
    with given_cluster(console, options.cluster) as executor:
        published = run_publish(options.essays, out, wanted, progress=console.progress, executor=executor, heed=heed)
    _warn(console, published.cautions, published.nobody_looked)
    console.result(asdict(published) | {"written": not published.unchanged}, _lines(published))


def _warn(console: Console, cautions: Sequence[Caution], nobody_looked: Sequence[str]) -> None:
    for caution in cautions:
        console.note(words.sentence(caution.key, **caution.facts))
    if nobody_looked:
        names = ", ".join(nobody_looked[:5]) + (" ..." if len(nobody_looked) > 5 else "")
        console.note(words.sentence("essay.nobody_looked", count=len(nobody_looked), names=names))


def _lines(published: Published) -> list[str]:
    counted: dict[str, str | int] = {
        "photographs": published.photographs,
        "files": len(published.files),
        "total": sum(asset.size_bytes for asset in published.files),
        "site": published.site,
    }
    said = "essay.unchanged" if published.unchanged else "essay.published"
    lines = [words.sentence(said, **counted)]
    if not published.unchanged:
        lines = [
            words.sentence("essay.file", sha256=asset.sha256, path=asset.path, size=asset.size_bytes)
            for asset in published.files
        ] + lines
    lines += [words.sentence("essay.edition", path=one.path, size=one.size_bytes) for one in published.editions]
    return [*lines, words.sentence("essay.open", page=published.first_page)]
