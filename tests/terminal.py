"""A person at a terminal, for tests: runs a command line on a pseudo-terminal and answers what is asked."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# What a question ends with, and what the person types. The first that fits is used.
ANSWERS: tuple[tuple[str, str], ...] = (("[y/N]:", "y"), ("[Y/n]:", "y"))
LONGEST_SECONDS = 120.0


def at_terminal(
    command: Sequence[str],
    cwd: Path,
    answers: Mapping[str, str | Sequence[str]],
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run `command` as if typed, and return its exit code and all it showed.

    Args:
        command: program and arguments.
        cwd: where it runs.
        answers: what a question contains (anywhere in its last line) -> what is typed; several answers one after the
            other, where it is asked again.
        environment: of the command; None for this process's own.
    """
    leader, follower = pty.openpty()

    def take_terminal() -> None:
        # A passphrase is asked for on the controlling terminal, not on stdin.
        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment) if environment is not None else None,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(follower)
    try:
        shown = _converse(leader, (*answers.items(), *ANSWERS))
        return process.wait(timeout=10), shown
    finally:
        process.kill()
        process.wait()
        os.close(leader)


def _converse(leader: int, answers: Sequence[tuple[str, str | Sequence[str]]]) -> str:
    """Read until the other side closes; type an answer each time its last line is a question."""
    typing = [(question, [one] * 99 if isinstance(one, str) else list(one)) for question, one in answers]
    shown, asked, until = "", 0, time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        if not select.select([leader], [], [], 1.0)[0]:
            continue
        try:
            piece = os.read(leader, 65_536)
        except OSError:  # Linux says EIO when the last of the other side is closed
            return shown
        if not piece:
            return shown
        shown += piece.decode(errors="replace")
        last = shown[asked:].rsplit("\n", 1)[-1].rsplit("\r", 1)[-1]
        if last.rstrip().endswith((":", "?", "]")):
            typed = next((left for question, left in typing if left and question in last), None)
            if typed is not None:
                asked = len(shown)
                os.write(leader, typed.pop(0).encode() + b"\n")
    raise TimeoutError(f"no end after {LONGEST_SECONDS:.0f} s: {shown[-400:]}")
