"""What sysfs says of a disk, with trees as Linux makes them for USB readers, built-in slots and SATA disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from fifthfloor.cards import linux
from fifthfloor.cards.descriptor import DeviceFacts


def tree(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def test_a_card_in_a_usb_reader(tmp_path: Path) -> None:
    tree(
        tmp_path / "usb1/1-2",
        {
            "serial": "ABC123\n",
            "host/target/vendor": "Generic \n",
            "host/target/model": "STORAGE DEVICE  \n",
            "host/target/wwid": "t10.Generic\n",
            "host/target/block/sdb/removable": "1\n",
            "host/target/block/sdb/sdb1/partition": "1\n",
        },
    )
    disk = tmp_path / "usb1/1-2/host/target/block/sdb"
    (disk / "device").symlink_to(tmp_path / "usb1/1-2/host/target")
    wanted = DeviceFacts("Generic", "STORAGE DEVICE", "ABC123", removable=True, is_block_device=True)
    assert linux.device_facts(disk) == wanted
    assert linux.device_facts(disk / "sdb1") == wanted, "a partition is its disk's"


@pytest.mark.parametrize(("kind", "removable"), [("SD", True), ("MMC", False)])
def test_a_built_in_slot_and_soldered_memory(tmp_path: Path, kind: str, removable: bool) -> None:
    """The kernel calls neither removable; only the one can be taken out, the other is where the system lives."""
    tree(
        tmp_path / "mmcblk0",
        {"removable": "0\n", "device/type": f"{kind}\n", "device/name": "SN64G\n", "device/serial": "0x4a1b2c3d\n"},
    )
    facts = linux.device_facts(tmp_path / "mmcblk0")
    assert facts == DeviceFacts("", "SN64G", "0x4a1b2c3d", removable, is_block_device=True)


def test_a_sata_disk_and_one_that_says_nothing(tmp_path: Path) -> None:
    tree(tmp_path / "sda", {"removable": "0\n", "device/vendor": "ATA\n"})
    (tmp_path / "sda/device/vpd_pg80").write_bytes(b"\x00\x80\x00\x08  WD-0042")
    tree(tmp_path / "vda", {"removable": "0\n"})
    assert linux.device_facts(tmp_path / "sda").serial == "WD-0042"
    assert linux.device_facts(tmp_path / "vda") == DeviceFacts("", "", "vda", removable=False, is_block_device=True)


def test_a_partition_of_the_root_disk_is_mounted() -> None:
    """Whatever holds this machine's own files says so, where it is a disk at all."""
    mounts = Path("/proc/self/mountinfo")
    for line in mounts.read_text(encoding="utf-8").splitlines():
        number, place = line.split(" ")[2], line.split(" ")[4]
        home = Path("/sys/dev/block") / number
        if home.exists():
            # Another test may have unmounted its card since.
            assert linux.mounted_at(home.resolve()) is not None or line not in mounts.read_text("utf-8"), place
            assert home.resolve().name not in [Path(one.path).name for one in linux.offered()]


def test_where_a_disk_is_mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk itself, a partition of it, swap on it; and a partition whose neighbour is mounted is its own."""
    tree(tmp_path, {"sdb/dev": "8:16\n"})
    for number in (1, 2):
        tree(tmp_path / f"sdb/sdb{number}", {"partition": f"{number}\n", "dev": f"8:{16 + number}\n"})
    system = {
        "/proc/self/mountinfo": "36 25 8:17 / /media/my\\040card rw - vfat /dev/sdb1 rw",
        "/proc/swaps": "Filename",
    }
    real = linux._text
    monkeypatch.setattr(linux, "_text", lambda path: system.get(str(path)) or real(path))
    assert linux.mounted_at(tmp_path / "sdb") == "/media/my card"
    assert linux.mounted_at(tmp_path / "sdb/sdb1") == "/media/my card"
    assert linux.mounted_at(tmp_path / "sdb/sdb2") is None
    system["/proc/swaps"] = "Filename Type\n/dev/sdb2 partition 1000 0 -2"
    assert linux.mounted_at(tmp_path / "sdb/sdb2") == "swap"
    system["/proc/self/mountinfo"] = "36 25 8:18 / /x rw - vfat /dev/sdb2 rw"
    assert linux.mounted_at(tmp_path / "sdb") == "/x"


def test_only_cards_that_nobody_uses_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that cannot be taken out is none, mounted or not; nor a reader without a card, nor one in use."""
    disks = {"sda": "0 1000", "sdb": "1 1000", "sdc": "1 0", "sdd": "1 1000", "sde": "1 1000", "nvme0n1": "0 1000"}
    for number, (name, said) in enumerate(disks.items()):
        removable, size = said.split()
        tree(tmp_path / name, {"removable": removable, "size": size, "dev": f"8:{16 * number}"})
    mounts = "36 25 8:48 / /media/a rw - vfat /dev/sdd rw"
    system = {"/proc/self/mountinfo": mounts, "/proc/swaps": "Filename\n/dev/sde partition 1000 0 -2"}
    real = linux._text
    monkeypatch.setattr(linux, "_text", lambda path: system.get(str(path)) or real(path))
    monkeypatch.setattr(linux, "_DISKS", tmp_path)
    assert [(one.path, one.size_bytes) for one in linux.offered()] == [("/dev/sdb", 512_000)]


def test_in_which_slot_of_its_reader_a_card_is(tmp_path: Path) -> None:
    """A reader of several slots is one target with a unit each; a reader of one says no number."""
    units = {"6:0:0:0": "sdb", "6:0:0:1": "sdc", "6:0:0:2": "sdd"}
    tree(tmp_path / "usb/target6:0:0", {f"{unit}/block/{disk}/removable": "1\n" for unit, disk in units.items()})
    tree(tmp_path, {"usb/target7:0:0/7:0:0:0/block/sde/removable": "1\n", "usb/target6:0:0/power/control": "on\n"})
    tree(tmp_path, {"mmc0/mmc0:aaaa/type": "SD\n", "mmc0/mmc0:aaaa/block/mmcblk0/removable": "0\n"})
    homes = {home.name: home for home in tmp_path.rglob("block/*")}
    for home in homes.values():
        (home / "device").symlink_to(home.parent.parent)
    told = {name: linux.slot_of(home) for name, home in homes.items()}
    assert told == {"sdb": 1, "sdc": 2, "sdd": 3, "sde": None, "mmcblk0": 0}
