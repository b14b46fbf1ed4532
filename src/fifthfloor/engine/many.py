"""Many tasks, some of which kill whoever does them: the one seam to processes here and to a cluster.

Rule 1: whoever has many tasks takes one `concurrent.futures.Executor`, and does not know what is behind it.
Rule 2: a task is done at least once; whoever keeps results keeps each once.
Rule 3: a task whose worker died is tried again with nothing beside it, so that no other one is blamed for it.
Rule 4: no task is blamed where a worker that does nothing dies as soon: that is named, and ends it.
Rule 5: where whoever hands the tasks out is lost, every task is handed out again and none is blamed.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from concurrent.futures import Executor as Executor
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

from fifthfloor import engine
from fifthfloor.errors import BadInput

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

# A worker may also die of something else: full memory, a person. Three times alone is the task's own doing.
TASK_TRIES = 3
# Beside these, so often may a task die with workers that would have died without it.
_MORE_TRIES = 5
# No worker is asked to do nothing for longer.
_IDLE_S = 30.0


class Unheard(Exception):  # noqa: N818 - named for what happened, as our own errors are
    """What was under way is lost with whoever handed it out: a scheduler that ended, a network that was cut."""


class WorkerDied(BrokenExecutor):
    """A task was lost with its worker, or with `lives` of them, one after the other."""

    def __init__(self, reason: str, lives: int) -> None:
        super().__init__(reason)
        self.lives = lives


class Workers(Executor):
    """An executor that knows how much it wants at once.

    `at_once` tasks keep every worker busy, and bound what is held in memory; a task that was lost is tried `tries`
    times more, alone. `is_here` where all of them are on this machine.
    """

    at_once: int = 4
    tries: int = TASK_TRIES
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class Lost(Generic[T]):
    """A task that took its worker along each of the `tries` times it was alone."""

    task: T
    tries: int


class InThisProcess(Workers):
    """This process alone: each task is done when it is handed out."""

    at_once = 1

    def submit(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> Future[R]:
        """Do one task."""
        told: Future[R] = Future()
        try:
            told.set_result(function(*arguments, **named))
        except Exception as error:
            told.set_exception(error)
        return told


class Processes(Workers):
    """A pool of processes on this machine; where a worker dies the pool is made anew."""

    def __init__(self, workers: int | None = None) -> None:
        self._count = workers or engine.cores()
        self.at_once = 2 * self._count
        self._pool = self._fresh()

    def submit(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> Future[R]:
        """Hand out one task; `function` is importable by name, what it is given and what it returns picklable."""
        with engine.interrupts_held():
            try:
                return self._pool.submit(function, *arguments, **named)
            except BrokenExecutor:
                self._pool.shutdown(wait=False)
                self._pool = self._fresh()
                return self._pool.submit(function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when what they do is done."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _fresh(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._count, mp_context=engine.SPAWN, initializer=engine.begin_worker)


def each(function: Callable[[T], R], tasks: Iterable[T], executor: Executor) -> Generator[R | Lost[T], None, None]:
    """Do every task; results come in the order of the tasks, and a task that kills its workers comes as `Lost`.

    Args:
        tasks: taken as they are needed; a few of each worker are under way at once.

    Raises:
        BadInput: workers die whatever they do.
        what a task raised, but for the death of its worker.
    """
    at_once = executor.at_once if isinstance(executor, Workers) else Workers.at_once
    left, under_way = iter(tasks), deque[tuple[T, Future[R]]]()
    try:
        while True:
            while len(under_way) < at_once and (task := next(left, _NO_MORE)) is not _NO_MORE:
                under_way.append((task, executor.submit(function, task)))
            if not under_way:
                return
            first, future = under_way.popleft()
            try:
                yield future.result()
            except Unheard:
                under_way.appendleft((first, executor.submit(function, first)))
            except BrokenExecutor:
                wait([one for _, one in under_way])
                yield _alone(function, first, executor)
    finally:
        for _, future in under_way:
            future.cancel()


_NO_MORE: Any = object()


def _alone(function: Callable[[T], R], task: T, executor: Executor) -> R | Lost[T]:
    tries = executor.tries if isinstance(executor, Workers) else TASK_TRIES
    blamed = others = 0
    while blamed < tries:
        begun = time.monotonic()
        try:
            return executor.submit(function, task).result()
        except Unheard:
            continue
        except BrokenExecutor as error:
            lived_s = (time.monotonic() - begun) / (error.lives if isinstance(error, WorkerDied) else 1)
        if _lives_idle(executor, min(lived_s, _IDLE_S)):
            blamed += 1
        elif (others := others + 1) > _MORE_TRIES:
            raise BadInput("cluster.workers_die", count=blamed + others)
    return Lost(task, tries)


def _lives_idle(executor: Executor, seconds: float) -> bool:
    """Say whether a worker lives that long if it does nothing."""
    while True:
        with contextlib.suppress(Unheard):
            try:
                executor.submit(time.sleep, seconds).result()
            except BrokenExecutor:
                return False
            return True
