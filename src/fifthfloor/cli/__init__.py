"""The command line: the only place that prints, asks and exits.

Each command is a function in a module of this package; it is imported only when it is asked for, so that `--help`
stays quick and a base install never touches what it does not have.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings


def main() -> None:
    """Run the command line and leave with its exit code (`docs/guide.md`, "Exit codes")."""
    # numpy's linear algebra starts a thread a core, which spins before it sleeps: a tenth of a second of CPU in every
    # process. What is multiplied here is small, and what is much is shared out to processes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from fifthfloor.unreadable import guard

    guard()
    if not sys.warnoptions:  # a library's words for whoever programs, with paths of files; ours stand in `words`
        warnings.simplefilter("ignore")
    from fifthfloor.cli.group import fifthfloor
    from fifthfloor.cli.outcome import INTERRUPTED, run

    try:
        code = run(fifthfloor, sys.argv[1:])
    except KeyboardInterrupt:  # in the midst of the last sentence
        code = INTERRUPTED
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is all said; the end of the interpreter has nothing to add
    sys.exit(code)
