"""`sign`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor.cli.asking import ANY_PATH, dry_run_option, gathered, passphrase_option
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.cli.refused import left_json, left_line, noted, refused_json, say_refused
from fifthfloor.cli.signing import c2pa_option, identity_option, names_option, newsroom_of, show_option, signer_of
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import Signed


@dataclass(frozen=True, slots=True)
class SignOptions:
    """What was given after `sign`."""

    files: tuple[Path, ...]
    out: Path
    identity: Path | None
    passphrase_file: Path | None
    boxes: Path | None
    show: tuple[str, ...]
    c2pa: tuple[Path, Path] | None
    dry_run: bool
    names: str


@click.command(help=sentence("help.sign"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1, required=True)
@click.option("--out", type=ANY_PATH, required=True, metavar="DIR", help=sentence("help.sign.out"))
@identity_option
@passphrase_option
@click.option("--boxes", type=ANY_PATH, metavar="FILE", help=sentence("help.sign.boxes"))
@names_option
@show_option
@c2pa_option
@dry_run_option
@gathered(SignOptions)
def sign(console: Console, options: SignOptions) -> int:
    from fifthfloor.tasks.called import LIST
    from fifthfloor.tasks.people.beside import LeftAlone
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import SignIntent, sign_files
    from fifthfloor.tasks.people.prove_inputs import boxes_from

    signer = signer_of(console, options.identity, options.passphrase_file, ask=False)
    hidden = boxes_from(options.boxes) if options.boxes else {}
    newsroom = newsroom_of(options.c2pa)
    intent = SignIntent(hidden, options.show, newsroom, options.dry_run, options.names == "numbers")
    if not options.dry_run:
        console.from_now_on(sentence("protect.stopped_whole", path=str(options.out)))
    signed = sign_files(options.files, options.out, signer, intent)
    with console.progress("work.sign", 0):
        results = list(noted(console, signed))
    done = [one for one in results if not isinstance(one, LeftAlone)]
    left = [one for one in results if isinstance(one, LeftAlone)]
    document = {
        "key": signer.key.public.hex(),
        "key_life": signer.life,
        "files": [_signed_json(one) for one in done],
        "left": left_json(left),
        "written": not options.dry_run and any(not isinstance(one, Refused) for one in done),
    }
    lines = [line for one in done for line in _signed_lines(one)]
    if options.dry_run:
        lines = [line for one in done if not isinstance(one, Refused) for line in would_write(one.written)]
        console.result(document, lines, sentence("before.dry"))
    else:
        if lines:
            lines.append(sentence(f"prove.key_{signer.life}", public=signer.key.public.hex()))
        console.result(document, lines)
    for each in left:
        console.note(left_line(each))
    if not options.dry_run and (options.out / LIST).exists():
        console.note(sentence("protect.which", path=str(options.out / LIST)))
    return say_refused(done)


def _signed_json(one: Signed | Refused) -> dict[str, Any]:
    from fifthfloor.tasks.people.photographs import Refused

    if isinstance(one, Refused):
        return refused_json(one)
    return {
        "file": str(one.path),
        "written": [str(path) for path in one.written],
        "width": one.width,
        "height": one.height,
        "hidden_intervals": one.hidden_intervals,
        "intervals": one.intervals,
        "profile": one.profile,
        "remarks": [sentence(key, name=one.written[0].name) for key in one.remarks],
    }


def _signed_lines(one: Signed | Refused) -> list[str]:
    from fifthfloor.tasks.people.photographs import Refused

    if isinstance(one, Refused):
        return []
    percent = 100 * one.hidden_intervals / one.intervals
    name = one.written[0].name
    if Path(name).stem != one.path.stem:
        name = sentence("protect.named", name=name, source=one.path.name)
    lines = [sentence("prove.signed", name=name, width=one.width, height=one.height, percent=percent)]
    remarks = ["protect.profile"] if one.profile == "unknown" else []
    return [*lines, *(sentence(key, name=name) for key in (*remarks, *one.remarks))]
