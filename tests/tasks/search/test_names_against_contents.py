"""Names of deleted files: what their endings say, what a short name still says, and contents that fit exactly."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from tests.audit.made import CARD_BYTES, MOMENT, camera_card, photograph
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.image import open_card
from fifthfloor.metadata.endings import SHOTS, is_shot
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

LATER = datetime(2031, 1, 1)


def on_a_sector(picture: bytes) -> bytes:
    """The picture with so long a comment that it ends with a sector."""
    room = -(len(picture) + 4) % 512
    return picture[:2] + b"\xff\xfe" + (room + 2).to_bytes(2, "big") + bytes(room) + picture[2:]


@pytest.mark.parametrize("ends", ["inside a sector", "with a sector"])
@pytest.mark.parametrize("system", ["exfat", "fat32"])
def test_two_pictures_that_fill_an_entry_are_its_own(system: str, ends: str, tmp_path: Path) -> None:
    """The clock of the pictures says that they are newer than the entry; that they fit to the byte says more."""
    first, second = photograph(1, taken=LATER), photograph(2, taken=LATER, width=320)
    views = (on_a_sector(first) if ends == "with a sector" else first) + second
    path, name = tmp_path / "c.img", "DCIM/100FUJI/DSCF0001.MPO"
    if system == "exfat":
        builder = ExfatBuilder(path, 24 << 20, cluster_bytes=4096)
        builder.delete(builder.add(name, views, start=500))
        builder.finish()
    else:
        format_fat32(path, CARD_BYTES, label="FUJI", cluster_bytes=512, partitioned=False)
        with FatWriter(path) as writer:
            writer.add_file(name, views, MOMENT)
        delete_like_a_camera(path, name)
    file = recover(path, tmp_path / "out").files[0]  # a second view on a sector comes back by itself, too
    assert (file.whole, file.path.suffix, file.path.read_bytes() == views) == (True, ".MPO", True)


def test_a_newer_picture_that_does_not_fill_an_entry_is_another(tmp_path: Path) -> None:
    """Behind its end mark the entry claims more, and what follows there ends elsewhere."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    builder.delete(
        builder.add("DCIM/100FUJI/DSCF0001.MPO", on_a_sector(photograph(1, taken=LATER)) + photograph(2) * 2, start=500)
    )
    builder.finish()
    image = builder.path.read_bytes()
    at = image.index(photograph(2)) + len(photograph(2))
    builder.path.write_bytes(image[:at] + bytes(len(photograph(2))) + image[at + len(photograph(2)) :])
    assert "DSCF0001.MPO" not in {file.path.name for file in recover(builder.path, tmp_path / "out").files}


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("PXL_20240501_120000000.NIGHT.jpg", "PXL_20240501_120000000.NIG_.JPG"),
        ("PXL_20240501_1200000.jpg", "PXL_20240501__.JPG"),
        ("IMG_20240501_120000_12345.heic", "IMG_20240501_120000_12345.HEI"),
        ("IMG_2024.5.1.jpeg", "IMG_2024.5.1.JPE"),
    ],
)
def test_a_long_name_whose_last_part_was_used_again_keeps_its_ending(name: str, named: str, tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 1)
    with FatWriter(image) as writer:
        writer.add_file(f"DCIM/100NCD90/{name}", photograph(5), MOMENT)
    delete_like_a_camera(image, f"DCIM/100NCD90/{name}")
    with open_card(image) as card:
        (entry,) = deleted_entries(card.volumes[0])
    assert entry.path == f"DCIM/100NCD90/{name}"
    with image.open("r+b") as made:
        made.seek(entry.offsets_bytes[0])
        made.write(b"A       TXT\x20".ljust(32, b"\0"))
    (file,) = recover(image, tmp_path / "out").files
    assert (file.path.name, file.path.read_bytes()) == (named, photograph(5))
    assert [found.facts["names"] for found in audit([image], None).report.findings if found.kind == "card.deleted"] == [
        named
    ]


def test_every_ending_of_a_maker_is_a_photograph_or_film_among_deleted_names(tmp_path: Path) -> None:
    wanted = "osv dav asf vob arx cine h264 h265 webm mkv flv mpg wmv cap eip jp2 mcraw rmf"
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    for number, ending in enumerate(wanted.split()):
        builder.delete(builder.add(f"DCIM/100X/AB{number:04d}.{ending.upper()}", b"x" * 9000))
    builder.finish()
    (found,) = [one for one in audit([builder.path], None).report.findings if one.kind.startswith("card.deleted")]
    assert (found.kind, found.facts["count"]) == ("card.deleted", len(wanted.split()))


def test_three_letters_in_capitals_stand_for_a_longer_ending() -> None:
    assert all(is_shot(f"A.{ending[:3].upper()}") for ending in SHOTS if len(ending) > 3)
    assert not is_shot("page.web")
    assert not is_shot("HEI")
