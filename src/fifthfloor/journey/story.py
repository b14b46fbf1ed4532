"""The journey, told step by step: take, hide, cross, open.

Rule: whatever it says has just been done and checked; no number in it is written by hand.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fifthfloor.cards.format import FatWriter, fill_like_a_camera, quick_format
from fifthfloor.journey.afterwards import first_visible, publish_essay, rehearse
from fifthfloor.journey.maps import CardMap, Run, render_png
from fifthfloor.journey.props import Stage, set_stage
from fifthfloor.tasks import secret
from fifthfloor.tasks.apart import open_apart
from fifthfloor.tasks.hide import hide, intend
from fifthfloor.tasks.mapping import CardState, Stretch, compared, state_of
from fifthfloor.tasks.secret import FloorKeys
from fifthfloor.tasks.sources import gather
from fifthfloor.tasks.sweeping import Progress, opened_cards
from fifthfloor.words import sentence

LOSE = 1
OVERWRITE = 0.20
SIDECAR_SUFFIXES = (".xmp",)


@dataclass(frozen=True, slots=True)
class Teller:
    """How the story reaches a person.

    Args:
        say: one line.
        draw: a map, drawn for this person's terminal.
        progress: a bar.
    """

    say: Callable[[str], None]
    draw: Callable[[CardMap], None]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Arrival:
    """How it ended.

    Args:
        photographs: hidden.
        came_back: equal in every byte.
        seconds: in all.
        folder: where everything is.
        essay: where to open it.
    """

    photographs: int
    came_back: int
    seconds: float
    folder: Path
    essay: Path


def travel(folder: Path, given: Path | None, teller: Teller) -> Arrival:
    """Play the whole journey in a folder.

    Args:
        folder: made if it is not there; may hold other things.
        given: photographs to hide, or None for drawn ones.
        teller: hears every step.

    Raises:
        BadInput, NoRoom: as the commands that it plays.
    """
    begun = time.monotonic()
    stage = set_stage(folder, given)
    _told_stage(stage, teller, drawn=given is None)
    hashes = _hashes(stage.photographs)
    made = secret.make_passphrase(7)
    teller.say(sentence("journey.passphrase", passphrase=made.passphrase, bits=made.bits))
    keys = secret.keys_of(made.passphrase, "")
    _hide(stage, keys, teller)
    hidden = [state_of(card, keys) for card in stage.cards]
    _maps(stage, "1-hidden", hidden, [state.stretches for state in hidden], teller)
    for number, card in enumerate(stage.cards):
        rehearse(folder, card, first_visible(card) if number == 0 else "", teller.say)
    # From here on nobody has the originals: the fresh process must not find them.
    stage.photographs.rename(stage.folder / "taken-away")
    left = _border(stage, hidden, teller)
    after = [state_of(card, keys) for card in left]
    before = [hidden[stage.cards.index(card)] for card in left]
    _maps(stage, "2-after-the-border", after, list(map(compared, before, after)), teller)
    open_apart(left, made.passphrase, "", stage.folder / "came-back")
    back = _hashes(stage.folder / "came-back" / "photographs")
    (stage.folder / "taken-away").rename(stage.photographs)
    photographs, same = _compared(hashes, back)
    teller.say(sentence("journey.came_back", back=same, all=photographs))
    page = publish_essay(folder, stage.folder / "came-back" / "photographs", stage.scenes, teller.say)
    teller.say(sentence("journey.essay", page=str(page)))
    return Arrival(photographs, same, time.monotonic() - begun, stage.folder, page)


def _told_stage(stage: Stage, teller: Teller, *, drawn: bool) -> None:
    sources = gather([stage.photographs])
    key = "journey.drawn" if drawn else "journey.given"
    teller.say(sentence(key, files=sources.files, size=sources.size_bytes))
    size = stage.cards[0].stat().st_size
    teller.say(sentence("journey.cards", count=len(stage.cards), size=size))


def _hide(stage: Stage, keys: FloorKeys, teller: Teller) -> None:
    with opened_cards(stage.cards) as opened:
        intent = intend(gather([stage.photographs]), opened, LOSE, OVERWRITE)
        begun = time.monotonic()
        hide(intent, opened, keys, teller.progress)
        swept = sum(card.layout.free_bytes for card in opened)
    seconds = max(0.01, time.monotonic() - begun)
    teller.say(
        sentence(
            "journey.hidden",
            swept=swept,
            slots=sum(intent.plan.slots),
            seconds=seconds,
            threshold=intent.plan.threshold,
            carriers=len(stage.cards),
            percent=100 * OVERWRITE,
        )
    )


def _border(stage: Stage, states: Sequence[CardState], teller: Teller) -> tuple[Path, ...]:
    """Lose one card, overwrite a fifth of another as a camera does, format the third; returns the two that are left."""
    first, second, third = stage.cards
    taken = stage.folder / "cards" / "confiscated"
    taken.mkdir()
    shutil.move(second, taken / second.name)
    teller.say(sentence("journey.confiscated", card=second.stem))
    free = sum(stretch.length_bytes for stretch in states[0].stretches if stretch.kind == "random")
    with FatWriter(first) as writer:
        files = fill_like_a_camera(writer, int(OVERWRITE * free), secret.RANDOM, datetime(2026, 5, 9, 17, 5))
    teller.say(sentence("journey.overwritten", card=first.stem, files=files, size=int(OVERWRITE * free)))
    quick_format(third, label="CARD3", cluster_bytes=1024)
    teller.say(sentence("journey.formatted", card=third.stem))
    return (first, third)


def _maps(
    stage: Stage,
    name: str,
    states: Sequence[CardState],
    stretches: Sequence[Sequence[Stretch]],
    teller: Teller,
) -> None:
    folder = stage.folder / "maps"
    folder.mkdir(exist_ok=True)
    present = [card for card in stage.cards if card.exists()]
    maps = []
    for card, state, runs in zip(present, states, stretches, strict=True):
        listed = [Run(run.offset_bytes, run.length_bytes, run.kind) for run in runs]
        maps.append(CardMap(card.stem, state.size_bytes, listed))
        teller.draw(maps[-1])
    path = folder / f"{name}.png"
    path.write_bytes(render_png(maps))
    teller.say(sentence("journey.map_file", path=str(path)))


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _compared(hashes: dict[str, str], back: dict[str, str]) -> tuple[int, int]:
    """Return how many photographs there were, and how many came back equal in every byte."""
    photographs = [name for name in hashes if not name.lower().endswith(SIDECAR_SUFFIXES)]
    same = sum(back.get(name) == hashes[name] for name in photographs)
    if back != hashes:
        # A lost sidecar or a stranger among the files is no whole return either.
        same = min(same, len(photographs) - 1)
    return len(photographs), same
