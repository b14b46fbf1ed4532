"""Work in a second process: a stream of results, or many tasks at once.

Rule 1: a process is spawned, never forked: a fork would copy keys and open cards to where they are not needed.
Rule 2: an error of the worker is raised here as it was there; a worker whose parent has gone ends itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

import numpy as np

from fifthfloor.unreadable import guard

if sys.platform == "linux":
    import fcntl

T = TypeVar("T")
R = TypeVar("R")

SPAWN = multiprocessing.get_context("spawn")
# Whoever kills us leaves the semaphores of a pool to the standard library's tracker. It takes them away, and would say
# so with its path and a line of its source; it is started with the options that are here.
_NO_WORD_OF_LEAKS = "ignore:resource_tracker:UserWarning"
if _NO_WORD_OF_LEAKS not in sys.warnoptions:
    sys.warnoptions.append(_NO_WORD_OF_LEAKS)
_ITEM_LENGTH_BYTES = 8
_PIPE_BYTES = 1 << 20  # what Linux gives to anybody; with 64 KiB both sides wake for every four symbols

# Done by every worker before its work: ways to what this process was given by another. Importable by name.
FIRST: list[Callable[[], None]] = []


Carried = bytes | memoryview


def stream(function: Callable[..., Iterator[Carried]], *arguments: Any) -> Generator[memoryview, None, None]:
    """Run a generator of bytes in a process of its own and yield what it yields.

    Args:
        function: importable by name; it runs ahead by one item, then waits until that is taken.
        arguments: picklable; they go through a pipe and stand on no command line.

    Raises:
        whatever `function` raises; RuntimeError if its process was killed.
    """
    ours, theirs = SPAWN.Pipe(duplex=False)
    _widen(ours)
    process = SPAWN.Process(target=_produce, args=(theirs, function, arguments, tuple(FIRST)), daemon=True)
    with interrupts_held():
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
    with ProcessPoolExecutor(count, mp_context=SPAWN, initializer=begin_worker, initargs=(tuple(FIRST),)) as pool:
        with interrupts_held():
            results = pool.map(function, listed)
        yield from results


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _received(ours: Connection) -> memoryview | None:
    try:
        kind = ours.recv_bytes(1 + _ITEM_LENGTH_BYTES)
        if kind[:1] == b"i":
            item = np.empty(int.from_bytes(kind[1:], "big"), np.uint8).data  # not zeroed first
            _receive_into(ours, item)
            return item
        if kind[:1] == b"e":
            raise ours.recv()
    except EOFError:
        raise RuntimeError("the worker process ended before its work did") from None
    return None


def _produce(
    theirs: Connection,
    function: Callable[..., Iterator[Carried]],
    arguments: tuple[Any, ...],
    first: tuple[Callable[[], None], ...],
) -> None:
    begin_worker(first)
    with contextlib.suppress(BrokenPipeError):
        try:
            for item in function(*arguments):
                theirs.send_bytes(b"i" + len(item).to_bytes(_ITEM_LENGTH_BYTES, "big"))
                _send(theirs, memoryview(item))
        except BrokenPipeError:
            raise
        except Exception as error:
            theirs.send_bytes(b"e")
            theirs.send(error)
        else:
            theirs.send_bytes(b".")


def _widen(pipe: Connection) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # too many pipes of this person's are wide already
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


if sys.platform == "win32":

    def _send(theirs: Connection, item: memoryview) -> None:
        if item:
            theirs.send_bytes(item)

    def _receive_into(ours: Connection, item: memoryview) -> None:
        if item:
            ours.recv_bytes_into(item)

else:
    # `Connection` copies a large message three times on its way; these two copy it into the pipe and out of it.

    def _send(theirs: Connection, item: memoryview) -> None:
        while item:
            item = item[os.write(theirs.fileno(), item) :]

    def _receive_into(ours: Connection, item: memoryview) -> None:
        while item:
            got = os.readv(ours.fileno(), [item])
            if not got:
                raise EOFError
            item = item[got:]


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait while a worker is started: its interpreter would answer with a page of its own innards.

    A new process inherits the mask, and `_leave_interrupts` lifts it there.
    """
    if sys.platform == "win32":
        yield
        return
    # The first worker brings a process of the standard library's along, which takes the mask away again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker(first: tuple[Callable[[], None], ...] = ()) -> None:
    """What every worker does first: its memory holds keys like its parent's."""
    guard()
    _leave_interrupts()
    # A parent that was killed closes no pipe that another worker holds too: a pool would wait for work for ever.
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    for one in first:
        one()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


def _leave_interrupts() -> None:
    # Ctrl-C reaches the whole group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
