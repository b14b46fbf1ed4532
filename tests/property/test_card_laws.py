"""Laws of the card layer: what is written comes back, and the quick walk finds what the plain one finds."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthfloor.cards.chains import Chains
from fifthfloor.cards.exfat_entries import set_checksum, set_checksums
from fifthfloor.cards.extents import Extent, merged, on_device, runs_of
from fifthfloor.cards.fat32 import FAT32_BAD, FAT32_END_OF_CHAIN
from fifthfloor.cards.fat_boot import read_fsinfo, read_geometry
from fifthfloor.cards.fat_entries import ENTRY_BYTES, records, short_checksum, unpack_time
from fifthfloor.errors import BadInput
from fifthfloor_theatre.cards.boot_packing import fitting_cluster_bytes, pack_boot, pack_fsinfo, plan
from fifthfloor_theatre.cards.fat_writer import runs_from
from fifthfloor_theatre.cards.record_packing import pack_record, pack_short, pack_time

MOMENT = datetime(2026, 2, 3, 4, 5, 6)


@given(st.lists(st.booleans(), max_size=300))
def test_runs_are_the_mask(mask: list[bool]) -> None:
    runs = runs_of(np.array(mask, np.bool_))
    back = np.zeros(len(mask), np.bool_)
    end = -1
    for start, length in runs.tolist():
        assert length > 0
        assert start > end, "rising, not touching"
        back[start : start + length] = True
        end = start + length
    assert back.tolist() == mask


@given(st.lists(st.integers(2, 60), max_size=80))
def test_runs_of_clusters_keep_their_order(clusters: list[int]) -> None:
    assert [first + step for first, count in runs_from(clusters) for step in range(count)] == clusters


@given(st.lists(st.tuples(st.integers(2, 1000), st.integers(1, 50)), max_size=20), st.integers(0, 1 << 30))
def test_clusters_and_bytes_are_inverse(runs: list[tuple[int, int]], heap: int) -> None:
    cluster = 4096
    extents = on_device(runs, heap, cluster)
    assert [((e.offset_bytes - heap) // cluster + 2, e.length_bytes // cluster) for e in extents] == runs
    assert on_device([(2, 1)], heap, cluster) == (Extent(heap, cluster),)


@given(st.lists(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 9)), max_size=6), max_size=4))
def test_merged_extents_rise(parts: list[list[tuple[int, int]]]) -> None:
    arrays = [np.array(part, np.int64).reshape(-1, 2) for part in parts]
    joined = merged(arrays)
    assert sorted(map(tuple, joined.tolist()), key=lambda row: row[0]) == [tuple(row) for row in joined.tolist()]
    assert len(joined) == sum(len(part) for part in parts)


def plain_walk(entries: list[int], first: int) -> list[int] | None:
    """A step at a time; None where the chain is not one."""
    seen: list[int] = []
    at = first
    while True:
        if not 2 <= at < len(entries) or at in seen or entries[at] == 0:
            return None
        seen.append(at)
        if entries[at] >= FAT32_END_OF_CHAIN:
            return seen
        at = entries[at]


# Mostly straight on, as on a card, so that runs are long enough for the windows of the quick walk.
steps = st.sampled_from(["on", "on", "on", "on", "on", "end", "free", "bad", "back", "jump", "out"])


@given(st.lists(steps, min_size=1, max_size=400), st.integers(0, 500), st.integers(1, 400))
def test_the_quick_walk_finds_what_the_plain_one_finds(kinds: list[str], first: int, jump: int) -> None:
    entries = [0x0FFFFFF8, 0x0FFFFFFF]
    for at, kind in enumerate(kinds, start=2):
        value = {
            "on": at + 1,
            "end": 0x0FFFFFFF,
            "free": 0,
            "bad": FAT32_BAD,
            "back": max(2, at - jump),
            "out": 0x0FFFFF00,
        }
        entries.append(value.get(kind, 2 + (at * jump) % len(kinds)))
    table = np.array(entries, np.uint32)
    chains = Chains("here", table, table[2:] != 0, FAT32_END_OF_CHAIN, FAT32_BAD)
    expected = plain_walk(entries, first)
    try:
        found = [cluster + step for cluster, count in chains.follow(first, "file") for step in range(count)]
    except BadInput:
        assert expected is None
    else:
        assert found == expected
        assert not chains.lost()[np.array(found) - 2].any()


@given(st.integers(70_000, 1 << 22), st.sampled_from([512, 1024, 4096, 32768]), st.sampled_from([512, 4096]))
def test_boot_sectors_come_back(clusters: int, cluster: int, sector: int) -> None:
    cluster = max(cluster, sector)
    made = (
        plan(1 << 20, clusters * cluster, sector, cluster, 0x1234, "CARD") if clusters * cluster > 300 << 20 else None
    )
    if made is None:
        return
    boot = pack_boot(made)
    assert len(boot) == sector
    assert read_geometry(boot[:512], "here", 1 << 20, clusters * cluster) == made
    assert read_fsinfo(pack_fsinfo(5, 9, sector)) == (5, 9)
    assert read_fsinfo(pack_fsinfo(0xFFFFFFFF, 0xFFFFFFFF, sector)) == (None, None)


@given(st.integers(40_000_000, 1 << 42), st.sampled_from([512, 4096]))
def test_a_fitting_cluster_fits(length: int, sector: int) -> None:
    if sector == 4096 and length < 300_000_000:
        return
    cluster = fitting_cluster_bytes(length, sector)
    if length // cluster < 1 << 26:
        assert plan(0, length, sector, cluster, 1, "X").cluster_count >= 65525


names = st.text(st.characters(codec="utf-16-le", exclude_characters="/\0"), min_size=1, max_size=40).filter(
    lambda name: name not in (".", "..") and len(name.encode("utf-16-le")) <= 510 and name.strip(" .") != ""
)


@settings(max_examples=30)
@given(st.lists(names, min_size=1, max_size=5, unique=True), st.integers(0, 0x0FFFFFFF), st.integers(0, 0xFFFFFFFF))
def test_directory_entries_come_back(wanted: list[str], cluster: int, size: int) -> None:
    taken: set[bytes] = set()
    packed = b""
    for name in wanted:
        short = pack_short(name, taken)
        taken.add(short)
        packed += pack_record(name, short, 0x20, cluster, size, MOMENT)
    slots = [(at, packed[at : at + ENTRY_BYTES]) for at in range(0, len(packed), ENTRY_BYTES)]
    found = list(records(slots))
    assert [record.name for record in found] == wanted
    assert {(r.first_cluster, r.size_bytes, r.modified) for r in found} == {(cluster, size, MOMENT)}
    assert [offset for record in found for offset in record.offsets_bytes] == [at for at, _ in slots]
    assert len(taken) == len(wanted)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2107, 12, 31)))
def test_times_come_back_to_two_seconds(moment: datetime) -> None:
    back = unpack_time(*pack_time(moment))
    assert back is not None
    assert 0 <= (moment - back).total_seconds() < 2


@given(st.lists(st.binary(min_size=96, max_size=96), max_size=100))
def test_checksums_of_many_sets_are_those_of_each(sets: list[bytes]) -> None:
    assert set_checksums(sets) == [set_checksum(raw) for raw in sets]


@given(st.binary(min_size=11, max_size=11))
def test_short_checksums_by_the_specifications_words(name: bytes) -> None:
    """Rotate right, add, keep eight bits; written out bit by bit."""
    total = 0
    for byte in name:
        bits = f"{total:08b}"
        total = (int(bits[-1] + bits[:-1], 2) + byte) % 256
    assert short_checksum(name) == total
