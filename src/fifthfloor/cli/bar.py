"""The bar: one line for a whole job, with what is done now, how much of all, and how long still, as a range.

It moves four times a second whatever the job waits for, so that a slow card and a dead program differ to the eye. On
what is no terminal there is no bar.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from fifthfloor.cli.terminal import columns, is_terminal
from fifthfloor.tasks.floors.pace import Pace, Step
from fifthfloor.words import SENTENCES, sentence
from fifthfloor.words.form import span

_TICK_SECONDS = 0.25
_WHEEL = "|/-\\"
_MOST_BAR = 24


class Bar:
    """Shows a job; `step` is a `tasks.floors.sweep.Progress`.

    Args:
        stream: where it is shown; without a terminal behind it nothing is.
        clock: seconds that never go back.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._lock = threading.RLock()
        self._pace = Pace((), 200e6)
        self._steps: list[Step] = []
        self._finished: list[Step] = []
        self._now: Step | None = None
        self._counted = True
        self._at_bytes = 0
        self._told = 0.0
        self._shown = ""
        self._most = 0.0
        self._expected = False
        self._wheel = itertools.cycle(_WHEEL)
        self._stop = threading.Event()

    def expect(self, pace: Pace, steps: Sequence[Step]) -> None:
        """Say all that is still to come, in order for steps of one key; what comes without notice is added then."""
        with self._lock:
            self._pace, self._steps = pace, list(steps)
            self._expected = True

    @contextmanager
    def step(self, key: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
        """Show a step while the block runs; yields a function that is told the bytes just done."""
        if not is_terminal(self._stream):
            yield lambda _done: None
            return
        self._begin(key, total_bytes)
        ticker = threading.Thread(target=self._tick, args=(self._stop,), daemon=True)
        ticker.start()
        try:
            yield self._advance
        finally:
            self._end()

    def erase(self) -> None:
        """Take the bar away, for a line or a question; the next tick brings it back."""
        with self._lock:
            if self._shown:
                self._stream.write("\r" + " " * len(self._shown) + "\r")
                self._stream.flush()
                self._shown = ""

    def _begin(self, key: str, total_bytes: int) -> None:
        with self._lock:
            expected = next((step for step in self._steps if step.key == key), None)
            self._now = expected or Step(key, "read", total_bytes)
            # Of what comes before the job is known, nobody can say how much is done or how long it takes.
            self._counted = self._expected or total_bytes > 0
            if expected:
                self._steps.remove(expected)
            self._at_bytes, self._told, self._stop = 0, self._clock(), threading.Event()
            self._draw()

    def _end(self) -> None:
        with self._lock:
            self._stop.set()
            if self._now and self._counted:
                self._finished.append(self._now)
            self._now = None
            self.erase()

    def _advance(self, done_bytes: int) -> None:
        with self._lock:
            now = self._clock()
            if self._now:
                self._pace.learn(self._now, done_bytes, now - self._told)
            self._told, self._at_bytes = now, self._at_bytes + done_bytes

    def _tick(self, stop: threading.Event) -> None:
        while not stop.wait(_TICK_SECONDS):
            with self._lock:
                if not stop.is_set():
                    self._draw()

    def _draw(self) -> None:
        if self._now is None:
            return
        width = (columns(self._stream) or 80) - 1
        if not self._counted:
            self._write(f"{self._title()} {next(self._wheel)}"[-width:])
            return
        low, high = self._left()
        title, tail = self._title(), f" {next(self._wheel)}"
        percent = round(100 * self._share(low, high))
        left = sentence("work.left", time=span(low, high))
        room = width - len(title) - len(left) - len(tail) - 10
        picture = ""
        if room >= 6:
            cells = min(room, _MOST_BAR)
            filled = cells * percent // 100
            picture = "[" + "#" * filled + "." * (cells - filled) + "]"
        text = f"{title} {percent:3d} % {picture} {left}{tail}"
        if len(text) > width:
            text = f"{title} {percent:3d} %{tail}"[-width:]
        self._write(text)

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(len(self._shown)))
        self._stream.flush()
        self._shown = text

    def _left(self) -> tuple[float, float]:
        """Return how long the job still takes: at least, at most."""
        now = self._now or Step("", "think")
        left = max(0, now.length_bytes - self._at_bytes)
        times = [self._pace.seconds_of(now, left), *(self._pace.seconds_of(step) for step in self._steps)]
        return sum(low for low, _ in times), sum(high for _, high in times)

    def _share(self, low: float, high: float) -> float:
        """Return how much of the job is done, 0 to 1, by time; it never goes back."""
        done = sum(sum(self._pace.seconds_of(step)) for step in self._finished)
        if self._now:
            share = self._at_bytes / max(1, self._now.length_bytes)
            done += sum(self._pace.seconds_of(self._now)) * min(1.0, share)
        whole = done + low + high
        self._most = max(self._most, min(0.99, done / whole if whole else 0.0))
        return self._most

    def _title(self) -> str:
        now = self._now or Step("", "think")
        title = sentence(now.key) if now.key in SENTENCES else now.key
        mates = [step.card for step in (*self._finished, now, *self._steps) if step.key == now.key and step.card >= 0]
        if now.card < 0 or len(mates) < 2:
            return title
        return sentence("work.card", number=now.card + 1, count=len(mates), title=title)
