"""What is left of deleted files, and what tidying leaves of that."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cards import judges
from tests.cards.cards_made import bend, exfat_card, fat_card, noise, set_entry
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.deleted import DeletedEntry, deleted_entries
from fifthfloor.cards.image import open_card
from fifthfloor.cards.reading import read_card
from fifthfloor.cards.remove import plan_scrub, scrub_deleted

MIB = 1 << 20


def deleted(path: Path) -> dict[str, DeletedEntry]:
    with open_card(path) as card:
        return {entry.path: entry for entry in deleted_entries(card.volumes[0])}


def mtools_card(tmp_path: Path) -> Path:
    """Deleted short and long names, and a deleted tree."""
    image = tmp_path / "c.img"
    image.touch()
    with image.open("r+b") as made:
        made.truncate(40 * MIB)
    judges.done("mkfs.fat", "-F", "32", "-s", "1", "-n", "CARD", image)
    judges.done("mmd", "-i", image, "::DCIM", "::DCIM/100NCD90", "::GONE", "::GONE/SUB")
    for number in range(1, 7):
        photo = tmp_path / f"{number}.jpg"
        photo.write_bytes(noise(30_000 * number, number))
        judges.done("mcopy", "-i", image, photo, f"::DCIM/100NCD90/A long näme {number}.JPG")
        judges.done("mcopy", "-i", image, photo, f"::DCIM/100NCD90/DSC_000{number}.JPG")
        judges.done("mcopy", "-i", image, photo, f"::GONE/SUB/IN_{number}.JPG")
    judges.done("mdel", "-i", image, "::DCIM/100NCD90/A long näme 3.JPG", "::DCIM/100NCD90/DSC_0002.JPG")
    judges.done("mdeltree", "-i", image, "::GONE")
    return image


FAT_TOOLS = ("mkfs.fat", "mmd", "mcopy", "mdel", "mdeltree", "fls", "fsck.fat")


@pytest.mark.judge(*FAT_TOOLS, "icat")
def test_fat32_names_agree_with_sleuthkit(tmp_path: Path) -> None:
    image = mtools_card(tmp_path)
    found = deleted(image)
    assert set(found) == judges.deleted_by_sleuthkit(image)
    photo = found["DCIM/100NCD90/A long näme 3.JPG"]
    assert (photo.size_bytes, photo.state, len(photo.extents)) == (90_000, "whole", 1)
    with open_card(image) as card:
        assert card.device.read(photo.extents[0].offset_bytes, 90_000) == noise(90_000, 3)
    assert "_ONE/_UB/_N_1.JPG" in found


@pytest.mark.judge(*FAT_TOOLS)
def test_names_across_the_pieces_of_a_directory_agree_with_sleuthkit(tmp_path: Path) -> None:
    """A directory grows while files are written, so its clusters lie apart; a name may lie in two."""
    image = tmp_path / "c.img"
    with image.open("wb") as made:
        made.truncate(40 * MIB)
    judges.done("mkfs.fat", "-F", "32", "-s", "1", "-n", "CARD", image)
    judges.done("mmd", "-i", image, "::DCIM")
    names = [f"{'x' * (number % 23)}photograph {number}.jpg" for number in range(60)]
    (tmp_path / "one.jpg").write_bytes(noise(3000))
    for name in names:
        judges.done("mcopy", "-i", image, tmp_path / "one.jpg", f"::DCIM/{name}")
    judges.done("mdel", "-i", image, *(f"::DCIM/{name}" for name in names))
    with open_card(image) as card:
        (directory,) = [file for file in card.files() if file.path == "DCIM"]
    assert len(directory.extents) > 5
    assert set(deleted(image)) == judges.deleted_by_sleuthkit(image) == {f"DCIM/{name}" for name in names}


@pytest.mark.judge(*FAT_TOOLS)
def test_tidying_fat32_leaves_nothing_to_list(tmp_path: Path) -> None:
    image = mtools_card(tmp_path)
    with open_card(image) as card:
        before = {
            file.path: b"".join(card.volumes[0].read_file(file)) for file in card.files() if not file.is_directory
        }
    with open_card(image, writable=True) as card:
        assert scrub_deleted(card)
    assert deleted(image) == {}
    listing = judges.done("fls", "-r", "-p", "-d", image)
    assert listing == ""
    with open_card(image) as card:
        assert {
            file.path: b"".join(card.volumes[0].read_file(file)) for file in card.files() if not file.is_directory
        } == before
        assert plan_scrub(card) == (), "a second run has nothing to do"
    judges.assert_clean(image, "fat32")
    raw = image.read_bytes()
    assert b"SC_0002" not in raw
    assert b"IN_1    JPG" not in raw


def exfat_with_deleted(tmp_path: Path, cluster_bytes: int = 4096) -> ExfatBuilder:
    builder = exfat_card(tmp_path / "c.img", cluster_bytes=cluster_bytes, finish=False)
    for number in range(30):
        node = builder.add(f"DCIM/101CANON/IMG_{number:04d}.JPG", noise(9000, number), start=3000)
        if number % 3 == 0 or number > 25:
            builder.delete(node)
    builder.finish()
    return builder


@pytest.mark.judge("fls", "fsck.exfat")
def test_exfat_names_agree_with_sleuthkit_and_tidying_leaves_none(tmp_path: Path) -> None:
    builder = exfat_with_deleted(tmp_path)
    found = deleted(builder.path)
    assert set(found) == judges.deleted_by_sleuthkit(builder.path)
    assert found["DCIM/100CANON/IMG_0003.JPG"].state == "whole"
    with open_card(builder.path, writable=True) as card:
        assert scrub_deleted(card)
    assert deleted(builder.path) == {}
    assert judges.deleted_by_sleuthkit(builder.path) == set()
    judges.assert_clean(builder.path, "exfat")
    assert "IMG_0027".encode("utf-16-le") not in builder.path.read_bytes()


def test_states(tmp_path: Path) -> None:
    """Whole, partly used again, first cluster used again."""
    builder = exfat_card(tmp_path / "c.img", finish=False)
    nodes = [builder.add(f"{name}.jpg", noise(40_960), start=4000) for name in ("whole", "part", "gone")]
    for node in nodes:
        builder.delete(node)
    builder.mark(nodes[1].clusters[-1])
    builder.mark(nodes[2].clusters[0])
    builder.finish()
    found = deleted(builder.path)
    assert {name: found[f"{name}.jpg"].state for name in ("whole", "part", "gone")} == {
        "whole": "whole",
        "part": "part",
        "gone": "gone",
    }


def test_a_piece_of_a_name_is_still_a_name(tmp_path: Path) -> None:
    """The first entry of a deleted set was used again; what is left of the name is shown."""
    builder = exfat_card(tmp_path / "c.img", finish=False)
    node = builder.add("a very long name of a photograph.jpg", noise(4096))
    builder.delete(node)
    whole = builder.entry_set(node)
    builder.root.children.remove(node)
    builder.extra_root = whole[64:]
    builder.finish()
    assert any("long name" in path for path in deleted(builder.path))


def test_names_behind_the_end_mark_are_read_and_scrubbed(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", finish=False)
    node = builder.add("hidden behind.jpg", noise(4096))
    raw = builder.entry_set(node)
    builder.root.children.remove(node)
    builder.delete(node)
    builder.extra_root = bytes(64) + raw
    builder.finish()
    assert "hidden behind.jpg" in deleted(builder.path)
    with open_card(builder.path, writable=True) as card:
        scrub_deleted(card)
    assert deleted(builder.path) == {}
    assert "hidden".encode("utf-16-le") not in builder.path.read_bytes()


def test_a_swept_cluster_gets_no_hole_where_a_directory_was(tmp_path: Path) -> None:
    """Zeros amid noise would tell where a deleted directory stood, and could hit a slot."""
    builder = exfat_card(tmp_path / "c.img", finish=False)
    builder.add("OLD/IMG_0001.JPG", noise(4096))
    folder = builder.directory("OLD")
    builder.finish()
    raw = builder.path.read_bytes()
    start = builder.place(builder.root.clusters[0])
    at = start + raw[start : start + 4096].index(builder.entry_set(folder))
    with builder.path.open("r+b") as image:
        for entry in range(at, at + 96, 32):
            image.seek(entry)
            image.write(bytes([raw[entry] & 0x7F]))
        bitmap = builder.place(builder.bitmap_clusters[0])
        for cluster in (*folder.clusters, *folder.children[0].clusters):
            builder.mark(cluster, taken=False)
        image.seek(bitmap)
        image.write(builder.bitmap)
        swept = builder.place(folder.clusters[0])
    assert "OLD/IMG_0001.JPG" in deleted(builder.path)
    before = builder.path.read_bytes()
    with builder.path.open("r+b") as image:
        image.seek(swept)
        image.write(noise(4096, 77))
    with open_card(builder.path, writable=True) as card:
        scrub_deleted(card)
    assert builder.path.read_bytes()[swept : swept + 4096] == noise(4096, 77)
    builder.path.write_bytes(before)
    with open_card(builder.path, writable=True) as card:
        scrub_deleted(card)
    assert builder.path.read_bytes()[swept : swept + 4096] == bytes(4096)


def test_a_deleted_folder_whose_cluster_was_used_again_is_none(tmp_path: Path) -> None:
    """Noise and coded data have slots in them that a directory could have; what begins with "." and ".." is one."""
    path = fat_card(tmp_path / "c.img")
    with open_card(path) as card:
        volume = card.volumes[0]
        (folder,) = [file for file in volume.files() if file.path == "MISC"]
    at = folder.extents[0].offset_bytes
    set_entry(path, (at - volume.heap_offset_bytes) // volume.cluster_bytes + 2, 0)
    bend(path, path.read_bytes().index(b"MISC       "), b"\xe5")

    def inside() -> list[str]:
        with read_card(path) as card:
            return [entry.path for volume in card.volumes for entry in deleted_entries(volume) if "/" in entry.path]

    assert [name.upper() for name in inside()] == ["_ISC/EMPTY.TXT"]
    bend(path, at, path.read_bytes()[at + 64 : at + 96])
    assert not inside()
