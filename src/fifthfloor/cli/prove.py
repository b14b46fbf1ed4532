"""`identity`, `sign`, `verify`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor import words
from fifthfloor.cli.console import Console, VoicedGroup, voiced
from fifthfloor.cli.outcome import say
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.prove import Proved, Refused, Signed, Signer

ANY_PATH = click.Path(path_type=Path)
FACTS = ("camera", "captured", "original", "place", "raw")
_passphrase_file = click.option(
    "--passphrase-file",
    type=ANY_PATH,
    metavar="FILE",
    help="Read the passphrase from the first line of FILE; - is stdin.",
)
_identity = click.option(
    "--identity", type=ANY_PATH, metavar="FILE", help="The story's key; without it one is made for this run."
)


@click.group(cls=VoicedGroup)
def identity() -> None:
    """A story's keys, in a file that you keep; nothing is written to the home directory."""


@identity.command(short_help="make a key for a story")
@voiced
@click.argument("file", type=ANY_PATH)
@_passphrase_file
def new(console: Console, file: Path, passphrase_file: Path | None) -> None:
    """Make a key for a story and keep it in FILE under a passphrase.

    One story, one identity: whoever sees two stories signed with one key knows that they are of one hand.
    """
    from fifthfloor.tasks.people.identity import new_identity

    key = new_identity(file, console.passphrase(sentence("identity.ask"), passphrase_file, twice=True))
    document = {"file": str(file), "key": key.public.hex()}
    console.result(document, [sentence("identity.made", path=str(file)), key_line(key.public)])


@identity.command(short_help="show the public key in a file")
@voiced
@click.argument("file", type=ANY_PATH)
@_passphrase_file
def show(console: Console, file: Path, passphrase_file: Path | None) -> None:
    """Show the public key in FILE: publish it where your readers can find it."""
    from fifthfloor.tasks.people.identity import open_identity

    key = open_identity(file, console.passphrase(sentence("identity.ask"), passphrase_file))
    console.result({"file": str(file), "key": key.public.hex()}, [key_line(key.public)])


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help="Where pictures and statements go.")
@_identity
@_passphrase_file
@click.option("--boxes", type=ANY_PATH, metavar="FILE", help="Parts to hide, by name of the photograph (JSON).")
@click.option(
    "--show",
    type=click.Choice(FACTS),
    multiple=True,
    help="A fact to show; others are signed and withheld. Repeat.",
)
@click.option(
    "--c2pa", type=(ANY_PATH, ANY_PATH), metavar="CERT KEY", help="Also embed a C2PA manifest, signed with these (PEM)."
)
def sign(
    console: Console,
    files: tuple[Path, ...],
    out: Path,
    identity: Path | None,
    passphrase_file: Path | None,
    boxes: Path | None,
    show: tuple[str, ...],
    c2pa: tuple[Path, Path] | None,
) -> int:
    """Sign photographs so that every part that is not hidden can be verified.

    Writes for each FILE its canonical picture (the same pixels), a rendition of 2,048 pixels for the web, and a
    statement beside each. Metadata is left out; what of it you --show is in the statement.
    """
    from fifthfloor.tasks.people.prove import sign_files
    from fifthfloor.tasks.people.prove_inputs import boxes_from, newsroom_from

    signer = _signer(console, identity, passphrase_file)
    hidden = boxes_from(boxes) if boxes else {}
    newsroom = newsroom_from(*c2pa) if c2pa else None
    done = list(sign_files(files, out, signer, boxes=hidden, show=show, newsroom=newsroom))
    document = {"key": signer.key.public.hex(), "key_life": signer.life, "files": [_signed_json(one) for one in done]}
    lines = [line for one in done for line in _signed_lines(one)]
    console.result(document, [*lines, sentence(f"prove.key_{signer.life}", public=signer.key.public.hex())])
    return _say_refused(done)


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--authority", type=ANY_PATH, metavar="PEM", help="Also check time stamps, by this root certificate.")
def verify(console: Console, files: tuple[Path, ...], authority: Path | None) -> int:
    """Check pictures against the statements beside them, and say what is proved and what is not."""
    from fifthfloor.tasks.people.prove import verify_files

    done = list(verify_files(files, authority))
    lines = [line for one in done for line in _proved_lines(one, authority)]
    if lines:
        lines.append(sentence("prove.not_proved"))
    console.result({"files": [_proved_json(one) for one in done]}, lines)
    return _say_refused(done)


