"""The server: on loopback alone, at a port that nobody knows before; it ends when the desk does."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from fifthfloor.desk.app import app_of
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.pages import make_ready
from fifthfloor.errors import BadInput, reason_of

LOOPBACK = "127.0.0.1"
# A sweep stops between two flushed writes of at most 4 MiB: a second of the slowest card.
STOP_SECONDS = 20.0


class Serving:
    """A desk that answers, in a thread of its own.

    Args:
        folder, named: as for `Desk`.
        port: 0 for one that the system draws.

    Raises:
        BadInput: the port is taken.
    """

    def __init__(self, folder: Path, named: Sequence[Path], port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.bind((LOOPBACK, port))
        except OSError as error:
            self._socket.close()
            raise BadInput("desk.port", port=port, reason=reason_of(error)) from error
        self.desk = Desk(folder, named, f"{LOOPBACK}:{self._socket.getsockname()[1]}")
        # Nothing is logged: an address says which page somebody looked at.
        config = uvicorn.Config(
            app_of(self.desk),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=64 << 10,
        )
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def address(self) -> str:
        """What the browser is opened with, once."""
        return self.desk.door.address

    def start(self) -> None:
        """Answer from now on."""
        self._socket.listen(64)
        self._thread.start()
        # No daemon: the interpreter must not go while a thread is in the middle of an import.
        threading.Thread(target=make_ready, args=(self.desk.ended,)).start()

    def wait(self) -> None:
        """Wait until somebody ends the desk. May be interrupted."""
        while not self.desk.ended.wait(0.5):
            pass

    def end(self) -> bool:
        """Stop what runs where it may, and the server; says whether all of it has stopped."""
        self.desk.panic()
        stopped = self.desk.jobs.end(STOP_SECONDS)
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()
        self.desk.received.clear()
        return stopped
