"""What a desk says to a helper with rights, and how it takes the answers, whatever way its system has between the two.

Counterpart: `helper.answer_to`.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from fifthfloor import words
from fifthfloor.errors import BadInput, DeviceRefused


class Asks(ABC):
    """What is said to a helper, and how its answers are taken; below it the way that a system has."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def open(self, path: Path, writable: bool) -> tuple[int, ...]:
        """Have a card opened; is a `cards.descriptor.Asking`.

        Raises:
            BadInput: nobody helps, or like `open_card`.
            DeviceRefused: like `open_card`, or it is no card in a reader.
        """
        refused = self._refusal(str(path), writable)
        with self._turn:
            try:
                listed = self._ask(b"list")[0].get("cards", [])
                if str(path) not in listed:
                    raise refused
                verb = "write" if writable else "read"
                _, descriptors = self._ask(f"{verb} {listed.index(str(path))}".encode())
            except (OSError, ValueError):
                self._drop()
                raise refused from None
        if not descriptors:
            raise refused
        return tuple(descriptors)

    def close(self) -> None:
        """Let the helper go."""
        with self._turn:
            self._drop()

    def _ask(self, message: bytes) -> tuple[dict[str, Any], list[int]]:
        told, descriptors = self._exchange(message)
        answer: dict[str, Any] = json.loads(told)
        key = str(answer.get("key", ""))
        if key in words.ERRORS:
            kind = DeviceRefused if answer.get("kind") == "DeviceRefused" else BadInput
            raise kind(key, **answer["facts"])
        return answer, descriptors

    @abstractmethod
    def _refusal(self, path: str, writable: bool) -> BadInput:
        """Return what is said where nobody helps."""

    @abstractmethod
    def _exchange(self, message: bytes) -> tuple[bytes, list[int]]:
        """Send a message, connected first where that was not done; returns the answer and the descriptors beside it."""

    @abstractmethod
    def _drop(self) -> None:
        """Let go of the connection, if there is one."""
