"""What the own code gave to `hide` and `open`: the same program, `raptorq` 2.0.0 in its place, in turn; CPU time.

    BENCH_DIR=/on/a/disk python bench/sweep_code.py [--rounds 3] [--mib 512]

Three cards, 28 % of their places hidden. `raptorq` keeps nothing, so with it every group is encoded anew for each
window of the sweep; ours is also measured so. Linux on x86-64 only, where `raptorq` has wheels.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from unittest import mock

import numpy as np
from code_raptorq import their_decode, their_encode
from measure import MIB, cost_of, hide_command, make_cards, make_files, passphrase_file, row
from numpy.typing import NDArray

from fifthfloor import engine
from fifthfloor.carriers import collection
from fifthfloor.floor.symbol_numbers import LIST_BITS, dealt_numbers
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import symbols
from fifthfloor.tasks.floors.hide import first_pass, intend
from fifthfloor.tasks.floors.sources import gather
from fifthfloor.tasks.floors.sweep import opened_cards
from fifthfloor.tasks.progress import silent

OURS, WINDOWS, THEIRS = "ours", "ours in windows", "raptorq"


class TheirBlock:
    """A source block as `raptorq` had it: the source symbols."""

    def __init__(self, group: memoryview, *, lent: bool) -> None:
        del lent
        self._group = bytes(group)

    def encode_in_parts(self, numbers: NDArray[np.int64], most: int) -> Iterator[NDArray[np.uint8]]:
        """Make all of them at once: each call would make every symbol up to the highest number."""
        made = their_encode(self._group, numbers.tolist())
        return (made[start : start + most] for start in range(0, len(made), most))


def decode_as_theirs(
    source_symbols: int, held: Mapping[int, memoryview], *, compare: bool = False
) -> memoryview | None:
    del compare
    try:
        return their_decode(source_symbols, {n: bytes(one) for n, one in held.items()}).reshape(-1).data
    except StopIteration:
        return None


def in_windows() -> None:
    symbols.MOST_KEPT_SYMBOLS = 0


def as_theirs() -> None:
    in_windows()
    mock.patch.object(symbols, "solve", TheirBlock).start()
    mock.patch.object(collection, "decode", decode_as_theirs).start()


CHANGES: dict[str, list[Callable[[], None]]] = {OURS: [], WINDOWS: [in_windows], THEIRS: [as_theirs]}


def changed_program(which: str, arguments: list[str]) -> None:
    """Be the program with another code in it; what is changed here is changed in its workers, too."""
    from fifthfloor.cli import main as program

    for change in CHANGES[which]:
        change()
        engine.FIRST.append(change)
    sys.argv = ["fifthfloor", *arguments]
    program()


def encoding_seconds(files: Path, cards: list[Path], which: str) -> float:
    """CPU seconds of all symbols that a sweep takes, in this process and past no pipe."""
    for change in CHANGES[which]:
        change()
    with opened_cards(cards) as opened:
        intent = intend(gather([files]), opened, 1, 0.2)
    archive = first_pass(intent, silent)
    labels, groups = [one.groups for one in intent.placed], len(archive.groups)
    numbers = dealt_numbers(labels, groups, LIST_BITS, archive.content_key, secret.RANDOM)
    rows = symbols.windows(np.concatenate(labels), np.concatenate(numbers), groups, archive.window_slots)
    begun = time.process_time()
    for _ in symbols.make_symbols(archive, rows):
        pass
    return time.process_time() - begun


def measured(folder: Path, mib: int, rounds: int) -> dict[tuple[str, str], list[float]]:
    """Return the seconds of everything: (what, by which code) -> those of each round."""
    cards = make_cards(folder, 3, mib * MIB)
    files, phrase = make_files(folder / "in", int(0.28 * 3 * mib * MIB / 16384 / 2.0) * 16240), passphrase_file(folder)
    took: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds):
        for which in CHANGES:
            by = [sys.executable, __file__, "--as", which]
            out = folder / f"out {number} {which}"
            opening = ["open", *map(str, cards[1:]), "--out", str(out), "--passphrase-file", str(phrase)]
            encoded = subprocess.run(
                [*by, "encode", str(files), *map(str, cards)], check=True, stdout=subprocess.PIPE, text=True
            )
            took.setdefault(("symbols", which), []).append(float(encoded.stdout))
            hidden = cost_of([*by, *hide_command(files, cards, phrase, "--lose", "1", "--discard")[1:]])
            took.setdefault(("hide", which), []).append(hidden.cpu)
            took.setdefault(("open", which), []).append(cost_of([*by, *opening]).cpu)
    return took


def main() -> None:
    if sys.argv[1:2] == ["--as"]:
        which, *arguments = sys.argv[2:]
        if arguments[0] == "encode":
            print(encoding_seconds(Path(arguments[1]), [Path(one) for one in arguments[2:]], which))
        else:
            changed_program(which, arguments)
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mib", type=int, default=512)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        took = measured(Path(name), given.mib, given.rounds)
    for what in ("symbols", "hide", "open"):
        for which in (OURS, WINDOWS):
            pairs = [a / b for a, b in zip(took[what, THEIRS], took[what, which], strict=True)]
            low, high, middle = min(pairs), max(pairs), statistics.median(pairs)
            row(f"{what}: raptorq beside {which}, CPU", f"{middle:.2f} ({low:.2f} to {high:.2f})", "none set", None)
    for (what, which), seconds in took.items():
        print(what, which, *(f"{one:.2f}" for one in seconds), sep=", ")


if __name__ == "__main__":
    main()
