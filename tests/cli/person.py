"""A person who types at a terminal, and the small card in front of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.fresh import PROGRAM
from tests.terminal import at_terminal


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A card of five files."""
    return exfat_card(tmp_path / "card.img", 1, size_bytes=9_000_000, files=5)


class Typist:
    """Somebody who types what is not shown, in this process: quicker than a terminal where only the questions matter.

    Args:
        monkeypatch: of the test.
        answers: what a question contains -> what is typed, as for `tests.terminal.at_terminal`.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, str | list[str]]) -> None:
        self.asked: list[str] = []
        self._left = {question: [one] * 99 if isinstance(one, str) else list(one) for question, one in answers.items()}
        monkeypatch.setattr("fifthfloor.cli.console.is_terminal", lambda _stream: True)
        monkeypatch.setattr("fifthfloor.cli.console.ask_hidden", self._answer)

    def _answer(self, question: str) -> str:
        self.asked.append(question)
        return next(left for part, left in self._left.items() if left and part in question).pop(0)

    def count(self, part: str) -> int:
        """Say how many questions held some words."""
        return sum(part in question for question in self.asked)


def typed(tmp_path: Path, answers: dict[str, str | list[str]], *arguments: str | Path) -> tuple[int, str]:
    """Run the program and answer; returns its exit code, and what was shown in one line."""
    code, shown = at_terminal([sys.executable, str(PROGRAM), *map(str, arguments)], tmp_path, answers)
    return code, " ".join(shown.split())
