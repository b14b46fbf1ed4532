"""`protect`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor.cli.asking import ANY_PATH, cluster_option, dry_run_option, gathered, passphrase_option
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.cli.machines import given_cluster
from fifthfloor.cli.refused import left_json, left_line, noted, refused_json, say_refused
from fifthfloor.cli.signing import c2pa_option, identity_option, names_option, newsroom_of, show_option, signer_of
from fifthfloor.words import sentence
from fifthfloor.words.review import on_the_page

if TYPE_CHECKING:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.protect import Protected
    from fifthfloor.tasks.people.prove import Signer

HIDDEN = ("sure", "unasked", "given")


@dataclass(frozen=True, slots=True)
class ProtectOptions:
    """What was given after `protect`."""

    files: tuple[Path, ...]
    out: Path
    faces: str
    writing: str
    boxes: Path | None
    approve_all: bool
    show: tuple[str, ...]
    c2pa: tuple[Path, Path] | None
    identity: Path | None
    passphrase_file: Path | None
    dry_run: bool
    names: str
    cluster: str | None


@click.command(help=sentence("help.protect"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.protect.out"))
@click.option(
    "--faces",
    type=click.Choice(["find", "none"]),
    default="find",
    show_default=True,
    help=sentence("help.protect.faces"),
)
@click.option(
    "--writing",
    type=click.Choice(["find", "none"]),
    default="find",
    show_default=True,
    help=sentence("help.protect.writing"),
)
@click.option("--boxes", type=ANY_PATH, metavar="FILE", help=sentence("help.protect.boxes"))
@click.option("--approve-all", is_flag=True, help=sentence("help.protect.approve_all"))
@names_option
@show_option
@c2pa_option
@identity_option
@passphrase_option
@cluster_option
@dry_run_option
@gathered(ProtectOptions)
def protect(console: Console, options: ProtectOptions) -> int:
    from fifthfloor.tasks.people.beside import LeftAlone
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.protect import ProtectIntent, boxes_of
    from fifthfloor.tasks.people.protect import protect as protect_files

    decisions = boxes_of(options.boxes) if options.boxes else {}
    newsroom = newsroom_of(options.c2pa)
    signer = signer_of(console, options.identity, options.passphrase_file, ask=not options.approve_all)
    intent = ProtectIntent(
        options.out,
        options.faces == "find",
        decisions,
        options.approve_all,
        frozenset(options.show),
        newsroom,
        dry_run=options.dry_run,
        suggest_writing=options.writing == "find",
        numbered=options.names == "numbers",
    )
    done: list[Protected | Refused] = []
    left = []
    if not options.dry_run:
        stopped = "protect.stopped_whole" if options.approve_all else "protect.stopped"
        console.from_now_on(sentence(stopped, path=str(options.out)))
    with (
        given_cluster(console, options.cluster) as executor,
        console.progress(sentence("protect.progress"), sum(_size(file) for file in options.files)) as step,
    ):
        for one in noted(console, protect_files(options.files, intent, signer, executor, said=on_the_page())):
            if isinstance(one, LeftAlone):
                left.append(one)
                continue
            done.append(one)
            step(_size(one.path))
    photographs = [one for one in done if not isinstance(one, Refused)]
    refused = [one for one in done if isinstance(one, Refused)]
    document = {
        "out": str(options.out),
        "key": signer.key.public.hex(),
        "key_life": signer.life,
        "looked_at": False,
        "review": None if options.approve_all else str(options.out / "review.html"),
        "photographs": [_json(one) for one in photographs],
        "refused": [refused_json(one) for one in refused],
        "left": left_json(left),
        "written": not options.dry_run and not all(one.as_before for one in photographs),
    }
    lines = [line for one in photographs for line in _lines(one, approve_all=options.approve_all)]
    if options.dry_run:
        lines += would_write(options.out / one.name for one in photographs if not one.as_before)
    console.result(document, lines, sentence("before.dry") if options.dry_run else "")
    for each in left:
        console.note(left_line(each))
    worst = say_refused(refused)
    if photographs and not options.dry_run:
        _say_what_remains(console, options.out, signer, approve_all=options.approve_all)
    return worst


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        return path.stat().st_size
    except OSError:
        return 0


def _say_what_remains(console: Console, out: Path, signer: Signer, *, approve_all: bool) -> None:
    from fifthfloor.tasks.called import LIST

    if signer.life == "once":
        console.note(sentence("protect.once"))
    console.note(sentence("protect.finder"))
    console.note(sentence("protect.remains"))
    if (out / LIST).exists():
        console.note(sentence("protect.which", path=str(out / LIST)))
    if approve_all:
        console.note(sentence("protect.nobody"))
    else:
        page = str(out / "review.html")
        console.note(sentence("protect.review_shows", path=page))
        console.note(sentence("protect.look", path=page, folder=str(out)))


def _lines(one: Protected, *, approve_all: bool) -> list[str]:
    name = one.name
    if Path(name).stem != one.path.stem:
        name = sentence("protect.named", name=name, source=one.path.name)
    if one.as_before:
        return [sentence("protect.as_before", name=name)]
    hidden = [part for part in one.parts if part.why in HIDDEN]
    unasked = sum(part.why == "unasked" for part in hidden)
    questions = sum(part.why == "uncertain" for part in one.parts)
    percent = 100 * one.hidden_share
    if approve_all:
        line = sentence("protect.done_unasked", name=name, hidden=len(hidden), uncertain=unasked, percent=percent)
    else:
        line = sentence("protect.done", name=name, hidden=len(hidden), questions=questions, percent=percent)
    lines = [line]
    if approve_all and questions:
        lines.append(sentence("protect.capped", name=name, count=questions))
    if one.profile == "unknown":
        lines.append(sentence("protect.profile", name=name))
    return [*lines, *(sentence(key, name=name) for key in one.remarks)]


def _json(one: Protected) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "name": one.name,
        "as_before": one.as_before,
        "hidden_share": round(one.hidden_share, 6),
        "profile": one.profile,
        "remarks": [sentence(key, name=one.name) for key in one.remarks],
        "parts": [
            {
                "left": part.box.left,
                "top": part.box.top,
                "right": part.box.right,
                "bottom": part.box.bottom,
                "why": part.why,
                "hidden": part.why in HIDDEN,
                "score": part.score,
            }
            for part in one.parts
            if part.why != "doubtful"
        ],
    }
