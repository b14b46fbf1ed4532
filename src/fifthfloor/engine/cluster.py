"""Many tasks on many machines: dask.distributed behind the seam of `many.py` (extra `cluster`).

Rule 1: tasks and results go through the network: encrypted (`tls://`), or to this machine and no other.
Rule 2: certificates are those of dask's own configuration; none is an option of ours.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from importlib import import_module
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from fifthfloor.engine.many import Workers
from fifthfloor.errors import BadInput

R = TypeVar("R")
P = ParamSpec("P")

_TASKS_A_CORE = 2
# Workers that come later have something to do too.
_LEAST_AT_ONCE = 16
# For the first worker: a machine that starts Python on a slow disk.
_WAIT_S = 60


class Cluster(Workers):
    """The workers of a dask scheduler; they have this program, and every file where this machine has it."""

    def __init__(self, url: str) -> None:
        """Connect to a scheduler.

        Args:
            url: `tls://HOST:PORT`, or `tcp://127.0.0.1:PORT`.

        Raises:
            BadInput: an address that is none, would be plain on a network, or where no scheduler answers.
        """
        distributed: Any = import_module("distributed")
        _check(url)
        self._url = url
        try:
            self._client = distributed.Client(url, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise BadInput("cluster.silent", url=url, reason=str(error)[:200] or type(error).__name__) from error
        try:
            self._client.wait_for_workers(1, timeout=_WAIT_S)
        except TimeoutError:
            self._client.close()
            raise BadInput("cluster.no_worker", url=url, seconds=_WAIT_S) from None
        self.at_once = max(_LEAST_AT_ONCE, _TASKS_A_CORE * sum(self._client.ncores().values()))

    def submit(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> Future[R]:
        """Hand out one task. Raises BadInput where the scheduler is gone for good."""
        told: Future[R] = Future()
        try:
            inner = self._client.submit(function, *arguments, pure=False, **named)
        except Exception as error:  # dask raises what it likes of a connection that is closed
            raise BadInput("cluster.gone", url=self._url) from error
        inner.add_done_callback(lambda done: _tell(done, told))
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler, which forgets what was under way."""
        del wait, cancel_futures
        self._client.close()


def _tell(done: Any, told: Future[Any]) -> None:
    """Hand on what became of a task; only a scheduler that is lost cancels one."""
    if done.cancelled():
        told.cancel()
        return
    error = done.exception()
    if error is None:
        told.set_result(done.result())
    elif isinstance(error, import_module("distributed").KilledWorker):
        told.set_exception(BrokenExecutor(str(error)))
    else:
        told.set_exception(error)


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
