"""How the story reaches a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fifthfloor.errors import FactValue
from fifthfloor.tasks.progress import Progress
from fifthfloor.words import sentence
from fifthfloor_theatre.journey.maps import CardMap


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells.

    Args:
        say: hears one line.
        draw: hears a map, to be drawn for this person's terminal.
        progress: shows a bar.
    """

    say: Callable[[str], None]
    draw: Callable[[CardMap], None]
    progress: Progress

    def tell(self, key: str, **facts: FactValue) -> None:
        """Say a sentence of `words.journey`, by its key without the prefix."""
        self.say(sentence(f"journey.{key}", **facts))
