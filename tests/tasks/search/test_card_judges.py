"""Deleted names against Sleuth Kit, carving against PhotoRec, on cards that outside tools made."""

from __future__ import annotations

import io
import random
import shutil
from pathlib import Path

import pytest
from PIL import Image
from tests.audit import judged
from tests.audit.made import MOMENT, camera_card, film, heic, raw
from tests.cards import judges
from tests.cards.loops import attached, mounted_exfat

from fifthfloor.audit.card import audit_card
from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import Card, open_card
from fifthfloor.errors import NothingFound
from fifthfloor.tasks.search.recover import recover
from fifthfloor.tasks.search.tidy import tidy
from fifthfloor_theatre.cards.format import FatWriter, delete_like_a_camera


def exfat_image(place: Path) -> Path:
    image = place / "ex.img"
    with image.open("wb") as file:
        file.truncate(judged.CARD_MIB << 20)
    judges.done("mkfs.exfat", "-L", "EOS_DIGITAL", "-c", "32K", image)
    with attached(image) as loop, mounted_exfat(loop, place / "mnt") as mounted:
        judged.exfat_card(place, mounted)
    return image


def free_space(card: Card) -> FreeSpace:
    return FreeSpace(card.device, [(int(offset), int(length)) for offset, length in card.free])


def deleted_files(card: Card) -> set[str]:
    return {entry.path.rpartition("/")[2] for entry in audit_card(card).deleted}


@pytest.mark.judge("mkfs.fat", "mcopy", "fls")
def test_deleted_names_on_fat32_are_those_of_sleuth_kit(tmp_path: Path) -> None:
    image = judged.fat_card(tmp_path)
    theirs = {path.rpartition("/")[2] for path in judged.deleted_by_fls(image)}
    with open_card(image) as card:
        ours = deleted_files(card)
    assert len(theirs) >= 12, theirs
    assert ours == theirs


@pytest.mark.kernel
@pytest.mark.judge("losetup", "mkfs.exfat", "mount.exfat-fuse", "fls")
def test_deleted_names_on_exfat_are_those_of_sleuth_kit(tmp_path: Path) -> None:
    image = exfat_image(tmp_path)
    theirs = judged.deleted_by_fls(image)
    with open_card(image) as card:
        ours = {entry.path for entry in audit_card(card).deleted}
    assert len(theirs) == 3, theirs
    assert ours == theirs


@pytest.mark.kernel
@pytest.mark.judge("losetup", "mkfs.exfat", "mount.exfat-fuse", "fls")
def test_deleted_names_on_exfat_across_pieces_of_a_directory(tmp_path: Path) -> None:
    image = tmp_path / "ex.img"
    with image.open("wb") as file:
        file.truncate(24 << 20)
    judges.done("mkfs.exfat", "-c", "512", image)
    with attached(image) as loop, mounted_exfat(loop, tmp_path / "mnt") as mounted:
        (mounted / "DCIM").mkdir()
        names = [f"{'y' * (number % 31)} photograph {number}.jpg" for number in range(40)]
        for name in names:
            (mounted / "DCIM" / name).write_bytes(b"x" * 3000)
        for name in names[1:-1:2]:
            (mounted / "DCIM" / name).unlink()
    with open_card(image) as card:
        (directory,) = [file for file in card.files() if file.path == "DCIM"]
        ours = {entry.path for entry in audit_card(card).deleted}
    assert len(directory.extents) > 3
    assert ours == judged.deleted_by_fls(image)


def check_against_tsk_recover(image: Path, place: Path, least: int) -> None:
    """Where all clusters are free, what we bring back by name is byte for byte what Sleuth Kit brings back."""
    judges.done("tsk_recover", image, place / "tsk")
    theirs = {file.name.lstrip("_"): file.read_bytes() for file in (place / "tsk").rglob("*") if file.is_file()}
    compared = 0
    for file in recover(image, place / "out").files:
        if file.name and file.whole:
            known = theirs.get(file.name.lstrip("_"))
            if known is not None:
                assert file.path.read_bytes() == known, file.name
                compared += 1
    assert compared >= least, compared


@pytest.mark.judge("mkfs.fat", "mcopy", "tsk_recover")
def test_undeleted_bytes_on_fat32_are_those_of_sleuth_kit(tmp_path: Path) -> None:
    check_against_tsk_recover(judged.fat_card(tmp_path), tmp_path, 4)


