"""Our RaptorQ beside `raptorq` 2.0.0 as it was used (five stripes a group), interleaved in one run; CPU time, memory.

    python bench/code_raptorq.py [--rounds 7] [K ...]

Linux on x86-64 only, where `raptorq` has wheels.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import raptorq
from measure import row
from numpy.typing import NDArray

from fifthfloor.floor.raptor import matrix, solving
from fifthfloor.floor.raptor.block import block_of
from fifthfloor.floor.raptor.encoder import internal
from fifthfloor.floor.shards import SURPLUS, decode, encode
from fifthfloor.floor.slot import SYMBOL_BYTES

STRIPES = 5
STRIPE_BYTES = SYMBOL_BYTES // STRIPES
MEMORY_SYMBOLS = 3_040
PATTERNS = 40


def their_encode(group: bytes, symbols: Sequence[int]) -> NDArray[np.uint8]:
    """The repair symbols among these, as `floor.shards` made them with `raptorq` until November 2026."""
    source = np.frombuffer(group, np.uint8).reshape(-1, SYMBOL_BYTES)
    made = np.empty((len(symbols), SYMBOL_BYTES), np.uint8)
    for stripe in range(STRIPES):
        columns = slice(stripe * STRIPE_BYTES, (stripe + 1) * STRIPE_BYTES)
        encoder = raptorq.Encoder.with_defaults(source[:, columns].tobytes(), STRIPE_BYTES)
        packets = encoder.get_encoded_packets(max(symbols) - len(source) + 1)
        chosen = b"".join(packets[number] for number in symbols)
        made[:, columns] = np.frombuffer(chosen, np.uint8).reshape(len(symbols), -1)[:, 4:]
    return made


def their_decode(sources: int, symbols: Mapping[int, bytes]) -> NDArray[np.uint8]:
    """The same for decoding."""
    group = np.empty((sources, SYMBOL_BYTES), np.uint8)
    for stripe in range(STRIPES):
        columns = slice(stripe * STRIPE_BYTES, (stripe + 1) * STRIPE_BYTES)
        decoder = raptorq.Decoder.with_defaults(sources * STRIPE_BYTES, STRIPE_BYTES)
        packets = (number.to_bytes(4, "big") + symbols[number][columns] for number in sorted(symbols))
        whole = next(whole for whole in map(decoder.decode, packets) if whole is not None)
        group[:, columns] = np.frombuffer(whole, np.uint8).reshape(sources, STRIPE_BYTES)
    return group


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def forget_plans() -> None:
    solving.encoding_plan.cache_clear()
    matrix.hdpc_coefficients.cache_clear()


def beside(sources: int, rounds: int) -> None:
    """Print the rows of one K."""
    group = random.Random(sources).randbytes(sources * SYMBOL_BYTES)
    repair = range(sources, sources + round(0.95 * sources))
    drawn = random.Random(1).sample(range(2 * sources), sources + SURPLUS)
    many = {number: made.tobytes() for number, made in zip(drawn, encode(group, drawn), strict=True)}
    few = dict(list(many.items())[: sources + 2])
    if (their_encode(group, repair) != encode(group, repair)).any() or their_decode(sources, few).tobytes() != group:
        raise SystemExit("the two codes differ")
    took: dict[str, list[float]] = {}
    for _ in range(rounds):
        took.setdefault("theirs", []).append(seconds(lambda: their_encode(group, repair)))
        took.setdefault("kept", []).append(seconds(lambda: encode(group, repair)))
        forget_plans()
        took.setdefault("first", []).append(seconds(lambda: encode(group, repair)))
        took.setdefault("their decode", []).append(seconds(lambda: their_decode(sources, few)))
        took.setdefault("K + 2", []).append(seconds(lambda: decode(sources, few)))
        took.setdefault("K + 16", []).append(seconds(lambda: decode(sources, many)))
        took.setdefault("single", []).append(seconds(lambda: encode(group, [sources + 100_000])))
    middle = {name: statistics.median(times) for name, times in took.items()}
    limits = {"kept": ("theirs", 1.2), "first": ("theirs", 0.9)}
    limits |= {"K + 2": ("their decode", 0.85), "K + 16": ("their decode", 1.1)}
    for name, (peer, limit) in limits.items():
        ratio = middle[peer] / middle[name]
        rate = len(group) / middle[name] / 1e6
        row(f"K = {sources:,}, {name}", f"{ratio:.2f} of raptorq ({rate:.0f} MB/s)", f"{limit}", ratio >= limit)
    row(f"K = {sources:,}, one symbol, K + 100,000", f"{middle['single']:.2f} s", "0.25 s", middle["single"] <= 0.25)


def planning(sources: int) -> None:
    """Print the slowest plan of some loss patterns."""
    chance, block, worst = random.Random(2), block_of(sources), 0.0
    for number in range(PATTERNS):
        among = sources + 1 + chance.randrange(0, 2 * sources)  # from hardly anything lost to two thirds
        drawn = sorted(chance.sample(range(max(among, sources + 16)), sources + (2, 16)[number % 2]))
        given = np.concatenate([internal(block, sources, np.array(drawn)), np.arange(sources, block.padded)])
        # The better of three: a pattern takes what it takes, and the other processes of a loaded machine take the rest.
        worst = max(worst, min(seconds(lambda given=given: solving.plan(block, given)) for _ in range(3)))  # type: ignore[misc]
    row(f"K = {sources:,}, the slowest plan of {PATTERNS}", f"{worst * 1e3:.0f} ms", "60 ms", worst <= 0.06)


def memory() -> None:
    """Print what encoding the largest group adds to a process; the process is a fresh one."""
    code = (
        "from fifthfloor.floor.shards import encode\n"
        "def peak(): return int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
        "group = bytes(3200 * 16240); encode(bytes(16240), [1]); before = peak()\n"
        f"encode(group, range(3200, 3200 + {MEMORY_SYMBOLS})); print(peak() - before)"
    )
    added = int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout) * 1024 / 1e6
    output = MEMORY_SYMBOLS * SYMBOL_BYTES / 1e6
    row(f"K = 3,200, {MEMORY_SYMBOLS} symbols made, memory", f"{added:.0f} MB, {output:.0f} of them the symbols", "120 MB", added <= 120)  # noqa: E501  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("sources", nargs="*", type=int, default=[1000, 2755, 3200], metavar="K")
    given = parser.parse_args()
    for sources in given.sources:
        beside(sources, given.rounds)
        planning(sources)
    memory()


if __name__ == "__main__":
    main()
