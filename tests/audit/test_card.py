"""Findings on cards the project makes itself: deletions, holes, hints, litter, noise; bounded on hostile ones."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from tests.audit.made import MOMENT, camera_card, name, photograph
from tests.cards.cards_made import bend, exfat_card, volume_of

from fifthfloor.audit.card import CardAudit, audit_card, recoverable
from fifthfloor.audit.finding import Finding
from fifthfloor.audit.gather import always_unchecked
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor.words import sentence
from fifthfloor_theatre.cards.format import FatWriter, format_fat32


def audited(path: Path, *, quick: bool = False) -> CardAudit:
    with open_card(path) as card:
        return audit_card(card, quick=quick)


def kinds(path: Path) -> dict[str, Finding]:
    return {found.kind: found for found in audited(path).findings}


def sweep(path: Path, *, skip: int = 0) -> None:
    with open_card(path, writable=True) as card:
        writer = FreeWriter(card)
        for offset, length in card.free.tolist()[skip:]:
            writer.write(offset, random.Random(offset).randbytes(length))
        writer.flush()


def test_a_deleted_photograph_is_named_carved_and_leaves_a_hole(tmp_path: Path) -> None:
    found = kinds(camera_card(tmp_path / "c.img", delete=(5, 6)))
    assert found["card.deleted"].severity == "critical"
    assert found["card.deleted"].facts["whole"] == 2
    assert [place.path for place in found["card.deleted"].places] == [
        "DCIM/100NCD90/_SC_0005.JPG",
        "DCIM/100NCD90/_SC_0006.JPG",
    ]
    assert found["card.recoverable"].facts["whole"] == 2
    assert found["card.hole"].facts["agreeing"] == 1
    assert found["card.hole"].places[0].note == "DSC_0004.JPG | DSC_0007.JPG"
    assert "card.noise" not in found


def test_a_swept_card_still_has_names_and_holes_but_nothing_to_bring_back(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(5,))
    sweep(image)
    found = kinds(image)
    assert "card.recoverable" not in found
    assert {"card.deleted", "card.hole", "card.noise"} <= set(found)
    assert found["card.noise"].severity == "high"
    assert float(found["card.noise"].facts["percent"]) > 98
    assert "card.invented" not in found


def test_an_exfat_card_full_of_noise_makes_examiners_invent_names(tmp_path: Path) -> None:
    image = exfat_card(tmp_path / "c.img").path
    sweep(image)
    found = kinds(image)
    size = int(found["card.noise"].facts["size"])
    assert found["card.invented"].facts["count"] == round(size * 1057 / (0.86 * (1 << 30)))


def test_a_quick_look_says_the_same_of_noise(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(5,))
    sweep(image)
    found = audited(image, quick=True)
    assert found.quick
    assert found.carved == ()
    assert found.free_map.share("random") > 0.95
    assert {"card.noise", "card.deleted"} <= {item.kind for item in found.findings}
    for quick in (True, False):
        told = [sentence(f"audit.unchecked.{one.what}", count=0) for one in always_unchecked(card=True, quick=quick)]
        assert any("islands of noise" in line for line in told) == quick, "what a sample may not name is said"


def test_who_formatted_it_hints_and_counts(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 3)
    geometry = volume_of(image).geometry
    assert geometry.fsinfo_offset_bytes is not None
    bend(image, 3, b"mkfs.fat")
    bend(image, geometry.fsinfo_offset_bytes + 488, struct.pack("<II", 5, geometry.cluster_count - 10))
    found = kinds(image)
    assert found["card.formatted"].facts["system"] == "Linux"
    assert found["card.hint"].facts["hint"] == geometry.cluster_count - 10
    assert found["card.count"].facts["told"] == 5


def test_litter_and_order(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 2)
    with FatWriter(image) as writer:
        writer.add_file("DCIM/100NCD90/.DS_Store", b"x", MOMENT)
        writer.add_file("DCIM/101NCD90/DSC_0009.JPG", photograph(1), MOMENT)
        writer.add_file("DCIM/101NCD90/DSC_0003.JPG", photograph(2), MOMENT)
    found = kinds(image)
    assert found["card.litter"].facts["names"] == ".DS_Store"
    assert found["card.order"].places[0].note == "DSC_0009.JPG > DSC_0003.JPG"


def test_an_empty_card_is_blank(tmp_path: Path) -> None:
    format_fat32(tmp_path / "c.img", 40 << 20, label="NEW")
    found = kinds(tmp_path / "c.img")
    assert found["card.blank"].severity == "low"
    assert set(found) <= {"card.blank", "card.count", "card.formatted"}


def test_what_a_sweep_would_destroy(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(2, 3, 9))
    with open_card(image) as card:
        every = recoverable(card)
        part = recoverable(card, budget_bytes=1 << 20)
    assert (every.count, every.everything) == (3, True)
    sizes = sum(len(photograph(number)) for number in (2, 3, 9))
    assert every.length_bytes == sizes
    assert not part.everything
    assert part.count == 3  # by their names, and what still begins where they point
    sweep(image)
    with open_card(image) as card:
        assert recoverable(card).count == 0


def test_earlier_rolls_are_found_in_free_clusters(tmp_path: Path) -> None:
    from fifthfloor_theatre.cards.format import quick_format

    image = camera_card(tmp_path / "c.img", 1)
    with FatWriter(image) as writer:
        for number in range(1, 30):
            writer.add_file(f"DCIM/101NCD90/DSC_{number:04d}.JPG", b"x" * 600, MOMENT)
    quick_format(image, label="AGAIN", cluster_bytes=512)
    found = kinds(image)
    names = {place.path.rpartition("/")[2] for place in found["card.earlier_roll"].places}
    assert {f"DSC_{number:04d}.JPG" for number in range(1, 17)} <= names


@pytest.mark.parametrize("seed", range(6))
def test_free_space_made_to_look_like_directories_is_bounded(tmp_path: Path, seed: int) -> None:
    """Clusters of entries that point at each other, with names of control characters."""
    image = camera_card(tmp_path / "c.img", 1)
    chance = random.Random(seed)
    with open_card(image, writable=True) as card:
        writer = FreeWriter(card)
        offset = int(card.free[0, 0])
        for cluster in range(400):
            entries = b"".join(
                bytes([chance.choice([0xE5, 0x41, 0x05])]) + chance.randbytes(10).replace(b"\0", b" ")
                + bytes([chance.choice([0x10, 0x20, 0x0F])]) + bytes(8)
                + struct.pack("<HHHHI", 0, 0, 0, chance.randrange(2, 9000), chance.randrange(1 << 32))
                for _ in range(16)
            )  # fmt: skip
            writer.write(offset + cluster * 512, entries)
        writer.flush()
    assert audited(image).free_map.total_bytes > 0
    assert name(1)
