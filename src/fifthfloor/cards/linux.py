"""Block devices of Linux: who made them, whether they can be taken out, and whether anybody uses them.

Source: the kernel's Documentation/ABI/{stable,testing}/sysfs-block and proc(5), "mountinfo".
"""

from __future__ import annotations

import os
from pathlib import Path

from fifthfloor.cards.descriptor import DeviceFacts, lock, open_descriptor
from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.errors import DeviceRefused

_SYS = Path("/sys/dev/block")


def open_device(path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
    """Open a block device that nobody uses; arguments and errors as `image.open_card`."""
    number = path.stat().st_rdev
    home = _home(number)
    place = mounted_at(home)
    if place:
        raise DeviceRefused("cards.mounted", path=str(path), place=place)
    facts = device_facts(home)
    if writable:
        _check_may_write(path, facts, serial)
    # On Linux O_EXCL on a block device asks the kernel: it refuses while a file system, swap or mapper holds it.
    descriptor = open_descriptor(path, writable, os.O_EXCL)
    try:
        lock(descriptor, path, writable)
        return OpenFile(descriptor, str(path), _number(_disk(home) / "queue/logical_block_size", 512)), facts
    except BaseException:
        os.close(descriptor)
        raise


def _check_may_write(path: Path, facts: DeviceFacts, serial: str | None) -> None:
    if serial is not None and serial != facts.serial:
        raise DeviceRefused("cards.wrong_serial", path=str(path), serial=facts.serial, given=serial)
    if serial is None and not facts.removable:
        raise DeviceRefused("cards.not_removable", path=str(path), serial=facts.serial)


def offered() -> list[tuple[Path, DeviceFacts]]:
    """List the disks that may be cards: removable, with a medium, nothing of them mounted. Never the system's own."""
    found = []
    for home in sorted(Path("/sys/block").iterdir()):
        facts = device_facts(home.resolve())
        if facts.removable and _number(home / "size", 0) and mounted_at(home.resolve()) is None:
            found.append((Path("/dev") / home.name, facts))
    return found


def attached_to(image: Path) -> Path | None:
    """Say which loop device an image file is attached to; None where it is to none."""
    mine = image.stat()
    for home in Path("/sys/block").glob("loop*"):
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
    """The first serial number on the way up from the disk to its bus; the kernel's name where there is none."""
    for name in ("device/serial", "serial", "device/wwid", "wwid"):
        if found := _text(disk / name):
            return found
    at = (disk / "device").resolve()
    while at.name and at != at.parent and at != Path("/sys/devices"):
        if found := _text(at / "serial"):
            return found
        at = at.parent
    return disk.name


def mounted_at(home: Path) -> str | None:
    """Say where a disk, or any partition of it, is mounted or swapped to; None where it is not."""
    numbers = {_text(home / "dev")} | {_text(part / "dev") for part in home.iterdir() if (part / "partition").exists()}
    numbers.add(_text(_disk(home) / "dev") if _disk(home) == home else "")
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split(" ")
        if len(fields) > 4 and fields[2] in numbers:
            return fields[4]
    names = {f"/dev/{home.name}"} | {f"/dev/{part.name}" for part in home.iterdir() if (part / "partition").exists()}
    for line in _text(Path("/proc/swaps")).splitlines()[1:]:
        if line.split(" ", 1)[0] in names:
            return "swap"
    return None


def _home(number: int) -> Path:
    return (_SYS / f"{os.major(number)}:{os.minor(number)}").resolve()


def _disk(home: Path) -> Path:
    return home.parent if (home / "partition").exists() else home


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip(" \n\0")
    except OSError:
        return ""


def _number(path: Path, otherwise: int) -> int:
    text = _text(path)
    return int(text) if text.isdigit() else otherwise
