"""`hide --to`: to recipients instead of under a passphrase."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.hide_options import HideOptions
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.sealing import SealedFloor


def refuse_beside_to(options: HideOptions) -> None:
    """Refuse what means nothing beside --to. Raises UsageError."""
    if not options.recipients:
        return
    given = {
        "--quick": options.quick,
        "--passphrase-file": options.passphrase_file is not None,
        "--own-passphrase": options.own_passphrase,
        "--discard": options.discard,
        "--discard-broken": options.discard_broken,
    }
    for name, is_given in given.items():
        if is_given:
            raise click.UsageError(sentence("sealed.not_beside", option=name))


def sealed_floor(options: HideOptions) -> AbstractContextManager[SealedFloor | None]:
    """Draw the key of a floor that is sealed, for a while; None where a passphrase is asked for instead."""
    if not options.recipients:
        return nullcontext()
    from fifthfloor.tasks.floors.sealing import sealing_to

    return sealing_to(options.recipients, options.label or "")
