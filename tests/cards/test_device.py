"""Opening, reading and writing images: whole or a named error."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import fat_card, noise
from tests.doubles import FailingDevice, Fails, Fault, memory_device

from fifthfloor.cards.device import OpenFile
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import card_on, open_card, open_raw
from fifthfloor.errors import BadInput, DeviceRefused, FifthFloorError, NoRoom


def key_of(path: Path, *, writable: bool = False) -> tuple[type[FifthFloorError], str]:
    try:
        with open_card(path, writable=writable):
            raise AssertionError("was opened")
    except FifthFloorError as error:
        return type(error), error.key


def test_what_is_not_an_image_is_named(tmp_path: Path) -> None:
    fat_card(tmp_path / "c.img")
    (tmp_path / "link.img").symlink_to(tmp_path / "c.img")
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "fifo")
    assert key_of(tmp_path / "nothing.img") == (BadInput, "cards.missing")
    assert key_of(tmp_path / "dangling") == (BadInput, "cards.missing")
    assert key_of(tmp_path / "link.img") == (BadInput, "cards.symlink")
    assert key_of(tmp_path) == (BadInput, "cards.directory")
    assert key_of(tmp_path / "fifo") == (BadInput, "cards.not_a_card")
    assert key_of(Path("/dev/null")) == (BadInput, "cards.not_a_card")


def test_a_socket_is_no_card(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert key_of(tmp_path / "s") == (BadInput, "cards.not_a_card")


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everything")
def test_an_image_that_may_not_be_written(tmp_path: Path) -> None:
    fat_card(tmp_path / "c.img").chmod(0o444)
    assert key_of(tmp_path / "c.img", writable=True) == (BadInput, "cards.no_permission")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    with open_card(path), open_card(path), open_raw(path):
        assert key_of(path, writable=True) == (DeviceRefused, "cards.in_use")
    with open_card(path, writable=True):
        assert key_of(path) == (DeviceRefused, "cards.in_use")
        assert key_of(path, writable=True) == (DeviceRefused, "cards.in_use")
    with open_card(path, writable=True):
        pass


def test_a_refused_card_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    path.write_bytes(bytes(4096))
    assert key_of(path, writable=True) == (BadInput, "cards.no_file_system")
    assert key_of(path, writable=True) == (BadInput, "cards.no_file_system"), "its lock must be gone"


def test_reads_and_writes_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        device.write(9_000, noise(1000))
        device.flush()
        device.drop_cache()
        assert device.read(9_000, 1000) == noise(1000)
        assert device.read(10_000, 0) == b""
        for offset, length in ((9_001, 1000), (-1, 2), (10_001, 0)):
            with pytest.raises(BadInput) as caught:
                device.read(offset, length)
            assert caught.value.key == "cards.beyond_end"
            with pytest.raises(BadInput):
                device.write(offset, bytes(max(length, 1)))
    assert path.stat().st_size == 10_000


@pytest.mark.skipif(sys.platform == "win32", reason="preadv")
def test_short_reads_and_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    real_read, real_write = os.preadv, os.pwrite
    monkeypatch.setattr(os, "preadv", lambda fd, bufs, at: real_read(fd, [bufs[0][:700]], at))
    real_bytes = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, length, at: real_bytes(fd, min(length, 700), at))
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: real_write(fd, data[:300], at))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        device.write(0, noise(5000))
        assert device.read(0, 5000) == noise(5000)


@pytest.mark.parametrize("now", [5_000, 20_000])
def test_a_device_that_changes_its_size_is_noticed(tmp_path: Path, now: int) -> None:
    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        os.truncate(path, now)
        with pytest.raises(BadInput) as caught:
            device.flush() if now > 10_000 else device.read(4_000, 6_000)
        assert caught.value.key == "cards.size_changed"
        assert (caught.value.facts["was"], caught.value.facts["now"]) == (10_000, now)


@pytest.mark.parametrize(
    ("number", "kind", "key"),
    [
        (errno.ENOSPC, NoRoom, "cards.disk_full"),
        (errno.EDQUOT, NoRoom, "cards.disk_full"),
        (errno.EIO, BadInput, "cards.write_failed"),
        (errno.ENODEV, DeviceRefused, "cards.gone"),
        (errno.ENXIO, DeviceRefused, "cards.gone"),
    ],
)
@pytest.mark.parametrize("call", ["pwrite", "fsync"])
def test_what_the_system_says_at_writing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[FifthFloorError], key: str, call: str
) -> None:
    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        monkeypatch.setattr(os, call, fails)
        with pytest.raises(kind) as caught:
            device.write(0, b"x") if call == "pwrite" else device.flush()
        assert caught.value.key == key


def test_the_place_where_a_card_failed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.pwrite, iter(range(9))

    def fails_at_the_second(descriptor: int, data: memoryview, at: int) -> int:
        if next(calls):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(descriptor, data[:512], at)

    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        monkeypatch.setattr(os, "pwrite", fails_at_the_second)
        with pytest.raises(BadInput) as caught:
            device.write(4096, noise(2048))
    assert caught.value.facts["offset"] == 4096 + 512


@pytest.mark.parametrize(("number", "kind"), [(errno.ENODEV, DeviceRefused), (errno.EIO, OSError)])
def test_what_the_system_says_at_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "raw"
    path.write_bytes(bytes(10_000))
    with OpenFile(os.open(path, os.O_RDWR), str(path)) as device:
        monkeypatch.setattr(os, "preadv", fails)
        monkeypatch.setattr(os, "pread", fails)
        with pytest.raises(kind):
            device.read(0, 512)
        with pytest.raises(kind):
            device.read_into(0, memoryview(bytearray(512)))


def test_a_real_full_disk_is_named() -> None:
    with OpenFile(os.open("/dev/full", os.O_RDWR), "/dev/full") as device:
        device.size_bytes = 4096  # a character device has none
        with pytest.raises(NoRoom) as caught:
            device.write(0, b"x")
    assert caught.value.key == "cards.disk_full"


def test_bad_sectors_stay_the_systems_error_for_readers_and_are_named_for_cards(tmp_path: Path) -> None:
    contents = fat_card(tmp_path / "c.img").read_bytes()
    device = FailingDevice(memory_device(contents), bad_sectors=frozenset({40}))
    with pytest.raises(OSError, match="error") as caught:
        device.read(40 * 512, 512)
    assert caught.value.errno == errno.EIO
    with pytest.raises(BadInput) as named:
        card_on(device)
    assert named.value.key == "cards.unreadable"


@pytest.mark.parametrize("fault", ["eio", "gone", "shrink"])
def test_every_call_of_opening_may_fail(tmp_path: Path, fault: Fault) -> None:
    contents = fat_card(tmp_path / "c.img").read_bytes()
    sound = FailingDevice(memory_device(contents))
    card_on(sound)
    assert sound.calls > 10
    for number in range(sound.calls):
        device = FailingDevice(memory_device(contents), (Fails(number, fault),))
        with pytest.raises(FifthFloorError):
            card_on(device)
        assert all(kind == "read" for kind, _, _ in device.log)


def test_the_sweeps_hand_reaches_free_clusters_only(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    before = path.read_bytes()
    with open_card(path, writable=True) as card:
        writer = FreeWriter(card)
        (start, length), *_ = card.free.tolist()
        for offset, size in (
            (start - 1, 2),
            (start - 1, 1),
            (start + length - 1, 2),
            (start + length, 1),
            (0, 1),
            (start, length + 1),
            (path.stat().st_size, 1),
            (-1, 1),
        ):
            with pytest.raises(ValueError, match="free extent"):
                writer.write(offset, bytes(size))
        writer.flush()
        assert path.read_bytes() == before
        writer.write(start, b"\xaa" * 512)
        writer.write(start + length - 512, b"\xbb" * 512)
        writer.flush()
        assert np.array_equal(card.free, card_on(card.device).free)
    after = path.read_bytes()
    assert after[start : start + 512] == b"\xaa" * 512
    assert sum(a != b for a, b in zip(before[:start], after[:start], strict=True)) == 0


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="nothing here says what is open")
def test_a_device_in_memory_that_nobody_closes_stays_open_no_longer_than_it_is_used() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        FailingDevice(memory_device(bytes(512))).read(0, 512)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
