"""What `hide --quick` does to floors of the same passphrase: which of them its runs hit, and whether each comes back.

Runs are drawn before the question and everything they write over is read, so whether one slot of ours is hit is known
without another look. Only where one is, the cards are read whole: what a floor loses is nothing without what it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import NoRoom, NothingFound
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SECTOR_BYTES, SLOT_BYTES, SlotCipher, prefixes_of
from fifthfloor.tasks.floors.before import kept_document
from fifthfloor.tasks.floors.census import SPARE_SYMBOLS, Census
from fifthfloor.tasks.floors.earlier import LettingGo
from fifthfloor.tasks.floors.health import bearable_cards, bearable_percent
from fifthfloor.tasks.floors.keep import FoundFloor, find
from fifthfloor.tasks.floors.listing import Listed, in_order
from fifthfloor.tasks.floors.meanwhile import Meanwhile
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.progress import Progress


class Meeting:
    """Looks for slots of some keys in what is read; while these are still worked on, what was read waits.

    Args:
        keys: of the floors that may be met.
    """

    def __init__(self, keys: FloorKeys | Meanwhile[FloorKeys]) -> None:
        self._keys = keys
        self._waiting: list[NDArray[np.uint8]] = []
        self._met = False

    def see(self, data: bytes) -> None:
        """Take what was read, from a boundary of 512 bytes on."""
        whole = len(data) // SECTOR_BYTES * SECTOR_BYTES
        if whole and not self._met:
            self._waiting.append(np.array(prefixes_of(np.frombuffer(data, np.uint8, whole))))
            if not isinstance(self._keys, Meanwhile) or self._keys.done:
                self._recognise()

    @property
    def met(self) -> bool:
        """Whether a slot was among it; waits for the keys."""
        self._recognise()
        return self._met

    def _recognise(self) -> None:
        cipher = SlotCipher(self._keys.result() if isinstance(self._keys, Meanwhile) else self._keys)
        self._met = self._met or any(len(cipher.recognise_prefixes(one).sector) for one in self._waiting)
        self._waiting.clear()


@dataclass(frozen=True, slots=True)
class StillThere:
    """A floor that comes back when the runs are written.

    Args:
        listed: its date and files.
        cards, percent: what it can bear after that: cards that may be lost, or of each so much.
    """

    listed: Listed
    cards: int
    percent: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of floors of the same passphrase.

    Args:
        borne: those that come back.
        gone: those that do not, and are let go.
    """

    borne: tuple[StillThere, ...] = ()
    gone: tuple[Listed, ...] = ()

    @property
    def document(self) -> list[dict[str, Any]]:
        """What is borne, for the screen and for --dry-run --json (docs/guide/json.md)."""
        more = [{"may_lose_cards": one.cards, "may_lose_percent": one.percent} for one in self.borne]
        return [kept_document(one.listed) | bears for one, bears in zip(self.borne, more, strict=True)]


def reckon_earlier(
    cards: Sequence[OpenedCard],
    drawn: Sequence[OpenedCard],
    keys: FloorKeys,
    letting_go: LettingGo,
    progress: Progress,
) -> Outcome:
    """Read the cards whole and reckon what the runs leave of each floor of these keys; nothing is written.

    Args:
        cards: opened, with all their places.
        drawn: the same, with the places of their runs.
        keys: of what is hidden now.
        letting_go: what may go.
        progress: shown for the reading.

    Raises:
        NoRoom: one would not come back, or nobody can tell from these cards, and it is not let go.
    """
    found: list[FoundFloor] = []
    with suppress(NothingFound):  # what was met opens no more: there is nothing to lose
        found = find(cards, [keys], progress)
    places = [np.sort(one.layout.places) for one in drawn]
    borne, ending, gone = [], [], []
    for one in found:
        if one.census is None:
            if not (letting_go.all or letting_go.broken):
                raise one.trouble or ValueError("a floor without a census has its trouble")
            gone.append(one.listed)
        elif bears := _bears(one.census, places):
            borne.append(StillThere(one.listed, *bears))
        else:
            ending.append(one.listed)
    if ending and not letting_go.all:
        _refuse(sorted(ending, key=in_order))
    borne.sort(key=lambda one: in_order(one.listed))
    return Outcome(tuple(borne), tuple(sorted([*gone, *ending], key=in_order)))


def _bears(census: Census, written: Sequence[NDArray[np.int64]]) -> tuple[int, int] | None:
    """Return what a floor can bear once these places are written: cards, percent of each; None where it is gone."""
    hit = _hit(census.slots, written)
    left = census.slots[~hit]
    carriers, column = np.unique([census.carrier_of[card] for card in left[:, 0].tolist()], return_inverse=True)
    counts = np.zeros((len(census.source), len(carriers)), np.int64)
    np.add.at(counts, (left[:, 2], column), 1)
    threshold = census.unlocked.threshold
    if len(carriers) < threshold or (hit.any() and (counts.sum(axis=1) < census.source + SPARE_SYMBOLS).any()):
        return None  # what is not hit comes back as it did, even with nothing to spare
    stands = np.concatenate([left[:, :3], carriers[column][:, None]], axis=1)
    cards = bearable_cards(counts, census.source, len(carriers), threshold)
    return cards, bearable_percent(counts, census.source, stands)


def _hit(slots: NDArray[np.int64], written: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Say which slots share a byte with a place that is written; before a formatting they stood between places."""
    hit = np.zeros(len(slots), bool)
    for card, places in enumerate(written):
        mine = np.flatnonzero(slots[:, 0] == card)
        begin = np.searchsorted(places, slots[mine, 1] - SLOT_BYTES, side="right")
        end = np.searchsorted(places, slots[mine, 1] + SLOT_BYTES, side="left")
        hit[mine] = end > begin
    return hit


def _refuse(ending: Sequence[Listed]) -> None:
    known = [one.listing for one in ending if one.listing]
    if not known:
        raise NoRoom("quick.ends_unnamed")
    raise NoRoom(
        "quick.ends",
        days="before.day" if known[0].hidden == known[-1].hidden else "before.days",
        first=known[0].hidden,
        last=known[-1].hidden,
        count=len({one.hidden for one in known}),
        files=sum(len(one.files) for one in known),
        size=sum(one.size_bytes for one in known),
    )
