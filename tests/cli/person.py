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


def typed(tmp_path: Path, answers: dict[str, str | list[str]], *arguments: str | Path) -> tuple[int, str]:
    """Run the program and answer; returns its exit code, and what was shown in one line."""
    code, shown = at_terminal([sys.executable, str(PROGRAM), *map(str, arguments)], tmp_path, answers)
    return code, " ".join(shown.split())
