"""`cards`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fifthfloor.cli.console import Console, voiced
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.readers import Offered


@click.command(help=sentence("help.cards"))
@voiced
def cards(console: Console) -> int:
    from fifthfloor.tasks.floors.readers import cards_in_readers

    found = cards_in_readers()
    document = {
        "cards": [
            {
                "path": one.path,
                "maker": one.facts.maker,
                "model": one.facts.model,
                "serial": one.facts.serial,
                "bytes": one.size_bytes,
                "places": list(one.places),
                "labels": list(one.labels),
                "slot": one.slot,
            }
            for one in found
        ]
    }
    console.result(document, [line_of(one) for one in found] or [sentence("card.none_offered")])
    return 0 if found else 1


def line_of(one: Offered) -> str:
    """Say which card it is, as people know it: maker, size, label, slot."""
    what = " ".join(part for part in (one.facts.maker, one.facts.model) if part) or sentence("card.unknown_maker")
    # A drive letter is what people know; the name of a partition tells them something only beside another one.
    tells = len(one.places) > 1 or any(place.endswith(":") for place in one.places)
    labels = ", ".join(
        sentence(f"card.{'labelled' if label else 'unlabelled'}{'_at' if tells else ''}", label=label, place=place)
        for place, label in zip(one.places, one.labels, strict=True)
    )
    said = sentence("card.offered", path=one.path, what=what, size=one.size_bytes, labels=labels)
    if one.slot is None:
        return said
    return said + sentence("card.slot" if one.slot else "card.slot_own", slot=one.slot)
