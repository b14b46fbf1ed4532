"""At the border: one card is taken, one is written on, one is formatted; and the maps that show it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from fifthfloor.tasks import secret
from fifthfloor_theatre.cards.format import FatWriter, fill_like_a_camera, quick_format
from fifthfloor_theatre.journey.evening import OVERWRITE
from fifthfloor_theatre.journey.maps import CardMap, Patch, render_png
from fifthfloor_theatre.journey.props import STARTED, Stage
from fifthfloor_theatre.journey.teller import Teller
from fifthfloor_theatre.mapping import CardState, Strip


def cross(stage: Stage, states: Sequence[CardState], teller: Teller) -> tuple[Path, ...]:
    """Lose one card, overwrite a fifth of another as a camera does, format the third.

    Returns:
        the two cards that are left.
    """
    first, second, third = stage.cards
    taken = stage.folder / "cards" / "confiscated"
    taken.mkdir()
    shutil.move(second, taken / second.name)
    teller.tell("confiscated", card=second.stem)
    free = sum(stretch.length_bytes for stretch in states[0].stretches if stretch.kind == "random")
    overwritten = int(OVERWRITE * free)
    with FatWriter(first) as writer:
        files = fill_like_a_camera(writer, overwritten, secret.RANDOM, STARTED + timedelta(days=6))
    teller.tell("overwritten", card=first.stem, files=files, size=overwritten)
    quick_format(third, label="CARD3", cluster_bytes=1024)
    teller.tell("formatted", card=third.stem)
    return (first, third)


def draw_maps(
    stage: Stage, name: str, states: Sequence[CardState], stretches: Sequence[Sequence[Strip]], teller: Teller
) -> None:
    """Draw the cards that are there, in the terminal and as a picture `name`.png.

    Args:
        states: of each card that is there.
        stretches: what to draw of each.
    """
    folder = stage.folder / "maps"
    folder.mkdir(exist_ok=True)
    present = [card for card in stage.cards if card.exists()]
    teller.tell("maps", count=len(present))
    maps = []
    for card, state, runs in zip(present, states, stretches, strict=True):
        listed = [Patch(run.offset_bytes, run.length_bytes, run.kind) for run in runs]
        maps.append(CardMap(card.stem, state.size_bytes, listed))
        teller.draw(maps[-1])
    path = folder / f"{name}.png"
    path.write_bytes(render_png(maps))
    teller.tell("map_file", path=str(path))
