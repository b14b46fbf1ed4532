"""The next thing is made while the last one is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Runs an iterator in a thread, one item ahead; used as `with Ahead(...) as items: for item in items`.

    At any moment one item is used, one waits, and one is being made. What the iterator raises is raised here when its
    turn comes. Leaving the block ends the thread as soon as the item being made is done.

    Args:
        items: only the thread touches it from now on.
    """

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._made: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(1)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        while self._thread.is_alive():
            # Whoever waits to put an item finds room, sees that nobody is there any more, and ends.
            try:
                self._made.get(timeout=0.05)
            except queue.Empty:
                continue
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        while (made := self._made.get()) is not None:
            if isinstance(made, BaseException):
                raise made
            yield made[0]

    def _run(self) -> None:
        try:
            for item in self._items:
                self._made.put((item,))
                if self._left.is_set():
                    return
        except BaseException as error:
            self._made.put(error)
        else:
            self._made.put(None)
