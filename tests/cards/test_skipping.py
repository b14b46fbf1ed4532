"""A sector that cannot be read costs that sector: the others are read, and what was skipped is listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.audit.made import film, photograph
from tests.cards.exfat_builder import ExfatBuilder
from tests.doubles import FailingDevice, memory_device

from fifthfloor.audit.card import audit_card
from fifthfloor.audit.report import Unchecked
from fifthfloor.cards.image import Card
from fifthfloor.cards.opening import open_path
from fifthfloor.cards.reading import read_card_on
from fifthfloor.cards.skipping import COARSE_BYTES, MAX_FAILURES, SkippingDevice
from fifthfloor.tasks.search import recover as recovering
from fifthfloor.tasks.search import targets
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover

SECTOR = 512


def device(bad: set[int], size: int = 1 << 20) -> tuple[SkippingDevice, bytes]:
    data = bytes(range(256)) * (size // 256)
    return SkippingDevice(FailingDevice(memory_device(data), bad_sectors=frozenset(bad))), data


@pytest.mark.parametrize("bad", [{0}, {5}, {5, 6, 7}, {100, 200}, {2047}])
def test_only_what_cannot_be_read_is_zeros(bad: set[int]) -> None:
    skipping, data = device(bad)
    expected = bytearray(data)
    for sector in bad:
        expected[sector * SECTOR : (sector + 1) * SECTOR] = bytes(SECTOR)
    assert skipping.read(0, len(data)) == bytes(expected)
    buffer = bytearray(3000)
    skipping.read_into(1000, memoryview(buffer))
    assert bytes(buffer) == bytes(expected[1000:4000])
    assert sum(length for _, length in skipping.unreadable) == SECTOR * len(bad)
    skipping.close()


def test_reads_that_begin_anywhere(tmp_path: Path) -> None:
    skipping, data = device({5})
    assert skipping.read(5 * SECTOR - 7, 9) == data[5 * SECTOR - 7 : 5 * SECTOR] + bytes(2)
    assert skipping.unreadable[0][0] >= 5 * SECTOR - 7
    assert tmp_path.exists()
    with pytest.raises(ValueError, match="never written"):
        skipping.write(0, b"x")
    with pytest.raises(ValueError, match="never written"):
        skipping.flush()


def test_a_dead_stretch_is_given_up_in_large_pieces() -> None:
    """Each failure may take a reader seconds: after very many the rest is skipped coarsely."""
    size = 4 << 20
    skipping, _ = device(set(range(size // SECTOR)), size)
    skipping._failures = MAX_FAILURES
    assert skipping.read(0, size) == bytes(size)
    assert skipping._failures - MAX_FAILURES < 4 * size // COARSE_BYTES
    assert skipping.unreadable == ((0, size),)


@pytest.fixture
def card(tmp_path: Path) -> ExfatBuilder:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=32768)
    gone = [builder.add(f"DCIM/100CANON/IMG_{n:04d}.JPG", photograph(n), start=100 * n) for n in range(1, 6)]
    for node in gone:
        builder.delete(node)
    builder.finish()
    return builder


def put_bad_sectors(monkeypatch: pytest.MonkeyPatch, place: int) -> Callable[[Path], Card]:
    """Let `recover` read a card two sectors of which cannot be read."""

    def bad(path: Path) -> Card:
        opened, facts = open_path(path, writable=False, serial=None)
        sectors = frozenset(range(place // SECTOR, place // SECTOR + 2))
        return read_card_on(SkippingDevice(FailingDevice(opened, bad_sectors=sectors)), facts)

    monkeypatch.setattr(recovering, "read_card", bad)
    return bad


def test_a_film_is_not_whole_where_only_its_data_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No structure tells: all boxes stand where they did."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=32768)
    builder.delete(builder.add("DCIM/100CANON/MVI_0001.MOV", film(1), start=100))
    builder.finish()
    put_bad_sectors(monkeypatch, builder.place(100) + 65536)
    for dry_run in (True, False):
        assert [file.whole for file in recover(builder.path, tmp_path / "out", dry_run=dry_run).files] == [False]


def test_an_unreadable_beginning_costs_itself(
    card: ExfatBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = put_bad_sectors(monkeypatch, card.place(300))
    found = recover(card.path, tmp_path / "out")
    (hurt,) = (file for file in found.files if not file.whole)
    assert "IMG_0003" in hurt.name
    assert hurt.path.read_bytes() == bytes(2 * SECTOR) + photograph(3)[2 * SECTOR :]
    assert found.overwritten == 0
    with bad(card.path) as again:
        (named,) = (item for item in audit_card(again).findings if item.kind == "card.deleted")
    assert (named.facts["whole"], named.facts["part"], named.facts["gone"]) == (4, 1, 0)


@pytest.mark.parametrize("where", ["free space", "one photograph", "root directory", "table", "boot sector"])
def test_the_other_photographs_come_back(
    where: str, card: ExfatBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {
        "free space": card.place(700),
        "one photograph": card.place(300) + 16384,
        "root directory": card.place(card.root.clusters[0]) + 512,
        "table": 24 * SECTOR + 4 * 600,
        "boot sector": 0,
    }[where]

    bad = put_bad_sectors(monkeypatch, place)
    found = recover(card.path, tmp_path / "out")
    whole = {file.path.read_bytes() for file in found.files if file.whole}
    hurt = {photograph(3)} if where == "one photograph" else set()
    assert whole == {photograph(number) for number in range(1, 6)} - hurt
    assert found.unreadable_bytes == 2 * SECTOR
    assert found.unreadable == ((place // SECTOR * SECTOR, 2 * SECTOR),)
    assert [file.whole for file in found.files if "IMG_0003" in file.path.name] in ([True], [not hurt], [])
    with bad(card.path) as again:
        searched = audit_card(again)
    assert [item.found.whole for item in searched.carved] == [photograph(n) not in hurt for n in range(1, 6)]
    if where != "root directory":
        (named,) = (item for item in searched.findings if item.kind == "card.deleted")
        assert (named.facts["whole"], named.facts["part"]) == (5 - len(hurt), len(hurt)), "by the rule of recover"
    monkeypatch.setattr(targets, "read_card", bad)
    report = audit([card.path], None).report
    assert Unchecked("sectors", 2 * SECTOR) in report.unchecked, "counted, whatever else was found"
