"""Other people's programs make cards that we read, and read cards that we made; free space and files must agree.

Sleuth Kit says which sectors are free and which files there are, fsck says that a card is sound.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.cards import judges
from tests.cards.cards_made import MOMENT, exfat_card, fat_card, noise
from tests.cards.exfat_builder import ExfatBuilder
from tests.cards.loops import attached, mounted_exfat

from fifthfloor.cards.image import Card, open_card
from fifthfloor_theatre.cards.format import FatWriter, fill_like_a_camera, format_fat32, quick_format

MIB = 1 << 20
FAT_TOOLS = ("mkfs.fat", "mcopy", "mmd", "mdel", "fsck.fat", "blkls", "fls", "tsk_recover")


def agrees_with_sleuthkit(image: Path, out: Path, *, sector_bytes: int = 512) -> Card:
    """Compare free sectors, names and contents; returns the (closed) card."""
    with open_card(image) as card:
        volume = card.volumes[0]
        judged = judges.free_sectors_by_sleuthkit(image, volume.offset_bytes, sector_bytes)
        # Sleuth Kit also lists the sectors after the last cluster, which belong to no cluster and are never written.
        start = (volume.heap_offset_bytes - volume.offset_bytes) // sector_bytes
        judged = judged[judged < start + volume.cluster_count * (volume.cluster_bytes // sector_bytes)]
        assert np.array_equal(judges.free_sectors(card, sector_bytes), judged)
        seen = {file.path for file in card.files()}
        judged_files = judges.files_by_sleuthkit(image, volume.offset_bytes, sector_bytes)
        assert {name for name in judged_files if not name.endswith("(Volume Label Entry)")} == seen
        first = volume.offset_bytes // sector_bytes
        judges.done("tsk_recover", "-a", "-b", str(sector_bytes), "-o", str(first), image, out)
        for file in card.files():
            if not file.is_directory and file.size_bytes:  # empty files it does not recover
                assert b"".join(volume.read_file(file)) == (out / file.path).read_bytes(), file.path
    return card


@pytest.mark.judge(*FAT_TOOLS)
@pytest.mark.parametrize(("cluster_sectors", "size"), [(1, 40 * MIB), (2, 80 * MIB), (8, 300 * MIB), (64, 2200 * MIB)])
def test_cards_made_by_mtools(tmp_path: Path, cluster_sectors: int, size: int) -> None:
    image = tmp_path / "c.img"
    image.touch()
    with image.open("r+b") as made:
        made.truncate(size)
    judges.done("mkfs.fat", "-F", "32", "-s", str(cluster_sectors), "-n", "NIKON D90", image)
    judges.done("mmd", "-i", image, "::DCIM", "::DCIM/100NCD90")
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(220):
        name = f"DSC_{number:04d}.JPG" if number % 3 else f"a longer name {number} dü.jpg"
        (photos / name).write_bytes(noise(20_000 + 100 * number, number))
    names = sorted(photos.iterdir())
    judges.done("mcopy", "-m", "-i", image, *names, "::DCIM/100NCD90")
    judges.done("mdel", "-i", image, *(f"::DCIM/100NCD90/{path.name}" for path in names[::2]))
    card = agrees_with_sleuthkit(image, tmp_path / "out") if size < 1000 * MIB else _read(image)
    assert len(card.free) >= 100
    for path in names[1::2]:
        file = next(file for file in card.files() if file.path == f"DCIM/100NCD90/{path.name}")
        assert file.size_bytes == path.stat().st_size
    judges.assert_clean(image, "fat32")


def _read(image: Path) -> Card:
    with open_card(image) as card:
        return card


@pytest.mark.judge(*FAT_TOOLS)
@pytest.mark.parametrize("sector_bytes", [512, 4096])
def test_cards_made_by_ourselves(tmp_path: Path, sector_bytes: int) -> None:
    image = tmp_path / "c.img"
    size = 36_000_000 if sector_bytes == 512 else 290_000_000
    fat_card(image, sector_bytes=sector_bytes, size_bytes=size)
    judges.assert_clean(image, "fat32")
    agrees_with_sleuthkit(image, tmp_path / "out", sector_bytes=sector_bytes)
    if sector_bytes == 512:
        listing = judges.done("mdir", "-b", "-/", "-i", image, "::")
        assert "::/DCIM/100CANON/Ein längerer Name als acht und drei.jpg" in listing
        judges.done("mcopy", "-i", image, "::DCIM/100CANON/IMG_0002.JPG", tmp_path / "back.jpg")
        assert (tmp_path / "back.jpg").read_bytes() == noise(200_000, 2)


@pytest.mark.judge(*FAT_TOOLS)
def test_a_nearly_full_card_that_a_camera_filled_and_formatted_again(tmp_path: Path) -> None:
    image = tmp_path / "c.img"
    format_fat32(image, 80_000_000, label="FULL", partitioned=False, cluster_bytes=1024)
    seeds = iter(range(10_000))
    with FatWriter(image) as writer:
        fill_like_a_camera(writer, writer.free_bytes - 300_000, lambda n: noise(n, next(seeds)), MOMENT)
        writer.add_file("LAST.BIN", noise(writer.free_bytes - 1024), MOMENT)
        assert writer.free_bytes == 1024
    assert agrees_with_sleuthkit(image, tmp_path / "out").free[:, 1].sum() == 1024
    judges.assert_clean(image, "fat32")
    quick_format(image, label="AGAIN", cluster_bytes=512)
    judges.assert_clean(image, "fat32")
    card = agrees_with_sleuthkit(image, tmp_path / "out2")
    assert (list(card.files()), card.identity.label, card.volumes[0].cluster_bytes) == ([], "AGAIN", 512)


@pytest.mark.judge("fsck.exfat", "blkls", "fls", "tsk_recover")
@pytest.mark.parametrize(
    ("cluster_bytes", "sector_bytes"), [(512, 512), (4096, 512), (4096, 4096), (32768, 512), (1 << 20, 512)]
)
def test_exfat_cards_made_without_fuse(tmp_path: Path, cluster_bytes: int, sector_bytes: int) -> None:
    image = tmp_path / "c.img"
    exfat_card(image, cluster_bytes=cluster_bytes, sector_bytes=sector_bytes)
    judges.assert_clean(image, "exfat")
    card = agrees_with_sleuthkit(image, tmp_path / "out", sector_bytes=sector_bytes)
    assert cluster_bytes > 512 or len(card.free) >= 100


@pytest.mark.judge("fsck.exfat", "mkfs.exfat")
def test_clusters_of_32_mib(tmp_path: Path) -> None:
    image = tmp_path / "c.img"
    builder = ExfatBuilder(image, 1 << 30, cluster_bytes=32 * MIB)
    builder.add("DCIM/100CANON/IMG_0001.JPG", noise(100_000))
    builder.finish()
    judges.assert_clean(image, "exfat")
    assert _read(image).free[:, 1].sum() == (builder.count - 6) * 32 * MIB
    again = tmp_path / "d.img"
    again.touch()
    with again.open("r+b") as file:
        file.truncate(1 << 30)
    judges.done("mkfs.exfat", "-c", "32M", again)
    assert _read(again).volumes[0].cluster_bytes == 32 * MIB


@pytest.mark.judge("mkfs.exfat", "mkfs.fat", "fsck.exfat", "fsck.fat")
@pytest.mark.parametrize("file_system", ["fat32", "exfat"])
def test_64_gib_sparse(tmp_path: Path, file_system: str) -> None:
    image = tmp_path / "c.img"
    image.touch()
    with image.open("r+b") as file:
        file.truncate(64 << 30)
    options = ("mkfs.fat", "-F", "32", "-s", "64") if file_system == "fat32" else ("mkfs.exfat", "-c", "128K")
    judges.done(*options, image)
    card = _read(image)
    assert card.volumes[0].file_system == file_system
    hint = card.volumes[0].facts.free_clusters_hint
    if hint is not None:
        assert card.free[:, 1].sum() == hint * card.volumes[0].cluster_bytes
    judges.assert_clean(image, file_system)


@pytest.mark.judge("sfdisk", "mkfs.fat", "mkfs.exfat")
@pytest.mark.parametrize("table", ["dos", "gpt"])
def test_tables_made_by_sfdisk(tmp_path: Path, table: str) -> None:
    image, part = tmp_path / "c.img", tmp_path / "part.img"
    for path, size in ((image, 120 * MIB), (part, 40 * MIB)):
        path.touch()
        with path.open("r+b") as file:
            file.truncate(size)
    script = tmp_path / "script"
    script.write_text(f"label: {table}\nstart=2048, size={40 * 2048}\nstart={60 * 2048}, size={40 * 2048}\n")
    judges.done("sh", "-c", f'PATH="$PATH:/usr/sbin:/sbin" sfdisk --quiet "{image}" < "{script}"')
    for start, options in ((MIB, ("mkfs.fat", "-F", "32", "-s", "1")), (60 * MIB, ("mkfs.exfat",))):
        judges.done(*options, part)
        with image.open("r+b") as file:
            file.seek(start)
            file.write(part.read_bytes())
        part.write_bytes(bytes(40 * MIB))
    card = _read(image)
    assert [(v.file_system, v.offset_bytes) for v in card.volumes] == [("fat32", MIB), ("exfat", 60 * MIB)]


@pytest.mark.judge("mkfs.exfat", "mount.exfat-fuse", "losetup", "fsck.exfat", "blkls", "fls", "tsk_recover")
@pytest.mark.kernel
@pytest.mark.parametrize("cluster", ["512", "4K", "128K"])
def test_exfat_cards_written_through_fuse(tmp_path: Path, cluster: str) -> None:
    """Fragmented (at least 100 free extents) and then nearly full."""
    image = tmp_path / "c.img"
    image.touch()
    with image.open("r+b") as file:
        file.truncate(64 * MIB)
    judges.done("mkfs.exfat", "-L", "EOS", "-c", cluster, image)
    with attached(image) as loop, mounted_exfat(loop, tmp_path / "mnt") as root:
        folder = root / "DCIM" / "100CANON"
        folder.mkdir(parents=True)
        for number in range(240):
            (folder / f"IMG_{number:04d}.JPG").write_bytes(noise(60_000, number))
        for number in range(0, 240, 2):
            (folder / f"IMG_{number:04d}.JPG").unlink()
        (folder / "ein längerer Name als fünfzehn.jpg").write_bytes(noise(300_000))
    card = agrees_with_sleuthkit(image, tmp_path / "out")
    assert len(card.free) >= 100 or cluster != "4K"
    judges.assert_clean(image, "exfat")
    room = int(card.free[:, 1].sum()) - 700_000
    with attached(image) as loop, mounted_exfat(loop, tmp_path / "mnt") as root:
        (root / "rest.bin").write_bytes(noise(room))
    agrees_with_sleuthkit(image, tmp_path / "out2")
    judges.assert_clean(image, "exfat")
