"""exFAT at the edge of every rule: the last lawful value and the first that is not; each field at its place."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import bend, exfat_card, noise, refusal, remove_files
from tests.cards.exfat_builder import ExfatBuilder, Node, ascii_upcase
from tests.cards.test_exfat import volume_of
from tests.doubles import memory_device

from fifthfloor.cards import exfat, exfat_entries
from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.deleted import dead_chain, deleted_entries
from fifthfloor.cards.exfat_boot import boot_checksum, read_geometry, table_checksum, upcase_table
from fifthfloor.cards.exfat_entries import entry_sets, file_set, first_set, name_hash, set_checksum, set_checksums
from fifthfloor.cards.image import open_card
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.errors import BadInput

BLANK = ExfatBuilder.__new__(ExfatBuilder)
SECTORS, FAT, FAT_LENGTH, HEAP, CLUSTERS = 16_384, 128, 16, 256, 2_000


def boot_region(**other: int) -> bytes:
    """A boot region of 4,096-byte clusters in 512-byte sectors; fields by the specification's names."""
    f = {"length": SECTORS, "fat": FAT, "fat_length": FAT_LENGTH, "heap": HEAP, "clusters": CLUSTERS, "root": 4,
         "revision": 0x100, "flags": 0, "shift": 9, "cluster_shift": 3, "fats": 1, "percent": 7} | other  # fmt: skip
    boot = struct.pack(
        "<3s8s53xQQIIIIIIHHBBBBB7x390s2s", b"\xeb\x76\x90", b"EXFAT   ", 0, f["length"], f["fat"], f["fat_length"],
        f["heap"], f["clusters"], f["root"], 0x1234ABCD, f["revision"], f["flags"], f["shift"], f["cluster_shift"],
        f["fats"], 0x80, f["percent"], b"", b"\x55\xaa",
    )  # fmt: skip
    sector = 1 << f["shift"] if 9 <= f["shift"] <= 12 else 512
    region = (boot.ljust(sector, b"\0") + bytes(10 * sector))[: 11 * sector]
    return region + struct.pack("<I", boot_checksum(region)) * (sector // 4)


def geometry_key(region: bytes, limit: int = 1 << 50) -> str:
    with memory_device(region.ljust(1 << 16, b"\0")) as device:
        try:
            bearing = Bearing()
            read_geometry(device, "here", 0, limit, bearing)
            bearing.settle()
        except BadInput as error:
            return error.key
    return ""


@pytest.mark.parametrize(
    ("other", "key"),
    [({}, ""), ({"revision": 0x1FF}, ""), ({"revision": 0x200}, "cards.exfat_boot"), ({"shift": 8}, "cards.exfat_boot"),
     ({"shift": 13}, "cards.exfat_boot"), ({"fats": 0}, "cards.texfat"), ({"fats": 2}, "cards.texfat"),
     ({"flags": 1}, "cards.texfat"), ({"flags": 2}, "cards.dirty"), ({"flags": 4}, "cards.media_errors"),
     ({"flags": 8}, ""), ({"fat": 24}, ""), ({"fat": 23}, "cards.exfat_boot"), ({"fat": 240}, ""),
     ({"fat": 241}, "cards.exfat_boot"), ({"clusters": 0}, "cards.exfat_boot"), ({"clusters": 1}, ""),
     ({"clusters": 2_016}, ""), ({"clusters": 2_017}, "cards.exfat_boot"),
     ({"clusters": 2_016, "fat_length": 15}, "cards.exfat_boot"),
     ({"clusters": 1_918, "fat_length": 15}, ""), ({"clusters": 1_919, "fat_length": 15}, "cards.exfat_boot"),
     ({"shift": 12, "cluster_shift": 13, "clusters": 1, "length": 1 << 20}, ""),
     ({"shift": 12, "cluster_shift": 14, "clusters": 1, "length": 1 << 20}, "cards.exfat_boot"),
     ({"length": 11}, "cards.exfat_boot"), ({"length": HEAP + 8 * CLUSTERS}, ""),
     ({"length": HEAP + 8 * CLUSTERS - 1}, "cards.exfat_boot"),
     ({"clusters": (1 << 27) + 1, "length": 1 << 40, "fat_length": 1 << 22, "heap": 1 << 23}, "cards.exfat_boot"),
     ({"clusters": 1 << 27, "length": 1 << 40, "fat_length": 1 << 22, "heap": 1 << 23}, "")],
)  # fmt: skip
def test_edges_of_a_boot_region(other: dict[str, int], key: str) -> None:
    assert geometry_key(boot_region(**other)) == key


def test_what_a_boot_region_says() -> None:
    region = boot_region()
    with memory_device(bytes(512) + region.ljust(1 << 16, b"\0")) as device:
        found = read_geometry(device, "here", 512, SECTORS * 512)
        with pytest.raises(BadInput) as caught:
            read_geometry(device, "here", 512, SECTORS * 512 - 4097)
    assert caught.value.key == "cards.cut_short"
    assert (caught.value.facts["length"], caught.value.facts["limit"]) == (SECTORS * 512, SECTORS * 512 - 4097)
    assert (found.offset_bytes, found.length_bytes) == (512, SECTORS * 512)
    assert (found.sector_bytes, found.cluster_bytes, found.cluster_count) == (512, 4096, CLUSTERS)
    assert (found.fat_offset_bytes, found.fat_bytes) == (512 + FAT * 512, FAT_LENGTH * 512)
    assert (found.heap_offset_bytes, found.root_cluster) == (512 + HEAP * 512, 4)
    assert (found.serial, found.formatter, found.percent_used) == (0x1234ABCD, "EXFAT", 7)


@pytest.mark.parametrize("at", [11, 63, 510, 511])
def test_bytes_that_must_be_as_they_are(at: int) -> None:
    region = bytearray(boot_region())
    region[at] ^= 1
    assert geometry_key(bytes(region)) == "cards.exfat_boot"


@pytest.mark.parametrize(("at", "covered"), [(105, True), (106, False), (107, False), (112, False), (113, True),
                                             (11 * 512 - 1, True)])  # fmt: skip
def test_what_the_boot_checksum_covers(at: int, covered: bool) -> None:
    region = bytearray(boot_region()[: 11 * 512])
    before = boot_checksum(bytes(region))
    region[at] ^= 1
    assert (boot_checksum(bytes(region)) != before) == covered


@pytest.mark.parametrize("at", [11 * 512, 11 * 512 + 256, 12 * 512 - 1])
def test_every_copy_of_the_boot_checksum_counts(at: int) -> None:
    region = bytearray(boot_region())
    region[at] ^= 1
    assert geometry_key(bytes(region)) == "cards.boot_checksum"


def rotated(data: bytes, bits: int) -> int:
    """The checksums by the specification's words: rotate right by one, add the byte."""
    total = 0
    for byte in data:
        digits = f"{total:0{bits}b}"
        total = (int(digits[-1] + digits[:-1], 2) + byte) % (1 << bits)
    return total


def test_checksums_by_the_specifications_words() -> None:
    data = noise(700)
    assert table_checksum(data) == rotated(data, 32)
    assert set_checksum(data) == rotated(data[:2] + data[4:], 16)
    assert name_hash("IMG_0001.JPG") == rotated("IMG_0001.JPG".encode("utf-16-le"), 16)
    many = [noise(96, n) for n in range(70)] + [noise(128, n) for n in range(3)]
    assert set_checksums(many) == [rotated(raw[:2] + raw[4:], 16) for raw in many]


def upcase_key(table: bytes) -> str:
    try:
        upcase_table(table, table_checksum(table), "here")
    except BadInput as error:
        return error.key
    return ""


def test_upcase_tables_at_their_ends() -> None:
    letters = ascii_upcase()
    assert upcase_key(letters) == ""
    whole = np.arange(65_536, dtype="<u2")
    whole[97:123] -= 32
    whole[0xE4] = 0xC4
    # 0xFFFF in the last place is a character and no count, for nothing follows it.
    table = upcase_table(whole.tobytes(), table_checksum(whole.tobytes()), "here")
    assert np.array_equal(table, whole)
    assert upcase_key(whole.tobytes()[:-2] + b"\xfe\xff") == ""
    assert upcase_key(whole.tobytes()[:-2] + b"\xfe\xffa\0") == "cards.upcase"
    assert upcase_key(letters[:-4]) == ""
    assert upcase_key(letters[:200]) == "cards.upcase", "the letters up to z are mandatory"
    skipped = struct.pack("<HHH", 0xFFFF, 97, ord("A")) + b"".join(struct.pack("<H", 66 + n) for n in range(25))
    assert upcase_key(skipped) == "", "a count of characters that stay, then the letters"
    assert upcase_key(struct.pack("<HH", 0xFFFF, 65_535) + b"a\0" * 2) == "cards.upcase"


def set_of(name: str, **other: int) -> bytes:
    return ExfatBuilder.entry_set(BLANK, Node(name, **other))  # type: ignore[arg-type]


def slots_of(raw: bytes) -> list[tuple[int, bytes]]:
    return [(1000 + at, raw[at : at + 32]) for at in range(0, len(raw), 32)]


def sealed(raw: bytes) -> bytes:
    return raw[:2] + struct.pack("<H", set_checksum(raw)) + raw[4:]


ONE = set_of("IMG_0001.JPG", size_bytes=0x0102030405, written_bytes=0x0102030404)
LONG = set_of("a name of thirty-one characters")


def test_a_set_field_by_field() -> None:
    raw = bytearray(ONE)
    raw[32 + 1], raw[32 + 20 : 32 + 24] = 3, b"\x09\x08\x07\x06"
    found = file_set(slots_of(sealed(bytes(raw))))
    assert found is not None
    assert (found.name, found.is_directory, found.flags, found.first_cluster) == ("IMG_0001.JPG", False, 3, 0x06070809)
    assert (found.size_bytes, found.written_bytes) == (0x0102030405, 0x0102030404)
    assert found.name_hash == rotated("IMG_0001.JPG".encode("utf-16-le"), 16)
    assert found.offsets_bytes == (1000, 1032, 1064)
    assert found.vendor_allocations == []


@pytest.mark.parametrize(("tenth", "more"), [(0, 0), (1, 10), (199, 1990), (200, 0), (255, 0)])
def test_times_of_a_set_have_hundredths(tenth: int, more: int) -> None:
    raw = bytearray(ONE)
    raw[21] = tenth
    raw[22] = 250  # of the time of creation, which is not the time of the last change
    found = file_set(slots_of(sealed(bytes(raw))))
    assert found is not None
    assert found.modified == datetime(2026, 3, 1, 12, 30, 44) + timedelta(milliseconds=more)
    raw[12:16] = bytes(4)
    none = file_set(slots_of(sealed(bytes(raw))))
    assert none is not None
    assert none.modified is None


def changed(raw: bytes, at: int, data: bytes) -> bytes:
    return sealed(raw[:at] + data + raw[at + len(data) :])


LAWLESS = {
    "stream first": changed(ONE, 32, b"\xc1"),
    "no name entry": changed(ONE, 64, b"\xc2"),
    "no units": changed(ONE, 35, b"\0"),
    "more units than entries": changed(ONE, 35, b"\x10"),
    "a name entry too few": changed(LONG, 96, b"\xe0"),
    "one secondary": sealed(b"\x85\x01" + ONE[2:64]),
    "critical behind": sealed(b"\x85\x03" + ONE[2:] + b"\xc2" + bytes(31)),
    "not in use behind": sealed(b"\x85\x03" + ONE[2:] + b"\x60" + bytes(31)),
    "primary behind": sealed(b"\x85\x03" + ONE[2:] + b"\xa0" + bytes(31)),
    "cut short": LONG[:-32],
    "checksum": ONE[:2] + bytes([ONE[2] ^ 1]) + ONE[3:],
}
LAWFUL = {
    "plain": ONE,
    "31 characters": LONG,
    "30 characters": set_of("a name of thirty characters al"),
    "benign behind": sealed(b"\x85\x03" + ONE[2:] + b"\xe0" + bytes(31)),
    "255 characters": set_of("x" * 255),
}


@pytest.mark.parametrize("case", LAWLESS)
def test_sets_that_are_none(case: str) -> None:
    with pytest.raises(BadInput) as caught:
        entry_sets(slots_of(LAWLESS[case]), "here", "DCIM")
    assert (caught.value.key, caught.value.facts["offset"]) == ("cards.entry_set", 1000)
    assert (caught.value.facts["place"], caught.value.facts["path"]) == ("here", "DCIM")
    assert file_set(slots_of(LAWLESS[case])) is None or case == "cut short"


@pytest.mark.parametrize("case", LAWFUL)
def test_sets_that_are(case: str) -> None:
    (found,) = entry_sets(slots_of(LAWFUL[case]), "here", "DCIM")
    assert found == file_set(slots_of(LAWFUL[case]))
    dead = bytes(byte & 0x7F if at % 32 == 0 else byte for at, byte in enumerate(LAWFUL[case]))
    assert first_set(slots_of(dead + bytes(64))) == found
    assert first_set(slots_of(dead)[:-1]) is None
    assert first_set(slots_of(dead)[1:]) is None


def test_what_stands_between_sets() -> None:
    label = b"\x83\x01A\0" + bytes(28)
    walked = entry_sets(slots_of(ONE + label + LONG[32:] + b"\x05" + bytes(31) + LONG + bytes(32) + ONE), "h", "/")
    assert [item[0] if isinstance(item, tuple) else item.name for item in walked] == [
        "IMG_0001.JPG", 1096, "a name of thirty-one characters"
    ]  # fmt: skip
    assert entry_sets([], "h", "/") == []
    assert first_set([]) is None
    assert first_set(slots_of(bytes(96))) is None


@pytest.mark.parametrize("limit", [2, 3])
def test_more_entries_than_are_listed(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exfat_entries, "MAX_ENTRIES", limit)
    raw = ONE * 3
    if limit == 3:
        assert len(entry_sets(slots_of(raw), "here", "/")) == 3
        return
    with pytest.raises(BadInput) as caught:
        entry_sets(slots_of(raw), "here", "/")
    assert (caught.value.key, caught.value.facts["limit"]) == ("cards.too_many_files", 2)


@pytest.mark.parametrize("written", [0, 1, 1 << 20, 3_000_000])
def test_what_was_never_written_is_zeros_to_the_last_byte(written: int, tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", finish=False)
    builder.add("a.mov", noise(3_000_000), written=written)
    builder.finish()
    with open_card(tmp_path / "c.img") as card:
        file = next(file for file in card.files() if file.path == "a.mov")
        pieces = list(card.volumes[0].read_file(file))
    assert b"".join(pieces) == noise(3_000_000)[:written] + bytes(3_000_000 - written)
    assert max(map(len, pieces)) <= 1 << 20


@pytest.mark.parametrize(("label", "shown"), [("", ""), ("ELEVEN CHAR", "ELEVEN CHAR"), ("Ä", "Ä")])
def test_labels(label: str, shown: str, tmp_path: Path) -> None:
    ExfatBuilder(tmp_path / "c.img", 8 << 20, cluster_bytes=4096, label=label).finish()
    assert volume_of(tmp_path / "c.img").label == shown


def test_a_label_that_claims_more_than_its_entry_has(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 8 << 20, cluster_bytes=4096, label="ABC")
    builder.finish()
    bend(tmp_path / "c.img", builder.place(builder.root.clusters[0]) + 1, b"\xff")
    assert volume_of(tmp_path / "c.img").label.rstrip("\0") == "ABC"
    assert len(volume_of(tmp_path / "c.img").label) == 11


@pytest.mark.parametrize(
    ("change", "key"),
    [({"size_bytes": 100}, "cards.entry_sizes"), ({"size_bytes": 4096, "written_bytes": 4095}, "cards.entry_sizes"),
     ({"size_bytes": 8192, "written_bytes": 8192}, "cards.chain_short"), ({}, "")],
)  # fmt: skip
def test_sizes_of_directories(change: dict[str, int], key: str, tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", cluster_bytes=4096)
    folder, root = builder.directory("DCIM"), builder.place(builder.root.clusters[0])
    raw = (tmp_path / "c.img").read_bytes()
    at = raw.index(builder.entry_set(folder)[:1], root)
    at = raw.index("DCIM".encode("utf-16-le"), root) - 66
    for name, value in change.items():
        setattr(folder, name, value)
    folder.no_chain = False
    bend(tmp_path / "c.img", at, ExfatBuilder.entry_set(BLANK, folder))
    assert refusal(tmp_path / "c.img") == key


def test_a_directory_of_more_than_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exfat.MAX_EXFAT_DIRECTORY_BYTES == 256 << 20
    builder = ExfatBuilder(tmp_path / "c.img", 8 << 20, cluster_bytes=4096)
    builder.directory("D").children += [Node(f"IMG_{number:04d}.JPG") for number in range(700)]
    builder.finish()
    monkeypatch.setattr(exfat, "MAX_EXFAT_DIRECTORY_BYTES", 1 << 16)
    assert refusal(tmp_path / "c.img") == "cards.entry_sizes", "what is said of it is compared before it is read"
    extents = next(file.extents for file in monkeyfree(tmp_path / "c.img", monkeypatch) if file.path == "D")
    with memory_device((tmp_path / "c.img").read_bytes()) as device:
        monkeypatch.setattr(exfat, "MAX_EXFAT_DIRECTORY_BYTES", (1 << 16) - 1)
        with pytest.raises(BadInput) as caught:
            list(exfat.directory_slots(device, extents, "D", "here"))
        monkeypatch.setattr(exfat, "MAX_EXFAT_DIRECTORY_BYTES", sum(extent.length_bytes for extent in extents))
        slots = list(exfat.directory_slots(device, extents, "D", "here"))
    assert caught.value.facts == {"place": "here", "path": "D", "limit": 2047}
    assert [offset for offset, _ in slots[:3]] == [extents[0].offset_bytes + at for at in (0, 32, 64)]
    assert b"".join(raw for _, raw in slots)[: 96 * 700].count(b"\x85\x02") == 700


def monkeyfree(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[VisibleFile]:
    """The files of a card, by the real limit."""
    monkeypatch.setattr(exfat, "MAX_EXFAT_DIRECTORY_BYTES", 256 << 20)
    return list(volume_of(path).files())


def test_the_bitmap_may_be_longer_than_it_needs_and_not_shorter(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 8 << 20, cluster_bytes=4096)
    builder.bitmap.extend(bytes(4096 - len(builder.bitmap)))
    builder.finish()
    assert refusal(tmp_path / "c.img") == "", "as long as its cluster"
    builder.bitmap.extend(b"\0")
    builder.finish()
    with pytest.raises(BadInput) as caught, open_card(tmp_path / "c.img"):
        pass
    assert (caught.value.key, caught.value.facts["length"]) == ("cards.bitmap_short", 4096)
    assert caught.value.facts["needed"] == 4097


@pytest.mark.parametrize("percent", [0, 100, 0xFF])
def test_percent_in_use_is_put_right_only_where_it_was_known(percent: int, tmp_path: Path) -> None:
    exfat_card(tmp_path / "c.img", cluster_bytes=4096)
    bend(tmp_path / "c.img", 112, bytes([percent]))
    assert volume_of(tmp_path / "c.img").facts.percent_used_hint == (None if percent == 0xFF else percent)
    with open_card(tmp_path / "c.img", writable=True) as card:
        remove_files(card, ["DCIM/100CANON/IMG_0001.JPG"])
    volume = volume_of(tmp_path / "c.img")
    used = 100 * int(np.count_nonzero(volume.chains.allocated)) // volume.cluster_count
    assert volume.facts.percent_used_hint == (None if percent == 0xFF else used)


@pytest.mark.parametrize("case", ["whole", "circle", "short", "long", "taken", "steps"])
def test_the_chain_of_a_deleted_file(case: str, tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", finish=False, cluster_bytes=4096)
    node = builder.add("gone.jpg", noise(4096 * 5), stride=3, start=1500)
    builder.delete(node)
    if case == "circle":
        builder.fat[node.clusters[3]] = node.clusters[1]
    elif case == "short":
        builder.fat[node.clusters[2]] = 0xFFFFFFFF
    elif case == "long":
        builder.fat[node.clusters[4]] = node.clusters[4] + 2
    elif case == "taken":
        builder.mark(node.clusters[4])
    builder.finish()
    with open_card(tmp_path / "c.img") as card:
        volume = card.volumes[0]
        entry = next(entry for entry in deleted_entries(volume) if entry.path == "gone.jpg")
        found = dead_chain(volume, entry, 4 if case == "steps" else 5)
    assert entry.chained
    places = [builder.place(cluster) for cluster in node.clusters]
    assert [extent.offset_bytes for extent in found] == (places if case == "whole" else [])
