"""Who does the long part of a command: this machine, or those of `--cluster`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.workers import Workers


def every_core_or(console: Console, cluster: str | None) -> Workers:
    """Return the processes of this machine, or a cluster's workers; a context manager. Raises BadInput as `Cluster`."""
    from fifthfloor.tasks.workers import workers

    return workers(cluster, lambda key, **facts: console.note(sentence(key, **facts)))


@contextmanager
def given_cluster(console: Console, cluster: str | None) -> Iterator[Workers | None]:
    """Yield a cluster's workers; None without `--cluster`, where the command knows best what this machine does."""
    if cluster is None:
        yield None
        return
    with every_core_or(console, cluster) as executor:
        yield executor
