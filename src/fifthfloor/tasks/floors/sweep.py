"""What wipe and hide share: opened cards, what they offer, what will be gone, and the sweep itself."""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.audit.card import Recoverable, recoverable
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.opening import same_place
from fifthfloor.carriers.free_space import STRETCH_BYTES, Layout, Slots, lay_out, sweep
from fifthfloor.errors import BadInput
from fifthfloor.tasks import secret

Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Takes a title and a total in bytes; gives a function that is told the bytes just done (`cli.console.Console`)."""

_SAMPLE_BYTES = 8 << 20


@contextmanager
def silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    """Show no progress: for processes that nobody watches."""
    yield lambda _done: None


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card ready to be swept.

    Args:
        path: as the person gave it.
        card: opened for writing, and locked.
        layout: its writes and places.
        read_rate: bytes a second, measured just now on its free space, past the cache; 0 where nothing is free.
    """

    path: Path
    card: Card
    layout: Layout
    read_rate: float

    @property
    def seconds(self) -> float:
        """At least how long a sweep takes: one writing and one reading pass at the rate of reading."""
        return 2 * self.layout.free_bytes / self.read_rate if self.read_rate else 0.0


def at_stake(opened: OpenedCard) -> Recoverable | None:
    """Count the deleted photographs that a sweep of this card would destroy for good; None where it cannot be read."""
    try:
        return recoverable(opened.card, _PastCache(opened.card))
    except OSError:
        # A bad sector is no reason not to sweep: writing may mend it, and if not, the read-back says so.
        return None


@contextmanager
def opened_cards(paths: Sequence[Path], serial: str | None = None) -> Iterator[list[OpenedCard]]:
    """Open cards for writing, each once; everything is checked and nothing is written.

    Args:
        paths: block devices or images.
        serial: allows a device that is not removable.

    Raises:
        BadInput: one is given twice, or is not a card that can be understood whole.
        DeviceRefused: mounted, not removable, in use.
    """
    with ExitStack() as stack:
        opened = []
        seen: set[str] = set()
        for path in paths:
            if same_place(path) in seen:
                raise BadInput("cards.twice", path=str(path))
            seen.add(same_place(path))
            card = stack.enter_context(open_card(path, writable=True, serial=serial))
            layout = lay_out(card.volumes)
            opened.append(OpenedCard(path, card, layout, _read_rate(card, layout)))
        yield opened


class _PastCache:
    """Reads a card's free space without filling the system's memory with it; that alone took a third of hiding."""

    def __init__(self, card: Card) -> None:
        self._device = card.device
        # Fresh pages for every read cost as much as copying the card.
        self._pages = memoryview(mmap.mmap(-1, STRETCH_BYTES))

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        if length_bytes > len(self._pages):
            return self._device.read(offset_bytes, length_bytes)
        self._device.read_medium_into(offset_bytes, self._pages[:length_bytes])
        return bytes(self._pages[:length_bytes])


class Medium:
    """A card as the sweep sees it: writes go through the guard of free extents, reads to the device."""

    def __init__(self, card: Card) -> None:
        self._writer = FreeWriter(card)
        self._device = card.device

    def write(self, offset_bytes: int, data: memoryview) -> None:
        self._writer.write(offset_bytes, data)

    def flush(self) -> None:
        self._writer.flush()

    def drop_cache(self) -> None:
        self._device.drop_cache()

    def read_into(self, offset_bytes: int, view: memoryview) -> None:
        try:
            self._device.read_medium_into(offset_bytes, view)
        except OSError as error:
            reason = (error.strerror or "read error").lower()
            raise BadInput("cards.unreadable", path=self._device.path, reason=reason) from error


# Benchmarks put a slow card here, tests a recording one.
MEDIUM: type[Medium] = Medium


def sweep_card(opened: OpenedCard, slots: Slots | None, progress: Progress, title: str) -> None:
    """Sweep one card and read it back; see `carriers.free_space.sweep`."""
    with progress(title, 2 * opened.layout.free_bytes) as advance:
        sweep(MEDIUM(opened.card), opened.layout, slots, secret.RANDOM, advance)


def _read_rate(card: Card, layout: Layout) -> float:
    card.device.drop_cache()
    done = 0
    begun = time.perf_counter()
    for offset, length in layout.writes.tolist():
        try:
            card.device.read(offset, length)
        except OSError:
            continue
        done += length
        if done >= _SAMPLE_BYTES:
            break
    return done / max(1e-6, time.perf_counter() - begun)
