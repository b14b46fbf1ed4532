"""exFAT by other hands: files written through exfat-fuse are seen as taken, and overwrite no more than was promised."""

from __future__ import annotations

import hashlib
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cards.judges import assert_clean, done, unmount
from tests.outside import kernel_refused
from tests.tasks.cards_at_hand import roll, tree, visible
from tests.tasks.damage import layout_free
from tests.tasks.quick import hide, open_in_process

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.judge("mkfs.exfat", "mount.exfat-fuse", "losetup"),
    pytest.mark.usefixtures("quick_kdf"),
]


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    """Mount an image through a loop device and exfat-fuse, if the kernel lets us."""
    place.mkdir(exist_ok=True)
    try:
        loop = done("losetup", "--find", "--show", image).strip()
    except AssertionError as error:
        kernel_refused(f"a loop device: {error}")
    try:
        try:
            done("mount.exfat-fuse", loop, place)
        except AssertionError as error:
            kernel_refused(f"exfat-fuse: {error}")
        try:
            yield place
        finally:
            unmount(place)
    finally:
        subprocess.run(["sync"], check=True)
        done("losetup", "--detach", loop)


@pytest.mark.parametrize("cluster", ["4K", "32K", "128K"])
def test_a_card_filled_swept_and_filled_again_by_exfat_fuse(cluster: str, tmp_path: Path) -> None:
    card, chance = tmp_path / "card.img", random.Random(1)
    with card.open("xb") as image:
        image.truncate(80 << 20)
    done("mkfs.exfat", "-c", cluster, card)
    with mounted(card, tmp_path / "mnt") as place:
        for number in range(120):
            (place / f"IMG_{number:04d}.JPG").write_bytes(chance.randbytes(chance.randrange(20_000, 300_000)))
        for number in range(0, 120, 2):
            (place / f"IMG_{number:04d}.JPG").unlink()
    assert_clean(card, "exfat")
    files, source = visible(card), roll(tmp_path / "roll", megabytes=6)
    assert len(files) == 60
    assert hide(source, card).code == 0
    assert_clean(card, "exfat")
    left = layout_free(card) * 20 // 100 - (1 << 20)  # what directories and last clusters take is inside
    with mounted(card, tmp_path / "mnt") as place:
        by_fuse = {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in files}
        assert by_fuse == files, "what it reads is what we read"
        number = 0
        while left > 0:
            size = min(left, chance.randrange(4_000_000, 8_000_000))
            (place / f"NEW_{number:04d}.JPG").write_bytes(chance.randbytes(size))
            left, number = left - size, number + 1
    after = visible(card)
    assert {name: after[name] for name in files} == files
    assert open_in_process(tmp_path / "out", card).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)
