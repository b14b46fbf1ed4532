"""What a table, a length or an end mark no longer tells: contents that are there come back, under their own names."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from tests.audit.made import box, camera_card, film, name, photograph
from tests.cards.cards_made import bend, set_entry, volume_of
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.chains import Chains
from fifthfloor.cards.reading import read_card
from fifthfloor.errors import FifthFloorError
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover
from fifthfloor.tasks.search.tidy import look

END = 0x0FFFFFFF
MIB = 24 << 20


def unchecked(path: Path) -> dict[str, int]:
    return {item.what: item.count for item in audit([path], None).report.unchecked}


def brought_back(path: Path, out: Path) -> dict[str, bytes]:
    """Everything that `recover` calls whole, by its path."""
    files = recover(path, out).files
    return {file.path.relative_to(out).as_posix(): file.path.read_bytes() for file in files if file.whole}


def clusters_of(path: Path, number: int) -> list[int]:
    with read_card(path) as card:
        volume = card.volumes[0]
        (file,) = [file for file in volume.files() if file.path == name(number)]
        size = volume.cluster_bytes
        return [
            (at - volume.heap_offset_bytes) // size + 2
            for extent in file.extents
            for at in range(extent.offset_bytes, extent.offset_bytes + extent.length_bytes, size)
        ]


def entry_at(path: Path, short: bytes) -> int:
    return path.read_bytes().index(short)


@pytest.mark.parametrize("rest", [0, END], ids=["free", "lost"])
@pytest.mark.parametrize("kept", [1, 40])
def test_a_file_with_a_part_of_its_chain_comes_back_whole(rest: int, kept: int, tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 2)
    clusters = clusters_of(path, 2)
    geometry = volume_of(path).geometry
    for cluster in clusters[kept - 1 :]:
        entry = struct.pack("<I", END if cluster == clusters[kept - 1] else rest)
        for copy in range(geometry.fat_count):
            bend(path, geometry.fat_offset_bytes + copy * geometry.fat_bytes + 4 * cluster, entry)
    assert brought_back(path, tmp_path / "out")[name(2)] == photograph(2)


def test_of_two_names_for_one_place_the_right_one_is_believed(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 3, delete=(2, 3))
    third = path.read_bytes()[entry_at(path, b"\xe5SC_0003JPG") :][:32]
    older = entry_at(path, b"\xe5SC_0002JPG")
    bend(path, older + 20, third[20:22])  # the third was written where the second had been
    bend(path, older + 26, third[26:28] + struct.pack("<I", len(photograph(3)) + 51))
    back = brought_back(path, tmp_path / "out")
    assert back["DCIM/100NCD90/_SC_0003.JPG"] == photograph(3)
    assert "DCIM/100NCD90/_SC_0002.JPG" not in back
    assert photograph(2) in back.values()


def test_of_names_that_fit_equally_well_none_is_believed(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=4096)
    data = photograph(4)
    for one, more in (("DSC_0001.JPG", 700), ("DSC_0002.JPG", 900), ("MVI_0003.MP4", 0)):
        builder.delete(builder.add(f"DCIM/100NCD90/{one}", data + bytes(more), start=2000))
    builder.finish()
    (only,) = brought_back(builder.path, tmp_path / "out").items()
    assert only[0].startswith("carved/")
    assert only[1] == data


def test_lost_chains_are_followed_and_lost_directories_name_their_files(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 2)
    clusters = clusters_of(path, 2)
    geometry = volume_of(path).geometry
    half = len(clusters) // 2
    moved = [20_000 + index for index in range(half)]  # the first half lies behind the second
    data = photograph(2)
    for index, cluster in enumerate(moved):
        place = geometry.heap_offset_bytes + (cluster - 2) * geometry.cluster_bytes
        bend(path, place, data[index * 512 : index * 512 + 512])
        set_entry(path, cluster, cluster + 1 if index + 1 < half else clusters[half])
    bend(path, entry_at(path, b"DSC_0002JPG") + 26, struct.pack("<H", moved[0]))
    bend(path, entry_at(path, b"100NCD90   "), bytes(32))
    back = brought_back(path, tmp_path / "out")
    assert back["(earlier roll 1)/DSC_0001.JPG"] == photograph(1)
    assert data in back.values()
    assert look(path).lost_bytes > 2 * len(data) - 1024


def test_names_behind_the_break_of_a_directorys_chain_come_back(tmp_path: Path) -> None:
    """Of the set that the break divides the photograph alone is left."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    made = {f"IMG_{number:04d}.JPG": photograph(number, width=64, height=48) for number in range(100)}
    for called, data in made.items():
        builder.add(f"DCIM/100CANON/{called}", data, start=100)
    builder.finish()
    with read_card(builder.path) as card:
        geometry = card.volumes[0].geometry
        folder = next(file for file in card.files() if file.path == "DCIM/100CANON")
    first = (folder.extents[0].offset_bytes - geometry.heap_offset_bytes) // 4096 + 2
    bend(builder.path, geometry.fat_offset_bytes + first * 4, b"\xff\xff\xff\xff")
    with read_card(builder.path) as card:
        shown = {file.path.rpartition("/")[2] for file in card.files()}
    back = {file.path.name: file.path.read_bytes() for file in recover(builder.path, tmp_path / "out").files}
    assert len(made.keys() - shown - back.keys()) == 1
    assert all(back[called] == data for called, data in made.items() if called in back)


