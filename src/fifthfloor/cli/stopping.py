"""What is true when a command is stopped: it depends on whether anything had been written by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from fifthfloor.cli.console import Console, Stopped
from fifthfloor.tasks.progress import Progress
from fifthfloor.words import sentence

WRITING = "work.write"


class Watched:
    """A progress that remembers whether writing to a card has begun."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.writing = False

    def __call__(self, key: str, total_bytes: int) -> AbstractContextManager[Callable[[int], None]]:
        """Pass a step on (`tasks.progress.Progress`)."""
        # Before the step is shown: a stop may fall between the two.
        self.writing = self.writing or key == WRITING
        return self._progress(key, total_bytes)


@contextmanager
def told_when_stopped(console: Console, said: Callable[[], str], done: Callable[[], str]) -> Iterator[Watched]:
    """Say what is true after Ctrl-C in the block, and from its end on.

    Args:
        console: of the command; the block uses the progress that is yielded instead of its own.
        said: what is true once something may have been written.
        done: what is true once all of it is.

    Raises:
        Stopped: in place of KeyboardInterrupt.
    """
    watched = Watched(console.progress)
    try:
        yield watched
        console.from_now_on(done())
    except Stopped:
        raise
    except KeyboardInterrupt:
        raise Stopped(said() if watched.writing else sentence("cli.stopped_before")) from None
