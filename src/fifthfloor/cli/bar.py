"""The bar: one line for a whole job, with what is done now, how much of all, and how long still, as a range.

It moves four times a second whatever the job waits for, so that a slow card and a dead program differ to the eye:
within a step and between two, from the start of the program until something is said or asked. On what is no terminal
there is no bar.
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
        self._stop.set()
        self._within = False
        self._text = ""  # as it was drawn last, but for the wheel

    def wait(self) -> None:
        """Move from now on, though no step has begun: libraries may come from a slow stick. Ends with `erase`."""
        if is_terminal(self._stream):
            with self._course.lock:
                self._text = sentence("work.begin")
                self._keep_moving()

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
        try:
            yield self._course.advance
        finally:
            self._end()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away while the block says or asks something; what moved before goes on after it."""
        moved = not self._stop.is_set()
        self.erase()
        yield
        if moved and not self._within:
            with self._course.lock:
                self._keep_moving()

    def erase(self) -> None:
        """Take the bar away; within a step the next tick brings it back, else the next step."""
        with self._course.lock:
            if not self._within:
                self._stop.set()
            self._clear()

    def _clear(self) -> None:
        if self._shown:
            self._stream.write("\r" + " " * len(self._shown) + "\r")
            self._stream.flush()
            self._shown = ""

    def _keep_moving(self) -> None:
        self._stop.set()
        self._stop = threading.Event()
        threading.Thread(target=self._tick, args=(self._stop,), daemon=True).start()

    def _begin(self, key: str, total_bytes: int) -> None:
        with self._course.lock:
            self._course.begin(key, total_bytes)
            self._within = True
            self._draw()
            self._keep_moving()

    def _end(self) -> None:
        with self._course.lock:
            self._course.end()
            self._within = False
            # The line is free for whatever comes next; where nothing does, the next tick fills it again.
            self._clear()

    def _tick(self, stop: threading.Event) -> None:
        while not stop.wait(_TICK_SECONDS):
            with self._course.lock:
                if not stop.is_set():
                    self._draw()

    def _draw(self) -> None:
        where = self._course.where()
        if where is None:
            self._write(f"{self._text} {next(self._wheel)}")
            return
        width = (columns(self._stream) or 80) - 1
        if not where.counted:
            self._fit(f"{_title(where)} {next(self._wheel)}", width)
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
        self._fit(text if len(text) <= width else f"{title} {percent:3d} %{tail}", width)

    def _fit(self, text: str, width: int) -> None:
        self._text = text[-width:-2]
        self._write(text[-width:])

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(len(self._shown)))
        self._stream.flush()
        self._shown = text


def _title(where: Whereabouts) -> str:
    title = sentence(where.key) if where.key in SENTENCES else where.key
    if not where.count:
        return title
    return sentence("work.card", number=where.number, count=where.count, title=title)