@pytest.mark.parametrize(
    ("table", "order"),
    [
        ({5: 6, 6: END}, [(5, 2)]),
        ({9: 5, 5: 6, 6: END, 3: END}, [(3, 1), (9, 1), (5, 2)]),
        ({5: 6, 6: 5}, [(5, 2)]),
        ({7: 5, 5: 7}, [(5, 1), (7, 1)]),
        ({5: 900, 6: 5}, [(6, 1), (5, 1)]),
    ],
)
def test_the_order_of_lost_clusters(table: dict[int, int], order: list[tuple[int, int]]) -> None:
    entries = np.zeros(12, np.uint32)
    for cluster, following in table.items():
        entries[cluster] = following
    assert Chains("card", entries, entries[2:] != 0, 0x0FFFFFF8, 0x0FFFFFF7).lost_in_order() == order


def test_slack_of_no_known_form_is_not_checked_and_says_so(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=32768)
    node = builder.add("A.TXT", b"x" * 100)
    half = builder.add("B.TXT", b"y" * 1000, written=1000)
    builder.finish()
    place = builder.place(node.clusters[0])
    assert "slack_remains" not in unchecked(builder.path)
    small = photograph(3, width=160, height=120)
    bend(builder.path, place + 700, small)  # not on a sector: no carver begins there
    told = unchecked(builder.path)["slack_remains"]
    assert 0 <= told - len(small) <= 1024
    bend(builder.path, builder.place(half.clusters[0]) + 1536, b"what stood here")
    assert unchecked(builder.path)["slack_remains"] == told + 512
    assert audit([builder.path], None).report.verdict == "unlooked"


def test_the_tails_of_bitmap_and_up_case_table_are_searched(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=131072)
    builder.add("A.TXT", b"x")
    builder.finish()
    with read_card(builder.path) as card:
        tails = card.volumes[0].tails
    small = photograph(5, width=160, height=120)
    for tail in tails:
        bend(builder.path, tail.offset_bytes + 4096, small)
    assert len(tails) == 2
    assert [*brought_back(builder.path, tmp_path / "out").values()].count(small) == 2


def test_what_lies_between_volumes_is_counted(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 1)
    with path.open("ab") as image:
        image.write(bytes(64 << 10) + b"something that is no photograph".ljust(512) + bytes(64 << 10))
    assert unchecked(path)["outside"] == 512


def test_noise_behind_a_volume_is_counted_but_for_the_picture_in_it(tmp_path: Path) -> None:
    path = camera_card(tmp_path / "c.img", 1)
    picture = photograph(6, width=160, height=120)
    with path.open("ab") as image:
        behind = image.tell()
        image.write(bytes(64 << 10) + random.Random(6).randbytes(5 * MIB >> 5) + bytes(64 << 10))
    bend(path, behind + (128 << 10), picture)
    sectors = (5 * MIB >> 5) // 512
    assert unchecked(path)["outside"] == (sectors - -(-len(picture) // 512)) * 512


def test_an_end_mark_inside_of_a_set_ends_the_directory(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=4096)
    for number in range(1, 5):
        builder.add(f"DCIM/100NCD90/DSC_{number:04d}.JPG", photograph(number))
    builder.finish()
    data = builder.path.read_bytes()
    directory = builder.place(builder.directory("DCIM/100NCD90").clusters[0])
    second = directory + 3 * 32
    assert data[second] == 0x85
    bend(builder.path, second + 32, b"\0")
    found = {item.kind: item for item in audit([builder.path], None).report.findings}
    assert found["card.two_readings"].facts["count"] == 2
    back = brought_back(builder.path, tmp_path / "out")
    assert [back[name(number)] for number in (3, 4)] == [photograph(3), photograph(4)]
    assert photograph(2) in back.values()
    with pytest.raises(FifthFloorError):
        look(builder.path)


def test_a_text_behind_the_end_mark_is_no_name(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=4096)
    builder.add("DCIM/100NCD90/DSC_0001.JPG", photograph(1))
    builder.finish()
    directory = builder.place(builder.directory("DCIM/100NCD90").clusters[0])
    bend(builder.path, directory + 512, ("A log line without any name 12:00\r\n" * 40).encode("utf-16-le"))
    report = audit([builder.path], None).report
    assert not {"card.deleted", "card.deleted_other"} & {item.kind for item in report.findings}
    assert unchecked(builder.path)["slack_remains"] >= 2560


def test_films_and_pictures_to_the_end_of_the_file_are_whole_by_their_entries(tmp_path: Path) -> None:
    whole = film(1, b"isom")
    moov = box(b"moov", box(b"mvhd", bytes(100)))
    streamed = whole[:20] + moov + b"\0\0\0\0mdat" + photograph(9) + bytes(5000)
    jxl = (
        bytes.fromhex("0000000c4a584c200d0a870a") + box(b"ftyp", b"jxl \0\0\0\0jxl ") + b"\0\0\0\0jxlc" + photograph(8)
    )
    builder = ExfatBuilder(tmp_path / "c.img", MIB, cluster_bytes=4096)
    for one, data, start in (("MVI_0001.MP4", streamed, 2000), ("IMG_0002.JXL", jxl, 4000)):
        builder.delete(builder.add(f"DCIM/100NCD90/{one}", data, start=start))
    builder.finish()
    back = brought_back(builder.path, tmp_path / "out")
    assert back == {"DCIM/100NCD90/MVI_0001.MP4": streamed, "DCIM/100NCD90/IMG_0002.JXL": jxl}
