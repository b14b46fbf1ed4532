"""What a card counts beyond its end, and clusters of nobody: the report says so, and whoever writes says it stays."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.audit.made import camera_card
from tests.tasks.quick import command

from fifthfloor.cards.image import open_card
from fifthfloor.tasks.search.audit import audit


def test_a_last_cluster_without_room_is_said_by_readers_and_writers(tmp_path: Path) -> None:
    card = camera_card(tmp_path / "c.img", 2, delete=(2,))
    with open_card(card) as opened:
        end = opened.volumes[0].heap_offset_bytes + opened.volumes[0].cluster_count * 512
    with card.open("r+b") as file:
        file.truncate(end - 512)
    (target,) = audit([card], None).report.targets
    assert [(fault.key, fault.facts["count"]) for fault in target.borne] == [("cards.last_clusters", 1)]
    said = "counts 1 cluster more"
    assert said in command("audit", card).out.replace("\n", " ")
    assert said in command("recover", card, "--out", tmp_path / "out").out.replace("\n", " ")
    assert said in command("tidy", card, "--dry-run").err.replace("\n", " ")
    wiped = command("wipe", card, "--dry-run", "--json")
    assert [one["cut_clusters"] for one in wiped.document["cards"]] == [1]
    assert said in command("wipe", card, "--dry-run").err.replace("\n", " ")


def test_wipe_says_that_clusters_of_nobody_stay(tmp_path: Path) -> None:
    card = camera_card(tmp_path / "c.img", 2)
    with open_card(card) as opened:
        volume = opened.volumes[0]
        geometry = volume.geometry
        tables = [geometry.fat_offset_bytes + number * geometry.fat_bytes for number in range(2)]
        last = volume.cluster_count + 1
    with card.open("r+b") as file:
        for table in tables:
            file.seek(table + 4 * last)
            file.write(struct.pack("<I", 0x0FFFFFFF))
    assert [one["lost_bytes"] for one in command("wipe", card, "--dry-run", "--json").document["cards"]] == [512]
    assert "512 bytes in clusters that belong to no file stay as they are" in command(
        "wipe", card, "--dry-run"
    ).err.replace("\n", " ")


def test_one_path_on_two_partitions_is_two_files(tmp_path: Path) -> None:
    one = camera_card(tmp_path / "c.img", 1, gps=(39.025, 125.75)).read_bytes()
    sectors = len(one) // 512
    starts = (1, 1 + sectors)
    entries = b"".join(struct.pack("<B3sB3sII", 0, bytes(3), 12, bytes(3), start, sectors) for start in starts)
    table = (bytes(446) + entries).ljust(510, b"\0") + b"\x55\xaa"
    (tmp_path / "two.img").write_bytes(table + one + one)
    report = audit([tmp_path / "two.img"], None).report
    (places,) = [found.places for found in report.findings if found.kind == "photo.gps"]
    assert [place.path for place in places] == ["DCIM/100NCD90/DSC_0001.JPG", "#2:/DCIM/100NCD90/DSC_0001.JPG"]
    assert report.targets[0].photographs == 2
