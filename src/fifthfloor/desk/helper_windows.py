r"""The helper with rights on Windows: like `helper`, with a named pipe for its socket and handles for its descriptors.

The pipe lets in the account that the helper runs as, on this machine alone, and whoever comes is asked for by their
process; a card that the helper opened and locked is copied, as a handle, into that process, and let go of here.
Counterpart: `helped_windows`.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress

from fifthfloor.desk.helper import MOST_ASKED_BYTES, MOST_PROCESSES, WAIT_SECONDS, answer_to
from fifthfloor.desk.pipes import Pipes, windows_pipes
from fifthfloor.errors import BadInput, reason_of
from fifthfloor.tasks.floors.rights import Holder


def name_of(person: str) -> str:
    """Return the name of the pipe of one account."""
    return rf"\\.\pipe\fifthfloor-{person}"


class PipeHelper:
    """One helper, of the account it runs as.

    Args:
        pipes: the calls of Windows; tests have their own.

    Raises:
        BadInput: it has no rights, or another helper of this account is there.
    """

    def __init__(self, pipes: Pipes | None = None) -> None:
        self._pipes = pipes or windows_pipes()
        if not self._pipes.is_administrator():
            raise BadInput("desk.helper_no_administrator")
        self._turn = threading.Lock()
        self._inside: list[int] = []  # in the order they came: the desk, then processes that it began
        self._over = threading.Event()
        self._person = self._pipes.account()
        self._name = name_of(self._person)
        try:
            self._next = self._pipes.make(self._name, self._person, first=True)
        except OSError as error:
            raise BadInput("desk.helper_place", path=self._name, reason=reason_of(error)) from error

    def serve(self, wait_seconds: float = WAIT_SECONDS) -> None:
        """Answer the first desk of the account, and processes that it begins, until it goes."""
        late = time.monotonic() + wait_seconds
        threading.Thread(target=self._let_in, daemon=True).start()
        while not self._over.wait(0.2):
            if not self._inside and time.monotonic() >= late:
                return

    def _let_in(self) -> None:
        while not self._over.is_set():
            pipe = self._next
            try:
                self._pipes.wait(pipe)
                self._next = self._pipes.make(self._name, self._person, first=False)
            except OSError:  # who came is gone already, or there is no room for one more end
                self._over.set()
                return
            threading.Thread(target=self._serve, args=(pipe,), daemon=True).start()

    def _serve(self, pipe: int) -> None:
        process = 0
        with suppress(OSError):
            process, person = self._pipes.who(pipe)
            if person == self._person and self._has_place(pipe):
                self._answer_all(pipe, process)
        with self._turn:
            if self._inside[:1] == [pipe]:
                self._over.set()
            elif pipe in self._inside:
                self._inside.remove(pipe)
        for handle in (pipe, process):
            if handle:
                self._pipes.close(handle)

    def _has_place(self, pipe: int) -> bool:
        with self._turn:
            if len(self._inside) >= MOST_PROCESSES:
                return False
            self._inside.append(pipe)
            return True

    def _answer_all(self, pipe: int, process: int) -> None:
        """Answer until OSError: whoever asked is gone, or sent more than any message of ours."""
        holder = Holder()  # a list for each process: numbers of one never mean the list of another
        while True:
            told, device = answer_to(self._pipes.read(pipe, MOST_ASKED_BYTES), holder)
            try:
                if device is not None:
                    told["handles"] = [self._pipes.give(one, process) for one in device.descriptors()]
                self._pipes.write(pipe, json.dumps(told).encode())
            finally:
                if device is not None:
                    device.close()  # its lock goes on with the handle that was given

    def close(self) -> None:
        """Let nobody in any more."""
        self._over.set()
