"""Run by tests as a program of its own: the command line with the cheap key derivation, and bad sectors.

    python fresh_process.py [--bad FILE] [--slow SECONDS] [--hold KEY] COMMAND ...

FILE is JSON: image name -> numbers of 512-byte sectors that give EIO. With --slow a flush takes so much
longer. With --hold the step of that key stands still in the midst of its work, and says HELD: "2 KEY" is the second
step of that key, "removing" where the names of frames are gone, "result" the moment before the result is said. Nothing
of the test's process is known here.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.doubles import FailingDevice
from tests.tasks.quick import quick_argon2id

from fifthfloor.cards import opening, reading
from fifthfloor.cards.descriptor import DeviceFacts
from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.cards.image import Card
from fifthfloor.cli import main
from fifthfloor.tasks import secret

HELD = "@held@"


def fail_reading(bad: dict[str, list[int]]) -> None:
    """Give cards that are read sectors that cannot be."""

    def open_path(path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
        device, facts = opening.open_path(path, writable=writable, serial=serial)
        return FailingDevice(device, bad_sectors=frozenset(bad.get(path.name, ()))), facts

    setattr(reading, "open_path", open_path)  # noqa: B010 - it belongs to another module, and is no export of this one


def flush_slowly(seconds: float) -> None:
    """Make a sweep last, so that a signal meets it."""
    really = OpenFile.flush

    def flush(self: OpenFile) -> None:
        really(self)
        time.sleep(seconds)

    setattr(OpenFile, "flush", flush)  # noqa: B010 - a method of a typed class


def hold_at(key: str) -> None:
    """Stand still in a step of the bar, once it has told of some of its work; where it tells of none, at its end."""
    from fifthfloor.cli.bar import Bar
    from fifthfloor.cli.console import Console
    from fifthfloor.tasks.floors import remove

    really, result, sweep_lost = Bar.step, Console.result, remove.sweep_lost
    first, _, rest = key.partition(" ")
    number, key = (int(first), rest) if first.isdigit() else (1, key)
    met: list[str] = []

    def stand() -> None:
        sys.stderr.write(f"\n{HELD}\n")
        sys.stderr.flush()
        time.sleep(60)

    @contextmanager
    def step(self: Bar, title: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
        with really(self, title, total_bytes) as advance:
            met.append(title)
            if title != key or met.count(key) != number:
                yield advance
                return
            stood: list[bool] = []

            def told(done_bytes: int) -> None:
                advance(done_bytes)
                if not stood:
                    stood.append(True)
                    stand()

            yield told
            if not stood:
                stand()

    def say(self: Console, *given: Any) -> None:
        if key == "result":
            stand()
        result(self, *given)

    def sweep(card: Card, within: Any = None) -> int:
        if key == "removing":
            stand()
        return sweep_lost(card, within)

    setattr(remove, "sweep_lost", sweep)  # noqa: B010
    setattr(Bar, "step", step)  # noqa: B010 - a method of a typed class
    setattr(Console, "result", say)  # noqa: B010


if __name__ == "__main__":
    secret.KDF = quick_argon2id
    if sys.argv[1:2] == ["--bad"]:
        fail_reading(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
        del sys.argv[1:3]
    if sys.argv[1:2] == ["--slow"]:
        flush_slowly(float(sys.argv[2]))
        del sys.argv[1:3]
    if sys.argv[1:2] == ["--hold"]:
        hold_at(sys.argv[2])
        del sys.argv[1:3]
    main()
