"""Reading is lenient, writing strict: what operating systems read is read and listed, and never written to."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cards.cards_made import bend, exfat_card, fat_card, noise, refusal, remove_files, set_entry, volume_of
from tests.cards.exfat_builder import ExfatBuilder
from tests.cards.judges import run

from fifthfloor.cards.image import open_card
from fifthfloor.cards.reading import RESCUED, read_card
from fifthfloor.tasks.search.recover import recover
from fifthfloor.tasks.search.tidy import tidy
from fifthfloor.words import cards as words

FILES = {"DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/IMG_0002.JPG", "DCIM/100CANON/IMG_0003.JPG"}
Bend = Callable[[Path], None]


def files_of(path: Path) -> set[str]:
    with read_card(path) as card:
        return {file.path for file in card.files() if not file.is_directory}


def borne_on(path: Path) -> set[str]:
    with read_card(path) as card:
        return {fault.key for fault in card.borne}


def both_tables(cluster: int, value: int) -> Bend:
    return lambda path: set_entry(path, cluster + first_of(path), value)


def first_of(path: Path, name: str = "IMG_0002.JPG") -> int:
    with read_card(path) as card:
        volume = card.volumes[0]
        (start,) = [file.extents[0].offset_bytes for file in volume.files() if file.path.endswith(name)]
        return (start - volume.heap_offset_bytes) // volume.cluster_bytes + 2


def second_table_empty(path: Path) -> None:
    geometry = volume_of(path).geometry
    bend(path, geometry.fat_offset_bytes + geometry.fat_bytes + 8, bytes(geometry.fat_bytes - 8))


def shut_wrongly(path: Path) -> None:
    bend(path, volume_of(path).geometry.fat_offset_bytes + 4, struct.pack("<I", 0x07FFFFFF))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30_000_000])


# what is bent, what a writer says, what a reader bore, whether the system's own checker mends it as the hint says
FAT: dict[str, tuple[Bend, str, str, bool]] = {
    "dirty": (lambda p: bend(p, 65, b"\1"), "cards.dirty", "cards.dirty", True),
    "not shut down": (shut_wrongly, "cards.dirty", "cards.dirty", True),
    "errors": (lambda p: bend(p, 65, b"\2"), "cards.media_errors", "cards.media_errors", False),
    "one table kept": (lambda p: bend(p, 40, b"\x80"), "cards.fat_mirroring_off", "cards.fat_mirroring_off", False),
    "second table never written": (second_table_empty, "cards.mirrors_differ", "cards.mirrors_differ", True),
    "signature": (lambda p: bend(p, 511, b"\xba"), "cards.no_file_system", "cards.boot_signature", False),
    "jump": (lambda p: bend(p, 0, b"\0\0\0"), "cards.no_file_system", "", False),
    "version": (lambda p: bend(p, 42, b"\1"), "cards.fat_boot", "cards.fat_boot", False),
    "boot sector": (lambda p: bend(p, 0, bytes(512)), "cards.no_file_system", "cards.boot_copy", False),
    "ext4 was here": (lambda p: bend(p, 0x438, b"\x53\xef"), "cards.other_file_system", "cards.leftover", False),
    "LVM was here": (lambda p: bend(p, 512, b"LABELONE"), "cards.other_file_system", "cards.leftover", False),
    "chain breaks": (both_tables(3, 0), "cards.uses_free", "cards.uses_free", True),
    "chain leaves": (both_tables(3, 0x00FFFFFF), "cards.chain_leaves", "cards.chain_leaves", True),
    "half an image": (cut_short, "cards.cut_short", "cards.cut_short", False),
}


@pytest.mark.parametrize("kind", FAT)
def test_a_fat_card_that_systems_read(kind: str, tmp_path: Path) -> None:
    how, refused, borne, _ = FAT[kind]
    path = fat_card(tmp_path / "c.img")
    before = files_of(path)
    how(path)
    kept = path.read_bytes()
    assert refusal(path) == refused
    assert files_of(path) == before >= FILES
    assert not borne or borne in borne_on(path)
    assert path.read_bytes() == kept


@pytest.mark.judge("fsck.fat")
@pytest.mark.parametrize("kind", [kind for kind, row in FAT.items() if row[3]])
def test_the_checker_that_a_hint_names_mends_a_fat_card(kind: str, tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    FAT[kind][0](path)
    run("fsck.fat", "-a", "-w", path)
    assert refusal(path) == ""


def exfat_bends(path: Path) -> dict[str, tuple[list[tuple[int, bytes]], str, str, bool]]:
    data = path.read_bytes()
    entry = data.index("IMG_0001.JPG".encode("utf-16-le")) - 2 - 64
    bitmap = data.index(b"\x81\0" + bytes(18))
    return {
        "dirty": ([(106, b"\2")], "cards.dirty", "cards.dirty", True),
        "errors": ([(106, b"\4")], "cards.media_errors", "cards.media_errors", False),
        "checksum": ([(11 * 512, b"\0\0")], "cards.boot_checksum", "cards.boot_copy", True),
        "two tables": ([(110, b"\2")], "cards.texfat", "cards.boot_copy", True),
        "both two tables": ([(110, b"\2"), (12 * 512 + 110, b"\2")], "cards.texfat", "cards.texfat", False),
        "first sectors": ([(0, bytes(6 * 512))], "cards.no_file_system", "cards.boot_copy", False),
        "set checksum": ([(entry + 2, b"\0\0")], "cards.entry_set", "cards.entry_set", True),
        "no bitmap": ([(bitmap, b"\1")], "cards.entry_missing", "cards.entry_missing", False),
    }


KINDS = ("dirty", "errors", "checksum", "two tables", "both two tables", "first sectors", "set checksum", "no bitmap")


@pytest.mark.parametrize("kind", KINDS)
def test_an_exfat_card_that_systems_read(kind: str, tmp_path: Path) -> None:
    path = exfat_card(tmp_path / "c.img").path
    before = files_of(path)
    bends, refused, borne, _ = exfat_bends(path)[kind]
    for at, data in bends:
        bend(path, at, data)
    assert refusal(path) == refused
    assert files_of(path) == before
    assert borne in borne_on(path)


@pytest.mark.judge("fsck.exfat")
@pytest.mark.parametrize("kind", ["dirty", "checksum"])
def test_the_checker_that_a_hint_names_mends_an_exfat_card(kind: str, tmp_path: Path) -> None:
    path = exfat_card(tmp_path / "c.img").path
    for at, data in exfat_bends(path)[kind][0]:
        bend(path, at, data)
    run("fsck.exfat", "-y", path)
    assert refusal(path) == ""


def states_of_a_card() -> dict[str, str]:
    """Hints of refusals that are about what is on a card, not about how it was given or is held."""
    ways = ("format", "checker", "cut short", "make the image again", "use another card")
    return {key: hint for key, (_, hint) in words.ERRORS.items() if any(way in hint for way in ways)}


def test_every_hint_of_a_card_that_is_refused_has_a_way_out_that_works_for_any_fault() -> None:
    """Copying and a format, an image made anew, another card: what is left to the checker alone may not be mended."""
    only_told = {"cards.dirty"}  # each checker takes that flag off (tests above)
    told = states_of_a_card()
    assert len(told) >= 40
    assert {key for key, hint in told.items() if "checker" in hint and "format it" not in hint} == only_told


GRAVER = [kind for kind, row in FAT.items() if row[1] not in ("cards.dirty", "cards.media_errors")]
GRAVER_EXFAT = [kind for kind in KINDS if kind not in ("dirty", "errors")]


@pytest.mark.parametrize("kind", [*GRAVER, *(f"exFAT: {kind}" for kind in GRAVER_EXFAT)])
def test_a_card_that_was_pulled_is_refused_for_what_else_is_wrong_with_it(kind: str, tmp_path: Path) -> None:
    """The checker that takes the mark off deletes what else is damaged: it is named where nothing else is."""
    if kind in FAT:
        path, (how, refused, _, _) = fat_card(tmp_path / "c.img"), FAT[kind]
        how(path)
        bend(path, 65, b"\1")
    else:
        path = exfat_card(tmp_path / "c.img").path
        bends, refused, _, _ = exfat_bends(path)[kind.removeprefix("exFAT: ")]
        for at, data in [*bends, (106, b"\2")]:
            bend(path, at, data)
    assert refusal(path) == refused


@pytest.mark.judge("mkfs.fat", "mkfs.exfat")
@pytest.mark.parametrize(
    "kind", [*(kind for kind in FAT if kind != "half an image"), *(f"exFAT: {kind}" for kind in KINDS)]
)  # an image that was cut short is made again
def test_a_format_is_the_way_out_of_every_refusal_that_can_be_made(kind: str, tmp_path: Path) -> None:
    if kind in FAT:
        path = fat_card(tmp_path / "c.img")
        FAT[kind][0](path)
    else:
        path = exfat_card(tmp_path / "c.img").path
        for at, data in exfat_bends(path)[kind.removeprefix("exFAT: ")][0]:
            bend(path, at, data)
    assert refusal(path) in states_of_a_card()
    made = run("mkfs.fat", "-F", "32", "-s", "1", path) if kind in FAT else run("mkfs.exfat", path)
    assert (made.returncode, refusal(path)) == (0, ""), made.stderr


def test_sizes_of_directories_and_chains_that_are_none(tmp_path: Path) -> None:
    """A dashcam's directory of 30,304 bytes; a camera that says a chain is in the table, and wrote none."""
    builder = exfat_card(tmp_path / "c.img", cluster_bytes=32768, finish=False)
    chained = builder.add("DCIM/100CANON/IMG_0009.JPG", noise(100_000, 9), start=300)
    chained.no_chain = False
    builder.finish()
    data = bytearray(builder.path.read_bytes())
    folder = data.index("100CANON".encode("utf-16-le")) - 2 - 64
    from fifthfloor.cards.exfat_entries import set_checksum

    for at in (folder + 32 + 8, folder + 32 + 24):
        data[at : at + 8] = struct.pack("<Q", 30_304)
    data[folder + 2 : folder + 4] = struct.pack("<H", set_checksum(bytes(data[folder : folder + 96])))
    builder.path.write_bytes(data)
    assert refusal(builder.path) == "cards.entry_sizes"
    assert files_of(builder.path) >= FILES - {"DCIM/100CANON/IMG_0003.JPG"}
    with read_card(builder.path) as card:
        (file,) = [file for file in card.files() if file.path.endswith("IMG_0009.JPG")]
        assert b"".join(card.volumes[0].read_file(file)) == noise(100_000, 9)
        assert {fault.key for fault in card.borne} == {"cards.entry_sizes", "cards.chain_missing"}


