"""How long a job takes: a range from what its cards have done so far, and never a single number.

Before anything is written only reading is known, and cards write at a sixth of that or as fast; so the first range is
wide. A card's own writing narrows it within seconds; the next card is guessed from this one's ratio.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

_Work = Literal["read", "write", "think"]
MOST_TIMES_SLOWER = 6.0  # how much slower than reading a card writes at worst (docs/performance/evening.md)
LEARNT_SECONDS, LEARNT_BYTES = 1.0, 8 << 20  # from here on a rate is known and no guess
_TIMED_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job, of which the bar is told by `Progress` when it begins and how far it is.

    Args:
        key: of its sentence, "work.*"; steps of one key come in the order they are expected.
        kind: what it waits for: a card that is read or written, or the processor.
        length_bytes: how much; 0 where only seconds count.
        card: index of its card; -1 where there is none.
        seconds: least and most, beside its bytes.
    """

    key: str
    kind: _Work
    length_bytes: int = 0
    card: int = -1
    seconds: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class _BytesSoFar:
    """What a card, or the processor, did so far: bytes in seconds."""

    length_bytes: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float | None:
        """Bytes a second; None while too little was done to tell."""
        known = self.seconds >= LEARNT_SECONDS and self.length_bytes >= LEARNT_BYTES
        return self.length_bytes / self.seconds if known else None


@dataclass(slots=True)
class Pace:
    """What is known of how fast the parts of a job go.

    Args:
        read_rates: bytes a second of each card, measured before the job.
        cpu_rate: bytes a second that this computer can prepare; a faster card waits for it.
    """

    read_rates: Sequence[float]
    cpu_rate: float
    _done: dict[tuple[_Work, int], _BytesSoFar] = field(default_factory=dict)

    def learn(self, step: Step, length_bytes: int, seconds: float) -> None:
        """Take in what a step did since it was last told."""
        done = self._done.setdefault((step.kind, step.card), _BytesSoFar())
        done.length_bytes += length_bytes
        done.seconds += seconds

    def seconds_of(self, step: Step, left_bytes: int | None = None) -> tuple[float, float]:
        """Return how long a step takes, or what is left of it: at least, at most."""
        slowest, fastest = self._rates(step)
        left = step.length_bytes if left_bytes is None else left_bytes
        fixed = step.seconds if left == step.length_bytes else (0.0, 0.0)
        return left / fastest + fixed[0], left / slowest + fixed[1]

    def _rates(self, step: Step) -> tuple[float, float]:
        """Return the slowest and the fastest rate a step may have, bytes a second."""
        learnt = self._known(step.kind, step.card)
        if learnt is not None:
            return learnt / 1.25, learnt * 1.15
        if step.kind == "think":
            return self.cpu_rate / 5, self.cpu_rate * 2
        read = min(self._read_rate(step.card), self.cpu_rate)
        if step.kind == "read":
            return read / 1.8, read * 1.25
        ratios = [w / self._read_rate(c) for c in range(len(self.read_rates)) if (w := self._known("write", c))]
        if ratios:
            return read * min(ratios) / 1.5, read * max(ratios) * 1.5
        return read / MOST_TIMES_SLOWER, read * 1.3

    def _read_rate(self, card: int) -> float:
        known = self._known("read", card)
        if known is not None:
            return known
        return self.read_rates[card] if 0 <= card < len(self.read_rates) else self.cpu_rate

    def _known(self, kind: _Work, card: int) -> float | None:
        done = self._done.get((kind, card))
        return done.rate if done else None


def whole_time(pace: Pace, steps: Sequence[Step]) -> tuple[float, float]:
    """Return how long some steps take together, in seconds: at least, at most."""
    times = [pace.seconds_of(step) for step in steps]
    return sum(low for low, _ in times), sum(high for _, high in times)


def cpu_rate(random: Callable[[int], bytes]) -> float:
    """Measure how many bytes of noise a second this computer makes and fingerprints: a hundredth of a second's work.

    Args:
        random: source of chance.
    """
    buffer = memoryview(bytearray(_TIMED_BYTES))
    # Not above: the bar imports this file, and `--help` would wait for numpy.
    from fifthfloor.floor.noise import Fingerprinter, NoiseMaker

    noise, fingerprint = NoiseMaker(_TIMED_BYTES, random), Fingerprinter(random)
    begun = time.perf_counter()
    noise.fill(buffer)
    fingerprint.of(buffer)
    return _TIMED_BYTES / max(1e-4, time.perf_counter() - begun)
