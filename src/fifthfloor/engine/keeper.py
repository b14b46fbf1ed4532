"""For whoever keeps dask's workers: one that died is there again at once (`--preload-nanny fifthfloor.engine.keeper`).

Rule 1: a process that has imported what tasks need waits in the keeper, and each worker is a copy of it. It has read
        no photograph and holds no key: nothing is copied that a worker should not have.
Rule 2: what begins threads when it is imported, or what one command alone needs, is imported by workers themselves.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_IMPORTED = (
    "distributed",
    "fifthfloor.engine.cluster",
    "fifthfloor.tasks.trace.added_photo",
    "fifthfloor.tasks.trace.trace",
)
_METHOD = "forkserver"


def dask_setup(_nanny: Any) -> None:
    """Let every worker of this process be a copy; dask calls this before it starts the first one."""
    import_module("dask").config.set({"distributed.worker.multiprocessing-method": _METHOD})
    # The first call for a context names dask's own modules; what is named later counts.
    import_module("distributed.utils").get_mp_context().set_forkserver_preload(_IMPORTED)
