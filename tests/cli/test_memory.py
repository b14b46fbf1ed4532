"""Secrets are let go before the sweep, and the process that held them cannot be dumped."""

from __future__ import annotations

import ctypes
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.quick import PASSPHRASE, hide, open_in_process

from fifthfloor import engine
from fifthfloor.cli.phrases import Typed
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import open as opening

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


def holders() -> list[str]:
    """Functions on the stack that still hold the passphrase, outside this file and what it calls with it."""
    found = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if "fifthfloor" in frame.f_code.co_filename and "/tests/" not in frame.f_code.co_filename:
            for value in frame.f_locals.values():
                if isinstance(value, Typed) or (isinstance(value, str) and PASSPHRASE in value):
                    found.append(frame.f_code.co_name)
        frame = frame.f_back
    return found


@pytest.mark.usefixtures("quick_kdf")
def test_no_function_holds_the_passphrase_while_cards_are_swept_or_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, photo = exfat_card(tmp_path / "card.img", 3, size_bytes=12_000_000, files=3), tmp_path / "a.jpg"
    photo.write_bytes(b"x" * 1000)
    seen: list[list[str]] = []
    for module, name in ((hiding, "sweep_card"), (opening, "scan")):
        real = getattr(module, name)

        def watched(*arguments: object, real: object = real) -> object:
            seen.append(holders())
            return real(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(module, name, watched)
    assert hide(photo, card).code == 0
    assert open_in_process(tmp_path / "out", card).code == 0
    assert seen == [[], []]


GUARDED = """
import ctypes, resource
from fifthfloor.unreadable import guard
guard()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""


@LINUX
def test_a_guarded_process_leaves_no_core_and_is_not_dumpable() -> None:
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=1) == ["0", "(0, 0)\n"]


def dumpable() -> Iterator[bytes]:
    """What a worker says of itself."""
    yield str(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)).encode()


@LINUX
def test_a_worker_is_guarded_and_gone_when_its_stream_ends() -> None:
    assert [bytes(item) for item in engine.stream(dumpable)] == [b"0"]
    assert multiprocessing.active_children() == []
