"""Loop devices and FUSE mounts for tests; where the kernel says no, the test is counted as refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cards import judges
from tests.outside import kernel_refused


@contextmanager
def attached(image: Path, *options: str) -> Iterator[Path]:
    """Attach an image to a loop device of its own."""
    result = judges.run("losetup", "--find", "--show", *options, image)
    if result.returncode:
        kernel_refused(f"loop device ({result.stderr.strip().rpartition(':')[2].strip()})")
    loop = Path(result.stdout.strip())
    try:
        yield loop
    finally:
        judges.run("losetup", "--detach", loop)


@contextmanager
def mounted_exfat(device: Path, place: Path) -> Iterator[Path]:
    """Mount an exFAT device with exfat-fuse."""
    place.mkdir(exist_ok=True)
    result = judges.run("mount.exfat-fuse", device, place)
    if result.returncode:
        kernel_refused(f"exfat-fuse ({result.stderr.strip().splitlines()[-1]})")
    try:
        yield place
    finally:
        judges.unmount(place)
