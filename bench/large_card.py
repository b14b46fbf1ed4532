"""A floor of 4 GiB on cards of 64 GiB, of which only the sealed slots are stored: time, CPU, encoder passes, memory.

The fill of a piece is keystream under the number of the piece, so the card makes it again when it is read. What the
card itself costs is measured apart and taken off. `large_card.py [CARDS] [CARD_GIB] [FLOOR_MIB]`; one card by default.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from measure import MIB, PASSPHRASE, helped, make_cards, resident_mb, row
from numpy.typing import NDArray

from fifthfloor.cards.image import Card
from fifthfloor.carriers import free_space
from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.carriers.free_space import Layout, lay_out
from fifthfloor.floor.noise import NoiseMaker
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher
from fifthfloor.floor.tar_stream import Entry, Unpacked, unpack
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import sweep as sweeping
from fifthfloor.tasks.floors import symbols
from fifthfloor.tasks.floors.hide import hide, intend
from fifthfloor.tasks.floors.restore import archive_of
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.progress import silent

FILE_BYTES = 32 * MIB
_ZEROS = memoryview(bytes(4 * MIB))


def keystream_into(key: bytes, offset: int, buffer: memoryview) -> None:
    """Fill with AES-256-CTR keystream from a multiple of 16 bytes on."""
    counter = (offset // 16).to_bytes(16, "big")
    Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor().update_into(_ZEROS[: len(buffer)], buffer)


def key_of(number: int) -> bytes:
    return hashlib.sha256(b"piece %d" % number).digest()


class NumberedNoise(NoiseMaker):
    """Noise that the card can make again: the key of a piece is its number."""

    def __init__(self, _most_bytes: int, _random: object) -> None:
        self._number = 0

    def fill(self, buffer: memoryview) -> None:
        keystream_into(key_of(self._number), 0, buffer)
        self._number += 1


@dataclass(frozen=True, slots=True)
class NoiseReader:
    """Photographs that are made as they are read; goes to the worker process."""

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        for start in range(0, entry.size_bytes, MIB):
            piece = bytearray(min(MIB, entry.size_bytes - start))
            self.read_into(entry, start, memoryview(piece))
            yield bytes(piece)

    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        skip = offset_bytes % 16
        whole = bytearray(len(buffer) + skip)
        keystream_into(hashlib.sha256(entry.name.encode()).digest(), offset_bytes - skip, memoryview(whole))
        buffer[:] = memoryview(whole)[skip:]


class Synthetic(sweeping.CardMedium):
    """A card that stores sealed slots in its sparse image, and makes the fill again.

    Also a device to be read (`Readable`).
    """

    cards: list[Synthetic] = []  # noqa: RUF012 - in order of sweeping
    own_seconds = 0.0

    def __init__(self, card: Card) -> None:
        self._card = card.device
        self._layout: Layout = lay_out(card.volumes)
        self._ends = np.concatenate([[0], self._layout.piece_ends])
        self._sealed = np.zeros(len(self._layout.places), np.bool_)
        self._fill = memoryview(bytearray(4 * MIB))
        self._now = -1
        self.size_bytes = card.device.size_bytes
        Synthetic.cards.append(self)

    def write(self, offset_bytes: int, data: memoryview) -> None:
        with self._own_time():
            fill = self._fill_of(offset_bytes, len(data))
            places = self._places(offset_bytes, len(data))
            for index, place in enumerate(self._layout.places[places].tolist(), places.start):
                at = place - offset_bytes
                self._sealed[index] = data[at : at + 32] != fill[at : at + 32]
                if self._sealed[index]:
                    self._card.write(place, data[at : at + SLOT_BYTES])

    def flush(self) -> None: ...

    def drop_cache(self) -> None: ...

    def read_into(self, offset_bytes: int, view: memoryview) -> None:
        with self._own_time():
            writes = self._layout.writes
            end = offset_bytes + len(view)
            first = max(0, int(np.searchsorted(writes[:, 0], offset_bytes, side="right")) - 1)
            for start, length in writes[first : int(np.searchsorted(writes[:, 0], end))].tolist():
                low, high = max(start, offset_bytes), min(start + length, end)
                if low < high:
                    view[low - offset_bytes : high - offset_bytes] = self._fill_of(start, length)[
                        low - start : high - start
                    ]
            places = self._places(offset_bytes - SLOT_BYTES + 1, len(view) + 2 * SLOT_BYTES - 2)
            for place in self._layout.places[places][self._sealed[places]].tolist():
                low, high = max(place, offset_bytes), min(place + SLOT_BYTES, end)
                if low < high:
                    self._card.read_into(low, view[low - offset_bytes : high - offset_bytes])

    def _places(self, offset: int, length: int) -> slice:
        places = self._layout.places
        last = int(np.searchsorted(places, offset + length - SLOT_BYTES, side="right"))
        return slice(int(np.searchsorted(places, offset)), last)

    def _fill_of(self, offset: int, length: int) -> memoryview:
        """The fill of one write of the layout."""
        write = int(np.searchsorted(self._layout.writes[:, 0], offset, side="right")) - 1
        piece = int(np.searchsorted(self._ends, write, side="right")) - 1
        if piece != self._now:
            self._now = piece
            keystream_into(key_of(piece), 0, self._fill)
        at = int(self._layout.writes[self._ends[piece] : write, 1].sum())
        return self._fill[at : at + length]

    @contextlib.contextmanager
    def _own_time(self) -> Iterator[None]:
        begun = time.thread_time()
        yield
        Synthetic.own_seconds += time.thread_time() - begun


def cpu_seconds() -> float:
    """CPU of this process and its ended children, without what the synthetic cards took."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime - Synthetic.own_seconds


