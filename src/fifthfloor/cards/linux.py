"""Block devices of Linux: who made them, whether they can be taken out, and whether anybody uses them.

Source: the kernel's Documentation/ABI/{stable,testing}/sysfs-block and proc(5), "mountinfo".
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from fifthfloor.cards.descriptor import ASKED, DeviceFacts, Offered, check_may_write, lock, open_descriptor
from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.errors import BadInput, DeviceRefused

_OCTAL = re.compile(r"\\([0-7]{3})")  # how mountinfo writes a space in a path
_SYS = Path("/sys/dev/block")
_DISKS = Path("/sys/block")


def open_device(path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
    """Open a block device that nobody uses; arguments and errors as `image.open_card`."""
    number = path.stat().st_rdev
    home = _home(number)
    place = mounted_at(home)
    if place:
        raise DeviceRefused("cards.mounted", path=str(path), place=place)
    facts = device_facts(home)
    if writable:
        check_may_write(path, facts, serial)
        # The lock on the side of a card: the kernel opens it all the same, and says no at the first write.
        if _text(home / "ro") == "1" or _text(_disk(home) / "ro") == "1":
            raise BadInput("cards.locked", path=str(path))
    descriptor, past_cache = _opened(path, writable)
    try:
        lock(descriptor, path, writable)
        return OpenFile(
            descriptor, str(path), _number(_disk(home) / "queue/logical_block_size", 512), past_cache
        ), facts
    except BaseException:
        os.close(descriptor)
        if past_cache is not None and past_cache >= 0:
            os.close(past_cache)
        raise


def _opened(path: Path, writable: bool) -> tuple[int, int | None]:
    """Return descriptors as for `OpenFile`; where this process has no right to the device, from whoever is asked."""
    try:
        # On Linux O_EXCL on a block device asks the kernel: it refuses while a file system, swap or mapper holds it.
        descriptor = open_descriptor(path, writable, os.O_EXCL)
        if not writable:
            # Asked and answered; held on, it would keep a second reader of ours away as well.
            asked, descriptor = descriptor, open_descriptor(path, writable, 0)
            os.close(asked)
    except BadInput as error:
        if error.key != "cards.no_permission" or not ASKED:
            raise
        handed = ASKED[-1](path, writable)
        return handed[0], handed[1] if len(handed) > 1 else -1
    return descriptor, None


def offered() -> list[Offered]:
    """List the disks that may be cards: removable, with a medium, nothing of them mounted. Never the system's own."""
    found = []
    labels = _labels()
    for home in sorted(_DISKS.iterdir()):
        facts, sectors = device_facts(home.resolve()), _number(home / "size", 0)
        if facts.removable and sectors and mounted_at(home.resolve()) is None:
            parts = sorted(part.name for part in home.iterdir() if (part / "partition").exists()) or [home.name]
            names = tuple(labels.get(part, "") for part in parts)
            # sysfs counts in 512 bytes, whatever the hardware's sectors are.
            found.append(Offered(f"/dev/{home.name}", facts, 512 * sectors, tuple(parts), names, slot_of(home)))
    return found


def slot_of(home: Path) -> int | None:
    """Say which slot a disk is in: 0 the computer's own, from 1 on one of a reader of several; None where unknown."""
    if _text(home / "device/type") == "SD":
        return 0
    # A reader of several slots is one SCSI target, and each slot of it a unit: HOST:CHANNEL:TARGET:UNIT.
    address = (home / "device").resolve()
    target, _, unit = address.name.rpartition(":")
    if not target or not unit.isdecimal():
        return None
    mates = [one for one in address.parent.iterdir() if one.name.startswith(f"{target}:")]
    return int(unit) + 1 if len(mates) > 1 else None


def _labels() -> dict[str, str]:
    """Return the labels of volumes by the name of their partition, as udev read them."""
    folder = Path("/dev/disk/by-label")
    if not folder.is_dir():
        return {}
    # udev writes what a file name cannot hold as \\x20
    return {
        link.resolve().name: re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), link.name)
        for link in folder.iterdir()
    }


def attached_to(image: Path) -> Path | None:
    """Say which loop device an image file is attached to; None where it is to none."""
    mine = image.stat()
    for home in _DISKS.glob("loop*"):
        backing = _text(home / "loop/backing_file")
        try:
            if backing and os.path.samestat(os.stat(backing), mine):  # noqa: PTH116 - the pair of samestat
                return home.resolve()
        except OSError:
            continue
    return None


def refuse_attached(image: Path, writable: bool) -> None:
    """Refuse an image that a mounted loop device writes, and to write one that any loop device has cached.

    Raises:
        DeviceRefused: it is attached.
    """
    home = attached_to(image)
    if home is not None and (writable or mounted_at(home)):
        raise DeviceRefused("cards.image_attached", path=str(image), device=f"/dev/{home.name}")


def device_facts(home: Path) -> DeviceFacts:
    """Read what sysfs says of the disk that `home` (a disk or partition) belongs to."""
    disk = _disk(home)
    maker, model = _text(disk / "device/vendor"), _text(disk / "device/model") or _text(disk / "device/name")
    # An SD card in a built-in reader is not "removable" to the kernel, but its type says what it is.
    removable = _text(disk / "removable") == "1" or _text(disk / "device/type") == "SD"
    return DeviceFacts(maker, model, _serial(disk), removable, True)


def _serial(disk: Path) -> str:
    """The disk's serial number as `lsblk -o SERIAL` shows it; the kernel's name for it where it has none."""
    for name in ("device/serial", "serial"):  # SD and NVMe; virtio
        if found := _text(disk / name):
            return found
    page = _raw(disk / "device/vpd_pg80")[4:]  # SATA and SAS: SPC-4, "Unit Serial Number VPD page"
    if found := page.decode("ascii", "replace").strip(" \0"):
        return found
    at = (disk / "device").resolve()
    while at != at.parent:  # USB: the number belongs to the reader, some steps above the disk
        if found := _text(at / "serial"):
            return found
        at = at.parent
    return _text(disk / "device/wwid") or _text(disk / "wwid") or disk.name


def mounted_at(home: Path) -> str | None:
    """Say where a disk, or any partition of it, is mounted or swapped to; None where it is not."""
    homes = [home, *(part for part in home.iterdir() if (part / "partition").exists())]
    numbers = {_text(one / "dev") for one in homes} - {""}
    for line in _text(Path("/proc/self/mountinfo")).splitlines():
        fields = line.split(" ")
        if len(fields) > 4 and fields[2] in numbers:
            return _OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4])
    for line in _text(Path("/proc/swaps")).splitlines()[1:]:
        if line.split(" ", 1)[0] in {f"/dev/{one.name}" for one in homes}:
            return "swap"
    return None


def _home(number: int) -> Path:
    return (_SYS / f"{os.major(number)}:{os.minor(number)}").resolve()


def _disk(home: Path) -> Path:
    return home.parent if (home / "partition").exists() else home


def _text(path: Path) -> str:
    return _raw(path).decode("utf-8", "replace").strip(" \n\0")


def _raw(path: Path) -> bytes:
    # What sysfs does not say is not known; a device that is pulled meanwhile says nothing.
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _number(path: Path, otherwise: int) -> int:
    text = _text(path)
    return int(text) if text.isdigit() else otherwise
