"""The desk's side of the helper with rights: asks it for cards in readers that this process may not open.

Counterpart: `helper`; on Windows `helped_windows` and `helper_windows`. Whoever answers must be root: another account
could listen in that place otherwise.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fifthfloor.desk import helper
from fifthfloor.desk.asks import Asks
from fifthfloor.desk.helped_windows import HelpedByPipe
from fifthfloor.desk.pipes import windows_pipes
from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors.rights import ask_always, asking

_ROOT = 0
_ATTACHED: list[Asks] = []


def commands() -> tuple[str, ...]:
    """Return what begins the helper, as it is typed; sudo knows no environment, so the program is named whole.

    Nothing where it is not begun so: not on this system, or not for root, who needs none.
    """
    if sys.platform != "linux" or os.geteuid() == _ROOT:
        return ()
    return tuple(shlex.join([rights, *program(), "desk", "--helper"]) for rights in ("sudo", "pkexec"))


def program() -> list[str]:
    """Return what this program is begun with, before its arguments."""
    begun = Path(sys.argv[0])
    if begun.name == "fifthfloor":
        return [str(begun.resolve())]
    if begun.name == "start.py":  # of the portable folder; as its own launchers begin it
        return [sys.executable, "-I", "-S", "-B", str(begun.resolve())]
    return [sys.executable, "-P", "-m", "fifthfloor"]  # -P: no module of the folder one stands in


def asked_by_windows() -> HelpedByPipe | None:
    """Return whom this desk asks, where Windows is what begins it; None anywhere else, or for an administrator."""
    asked = _ATTACHED[-1] if _ATTACHED else None
    return asked if isinstance(asked, HelpedByPipe) else None


@contextmanager
def attached() -> Iterator[None]:
    """Ask the helper of this person, whenever there is one, until the block ends; then it ends too."""
    helped = _mine()
    if helped is None:
        yield
        return
    _ATTACHED.append(helped)
    try:
        with asking(helped.open, ask_here):
            yield
    finally:
        _ATTACHED.remove(helped)
        helped.close()


def ask_here() -> None:
    """Ask the helper in a process that the desk began: it opens cards by itself (a shooting card, a floor to prove)."""
    helped = _mine()
    if helped is not None:
        ask_always(helped.open)


def _mine() -> Asks | None:
    """Return whom this process asks; None where there is no helper, or it has the rights itself."""
    if sys.platform == "win32":
        pipes = windows_pipes()
        return None if pipes.is_administrator() else HelpedByPipe(pipes)
    if sys.platform == "linux" and os.geteuid() != _ROOT:
        return Helped(os.getuid())
    return None


class Helped(Asks):
    """A connection that is made when a card is first wanted.

    Args:
        person: whose helper; the number of this process's account.
        root: whose answers are believed.
    """

    def __init__(self, person: int, root: int = _ROOT) -> None:
        super().__init__()
        self._person, self._root = person, root
        self._socket: socket.socket | None = None

    def _refusal(self, path: str, writable: bool) -> BadInput:
        doing = "cards.what.writing" if writable else "cards.what.reading"
        return BadInput("cards.no_permission", path=path, doing=doing)

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, message: bytes) -> tuple[bytes, list[int]]:
        if self._socket is None:
            self._socket = self._connected()
        self._socket.sendall(message)
        told, descriptors, _, _ = socket.recv_fds(self._socket, helper.MOST_TOLD_BYTES, 2, socket.MSG_CMSG_CLOEXEC)
        return told, descriptors

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
