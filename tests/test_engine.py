"""Another process gives its results, its errors and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.outside import REPOSITORY

from fifthfloor import engine
from fifthfloor.errors import NoRoom


def count_up(last: int) -> Iterator[bytes]:
    for number in range(last):
        yield bytes([number]) * number


def fail_after_one() -> Iterator[bytes]:
    yield b"one"
    raise NoRoom("test.key", needed=3)


def die() -> Iterator[bytes]:
    import os

    yield b"one"
    os._exit(9)


def double(number: int) -> int:
    return 2 * number


def test_items_come_in_order_and_whole() -> None:
    assert list(engine.stream(count_up, 5)) == [bytes([n]) * n for n in range(5)]


def test_an_error_crosses_with_its_facts() -> None:
    items = engine.stream(fail_after_one)
    assert bytes(next(items)) == b"one"
    with pytest.raises(NoRoom) as raised:
        next(items)
    assert (raised.value.key, raised.value.facts) == ("test.key", {"needed": 3})


def test_a_killed_worker_is_an_error_and_not_an_end() -> None:
    with pytest.raises(RuntimeError, match="before its work"):
        list(engine.stream(die))


def test_a_reader_may_stop_early() -> None:
    items = engine.stream(count_up, 200)
    assert bytes(next(items)) == b""
    items.close()


def test_map_keeps_the_order() -> None:
    assert list(engine.map_processes(double, range(5), workers=2)) == [0, 2, 4, 6, 8]


BUSY_PARENT = """
import signal
signal.signal(signal.SIGINT, lambda *_: None)
if __name__ == "__main__":
    from fifthfloor import engine
    from tests.test_engine import count_up, double
    print("begun", flush=True)
    assert len(list(engine.stream(count_up, 5))) == 5
    assert list(engine.map_processes(double, range(5), workers=2)) == [0, 2, 4, 6, 8]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interpreter's own end is not what is tried here
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_while_a_worker_starts_shows_nothing_of_its_innards(tmp_path: Path) -> None:
    program = tmp_path / "busy.py"
    program.write_text(BUSY_PARENT, encoding="utf-8")
    busy = subprocess.Popen(
        [sys.executable, str(program)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert busy.stdout is not None
    assert busy.stdout.readline() == "begun\n"
    while busy.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(busy.pid, signal.SIGINT)  # as a terminal does it: to the whole group
        time.sleep(0.004)
    _out, err = busy.communicate()
    assert (busy.returncode, err) == (0, "")
