"""`verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console, voiced
from fifthfloor.cli.refused import refused_json, say_refused
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.prove import Proved


@click.command()
@voiced
@click.argument("files", type=ANY_PATH, nargs=-1)
@click.option("--authority", type=ANY_PATH, metavar="PEM", help="Also check time stamps, by this root certificate.")
@click.option("--page", type=ANY_PATH, metavar="FILE", help="Write the page your readers verify with, and stop.")
def verify(console: Console, files: tuple[Path, ...], authority: Path | None, page: Path | None) -> int:
    """Check pictures against the statements beside them, and say what is proved and what is not.

    With --page nothing is checked: FILE becomes one page that verifies in any browser, from a disk, without a network.
    """
    if bool(files) == bool(page) or (page and authority):
        raise click.UsageError(sentence("prove.files_or_page"))
    return _hand_out(console, page) if page else _verify(console, files, authority)


def _hand_out(console: Console, page: Path) -> int:
    from fifthfloor.tasks.people.readers_page import write_verifying_page

    size = write_verifying_page(page)
    console.result({"page": str(page), "bytes": size}, [sentence("prove.page", path=str(page), size=size)])
    return 0


def _verify(console: Console, files: tuple[Path, ...], authority: Path | None) -> int:
    from fifthfloor.tasks.people.prove import verify_files

    done = list(verify_files(files, authority))
    lines = [line for one in done for line in _proved_lines(one, authority)]
    if lines:
        lines.append(sentence("prove.not_proved"))
    console.result({"files": [_proved_json(one) for one in done]}, lines)
    return say_refused(done)


def _proved_json(one: Proved | Refused) -> dict[str, Any]:
    from fifthfloor.tasks.people.photographs import Refused

    if isinstance(one, Refused):
        return refused_json(one) | {"proved": False}
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
    from fifthfloor.tasks.people.photographs import Refused

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
