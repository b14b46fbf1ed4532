"""Real processes of the command line, to be killed or interrupted while they work."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tasks.fresh import PROGRAM
from tests.tasks.quick import PASSPHRASE

LONGEST_SECONDS = 120.0


def started(*arguments: str | Path, slow: float = 0.0) -> subprocess.Popen[str]:
    """Start a command with the passphrase on its stdin; `slow` is how many seconds longer each flush takes."""
    options = ["--slow", str(slow)] if slow else []
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), *options, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs tests in the background has told them to ignore Ctrl-C; a person's shell has not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdin
    process.stdin.write(PASSPHRASE + "\n")
    process.stdin.close()
    return process


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end of a process whose stdin is closed; its exit code and stderr."""
    assert process.stdout
    assert process.stderr
    said = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    return process.wait(timeout=LONGEST_SECONDS), said


def killed_in_writing(process: subprocess.Popen[str], card: Path, after_seconds: float) -> bool:
    """Send SIGKILL so many seconds after the first write to a card; says whether it met the process alive.

    Args:
        process: from `started`, before it has written to the card.
        card: an image; its time of change tells the first write.
        after_seconds: beyond that write.
    """
    before, until = card.stat().st_mtime_ns, time.monotonic() + LONGEST_SECONDS
    while card.stat().st_mtime_ns == before and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(after_seconds)
    process.kill()
    code, said = ended(process)
    assert code in (0, -signal.SIGKILL), said
    return code != 0


@dataclass(slots=True)
class Moments:
    """Moments for kills, drawn until enough met a process at work; one that came too late makes the next earlier.

    Args:
        chance: seeded.
        longest_seconds: after the first write; how long the writing takes on a quiet machine.
        wanted: how many are to meet it.
    """

    chance: random.Random
    longest_seconds: float
    wanted: int
    met: int = 0

    def __iter__(self) -> Iterator[float]:
        for _ in range(4 * self.wanted):
            if self.met == self.wanted:
                return
            yield self.chance.uniform(0.0, self.longest_seconds)

    def tell(self, met: bool) -> None:
        """Say whether the kill met the process alive."""
        self.met += met
        if not met:
            self.longest_seconds /= 4
