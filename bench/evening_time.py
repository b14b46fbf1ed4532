"""Does the time that `hide` says hold? Throttled images, 15/40 and 90/90 MB a second (written/read), ten runs each.

A run is good when what was said before the question holds the time from the question to the end, when the range that
the bar shows a fifth of the way holds what is then left, and when no second passes without the bar moving.
"""

from __future__ import annotations

import argparse
import io
import itertools
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run

from tests.tasks.cards_at_hand import exfat_card

from fifthfloor.cards.device import OpenFile
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run

PASSPHRASE = "tapeless unwitting gargle skedaddle ozone frolic plywood"
UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}


class Screen(io.StringIO):
    """A terminal that remembers when and what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[tuple[float, str]] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        length = super().write(text)  # click asks with b"" whether bytes are taken
        self.writes.append((time.monotonic(), text))
        return length


@contextmanager
def throttled(write_rate: float, read_rate: float) -> Iterator[None]:
    """Make every open image as slow as a card: each byte costs its time."""
    real = {name: getattr(OpenFile, name) for name in ("read_into", "read_medium_into", "write")}

    def slow(name: str, rate: float) -> object:
        def method(device: OpenFile, offset: int, buffer: memoryview) -> None:
            begun = time.monotonic()
            real[name](device, offset, buffer)
            time.sleep(max(0.0, len(buffer) / rate - (time.monotonic() - begun)))

        return method

    slower = {"read_into": read_rate, "read_medium_into": read_rate, "write": write_rate}
    with ExitStack() as patches:
        for name, rate in slower.items():
            patches.enter_context(mock.patch.object(OpenFile, name, slow(name, rate)))
        yield


def seconds(text: str) -> tuple[float, float]:
    """Read a range as `words.form.span` writes it."""
    match = re.search(r"(?:(up to )|(\d+) to )?(\d+) (s|min|h)\b", text)
    if match is None:
        raise ValueError(text)
    high = float(match[3]) * UNITS[match[4]]
    low = 0.0 if match[1] else float(match[2] or match[3]) * UNITS[match[4]]
    return low, high


def one_run(folder: Path, write_rate: float, read_rate: float, megabytes: int) -> tuple[bool, bool, float]:
    """Hide on two cards; returns whether the first range held, whether the bar's did, and the longest stillness."""
    cards = [exfat_card(folder / f"card{n}.img", n, size_bytes=megabytes * 1_000_000, files=4) for n in (1, 2)]
    source = folder / "roll.jpg"
    source.write_bytes(random.Random(1).randbytes(1_000_000))
    (folder / "phrase").write_text(PASSPHRASE + "\n")
    into = [word for card in cards for word in ("--in", str(card))]
    screen = Screen()
    arguments = ["hide", str(source), *into, "--label", "", "--passphrase-file", str(folder / "phrase"), "--yes"]
    with throttled(write_rate, read_rate), mock.patch.object(sys, "stderr", screen), redirect_stdout(io.StringIO()):
        code = run(fifthfloor, arguments)
    ended = time.monotonic()
    if code:
        raise RuntimeError(screen.getvalue())
    asked, said = next((at, text) for at, text in screen.writes if "this takes" in text)
    low, high = seconds(said)
    took = ended - asked
    bars = [(at, seconds(found[1])) for at, text in screen.writes if (found := re.search(r"\] (.*) left", text))]
    fifth = next((bar for bar in bars if bar[0] > asked + took / 5), bars[-1])
    left = ended - fifth[0]
    # Ranges are written in whole seconds.
    held = low - 1 <= took <= high + 1
    bar_held = fifth[1][0] - 1 <= left <= fifth[1][1] + 1
    stillness = max(b - a for (a, _), (b, _) in itertools.pairwise(screen.writes))
    print(f"  said {low:.0f} to {high:.0f} s, took {took:.1f}; bar {fifth[1]}, left {left:.1f}; still {stillness:.2f}")
    return held, bar_held, stillness


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--megabytes", type=int, default=60, help="of each of the two cards")
    given = parser.parse_args()
    for write_rate, read_rate in ((15e6, 40e6), (90e6, 90e6)):
        done = []
        for _ in range(given.runs):
            with tempfile.TemporaryDirectory() as folder:
                done.append(one_run(Path(folder), write_rate, read_rate, given.megabytes))
        first, later, still = sum(d[0] for d in done), sum(d[1] for d in done), max(d[2] for d in done)
        name = f"{write_rate / 1e6:.0f}/{read_rate / 1e6:.0f} MB/s"
        print(f"{name}, {len(done)} runs: what was said before held {first}, what the bar said {later}")
        print(f"  longest without movement {still:.2f} s")


if __name__ == "__main__":
    main()
