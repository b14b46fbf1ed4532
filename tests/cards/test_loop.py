"""Real block devices: loop devices of this kernel."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.cards import judges
from tests.cards.cards_made import exfat_card, fat_card, noise
from tests.cards.loops import attached, mounted_exfat

from fifthfloor.cards import linux
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card, open_raw
from fifthfloor.cards.opening import check_writable
from fifthfloor.errors import BadInput, DeviceRefused, FifthFloorError

pytestmark = [pytest.mark.kernel, pytest.mark.judge("losetup")]


def serial_of(device: Path) -> str:
    with open_card(device) as card:
        return card.identity.facts.serial


def key_of(device: Path, *, writable: bool = True, serial: str | None = None) -> str:
    with pytest.raises(DeviceRefused) as caught:
        open_card(device, writable=writable, serial=serial)
    return caught.value.key


@pytest.mark.parametrize("sector_bytes", [512, 4096])
@pytest.mark.parametrize("partitioned", [True, False])
def test_a_device_is_written_where_it_is_free(tmp_path: Path, sector_bytes: int, partitioned: bool) -> None:
    size = 36_000_000 if sector_bytes == 512 else 290 << 20
    image = fat_card(
        tmp_path / "c.img", partitioned=partitioned, sector_bytes=sector_bytes, size_bytes=size // 4096 * 4096
    )
    with attached(image, "--sector-size", str(sector_bytes)) as loop:
        with open_card(loop, writable=True, serial=serial_of(loop)) as card:
            assert (card.device.sector_bytes, card.device.size_bytes) == (sector_bytes, image.stat().st_size)
            assert card.identity.facts.is_block_device
            assert not card.identity.facts.removable
            offset = int(card.free[0, 0])
            writer = FreeWriter(card)
            writer.write(offset, noise(8192))
            writer.flush()
            card.device.drop_cache()
            assert card.device.read(offset, 8192) == noise(8192)
        with open_raw(loop) as raw:
            assert raw.read(offset, 8192) == noise(8192)
    with image.open("rb") as file:
        file.seek(offset)
        assert file.read(8192) == noise(8192)


def test_a_device_that_is_not_removable_needs_its_serial(tmp_path: Path) -> None:
    image = fat_card(tmp_path / "c.img")
    with attached(image) as loop:
        serial = serial_of(loop)
        assert serial
        assert key_of(loop) == "cards.not_removable"
        assert key_of(loop, serial="another") == "cards.wrong_serial"
        with open_card(loop, writable=True, serial=serial):
            assert key_of(loop, serial=serial) == "cards.in_use"


def test_what_could_be_written_is_asked_as_a_writer_would_be_answered(tmp_path: Path) -> None:
    image = fat_card(tmp_path / "c.img")
    with attached(image) as loop, pytest.raises(DeviceRefused) as caught:
        check_writable(loop, None)
    assert caught.value.key == "cards.not_removable"
    with attached(image) as loop:
        check_writable(loop, serial_of(loop))
    with attached(image, "--read-only") as loop, pytest.raises(BadInput) as locked:
        check_writable(loop, serial_of(loop))
    assert locked.value.key == "cards.locked"


def test_readers_share_a_device_and_a_writer_is_alone(tmp_path: Path) -> None:
    with attached(fat_card(tmp_path / "c.img")) as loop:
        serial = serial_of(loop)
        with open_raw(loop) as first, open_raw(loop) as second, open_card(loop) as card:
            assert first.read(0, 512) == second.read(0, 512) == card.device.read(0, 512)
            assert key_of(loop, serial=serial) == "cards.in_use"
        with open_card(loop, writable=True, serial=serial), pytest.raises(DeviceRefused) as caught:
            open_raw(loop)
        assert caught.value.key == "cards.in_use"


def test_a_link_to_a_device_is_followed(tmp_path: Path) -> None:
    with attached(fat_card(tmp_path / "c.img")) as loop:
        (tmp_path / "by-id").symlink_to(loop)
        with open_card(tmp_path / "by-id") as card:
            assert card.identity.facts.is_block_device


@pytest.mark.judge("mount.exfat-fuse")
def test_a_mounted_card_is_refused_whatever_is_said(tmp_path: Path) -> None:
    exfat_card(tmp_path / "c.img")
    with attached(tmp_path / "c.img") as loop:
        serial = serial_of(loop)
        with mounted_exfat(loop, tmp_path / "mnt"):
            for writable in (False, True):
                assert key_of(loop, writable=writable, serial=serial) in ("cards.mounted", "cards.in_use")
                assert key_of(tmp_path / "c.img", writable=writable) == "cards.image_attached"
            with pytest.raises(DeviceRefused):
                open_raw(loop)
        with open_card(loop, writable=True, serial=serial):
            pass


def test_an_attached_image_is_not_written_behind_its_device(tmp_path: Path) -> None:
    image = fat_card(tmp_path / "c.img")
    with attached(image):
        assert key_of(image) == "cards.image_attached"
    with open_card(image, writable=True):
        pass


def test_a_device_that_is_detached_is_gone(tmp_path: Path) -> None:
    with attached(fat_card(tmp_path / "c.img")) as loop:
        pass
    with pytest.raises(FifthFloorError) as caught:
        open_card(loop)
    assert caught.value.key in ("cards.no_file_system", "cards.missing", "cards.gone", "cards.empty")


def test_the_systems_own_disks_are_never_offered(tmp_path: Path) -> None:
    mounted = {line.split(" ")[2] for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()}
    with attached(fat_card(tmp_path / "c.img")):
        offered = linux.offered()
    for one in offered:
        path = Path(one.path)
        number = path.stat().st_rdev
        assert one.facts.removable
        assert f"{os.major(number)}:{os.minor(number)}" not in mounted
        assert not re.search(r"/(loop|ram|zram|dm-|md)\d*", str(path))


@pytest.mark.judge("fsck.fat")
def test_a_swept_device_is_sound(tmp_path: Path) -> None:
    image = fat_card(tmp_path / "c.img")
    with attached(image) as loop:
        with open_card(loop, writable=True, serial=serial_of(loop)) as card:
            writer = FreeWriter(card)
            for offset, length in card.free.tolist():
                writer.write(offset, noise(length))
            writer.flush()
        judges.assert_clean(loop, "fat32")
    judges.assert_clean(image, "fat32")
