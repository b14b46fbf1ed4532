"""The arrays of an archive: appended, whose they are, cut off at any byte, and beside a database that was put back."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from fifthfloor.errors import BadInput
from fifthfloor.tasks.trace.arrays import ARRAY_HEAD_BYTES, HASHED_BYTES
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.store_places import Stamp
from fifthfloor.trace.record import PhotoRecord


def record(number: int) -> PhotoRecord:
    """Return one of a photograph that nobody took; its likeness has no points."""
    likeness = bytes([1, 2, 0, 1, 0x55, 1, 1, 0, 0, 128])
    return PhotoRecord(number.to_bytes(32, "big"), 1, pdq_of(number), bytes(32), "ISCC:", likeness, b"")


def pdq_of(number: int) -> bytes:
    return np.random.default_rng(number).bytes(HASHED_BYTES)


def added(folder: Path, numbers: range) -> None:
    with Store(folder, make=True) as store:
        store.forget_newer()
        for number in numbers:
            store.add(Path(f"/photographs/{number}.jpg"), Stamp(1, number), record(number), None)
        store.hashes()


def held(folder: Path) -> list[bytes]:
    with Store(folder) as store:
        return [row.tobytes() for row in store.hashes()]


def expected(count: int) -> list[bytes]:
    return [pdq_of(number) for number in range(count)]


def test_hashes_are_appended_and_what_was_there_is_not_written_again(tmp_path: Path) -> None:
    added(tmp_path, range(4))
    path = tmp_path / "pdq.bin"
    before, place = path.read_bytes(), path.stat().st_ino
    added(tmp_path, range(9))
    after = path.read_bytes()
    assert path.stat().st_ino == place
    assert after[ARRAY_HEAD_BYTES : len(before)] == before[ARRAY_HEAD_BYTES:]
    assert len(after) == ARRAY_HEAD_BYTES + 9 * HASHED_BYTES
    assert held(tmp_path) == expected(9)


def test_whoever_is_cut_off_while_he_appends_leaves_what_was_there(tmp_path: Path) -> None:
    """Every state that a cut can leave: rows behind the head's number in part, as zeros, as anything; or no rows."""
    added(tmp_path / "whole", range(3))
    path = tmp_path / "whole" / "pdq.bin"
    begin = path.read_bytes()
    added(tmp_path / "whole", range(6))
    end = path.read_bytes()[len(begin) :]
    lost = [b"", *(end[:length] for length in (1, 31, 32, 33, 95)), bytes(96), b"\xff" * 500]
    for number, behind in enumerate(lost):
        cut = tmp_path / f"cut{number}"
        shutil.copytree(tmp_path / "whole", cut)
        (cut / "pdq.bin").write_bytes(begin + behind)
        assert held(cut) == expected(6)


def test_an_array_that_is_none_or_of_another_archive_is_made_anew(tmp_path: Path) -> None:
    for name in ("a", "b"):
        added(tmp_path / name, range(5))
    other = (tmp_path / "b" / "pdq.bin").read_bytes()
    (tmp_path / "b" / "pdq.bin").write_bytes(other[:ARRAY_HEAD_BYTES] + bytes(5 * HASHED_BYTES))
    shutil.copy(tmp_path / "b" / "pdq.bin", tmp_path / "a" / "pdq.bin")
    assert held(tmp_path / "a") == expected(5)
    for damaged in (b"", other[:20], other[: ARRAY_HEAD_BYTES + 4 * HASHED_BYTES], b"x" * 400):
        (tmp_path / "a" / "pdq.bin").write_bytes(damaged)
        assert held(tmp_path / "a") == expected(5)


def test_a_database_that_was_put_back_is_believed(tmp_path: Path) -> None:
    added(tmp_path, range(3))
    shutil.copy(tmp_path / "archive.sqlite", tmp_path / "kept")
    added(tmp_path, range(6))
    shutil.copy(tmp_path / "kept", tmp_path / "archive.sqlite")
    assert held(tmp_path) == expected(3)


def test_numbers_that_are_given_again_are_those_of_the_new_photographs(tmp_path: Path) -> None:
    added(tmp_path, range(3))
    shutil.copy(tmp_path / "archive.sqlite", tmp_path / "kept")
    added(tmp_path, range(6))
    shutil.copy(tmp_path / "kept", tmp_path / "archive.sqlite")
    added(tmp_path, range(10, 13))
    assert held(tmp_path) == [*expected(3), pdq_of(10), pdq_of(11), pdq_of(12)]


def test_two_that_add_at_once_make_one_record_a_photograph(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: added(tmp_path, range(25)), range(4)))
    with sqlite3.connect(tmp_path / "archive.sqlite") as database:
        numbers = database.execute("SELECT number FROM photograph ORDER BY number").fetchall()
    assert numbers == [(number,) for number in range(25)]
    assert sorted(held(tmp_path)) == sorted(expected(25))


def test_an_archive_of_format_2_is_taken_and_one_of_format_1_is_named(tmp_path: Path) -> None:
    added(tmp_path, range(4))
    with sqlite3.connect(tmp_path / "archive.sqlite") as database:
        database.execute("DROP TABLE archive")
        database.execute("PRAGMA user_version = 2")
    (tmp_path / "pdq.bin").unlink()
    (tmp_path / "hashes.bin").write_bytes(bytes(4 * 64))
    assert held(tmp_path) == expected(4)
    assert not (tmp_path / "hashes.bin").exists()
    added(tmp_path, range(6))
    assert held(tmp_path) == expected(6)
    with sqlite3.connect(tmp_path / "archive.sqlite") as database:
        database.execute("PRAGMA user_version = 1")
    with pytest.raises(BadInput) as refused:
        Store(tmp_path, make=True)
    assert (refused.value.key, refused.value.facts["found"]) == ("trace.archive_version", 1)