@pytest.mark.judge("fsck.fat")
def test_a_writer_loses_the_last_cluster_and_not_the_card(tmp_path: Path) -> None:
    """A volume one sector longer than its partition, as compact cameras make them and sell them."""
    path = fat_card(tmp_path / "c.img")
    before, volume = files_of(path), volume_of(path)
    sectors = struct.unpack("<I", path.read_bytes()[32:36])[0]
    for at in (32, 6 * 512 + 32):
        bend(path, at, struct.pack("<I", sectors + 1))
    again = volume_of(path)
    assert (again.cluster_count, again.geometry.lost_clusters) == (volume.cluster_count, 1)
    with open_card(path, writable=True) as card:
        remove_files(card, ["DCIM/100CANON/IMG_0002.JPG"])
    assert files_of(path) == before - {"DCIM/100CANON/IMG_0002.JPG"}
    assert tidy(path).swept_bytes == 0


def test_an_exfat_writer_keeps_the_bit_of_a_cluster_that_is_cut(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img")
    with open_card(builder.path) as card:
        (bitmap,) = card.volumes[0].bitmap_extents  # type: ignore[attr-defined]
        count = card.volumes[0].cluster_count
    at = bitmap.offset_bytes + (count - 1) // 8
    byte = builder.path.read_bytes()[at] | 1 << (count - 1) % 8  # a driver has marked it as taken
    bend(builder.path, at, bytes([byte]))
    builder.path.write_bytes(builder.path.read_bytes()[:-512])
    with open_card(builder.path, writable=True) as card:
        assert card.volumes[0].cluster_count == count - 1
        remove_files(card, ["DCIM/100CANON/IMG_0001.JPG"])
    assert builder.path.read_bytes()[at] & 1 << (count - 1) % 8


def test_clusters_without_entries_do_not_exist(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    geometry = volume_of(path).geometry
    entries = geometry.fat_bytes // 4 - 2
    heap = (geometry.heap_offset_bytes - geometry.offset_bytes) // 512
    sectors = heap + (entries + 4) * geometry.cluster_bytes // 512
    for at in (32, 6 * 512 + 32):
        bend(path, at, struct.pack("<I", sectors))
    with path.open("r+b") as image:
        image.truncate(sectors * 512)
    assert volume_of(path).cluster_count == entries


@pytest.mark.parametrize("what", ["table", "both"])
def test_a_card_whose_tables_are_gone(what: str, tmp_path: Path) -> None:
    """Without a partition table the volume is found by its first sector; without that too the device is carved."""
    path = fat_card(tmp_path / "c.img", partitioned=True)
    start = volume_of(path).offset_bytes
    bend(path, 0, bytes(512))
    if what == "both":
        for sector in range(0, 12):
            bend(path, start + sector * 512, bytes(512))
    with read_card(path) as card:
        keys = {fault.key for fault in card.borne}
        if what == "table":
            assert {file.path for file in card.files()} >= FILES
            assert "cards.table_gone" in keys
        else:
            assert not card.volumes
            assert "cards.no_file_system" in keys
            assert card.free.tolist() == [[0, path.stat().st_size]]


def test_a_partition_that_leaves_the_card_ends_with_it(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img", partitioned=True)
    before = files_of(path)
    sectors = struct.unpack("<I", path.read_bytes()[458:462])[0]
    bend(path, 458, struct.pack("<I", sectors + 5))
    assert refusal(path) == "cards.partition_leaves"
    assert files_of(path) == before
    assert borne_on(path) == {"cards.partition_leaves"}


GIVEN_UP: dict[str, Bend] = {
    "partition table": lambda path: bend(path, 0, bytes(512)),
    "partition too long": lambda path: bend(path, 461, b"\1"),
    "a directory ends early": lambda path: bend(path, path.read_bytes().index(b"IMG_0002JPG"), b"\0"),
    **{kind: FAT[kind][0] for kind in ("boot sector", "signature", "jump", "version", "half an image")},
}


LOSE_A_NAME = {"a directory ends early"}  # and what it names is noise here, which nothing finds


@pytest.mark.parametrize(
    "kind", [*GIVEN_UP, "exfat checksum", "exfat first sectors", "exfat no bitmap", "exfat set checksum"]
)
def test_whatever_is_to_be_formatted_comes_back_with_recover(kind: str, tmp_path: Path) -> None:
    """The hint of such a refusal says `recover`, then format: it brings the visible files too, and the deleted ones."""
    if kind.startswith("exfat"):
        path = exfat_card(tmp_path / "c.img").path
        bends = exfat_bends(path)[kind.removeprefix("exfat ")][0]
    else:
        path, bends = fat_card(tmp_path / "c.img", partitioned=kind in ("partition table", "partition too long")), []
    kept = open_card(Path(shutil.copyfile(path, tmp_path / "kept.img")))
    for at, data in bends:
        bend(path, at, data)
    if kind in GIVEN_UP:
        GIVEN_UP[kind](path)
    key = refusal(path)
    assert key in RESCUED
    assert "with `fifthfloor recover`" in words.ERRORS[key][1]
    back = {file.path.name: file.path.read_bytes() for file in recover(path, tmp_path / "out").files}
    with kept:
        volume = kept.volumes[0]
        for file in volume.files():
            if file.size_bytes and not file.is_directory and not (kind in LOSE_A_NAME and "0002" in file.path):
                assert back[file.path.rpartition("/")[2]] == b"".join(volume.read_file(file)), file.path


@pytest.mark.parametrize("system", ["fat", "exfat"])
def test_a_visible_photograph_of_an_image_cut_short_is_called_partial(system: str, tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img") if system == "fat" else exfat_card(tmp_path / "c.img").path
    with read_card(path) as card:
        files = [file for file in card.files() if file.size_bytes > 2 * card.volumes[0].cluster_bytes]
        last = max(files, key=lambda file: file.extents[-1].offset_bytes)
        cut = last.extents[-1].offset_bytes + last.extents[-1].length_bytes - card.volumes[0].cluster_bytes
    with path.open("r+b") as image:
        image.truncate(cut)
    found = {file.path.name: file.whole for file in recover(path, tmp_path / "out").files}
    stem, _, ending = last.path.rpartition("/")[2].rpartition(".")
    assert found[f"{stem}.partial.{ending}"] is False
    assert last.path.rpartition("/")[2] not in found


def test_every_hint_that_says_recover_then_format_is_kept() -> None:
    """`recover` copies what is visible wherever a hint sends a person to it before a format, and nowhere else."""
    said = {key for key, (_, hint) in words.ERRORS.items() if "bring its photographs back with `fifthfloor" in hint}
    assert said == RESCUED


def test_a_file_without_its_chain_comes_back_by_name(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    first = first_of(path, "IMG_0001.JPG")
    data = bytearray(path.read_bytes())
    start = volume_of(path).geometry.heap_offset_bytes + (first - 2) * volume_of(path).cluster_bytes
    data[start : start + 3] = b"\xff\xd8\xff"
    path.write_bytes(data)
    for cluster in range(first, first + -(-100_000 // volume_of(path).cluster_bytes)):
        geometry_free(path, cluster)
    back = recover(path, tmp_path / "out").files
    assert [file.path.name.replace(".partial", "") for file in back] == ["IMG_0001.JPG"]
    assert back[0].path.read_bytes() == bytes(data[start : start + 100_000])


def geometry_free(path: Path, cluster: int) -> None:
    with read_card(path) as card:
        geometry = card.volumes[0].geometry
    for copy in range(2):
        bend(path, geometry.fat_offset_bytes + copy * geometry.fat_bytes + cluster * 4, bytes(4))


def set_next(path: Path, cluster: int, following: int) -> None:
    with read_card(path) as card:
        geometry = card.volumes[0].geometry
    for copy in range(2):
        at = geometry.fat_offset_bytes + copy * geometry.fat_bytes + cluster * 4
        bend(path, at, following.to_bytes(4, "little"))


def test_files_that_share_clusters_come_back_and_none_of_both_is_called_whole(tmp_path: Path) -> None:
    """The hint sends to the system's checker, which cuts one of them: `recover` copies what is visible before."""
    path = fat_card(tmp_path / "c.img")
    set_next(path, first_of(path, "IMG_0001.JPG") + 1, first_of(path, "IMG_0002.JPG") + 1)
    assert refusal(path) == "cards.cross_linked"
    found = {file.path.name: file.whole for file in recover(path, tmp_path / "out").files}
    assert {name: whole for name, whole in found.items() if "IMG" in name} == {
        "IMG_0001.partial.JPG": False,
        "IMG_0002.partial.JPG": False,
        "IMG_0003.JPG": True,
    }


def test_a_directory_without_its_chain_is_copied_before_a_checker_cuts_it(tmp_path: Path) -> None:
    """Of 90 photographs behind such a directory the checker left 32 their names, and `recover` had brought none."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=512)
    for number in range(20):
        builder.add(f"DCIM/100CANON/IMG_{number:04d}.JPG", noise(2000, number))
    builder.finish()
    with read_card(builder.path) as card:
        folder = next(file for file in card.files() if file.path == "DCIM/100CANON")
        geometry = card.volumes[0].geometry
    first = (folder.extents[0].offset_bytes - geometry.heap_offset_bytes) // 512 + 2
    bend(builder.path, geometry.fat_offset_bytes + first * 4, bytes(4))
    assert refusal(builder.path) in RESCUED
    assert len([file for file in recover(builder.path, tmp_path / "out").files if file.whole]) == 20
