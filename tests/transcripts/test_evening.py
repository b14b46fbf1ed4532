"""The whole evening as it looks, at 80 and 120 columns: hide, the second evening, a search, what came through.

The transcripts stand in `evening-80.txt` and `evening-120.txt`, word for word but for what changes from run to run.
When one is changed on purpose, run this file with REWRITE=1 in the environment, and read it aloud.
"""

from __future__ import annotations

import fcntl
import os
import random
import re
import struct
import sys
import termios
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from tests.tasks.cards_at_hand import exfat_card, roll
from tests.tasks.fresh import PROGRAM
from tests.tasks.quick import PASSPHRASE
from tests.terminal import at_terminal

from fifthfloor_theatre.cards.format import FatWriter, format_fat32

pytestmark = pytest.mark.usefixtures("quick_kdf")
HERE = Path(__file__).parent
MOST_LINES = 8  # before the question, at 80 columns
ANSWERS = {"passphrase": PASSPHRASE, "once more": PASSPHRASE, "label": "", "as well, so that": "n"}
CARDS = ("card-1.img", "card-2.img", "card-3.img")
INTO = tuple(word for card in CARDS for word in ("--in", card))
EVENING: tuple[tuple[str, ...], ...] = (
    ("plan", *CARDS),
    ("hide", "monday", *INTO),
    ("health", "card-1.img", "card-3.img"),
    ("open", "card-3.img", "card-1.img", "--check"),
    ("hide", "--from", "shooting.img", "--only", "IMG_0804-0807", *INTO, "--remove"),
    ("list", *CARDS),
    ("hide", "monday", *INTO, "--discard", "--dry-run"),
    ("hide", "--from", "shooting.img", "--only", "IMG_0801.foo", *INTO),
    ("wipe", "card-1.img"),
    ("hide", "monday", "--in", "nowhere.img"),
    ("hide", "monday", "--qick", "--in", "card-1.img"),
)


@pytest.fixture
def trip(tmp_path: Path) -> Path:
    for number, name in enumerate(CARDS, start=1):
        exfat_card(tmp_path / name, number, size_bytes=24_000_000, files=6)
    roll(tmp_path / "monday", megabytes=0.6)
    format_fat32(tmp_path / "shooting.img", 40 << 20, label="CAMERA", partitioned=False)
    with FatWriter(tmp_path / "shooting.img") as writer:
        for number in range(801, 810):
            if number != 805:
                moment = datetime(2026, 5, 4, 10, 0) + timedelta(minutes=number)
                writer.add_file(f"DCIM/100CANON/IMG_{number:04d}.JPG", random.Random(number).randbytes(60_000), moment)
    return tmp_path


def shown_at(
    width: int, folder: Path, words: tuple[str, ...], answers: Mapping[str, str | Sequence[str]] = ANSWERS
) -> str:
    """Run a command at a terminal of so many columns; the bar, and what changes from run to run, are left out."""
    ioctl = fcntl.ioctl

    def wide(descriptor: int, request: int, argument: object) -> object:
        if request == termios.TIOCSCTTY:
            ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        return ioctl(descriptor, request, argument)  # type: ignore[call-overload]

    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"NO_COLOR": "1"}
    with mock.patch.object(fcntl, "ioctl", wide):
        code, text = at_terminal([sys.executable, str(PROGRAM), *words], folder, answers, environment)
    # A terminal shows of a line what was written last over it.
    lines = [line.rsplit("\r", 1)[-1] if line.strip("\r") else "" for line in text.replace("\r\n", "\n").split("\n")]
    assert max(map(len, lines)) <= width + len(" [y/N]: y"), max(lines, key=len)
    assert not re.search(r"traceback", text, re.IGNORECASE)
    return f"$ fifthfloor {' '.join(words)}\n" + plain("\n".join(lines).rstrip()) + f"\n(exit {code})\n"


def plain(text: str) -> str:
    text = re.sub(r"(takes )(?:up to )?\d+(?: to \d+)? (?:s|min)\b", r"\1N s", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d\b(?! by)", "DATE", text)
    text = re.sub(r"\bfloor [0-9a-f]{8}\b", "floor ID", text)
    return re.sub(r"(has |or |but )\d+( shards| % of each)", r"\1N\2", text)


@pytest.mark.parametrize("width", [80, 120])
def test_the_whole_evening_as_it_looks(width: int, trip: Path) -> None:
    said = [shown_at(width, trip, words) for words in EVENING]
    for command in said:
        before, question, _after = command.partition("? [y/N]: y")
        # From the command on; what is asked before stands above with its own question.
        asked = re.split(r"in advance\): |\[y/N\]: n", before.partition("\n")[2])[-1].strip("\n").split("\n")
        assert not question or len(asked) - 1 <= MOST_LINES, before
    transcript, file = "\n".join(said), HERE / f"evening-{width}.txt"
    if os.environ.get("REWRITE"):
        file.write_text(transcript, encoding="utf-8")
    assert transcript == file.read_text(encoding="utf-8")
