"""exFAT: what is read, and everything that must be refused before a card is written."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import bend, exfat_card, noise, refusal
from tests.cards.exfat_builder import MOMENT, ExfatBuilder, Node, ascii_upcase

from fifthfloor.cards.exfat import ExfatVolume
from fifthfloor.cards.exfat_boot import boot_checksum, table_checksum, upcase, upcase_table
from fifthfloor.cards.exfat_entries import set_checksum
from fifthfloor.cards.image import open_card
from fifthfloor.cards.reading import read_card
from fifthfloor.cards.remove import lost_extents
from fifthfloor.errors import BadInput


def volume_of(path: Path) -> ExfatVolume:
    with open_card(path) as card:
        volume = card.volumes[0]
    assert isinstance(volume, ExfatVolume)
    return volume


@pytest.mark.parametrize(("cluster_bytes", "sector_bytes"), [(512, 512), (4096, 512), (4096, 4096), (1 << 17, 512)])
def test_reads_what_the_builder_wrote(tmp_path: Path, cluster_bytes: int, sector_bytes: int) -> None:
    builder = exfat_card(tmp_path / "c.img", cluster_bytes=cluster_bytes, sector_bytes=sector_bytes)
    with open_card(tmp_path / "c.img") as card:
        volume = card.volumes[0]
        assert (volume.sector_bytes, volume.cluster_bytes, volume.cluster_count) == (
            sector_bytes,
            cluster_bytes,
            builder.count,
        )
        assert (volume.offset_bytes, volume.heap_offset_bytes) == (0, builder.place(2))
        assert volume.length_bytes == builder.sectors * sector_bytes
        assert (volume.facts.serial, volume.facts.formatter) == (0x1234ABCD, "EXFAT")
        files = {file.path: file for file in card.files()}
        for number, pieces in ((1, 1), (2, -(-200_000 // cluster_bytes))):
            photo = files[f"DCIM/100CANON/IMG_{number:04d}.JPG"]
            assert len(photo.extents) == pieces
            assert b"".join(card.volumes[0].read_file(photo)) == noise(100_000 * number, number)
            assert photo.modified == MOMENT
        assert "DCIM/100CANON/IMG_0003.JPG" not in files
        assert "DCIM/100CANON/ein laengerer Name als fuenfzehn Zeichen.jpg" in files
        assert card.identity.label == "EOS_DIGITAL"


def test_free_space_comes_from_the_bitmap_alone(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img")
    volume = volume_of(tmp_path / "c.img")
    photo = next(file for file in volume.files() if file.path.endswith("IMG_0001.JPG"))
    cluster = (photo.extents[0].offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes + 2
    assert not volume.chains.entries[cluster], "a contiguous file has no chain"
    taken = sum(byte.bit_count() for byte in builder.bitmap)
    assert volume.free[:, 1].sum() == (builder.count - taken) * builder.cluster


def test_a_bad_cluster_is_not_free(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", finish=False)
    builder.fat[3000] = 0xFFFFFFF7
    builder.finish()
    volume = volume_of(tmp_path / "c.img")
    at = builder.place(3000)
    assert not any(offset <= at < offset + length for offset, length in volume.free.tolist())


def test_what_was_never_written_reads_as_zeros(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", finish=False)
    builder.add("half.bin", noise(10_000), written=4000)
    builder.finish()
    with open_card(tmp_path / "c.img") as card:
        file = next(file for file in card.files() if file.path == "half.bin")
        assert b"".join(card.volumes[0].read_file(file)) == noise(10_000)[:4000] + bytes(6000)


def unmark(builder: ExfatBuilder, path: str) -> None:
    node = next(child for child in builder.directory("DCIM/100CANON").children if child.name == path)
    builder.lies.append(node.clusters[-1])


def share(builder: ExfatBuilder) -> None:
    first, second = builder.directory("DCIM/100CANON").children[:2]
    builder.fat[second.clusters[0]] = first.clusters[1]


def circle(builder: ExfatBuilder) -> None:
    second = builder.directory("DCIM/100CANON").children[1]
    builder.fat[second.clusters[3]] = second.clusters[1]


def own_child(builder: ExfatBuilder) -> None:
    child = builder.directory("DCIM/100CANON/AGAIN")
    child.clusters = builder.directory("DCIM/100CANON").clusters = builder.take(1)
    builder.chain(child.clusters)


def set_node(name: str, **values: object) -> Callable[[ExfatBuilder], None]:
    def change(builder: ExfatBuilder) -> None:
        node = next(child for child in builder.directory("DCIM/100CANON").children if child.name == name)
        for key, value in values.items():
            setattr(node, key, value)

    return change


def extra(entry: bytes) -> Callable[[ExfatBuilder], None]:
    def change(builder: ExfatBuilder) -> None:
        builder.extra_root = entry.ljust(32, b"\0")

    return change


def upcase_of(data: bytes) -> Callable[[ExfatBuilder], None]:
    def change(builder: ExfatBuilder) -> None:
        builder.upcase = data

    return change


def fat_entry(which: str, value: int) -> Callable[[ExfatBuilder], None]:
    def change(builder: ExfatBuilder) -> None:
        builder.fat[getattr(builder, which)[-1]] = value

    return change


PHOTO = "IMG_0001.JPG"
BUILT: dict[str, tuple[Callable[[ExfatBuilder], None], str]] = {
    "a file uses a free cluster": (lambda b: unmark(b, PHOTO), "cards.uses_free"),
    "the bitmap calls itself free": (lambda b: b.lies.append(b.bitmap_clusters[0]), "cards.uses_free"),
    "cross-linked": (share, "cards.cross_linked"),
    "chain circular": (circle, "cards.chain_loops"),
    "directory is its own child": (own_child, "cards.cross_linked"),
    "first cluster outside": (set_node(PHOTO, clusters=[1 << 30]), "cards.chain_leaves"),
    "run leaves": (set_node(PHOTO, size_bytes=1 << 40, written_bytes=0), "cards.chain_leaves"),
    "written more than its size": (set_node(PHOTO, written_bytes=100_001), "cards.entry_sizes"),
    "chain too short": (set_node("IMG_0002.JPG", size_bytes=999_999), "cards.chain_short"),
    "two bitmaps": (extra(b"\x81"), "cards.entry_twice"),
    "unknown critical entry": (extra(b"\x84"), "cards.entry_unknown"),
    "up-case table moves a letter": (upcase_of(ascii_upcase().replace(b"A\0B\0", b"B\0A\0")), "cards.upcase"),
    "up-case table too long": (upcase_of(struct.pack("<HHH", 0xFFFF, 0xFFFF, 0xFFFF) + b"a\0" * 9), "cards.upcase"),
    "up-case table of odd length": (upcase_of(ascii_upcase() + b"\0"), "cards.upcase"),
    "up-case table is empty": (upcase_of(b""), "cards.upcase"),
    "bitmap shorter than the heap": (lambda b: b.bitmap.__delitem__(slice(-9, None)), "cards.bitmap_short"),
    "bitmap's chain is circular": (fat_entry("bitmap_clusters", 2), "cards.chain_loops"),
    "bitmap beyond the heap": (lambda b: b.bitmap_clusters.__setitem__(0, b.count + 9), "cards.chain_leaves"),
    "up-case chain leaves": (fat_entry("upcase_clusters", 1), "cards.chain_leaves"),
}


@pytest.mark.parametrize("case", BUILT)
def test_refuses_what_was_built_wrong(tmp_path: Path, case: str) -> None:
    change, key = BUILT[case]
    builder = exfat_card(tmp_path / "c.img", finish=False)
    change(builder)
    if case == "bitmap beyond the heap":
        builder.writes_bitmap = False
    builder.finish()
    assert refusal(tmp_path / "c.img") == key


@pytest.mark.parametrize(
    ("flags", "fats", "key"),
    [(1, 1, "cards.texfat"), (2, 1, "cards.dirty"), (4, 1, "cards.media_errors"), (0, 2, "cards.texfat"), (8, 1, "")],
)
def test_flags_of_the_volume(tmp_path: Path, flags: int, fats: int, key: str) -> None:
    exfat_card(tmp_path / "c.img", finish=False).finish(flags=flags, fats=fats)
    assert refusal(tmp_path / "c.img") == key


def bend_boot(path: Path, at: int, data: bytes) -> None:
    """Bend the boot sector and make its checksum right again."""
    bend(path, at, data)
    region = path.read_bytes()[: 11 * 512]
    bend(path, 11 * 512, struct.pack("<I", boot_checksum(region)) * 128)


@pytest.mark.parametrize(
    ("at", "data", "key"),
    [
        (20, b"\x01", "cards.exfat_boot"),  # must be zero
        (72, struct.pack("<Q", 1 << 40), "cards.cut_short"),
        (72, struct.pack("<Q", 5), "cards.exfat_boot"),
        (80, struct.pack("<I", 3), "cards.exfat_boot"),  # the table inside the boot region
        (84, struct.pack("<I", 1), "cards.exfat_boot"),  # the table too short
        (88, struct.pack("<I", 100), "cards.exfat_boot"),  # the heap before the table's end
        (92, struct.pack("<I", 1 << 20), "cards.exfat_boot"),  # more clusters than the volume holds
        (92, struct.pack("<I", 0), "cards.exfat_boot"),
        (96, struct.pack("<I", 1), "cards.chain_leaves"),  # root
        (104, struct.pack("<H", 0x200), "cards.exfat_boot"),  # revision 2
        (108, b"\x0d", "cards.exfat_boot"),  # sectors of 8192
        (109, b"\x1a", "cards.exfat_boot"),  # clusters over 32 MiB
        (510, b"\0\0", "cards.exfat_boot"),
    ],
)
def test_refuses_a_boot_sector_that_cannot_be(tmp_path: Path, at: int, data: bytes, key: str) -> None:
    exfat_card(tmp_path / "c.img")
    bend_boot(tmp_path / "c.img", at, data)
    assert refusal(tmp_path / "c.img") == key


def test_refuses_a_wrong_boot_checksum(tmp_path: Path) -> None:
    exfat_card(tmp_path / "c.img")
    bend(tmp_path / "c.img", 100, b"\x77")  # the serial number, which nothing else checks
    assert refusal(tmp_path / "c.img") == "cards.boot_checksum"


def test_percent_in_use_is_outside_the_checksum(tmp_path: Path) -> None:
    exfat_card(tmp_path / "c.img")
    bend(tmp_path / "c.img", 112, b"\xff")
    assert volume_of(tmp_path / "c.img").facts.percent_used_hint is None


def entry_at(builder: ExfatBuilder, kind: int, index: int = 0) -> int:
    """Where the n-th entry of a kind is in DCIM/100CANON."""
    start = builder.place(builder.directory("DCIM/100CANON").clusters[0])
    raw = builder.path.read_bytes()[start : start + builder.cluster]
    return start + [at for at in range(0, len(raw), 32) if raw[at] == kind][index]


@pytest.mark.parametrize(
    ("kind", "at", "data"),
    [
        (0x85, 1, b"\x01"),
        (0x85, 1, b"\x12"),
        (0x85, 1, b"\xff"),
        (0x85, 4, b"\x21"),
        (0xC0, 24, b"\1"),
        (0xC1, 2, b"X"),
    ],
)
def test_refuses_a_damaged_entry_set(tmp_path: Path, kind: int, at: int, data: bytes) -> None:
    builder = exfat_card(tmp_path / "c.img")
    bend(tmp_path / "c.img", entry_at(builder, kind) + at, data)
    assert refusal(tmp_path / "c.img") == "cards.entry_set"


def test_refuses_a_name_that_does_not_have_its_hash(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img")
    start = entry_at(builder, 0x85)
    raw = bytearray(builder.path.read_bytes()[start : start + 96])
    raw[32 + 4] ^= 1
    raw[2:4] = struct.pack("<H", set_checksum(bytes(raw)))
    bend(tmp_path / "c.img", start, bytes(raw))
    assert refusal(tmp_path / "c.img") == "cards.name_hash"


def test_upcase_table_is_expanded() -> None:
    data = ascii_upcase()
    table = upcase_table(data, table_checksum(data), "here")
    assert upcase("img_1ä.jpg", table) == "IMG_1ä.JPG"
    assert np.array_equal(table[256:], np.arange(256, 65536))


def test_upcase_table_with_a_lying_checksum() -> None:
    data = ascii_upcase()
    with pytest.raises(BadInput) as caught:
        upcase_table(data, table_checksum(data) ^ 1, "here")
    assert caught.value.key == "cards.upcase"


@pytest.mark.parametrize(("flags", "lost"), [(1 | 2, 0), (0, 2)])
def test_clusters_of_a_vendor_entry_belong_to_its_file(tmp_path: Path, flags: int, lost: int) -> None:
    """Section 7.9; without AllocationPossible the entry has no clusters, and the two belong to nobody."""
    builder = exfat_card(tmp_path / "c.img", finish=False)
    clusters = builder.take(2, start=4500)
    vendor = struct.pack("<BB16s2xIQ", 0xE1, flags, b"vendor" * 2, clusters[0], 2 * builder.cluster)
    node = builder.add("DCIM/vendor.jpg", b"x")
    original = builder.entry_set

    def with_vendor(child: Node) -> bytes:
        raw = original(child)
        if child is not node:
            return raw
        raw = raw[:1] + bytes([raw[1] + 1]) + raw[2:] + vendor
        return raw[:2] + struct.pack("<H", set_checksum(raw)) + raw[4:]

    builder.entry_set = with_vendor  # type: ignore[method-assign, assignment]
    builder.finish()
    volume = volume_of(tmp_path / "c.img")
    assert any(file.path == "DCIM/vendor.jpg" for file in volume.files())
    assert int(lost_extents(volume)[:, 1].sum()) == lost * builder.cluster
    # Whoever only looks searches them with what is lost: some are photographs.
    with read_card(tmp_path / "c.img") as card:
        assert int(lost_extents(card.volumes[0])[:, 1].sum()) == 2 * builder.cluster
