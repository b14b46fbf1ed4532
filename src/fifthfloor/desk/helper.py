"""The helper with rights: opens cards in readers for the desk of one person, and does nothing else.

It listens where only that person can come: a socket of mode 0600 in a folder of mode 0700, both theirs, and whoever
connects is asked for by the kernel (SO_PEERCRED). It knows three verbs, in messages of at most 64 bytes: "list",
"read N" and "write N", N a number of the last list. A card that it opens is checked and locked by it, and handed over
as a descriptor (SCM_RIGHTS): it reads and writes no byte of a card, and sees no passphrase.
It ends with the desk that asked it first, and after ten minutes in which none has. Counterpart: `helped`.
"""

from __future__ import annotations

import array
import json
import os
import re
import selectors
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from fifthfloor.errors import BadInput, FifthFloorError, reason_of
from fifthfloor.tasks.floors.rights import Holder

RUN = Path("/run")
MOST_ASKED_BYTES = 64
MOST_TOLD_BYTES = 64 << 10
WAIT_SECONDS = 600.0
MOST_PROCESSES = 8  # a desk, and those it begins
_REQUEST = re.compile(rb"(read|write) (0|[1-9][0-9]{0,3})")


def folder_of(person: int) -> Path:
    """Return the folder of the socket of one person, by their number."""
    return RUN / f"fifthfloor-{person}"


def person_helped() -> int:
    """Return the number of whoever typed sudo or pkexec.

    Raises:
        BadInput: this process has no rights, or nobody else's desk is meant.
    """
    if os.geteuid() != 0:
        raise BadInput("desk.helper_rights")
    given = os.environ.get("SUDO_UID") or os.environ.get("PKEXEC_UID") or ""
    if not (given.isascii() and given.isdecimal() and int(given)):
        raise BadInput("desk.helper_who")
    return int(given)


class Helper:
    """One helper.

    Args:
        person: for whom cards are opened.
    """

    def __init__(self, person: int) -> None:
        self._person, self._folder = person, folder_of(person)
        # A list for each process: numbers of one never mean the list of another.
        self._came: dict[socket.socket, Holder] = {}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._place()
        except OSError as error:
            self._socket.close()
            raise BadInput("desk.helper_place", path=str(self._folder), reason=reason_of(error)) from error

    def _place(self) -> None:
        with suppress(FileNotFoundError):  # of a helper that was killed
            (self._folder / "desk").unlink()
        with suppress(FileNotFoundError):
            self._folder.rmdir()
        self._folder.mkdir(0o700)
        # Nobody but root is in this folder until all of it is made.
        self._socket.bind(str(self._folder / "desk"))
        (self._folder / "desk").chmod(0o600)
        self._inode = (self._folder / "desk").stat().st_ino
        self._socket.listen(16)
        for path in (self._folder / "desk", self._folder):
            os.chown(path, self._person, -1, follow_symlinks=False)

    def serve(self, wait_seconds: float = WAIT_SECONDS) -> None:
        """Answer the first desk of the person, and processes that it begins, until it goes."""
        late = time.monotonic() + wait_seconds
        with selectors.DefaultSelector() as waiting, suppress(ConnectionError):
            waiting.register(self._socket, selectors.EVENT_READ)
            try:
                while self._came or time.monotonic() < late:
                    for key, _ in waiting.select(1.0):
                        if key.fileobj is self._socket:
                            self._let_in(waiting)
                        elif not self._goes_on(_socket_of(key), waiting):
                            return
            finally:
                for one in self._came:
                    one.close()

    def _let_in(self, waiting: selectors.BaseSelector) -> None:
        one, _ = self._socket.accept()
        if len(self._came) >= MOST_PROCESSES or person_at(one) != self._person:
            one.close()
            return
        self._came[one] = Holder()
        waiting.register(one, selectors.EVENT_READ)

    def _goes_on(self, one: socket.socket, waiting: selectors.BaseSelector) -> bool:
        """Answer a process; says whether the desk, which came first, is still there."""
        with suppress(ConnectionError):
            if self._answer(one):
                return True
        if one is next(iter(self._came)):
            return False
        del self._came[one]
        waiting.unregister(one)
        one.close()
        return True

    def _answer(self, desk: socket.socket) -> bool:
        """Answer one message; says whether the desk is still there. What is longer than any of ours ends it."""
        message = desk.recv(MOST_ASKED_BYTES + 1)
        if not message or len(message) > MOST_ASKED_BYTES:
            return False
        told, device = answer_to(message, self._came[desk])
        descriptors: list[int] = []
        try:
            if device is not None:
                descriptors = [one for one in device.descriptors() if one >= 0]
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
            desk.sendmsg([json.dumps(told).encode()], rights)
        finally:
            if device is not None:
                device.close()  # its lock goes on with the descriptor that was sent
        return True

    def close(self) -> None:
        """Remove the socket and its folder, unless a later helper of this person has its own there now."""
        with suppress(OSError):
            if (self._folder / "desk").stat().st_ino == self._inode:
                (self._folder / "desk").unlink()
                self._folder.rmdir()
        self._socket.close()


def answer_to(message: bytes, holder: Holder) -> tuple[dict[str, Any], Any]:
    """Return what is told in answer to a message, and the device that goes with it; None for all but an open card."""
    try:
        if message == b"list":
            return {"cards": holder.cards()}, None
        found = _REQUEST.fullmatch(message)
        if found is None:
            raise BadInput("desk.helper_verb")
        return {"open": int(found[2])}, holder.open(int(found[2]), writable=found[1] == b"write")
    except FifthFloorError as error:
        return {"kind": type(error).__name__, "key": error.key, "facts": error.facts}, None
    except OSError:  # of a card that is pulled out at this very moment
        return {"kind": "DeviceRefused", "key": "desk.unknown_place", "facts": {}}, None


def _socket_of(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def person_at(came: socket.socket) -> int:
    """Return who has connected, as the kernel tells it: (process, user, group)."""
    size = struct.calcsize("3i")
    return int(struct.unpack("3i", came.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[1])
