"""Virtual cards: sizes, names, and what the writer refuses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from tests.cards.cards_made import MOMENT, fat_card, noise
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.fat_entries import unpack_time
from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput, FifthFloorError, NoRoom
from fifthfloor_theatre.cards import fat_writer
from fifthfloor_theatre.cards.format import FatWriter, fill_like_a_camera, format_fat32, quick_format
from fifthfloor_theatre.cards.record_packing import pack_short, pack_time

MB = 1_000_000


@pytest.mark.parametrize("partitioned", [True, False])
@pytest.mark.parametrize(
    ("size", "cluster"), [(36 * MB, 512), (70 * MB, 1024), (300 * MB, 4096), (2 << 30, 16384), (8 << 30, 32768)]
)
def test_every_size_gets_the_largest_cluster_it_can_have(
    tmp_path: Path, size: int, cluster: int, partitioned: bool
) -> None:
    format_fat32(tmp_path / "c.img", size, label="CARD", partitioned=partitioned)
    assert (tmp_path / "c.img").stat().st_size == size
    assert (tmp_path / "c.img").stat().st_blocks * 512 < size / 5, "sparse"
    with open_card(tmp_path / "c.img") as card:
        volume = card.volumes[0]
        assert (volume.cluster_bytes, volume.label, volume.offset_bytes) == (cluster, "CARD", partitioned << 20)
        assert (volume.heap_offset_bytes - volume.offset_bytes) % cluster == 0
        assert volume.facts.free_clusters_hint == volume.cluster_count - 1
        assert card.free[:, 1].sum() == (volume.cluster_count - 1) * cluster


def test_what_cannot_be_fat32(tmp_path: Path) -> None:
    with pytest.raises(NoRoom) as caught:
        format_fat32(tmp_path / "c.img", 20 * MB, label="X")
    assert int(caught.value.facts["needed"]) > int(caught.value.facts["size"])
    assert not (tmp_path / "c.img").exists(), "a failure leaves nothing behind"
    with pytest.raises(NoRoom):
        format_fat32(tmp_path / "c.img", 100 * MB, label="X", cluster_bytes=32768)
    with pytest.raises(ValueError, match="clusters of 1000"):
        format_fat32(tmp_path / "c.img", 100 * MB, label="X", cluster_bytes=1000)
    with pytest.raises(ValueError, match="sectors of 700"):
        format_fat32(tmp_path / "c.img", 100 * MB, label="X", sector_bytes=700, cluster_bytes=700)
    fat_card(tmp_path / "c.img")
    with pytest.raises(BadInput) as there:
        format_fat32(tmp_path / "c.img", 100 * MB, label="X")
    assert there.value.key == "cards.exists"


def test_what_the_writer_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fat_card(tmp_path / "c.img")
    with FatWriter(path) as writer:
        with pytest.raises(BadInput) as there:
            writer.add_file("DCIM/100CANON/img_0001.jpg", b"x", MOMENT)
        assert there.value.key == "cards.exists"
        with pytest.raises(NoRoom) as full:
            writer.add_file("big", noise(writer.free_bytes + 1), MOMENT)
        assert int(full.value.facts["needed"]) > int(full.value.facts["free"])
        monkeypatch.setattr(fat_writer, "MAX_FILE_BYTES", 100)
        with pytest.raises(BadInput) as large:
            writer.add_file("large", bytes(101), MOMENT)
        assert large.value.key == "cards.file_too_large"
    with open_card(path) as card:
        assert len([file for file in card.files() if not file.is_directory]) == 5
    ExfatBuilder(tmp_path / "e.img", 24 << 20, cluster_bytes=4096).finish()
    for name in ("e.img", "nothing"):
        with pytest.raises(FifthFloorError):
            FatWriter(tmp_path / name)


def test_the_camera_takes_the_first_free_clusters(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 120 * MB, label="CARD")
    with FatWriter(path) as writer:
        writer.add_file("A.JPG", noise(1 * MB), MOMENT)
        free = writer.free_bytes
        seeds = iter(range(1000))
        count = fill_like_a_camera(writer, 60 * MB, lambda n: noise(n, next(seeds)), MOMENT)
        assert free - writer.free_bytes >= 60 * MB
    with open_card(path) as card:
        files = [file for file in card.files() if file.path.startswith("DCIM/101CAMRA/")]
        assert len(files) == count
        assert sum(file.size_bytes for file in files) == 60 * MB
        assert all(4 * MB <= file.size_bytes <= 25 * MB for file in files[:-1])
        assert len(card.free) == 1, "no hole before the last file"
        assert all(len(file.extents) == 1 for file in files)


def test_quick_format_leaves_the_heap_as_it_was(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img", partitioned=True)
    with open_card(path) as card:
        photo = next(file for file in card.files() if file.path.endswith("IMG_0003.JPG"))
        place = photo.extents[0].offset_bytes
    quick_format(path, label="AGAIN")
    with open_card(path) as card:
        assert list(card.files()) == []
        assert card.identity.label == "AGAIN"
    with path.open("rb") as image:
        image.seek(place)
        assert image.read(300_000) == noise(300_000, 3)


def test_hundreds_of_files_in_directories_of_many_clusters(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36 * MB, label="CARD")
    wanted = {f"DCIM/100CANON/a rather long name, number {n}.jpg": noise(100 + n, n) for n in range(300)}
    for part in range(3):
        with FatWriter(path) as writer:
            for name in list(wanted)[part::3]:
                writer.add_file(name, wanted[name], MOMENT)
    with open_card(path) as card:
        volume = card.volumes[0]
        found = {f.path: b"".join(volume.read_file(f)) for f in volume.files() if not f.is_directory}
        folder = next(file for file in card.files() if file.path == "DCIM/100CANON")
    assert found == wanted
    assert folder.size_bytes > 10 * 512


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("IMG_0001.JPG", b"IMG_0001JPG"),
        ("A", b"A          "),
        ("img.jpg", b"IMG~1   JPG"),
        ("long name.jpeg", b"LONGNA~1JPE"),
        (".hidden", b"HIDDEN~1   "),
        ("ü.x", b"_~1     X  "),
        ("a.b.c", b"AB~1    C  "),
    ],
)
def test_short_names(name: str, short: bytes) -> None:
    assert pack_short(name, set()) == short


def test_short_names_are_unique() -> None:
    taken: set[bytes] = set()
    for _ in range(12):
        taken.add(pack_short("photograph of a bridge.jpg", taken))
    assert len(taken) == 12
    assert b"PHOTO~12JPG" in taken
    assert pack_short("IMG_0001.JPG", {b"IMG_0001JPG"}) == b"IMG_00~1JPG"


@pytest.mark.parametrize("moment", [datetime(1980, 1, 1), datetime(2026, 11, 22, 23, 59, 58), datetime(2107, 12, 31)])
def test_times_come_back(moment: datetime) -> None:
    assert unpack_time(*pack_time(moment)) == moment


def test_times_that_are_none() -> None:
    assert unpack_time(0, 0) is None
    assert unpack_time(0xFFFF, 0xFFFF) is None
    assert unpack_time(*pack_time(datetime(1971, 5, 6))) == datetime(1980, 5, 6)