def key_line(public: bytes) -> str:
    """Return the line that shows a public key."""
    return sentence("identity.key", public=public.hex())


def _signer(console: Console, identity: Path | None, passphrase_file: Path | None) -> Signer:
    from fifthfloor.tasks.people.identity import open_identity
    from fifthfloor.tasks.people.prove import Signer, signer_for_this_run

    if identity is None:
        return signer_for_this_run()
    return Signer(open_identity(identity, console.passphrase(sentence("identity.ask"), passphrase_file)), "story")


def _say_refused(done: Iterable[Signed | Proved | Refused]) -> int:
    """Say each refusal by name; returns the exit code: the largest, 0 where there is none."""
    from fifthfloor.tasks.people.prove import Refused

    worst = 0
    for one in done:
        if isinstance(one, Refused):
            cause, hint = words.error(one.key, one.facts)
            say(sentence("prove.named", name=one.path.name, cause=cause), hint)
            worst = max(worst, one.exit_code)
    return worst


def _refused_json(one: Refused) -> dict[str, Any]:
    cause, hint = words.error(one.key, one.facts)
    return {"file": str(one.path), "error": one.key, "cause": cause, "hint": hint}


def _signed_json(one: Signed | Refused) -> dict[str, Any]:
    from fifthfloor.tasks.people.prove import Refused

    if isinstance(one, Refused):
        return _refused_json(one)
    return {
        "file": str(one.path),
        "written": [str(path) for path in one.written],
        "width": one.width,
        "height": one.height,
        "hidden_intervals": one.hidden_intervals,
        "intervals": one.intervals,
    }


def _signed_lines(one: Signed | Refused) -> list[str]:
    from fifthfloor.tasks.people.prove import Refused

    if isinstance(one, Refused):
        return []
    percent = 100 * one.hidden_intervals / one.intervals
    return [sentence("prove.signed", name=one.written[0].name, width=one.width, height=one.height, percent=percent)]


def _proved_json(one: Proved | Refused) -> dict[str, Any]:
    from fifthfloor.tasks.people.prove import Refused

    if isinstance(one, Refused):
        return _refused_json(one) | {"proved": False}
    found = one.verified
    return {
        "file": str(one.path),
        "proved": True,
        "key": found.key.hex(),
        "key_life": found.key_life,
        "role": found.role,
        "width": found.width,
        "height": found.height,
        "orientation": found.orientation,
        "intervals": found.intervals,
        "hidden": [list(run) for run in found.hidden],
        "facts": dict(found.facts),
        "approval": {"state": found.approval.state, "by": found.approval.by, "at": found.approval.at},
        "manifest_bytes": found.manifest_bytes,
        "has_time_stamp": found.is_stamped,
        "not_later_than": one.moment.isoformat() if one.moment else None,
    }


def _proved_lines(one: Proved | Refused, authority: Path | None) -> list[str]:
    from fifthfloor.tasks.people.prove import Refused

    if isinstance(one, Refused):
        return []
    found = one.verified
    percent = 100 * found.hidden_intervals / found.intervals
    lines = [
        sentence("prove.proved", name=one.path.name, public=found.key.hex()),
        sentence("prove.parts", shown=100 - percent, hidden=percent),
        sentence(f"prove.life_{found.key_life}"),
    ]
    if found.role == "rendition":
        lines.append(sentence("prove.rendition"))
    lines.extend(sentence("prove.fact", name=name, value=value) for name, value in found.facts)
    state = found.approval.state.replace(" ", "_")
    lines.append(sentence(f"prove.approval_{state}", by=found.approval.by, at=found.approval.at))
    if found.manifest_bytes:
        lines.append(sentence("prove.manifest", size=found.manifest_bytes))
    if one.moment is not None:
        lines.append(sentence("time.proved", moment=one.moment.isoformat(), certificate=str(authority)))
    elif found.is_stamped:
        lines.append(sentence("prove.stamp"))
    return lines
