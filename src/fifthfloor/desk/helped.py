"""The desk's side of the helper with rights: asks it for cards in readers that this process may not open.

Counterpart: `helper`. Whoever answers must be root: another account could listen in that place otherwise.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fifthfloor import words
from fifthfloor.desk import helper
from fifthfloor.errors import BadInput, DeviceRefused
from fifthfloor.tasks.floors.rights import ask_always, asking

_ROOT = 0


def commands() -> tuple[str, ...]:
    """Return what begins the helper, as it is typed; sudo knows no environment, so the program is named whole.

    Nothing where there is no helper: not on this system, or not for root, who needs none.
    """
    if not _may_ask():
        return ()
    program = Path(sys.argv[0])
    begun = [str(program.resolve())] if program.name == "fifthfloor" else [sys.executable, "-m", "fifthfloor"]
    return tuple(shlex.join([rights, *begun, "desk", "--helper"]) for rights in ("sudo", "pkexec"))


def _may_ask() -> bool:
    return sys.platform == "linux" and os.geteuid() != _ROOT


@contextmanager
def attached() -> Iterator[None]:
    """Ask the helper of this person, whenever there is one, until the block ends; then it ends too."""
    if not _may_ask():
        yield
        return
    helped = Helped(os.getuid())
    try:
        with asking(helped.open, ask_here):
            yield
    finally:
        helped.close()


def ask_here() -> None:
    """Ask the helper in a process that the desk began: it opens cards by itself (a shooting card, a floor to prove)."""
    ask_always(Helped(os.getuid()).open)


class Helped:
    """A connection that is made when a card is first wanted.

    Args:
        person: whose helper; the number of this process's account.
        root: whose answers are believed.
    """

    def __init__(self, person: int, root: int = _ROOT) -> None:
        self._person, self._root = person, root
        self._socket: socket.socket | None = None
        self._turn = threading.Lock()

    def open(self, path: Path, writable: bool) -> tuple[int, int]:
        """Have a card opened; is a `cards.linux.Asking`.

        Raises:
            BadInput: nobody helps, or like `open_card`.
            DeviceRefused: like `open_card`, or it is no card in a reader.
        """
        doing = "cards.what.writing" if writable else "cards.what.reading"
        refused = BadInput("cards.no_permission", path=str(path), doing=doing)
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
        return descriptors[0], descriptors[1] if len(descriptors) > 1 else -1

    def close(self) -> None:
        """Let the helper go."""
        with self._turn:
            self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, message: bytes) -> tuple[dict[str, Any], list[int]]:
        if self._socket is None:
            self._socket = self._connected()
        self._socket.sendall(message)
        told, descriptors, _, _ = socket.recv_fds(self._socket, helper.MOST_TOLD_BYTES, 2, socket.MSG_CMSG_CLOEXEC)
        answer: dict[str, Any] = json.loads(told)
        key = str(answer.get("key", ""))
        if key in words.ERRORS:
            kind = DeviceRefused if answer.get("kind") == "DeviceRefused" else BadInput
            raise kind(key, **answer["facts"])
        return answer, descriptors

    def _connected(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            made.connect(str(helper.folder_of(self._person) / "desk"))
            if helper.person_at(made) != self._root:
                raise PermissionError
        except OSError:
            made.close()
            raise
        return made
