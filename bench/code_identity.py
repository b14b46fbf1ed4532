"""Every K from 1 to 3,200 beside `raptorq`: the same symbols, and the same fate at K, K + 1 and K + 2.

    python bench/code_identity.py [--step 1]

Symbols of 8 bytes: the matrix depends on the numbers only. Linux on x86-64 only. About two minutes of CPU.
"""

from __future__ import annotations

import argparse
import random

import numpy as np
import raptorq

from fifthfloor.floor.header import MAX_SOURCE_SYMBOLS
from fifthfloor.floor.raptor.decoder import decode
from fifthfloor.floor.raptor.encoder import encode

WIDTH = 8
REPAIR = 200


def same_symbols(sources: int, chance: random.Random) -> int:
    """Compare the repair symbols next to K and some further ones; returns how many."""
    block = np.frombuffer(chance.randbytes(sources * WIDTH), np.uint8).reshape(sources, WIDTH)
    theirs = raptorq.Encoder.with_defaults(block.tobytes(), WIDTH).get_encoded_packets(REPAIR)
    numbers = [*range(sources, sources + 4), *chance.sample(range(sources + REPAIR), 8)]
    for number, ours in zip(numbers, encode(block, numbers), strict=True):
        if theirs[number][4:] != ours.tobytes():
            raise SystemExit(f"K = {sources}: symbol {number} differs")
    return len(numbers)


def same_fate(sources: int, chance: random.Random) -> bool:
    """Decode a random set of K to K + 2 symbols with both; returns whether it was enough."""
    block = np.frombuffer(chance.randbytes(sources * WIDTH), np.uint8).reshape(sources, WIDTH)
    theirs = raptorq.Encoder.with_defaults(block.tobytes(), WIDTH).get_encoded_packets(sources + 8)
    numbers = chance.sample(range(2 * sources + 8), sources + chance.randrange(3))
    decoder = raptorq.Decoder.with_defaults(sources * WIDTH, WIDTH)
    back = next((whole for whole in (decoder.decode(theirs[n]) for n in numbers) if whole is not None), None)
    ours = decode(sources, {n: np.frombuffer(theirs[n], np.uint8)[4:] for n in numbers})
    if (ours is None) != (back is None) or (ours is not None and ours.tobytes() != block.tobytes()):
        raise SystemExit(f"K = {sources}: another fate with {sorted(numbers)}")
    return ours is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=1, help="1 is every K")
    step = parser.parse_args().step
    chance = random.Random(20261129)
    symbols = sum(same_symbols(sources, chance) for sources in range(1, MAX_SOURCE_SYMBOLS + 1, step))
    fates = [same_fate(sources, chance) for sources in [*range(1, 300), *range(300, MAX_SOURCE_SYMBOLS, 29)] * 2]
    print(f"{symbols:,} symbols equal; {len(fates):,} sets of symbols, {fates.count(False)} not enough for either")


if __name__ == "__main__":
    main()
