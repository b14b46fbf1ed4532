"""`tools/rescue.py` looks for capsules where we do, wherever on the card its volumes are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cards.cards_made import bend
from tests.cards.test_partitions import MIB, card, gpt, mbr

from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.carriers.capsules import capsule_places
from tools import rescue

SIZE = 100 * MIB
FAR, FARTHER = 70, 84  # MiB: behind the 64 MiB in which one without a table looks for a boot sector


def small(sector: int, *starts: int) -> list[tuple[int, int]]:
    """First and last sector of partitions of 8 MiB."""
    return [(start * MIB // sector, (start + 8) * MIB // sector - 1) for start in starts]


@pytest.mark.parametrize("table", ["mbr", "mbr of 4096", "logical", "gpt", "gpt of 4096", "second gpt", "none"])
def test_it_tries_every_place_that_we_try(table: str, tmp_path: Path) -> None:
    path, sector = tmp_path / "c.img", 4096 if "4096" in table else 512
    rows = small(sector, FAR, FARTHER)
    known = gpt(sector, rows, SIZE) if "gpt" in table else mbr(*((7, first, 8 * MIB // sector) for first, _ in rows))
    starts = [20, 40] if table == "none" else [FAR, FARTHER]
    if table == "logical":
        known = mbr((5, 68 * MIB // 512, 40 * MIB // 512))
    card(path, known, [start * MIB for start in starts], sector=sector, size=SIZE)
    if table == "logical":
        bend(path, 68 * MIB, mbr((7, 2 * MIB // 512, 16384), (5, 12 * MIB // 512, 20 * MIB // 512)))
        bend(path, 80 * MIB, mbr((7, 4 * MIB // 512, 16384)))
    if table == "second gpt":
        bend(path, SIZE - 512, known[512:1024])
        bend(path, 2 * MIB, known[1024:])
        bend(path, SIZE - 512 + 72, (2 * MIB // 512).to_bytes(8, "little"))
        bend(path, 512, bytes(512))
    if table == "none":
        bend(path, 0, bytes(512))
    with path.open("rb") as image:
        theirs = rescue.capsule_places(image)
    heaps = [rescue_heap(path, start * MIB) for start in starts]
    assert heaps == [at for at in heaps if at in theirs]
    if table != "second gpt":  # which has no checksum here, so that we do not believe it
        with open_raw_to_read(path) as device:
            ours = capsule_places(device)
        assert ours[0] == heaps[0]
        assert set(ours) <= set(theirs)


def rescue_heap(path: Path, start: int) -> int:
    """The first cluster of an exFAT volume, by its boot sector."""
    boot = path.read_bytes()[start : start + 512]
    return start + (int.from_bytes(boot[88:92], "little") << boot[108])
