"""Deleting and scrubbing may be stopped after any sector: every file that stays, stays whole."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cards import judges
from tests.cards.cards_made import MOMENT, bend, exfat_card, noise, plan_removal, remove_files
from tests.doubles import FailingDevice, Fails

from fifthfloor.cards.image import Card, card_on, open_card
from fifthfloor.cards.opening import open_path
from fifthfloor.cards.remove import (
    lost_extents,
    plan_reclaim,
    plan_scrub,
    reclaim_lost,
    scrub_deleted,
)
from fifthfloor.cards.sector_plan import SectorWrite, Stages, execute
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

Contents = dict[str, bytes]


def contents(card: Card) -> Contents:
    return {
        f"{index}:{file.path}": b"".join(volume.read_file(file))
        for index, volume in enumerate(card.volumes)
        for file in volume.files()
        if not file.is_directory
    }


def fat_with_names_across_sectors(path: Path, copies: int = 2) -> Path:
    """Long names of many lengths, so that the entries of some lie in two sectors."""
    format_fat32(path, 36_000_000, label="CARD", partitioned=False)
    with FatWriter(path) as writer:
        for number in range(40):
            name = f"IMG_{number:04d}.JPG" if number % 4 == 0 else f"a photograph {'x' * (number % 29)} {number}.jpg"
            writer.add_file(f"DCIM/100CANON/{name}", noise(700 * number + 1, number), MOMENT)
    assert copies == 2
    return path


def exfat_with_names_across_sectors(path: Path) -> Path:
    builder = exfat_card(path, cluster_bytes=4096, finish=False)
    for number in range(40):
        name = f"IMG_{number:04d}.JPG" if number % 4 == 0 else f"a photograph {'x' * (number % 29)} {number}.jpg"
        builder.add(f"DCIM/100CANON/{name}", noise(9000, number), stride=1 + number % 2)
    builder.finish()
    return path


MADE: dict[str, Callable[[Path], Path]] = {
    "fat32": fat_with_names_across_sectors,
    "exfat": exfat_with_names_across_sectors,
}


def chosen(card: Card) -> list[str]:
    files = [file.path for file in card.files() if not file.is_directory and "100CANON" in file.path]
    return files[1::2]


def stopped_states(plan: Stages, seed: int) -> Iterator[list[SectorWrite]]:
    """What may be on the card after a stop: whole stages, then any part of the next in any order."""
    chance = random.Random(seed)
    before: list[SectorWrite] = []
    for stage in plan:
        for count in range(len(stage) + 1):
            yield [*before, *stage[:count]]
            yield [*before, *chance.sample(stage, count)]
        before += stage


FSCK = {"fat32": "fsck.fat", "exfat": "fsck.exfat"}
# Lost clusters, a piece of a name that belongs to nobody, tables not yet equal, a hint not yet right: no file harmed.
HARMLESS = {
    "fat32": r"^(fsck\.fat |/.* files, |Leaving |Auto-|Free cluster summary|Reclaimed|FATs differ but appear|"
    r"Using first|Orphaned long file name part)",
    "exfat": r"^exfatprogs |: clean\. |unknown entry type 0xc[01] ",
}


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("file_system", MADE)
def test_a_deletion_may_be_stopped_after_any_sector(tmp_path: Path, file_system: str) -> None:
    path = MADE[file_system](tmp_path / "c.img")
    with open_card(path) as card:
        plan, paths, before = plan_removal(card, chosen(card)), chosen(card), contents(card)
    assert len(plan) >= 4
    kept = {name: data for name, data in before.items() if name[2:] not in paths}
    untouched = path.read_bytes()
    seen = 0
    for number, writes in enumerate(stopped_states(plan, 7)):
        for write in writes:
            bend(path, write.offset_bytes, write.data)
        with open_card(path, writable=True, mending=True) as card:
            now = contents(card)
            assert {name: now[name] for name in kept} == kept
            # What is to go is there whole, or gone; a name may have lost its long form for a moment.
            gone = [data for name, data in now.items() if name not in kept]
            assert all(data in before.values() for data in gone)
            if number % 5 == 0:
                reclaim_lost(card)
        if number % 5 == 0:
            with open_card(path, writable=True) as card:
                assert lost_extents(card.volumes[0]).size == 0
                assert {name: now[name] for name in kept} == kept
                remove_files(card, [file.path for file in card.files() if file.path in paths])
            with open_card(path, writable=True) as card:
                scrub_deleted(card)
            if number % 50 == 0:
                judges.assert_clean(path, file_system)
        for write in writes:
            bend(path, write.offset_bytes, untouched[write.offset_bytes : write.offset_bytes + len(write.data)])
        if number % 5 == 0:
            path.write_bytes(untouched)
        seen += 1
    assert seen > 30


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("file_system", MADE)
def test_fsck_finds_nothing_worse_than_lost_clusters_after_a_stop(tmp_path: Path, file_system: str) -> None:
    path = MADE[file_system](tmp_path / "c.img")
    with open_card(path) as card:
        plan = plan_removal(card, chosen(card))
    done: list[SectorWrite] = []
    for stage in plan:
        for write in stage:
            bend(path, write.offset_bytes, write.data)
            done.append(write)
            if len(done) % 4:
                continue
            result = judges.run(FSCK[file_system], "-n", path)
            said = [line.strip() for line in (result.stdout + result.stderr).splitlines()]
            worse = [line for line in said if line and not re.search(HARMLESS[file_system], line)]
            assert worse == [], said
    judges.assert_clean(path, file_system)


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("file_system", MADE)
def test_deleting_frees_the_clusters_and_leaves_no_name(tmp_path: Path, file_system: str) -> None:
    path = MADE[file_system](tmp_path / "c.img")
    with open_card(path, writable=True) as card:
        paths, before, free = chosen(card), contents(card), int(card.free[:, 1].sum())
        clusters = sum(e.length_bytes for f in card.files() if f.path in paths for e in f.extents)
        assert remove_files(card, paths) > 4
    with open_card(path) as card:
        assert contents(card) == {name: data for name, data in before.items() if name[2:] not in paths}
        assert int(card.free[:, 1].sum()) == free + clusters
        facts = card.volumes[0].facts
        assert facts.free_clusters_hint in (None, card.free[:, 1].sum() // card.volumes[0].cluster_bytes)
    raw = path.read_bytes()
    for name in paths:
        last = name.rpartition("/")[2]
        assert last.encode("utf-16-le") not in raw
        assert last.replace(".", "").encode() not in raw
    judges.assert_clean(path, file_system)


@pytest.mark.judge("mdel")
@pytest.mark.parametrize("file_system", MADE)
def test_scrubbing_may_be_stopped_after_any_sector(tmp_path: Path, file_system: str) -> None:
    path = MADE[file_system](tmp_path / "c.img")
    if file_system == "fat32":
        judges.run("mdel", "-i", path, "::DCIM/100CANON/a*", "::DCIM/100CANON/IMG_0004.JPG")
    else:
        with open_card(path, writable=True) as card:
            remove_files(card, chosen(card))
    with open_card(path) as card:
        plan, before = plan_scrub(card), contents(card)
    assert plan
    untouched = path.read_bytes()
    for writes in stopped_states(plan, 3):
        for write in writes:
            bend(path, write.offset_bytes, write.data)
        with open_card(path) as card:
            assert contents(card) == before
        for write in writes:
            bend(path, write.offset_bytes, untouched[write.offset_bytes : write.offset_bytes + len(write.data)])


@pytest.mark.parametrize("name", ["nothing.jpg", "DCIM", ""])
def test_what_is_not_a_file_is_not_deleted(tmp_path: Path, name: str) -> None:
    path = fat_with_names_across_sectors(tmp_path / "c.img")
    before = path.read_bytes()
    with open_card(path, writable=True) as card, pytest.raises(BadInput) as caught:
        remove_files(card, ["DCIM/100CANON/IMG_0000.JPG", name])
    assert caught.value.key == "cards.not_removable_file"
    assert path.read_bytes() == before


def test_tables_that_differ_otherwise_stay_refused(tmp_path: Path) -> None:
    path = fat_with_names_across_sectors(tmp_path / "c.img")
    with open_card(path) as card:
        volume = card.volumes[0]
        photo = next(file for file in card.files() if file.path.endswith("39.jpg"))
        cluster = (photo.extents[0].offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes + 2
    mirror = path.read_bytes().index(b"\xf8\xff\xff\x0f\xff\xff\xff\x0f", 20_000)
    bend(path, mirror + cluster * 4, bytes(4))
    with pytest.raises(BadInput) as caught:
        open_card(path, mending=True)
    assert caught.value.key == "cards.mirrors_differ"


def test_a_card_that_loses_writes_is_noticed(tmp_path: Path) -> None:
    path = fat_with_names_across_sectors(tmp_path / "c.img")
    device = FailingDevice(open_path(path, writable=True, serial=None)[0])
    with device:
        card = card_on(device)
        plan = plan_removal(card, chosen(card))
        device.faults = (Fails(device.calls, "drop", lasting=True),)
        with pytest.raises(BadInput) as caught:
            execute(device, plan)
    assert caught.value.key == "cards.writes_lost"


def test_every_call_may_fail_and_running_again_succeeds(tmp_path: Path) -> None:
    path = fat_with_names_across_sectors(tmp_path / "c.img")
    untouched = path.read_bytes()
    with open_card(path) as card:
        paths, before = chosen(card), contents(card)
    kept = {name: data for name, data in before.items() if name[2:] not in paths}
    for number in range(0, 400, 3):
        device = FailingDevice(open_path(path, writable=True, serial=None)[0])
        with device:
            plan = plan_removal(card_on(device), paths)
            device.faults = (Fails(device.calls + number, "gone"),)
            try:
                execute(device, plan)
                break
            except FifthFloorError:
                pass
        with open_card(path, writable=True, mending=True) as card:
            assert {name: contents(card)[name] for name in kept} == kept
            reclaim_lost(card)
        with open_card(path, writable=True) as card:
            remove_files(card, [file.path for file in card.files() if file.path in paths])
        with open_card(path) as card:
            assert contents(card).keys() >= kept.keys()
            assert plan_reclaim(card) == ()
        path.write_bytes(untouched)
    assert number > 20
