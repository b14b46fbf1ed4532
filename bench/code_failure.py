"""How often K, K + 1 and K + 2 random symbols do not bring a group back, measured beside what RFC 6330 demands.

    python bench/code_failure.py [--tries 2000]

One stripe is enough: the five objects of a group have the same numbers and so the same fate. Symbols are drawn from
the source symbols and as many repair symbols again, as when half of a floor is lost.
"""

from __future__ import annotations

import argparse
import random

import raptorq

STRIPE_BYTES = 8  # the matrix depends on the numbers only, so the shortest stripe measures the same


def failures(sources: int, excess: int, tries: int, chance: random.Random) -> int:
    """Count the tries in which K + excess different symbols are not enough."""
    group = chance.randbytes(sources * STRIPE_BYTES)
    packets = raptorq.Encoder.with_defaults(group, STRIPE_BYTES).get_encoded_packets(sources + excess + 8)
    lost = 0
    for _ in range(tries):
        decoder = raptorq.Decoder.with_defaults(len(group), STRIPE_BYTES)
        results = [decoder.decode(packet) for packet in chance.sample(packets, sources + excess)]
        lost += all(result is None for result in results)
    return lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=2000, help="for K up to 100; larger ones take fewer")
    tries = parser.parse_args().tries
    chance = random.Random(20261122)
    print("| K | symbols | tries | not enough | measured | RFC 6330: at most |\n|---|---|---|---|---|---|")
    for sources in (1, 2, 10, 100, 1000, 3200):
        for excess in (0, 1, 2):
            count = max(20, tries if sources <= 100 else tries * 100 // sources // 4)
            lost = failures(sources, excess, count, chance)
            odds = 100.0 ** -(excess + 1)
            more = f" + {excess}" if excess else ""
            print(f"| {sources} | K{more} | {count} | {lost} | {lost / count:.4f} | {odds:.6f} |", flush=True)


if __name__ == "__main__":
    main()
