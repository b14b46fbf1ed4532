"""Reading and writing past the system's cache: the same bytes as the ordinary way, or that way instead."""

from __future__ import annotations

import mmap
import os
import random
import sys
import threading
from pathlib import Path

import pytest

from fifthfloor.cards.device import OpenFile
from fifthfloor.cards.past_cache import PastCache

SIZE = 1 << 20
PIECE = 256 << 10


def image(folder: Path) -> Path:
    path = folder / "card.img"
    path.write_bytes(random.Random(1).randbytes(SIZE))
    return path


def pages(data: bytes) -> memoryview:
    """The same bytes where a memory page begins."""
    view = memoryview(mmap.mmap(-1, len(data)))
    view[:] = data
    return view


@pytest.mark.parametrize(("offset", "length"), [(0, PIECE), (512, PIECE), (4096, PIECE + 512), (513, PIECE), (0, 512)])
@pytest.mark.parametrize("shift", [0, 512, 1])
def test_what_is_written_is_there_whichever_way_it_went(tmp_path: Path, offset: int, length: int, shift: int) -> None:
    path = image(tmp_path)
    before = path.read_bytes()
    data = random.Random(length).randbytes(length)
    held = pages(bytes(shift) + data)[shift:]
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        assert device.read(offset, length) == before[offset : offset + length]  # now it is in the cache
        device.write(offset, held)
        device.flush()
        assert device.read(offset, length) == data
        back = pages(bytes(shift + length))[shift:]
        device.read_medium_into(offset, back)
        assert bytes(back) == data
    assert path.read_bytes() == before[:offset] + data + before[offset + length :]


@pytest.mark.skipif(sys.platform != "linux", reason="O_DIRECT")
def test_a_disk_that_can_is_written_past_the_cache(tmp_path: Path) -> None:
    path = image(tmp_path)
    with path.open("r+b") as file:
        past = PastCache(file.fileno())
        if not past.write(0, pages(b"n" * PIECE)):
            pytest.skip("this file system knows no O_DIRECT")
        assert not past.write(1, pages(b"n" * PIECE))  # no sector begins there
        assert not past.write(0, pages(b"n" * 4096))  # too little to be worth it
        past.close()
        assert not past.write(0, pages(b"n" * PIECE))
    assert path.read_bytes()[:PIECE] == b"n" * PIECE


def test_who_reads_meanwhile_is_not_disturbed(tmp_path: Path) -> None:
    """Kept slots are read, a few sectors at a time and into any memory, while pieces are written."""
    path = image(tmp_path)
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        stop, wrong = threading.Event(), []

        def read() -> None:
            expected = device.read(PIECE, 700)
            while not stop.is_set():
                if device.read(PIECE, 700) != expected:
                    wrong.append("other bytes")

        thread = threading.Thread(target=read)
        thread.start()
        data = pages(b"w" * PIECE)
        for _ in range(200):
            device.write(0, data)
            device.read_medium_into(2 * PIECE, data)
        stop.set()
        thread.join()
        assert not wrong
