"""`protect` and `approve`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor import words
from fifthfloor.cli.console import Console, WouldAsk, voiced
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.protect import Protected
    from fifthfloor.tasks.people.prove import Signer

ANY_PATH = click.Path(path_type=Path)
FACTS = ("camera", "captured", "original", "place", "raw")
HIDDEN = ("sure", "uncertain", "given")
_identity = click.option(
    "--identity", type=ANY_PATH, metavar="FILE", help="The story's key; without it one is made for this run."
)
_passphrase_file = click.option(
    "--passphrase-file",
    type=ANY_PATH,
    metavar="FILE",
    help="Read the passphrase from the first line of FILE; - is stdin.",
)
_c2pa = click.option(
    "--c2pa", type=(ANY_PATH, ANY_PATH), metavar="CERT KEY", help="Also embed a C2PA manifest, signed with these (PEM)."
)


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where the protected photographs go.")
@click.option(
    "--faces", type=click.Choice(["find", "none"]), default="find", show_default=True, help="Look for faces or not."
)
@click.option("--boxes", type=ANY_PATH, metavar="FILE", help="Parts to hide or to show, by name (JSON).")
@click.option("--approve-all", is_flag=True, help="For scripts: the statements say that nobody looked.")
@click.option(
    "--show", type=click.Choice(FACTS), multiple=True, help="A fact the statement shows; others are withheld. Repeat."
)
@_c2pa
@_identity
@_passphrase_file
def protect(
    console: Console,
    files: tuple[Path, ...],
    out: Path,
    faces: str,
    boxes: Path | None,
    approve_all: bool,
    show: tuple[str, ...],
    c2pa: tuple[Path, Path] | None,
    identity: Path | None,
    passphrase_file: Path | None,
) -> int:
    """Find the faces in photographs, hide them for good, and tell nothing else.

    Writes to DIR for each FILE (JPEG, or NEF, CR2, CR3, ARW, DNG, RAF) NAME.jpg, NAME.2048.jpg for the web, a statement
    beside each, and review.html. Faces are missed: look at every photograph, then run approve.
    """
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.protect import Intent, boxes_of
    from fifthfloor.tasks.people.protect import protect as protect_files
    from fifthfloor.tasks.people.prove_inputs import newsroom_from

    decisions = boxes_of(boxes) if boxes else {}
    newsroom = newsroom_from(*c2pa) if c2pa else None
    signer = _signer(console, identity, passphrase_file, ask=not approve_all)
    intent = Intent(out, faces == "find", decisions, approve_all, frozenset(show), newsroom)
    done = []
    with console.progress(sentence("protect.progress"), sum(_size(file) for file in files)) as step:
        for one in protect_files(files, intent, signer):
            done.append(one)
            step(_size(one.path))
    photographs = [one for one in done if not isinstance(one, Refused)]
    refused = [one for one in done if isinstance(one, Refused)]
    document = {
        "out": str(out),
        "key": signer.key.public.hex(),
        "key_life": signer.life,
        "looked_at": False,
        "review": None if approve_all else str(out / "review.html"),
        "photographs": [_json(one) for one in photographs],
        "refused": [_refused_json(one) for one in refused],
    }
    console.result(document, [line for one in photographs for line in _lines(one)])
    _say_refused(console, refused)
    if photographs:
        _say_what_remains(console, out, signer, approve_all=approve_all)
    return max((one.exit_code for one in refused), default=0)


@click.command()
@voiced
@click.argument("folder", type=ANY_PATH, metavar="DIR")
@click.option("--by", metavar="NAME", help="Who looked, a name or a pseudonym; asked for on a terminal.")
@_c2pa
@_identity
@_passphrase_file
def approve(
    console: Console,
    folder: Path,
    by: str | None,
    c2pa: tuple[Path, Path] | None,
    identity: Path | None,
    passphrase_file: Path | None,
) -> int:
    """Say that a person looked at every photograph in DIR, and sign again with who and when.

    Removes review.html and review/, which show the faces. A box that is changed later withdraws the approval.
    """
    from fifthfloor.tasks.people.approve import approve as approve_folder
    from fifthfloor.tasks.people.approve import waiting_in
    from fifthfloor.tasks.people.prove_inputs import newsroom_from

    waiting = waiting_in(folder)
    if by is None:
        by = console.line(sentence("approve.ask_name"))
        if by is None:
            raise WouldAsk(sentence("approve.ask_name"))
    if not console.confirm(sentence("approve.ask", count=len(waiting))):
        return 1
    newsroom = newsroom_from(*c2pa) if c2pa else None
    signer = _signer(console, identity, passphrase_file, ask=True)
    approved = approve_folder(folder, by, signer, newsroom)
    fresh = [one.name for one in approved if not one.before]
    document = {
        "folder": str(folder),
        "by": by,
        "key": signer.key.public.hex(),
        "key_life": signer.life,
        "approved": fresh,
        "approved_before": [one.name for one in approved if one.before],
    }
    lines = [sentence("approve.already", name=one.name) for one in approved if one.before]
    console.result(document, [*lines, sentence("approve.done", count=len(fresh), by=by)])
    if signer.life == "once":
        console.note(sentence("protect.once"))
    return 0


def _signer(console: Console, identity: Path | None, passphrase_file: Path | None, *, ask: bool) -> Signer:
    """Return whose key signs: the identity's, or one for this run where none is given and nobody names one."""
    from fifthfloor.tasks.people.identity import open_identity
    from fifthfloor.tasks.people.prove import Signer, signer_for_this_run

    if identity is None and ask and not console.yes and sys.stdin.isatty():
        identity = Path(name) if (name := console.line(sentence("protect.ask_identity"))) else None
    if identity is None:
        return signer_for_this_run()
    return Signer(open_identity(identity, console.passphrase(sentence("identity.ask"), passphrase_file)), "story")


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        return path.stat().st_size
    except OSError:
        return 0


