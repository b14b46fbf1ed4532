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
    "cluster.gone": (
        "the scheduler at {url} is gone",
        "what is done is kept: start the scheduler and its workers again, then the same command goes on",
    ),
}
SENTENCES: dict[str, str] = {}
