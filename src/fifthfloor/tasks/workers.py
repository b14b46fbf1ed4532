"""Who does many things at once: the processes of this machine, or a cluster's workers."""

from __future__ import annotations

from fifthfloor.engine.cluster import Cluster, Standings
from fifthfloor.engine.many import Processes
from fifthfloor.engine.many import Workers as Workers  # for the layer above


def workers(cluster: str | None, say: Standings) -> Workers:
    """Return what does many things at once; a context manager.

    Args:
        cluster: the address of a dask scheduler, or None for this machine alone.
        say: is told how a cluster stands, in keys of `fifthfloor.words`.

    Raises:
        BadInput: as `Cluster` does.
    """
    return Cluster(cluster, say) if cluster else Processes()
