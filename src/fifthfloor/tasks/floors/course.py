"""Where a job is: which step, how much of all, at what rate, and how long still; shown by the bar and by the desk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from fifthfloor.tasks.floors.pace import Pace, Step


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A job at this moment.

    Args:
        key: of the sentence that says what is done now ("work.*").
        number, count: of how many steps of this key it is; 0 where it stands alone.
        counted: whether anybody can say how much is done.
        share: of the job by time, 0 to 1; it never goes back.
        seconds: still to come: at least, at most.
        rate: bytes a second of this step so far; 0 while it is not known.
    """

    key: str
    number: int
    count: int
    counted: bool
    share: float
    seconds: tuple[float, float]
    rate: float


class Course:
    """Follows a job from step to step; `step` is a `tasks.floors.sweep.Progress`.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.lock = threading.RLock()
        self._pace = Pace((), 200e6)
        self._steps: list[Step] = []
        self._finished: list[Step] = []
        self._now: Step | None = None
        self._counted = True
        self._at_bytes = 0
        self._begun = self._told = 0.0
        self._most = 0.0
        self._expected = False

    def expect(self, pace: Pace, steps: Sequence[Step]) -> None:
        """Say all that is still to come, in order for steps of one key; what comes without notice is added then."""
        with self.lock:
            self._pace, self._steps = pace, list(steps)
            self._expected = True

    @contextmanager
    def step(self, key: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
        """Follow a step while the block runs; yields a function that is told the bytes just done."""
        self.begin(key, total_bytes)
        try:
            yield self.advance
        finally:
            self.end()

    def begin(self, key: str, total_bytes: int) -> None:
        """A step begins. Counterpart: `end`."""
        with self.lock:
            expected = next((step for step in self._steps if step.key == key), None)
            self._now = expected or Step(key, "read", total_bytes)
            # Of what comes before the job is known, nobody can say how much is done or how long it takes.
            self._counted = self._expected or total_bytes > 0
            if expected:
                self._steps.remove(expected)
            self._at_bytes, self._begun = 0, self._clock()
            self._told = self._begun

    def advance(self, done_bytes: int) -> None:
        """So many bytes more of the step are done."""
        with self.lock:
            now = self._clock()
            if self._now:
                self._pace.learn(self._now, done_bytes, now - self._told)
            self._told, self._at_bytes = now, self._at_bytes + done_bytes

    def end(self) -> None:
        """The step is over."""
        with self.lock:
            if self._now and self._counted:
                self._finished.append(self._now)
            self._now = None

    def where(self) -> Whereabouts | None:
        """Return where the job is; None between two steps."""
        with self.lock:
            if self._now is None:
                return None
            number, count = self._among()
            if not self._counted:
                return Whereabouts(self._now.key, number, count, False, self._most, (0.0, 0.0), 0.0)
            low, high = self._left(self._now)
            passed = self._told - self._begun
            rate = self._at_bytes / passed if passed > 0 else 0.0
            return Whereabouts(self._now.key, number, count, True, self._share(self._now, low, high), (low, high), rate)

    def _among(self) -> tuple[int, int]:
        now = self._now or Step("", "think")
        mates = [step.card for step in (*self._finished, now, *self._steps) if step.key == now.key and step.card >= 0]
        return (0, 0) if now.card < 0 or len(mates) < 2 else (now.card + 1, len(mates))

    def _left(self, now: Step) -> tuple[float, float]:
        """Return how long the job still takes: at least, at most."""
        left = max(0, now.length_bytes - self._at_bytes)
        times = [self._pace.seconds_of(now, left), *(self._pace.seconds_of(step) for step in self._steps)]
        return sum(low for low, _ in times), sum(high for _, high in times)

    def _share(self, now: Step, low: float, high: float) -> float:
        done = sum(sum(self._pace.seconds_of(step)) for step in self._finished)
        share = self._at_bytes / max(1, now.length_bytes)
        done += sum(self._pace.seconds_of(now)) * min(1.0, share)
        whole = done + low + high
        self._most = max(self._most, min(0.99, done / whole if whole else 0.0))
        return self._most
