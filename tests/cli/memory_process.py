"""Runs a command and copies its own writable memory to a file as the sweep begins: MEMORY COMMAND ARGUMENT ..."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from tests.tasks.quick import quick_argon2id

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors.sweep import sweep_card


def copy_memory(out: Path) -> None:
    """Copy what a core of this process would hold: every private mapping that can be written."""
    with Path("/proc/self/maps").open(encoding="utf-8") as maps, out.open("wb") as copy:
        ranges = [line.split()[0].split("-") for line in maps if line.split()[1].startswith("rw")]
        memory = os.open("/proc/self/mem", os.O_RDONLY)
        for start, end in ((int(low, 16), int(high, 16)) for low, high in ranges):
            for at in range(start, end, 1 << 20):
                try:
                    copy.write(os.pread(memory, min(1 << 20, end - at), at))
                except OSError:
                    break
        os.close(memory)


def main() -> None:
    out = Path(sys.argv[1])
    really = sweep_card

    def watched(*arguments: Any) -> Any:
        if not out.exists():
            copy_memory(out)
        return really(*arguments)

    secret.KDF = quick_argon2id
    setattr(hiding, "sweep_card", watched)  # noqa: B010 - the type checker knows that it is a function
    sys.exit(run(fifthfloor, sys.argv[2:]))


if __name__ == "__main__":
    main()
