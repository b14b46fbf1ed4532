"""The floor at its edges: one shard a carrier, several groups, whole stretches, archives of every length."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tests.tasks.memory_cards import bare_volume
from tools.vectors.build import CONTENT_KEY, chance, keys

from fifthfloor.carriers import free_space
from fifthfloor.carriers.free_space import STRETCH_BYTES, lay_out
from fifthfloor.errors import BadInput
from fifthfloor.floor.again import Again, Sealer, batch_marks
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.odds import PROMISED_ODDS, all_lost, survivors
from fifthfloor.floor.plan import Plan, Room, TooLittle, largest_overwrite, make_plan, places_hit
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import (
    Digests,
    Entry,
    Unpacked,
    archive_bytes,
    check_name,
    cut,
    opener,
    pack,
    unpack,
)

SLOT = 16_384


def rooms(*places: int) -> list[Room]:
    return [Room(n, n * SLOT) for n in places]


def test_one_shard_a_carrier_is_a_plan_and_none_is_not() -> None:
    """Without damage K + 6 shards are enough (100^-7 is below 2^-40): seven carriers of one shard for K = 1."""
    plan = make_plan(rooms(*[10] * 7), 1, 0, 0.0)
    assert isinstance(plan, Plan)
    assert (plan.shards, plan.threshold) == ((1,) * 7, 7)
    assert plan.odds == pytest.approx(1e-14)
    assert isinstance(make_plan(rooms(*[10] * 7, 0), 1, 0, 0.0), TooLittle), "a carrier without a shard has no share"
    lost = make_plan(rooms(*[10] * 7, 0), 1, 7, 0.0)
    assert isinstance(lost, TooLittle), "the one that is left may be the empty one"


def test_the_share_of_each_carrier_is_within_the_odds() -> None:
    """Where every carrier is needed and the archive is small, it is the shares that decide how many slots there are."""
    for lose, carriers in ((0, 3), (1, 3)):
        plan = make_plan(rooms(*[400] * carriers), 1, lose, 0.2)
        assert isinstance(plan, Plan)
        hit = places_hit(Room(400, 400 * SLOT), 0.2)
        share = (carriers - lose) * all_lost(400, hit, plan.shards[0])
        assert share <= PROMISED_ODDS < (carriers - lose) * all_lost(400, hit, plan.shards[0] - 1)
        assert plan.odds == pytest.approx(share, rel=0.01)


def test_the_largest_overwriting_of_several_groups() -> None:
    found = largest_overwrite(rooms(9000), 4000, 0)
    assert found is not None
    assert isinstance(make_plan(rooms(9000), 4000, 0, found / 100), Plan)
    assert isinstance(make_plan(rooms(9000), 4000, 0, (found + 1) / 100), TooLittle)
    assert largest_overwrite(rooms(3216), 3201, 0) == 0
    assert largest_overwrite(rooms(3200), 3201, 0) is None


def test_no_damage_hits_no_place_and_all_of_it_all() -> None:
    room = Room(1000, 1000 * SLOT)
    assert places_hit(room, 0) == 0
    assert places_hit(room, 1e-9) == 3
    assert places_hit(room, SLOT / room.free_bytes) == 3
    assert places_hit(room, 0.9999) == 1000
    assert survivors(10, 12, 4).first == 0
    assert survivors(10, 0, 4).first == 4


@pytest.mark.parametrize(
    ("heap", "free", "writes", "ends"),
    [(0, [(0, 1)], [(0, 1)], [1]), (0, [(0, 2)], [(0, 1), (1, 1)], [1, 2]), (0, [(0.5, 0.5)], [(0.5, 0.5)], [1]),
     (0, [(0.5, 1)], [(0.5, 0.5), (1, 0.5)], [1, 2]), (0, [(0, 0.25), (0.5, 0.5)], [(0, 0.25), (0.5, 0.5)], [2]),
     (0.25, [(0.25, 1)], [(0.25, 1)], [1]), (0.25, [(0.25, 0.5), (1.25, 0.25)], [(0.25, 0.5), (1.25, 0.25)], [1, 2]),
     (0, [(1, 2), (3.5, 0.5)], [(1, 1), (2, 1), (3.5, 0.5)], [1, 2, 3]), (0, [], [], [])],
)  # fmt: skip
def test_whole_stretches(
    heap: float,
    free: list[tuple[float, float]],
    writes: list[tuple[float, float]],
    ends: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Offsets and lengths in stretches of 4 MiB, which are those of large cards."""
    monkeypatch.setattr(free_space, "stretch_of", lambda _free_bytes: STRETCH_BYTES)
    scale = STRETCH_BYTES
    extents = (np.array(free, np.float64).reshape(-1, 2) * scale).astype(np.int64)
    layout = lay_out([bare_volume(int(heap * scale), extents)])
    assert layout.writes.tolist() == [[int(offset * scale), int(length * scale)] for offset, length in writes]
    assert layout.piece_ends.tolist() == ends
    assert layout.free_bytes == int(sum(length for _, length in free) * scale)
    assert layout.room == Room(len(layout.places), layout.free_bytes)
    assert {layout.writes.dtype, layout.places.dtype} == {np.dtype(np.int64)}