@pytest.mark.kernel
@pytest.mark.judge("losetup", "mkfs.exfat", "mount.exfat-fuse", "tsk_recover")
def test_undeleted_bytes_on_exfat_are_those_of_sleuth_kit(tmp_path: Path) -> None:
    check_against_tsk_recover(exfat_image(tmp_path), tmp_path, 3)


@pytest.mark.judge("mkfs.fat", "mcopy", "photorec")
def test_carved_starts_include_those_of_photorec(tmp_path: Path) -> None:
    image = judged.fat_card(tmp_path)
    theirs = judged.carved_by_photorec(image, tmp_path, "jpg")
    with open_card(image) as card:
        space = free_space(card)
        ours = {item.offset_bytes: space.read(item.start, item.found.length_bytes) for item in carve(space)}
    assert len(theirs) >= 10
    assert set(theirs) <= set(ours)
    same = sum(ours[start] == data for start, data in theirs.items())
    assert same >= 0.99 * len(theirs), [(s, len(theirs[s]), len(ours[s])) for s in theirs if ours[s] != theirs[s]]
    for start in set(ours) - set(theirs):
        Image.open(io.BytesIO(ours[start])).load()


@pytest.mark.judge("photorec")
def test_raw_film_and_heic_starts_include_those_of_photorec(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 2)
    made = {"A.NEF": raw(1), "B.CR2": raw(2, "Canon"), "C.MOV": film(3), "D.MP4": film(4, b"isom"), "E.HEI": heic(5)}
    with FatWriter(image) as writer:
        for name, data in made.items():
            writer.add_file(f"DCIM/200OTHER/{name}", data, MOMENT)
    for name in made:
        delete_like_a_camera(image, f"DCIM/200OTHER/{name}")
    theirs = judged.carved_by_photorec(image, tmp_path, "tif", "mov")
    with open_card(image) as card:
        ours = {item.offset_bytes: item.found for item in carve(free_space(card))}
    assert theirs
    assert set(theirs) <= set(ours)
    assert len(ours) == len(made)
    assert sorted(found.length_bytes for found in ours.values()) == sorted(len(data) for data in made.values())


@pytest.mark.judge("fls", "fsck.fat", "mkfs.fat", "mcopy")
def test_tidy_leaves_sleuth_kit_nothing_but_the_earlier_roll(tmp_path: Path) -> None:
    image = judged.fat_card(tmp_path)
    with open_card(image) as card:
        before = {f.path: b"".join(v.read_file(f)) for v in card.volumes for f in v.files() if not f.is_directory}
    done = tidy(image)
    assert done.names >= 4
    with open_card(image) as card:
        after = {f.path: b"".join(v.read_file(f)) for v in card.volumes for f in v.files() if not f.is_directory}
    assert after == before
    judges.assert_clean(image, "fat32")
    left = judges.done("fls", "-r", "-d", "-p", image).splitlines()
    assert [line for line in left if "$OrphanFiles" not in line] == []
    assert tidy(image).sectors == 0


@pytest.mark.kernel
@pytest.mark.judge("losetup", "mkfs.exfat", "mount.exfat-fuse", "fls", "fsck.exfat")
def test_tidy_of_exfat_leaves_sleuth_kit_nothing(tmp_path: Path) -> None:
    image = exfat_image(tmp_path)
    assert tidy(image).names == 3
    judges.assert_clean(image, "exfat")
    assert judged.deleted_by_fls(image) == set()


@pytest.mark.judge("photorec")
def test_a_swept_card_gives_neither_photorec_nor_us_anything(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 6, delete=(2, 3))
    with open_card(image, writable=True) as card:
        writer = FreeWriter(card)
        for offset, length in card.free.tolist():
            writer.write(offset, random.Random(offset).randbytes(length))
        writer.flush()
    assert judged.carved_by_photorec(image, tmp_path, "jpg") == {}
    shutil.rmtree(tmp_path / "photorec")
    with pytest.raises(NothingFound) as caught:
        recover(image, tmp_path / "out")
    assert caught.value.key == "recover.nothing"
    assert not (tmp_path / "out").exists()
