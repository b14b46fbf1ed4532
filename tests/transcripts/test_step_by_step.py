"""Bare `fifthfloor` as it looks at 80 and 120 columns: an evening's hide and the look at what came through.

The transcripts stand in `step-by-step-80.txt` and `step-by-step-120.txt`; REWRITE=1 writes them anew, to be read aloud.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card, roll
from tests.tasks.quick import PASSPHRASE
from tests.transcripts.test_evening import shown_at

pytestmark = pytest.mark.usefixtures("quick_kdf")
HERE = Path(__file__).parent
CARDS = "card-1.img card-2.img card-3.img"
SECRET: dict[str, str | list[str]] = {"once more": PASSPHRASE, "label": "", "passphrase": PASSPHRASE}
EVENING: tuple[dict[str, str | list[str]], ...] = (
    {
        "what do you want to do": ["15", "1"],
        "where are the photographs": "1",
        "which files or folders": ["munday", "monday"],
        "which cards shall hold": CARDS,
        "may be lost": "",
    },
    {"what do you want to do": "2", "which cards are they on": CARDS},
    {"what do you want to do": "7", "which cards (": "card-1.img", "run it now": "n"},
    {"what do you want to do": "0"},
)


@pytest.mark.parametrize("width", [80, 120])
def test_the_questions_as_they_look(width: int, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        exfat_card(tmp_path / f"card-{number}.img", number, size_bytes=24_000_000, files=6)
    roll(tmp_path / "monday", megabytes=0.6)
    said = [
        shown_at(width, tmp_path, (), {**answers, "run it now": answers.get("run it now", ""), **SECRET})
        for answers in EVENING
    ]
    for text in said:
        assert PASSPHRASE not in text
    # Cards that this machine has in its readers are no matter of ours.
    transcript = re.sub(r"in the readers:\n(?:  \d.*\n)+", "no card was found in a reader ...\n", "\n".join(said))
    file = HERE / f"step-by-step-{width}.txt"
    if os.environ.get("REWRITE"):
        file.write_text(transcript, encoding="utf-8")
    assert transcript == file.read_text(encoding="utf-8")