def files_of(count: int) -> list[Entry]:
    return [Entry(f"IMG_{number:04d}.JPG", 3 + number, 1.5 + number) for number in range(count)]


def contents(entry: Entry) -> Iterator[bytes]:
    yield b""
    yield from (bytes([at % 251]) for at in range(entry.size_bytes))


class Contents:
    """The same, from any byte on."""

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        return contents(entry)

    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        buffer[:] = b"".join(contents(entry))[offset_bytes : offset_bytes + len(buffer)]


@pytest.mark.parametrize("count", range(1, 60, 4))
def test_archives_whose_manifest_ends_anywhere_in_a_block(count: int) -> None:
    """From 1 to 57 files, so that the manifest's length crosses blocks of 512 and symbols of 16,240."""
    entries, digests = files_of(count), Digests()
    whole = b"".join(pack(entries, "2026-11-22", contents, digests))
    assert len(whole) == archive_bytes(entries, "2026-11-22")
    assert len(whole) % SYMBOL_BYTES == 0
    length = int.from_bytes(whole[:8], "big")
    assert digests.tar == hashlib.sha256(whole[8 : 8 + length]).digest() == whole[8 + length : 40 + length]
    assert not any(whole[40 + length :])
    assert len(whole) - 40 - length < SYMBOL_BYTES
    learned = Unpacked()
    found = {entry: b"".join(pieces) for entry, pieces in unpack([whole], learned)}
    assert found == {entry: b"".join(contents(entry)) for entry in entries}
    assert (learned.hidden, list(learned.hashes.values())) == ("2026-11-22", digests.files)
    again = bytearray(len(whole))
    Again(entries, "2026-11-22", Contents(), digests).read_into(0, memoryview(again))
    assert again == whole, "the second pass believes the first one's hashes"


@pytest.mark.parametrize("change", [1, -1])
def test_a_source_of_another_length_stops_the_first_pass(change: int) -> None:
    with pytest.raises(BadInput) as caught:
        list(pack(files_of(2), "2026-11-22", lambda e: iter([bytes(e.size_bytes + change)]), Digests()))
    assert caught.value.key == "hide.changed"


@pytest.mark.parametrize("pieces", [[b"abcdef"], [b"a", b"", b"bc", b"def"], [b"abc", b"def"], [b"abcde", b"f", b""]])
def test_a_stream_is_cut_wherever_its_pieces_end(pieces: list[bytes]) -> None:
    assert [bytes(part) for part in cut(pieces, [1, 0, 3, 2])] == [b"a", b"", b"bcd", b"ef"]
    with pytest.raises(ValueError, match=r"^the stream is longer than its parts$"):
        list(cut(pieces, [1, 4]))
    with pytest.raises(ValueError, match=r"^the stream is shorter than its parts$"):
        list(cut(pieces, [1, 6]))
    assert list(cut([], [])) == list(cut([b""], [])) == []


def test_groups_are_sealed_by_their_place_and_opened_in_a_row() -> None:
    """Judge: one AES-256-CTR keystream over the whole archive."""
    entries, digests, groups = [Entry("a", 4 * SYMBOL_BYTES, 0.0)], Digests(), [2, 1, 2]
    plain = b"".join(pack(entries, "2026-11-22", contents, digests))
    marker = Fingerprinter(chance("marks"))
    marks = batch_marks([plain[:99], plain[99:]], groups, marker)
    sealer = Sealer(Again(entries, "2026-11-22", Contents(), digests), groups, marks, marker, CONTENT_KEY)
    whole = Cipher(algorithms.AES(CONTENT_KEY), modes.CTR(bytes(16))).encryptor().update(plain)
    decrypt, at = opener(CONTENT_KEY), {0: 0, 1: 2, 2: 3}
    for group in (2, 0, 1):
        assert sealer.batch(group, 0) == whole[at[group] * SYMBOL_BYTES : (at[group] + groups[group]) * SYMBOL_BYTES]
    opened = bytearray(whole)
    for group, count in enumerate(groups):
        decrypt(memoryview(opened)[at[group] * SYMBOL_BYTES : (at[group] + count) * SYMBOL_BYTES])
    assert opened == plain


@pytest.mark.parametrize("name", ["a", "a/b", "...", "a..", " ", "märz", "x" * 300])
def test_names_that_are_stored(name: str) -> None:
    assert check_name(name)


@pytest.mark.parametrize("name", ["", "/", "a/", "/a", "a//b", ".", "..", "a/..", "./a", "a\\b", "a\0", "\ud800"])
def test_names_that_are_not(name: str) -> None:
    assert not check_name(name)


def test_keys_are_not_shown() -> None:
    assert keys().seal.hex() not in repr(keys())
    assert repr(keys()).startswith("<fifthfloor.floor.seal.FloorKeys object at")
