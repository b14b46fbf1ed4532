"""Work in a second process: a stream of results, or many tasks at once.

Rule 1: a process is spawned, never forked: a fork would copy keys and open cards to where they are not needed.
Rule 2: an error of the worker is raised here as it was there; a worker whose parent has gone ends itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_SPAWN = multiprocessing.get_context("spawn")


def stream(function: Callable[..., Iterator[bytes]], *arguments: Any) -> Generator[bytes, None, None]:
    """Run a generator of bytes in a process of its own and yield what it yields.

    Args:
        function: importable by name; it runs ahead by one item, then waits until that is taken.
        arguments: picklable; they go through a pipe and stand on no command line.

    Raises:
        whatever `function` raises; RuntimeError if its process was killed.
    """
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_produce, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        while (item := _received(ours)) is not None:
            yield item
    finally:
        ours.close()
        process.terminate()
        process.join()


def map_processes(function: Callable[[T], R], tasks: Iterable[T], *, workers: int | None = None) -> Iterator[R]:
    """Apply a function to many tasks in several processes; results come in the order of the tasks.

    Args:
        function: importable by name.
        tasks: picklable.
        workers: processes; by default one a core this process may use.

    Raises:
        what the first failing task raised.
    """
    listed = list(tasks)
    count = min(workers or cores(), len(listed))
    if count <= 1:
        yield from map(function, listed)
        return
    with ProcessPoolExecutor(count, mp_context=_SPAWN, initializer=_leave_interrupts) as pool:
        yield from pool.map(function, listed)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _received(ours: Connection) -> bytes | None:
    try:
        kind = ours.recv_bytes(1)
        if kind == b"i":
            return ours.recv_bytes()
        if kind == b"e":
            raise ours.recv()
    except EOFError:
        raise RuntimeError("the worker process ended before its work did") from None
    return None


def _produce(theirs: Connection, function: Callable[..., Iterator[bytes]], arguments: tuple[Any, ...]) -> None:
    _leave_interrupts()
    with contextlib.suppress(BrokenPipeError):
        try:
            for item in function(*arguments):
                theirs.send_bytes(b"i")
                theirs.send_bytes(item)
        except BrokenPipeError:
            raise
        except Exception as error:
            theirs.send_bytes(b"e")
            theirs.send(error)
        else:
            theirs.send_bytes(b".")


def _leave_interrupts() -> None:
    # Ctrl-C reaches the whole group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
