"""Cards made to harm: a result or our own error, in bounded steps and memory, and never a byte written."""

from __future__ import annotations

import struct
import tracemalloc
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.cards.cards_made import MOMENT, bend, exfat_card, fat_card, noise, refusal, volume_of
from tests.cards.exfat_builder import ExfatBuilder, Node
from tests.doubles import FailingDevice, memory_device
from tests.hostile import targets
from tests.hostile.make_seeds import seeds

from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.exfat_entries import set_checksum
from fifthfloor.cards.fat_entries import DIRECTORY
from fifthfloor.cards.image import card_on, open_card
from fifthfloor.cards.remove import plan_scrub
from fifthfloor_theatre.cards.record_packing import pack_record

CORPUS = Path(__file__).parent / "corpus"
SEEDS = sorted(CORPUS.glob("*/*"))


@settings(max_examples=80)
@given(data=st.binary(min_size=4, max_size=400))
@pytest.mark.parametrize("file_system", ["bent_fat32", "bent_exfat"])
def test_bent_cards(file_system: str, data: bytes) -> None:
    targets.TARGETS[file_system](data)


@settings(max_examples=60)
@given(
    where=st.integers(0, 200),
    field=st.sampled_from([1, 4, 33, 35, 36, 40, 52, 56, 64, 66]),
    data=st.binary(min_size=1, max_size=8),
)
def test_bent_exfat_sets_with_a_right_checksum(where: int, field: int, data: bytes) -> None:
    raw = targets.sound("exfat").contents
    sets = sets_of(raw)
    at = sets[where % len(sets)]
    count = 1 + raw[at + 1]
    one = bytearray(raw[at : at + 32 * count])
    one[field : field + len(data)] = data
    one[2:4] = struct.pack("<H", set_checksum(bytes(one)))
    targets.sound("exfat").use_bent([(at, bytes(one))], seal=False)


