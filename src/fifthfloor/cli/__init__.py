"""The command line: the only place that prints, asks and exits.

Each command is a function in a module of this package; it is imported only when it is asked for, so that `--help`
stays quick and a base install never touches what it does not have.
"""

from __future__ import annotations

import sys

from fifthfloor.unreadable import guard


def main() -> None:
    """Run the command line and leave with its exit code (`docs/guide.md`, "Exit codes")."""
    guard()
    try:
        from fifthfloor.cli.group import fifthfloor
        from fifthfloor.cli.outcome import run
    except KeyboardInterrupt:
        sys.exit(130)  # so early that nothing was begun, and there are no words yet
    sys.exit(run(fifthfloor, sys.argv[1:]))
