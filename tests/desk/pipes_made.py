"""A Windows in memory: pipes with lists of rights, accounts, processes, and the question; handles are descriptors."""

from __future__ import annotations

import itertools
import os
import queue
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from fifthfloor.desk.helper_windows import name_of


@dataclass(eq=False, repr=False)
class End:
    """One end of a pipe, where somebody may come."""

    person: str
    of_administrators: bool
    free: bool = True
    came: queue.Queue[FakePipes | None] = field(default_factory=queue.Queue)
    ends: tuple[socket.socket, socket.socket] = field(
        default_factory=lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    )


@dataclass(eq=False, repr=False)
class Machine:
    """What processes have in common.

    Args:
        pipes: by name, all ends that were made.
        answer: to the question; what it begins.
        asked: program and words of each question.
        running: whether what was begun still runs.
    """

    pipes: dict[str, list[End]] = field(default_factory=dict)
    answer: Callable[[], None] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    running: bool = True
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1000))

    def close(self) -> None:
        """End every process at once."""
        for end in itertools.chain(*self.pipes.values()):
            end.came.put(None)
            for one in end.ends:
                one.close()


@dataclass(eq=False, repr=False)
class FakePipes:
    """The calls, as one process may make them.

    Args:
        machine: that it runs on.
        person: its account.
        administrator: with rights.
        sits: the ends it holds, by handle.
    """

    machine: Machine
    person: str = "S-1-5-21-7"
    administrator: bool = False
    sits: dict[int, tuple[socket.socket, End]] = field(default_factory=dict)

    def account(self) -> str:
        return self.person

    def is_administrator(self) -> bool:
        return self.administrator

    def make(self, name: str, person: str, *, first: bool) -> int:
        ends = self.machine.pipes.setdefault(name, [])
        if first and ends:
            raise PermissionError(5, "")
        ends.append(End(person, self.administrator))
        return self._held(ends[-1].ends[0], ends[-1])

    def wait(self, pipe: int) -> None:
        end = self.sits[pipe][1]
        came = end.came.get()
        if came is None:
            raise ConnectionError(232)
        end.came.put(came)

    def who(self, pipe: int) -> tuple[int, str]:
        came = self.sits[pipe][1].came.get(timeout=60)
        if came is None:
            raise ConnectionError(232)
        return next(self.machine.numbers), came.person

    def join(self, name: str) -> int:
        for end in self.machine.pipes.get(name, []):
            if self.person != end.person:
                raise PermissionError(5, "")
            if end.free:
                end.free = False
                end.came.put(self)
                return self._held(end.ends[1], end)
        raise FileNotFoundError(2, "")

    def is_of_administrators(self, pipe: int) -> bool:
        return self.sits[pipe][1].of_administrators

    def read(self, pipe: int, most_bytes: int) -> bytes:
        message = self.sits[pipe][0].recv(most_bytes + 1)
        if not message or len(message) > most_bytes:
            raise ConnectionError(234)
        return message

    def write(self, pipe: int, message: bytes) -> None:
        self.sits[pipe][0].sendall(message)

    def give(self, handle: int, process: int) -> int:
        assert process >= 1000
        return os.dup(handle)

    def begin(self, program: str, words: str) -> int:
        self.machine.asked.append((program, words))
        if self.machine.answer is None:
            raise PermissionError(1223, "")
        self.machine.answer()
        return next(self.machine.numbers)

    def runs(self, process: int) -> bool:
        assert process >= 1000
        return self.machine.running

    def close(self, handle: int) -> None:
        held = self.sits.pop(handle, None)
        if held is not None:
            held[0].close()

    def talk(self) -> int:
        """Come to the helper of this account by hand."""
        pipe = self.join(name_of(self.person))
        self.sits[pipe][0].settimeout(60)
        return pipe

    def _held(self, one: socket.socket, end: End) -> int:
        handle = next(self.machine.numbers)
        self.sits[handle] = (one, end)
        return handle
