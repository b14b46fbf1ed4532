"""Entries behind a directory's end mark: Linux and fsck.fat show them, Windows does not, and so nobody writes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.cards.cards_made import MOMENT, bend, exfat_card, fat_card, noise, refusal, set_entry
from tests.cards.exfat_builder import Node

from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.fat_entries import is_lawful
from fifthfloor.cards.reading import read_card
from fifthfloor.errors import BadInput
from fifthfloor.tasks.search.tidy import tidy
from fifthfloor_theatre.cards.record_packing import pack_record


def place_of(path: Path, name11: bytes) -> int:
    """Offset of the one slot on a card that begins with these bytes."""
    data = path.read_bytes()
    assert data.count(name11) == 1
    return data.index(name11)


def visible(path: Path) -> list[str]:
    with read_card(path) as card:
        return [file.path for file in card.files()]


def test_a_zero_byte_inside_a_fat_directory(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    before = visible(path)
    bend(path, place_of(path, b"IMG_0002JPG"), b"\0")
    kept = path.read_bytes()
    assert refusal(path) == "cards.behind_end"
    with pytest.raises(BadInput) as caught:
        tidy(path, lost=True)
    assert caught.value.key == "cards.behind_end"
    assert path.read_bytes() == kept, "live entries of one reader are never emptied for another"
    assert visible(path) == [name for name in before if "0002" not in name] or set(visible(path)) < set(before)
    assert "DCIM/100CANON/IMG_0003.JPG" in visible(path)
    with read_card(path) as card:
        assert [fault.key for fault in card.borne] == ["cards.behind_end"]
        named = [entry.path for volume in card.volumes for entry in deleted_entries(volume)]
        assert not any("0003" in name for name in named), "what is shown is not called deleted"


def test_a_whole_directory_behind_the_end(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    before = set(visible(path))
    bend(path, place_of(path, b"DCIM       "), b"\0")
    assert refusal(path) == "cards.behind_end"
    assert set(visible(path)) == {name for name in before if name.startswith("MISC")}


def test_a_zero_byte_inside_an_exfat_directory(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img")
    data = builder.path.read_bytes()
    name = "IMG_0001.JPG".encode("utf-16-le")
    at = data.index(name) - 2 - 64
    assert data[at] == 0x85
    bend(builder.path, at, b"\0")
    assert refusal(builder.path) == "cards.behind_end"
    assert "DCIM/100CANON/IMG_0002.JPG" in visible(builder.path)


@pytest.mark.parametrize("kind", ["picture", "free", "taken"])
def test_what_owns_nothing_behind_the_end_is_tidied(kind: str, tmp_path: Path) -> None:
    """Bytes of a picture, and names of an earlier roll whose clusters are free or another file's."""
    path = fat_card(tmp_path / "c.img")
    last = place_of(path, b"IMG_0003JPG")
    cluster = struct.unpack_from("<H", path.read_bytes(), last + 26)[0]
    old = pack_record("OLD_0001.JPG", b"OLD_0001JPG", 0x20, cluster if kind == "taken" else 60_000, 5000, MOMENT)
    directory = last // 512 * 512
    end = directory + next(at for at in range(0, 512, 32) if not path.read_bytes()[directory + at])
    bend(path, end + 32, noise(512 - (end + 32 - directory), 3) if kind == "picture" else old)
    before = visible(path)
    assert refusal(path) == ""
    tidy(path)
    assert visible(path) == before
    with read_card(path) as card:
        assert not any(True for volume in card.volumes for _ in deleted_entries(volume))


def test_lawful_entries() -> None:
    short = pack_record("IMG_0001.JPG", b"IMG_0001JPG", 0x20, 5, 100, MOMENT)
    assert is_lawful(short)
    assert is_lawful(b"\x95\x5c\x8e\xa6    JPG" + short[11:]), "a Shift-JIS name, whose second byte is a backslash"
    assert is_lawful(b"\x05" + short[1:])
    for at, value in ((11, 0x80), (11, 0x08), (12, 0x20), (0, 0x20), (3, 0x3F), (3, 0x61), (3, 0x1F), (25, 0xFF)):
        assert not is_lawful(short[:at] + bytes([value]) + short[at + 1 :]), at


def test_lost_clusters_stay_unless_they_are_asked_for(tmp_path: Path) -> None:
    path = fat_card(tmp_path / "c.img")
    for cluster in range(60_000, 60_004):
        set_entry(path, cluster, cluster + 1 if cluster < 60_003 else 0x0FFFFFFF)
    kept = path.read_bytes()
    assert tidy(path).swept_bytes == 0
    assert path.read_bytes()[-4096:] == kept[-4096:]
    with read_card(path) as card:
        assert int(card.lost[:, 1].sum()) == 4 * card.volumes[0].cluster_bytes
    assert tidy(path, lost=True).swept_bytes == 4 * 512
    with read_card(path) as card:
        assert not card.lost.size


def test_a_deleted_child_of_the_exfat_builder_is_no_live_one(tmp_path: Path) -> None:
    builder = exfat_card(tmp_path / "c.img")
    assert any(isinstance(child, Node) and child.deleted for child in builder.directory("DCIM/100CANON").children)
    assert refusal(builder.path) == ""
