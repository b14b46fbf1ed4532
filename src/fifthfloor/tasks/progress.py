"""How a task says how far it is, to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Takes the key of a sentence ("work.*") and a total, in bytes as a rule; gives a function that is told what was just
done."""


@contextmanager
def silent(_key: str, _total: int) -> Iterator[Callable[[int], None]]:
    """Show nothing: for processes that nobody watches."""
    yield lambda _done: None
