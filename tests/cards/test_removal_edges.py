"""What a deletion and a scrub write, sector by sector and stage by stage, and what deleted entries say."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from tests.cards.cards_made import (
    MOMENT,
    bend,
    exfat_card,
    noise,
    plan_removal,
    remove_files,
    set_entry,
    volume_of,
)
from tests.cards.exfat_builder import ExfatBuilder, Node
from tests.cards.test_exfat import volume_of as exfat_of
from tests.doubles import FailingDevice, memory_device

from fifthfloor.cards import deleted as deleted_module
from fifthfloor.cards import linux
from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.fat_boot import read_fsinfo
from fifthfloor.cards.fat_entries import short_checksum
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import Card, card_on, open_card
from fifthfloor.cards.remove import (
    lost_extents,
    plan_reclaim,
    plan_scrub,
    plan_unnaming,
    reclaim_lost,
    remove_names,
    scrub_deleted,
)
from fifthfloor.errors import BadInput
from fifthfloor_theatre.cards.format import FatWriter, format_fat32
from fifthfloor_theatre.cards.record_packing import pack_record

NAME = "a photograph with a long name.jpg"


def fat(path: Path) -> Path:
    """Three files of three clusters: a short name, a long one, a short one."""
    format_fat32(path, 36_000_000, label="EOS", partitioned=False)
    with FatWriter(path) as writer:
        for number, name in enumerate(("A.JPG", NAME, "C.JPG")):
            writer.add_file(f"D/{name}", noise(1500, number), MOMENT)
    return path


def offsets(plan: tuple[tuple[object, ...], ...]) -> list[list[int]]:
    return [[write.offset_bytes for write in stage] for stage in plan]  # type: ignore[attr-defined]


def test_the_stages_of_a_deletion_on_fat32(tmp_path: Path) -> None:
    path = fat(tmp_path / "c.img")
    volume = volume_of(path)
    folder = next(file for file in volume.files() if file.path == "D").extents[0].offset_bytes
    geometry, info = volume.geometry, volume.geometry.fsinfo_offset_bytes
    with open_card(path) as card:
        plan = plan_removal(card, [f"D/{NAME}"])
        assert offsets(plan_unnaming(card, [f"D/{NAME}"])) == [[folder]]
    tables = [geometry.fat_offset_bytes + copy * geometry.fat_bytes for copy in range(2)]
    assert offsets(plan) == [[folder], tables, [info]]
    raw = path.read_bytes()
    now = plan[0][0].data
    # Two dots and A.JPG, then four entries of the long name and its short one, then C.JPG.
    assert now[:96] == raw[folder : folder + 96]
    assert now[96 : 96 + 128] == (b"\xe5" + bytes(31)) * 4
    assert now[224:] == raw[folder + 224 : folder + 512]
    for write, at in zip(plan[1], tables, strict=True):
        before = np.frombuffer(raw[at : at + 512], "<u4")
        after = np.frombuffer(write.data, "<u4")
        assert np.flatnonzero(before != after).tolist() == [7, 8, 9], "root, D, A.JPG to 6; the file; C.JPG"
        assert not after[7:10].any()
    assert read_fsinfo(plan[2][0].data) == (volume.cluster_count - 8, 13)


def test_reserved_bits_of_a_freed_cluster_stay(tmp_path: Path) -> None:
    path = fat(tmp_path / "c.img")
    set_entry(path, 9, 0xFFFFFFFF)
    with open_card(path, writable=True) as card:
        remove_files(card, [f"D/{NAME}"])
    geometry = volume_of(path).geometry
    assert struct.unpack_from("<I", path.read_bytes(), geometry.fat_offset_bytes + 36) == (0xF0000000,)


def test_a_name_in_two_sectors_goes_entry_first(tmp_path: Path) -> None:
    path = tmp_path / "c.img"
    format_fat32(path, 36_000_000, label="", partitioned=False)
    with FatWriter(path) as writer:
        for number in range(12):
            writer.add_file(f"D/F{number:02d}.JPG", b"", MOMENT)
        writer.add_file(f"D/{NAME}", b"x", MOMENT)
    extents = next(file for file in volume_of(path).files() if file.path == "D").extents
    first = extents[0].offset_bytes
    second = first + 512 if extents[0].length_bytes > 512 else extents[1].offset_bytes
    table = volume_of(path).geometry.fat_offset_bytes
    with open_card(path, writable=True) as card:
        plan = plan_unnaming(card, [f"D/{NAME}"])
        assert offsets(plan) == [[second], [first], [second, first]]
        assert not plan[2][0].data.strip(b"\0"), "nothing stands behind it: the directory ends before it"
        assert remove_names(card, [f"D/{NAME}"]) == 4
    with open_card(path, writable=True) as card:
        lost = lost_extents(card.volumes[0])
        assert lost[:, 1].tolist() == [512]
        assert offsets(plan_reclaim(card))[0][0] == table
        assert reclaim_lost(card, np.array([[lost[0, 0] + 512, 512]])) == 0, "not what was asked for"
        assert reclaim_lost(card, lost) == 3
    with open_card(path) as card:
        assert plan_reclaim(card) == ()
        assert plan_unnaming(card, []) == plan_removal(card, []) == ()


def test_the_stages_of_a_deletion_on_exfat(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", cluster_bytes=4096)
    path, volume = tmp_path / "c.img", exfat_of(tmp_path / "c.img")
    photo = next(file for file in volume.files() if file.path.endswith("IMG_0002.JPG"))
    clusters = [(e.offset_bytes - volume.heap_offset_bytes) // 4096 for e in photo.extents]
    with open_card(path) as card:
        plan = plan_removal(card, [photo.path])
    bitmap = builder.place(builder.bitmap_clusters[0])
    bits = sorted({bitmap + cluster // 8 // 512 * 512 for cluster in clusters})
    table = sorted({volume.geometry.fat_offset_bytes + (cluster + 2) * 4 // 512 * 512 for cluster in clusters})
    assert [sorted(stage) for stage in offsets(plan)][1:] == [bits, table, [0]]
    raw = path.read_bytes()
    for write in plan[1]:
        before = np.unpackbits(np.frombuffer(raw[write.offset_bytes :][:512], np.uint8), bitorder="little")
        after = np.unpackbits(np.frombuffer(write.data, np.uint8), bitorder="little")
        gone = np.flatnonzero(before & ~after & 1) + (write.offset_bytes - bitmap) * 8
        assert not (after & ~before & 1).any()
        assert set(gone.tolist()) <= set(clusters)
    assert plan[3][0].data[:112] == raw[:112]
    assert plan[3][0].data[113:] == raw[113:512]
    name = plan[0][0]
    assert name.data.count(b"\x05" + bytes(31)) == 3


@pytest.mark.parametrize("path", ["D", "nothing", "D/a.jpg"])
def test_what_cannot_be_deleted_is_counted(path: str, tmp_path: Path) -> None:
    fat(tmp_path / "c.img")
    with open_card(tmp_path / "c.img") as card, pytest.raises(BadInput) as caught:
        plan_removal(card, [path])
    assert caught.value.facts == {"path": path, "count": 1 if path == "D" else 0}


def test_a_wrong_hint_alone_is_put_right(tmp_path: Path) -> None:
    path = fat(tmp_path / "c.img")
    at = volume_of(path).geometry.fsinfo_offset_bytes
    assert at is not None
    bend(path, at + 488, struct.pack("<II", 7, 7))
    with open_card(path, writable=True, mending=True) as card:
        assert offsets(plan_reclaim(card)) == [[at]]
        reclaim_lost(card)
    assert volume_of(path).facts.free_clusters_hint == volume_of(path).cluster_count - 11
    bend(path, at + 488, b"\xff" * 8)
    with open_card(path, mending=True) as card:
        assert plan_reclaim(card) == (), "no hint is no wrong hint"


def test_a_scrub_sector_by_sector(tmp_path: Path) -> None:
    path = fat(tmp_path / "c.img")
    folder = next(file for file in volume_of(path).files() if file.path == "D").extents[0].offset_bytes
    raw = bytearray(path.read_bytes()[folder : folder + 512])
    for at in range(96, 224, 32):
        raw[at] = 0xE5
    gone = pack_record("GONE.JPG", b"GONE    JPG", 0x20, 0, 0, MOMENT)
    raw[256 + 32 : 256 + 64] = b"\xe5" + gone[1:]
    raw[256 + 96 : 256 + 128] = gone
    bend(path, folder, bytes(raw))
    with open_card(path) as card:
        ((write,),) = plan_scrub(card)
    assert write.offset_bytes == folder
    assert write.data == bytes(raw[:96]) + (b"\xe5" + bytes(31)) * 4 + bytes(raw[224:256]) + bytes(256)
    with open_card(path, writable=True) as card:
        assert scrub_deleted(card) == 1
    with open_card(path) as card:
        assert plan_scrub(card) == ()


def entries_of(card: Card) -> dict[str, deleted_module.DeletedEntry]:
    return {entry.path: entry for entry in deleted_entries(card.volumes[0])}


def deleted_fat(path: Path, *slots: bytes) -> dict[str, deleted_module.DeletedEntry]:
    """Deleted slots in a directory of a FAT32 card, read back."""
    fat(path)
    folder = next(file for file in volume_of(path).files() if file.path == "D").extents[0].offset_bytes
    bend(path, folder + 256, b"".join(slots))
    with open_card(path) as card:
        return entries_of(card)


def dead(name: str, short: bytes, cluster: int = 0, size: int = 0, kind: int = 0x20) -> bytes:
    packed = pack_record(name, short, kind, cluster, size, MOMENT)
    return b"".join(b"\xe5" + packed[at + 1 : at + 32] for at in range(0, len(packed), 32))


def test_deleted_names_of_fat(tmp_path: Path) -> None:
    long = dead("a long name.jpg", b"ALONGN~1JPG", 20, 1500)
    found = deleted_fat(tmp_path / "c.img", dead("B.JPG", b"B       JPG", 14, 700), long)
    assert {"D/_.JPG", "D/a long name.jpg"} <= found.keys()
    volume = volume_of(tmp_path / "c.img")
    short, whole = found["D/_.JPG"], found["D/a long name.jpg"]
    assert (short.first_cluster, short.size_bytes, short.state, short.modified) == (14, 700, "whole", MOMENT)
    assert (short.is_directory, short.chained, len(short.offsets_bytes)) == (False, False, 1)
    (extent,) = short.extents
    assert (extent.offset_bytes, extent.length_bytes) == (volume.heap_offset_bytes + 12 * 512, 1024)
    assert len(whole.offsets_bytes) == 3


def test_a_long_name_whose_checksum_fits_no_first_letter_is_not_that_files(tmp_path: Path) -> None:
    long = bytearray(dead("a long name.jpg", b"ALONGN~1JPG", 20, 1500))
    fitting = {short_checksum(bytes([letter]) + b"LONGN~1JPG") for letter in range(256)}
    assert len(fitting) == 256, "any checksum fits some letter while the first one is lost"
    long[13] ^= 1
    found = deleted_fat(tmp_path / "c.img", bytes(long))
    assert "D/a long name.jpg" not in found, "two parts with two checksums are not one name"


@pytest.mark.parametrize(
    ("slot", "read"),
    [(dead("B.JPG", b"B       JPG"), True), (dead("B.JPG", b"B       JPG", kind=0x40), False),
     (dead("B.JPG", b"B       JPG", kind=0x80), False), (dead("B.JPG", b"B       JPG", kind=0x08), False),
     (dead("B", b"B          "), False), (dead("B", b"B.         "), False), (b"\xe5A\x1fB" + bytes(28), False),
     (b"\xe5A B" + b" " * 7 + b"\x20" + bytes(20), True)],
)  # fmt: skip
def test_what_was_a_short_entry(slot: bytes, read: bool, tmp_path: Path) -> None:
    assert bool(deleted_fat(tmp_path / "c.img", slot)) == read


@pytest.mark.parametrize(
    ("first", "size", "state"),
    [(14, 512, "whole"), (14, 0, "gone"), (1, 512, "gone"), (0, 512, "unplaced"), (12, 1024, "gone"), (3, 512, "gone"),
     (11, 1024, "gone"), (-1, 512, "whole"), (-1, 513, "gone"), (-2, 1024, "whole")],
)  # fmt: skip
def test_where_deleted_contents_lay(first: int, size: int, state: str, tmp_path: Path) -> None:
    fat(tmp_path / "probe.img")
    last = volume_of(tmp_path / "probe.img").cluster_count + 1
    at = last + 1 + first if first < 0 else first
    (found,) = deleted_fat(tmp_path / "c.img", dead("B.JPG", b"B       JPG", at, size)).values()
    assert found.state == state
    assert bool(found.extents) == (state == "whole" or found.first_cluster in (3, 11, 12))


def test_a_gap_between_dead_entries_parts_a_name(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img", finish=False, cluster_bytes=4096)
    whole = ExfatBuilder.entry_set(builder, Node("first part and second part.jpg", deleted=True))
    live = ExfatBuilder.entry_set(builder, Node("between.jpg"))
    builder.extra_root = whole[64:96] + live + whole[96:128]
    builder.finish()
    with open_card(tmp_path / "c.img") as card:
        found = entries_of(card)
    assert {"first part and", " second part.jp"} & {path.strip("\0") for path in found} or len(found) >= 2
    assert all(entry.state == "unplaced" and not entry.extents for path, entry in found.items() if "part" in path)


def test_more_deleted_entries_than_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = [dead(f"B{number}.JPG", b"B%d      JPG" % number) for number in range(6)]
    monkeypatch.setattr(deleted_module, "MAX_DELETED", 4)
    fat(tmp_path / "c.img")
    folder = next(file for file in volume_of(tmp_path / "c.img").files() if file.path == "D").extents[0].offset_bytes
    bend(tmp_path / "c.img", folder + 256, b"".join(slots))
    with open_card(tmp_path / "c.img") as card:
        assert len(list(deleted_entries(card.volumes[0]))) == 4


def test_free_extents_can_be_read_and_not_written(tmp_path: Path) -> None:
    for path in (fat(tmp_path / "f.img"), exfat_card(tmp_path / "e.img").path):
        with open_card(path) as card:
            for array in (card.free, card.volumes[0].free):
                with pytest.raises(ValueError, match="read-only"):
                    array[0, 0] = 1
            with pytest.raises(ValueError, match=r"^3 bytes at 5 are not inside one free extent$"):
                FreeWriter(card).write(5, b"abc")


def test_tables_that_differ_in_a_far_piece(tmp_path: Path) -> None:
    """Beyond the first 4 MiB of the table, which is read in pieces; the two first entries may differ."""
    path = tmp_path / "c.img"
    format_fat32(path, 1_100_000_000, label="", partitioned=False, cluster_bytes=512)
    set_entry(path, 0, 0x0FFFFFF0, copies=(1,))
    assert volume_of(path).free[:, 1].sum() == (volume_of(path).cluster_count - 1) * 512
    set_entry(path, 1_100_000, 5, copies=(1,))
    with pytest.raises(BadInput) as caught:
        volume_of(path)
    assert caught.value.key == "cards.mirrors_differ"
    assert (caught.value.facts["count"], caught.value.facts["cluster"]) == (1, 1_100_000)
    with open_card(path, writable=True, mending=True) as card:
        lost = lost_extents(card.volumes[0])
        assert lost.tolist() == [[card.volumes[0].heap_offset_bytes + (1_100_000 - 2) * 512, 512]]
        reclaim_lost(card)
    assert volume_of(path).free[:, 1].sum() == (volume_of(path).cluster_count - 1) * 512


def test_a_bad_sector_is_of_its_card(tmp_path: Path) -> None:
    """Wherever in the block of a card it is met: the person is told of which card; another disk's error stays."""
    contents = fat(tmp_path / "c.img").read_bytes()
    device = FailingDevice(memory_device(contents, "card.img"))
    card = card_on(device)
    at = int(card.free[0, 0])
    device.bad_sectors = frozenset({at // 512})
    with pytest.raises(BadInput) as caught, card:
        device.read(at, 512)
    assert (caught.value.key, caught.value.facts["path"]) == ("cards.unreadable", "card.img")
    assert caught.value.facts["reason"] == "files.reason.hurt"
    with pytest.raises(FileNotFoundError), card_on(FailingDevice(memory_device(contents))):
        (tmp_path / "elsewhere").read_bytes()


def sysfs(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return root / "sda"


@pytest.mark.parametrize(
    ("files", "serial"),
    [({"sda/device/serial": "S1\n", "sda/serial": "S2"}, "S1"), ({"sda/serial": " S2\0\n"}, "S2"),
     ({"sda/device/vpd_pg80": b"\0\x80\0\x04 S3 ", "sda/serial": ""}, "S3"), ({"sda/device/wwid": "W4"}, "W4"),
     ({"sda/wwid": "W5"}, "W5"), ({"sda/removable": "1"}, "sda"), ({"serial": "U6", "sda/device/x": ""}, "U6")],
)  # fmt: skip
def test_which_serial_number_is_shown(files: dict[str, str | bytes], serial: str, tmp_path: Path) -> None:
    home = sysfs(tmp_path / "host", files)
    home.mkdir(exist_ok=True)
    assert linux.device_facts(home).serial == serial


@pytest.mark.parametrize(("text", "number"), [("4096\n", 4096), ("512", 512), ("", 7), ("-1", 7), ("x", 7)])
def test_numbers_of_sysfs(text: str, number: int, tmp_path: Path) -> None:
    (tmp_path / "size").write_text(text)
    assert linux._number(tmp_path / "size", 7) == number
    assert linux._number(tmp_path / "nothing", 7) == 7
