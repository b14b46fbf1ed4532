"""The desk's side of the helper on Windows: begun by Windows' own question, asked through a named pipe.

Counterpart: `helper_windows`. Whoever answers must have made the pipe with an administrator's rights: another program
could listen in that place otherwise.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence

from fifthfloor.desk.asks import Asks
from fifthfloor.desk.helper import MOST_TOLD_BYTES
from fifthfloor.desk.helper_windows import name_of
from fifthfloor.desk.pipes import Pipes
from fifthfloor.errors import BadInput

_PIPE_TRIES, _PIPE_WAIT_SECONDS = 300, 0.1  # a Python that begins on a slow stick


class HelpedByPipe(Asks):
    """A connection that is made when a card is first wanted.

    Args:
        pipes: the calls of Windows.
    """

    def __init__(self, pipes: Pipes) -> None:
        super().__init__()
        self._pipes = pipes
        self._pipe: int | None = None
        self._one_question = threading.Lock()

    def begin(self, program: Sequence[str]) -> None:
        """Have Windows ask the person, and wait until the helper answers; nothing where one does already.

        Args:
            program: what begins the helper.

        Raises:
            BadInput: Windows was told no, or the helper ended at once.
        """
        with self._one_question:
            if self._reached():
                return
            try:
                process = self._pipes.begin(program[0], " ".join(f'"{word}"' for word in program[1:]))
            except OSError as error:
                raise BadInput("desk.helper_not_begun") from error
            try:
                for _ in range(_PIPE_TRIES):
                    if self._reached():
                        return
                    if not self._pipes.runs(process):
                        break
                    time.sleep(_PIPE_WAIT_SECONDS)
            finally:
                self._pipes.close(process)
            raise BadInput("desk.helper_silent")

    def _reached(self) -> bool:
        with self._turn:
            try:
                self._ask(b"list")
            except (OSError, ValueError):
                self._drop()
                return False
            return True

    def _refusal(self, path: str, writable: bool) -> BadInput:  # noqa: ARG002 - Windows has one right for both
        return BadInput("cards.not_administrator", path=path)

    def _exchange(self, message: bytes) -> tuple[bytes, list[int]]:
        if self._pipe is None:
            self._pipe = self._connected()
        self._pipes.write(self._pipe, message)
        told = self._pipes.read(self._pipe, MOST_TOLD_BYTES)
        return told, [int(handle) for handle in json.loads(told).get("handles", [])]

    def _drop(self) -> None:
        if self._pipe is not None:
            self._pipes.close(self._pipe)
            self._pipe = None

    def _connected(self) -> int:
        pipe = self._pipes.join(name_of(self._pipes.account()))
        try:
            if not self._pipes.is_of_administrators(pipe):
                raise PermissionError
        except OSError:
            self._pipes.close(pipe)
            raise
        return pipe
