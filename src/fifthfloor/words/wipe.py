"""Sentences of `wipe`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "wipe.done": "swept {count:card|cards}, {size:bytes} in all; every write was read back",
    "wipe.stopped": "stopped; every visible file is as it was. Up to where it stopped the free space is noise, and what lay "
    "there is gone. A search can see that it was stopped, until the same command is given again; it begins anew, "
    "because how far this one came is noted nowhere: a note would be a trace",
    "wipe.stopped_done": "stopped; the sweep was done by then, every write was read back, and every visible file is as it was",
}
