"""Sentences of `wipe`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "wipe.done": "swept {count:card|cards}, {size:bytes} in all; every write was read back",
    "wipe.stopped": "stopped; every visible file is as it was. The free space is noise up to where it stopped; the same "
    "command begins anew, and a part that is noise beside one that is not shows that somebody stopped",
}
