"""Trying every place of a card of 64 GiB for a capsule: CPU seconds, and against one X25519 exchange a place.

    python bench/capsules.py [--places 4096]

The places are noise, so every one is tried to its end; the figure is scaled to 65,536. Then what one reading of a card
costs for 64 keys beside one for a single key (spec/sealed.md, section 5).
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fifthfloor.carriers.collection import READ_BYTES, scan_for
from fifthfloor.floor.capsule import MEANT_BYTES, open_capsules
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.seal import keys_of_master
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks.floors.here import MOST_KEYS

OF_64_GIB = 65_536


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--places", type=int, default=4_096)
    places = parser.parse_args().places
    key, own = RecipientKey(os.urandom(32)), X25519PrivateKey.generate()
    theirs = X25519PrivateKey.generate().public_key()
    noise = [os.urandom(MEANT_BYTES) for _ in range(places)]
    runs = []
    for _ in range(3):  # interleaved, so that what else the machine does falls on both
        exchange = cpu_seconds(lambda: [own.exchange(theirs) for _ in range(places)])
        trial = cpu_seconds(lambda: list(open_capsules(noise, key, "")))
        runs.append((trial / exchange, trial / places * OF_64_GIB, exchange / places * OF_64_GIB))
    _reading_for_many()
    ratio, seconds, exchanges = sorted(runs)[1]
    print(
        f"a trial costs {ratio:.1f} exchanges; 65,536 trials {seconds:.1f} CPU s beside {exchanges:.1f} s of exchanges"
    )


def _reading_for_many() -> None:
    """Say what reading 256 MiB for 64 keys costs, in readings for one."""

    class Noise:
        size_bytes = 256 << 20

        def read_into(self, _offset_bytes: int, buffer: memoryview) -> None:
            buffer[:] = data[: len(buffer)]

    data = os.urandom(READ_BYTES)
    ciphers = [SlotCipher(keys_of_master(os.urandom(32))) for _ in range(MOST_KEYS)]
    runs = []
    for _ in range(3):
        one = cpu_seconds(lambda: scan_for([Noise()], ciphers[:1], lambda _done: None))
        all_of_them = cpu_seconds(lambda: scan_for([Noise()], ciphers, lambda _done: None))
        runs.append((all_of_them / one, all_of_them / MOST_KEYS * 256))
    ratio, seconds = sorted(runs)[1]
    print(f"one reading for {MOST_KEYS} keys costs {ratio:.1f} for one; {seconds:.2f} CPU s a key on 64 GiB")


if __name__ == "__main__":
    main()