@cache
def sets_of(contents: bytes) -> list[int]:
    kinds = np.frombuffer(contents, np.uint8)[: len(contents) // 32 * 32 : 32]
    found = np.flatnonzero((kinds[:-2] == 0x85) & (kinds[1:-1] == 0xC0) & (kinds[2:] == 0xC1)) * 32
    return [int(at) for at in found]


@given(data=st.binary(max_size=6000))
@pytest.mark.parametrize("target", targets.TARGETS)
def test_any_bytes(target: str, data: bytes) -> None:
    targets.TARGETS[target](data)


slot_kinds = st.sampled_from(
    [0x85, 0xC0, 0xC1, 0x05, 0x40, 0x41, 0x81, 0x82, 0x83, 0xE5, 0x41, 0x42, 0x01, 0x2E, 0xE0, 0xE1]
)


@given(st.lists(st.tuples(slot_kinds, st.integers(0, 255), st.binary(min_size=30, max_size=30)), max_size=60))
def test_any_slots(slots: list[tuple[int, int, bytes]]) -> None:
    data = b"".join(bytes([kind, second]) + rest for kind, second, rest in slots)
    targets.fat_directory(data)
    targets.exfat_directory(data)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_found_seeds(seed: Path) -> None:
    targets.TARGETS[seed.parent.name](seed.read_bytes())


def test_the_corpus_is_what_its_generator_makes() -> None:
    made = seeds()
    assert len(made) >= 20
    for name, data in made.items():
        assert (CORPUS / name).read_bytes() == data, name


def many_files(count: int) -> bytes:
    """Entry sets of empty files IMG_000000.JPG on, checksums and hashes right."""
    model = ExfatBuilder.entry_set(ExfatBuilder.__new__(ExfatBuilder), Node("IMG_000000.JPG"))
    rows = np.tile(np.frombuffer(model, np.uint8), (count, 1))
    for place in range(6):
        rows[:, 66 + 2 * (4 + place)] = ord("0") + np.arange(count) // 10 ** (5 - place) % 10
    hashes = rotating_sums(rows[:, 66 : 66 + 28])
    rows[:, 36:38] = hashes.astype("<u2").view(np.uint8).reshape(-1, 2)
    rows[:, 2:4] = rotating_sums(np.delete(rows, (2, 3), axis=1)).astype("<u2").view(np.uint8).reshape(-1, 2)
    return rows.tobytes()


def rotating_sums(rows: NDArray[np.uint8]) -> NDArray[np.uint16]:
    total = np.zeros(rows.shape[0], np.uint32)
    for column in rows.T:
        total = ((total & 1) << 15) + (total >> 1) + column & 0xFFFF
    return total.astype(np.uint16)


def test_100_000_entries_on_exfat(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 48 << 20, cluster_bytes=32768)
    raw = many_files(100_000)
    folder = builder.directory("DCIM")
    folder.clusters = builder.take(-(-len(raw) // 32768))
    builder.chain(folder.clusters)
    builder.finish()
    bend(tmp_path / "c.img", builder.place(folder.clusters[0]), raw)
    with open_card(tmp_path / "c.img") as card:
        names = [file.path for file in card.files()]
    assert (len(names), names[-1]) == (100_001, "DCIM/IMG_099999.JPG")


def test_more_entries_than_a_fat_directory_may_have(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img", size_bytes=60_000_000)
    volume = volume_of(path)
    geometry = volume.geometry
    clusters = -(-70_000 * 32 // volume.cluster_bytes)
    first = volume.cluster_count - clusters
    chain = [*range(first + 1, first + clusters), 0x0FFFFFFF]
    for copy in range(2):
        at = geometry.fat_offset_bytes + copy * geometry.fat_bytes
        bend(path, at + first * 4, struct.pack(f"<{clusters}I", *chain))
        bend(path, at + 8, struct.pack("<I", first))
    entry = pack_record("A.TXT", b"A       TXT", 0x20, 0, 0, MOMENT)
    bend(path, volume.heap_offset_bytes + (first - 2) * volume.cluster_bytes, entry * 70_000)
    root = volume.root_extents[0]
    bend(path, root.offset_bytes, entry * (root.length_bytes // 32))
    assert refusal(path) == "cards.directory_long"


def test_directories_in_directories_end_by_the_length_of_their_path(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    volume = volume_of(path)
    geometry = volume.geometry
    first = 30_000
    for number in range(200):
        entry = pack_record("DIRNAME8", b"DIRNAME8   ", DIRECTORY, first + number + 1, 0, MOMENT)
        bend(path, volume.heap_offset_bytes + (first + number - 2) * volume.cluster_bytes, entry)
    for copy in range(2):
        at = geometry.fat_offset_bytes + copy * geometry.fat_bytes + first * 4
        bend(path, at, struct.pack("<I", 0x0FFFFFFF) * 201)
    bend(path, volume.root_extents[0].offset_bytes, pack_record("X", b"X          ", DIRECTORY, first, 0, MOMENT))
    assert refusal(path) == "cards.path_long"


def test_a_sparse_card_of_more_clusters_than_memory_holds(tmp_path: Path) -> None:
    """2 TiB of 512-byte clusters: 4 thousand million; refused before anything of that size is made."""
    path = exfat_card(tmp_path / "c.img").path
    with path.open("r+b") as image:
        image.truncate(2 << 40)
    bend(path, 72, struct.pack("<Q", (2 << 40) // 512))
    bend(path, 84, struct.pack("<II", 1 << 25, 1 << 26))
    bend(path, 92, struct.pack("<I", 0xF0000000))
    bend(path, 109, b"\0")
    with path.open("rb") as image:
        bend(path, 0, targets.sealed_exfat(image.read(12 * 512)))
    tracemalloc.start()
    assert refusal(path) == "cards.exfat_boot"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 << 20, "bytes"


def test_a_file_in_as_many_pieces_as_it_has_clusters(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 40 << 20, cluster_bytes=512)
    builder.add("pieces.jpg", noise(10 << 20), stride=2)
    builder.finish()
    with open_card(tmp_path / "c.img") as card:
        file = next(card.files())
        assert len(file.extents) == (10 << 20) // 512
        assert b"".join(card.volumes[0].read_file(file)) == noise(10 << 20)


def test_deleted_directories_that_claim_the_whole_card_are_read_once(tmp_path: Path) -> None:
    """Each of 2,000 deleted entries says that it is a directory of 8 MiB, at places that overlap."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    folder = builder.directory("DCIM")
    for number in range(2000):
        node = Node(f"D{number}", True, [100 + number], 8 << 20, 8 << 20, deleted=True)
        folder.children.append(node)
    builder.finish()
    with FailingDevice(memory_device((tmp_path / "c.img").read_bytes())) as device:
        card = card_on(device)
        before = len(device.log)
        assert sum(1 for _ in deleted_entries(card.volumes[0])) == 2000
        assert sum(length for _, _, length in device.log[before:]) <= 2 * card.volumes[0].length_bytes
        plan_scrub(card)
        assert sum(length for _, _, length in device.log[before:]) <= 8 * card.volumes[0].length_bytes
