"""Fuzz the parsers of cards, slots, archives, and photographs in pieces: `bench/fuzz.py [SECONDS] [TARGET...]`.

Guided by coverage. Starts from `tests/hostile/corpus`, keeps what reaches new lines, and stops with the input that
broke a rule, written to `tests/hostile/corpus/TARGET/` so that the suite meets it from then on. Seconds are of CPU
time. Prints a row a target.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.hostile.targets import TARGETS  # noqa: E402 - found through the line above

CORPUS = REPOSITORY / "tests" / "hostile" / "corpus"
MAX_BYTES = 16_384
PARSERS = (
    "fifthfloor/cards",
    "fifthfloor/floor",
    "fifthfloor/carriers",
    "fifthfloor/audit",
    "fifthfloor/jpeg",
    "/tarfile.py",
)
Line = tuple[str, int]


class Tracer:
    """Runs a target and tells which lines it reached first; code of which every line was reached is not traced."""

    def __init__(self) -> None:
        self.reached: set[Line] = set()
        self._left: dict[CodeType, set[int]] = {}

    def fresh_lines(self, target: Callable[[bytes], None], data: bytes) -> int:
        """Return how many lines of the parsers this input is the first to reach."""
        before = len(self.reached)
        sys.settrace(self._trace)
        try:
            target(data)
        finally:
            sys.settrace(None)
        return len(self.reached) - before

    def _trace(self, frame: FrameType, event: str, _argument: Any) -> Any:
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            parser = any(part in code.co_filename for part in PARSERS)
            # The line of `def` itself gives no event of its own.
            lines = (
                {line for _, _, line in code.co_lines() if line and line != code.co_firstlineno} if parser else set()
            )
            left = self._left[code] = lines
        if event == "line" and frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self.reached.add((code.co_filename, frame.f_lineno))
        return self._trace if left else None


def mutate(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Change, copy, cut or splice a few places."""
    changed = bytearray(data or b"\0")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        step = chance.randrange(6)
        if step == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif step == 1:
            changed[at : at + 4] = chance.choice([b"\xff" * 4, bytes(4), chance.randbytes(4), b"\xf7\xff\xff\x0f"])
        elif step == 2:
            changed[at : at + 32] = changed[chance.randrange(len(changed)) :][:32]
        elif step == 3:
            del changed[at : at + chance.choice([1, 32, 512])]
        elif step == 4:
            changed[at:at] = chance.choice(others)[at : at + 512]
        else:
            changed[at : at + 1] = bytes(
                [chance.choice([0, 1, 5, 0x40, 0x41, 0x80, 0x81, 0x85, 0xC0, 0xC1, 0xE5, 0xEE])]
            )
        changed = changed or bytearray(b"\0")
    return bytes(changed[:MAX_BYTES])


def fuzz(name: str, seconds: float, *, keep: bool, seed: int = 1) -> str:
    """Fuzz one target; returns its row. An exception of the target is written as a seed and raised."""
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    chance, target = random.Random(seed), TARGETS[name]
    pool = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))] or [b"\0" * 512]
    tracer = Tracer()
    for data in pool:
        tracer.fresh_lines(target, data)
    seeds, runs, begun = len(pool), 0, time.process_time()
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))  # ends with the row of what was done
    while time.process_time() < begun + seconds and not stopped:
        data = mutate(chance, chance.choice(pool), pool)
        try:
            fresh = tracer.fresh_lines(target, data)
        except BaseException:
            found = CORPUS / name / f"found-{runs}"
            found.parent.mkdir(parents=True, exist_ok=True)
            found.write_bytes(data)
            print(f"{name}: {found}", file=sys.stderr)
            raise
        if fresh:
            pool.append(data)
            if keep:
                (CORPUS / name / f"reached-{hashlib.sha256(data).hexdigest()[:8]}").write_bytes(data)
        runs += 1
    took = time.process_time() - begun
    return f"| {name} | {took:.0f} s | {runs:,} | {len(tracer.reached)} | {len(pool) - seeds} | 0 |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=300.0, help="of CPU for each")
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], default=[])
    parser.add_argument("--keep", action="store_true", help="also write what reached new lines to the corpus")
    given = parser.parse_args()
    print("| target | CPU time | runs | lines reached | inputs kept | broken rules |\n" + "|---" * 6 + "|")
    for chosen in given.targets or TARGETS:
        print(fuzz(chosen, given.seconds, keep=given.keep), flush=True)


if __name__ == "__main__":
    main()
