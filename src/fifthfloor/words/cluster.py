"""Sentences of many machines."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "cluster.url": (
        "{url} is no address of a scheduler",
        "write `tls://HOST:8786`; docs/scale.md says how one is started",
    ),
    "cluster.plain": (
        "{url} would send thumbnails and places of photographs over a network for everybody to read",
        "start the scheduler with TLS (docs/scale.md) and write `tls://`; `tcp://` is for this machine alone",
    ),
    "cluster.silent": (
        "no scheduler answers at {url}: {reason}",
        "start it, and see that dask's configuration names the certificates (docs/scale.md)",
    ),
    "cluster.no_worker": (
        "the scheduler at {url} has had 0 workers for {seconds} seconds, 1 is needed",
        "start some on any machine (docs/scale.md)",
    ),
    "cluster.version": (
        "a worker has another program: {there} there, {here} here",
        "install the same version of everything on every machine: its results could be others (docs/scale.md)",
    ),
    "cluster.other_worker": (
        "a worker of {url} cannot do it: {reason}",
        "install the same version of everything on every machine (docs/scale.md)",
    ),
    "cluster.other_file": (
        "the worker has another file or folder at this path, or none",
        "mount the same disk at the same place on every machine (docs/scale.md)",
    ),
    "cluster.gone": (
        "the scheduler at {url} is gone",
        "what is done is kept: start the scheduler and its workers again, then the same command goes on",
    ),
    "cluster.workers_die": (
        "the processes that do the work die, {count:time|times} in a row, also where they do nothing",
        "what is done is kept: see what ends them (too little memory, machines that are taken away), then the same command goes on",
    ),
}
SENTENCES: dict[str, str] = {
    "cluster.lost": (
        "the scheduler is not heard any more, with {count:task|tasks} under way: they are done again when it is back; "
        "it is waited for at most {seconds} seconds"
    ),
    "cluster.standing": (
        "{done} done, {under_way} under way on {workers:worker|workers} of {machines:machine|machines}"
    ),
}
