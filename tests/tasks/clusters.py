"""A dask scheduler and its workers on loopback, and a way to it that can be cut."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.outside import REPOSITORY

_WORKER = ["--nworkers", "2", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
_WORKER += ["--preload-nanny", "fifthfloor.engine.keeper"]
_PIECE_BYTES = 1 << 16


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


class Dask:
    """A scheduler and the keeper of two workers; a context manager.

    Args:
        folder: for what they write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"tcp://127.0.0.1:{self.port}"
        self._parts: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both, and wait until the scheduler answers."""
        environment = os.environ | {
            "PYTHONPATH": str(REPOSITORY),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
            "DASK_TEMPORARY_DIRECTORY": str(self.folder),
        }
        scheduler = ["scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self._parts = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                cwd=self.folder,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for words in (scheduler, ["worker", self.url, "--host", "127.0.0.1", *_WORKER])
        ]
        while self._parts[0].poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.1)

    @property
    def keeper(self) -> int:
        """The process whose children are the workers."""
        return self._parts[1].pid

    @property
    def scheduler(self) -> int:
        """The process of the scheduler."""
        return self._parts[0].pid

    def kill(self) -> None:
        """End all of it as a power cut would; the workers end with their keeper."""
        for part in self._parts:
            part.kill()
            part.wait()

    def again(self) -> None:
        """End it as `kill` does, and start it anew at the same address."""
        self.kill()
        self.start()

    def __enter__(self) -> Dask:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        for part in reversed(self._parts):
            part.terminate()
            part.wait(30)


class Way:
    """A way to a port on loopback that can be cut: what is under way is held, then lost with the connection.

    A context manager.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._open = threading.Event()
        self._open.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Pass nothing on any more, in either direction."""
        self._open.clear()

    def cut_for_a_second(self) -> None:
        """Cut, and mend after long enough for either end to notice."""
        self.cut()
        time.sleep(1)
        self.mend()

    def mend(self) -> None:
        """Drop what was connected, as a network that was cut for long does, and let pass what comes new."""
        pairs, self._pairs = self._pairs, []
        for one in (end for pair in pairs for end in pair):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.set()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._open.wait()
                pair = near, socket.create_connection(("127.0.0.1", self._to))
                self._pairs.append(pair)
                threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with contextlib.suppress(OSError), near, far, selectors.DefaultSelector() as either:
            for pair in other.items():
                either.register(pair[0], selectors.EVENT_READ, pair)
            while True:
                for ready, _ in either.select():
                    end, beyond = ready.data
                    piece = end.recv(_PIECE_BYTES)
                    self._open.wait()
                    if not piece:
                        return
                    beyond.sendall(piece)

    def __enter__(self) -> Way:
        return self

    def __exit__(self, *_: object) -> None:
        self.mend()
        self._listening.close()
