"""Deletions where files lie in the root, where a set crosses a sector, on two volumes, and in deleted directories."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import MOMENT, bend, exfat_card, noise, refusal, remove_files, volume_of
from tests.cards.exfat_builder import ExfatBuilder, Node
from tests.cards.test_exfat import volume_of as exfat_of
from tests.cards.test_partitions import MIB, mbr
from tests.cards.test_removal_edges import offsets

from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.fat_boot import read_fsinfo
from fifthfloor.cards.image import open_card
from fifthfloor.cards.remove import (
    plan_reclaim,
    plan_scrub,
    plan_unnaming,
    reclaim_lost,
    remove_names,
    scrub_deleted,
)
from fifthfloor.errors import BadInput
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, format_fat32


def names(path: Path) -> list[str]:
    with open_card(path) as card:
        return [file.path for file in card.files()]


def test_a_file_in_the_root(tmp_path: Path) -> None:
    fat, exfat = tmp_path / "f.img", exfat_card(tmp_path / "e.img", finish=False, cluster_bytes=4096)
    format_fat32(fat, 36_000_000, label="EOS", partitioned=False)
    with FatWriter(fat) as writer:
        writer.add_file("IN THE ROOT.JPG", noise(700), MOMENT)
        writer.add_file("D/IN THE ROOT.JPG", noise(700), MOMENT)
    exfat.add("IN THE ROOT.JPG", noise(700))
    exfat.finish()
    for path in (fat, exfat.path):
        before = names(path)
        with open_card(path, writable=True) as card:
            assert remove_files(card, ["IN THE ROOT.JPG"]) >= 2
        assert names(path) == [name for name in before if name != "IN THE ROOT.JPG"]
        with open_card(path, writable=True) as card:
            assert card.identity.label
            scrub_deleted(card)  # on exFAT what was the last slot of the directory becomes empty
        with open_card(path) as card:
            assert plan_scrub(card) == ()


def test_a_set_in_two_sectors_goes_entry_first(tmp_path: Path) -> None:
    """Five sets of three entries fill 480 bytes of a sector; the sixth begins in it and ends in the next."""
    builder = ExfatBuilder(tmp_path / "c.img", 8 * MIB, cluster_bytes=4096)
    builder.directory("D").children += [Node(f"IMG_{number:04d}.JPG") for number in range(9)]
    builder.finish()
    folder = next(file for file in exfat_of(tmp_path / "c.img").files() if file.path == "D").extents[0].offset_bytes
    with open_card(tmp_path / "c.img", writable=True) as card:
        assert offsets(plan_unnaming(card, ["D/IMG_0005.JPG"])) == [[folder], [folder + 512]]
        assert offsets(plan_unnaming(card, ["D/IMG_0006.JPG"])) == [[folder + 512]]
        assert remove_names(card, ["D/IMG_0005.JPG"]) == 2
    raw = (tmp_path / "c.img").read_bytes()[folder : folder + 1024]
    assert raw[480:576] == (b"\x05" + bytes(31)) * 3
    assert len(names(tmp_path / "c.img")) == 9


def test_on_the_second_volume_of_a_card(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    path.touch()
    for number, at in enumerate((4 * MIB, 16 * MIB)):
        builder = ExfatBuilder(path, 8 * MIB, cluster_bytes=4096, offset_bytes=at, label=f"V{number}")
        builder.add(f"ONLY{number}.JPG", noise(9000, number))
        builder.add("BOTH.JPG", noise(5000))
        builder.finish()
    with path.open("r+b") as image:
        image.truncate(64 * MIB)
    bend(path, 0, mbr((7, 8192, 16384), (7, 32768, 16384)))
    first = path.read_bytes()[: 16 * MIB]
    with open_card(path, writable=True) as card:
        assert card.identity.label == "V0, V1"
        with pytest.raises(BadInput) as caught:
            plan_unnaming(card, ["BOTH.JPG"])
        assert (caught.value.key, caught.value.facts["count"]) == ("cards.not_removable_file", 2)
        remove_names(card, ["ONLY1.JPG"])
    assert names(path) == ["ONLY0.JPG", "BOTH.JPG", "BOTH.JPG"]
    with open_card(path, writable=True) as card:
        assert [len(stage) for stage in plan_reclaim(card)] == [1], (
            "the bitmap; so little does not change the percentage"
        )
        reclaim_lost(card)
    with open_card(path) as card:
        assert plan_reclaim(card) == ()
    assert path.read_bytes()[: 16 * MIB] == first


@pytest.mark.parametrize("used", [False, True])
def test_a_deleted_directory_is_emptied_where_it_still_is_one(used: bool, tmp_path: Path) -> None:
    """A camera that deletes its files one by one leaves the directory; here it is deleted with all that was in it."""
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    with FatWriter(path) as writer:
        for folder in ("OLD", "OLDER", "NEW"):
            writer.add_file(f"{folder}/IMG_0001.JPG", noise(700), MOMENT)
    volume = volume_of(path)
    place = {file.path: file.extents[0].offset_bytes for file in volume.files()}
    root = volume.root_extents[0].offset_bytes
    raw, geometry = bytearray(path.read_bytes()), volume.geometry
    for at in range(root, root + 512, 32):
        if raw[at : at + 3] == b"OLD":
            raw[at] = 0xE5
    for name in ("OLD", "OLD/IMG_0001.JPG", "OLDER", "OLDER/IMG_0001.JPG"):
        cluster = (place[name] - volume.heap_offset_bytes) // 512 + 2
        for copy in range(2):
            at = geometry.fat_offset_bytes + copy * geometry.fat_bytes + cluster * 4
            raw[at : at + 8] = bytes(8) if "JPG" in name else bytes(4) + raw[at + 4 : at + 8]
    if used:
        raw[place["OLD"] : place["OLD"] + 512] = noise(512)
    path.write_bytes(raw)
    with open_card(path, writable=True) as card:
        found = {entry.path: entry for entry in deleted_entries(card.volumes[0])}
        assert found["_LD"].is_directory
        assert ("_LDER/IMG_0001.JPG" in found, "_LD/IMG_0001.JPG" in found) == (True, not used)
        stages = offsets(plan_scrub(card))
        assert stages[0] == ([place["OLDER"]] if used else sorted([place["OLD"], place["OLDER"]]))
        assert stages[1] == [root]
        scrub_deleted(card)
    after = path.read_bytes()
    assert after[place["OLD"] : place["OLD"] + 512] == (noise(512) if used else bytes(512))
    assert after[place["OLDER"] : place["OLDER"] + 512] == bytes(512)
    assert refusal(path) == ""


def test_the_hint_of_a_full_card_names_a_cluster_there_is(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    with FatWriter(path) as writer:
        writer.add_file("A.JPG", noise(512), MOMENT)
        writer.add_file("B.JPG", noise(writer.free_bytes), MOMENT)
        assert writer.free_bytes == 0
    assert volume_of(path).facts.next_free_hint is None
    with open_card(path, writable=True) as card:
        remove_files(card, ["A.JPG"])
    volume, info = volume_of(path), volume_of(path).geometry.fsinfo_offset_bytes
    assert info is not None
    assert read_fsinfo(path.read_bytes()[info : info + 512]) == (1, volume.cluster_count + 1)


def test_what_a_camera_cannot_delete(tmp_path: Path) -> None:
    card = tmp_path / "c.img"
    format_fat32(card, 36_000_000, label="", partitioned=False)
    with FatWriter(card) as writer:
        for number in (0, 1, 18):
            writer.add_file(f"D/A{number}.JPG", noise(600, number), MOMENT)
        writer.add_directory("EMPTY/INNER", MOMENT)
    before = card.read_bytes()
    for path in ("D", "D/B.JPG"):
        with pytest.raises(BadInput) as caught:
            delete_like_a_camera(card, path)
        assert (caught.value.key, caught.value.facts["name"]) == ("cards.no_such_file", path)
    assert card.read_bytes() == before
    assert {"EMPTY", "EMPTY/INNER"} <= set(names(card))
    for left, number in ((5, 0), (4, 1), (3, 18)):
        delete_like_a_camera(card, f"D/A{number}.JPG")
        assert f"D/A{number}.JPG" not in names(card)
        assert len(names(card)) == left
    exfat_card(tmp_path / "e.img")
    with pytest.raises(BadInput) as other:
        delete_like_a_camera(tmp_path / "e.img", "DCIM/100CANON/IMG_0001.JPG")
    assert other.value.key == "cards.not_fat32"


def test_a_bitmap_in_several_pieces(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 40 * MIB, cluster_bytes=512)
    old = builder.bitmap_clusters
    for cluster in old:
        builder.mark(cluster, taken=False)
    builder.bitmap_clusters = builder.take(len(old), stride=2, start=3000)
    builder.chain(builder.bitmap_clusters)
    builder.add("A.JPG", noise(512 * 9000), start=20_000)
    builder.add("B.JPG", noise(512 * 3), start=9000)
    builder.finish()
    before = exfat_of(tmp_path / "c.img")
    with open_card(tmp_path / "c.img", writable=True) as card:
        remove_files(card, ["A.JPG"])
    after = exfat_of(tmp_path / "c.img")
    gone = np.flatnonzero(before.chains.allocated & ~after.chains.allocated)
    assert (int(gone[0]), gone.size, int(gone[-1])) == (20_000 - 2, 9000, 20_000 - 2 + 8999)
    assert not (after.chains.allocated & ~before.chains.allocated).any()
