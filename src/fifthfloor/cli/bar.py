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
from fifthfloor.tasks.floors.course import Course, Whereabouts
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
        self._course = Course(clock)
        self._shown = ""
        self._wheel = itertools.cycle(_WHEEL)
        self._stop = threading.Event()

    def expect(self, pace: Pace, steps: Sequence[Step]) -> None:
        """Say all that is still to come (`Course.expect`)."""
        self._course.expect(pace, steps)

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
            yield self._course.advance
        finally:
            self._end()

    def erase(self) -> None:
        """Take the bar away, for a line or a question; the next tick brings it back."""
        with self._course.lock:
            if self._shown:
                self._stream.write("\r" + " " * len(self._shown) + "\r")
                self._stream.flush()
                self._shown = ""

    def _begin(self, key: str, total_bytes: int) -> None:
        with self._course.lock:
            self._course.begin(key, total_bytes)
            self._stop = threading.Event()
            self._draw()

    def _end(self) -> None:
        with self._course.lock:
            self._stop.set()
            self._course.end()
            self.erase()

    def _tick(self, stop: threading.Event) -> None:
        while not stop.wait(_TICK_SECONDS):
            with self._course.lock:
                if not stop.is_set():
                    self._draw()

    def _draw(self) -> None:
        where = self._course.where()
        if where is None:
            return
        width = (columns(self._stream) or 80) - 1
        if not where.counted:
            self._write(f"{_title(where)} {next(self._wheel)}"[-width:])
            return
        title, tail = _title(where), f" {next(self._wheel)}"
        percent = round(100 * where.share)
        left = sentence("work.left", time=span(*where.seconds))
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


def _title(where: Whereabouts) -> str:
    title = sentence(where.key) if where.key in SENTENCES else where.key
    if not where.count:
        return title
    return sentence("work.card", number=where.number, count=where.count, title=title)
