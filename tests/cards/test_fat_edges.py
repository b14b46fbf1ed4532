"""FAT32 at the edge of every rule: the last lawful value and the first that is not; each field at its place."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import MOMENT, bend, fat_card, noise, volume_of

from fifthfloor.cards import fat32
from fifthfloor.cards.fat_boot import read_fsinfo, read_geometry
from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput, NoRoom
from fifthfloor_theatre.cards.boot_packing import fitting_cluster_bytes, pack_boot, pack_fsinfo, plan
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, fill_like_a_camera, format_fat32, quick_format

# Worked out by hand from the specification's formulas: 1,226,000 sectors, 8 a cluster, heap on a multiple of 8.
PLAN = plan(1 << 20, 1_226_000 * 512 + 511, 512, 4096, 0x1234ABCD, "EOS")
FAT_SECTORS, RESERVED, CLUSTERS = 1198, 36, 152_946


def fields(boot: bytes) -> dict[str, int | bytes]:
    """The fields of a boot sector by the specification's names and offsets."""
    named = {
        "BS_jmpBoot": "0 3s", "BS_OEMName": "3 8s", "BPB_BytsPerSec": "11 H", "BPB_SecPerClus": "13 B",
        "BPB_RsvdSecCnt": "14 H", "BPB_NumFATs": "16 B", "BPB_RootEntCnt": "17 H", "BPB_TotSec16": "19 H",
        "BPB_Media": "21 B", "BPB_FATSz16": "22 H", "BPB_SecPerTrk": "24 H", "BPB_NumHeads": "26 H",
        "BPB_HiddSec": "28 I", "BPB_TotSec32": "32 I", "BPB_FATSz32": "36 I", "BPB_ExtFlags": "40 H",
        "BPB_FSVer": "42 H", "BPB_RootClus": "44 I", "BPB_FSInfo": "48 H", "BPB_BkBootSec": "50 H",
        "BPB_Reserved": "52 12s", "BS_DrvNum": "64 B", "BS_Reserved1": "65 B", "BS_BootSig": "66 B",
        "BS_VolID": "67 I", "BS_VolLab": "71 11s", "BS_FilSysType": "82 8s", "signature": "510 2s",
    }  # fmt: skip
    return {
        name: struct.unpack_from("<" + form.split()[1], boot, int(form.split()[0]))[0] for name, form in named.items()
    }


def test_every_field_of_a_boot_sector() -> None:
    assert fields(pack_boot(PLAN)) == {
        "BS_jmpBoot": b"\xeb\x58\x90", "BS_OEMName": b"MSDOS5.0", "BPB_BytsPerSec": 512, "BPB_SecPerClus": 8,
        "BPB_RsvdSecCnt": RESERVED, "BPB_NumFATs": 2, "BPB_RootEntCnt": 0, "BPB_TotSec16": 0, "BPB_Media": 0xF8,
        "BPB_FATSz16": 0, "BPB_SecPerTrk": 63, "BPB_NumHeads": 255, "BPB_HiddSec": 2048, "BPB_TotSec32": 1_226_000,
        "BPB_FATSz32": FAT_SECTORS, "BPB_ExtFlags": 0, "BPB_FSVer": 0, "BPB_RootClus": 2, "BPB_FSInfo": 1,
        "BPB_BkBootSec": 6, "BPB_Reserved": bytes(12), "BS_DrvNum": 0x80, "BS_Reserved1": 0, "BS_BootSig": 0x29,
        "BS_VolID": 0x1234ABCD, "BS_VolLab": b"EOS        ", "BS_FilSysType": b"FAT32   ", "signature": b"\x55\xaa",
    }  # fmt: skip
    unnamed = fields(pack_boot(replace(PLAN, boot_label="", state=3)))
    assert (unnamed["BS_VolLab"], unnamed["BS_Reserved1"]) == (b"NO NAME    ", 3)
    assert fields(pack_boot(replace(PLAN, boot_label="TWELVE CHARS")))["BS_VolLab"] == b"TWELVE CHAR"
    assert pack_boot(PLAN)[90:510] == bytes(420)
    assert len(pack_boot(plan(0, 600 << 20, 4096, 4096, 1, ""))) == 4096


