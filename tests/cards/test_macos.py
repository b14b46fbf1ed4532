"""Devices of macOS on a fake of its ioctls, over an image; nobody has run this on a Mac."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cards.cards_made import fat_card

from fifthfloor.cards import macos
from fifthfloor.cards.image import card_on
from fifthfloor.errors import BadInput, DeviceRefused

# _IOR('d', 24, uint32_t) and _IOR('d', 25, uint64_t) by <sys/ioccom.h>: not taken from what is tested.
BLOCK_SIZE, BLOCK_COUNT = (0x40000000 | length << 16 | ord("d") << 8 | number for length, number in ((4, 24), (8, 25)))


def answering(size_bytes: int, block_bytes: int = 512) -> macos.Control:
    """The two ioctls of <sys/disk.h>."""

    def control(_descriptor: int, request: int, room: bytes) -> bytes:
        said = {BLOCK_SIZE: block_bytes, BLOCK_COUNT: size_bytes // block_bytes}[request]
        return said.to_bytes(len(room), "little")

    return control


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """`disk4` whose raw side is an image."""
    image = fat_card(tmp_path / "rdisk4", size_bytes=36_000_000 // 4096 * 4096)
    return image.with_name("disk4")


@pytest.mark.parametrize("block_bytes", [512, 4096])
def test_a_card_is_read(disk: Path, block_bytes: int) -> None:
    contents = disk.with_name("rdisk4").read_bytes()
    device, facts = macos.open_raw_disk(disk, "disk4", answering(len(contents), block_bytes))
    with device:
        assert (device.size_bytes, device.sector_bytes) == (len(contents), block_bytes)
        assert (facts.is_block_device, facts.serial) == (True, "disk4")
        assert device.read(1000, 3_000_000) == contents[1000:3_001_000]
        if block_bytes == 512:
            assert any(file.path.endswith("IMG_0001.JPG") for file in card_on(device).files())
        with pytest.raises(DeviceRefused) as caught:
            device.write(0, b"x")
        assert caught.value.key == "cards.read_only_here"
    assert disk.with_name("rdisk4").read_bytes() == contents


def test_only_whole_blocks_are_asked_for(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., int] = os.preadv

    def strict(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        assert (offset | len(buffers[0])) % 4096 == 0
        return real(descriptor, buffers, offset)

    monkeypatch.setattr(os, "preadv", strict)
    size = disk.with_name("rdisk4").stat().st_size
    with macos.open_raw_disk(disk, "disk4", answering(size, 4096))[0] as device:
        for at, length in ((0, 1), (4095, 2), ((1 << 20) - 1, (1 << 20) + 3)):
            assert len(device.read(at, length)) == length


@pytest.mark.parametrize("name", ["/dev/disk4", "/dev/rdisk4", "/dev/disk4s1"])
def test_writing_is_refused_before_anything_is_opened(name: str) -> None:
    with pytest.raises(DeviceRefused) as caught:
        macos.open_device(Path(name), writable=True)
    assert caught.value.key == "cards.read_only_here"


@pytest.mark.parametrize("name", ["/dev/tty", "/dev/disk", "/dev/null", "/tmp/rdisk4", "/dev/rdisk4/x"])
def test_what_is_no_disk_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        macos.open_device(Path(name), writable=False)
    assert caught.value.key == "cards.not_a_card"


def test_a_mounted_disk_is_refused_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(macos, "mounted_at", lambda disk: f"/Volumes/EOS of {disk}")
    with pytest.raises(DeviceRefused) as caught:
        macos.open_device(Path("/dev/rdisk4s1"), writable=False)
    assert (caught.value.key, caught.value.facts["disk"]) == ("cards.mounted_macos", "disk4")


def test_either_name_opens_the_raw_side(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def refusing(path: Path, *_: object, **__: object) -> int:
        asked.append(path)
        raise BadInput("cards.no_permission", path=str(path), doing="cards.what.reading")

    monkeypatch.setattr(macos, "mounted_at", lambda _disk: None)
    monkeypatch.setattr(macos, "open_descriptor", refusing)
    for name in ("/dev/disk4", "/dev/rdisk4", "/dev/disk4s1"):
        with pytest.raises(BadInput):
            macos.open_device(Path(name), writable=False)
    assert [str(path) for path in asked] == ["/dev/rdisk4", "/dev/rdisk4", "/dev/rdisk4s1"]


def test_where_a_disk_is_mounted(tmp_path: Path) -> None:
    """A folder whose device number is one of the disk's; other disks and gone folders say nothing."""
    for folder in ("Volumes/EOS", "dev"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "Volumes" / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "dev" / "disk4").write_bytes(b"")
    assert macos.mounted_at("disk4", tmp_path / "Volumes", tmp_path / "dev") is None
    assert macos.mounted_at("disk5", tmp_path / "none", tmp_path / "dev") is None


def test_a_mounted_volume_is_found_by_its_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Volumes" / "EOS").mkdir(parents=True)
    (tmp_path / "dev").mkdir()
    for name in ("disk4", "disk4s1", "disk44"):
        (tmp_path / "dev" / name).write_bytes(b"")

    class Facts:
        def __init__(self, device: int, number: int) -> None:
            self.st_dev, self.st_rdev = device, number

    numbers = {"disk4": 10, "disk4s1": 11, "disk44": 12}

    def stat(path: Path) -> Facts:
        return Facts(11 if path.name == "EOS" else 1, numbers.get(path.name, 0))

    monkeypatch.setattr(os, "stat", stat)
    folders = tmp_path / "Volumes", tmp_path / "dev"
    monkeypatch.setattr(Path, "is_dir", lambda _self: True)
    assert macos.mounted_at("disk4", *folders) == str(tmp_path / "Volumes" / "EOS")
    assert macos.mounted_at("disk44", *folders) is None


@pytest.mark.parametrize("block_bytes", [0, 1, 513, 1 << 30])
def test_a_device_that_says_nonsense_is_refused(disk: Path, block_bytes: int) -> None:
    def control(_descriptor: int, _request: int, room: bytes) -> bytes:
        return block_bytes.to_bytes(len(room), "little")

    with pytest.raises(BadInput):
        macos.open_raw_disk(disk, "disk4", control)


def test_a_device_without_these_ioctls_is_refused(disk: Path) -> None:
    with pytest.raises(BadInput):
        macos.open_raw_disk(disk, "disk4")