class Peak(threading.Thread):
    """The most memory that this process and its children hold together."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb = 0.0
        self.start()

    def run(self) -> None:
        while True:
            self.mb = max(self.mb, resident_mb(os.getpid()))
            time.sleep(0.1)


def bring_back(names: int) -> float:
    """Index the cards but the first (if there are several), bring everything back, compare every hash; CPU seconds."""
    begun = cpu_seconds()
    cards = Synthetic.cards[1:] or Synthetic.cards
    cipher = SlotCipher(secret.keys_of(PASSPHRASE, ""))
    collection = Collection(cards, cipher, scan(cards, cipher, lambda _done: None))
    (facts,) = collection.floors()
    unlocked = facts.unlock()
    assert unlocked
    learned, found = Unpacked(), {}
    for entry, contents in unpack(archive_of(collection, facts, unlocked, lambda _done: None), learned):
        digest = hashlib.sha256()
        for piece in contents:
            digest.update(piece)
        found[entry.name] = digest.hexdigest()
    if found != learned.hashes or len(found) != names:
        raise SystemExit("what came back is not what was hidden")
    return cpu_seconds() - begun


def main() -> None:
    count, card_gib, floor_mib = (int(word) for word in (sys.argv[1:] + ["1", "64", "4096"][len(sys.argv) - 1 :]))
    names = -(-floor_mib * MIB // FILE_BYTES)
    sources = Sources(tuple(Entry(f"IMG_{n:05d}.NEF", FILE_BYTES, float(n)) for n in range(names)), NoiseReader())
    peak = Peak()
    passes: list[int] = []
    really = symbols.windows

    def noted(labels: NDArray[np.int64], numbers: NDArray[np.int64], groups: int, most: int) -> list[symbols.Window]:
        made: list[symbols.Window] = [*really(labels, numbers, groups, most)]
        passes.append(len(made))
        return made

    setattr(hiding, "windows", noted)  # noqa: B010 - as below
    setattr(free_space, "NoiseMaker", NumberedNoise)  # noqa: B010 - not the module's to give, and so not typed
    sweeping.MEDIUM = Synthetic
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        cards = make_cards(Path(name), count, card_gib * 1024 * MIB)
        with sweeping.opened_cards(cards) as opened:
            intent = intend(sources, opened, int(count >= 3), 0.2)
            begun, cpu = time.perf_counter(), cpu_seconds()
            hide(intent, opened, secret.keys_of(PASSPHRASE, ""), silent)
            wall, cpu = time.perf_counter() - begun, cpu_seconds() - cpu
            what = f"floor of {floor_mib} MiB on {count} x {card_gib} GiB"
            swept = count * card_gib * 1024 * MIB / cpu / 1e6
            row(f"hide, {what}", f"{cpu:.0f} core-seconds, {swept:.0f} MB swept each; {wall:.0f} s", "none set", None)
            row(
                "the same, passes of the encoder",
                f"{passes[0]}, and one reading of the sources before",
                "none set",
                None,
            )
            row("the same, memory of all its processes", f"{peak.mb:.0f} MB", "700 MB", peak.mb <= 700)
            back = bring_back(names)
            row(f"bring back, {what}", f"{back:.0f} core-seconds", "none set", None)
            row("the same, memory with the hide before it", f"{peak.mb:.0f} MB", "700 MB", peak.mb <= 700)


if __name__ == "__main__":
    helped(__doc__)
    main()
