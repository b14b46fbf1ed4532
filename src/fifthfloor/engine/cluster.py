"""Many tasks on many machines: dask.distributed behind the seam of `many.py` (extra `cluster`).

Rule 1: tasks and results go through the network: encrypted (`tls://`), or to this machine and no other.
Rule 2: certificates are those of dask's own configuration; none is an option of ours.
Rule 3: no secret is in a task: no key, no passphrase, nothing drawn (`tests/tasks/test_no_secret_leaves.py`).
Rule 4: a scheduler that is lost is waited for, `PATIENCE_S` at most; a result that never comes is no result.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import fifthfloor
from fifthfloor.engine.many import Unheard, WorkerDied, Workers
from fifthfloor.errors import BadInput

R = TypeVar("R")
P = ParamSpec("P")

_TASKS_A_CORE = 2
# Workers that come later have something to do too.
_LEAST_AT_ONCE = 16
# For the first worker: a machine that starts Python on a slow disk.
_WAIT_S = 60
# For a scheduler that was lost, and for workers where all are gone: somebody has to start them again.
PATIENCE_S = 300
# Between two looks at whether the scheduler is there, and between two lines of progress.
_WATCH_S = 2
REPORT_S = 30
# Lost that often with nothing done in between, it is not worth another try.
_LOSSES = 5
# Each waits for the network, not for a core.
_FETCHED_AT_ONCE = 32
# Of dask's client: it sends, or will when it is connected again.
_ALIVE = ("running", "connecting")

Standings = Callable[..., None]
Answered = Future[Any]
# A client and its way to the scheduler: either is another one after it was lost.
ClientWay = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cluster stands."""

    workers: int
    machines: int


def _silent(_key: str, **_facts: int) -> None:
    pass


