"""`open` with sealed shots instead of cards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from fifthfloor.cli.console import Console, Document, Stopped
from fifthfloor.cli.open_options import OpenOptions
from fifthfloor.cli.openers import shot_keys
from fifthfloor.words import sentence


def shots_among(paths: Sequence[Path]) -> bool:
    """Say whether sealed shots were given instead of cards. Raises UsageError where both were."""
    from fifthfloor.tasks.floors.sealed_shots import kind_of

    count = sum(kind_of(path) is not None for path in paths)
    if count and count < len(paths):
        raise click.UsageError(sentence("shot.alone", count=count))
    return count > 0


def open_sealed_shots(console: Console, options: OpenOptions) -> int:
    """Open them into `--out`, or read them all with --check."""
    from fifthfloor.tasks.floors.sealed_shots import open_shots

    if not options.identities:
        raise click.UsageError(sentence("shot.needs_identity", count=len(options.carriers)))
    refused = {"--only": options.wanted, "--collect": options.collection, "--label": options.label}
    for option in (name for name, value in refused.items() if value):
        raise click.UsageError(sentence("roll.options", option=option))
    keys = shot_keys(console, options.identities, options.passphrase_file)
    out = None if options.reads_only else options.out
    total = sum(path.stat().st_size for path in options.carriers)
    try:
        with console.progress("work.open", total) as advance:
            found = open_shots(options.carriers, keys, out, force=options.force, advance=advance)
    except KeyboardInterrupt:
        raise Stopped(sentence("open.stopped")) from None
    document: Document = {
        "shots": found.files,
        "bytes": found.size_bytes,
        "others": found.others,
        "written": out is not None,
    }
    key = "shot.checked" if out is None else "shot.opened"
    verdict = sentence(key, count=found.files, size=found.size_bytes, folder=str(out))
    others = [sentence("shot.others", count=found.others)] if found.others else []
    console.result(document, others, verdict, "good")
    return 0
