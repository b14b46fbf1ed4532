"""Secrets are let go before the sweep, and the process that held them cannot be dumped."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from unittest.mock import Mock

import pytest
from tests.outside import REPOSITORY, kernel_refused
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.quick import PASSPHRASE, hide, open_in_process
from tests.terminal import at_terminal

from fifthfloor import engine
from fifthfloor.cli.phrases import Typed
from fifthfloor.tasks.floors import here
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.unreadable import guard

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
    for module, name in ((hiding, "sweep_card"), (here, "scan")):
        real = getattr(module, name)

        def watched(*arguments: object, real: object = real) -> object:
            seen.append(holders())
            return real(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(module, name, watched)
    assert hide(photo, card).code == 0
    assert open_in_process(tmp_path / "out", card).code == 0
    assert seen == [[], []]


LOCKED = """
import ctypes, os, re, resource, sys
from fifthfloor.unreadable import guard
resource.setrlimit(resource.RLIMIT_MEMLOCK, (int(sys.argv[1]), int(sys.argv[2])))
os.setresuid(*[int(sys.argv[3])] * 3)
guard()
held = bytearray(32 << 20)
held[::4096] = bytes(len(held[::4096]))
locked = re.search(r"VmLck:\\s*(\\d+)", open("/proc/self/status").read())[1]
print(locked, resource.getrlimit(resource.RLIMIT_MEMLOCK)[0])
"""


@LINUX
@pytest.mark.kernel
@pytest.mark.parametrize(("user", "locks"), [(0, True), (65534, False)])
def test_all_memory_is_locked_whatever_the_limit_where_it_does_not_bind(user: int, locks: bool) -> None:
    """Root is bound by no limit; whom it binds must not begin to lock, or the first byte too many ends it."""
    if os.geteuid():
        kernel_refused("no root")
    run = [sys.executable, "-c", LOCKED, str(8 << 20), str(8 << 20), str(user)]
    said = subprocess.run(run, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    kilobytes, limit = map(int, said.stdout.split())
    assert (kilobytes > 32 << 10, kilobytes > 0) == (locks, locks)
    assert limit in (8 << 20, -1)


@LINUX
def test_all_memory_is_locked_where_any_number_of_bytes_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: list[tuple[object, ...]] = []
    system = Mock(mlockall=lambda flags: asked.append(("mlockall", flags)))
    monkeypatch.setattr(ctypes, "CDLL", lambda *_args, **_named: system)
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: asked.append(limit))
    guard()
    endless, all_and_what_comes_when_touched = resource.RLIM_INFINITY, 1 | 2 | 4
    assert asked == [
        (resource.RLIMIT_CORE, (0, 0)),
        (resource.RLIMIT_MEMLOCK, (endless, endless)),
        ("mlockall", all_and_what_comes_when_touched),
    ]


# Drawn for this test alone: no module that the other process loads holds it.
SPOKEN = "stoneware koala battering junkman syrup landlord spinout"
MEMORY_PROCESS = [sys.executable, "-m", "tests.cli.memory_process"]


@LINUX
@pytest.mark.parametrize("way", ["stdin", "file", "terminal"])
def test_no_copy_of_the_passphrase_stands_in_memory_while_cards_are_swept(way: str, tmp_path: Path) -> None:
    """The process copies all that it could write to, at the first byte of the sweep; what we search is that copy."""
    card, photo = exfat_card(tmp_path / "card.img", 3, size_bytes=12_000_000, files=3), tmp_path / "a.jpg"
    photo.write_bytes(b"x" * 100_000)
    given, copy = tmp_path / "passphrase.txt", tmp_path / "memory"
    given.write_text(SPOKEN + "\n", encoding="utf-8")
    options = ["hide", str(photo), "--in", str(card), "--label", "a label of its own", "--yes"]
    if way != "terminal":
        options += ["--passphrase-file", "-" if way == "stdin" else str(given)]
    command = [*MEMORY_PROCESS, str(copy), *options]
    if way == "terminal":
        code, said = at_terminal(command, REPOSITORY, {"passphrase to hide": SPOKEN, "once more": SPOKEN})
        assert code == 0, said
    else:
        with given.open("rb") as stdin:
            done = subprocess.run(command, stdin=stdin, capture_output=True, check=False, cwd=REPOSITORY, timeout=120)
        assert done.returncode == 0, done.stderr
    memory = copy.read_bytes()
    assert b"a label of its own" in memory, "what was an argument is found: this is the memory"
    for encoding in ("utf-8", "utf-16-le", "utf-32-le"):
        assert memory.count(SPOKEN[4:-4].encode(encoding)) == 0, f"{way}, {encoding}"
    copy.unlink()


LET_GO = """
import sys
from pathlib import Path
from tests.cli.memory_process import copy_memory
from fifthfloor.unreadable import take_the_place_of_what_was_let_go
held = [("word%d " % number) * (number % 12 + 1) + "end" for number in range(400)]
marked = [text.replace("word", "secr" + "et") for text in held]
del marked
if sys.argv[2] == "yes":
    take_the_place_of_what_was_let_go()
copy_memory(Path(sys.argv[1]))
"""


@LINUX
@pytest.mark.parametrize("written_over", ["yes", "no"])
def test_what_was_let_go_is_written_over(written_over: str, tmp_path: Path) -> None:
    """400 texts of all lengths up to 140: 0 to 12 are left; without it 280 were seen."""
    copy = tmp_path / "memory"
    subprocess.run([sys.executable, "-c", LET_GO, str(copy), written_over], check=True, cwd=REPOSITORY)
    found = len(set(re.findall(rb"secret(\d+) secret", copy.read_bytes())))
    assert found <= 30 if written_over == "yes" else found > 100, found
    copy.unlink()


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
