"""What is done while something else waits for the cards: keys, the reading of the photographs, the first symbols."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.hide import Begun, Intent, begin, first_pass
from fifthfloor.tasks.progress import Progress

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """Something done in a thread, while something else waits for the cards.

    Args:
        function: what is done.
        arguments: its own.
    """

    def __init__(self, function: Callable[..., T], *arguments: Any) -> None:
        self._made: list[T] = []
        self._error: BaseException | None = None
        # A daemon: a refusal or Ctrl-C need not wait for keys that nobody will use.
        self._thread = threading.Thread(target=self._do, args=(function, arguments), daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def result(self) -> T:
        """Wait for the end. Raises what the function raised."""
        self.wait()
        if self._error is not None:
            raise self._error
        return self._made[0]

    def _do(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> None:
        try:
            self._made.append(function(*arguments))
        except BaseException as error:
            self._error = error


def keys_meanwhile(passphrase: str, label: str) -> Meanwhile[FloorKeys]:
    """Derive keys while the cards are read."""
    return Meanwhile(secret.keys_of, passphrase, label)


class Beginning:
    """Reads the photographs and makes the first symbols while the cards are looked at; used as `with Beginning(...)`.

    Nothing is written, and nothing of it outlives the block.

    Args:
        intent: with what is known before the look, as if nothing were kept.
        after_keys: make symbols only when `keys_are_there` was said. Somebody may type for as long as it takes to fill
            their memory, and the derivation takes 256 MiB of its own for a moment.
    """

    def __init__(self, intent: Intent, *, after_keys: bool = False) -> None:
        self._intent = intent
        self._stop = threading.Event()
        self._may_encode = threading.Event()
        if not after_keys:
            self._may_encode.set()
        self._fresh = True
        self._read_bytes = 0
        self._watching: Callable[[int], None] = _unwatched
        self._begun: Meanwhile[Begun] | None = None

    def start(self) -> Meanwhile[Begun]:
        """Begin, where that was not done yet."""
        if self._begun is None:
            self._begun = Meanwhile(self._begin)
        return self._begun

    def keys_are_there(self) -> None:
        """Let symbols be made: no key will be derived beside them."""
        self._may_encode.set()

    def _begin(self) -> Begun:
        archive = first_pass(self._intent, self._until_stopped)
        self._may_encode.wait()
        if self._stop.is_set():
            raise InterruptedError
        return begin(self._intent, archive)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self.keys_are_there()
        self._give_up()

    @property
    def left_bytes(self) -> int:
        """How much of the photographs is not read yet."""
        return max(0, self._intent.sources.size_bytes - self._read_bytes)

    def give_up_symbols(self, progress: Progress) -> None:
        """Give their memory back, once all is read: to whoever reads what is kept."""
        self.keys_are_there()
        if self._begun is not None and not self._begun.done:
            self._wait(self._begun, progress)
        self._give_up()

    def of(self, intent: Intent, progress: Progress) -> Begun:
        """Return what was begun; for another intent of the same plan, begin anew on what was read.

        Raises:
            BadInput: a source changed, or cannot be read.
        """
        made = self.start()
        self.keys_are_there()
        self._wait(made, progress)
        begun = made.result()
        if self._fresh and intent is self._intent:
            return begun
        self._give_up()
        return begin(intent, begun.archive)

    def _wait(self, made: Meanwhile[Begun], progress: Progress) -> None:
        with progress("work.sources", self.left_bytes) as advance:
            self._watching = advance
            made.wait()
            self._watching = _unwatched

    def _give_up(self) -> None:
        self._fresh = False
        if self._begun is not None:
            with suppress(Exception):  # whoever wants the result will be told
                self._begun.result().feed.close()

    @contextmanager
    def _until_stopped(self, _title: str, _total: int) -> Iterator[Callable[[int], None]]:
        def advance(done_bytes: int) -> None:
            if self._stop.is_set():
                raise InterruptedError
            self._read_bytes += done_bytes
            self._watching(done_bytes)

        yield advance


def _unwatched(_done_bytes: int) -> None:
    """Nobody waits."""
