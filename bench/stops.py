"""Ctrl-C at random moments of a command: how often does Python's own start answer with a page of its innards?

    PYTHONPATH=. python bench/stops.py --stops 150 --within 1.0

Each stop is typed at a pseudo-terminal, as a person would. What is counted are pages of Python: a traceback, a "Fatal
Python error", a line of a file. Times are of this machine and its load; the count is what matters.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run

from tests.tasks.cards_at_hand import exfat_card

PAGE = re.compile(r"Traceback|File \"|Fatal Python|KeyboardInterrupt")
# As the installers of today write it.
SCRIPT = "import sys\nfrom fifthfloor.__main__ import main\nif __name__ == '__main__':\n    sys.exit(main())\n"


def take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def stopped(command: list[str], folder: Path, after: float) -> str:
    """Run a command at a terminal, type Ctrl-C after so many seconds, and return all that was shown."""
    leader, follower = pty.openpty()
    begun = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
        preexec_fn=take_terminal,
    )  # fmt: skip
    os.close(follower)
    shown, typed = b"", False
    try:
        while True:
            if not typed and time.monotonic() - begun >= after:
                typed = True
                os.write(leader, b"\x03")
            if select.select([leader], [], [], 0.005)[0]:
                piece = os.read(leader, 65_536)
                if not piece:
                    break
                shown += piece
    except OSError:  # the other side is closed
        pass
    process.wait()
    os.close(leader)
    return shown.decode(errors="replace")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=int, default=150)
    parser.add_argument("--within", type=float, default=1.0, help="seconds from the start")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    chance, pages = random.Random(given.seed), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in (1, 2):
            exfat_card(folder / f"{number}.img", number, size_bytes=200_000_000, files=20)
        (folder / "fifthfloor").write_text(SCRIPT, encoding="utf-8")
        commands = (["audit", "1.img", "2.img"], ["wipe", "1.img", "--dry-run"], ["plan", "1.img", "2.img"], ["cards"])
        for number in range(given.stops):
            after = chance.uniform(0, given.within)
            shown = stopped([sys.executable, "fifthfloor", *commands[number % len(commands)]], folder, after)
            if PAGE.search(shown):
                pages.append((after, next(line for line in shown.splitlines() if PAGE.search(line))))
    print(f"{len(pages)} of {given.stops} stops within {given.within:g} s met Python; load {os.getloadavg()[0]:.0f}")
    for after, line in sorted(pages):
        print(f"  {after:.3f} s: {line[:100]}")


if __name__ == "__main__":
    main()