def _say_refused(console: Console, refused: Sequence[Refused]) -> None:
    for one in refused:
        cause, hint = words.error(one.key, one.facts)
        console.note(sentence("protect.refused", name=one.path.name, cause=cause))
        console.note(sentence("protect.hint", hint=hint))


def _say_what_remains(console: Console, out: Path, signer: Signer, *, approve_all: bool) -> None:
    if signer.life == "once":
        console.note(sentence("protect.once"))
    console.note(sentence("protect.finder"))
    console.note(sentence("protect.remains"))
    if approve_all:
        console.note(sentence("protect.nobody"))
    else:
        page = str(out / "review.html")
        console.note(sentence("protect.review_shows", path=page))
        console.note(sentence("protect.look", path=page, folder=str(out)))


def _lines(one: Protected) -> list[str]:
    if one.as_before:
        return [sentence("protect.as_before", name=one.name)]
    hidden = [part for part in one.parts if part.why in HIDDEN]
    uncertain = sum(part.why == "uncertain" for part in hidden)
    percent = 100 * one.hidden_share
    lines = [sentence("protect.done", name=one.name, hidden=len(hidden), uncertain=uncertain, percent=percent)]
    if one.profile == "unknown":
        lines.append(sentence("protect.profile", name=one.name))
    return lines


def _json(one: Protected) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "name": one.name,
        "as_before": one.as_before,
        "hidden_share": round(one.hidden_share, 6),
        "profile": one.profile,
        "parts": [
            {
                "left": part.box.left,
                "top": part.box.top,
                "right": part.box.right,
                "bottom": part.box.bottom,
                "why": part.why,
                "score": part.score,
            }
            for part in one.parts
            if part.why != "doubtful"
        ],
    }


def _refused_json(one: Refused) -> dict[str, Any]:
    cause, hint = words.error(one.key, one.facts)
    return {"file": str(one.path), "error": one.key, "cause": cause, "hint": hint}
