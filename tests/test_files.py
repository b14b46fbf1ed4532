"""How files are placed: whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fifthfloor.errors import BadInput
from fifthfloor.files import (
    digest_of,
    flush_all,
    flush_folder,
    flushed,
    make_folder,
    opened,
    place_together,
    placed,
    read_head,
    read_whole,
    reading,
)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_there_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("old")
    (tmp_path / "c").symlink_to("nowhere")
    for taken in ("b", "c"):
        with pytest.raises(BadInput) as refused:
            place_together({tmp_path / "a": b"new", tmp_path / taken: b"new"})
        assert refused.value.key == "files.exists"
    assert names(tmp_path) == {"b", "c"}
    assert (tmp_path / "b").read_text() == "old"
    place_together({tmp_path / "b": b"new"}, replace=True)
    assert (tmp_path / "b").read_text() == "new"


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with placed(tmp_path / "a") as file:
            file.write(b"half")
            raise OSError("the card is gone")

    with pytest.raises(OSError, match="the card is gone"):
        fail()
    assert names(tmp_path) == set()


def test_what_a_killed_run_left_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / ".a.part").write_bytes(b"half of a longer one")
    place_together({tmp_path / "a": b"whole"})
    assert names(tmp_path) == {"a"}
    assert (tmp_path / "a").read_bytes() == b"whole"


def test_the_longest_name_and_the_mode_of_a_private_file(tmp_path: Path) -> None:
    long = tmp_path / ("é" * 120 + "abcdefghijk.jpg")
    place_together({long: b"1"}, private=True)
    assert names(tmp_path) == {long.name}
    assert stat.S_IMODE(long.stat().st_mode) == 0o600


def test_times_are_kept_to_the_microsecond(tmp_path: Path) -> None:
    with placed(tmp_path / "a", modified=1_500_000_000.123457) as file:
        file.write(b"x")
    assert (tmp_path / "a").stat().st_mtime_ns == 1_500_000_000_123_457_000


def test_a_file_is_read_within_its_limit_and_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_whole(tmp_path / "a", 5) == b"12345"
    for path, key in ((tmp_path / "a", "too_large"), (tmp_path / "b", "missing"), (tmp_path, "not_a_file")):
        with pytest.raises(BadInput) as refused:
            read_whole(path, 4)
        assert (refused.value.key, refused.value.facts["path"]) == (f"files.{key}", str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
def test_a_pipe_is_not_waited_for_unless_it_is_meant(tmp_path: Path) -> None:
    """With nobody at its other end, an ordinary `open` would stand still for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for read in (lambda: read_whole(pipe, 4), lambda: read_head(pipe, 4), lambda: digest_of(pipe)):
        with pytest.raises(BadInput) as refused:
            read()
        assert refused.value.key == "files.not_a_file"
    near, far = os.pipe()
    with os.fdopen(near), os.fdopen(far, "wb") as shell:
        shell.write(b"12345678")
        shell.flush()
        with reading(Path(f"/dev/fd/{near}"), pipes=True) as file:
            assert file.read(5) == b"12345"


def test_the_head_and_the_digest_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert (read_head(tmp_path / "a", 2), read_head(tmp_path / "a", 9)) == (b"12", b"12345")
    assert digest_of(tmp_path / "a") == (5, hashlib.sha256(b"12345").digest())
    for read in (lambda path: read_head(path, 2), digest_of):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "b")


def test_a_folder_that_cannot_be_flushed_is_no_error_and_a_broken_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons: Iterator[int] = iter((22, 5))  # EINVAL, EIO

    def fail(_descriptor: int) -> None:
        raise OSError(next(reasons), "no")

    monkeypatch.setattr(os, "fsync", fail)
    flush_folder(tmp_path)
    with pytest.raises(OSError, match="no"):
        flush_folder(tmp_path)
    monkeypatch.setattr(os, "name", "nt")
    flush_folder(tmp_path)


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    assert make_folder(tmp_path / "a" / "b") == [tmp_path / "a", tmp_path / "a" / "b"]
    assert make_folder(tmp_path / "a" / "b") == []
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "file")


def test_what_the_system_opens_and_knows_nothing_of_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A volume of Windows: `open \\\\.\\E:` asked whether it is a sealed shot, and ended there."""
    (tmp_path / "volume").write_bytes(b"x" * 100)
    closed = list[int]()
    close = os.close

    def refuse(_descriptor: int) -> os.stat_result:
        raise OSError(22, "Invalid parameter")

    def note(descriptor: int) -> None:
        closed.append(descriptor)
        close(descriptor)

    with monkeypatch.context() as windows:
        windows.setattr(os, "fstat", refuse)
        windows.setattr(os, "close", note)
        with opened(tmp_path / "volume", follow=True) as file:
            assert file is None
    assert len(closed) == 1


def test_files_are_flushed_together_each_of_them_and_a_failure_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{number}" for number in range(100)]
    for path in paths:
        with flushed(path, later=True) as file:
            file.write(b"x")
    real, seen = os.fsync, list[int]()

    def watched(descriptor: int) -> None:
        seen.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    flush_all(paths)
    assert sorted(seen) == sorted(path.stat().st_ino for path in paths)

    broken = paths[50].stat().st_ino

    def fails(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == broken:
            raise OSError(5, "")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Errno 5"):
        flush_all(paths)
