"""Fuzz the parsers of cards, guided by coverage: `python bench/fuzz.py [SECONDS_A_PARSER] [TARGET...]`.

Starts from `tests/hostile/corpus`, keeps what reaches new lines, and stops with the input that broke a rule, written
to `tests/hostile/corpus/TARGET/` so that the suite meets it from then on. Prints a Markdown row a target.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.hostile.targets import TARGETS  # noqa: E402 - found through the line above

CORPUS = REPOSITORY / "tests" / "hostile" / "corpus"
MAX_BYTES = 16_384
Line = tuple[str, int]


def lines_of(target: Callable[[bytes], None], data: bytes) -> set[Line]:
    """Run a target and return the lines of `fifthfloor.cards` it went through."""
    seen: set[Line] = set()

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        if "fifthfloor/cards" not in frame.f_code.co_filename:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        target(data)
    finally:
        sys.settrace(None)
    return seen


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


def fuzz(name: str, seconds: float, seed: int = 1) -> str:
    """Fuzz one target; returns its row. An exception of the target is written as a seed and raised."""
    chance, target = random.Random(seed), TARGETS[name]
    pool = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))] or [b"\0" * 512]
    reached: set[Line] = set().union(*(lines_of(target, data) for data in pool))
    runs, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutate(chance, chance.choice(pool), pool)
        try:
            lines = lines_of(target, data)
        except BaseException:
            found = CORPUS / name / f"found-{runs}"
            found.parent.mkdir(parents=True, exist_ok=True)
            found.write_bytes(data)
            print(f"{name}: {found}", file=sys.stderr)
            raise
        if lines - reached:
            reached |= lines
            pool.append(data)
        runs += 1
    return f"| fuzzing `{name}` | {runs} runs in {seconds:.0f} s | {len(reached)} lines reached | 0 broken rules |"


if __name__ == "__main__":
    duration = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    for chosen in sys.argv[2:] or list(TARGETS):
        print(fuzz(chosen, duration), flush=True)
