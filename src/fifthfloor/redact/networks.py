"""The neural networks that come with the program, and how they are run.

Rule 1: on the processor and nowhere else: other providers were seen to differ, or to want a network.
Rule 2: nobody is told that they run: onnxruntime 1.32 keeps a number of this machine and a queue of events in
        the home folder and asks for its maker's server, unless it is told not to before it is loaded.
"""

from __future__ import annotations

import functools
import os
from importlib import resources
from typing import Any


@functools.lru_cache(maxsize=2)
def network(weights: str) -> Any:
    """Load a network by the name of its file; once a process (0.1 s)."""
    onnxruntime = _runtime()
    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    # One thread a process: two processes share two cores better than two threads do, and waiting threads spin.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    read = resources.files("fifthfloor.redact").joinpath(weights).read_bytes()
    return onnxruntime.InferenceSession(read, options, providers=["CPUExecutionProvider"])


@functools.lru_cache(maxsize=1)
def letting_go() -> Any:
    """Return how to run a network that gives back what a tile took (280 MB): another network may be next."""
    options = _runtime().RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _runtime() -> Any:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read once, as the library is loaded
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # what Windows itself would pass on
    return onnxruntime