def test_a_plan_by_hand() -> None:
    start, sector = 1 << 20, 512
    assert (PLAN.length_bytes, PLAN.cluster_bytes, PLAN.cluster_count) == (1_226_000 * sector, 4096, CLUSTERS)
    assert (PLAN.fat_offset_bytes, PLAN.fat_bytes) == (start + RESERVED * sector, FAT_SECTORS * sector)
    assert PLAN.heap_offset_bytes == start + (RESERVED + 2 * FAT_SECTORS) * sector
    assert PLAN.fsinfo_offset_bytes == start + sector
    assert pack_boot(PLAN)[50:52] == b"\6\0", "the copy of the boot sector"
    assert (PLAN.root_cluster, PLAN.fat_count, PLAN.formatter, PLAN.state) == (2, 2, "MSDOS5.0", 0)


@pytest.mark.parametrize("cluster", [512, 1024, 4096])
def test_the_smallest_volume_that_is_fat32(cluster: int) -> None:
    def refusal(length: int) -> NoRoom | None:
        try:
            assert plan(0, length, 512, cluster, 1, "").cluster_count >= 65_525
        except NoRoom as error:
            return error
        return None

    least, said = 65_525 * cluster, NoRoom("")
    while (found := refusal(least)) is not None:
        said, least = found, least + 512
    needed = int(said.facts["needed"])
    assert (said.facts["size"], said.facts["cluster"]) == (least - 512, cluster)
    assert least - 512 < needed < least + 16 * cluster, "what is said to be needed is little more than what is"
    assert refusal(needed) is None


