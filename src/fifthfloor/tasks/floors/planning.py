"""`plan`: what would fit on some cards, for each number that may be lost, and how long it takes; no key, no write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fifthfloor.cards.descriptor import check_may_write
from fifthfloor.cards.image import open_card
from fifthfloor.cards.opening import check_writable
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.files import place_together
from fifthfloor.floor.plan import Room, TooLittle, make_plan
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.metadata.endings import is_picture
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.card_sets import written
from fifthfloor.tasks.floors.pace import Pace, cpu_rate, whole_time
from fifthfloor.tasks.floors.sources import gather
from fifthfloor.tasks.floors.steps import sweep_steps
from fifthfloor.tasks.floors.sweep import OpenedCard, read_rate, refuse_twice

USUAL_PHOTOGRAPH_BYTES = 8_000_000  # a JPEG of 24 megapixels, as cameras write them (docs/guide/plan.md)
_PLANNED_HEAD_BYTES = 2_048  # of each file in an archive: its tar header and its line in the manifest, rounded up


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits where so many cards may be lost.

    Args:
        lose: cards that may be lost.
        size_bytes: of files, at most.
        photographs: how many of the usual size.
    """

    lose: int
    size_bytes: int
    photographs: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What some paths are good for.

    Args:
        cards: those that are cards, with their free bytes and places.
        refused: paths that are not, each with the error that says why.
        fits: for each number of cards that may be lost.
        photograph_bytes: the usual size that was reckoned with.
        seconds: of a sweep of all of them: at least, at most.
    """

    cards: tuple[tuple[Path, str, int], ...]
    refused: tuple[tuple[Path, FifthFloorError], ...]
    fits: tuple[Fit, ...]
    photograph_bytes: int
    seconds: tuple[float, float]


def plan(paths: Sequence[Path], like: Path | None, overwrite: float, serial: str | None = None) -> Planned:
    """Look at cards and say what would fit; they are opened for reading alone.

    Args:
        paths: devices and images, strangers among them.
        like: a folder whose photographs are as large as those to be hidden; None for the usual size.
        overwrite: fraction of each card that may be overwritten, 0 to below 1.
        serial: of `--device`: devices that count though they are not removable, as `hide` would take them.

    Raises:
        BadInput, DeviceRefused: one is given twice, `like` holds no photograph, or none is a card that could be
            written; of each it is said why.
    """
    refuse_twice(paths)
    usual = _usual_bytes(like)
    cards: list[tuple[Path, str, int]] = []
    refused: list[tuple[Path, FifthFloorError]] = []
    rooms: list[Room] = []
    rates: list[float] = []
    opened: list[OpenedCard] = []
    for path in paths:
        try:
            check_writable(path, serial)
            with open_card(path) as card:
                if card.facts.is_block_device:
                    check_may_write(path, card.facts, serial)  # of a device of Windows nothing has asked yet
                layout = lay_out(card.volumes)
                rate = read_rate(card, layout)
                opened.append(OpenedCard(path, card, layout, rate))
                cards.append((path, card.identity.label, layout.free_bytes))
        except FifthFloorError as error:
            refused.append((path, error))
            continue
        rooms.append(layout.room)
        rates.append(max(1.0, rate))
    if not cards:
        raise _none_of(refused)
    pace = Pace(rates, cpu_rate(secret.RANDOM))
    seconds = whole_time(pace, sweep_steps(opened, usual))
    fits = tuple(_fit(rooms, lose, overwrite, usual) for lose in range(len(rooms)))
    return Planned(tuple(cards), tuple(refused), fits, usual, seconds)


def _none_of(refused: Sequence[tuple[Path, FifthFloorError]]) -> FifthFloorError:
    """Return the error of the first, with those of the others beside it."""
    first, *others = (error for _path, error in refused)
    first.also = tuple(others)
    return first


def save_set(given: str, cards: Sequence[Path], *, dry_run: bool = False) -> Path:
    """Write a file with one set of cards.

    Args:
        given: "FILE", or "FILE:NAME"; the set is called "cards" where no name is given.
        cards: of the set.
        dry_run: refuse what would be refused, and write nothing.

    Raises:
        BadInput: something is there already.
    """
    file, colon, name = given.rpartition(":")
    target, called = (Path(file), name) if colon and len(file) > 1 and "/" not in name else (Path(given), "cards")
    if target.is_file():
        raise BadInput("sets.exists", path=str(target), name=called)
    place_together({target: written(called, [card.absolute() for card in cards]).encode()}, dry_run=dry_run)
    return target


def as_document(planned: Planned) -> dict[str, Any]:
    """Return it for --json (docs/guide/json.md)."""
    return {
        "cards": [{"card": str(path), "label": label, "free_bytes": free} for path, label, free in planned.cards],
        "refused": [{"path": str(path), "error": error.key} for path, error in planned.refused],
        "fits": [{"lose": f.lose, "bytes": f.size_bytes, "photographs": f.photographs} for f in planned.fits],
        "photograph_bytes": planned.photograph_bytes,
        "seconds": [round(second, 1) for second in planned.seconds],
    }


def _usual_bytes(like: Path | None) -> int:
    """Return the mean size of the photographs of a folder; the usual one where none is given."""
    if like is None:
        return USUAL_PHOTOGRAPH_BYTES
    sizes = [entry.size_bytes for entry in gather([like]).entries if not entry.is_directory and is_picture(entry.name)]
    if not sizes:
        raise BadInput("plan.no_photograph", path=str(like))
    return max(1, sum(sizes) // len(sizes))


def _fit(rooms: Sequence[Room], lose: int, overwrite: float, usual: int) -> Fit:
    """Find by halving how many symbols a plan bears."""
    low, high = 0, sum(room.places for room in rooms)
    while low < high:
        middle = (low + high + 1) // 2
        if isinstance(make_plan(rooms, middle, lose, overwrite), TooLittle):
            high = middle - 1
        else:
            low = middle
    size = low * SYMBOL_BYTES
    return Fit(lose, size, size // (usual + _PLANNED_HEAD_BYTES))
