"""`fifthfloor` and `python -m fifthfloor` begin here.

Rule: the first thing that is done is to let Ctrl-C end this process as it ends any other, until the command line has an
answer of its own: Python would show a page of its innards. While Python itself starts, it still does. `signal` brings
much more along than its built-in half, and takes longer than all that is left of the start.
"""

from _signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal  # type: ignore[import-not-found]

if getsignal(SIGINT) is default_int_handler:  # what a shell ignores stays ignored
    signal(SIGINT, SIG_DFL)

from fifthfloor.cli import main

if __name__ == "__main__":
    main()