@pytest.mark.parametrize("sector", [512, 1024, 2048, 4096])
def test_every_lawful_sector_and_cluster(sector: int) -> None:
    for per in (1, 2, 4, 8, 16, 32, 64, 128):
        assert plan(0, 1 << 36, sector, sector * per, 1, "").cluster_bytes == sector * per
    for cluster in (sector * 256, sector * 3, sector + 1, sector // 2):
        with pytest.raises(ValueError, match=r"^clusters of"):
            plan(0, 1 << 36, sector, cluster, 1, "")
    with pytest.raises(ValueError, match=r"^clusters of"):
        plan(0, 1 << 36, 8192, 8192, 1, "")


@pytest.mark.parametrize(
    ("length", "sector", "cluster"),
    [(66_037 * 32_776, 512, 32_768), (66_037 * 32_776 - 1, 512, 16_384), (66_037 * 16_392 - 1, 512, 8192),
     (1 << 44, 512, 32_768), (40_000_000, 512, 512), (1, 512, 512), (40_000_000, 4096, 4096)],
)  # fmt: skip
def test_which_cluster_fits(length: int, sector: int, cluster: int) -> None:
    assert fitting_cluster_bytes(length, sector) == cluster


def geometry_key(at: int, data: bytes, limit: int = PLAN.length_bytes) -> str:
    boot = pack_boot(PLAN)
    try:
        read_geometry(boot[:at] + data + boot[at + len(data) :], "here", PLAN.offset_bytes, limit)
    except BadInput as error:
        return error.key if error.facts["path"] == "here" else "nowhere"
    return ""


ENOUGH = struct.pack("<I", FAT_SECTORS)
LAST = RESERVED + 2 * FAT_SECTORS + 8 * 65_525
EDGES = [
    (510, b"\x55\xab", "cards.boot_signature"), (510, b"\x54\xaa", "cards.boot_signature"),
    (11, b"\0\x03", "cards.fat_boot"), (13, b"\x03", "cards.fat_boot"), (13, b"\0", "cards.fat_boot"),
    (22, b"\x01", "cards.fat16"), (17, b"\x01", "cards.fat16"), (36, bytes(4), "cards.fat16"),
    (42, b"\x01", "cards.fat_boot"), (14, bytes(2), "cards.fat_boot"), (16, b"\0", "cards.fat_boot"),
    (16, b"\x03", "cards.fat_boot"), (16, b"\x01", ""),
    (40, b"\x80", "cards.fat_mirroring_off"), (40, b"\x81", "cards.fat_mirroring_off"), (40, b"\x01", ""),
    (40, b"\x0f", ""),
    (32, struct.pack("<I", LAST), ""), (32, struct.pack("<I", LAST - 1), "cards.fat_small"),
    (32, struct.pack("<I", RESERVED + 2 * FAT_SECTORS), "cards.fat_boot"),
    (32, struct.pack("<I", RESERVED + 2 * FAT_SECTORS + 1), "cards.fat_small"),
    (36, struct.pack("<I", 1195), ""), (36, struct.pack("<I", 1194), ""),
    (36, struct.pack("<I", 1193), "cards.fat_boot"),
    (66, b"\0", ""), (21, b"\xf0", ""), (0, b"\0", ""), (82, b"FAT16   ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("at", "data", "key"), EDGES)
def test_edges_of_a_boot_sector(at: int, data: bytes, key: str) -> None:
    """1,195 sectors hold entries for 152,958 clusters, and so few that the volume then has are 152,947."""
    assert geometry_key(at, data) == key


def test_what_else_a_boot_sector_says() -> None:
    boot = pack_boot(PLAN)
    assert read_geometry(boot, "here", 1 << 20, PLAN.length_bytes) == PLAN
    assert geometry_key(0, b"", PLAN.length_bytes - PLAN.cluster_bytes) == ""
    assert geometry_key(0, b"", PLAN.length_bytes - PLAN.cluster_bytes - 4096) == "cards.cut_short"

    def read(at: int, data: bytes) -> dict[str, object]:
        found = read_geometry(boot[:at] + data + boot[at + len(data) :], "here", 0, PLAN.length_bytes)
        return {name: getattr(found, name) for name in found.__dataclass_fields__}

    assert read(48, b"\0\0")["fsinfo_offset_bytes"] is None
    assert read(48, bytes([RESERVED, 0]))["fsinfo_offset_bytes"] is None
    assert read(48, bytes([RESERVED - 1, 0]))["fsinfo_offset_bytes"] == (RESERVED - 1) * 512
    assert read(44, b"\5\0\0\xf0")["root_cluster"] == 5
    assert read(71, b"NO NAME    ")["boot_label"] == ""
    assert read(71, b"NO NAME X  ")["boot_label"] == "NO NAME X"
    assert read(71, "ÄB         ".encode("cp437"))["boot_label"] == "ÄB"
    assert read(3, b"mkfs.fat")["formatter"] == "mkfs.fat"
    assert read(3, b"\xffx \0 \0\0\0")["formatter"] == "\ufffdx"
    assert read(67, b"\x01\x02\x03\x04")["serial"] == 0x04030201
    assert read(65, b"\x03")["state"] == 3
    # A volume below 32 MB may count its sectors in the old field of 16 bits; as FAT32 it is then too small.
    short = boot[:19] + struct.pack("<H", 65_000) + boot[21:32] + bytes(4) + boot[36:]
    with pytest.raises(BadInput) as caught:
        read_geometry(short, "here", 0, PLAN.length_bytes)
    assert (caught.value.key, caught.value.facts["clusters"]) == ("cards.fat_small", (65_000 - RESERVED - 2396) // 8)
    assert caught.value.facts["least"] == 65_525


def test_fsinfo() -> None:
    sector = pack_fsinfo(7, 9, 512)
    assert struct.unpack_from("<I", sector) == (0x41615252,)
    assert struct.unpack_from("<IIII", sector, 484) == (0x61417272, 7, 9, 0)
    assert sector[496:] == bytes(12) + b"\0\0\x55\xaa"
    assert len(pack_fsinfo(7, 9, 4096)) == 4096
    assert read_fsinfo(sector) == (7, 9)
    assert read_fsinfo(b"\0" + sector[1:]) == (None, None)
    assert read_fsinfo(sector[:484] + b"\0" + sector[485:]) == (None, None)
    assert read_fsinfo(pack_fsinfo(0xFFFFFFFF, 9, 512)) == (None, 9)
    assert read_fsinfo(pack_fsinfo(7, 0xFFFFFFFF, 512)) == (7, None)


def raw_of(path: Path) -> bytes:
    return path.read_bytes()


def test_a_new_card_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="EOS")
    raw, volume = raw_of(path), volume_of(path)
    table = raw[446:462]
    first, count = struct.unpack_from("<II", table, 8)
    assert (table[0], table[4], first, raw[510:512]) == (0, 0x0C, 2048, b"\x55\xaa")
    assert count == (36_000_000 - (1 << 20)) // 512
    assert raw[462:510] == bytes(48)
    geometry = volume.geometry
    start = 1 << 20
    assert raw[start : start + 512] == pack_boot(geometry)
    assert raw[start + 6 * 512 : start + 7 * 512] == raw[start : start + 512]
    for sector in (1, 7):
        info = raw[start + sector * 512 : start + sector * 512 + 512]
        assert read_fsinfo(info) == (volume.cluster_count - 1, 3)
    for copy in range(2):
        at = geometry.fat_offset_bytes + copy * geometry.fat_bytes
        assert struct.unpack_from("<IIII", raw, at) == (0x0FFFFFF8, 0x0FFFFFFF, 0x0FFFFFFF, 0)
    root = raw[geometry.heap_offset_bytes : geometry.heap_offset_bytes + volume.cluster_bytes]
    assert root[:12] == b"EOS        \x08"
    assert root[12:] == bytes(len(root) - 12)
    format_fat32(tmp_path / "unnamed.img", 36_000_000, label="", partitioned=False)
    unnamed = volume_of(tmp_path / "unnamed.img")
    assert (unnamed.label, raw_of(tmp_path / "unnamed.img")[unnamed.heap_offset_bytes]) == ("", 0)


def test_directories_of_the_writer_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    with FatWriter(path) as writer:
        writer.add_file("A/B/C.JPG", b"x" * 700, MOMENT)
        with pytest.raises(BadInput) as again:
            writer.add_file("A/B/c.jpg", b"", MOMENT)
        assert again.value.key == "cards.exists"
        with pytest.raises(BadInput):
            writer.add_file("a", b"", MOMENT)
        free = writer.free_bytes
    volume, raw = volume_of(path), raw_of(path)
    assert volume.free[:, 1].sum() == free
    places = {file.path: file.extents[0].offset_bytes for file in volume.files()}
    numbers = {name: (at - volume.heap_offset_bytes) // volume.cluster_bytes + 2 for name, at in places.items()}
    for name, above in (("A", 0), ("A/B", numbers["A"])):
        here = raw[places[name] : places[name] + 64]
        assert here[:11] == b".".ljust(11)
        assert here[32:43] == b"..".ljust(11)
        assert [here[at + 11] for at in (0, 32)] == [0x10, 0x10]
        assert [struct.unpack_from("<H", here, at + 26)[0] for at in (0, 32)] == [numbers[name], above]
    assert (
        volume.facts.next_free_hint == (int(volume.free[0, 0]) - volume.heap_offset_bytes) // volume.cluster_bytes + 2
    )


def test_a_directory_grows_when_it_is_full_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    sizes = []
    for part in range(3):
        with FatWriter(path) as writer:
            for number in range(7):
                writer.add_file(f"D/F{part}{number}.JPG", b"", MOMENT)
        folder = next(file for file in volume_of(path).files() if file.path == "D")
        sizes.append(folder.size_bytes)
    assert sizes == [512, 512, 1024], "9, 16 and 23 entries of 32 bytes, two of them dots"
    assert len([file for file in volume_of(path).files() if not file.is_directory]) == 21


def test_a_camera_draws_sizes_from_4_to_25_mb(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 60_000_000, label="")
    for drawn, size in ((0, 4_000_000), (21_000_000, 25_000_000), (21_000_001, 4_000_000)):
        with FatWriter(path) as writer:
            name = f"DCIM/1{drawn % 97:02d}CAMRA"
            draws = iter([drawn.to_bytes(8, "little"), bytes(size)])
            assert fill_like_a_camera(writer, size, lambda _n, d=draws: next(d), MOMENT, name) == 1  # type: ignore[misc]
        (file,) = [file for file in volume_of(path).files() if file.path == f"{name}/CAM_0001.JPG"]
        assert (file.size_bytes, file.modified) == (size, MOMENT.replace(second=(MOMENT.second + 10) // 2 * 2))


def test_a_camera_deletes_one_byte_and_the_chain(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    volume, before = volume_of(path), raw_of(path)
    photo = next(file for file in volume.files() if file.path.endswith("IMG_0002.JPG"))
    delete_like_a_camera(path, photo.path)
    after = raw_of(path)
    following = before[(end := photo.extents[-1].offset_bytes + photo.extents[-1].length_bytes) : end + 512]
    assert after[end : end + 512] == following
    changed = np.flatnonzero(np.frombuffer(before, np.uint8) != np.frombuffer(after, np.uint8))
    geometry, clusters = volume.geometry, sum(e.length_bytes for e in photo.extents) // volume.cluster_bytes
    first = (photo.extents[0].offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes + 2
    tables = [range(geometry.fat_offset_bytes + c * geometry.fat_bytes + first * 4, geometry.fat_offset_bytes
                    + c * geometry.fat_bytes + (first + clusters) * 4) for c in range(2)]  # fmt: skip
    elsewhere = [int(at) for at in changed if not any(int(at) in table for table in tables)]
    assert all(after[at] == 0 for table in tables for at in table)
    assert all(after[at] == 0xE5 for at in elsewhere)
    assert 1 <= len(elsewhere) <= 3


def test_a_quick_format_clears_what_is_before_the_heap(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img", partitioned=True)
    before = volume_of(path)
    quick_format(path, label="NEW")
    after, raw = volume_of(path), raw_of(path)
    assert after.facts.serial != before.facts.serial
    assert after.free[:, 1].sum() == (after.cluster_count - 1) * after.cluster_bytes
    at = after.geometry.fat_offset_bytes + 12
    assert raw[at : after.geometry.fat_offset_bytes + after.geometry.fat_bytes] == bytes(after.geometry.fat_bytes - 12)


def test_a_file_as_long_as_its_chain_and_one_byte_longer(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    with FatWriter(path) as writer:
        writer.add_file("A.JPG", noise(1024), MOMENT)
    volume = volume_of(path)
    assert next(volume.files()).size_bytes == 1024
    at = raw_of(path).index(b"A       JPG")
    bend(path, at + 28, struct.pack("<I", 1025))
    with pytest.raises(BadInput) as caught:
        volume_of(path)
    facts = caught.value.facts
    assert caught.value.key == "cards.chain_short"
    assert (facts["size"], facts["allocated"], facts["path"]) == (1025, 1024, "A.JPG")
    bend(path, at + 11, b"\x10")  # a directory says no size, and whatever it says is not believed
    bend(path, volume.heap_offset_bytes + volume.cluster_bytes, bytes(1024))
    assert next(volume_of(path).files()).size_bytes == 1024


def test_the_longest_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fat32.MAX_FAT_DIRECTORY_BYTES == 65_536 * 32
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    with FatWriter(path) as writer:
        for number in range(40):
            writer.add_file(f"D/F{number:03d}.JPG", b"", MOMENT)
    monkeypatch.setattr(fat32, "MAX_FAT_DIRECTORY_BYTES", 43 * 32)
    assert len(list(volume_of(path).files())) == 41
    monkeypatch.setattr(fat32, "MAX_FAT_DIRECTORY_BYTES", 41 * 32)
    with pytest.raises(BadInput) as caught:
        volume_of(path)
    assert (caught.value.key, caught.value.facts["limit"], caught.value.facts["path"]) == (
        "cards.directory_long",
        41,
        "D",
    )


def test_labels_of_all_volumes_are_shown(tmp_path: Path) -> None:
    with open_card(fat_card(tmp_path / "c.img")) as card:
        identity = card.identity
    assert replace(identity, labels=("A", "", "B")).label == "A, B"
    assert replace(identity, labels=()).label == ""
