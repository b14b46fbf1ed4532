"""Who looks at many photographs: the processes of this machine, or a cluster's workers."""

from __future__ import annotations

from fifthfloor.engine.cluster import Cluster
from fifthfloor.engine.many import Processes, Workers


def workers(cluster: str | None) -> Workers:
    """Return what does many things at once; a context manager.

    Args:
        cluster: the address of a dask scheduler, or None for this machine alone.

    Raises:
        BadInput: as `Cluster` does.
    """
    return Cluster(cluster) if cluster else Processes()
