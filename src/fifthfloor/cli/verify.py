"""`verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor import words
from fifthfloor.cli.asking import ANY_PATH, dry_run_option
from fifthfloor.cli.console import Console, voiced, would_write
from fifthfloor.cli.outcome import say
from fifthfloor.cli.refused import refused_json
from fifthfloor.cli.similar import look_among
from fifthfloor.words import sentence
from fifthfloor.words.lines.proved import proved_lines
from fifthfloor.words.verify import on_the_page

if TYPE_CHECKING:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import Proved, VerdictWord


@click.command(help=sentence("help.verify"))
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1)
@click.option("--key", "expected", metavar="HEX", help=sentence("verify.help_key"))
@click.option("--authority", type=ANY_PATH, metavar="PEM", help=sentence("verify.help_authority"))
@click.option("--page", type=ANY_PATH, metavar="FILE", help=sentence("help.verify.page"))
@dry_run_option
@click.option("--among", type=ANY_PATH, metavar="DIR", help=sentence("verify.help_among"))
def verify(
    console: Console,
    files: tuple[Path, ...],
    expected: str | None,
    authority: Path | None,
    page: Path | None,
    among: Path | None,
    dry_run: bool,
) -> int:
    if bool(files) == bool(page) or (page and (authority or expected or among)):
        raise click.UsageError(sentence("prove.files_or_page"))
    if among:
        if expected or authority:
            raise click.UsageError(sentence("prove.among_alone"))
        return look_among(console, files, among)
    return _hand_out(console, page, dry_run=dry_run) if page else _verify(console, files, expected, authority)


def _hand_out(console: Console, page: Path, *, dry_run: bool) -> int:
    from fifthfloor.tasks.people.readers_page import write_verifying_page

    size = write_verifying_page(page, on_the_page(), dry_run=dry_run)
    said = (
        [sentence("before.dry"), *would_write([page])]
        if dry_run
        else [sentence("prove.page", path=str(page), size=size)]
    )
    console.result({"page": str(page), "bytes": size}, said)
    return 0


def _verify(console: Console, files: tuple[Path, ...], expected: str | None, authority: Path | None) -> int:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import GOOD, key_in, verify_files

    if expected is not None and key_in(expected) is None:
        raise click.UsageError(sentence("verdict.no_key"))
    done = [(one, _verdict(one, expected)) for one in verify_files(files, authority)]
    lines = [line for one, word in done if not isinstance(one, Refused) for line in _proved_lines(one, word, authority)]
    if lines:
        lines.append(sentence("prove.not_proved"))
    console.result({"files": [_proved_json(one, word) for one, word in done]}, lines)
    for one, word in done:
        if isinstance(one, Refused):
            cause, hint = words.error(one.key, one.facts)
            verdict = sentence(f"verdict.{word}") if word else cause
            say(sentence("prove.named", name=one.path.name, cause=verdict), f"{cause}; {hint}" if word else hint)
    codes = [one.exit_code if isinstance(one, Refused) else int(word not in GOOD) for one, word in done]
    return max(codes, default=0)


def _verdict(one: Proved | Refused, expected: str | None) -> VerdictWord | None:
    """Say what it comes to; None for a file that was not read, of which there is nothing to say."""
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import verdict, verdict_of

    if not isinstance(one, Refused):
        return verdict(one.verified, expected)
    first = str(one.facts.get("first", ""))
    return verdict_of(one.key, first) if one.key.startswith(("jpeg.", "statement.")) else None


def _proved_json(one: Proved | Refused, word: VerdictWord | None) -> dict[str, Any]:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import GOOD

    if isinstance(one, Refused):
        return refused_json(one) | {"proved": False, "verdict": word}
    found = one.verified
    return {
        "file": str(one.path),
        "proved": word in GOOD,
        "verdict": word,
        "key": found.key.hex(),
        "key_life": found.key_life,
        "role": found.role,
        "width": found.width,
        "height": found.height,
        "orientation": found.orientation,
        "intervals": found.intervals,
        "hidden": [list(run) for run in found.hidden],
        "hidden_afterwards": found.hidden_afterwards,
        "facts": dict(found.facts),
        "stripped": list(found.stripped),
        "approval": {"state": found.approval.state, "by": found.approval.by, "at": found.approval.at},
        "manifest_bytes": found.manifest_bytes,
        "is_c2pa": found.is_c2pa,
        "has_time_stamp": found.is_stamped,
        "not_later_than": one.moment.isoformat() if one.moment else None,
    }


def _proved_lines(one: Proved, word: VerdictWord | None, authority: Path | None) -> list[str]:
    from fifthfloor.tasks.people.prove import converted_from

    found = one.verified
    return [
        sentence("prove.named", name=one.path.name, cause=sentence(f"verdict.{word}")),
        "  " + sentence("verdict.key", public=found.key.hex()),
        *proved_lines(found, converted_from(dict(found.facts).get("original", "")) or ""),
        *_beside_lines(one, authority),
    ]


def _beside_lines(one: Proved, authority: Path | None) -> list[str]:
    """What the statement does not cover, or was checked apart: manifests and time stamps."""
    found, lines = one.verified, []
    if found.manifest_bytes:
        kind = "manifest" if found.is_c2pa else "jumbf"
        lines.append("  " + sentence(f"verdict.{kind}", size=found.manifest_bytes))
    if one.moment is not None:
        lines.append(sentence("time.proved", moment=one.moment.isoformat(), certificate=str(authority)))
    elif found.is_stamped:
        lines.append("  " + sentence("verdict.stamp"))
    return lines