class Cluster(Workers):
    """The workers of a dask scheduler; they have this program, and every file where this machine has it."""

    is_here = False

    def __init__(self, url: str, say: Standings = _silent) -> None:
        """Connect to a scheduler.

        Args:
            url: `tls://HOST:PORT`, or `tcp://127.0.0.1:PORT`.
            say: is told how it stands: a key of `fifthfloor.words` and its facts; from another thread too.

        Raises:
            BadInput: an address that is none, would be plain on a network, or where no scheduler or worker answers.
        """
        _check(url)
        self._distributed: Any = import_module("distributed")
        # What dask says of a lost connection is a page of its own innards; `say` says it.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._url, self._say = url, say
        self._lock, self._over = threading.Lock(), threading.Event()
        self._under_way: set[Answered] = set()
        self._done = self._losses = 0
        self._client = self._connected(_WAIT_S)
        self.at_once = max(_LEAST_AT_ONCE, _TASKS_A_CORE * sum(self._client.ncores().values()))
        self._fetching = ThreadPoolExecutor(min(self.at_once, _FETCHED_AT_ONCE))
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def submit(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> Future[R]:
        """Hand out one task. Raises BadInput where the scheduler is gone for good."""
        told: Future[R] = Future()
        client = self._heard()
        connection = client, client.scheduler_comm
        with self._lock:
            self._under_way.add(told)
        try:
            inner = client.submit(as_here, fifthfloor.__version__, function, *arguments, pure=False, **named)
        except Exception:  # dask raises what it likes of a connection that is closed
            if client.status in _ALIVE:
                raise
            self._lose()
            return told
        inner.add_done_callback(functools.partial(self._fetch, told, connection))
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler, which forgets what was under way."""
        del wait, cancel_futures
        self._over.set()
        self._watching.join()
        self._fetching.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    @property
    def standing(self) -> Standing:
        """Ask the scheduler how many workers there are, and on how many machines."""
        found = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return Standing(len(found), len({one["host"] for one in found}))

    def _connected(self, wait_s: float) -> Any:
        try:
            client = self._distributed.Client(self._url, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise BadInput("cluster.silent", url=self._url, reason=_reason(error)) from error
        try:
            client.wait_for_workers(1, timeout=wait_s)
        except TimeoutError:
            client.close()
            raise BadInput("cluster.no_worker", url=self._url, seconds=round(wait_s)) from None
        return client

    def _heard(self) -> Any:
        """Return a client that is connected, or will be; one that has given up is replaced."""
        if self._losses > _LOSSES:
            raise BadInput("cluster.gone", url=self._url)
        until = time.monotonic() + PATIENCE_S
        while self._client.status not in _ALIVE:
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise BadInput("cluster.gone", url=self._url)
            with contextlib.suppress(BadInput):
                self._client = self._connected(max(1, left_s))
                break
            time.sleep(min(_WATCH_S, left_s))
        return self._client

    def _fetch(self, told: Answered, connection: ClientWay, inner: Any) -> None:
        # Dask calls back in one thread for all: results that were fetched in it would come one after the other.
        with contextlib.suppress(RuntimeError):  # it is over
            self._fetching.submit(self._tell, told, connection, inner)

    def _tell(self, told: Answered, connection: ClientWay, inner: Any) -> None:
        """Hand on what became of a task, once; it may have been given up meanwhile."""
        if told.done():
            return
        error: BaseException | None = None
        result = None
        try:
            if inner.status == "error":
                error = inner.exception()
            else:
                result = inner.result()
        except Exception as lost:  # cancelled with the scheduler; or done, and lost with its worker on the way here
            held = (self._client, self._client.scheduler_comm) == connection and self._client.status == "running"
            error = WorkerDied(_reason(lost), 1) if held else Unheard()
        if isinstance(error, Unheard):
            self._lose()
            return
        with self._lock, contextlib.suppress(InvalidStateError):
            self._under_way.discard(told)
            if error is None:
                self._done += 1
                self._losses = 0
                told.set_result(result)
            else:
                told.set_exception(self._of_worker(error))

    def _of_worker(self, error: BaseException) -> BaseException:
        if isinstance(error, self._distributed.KilledWorker):
            return WorkerDied(str(error), error.allowed_failures + 1)
        if isinstance(error, ImportError):  # also of what a task is made of
            return BadInput("cluster.other_worker", url=self._url, reason=_reason(error))
        return error

    def _lose(self, error: BaseException | None = None) -> None:
        """Give up all that is under way: nobody knows any more what became of it."""
        with self._lock:
            lost, self._under_way = self._under_way, set()
            self._losses += bool(lost)
        if lost and error is None:
            self._say("cluster.lost", count=len(lost), seconds=PATIENCE_S)
        for told in lost:
            with contextlib.suppress(InvalidStateError):
                told.set_exception(error or Unheard())

    def _watch(self) -> None:
        """See that a scheduler that is lost is noticed, that workers are there, and say now and then how it stands."""
        reported = idle_since = time.monotonic()
        while not self._over.wait(_WATCH_S):
            if self._client.status not in _ALIVE:
                self._lose()
            if self._client.status != "running" or not self._under_way:
                idle_since = time.monotonic()
                continue
            try:
                standing = self.standing
            except Exception:  # a connection that is just lost: the next look tells
                continue
            now = time.monotonic()
            if standing.workers:
                idle_since = now
            elif now - idle_since > PATIENCE_S:
                self._lose(BadInput("cluster.no_worker", url=self._url, seconds=PATIENCE_S))
            if now - reported >= REPORT_S:
                reported = now
                facts = {"done": self._done, "under_way": len(self._under_way)}
                self._say("cluster.standing", **facts, workers=standing.workers, machines=standing.machines)


def as_here(version: str, function: Callable[..., R], *arguments: Any, **named: Any) -> R:
    """Do a task on a worker. Raises BadInput where the worker's program is another one: its results may be others."""
    if version != fifthfloor.__version__:
        raise BadInput("cluster.version", here=version, there=fifthfloor.__version__)
    return function(*arguments, **named)


def _reason(error: BaseException) -> str:
    return str(error)[:200] or type(error).__name__


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None or parts.scheme not in ("tls", "tcp"):
        raise BadInput("cluster.url", url=url)
    if parts.scheme == "tcp" and not _is_loopback(host):
        raise BadInput("cluster.plain", url=url)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
