"""Trying every place of a card of 64 GiB for a capsule: CPU seconds, and against one X25519 exchange a place.

    python bench/capsules.py [--places 4096]

The places are noise, so every one is tried to its end; the figure is scaled to 65,536.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fifthfloor.floor.capsule import MEANT_BYTES, open_capsules
from fifthfloor.floor.recipient import RecipientKey

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
    ratio, seconds, exchanges = sorted(runs)[1]
    print(
        f"a trial costs {ratio:.1f} exchanges; 65,536 trials {seconds:.1f} CPU s beside {exchanges:.1f} s of exchanges"
    )


if __name__ == "__main__":
    main()
