"""`recover` beside plain cases: files in pieces, forms that are not carved, what lies beside a photograph, sweeps."""

from __future__ import annotations

import errno
import os
import random
import stat
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.audit.made import MOMENT, camera_card, photograph
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.audit.free_map import says_nothing
from fifthfloor.cards.deleted import dead_chain, deleted_entries
from fifthfloor.cards.exfat import ExfatVolume
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor.errors import NothingFound
from fifthfloor.tasks.search import placing
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter

LARGE = photograph(1, width=1600, height=1200)


def in_pieces(path: Path, *, over: bool = False) -> Path:
    """An exFAT card with one deleted photograph in every second cluster, and another still there between."""
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=4096)
    gone = builder.add("DCIM/100CANON/IMG_0001.JPG", LARGE, stride=2, start=1000)
    builder.add("DCIM/100CANON/IMG_0002.JPG", photograph(2), start=1000)
    builder.delete(gone)
    if over:
        builder.add("DCIM/100CANON/IMG_0003.JPG", b"x", start=gone.clusters[40])
    builder.finish()
    return path


def test_an_exfat_file_in_pieces_comes_back_along_its_chain(tmp_path: Path) -> None:
    image = in_pieces(tmp_path / "c.img")
    (file,) = recover(image, tmp_path / "out").files
    assert (file.name, file.whole, file.length_bytes) == ("IMG_0001.JPG", True, len(LARGE))
    assert file.path.read_bytes() == LARGE


def test_a_chain_that_meets_a_used_cluster_is_not_followed(tmp_path: Path) -> None:
    (file,) = recover(in_pieces(tmp_path / "c.img", over=True), tmp_path / "out").files
    assert not file.whole
    assert file.path.name == "IMG_0001.partial.JPG"


@pytest.mark.parametrize("bend", ["circle", "short", "long", "outside"])
def test_bent_chains_are_empty(tmp_path: Path, bend: str) -> None:
    image = in_pieces(tmp_path / "c.img")
    with open_card(image) as card:
        (volume,) = card.volumes
        assert isinstance(volume, ExfatVolume)
        (entry,) = deleted_entries(volume)
        chain = dead_chain(volume, entry, 1 << 20)
        assert sum(extent.length_bytes for extent in chain) >= len(LARGE)
        assert dead_chain(volume, entry, 10) == ()
        table = volume.chains.entries
        table.flags.writeable = True
        clusters = [(e.offset_bytes - volume.heap_offset_bytes) // 4096 + 2 for e in chain]
        here, value = {
            "circle": (clusters[9], clusters[3]),
            "short": (clusters[9], 0xFFFFFFFF),
            "long": (clusters[-1], 2000),
            "outside": (clusters[9], 1 << 24),
        }[bend]
        table[here] = value
        assert dead_chain(volume, entry, 1 << 20) == ()


# A heap behind 26 bytes; its last four bytes lead to the directory before them.
_HEAP = random.Random(1).randbytes(3000) + bytes(300) * 90
CIFF = (
    struct.pack("<2sI8s12x", b"II", 26, b"HEAPCCDR")
    + _HEAP
    + struct.pack("<HHIIII", 1, 0x2005, 0, 0, 0, len(_HEAP))[:12]
    + struct.pack("<I", len(_HEAP))
)
NOTE = b"RIFF" + struct.pack("<I", 20_000) + b"WAVEfmt " + bytes(range(200)) * 100
MARKS = b"<x:xmpmeta><rdf:Description xmp:Rating='5'/></x:xmpmeta>"


def test_forms_that_are_not_carved_and_files_beside_photographs_come_back_by_name(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 2)
    made = {"CRW_0003.CRW": CIFF, "DSC_0001.WAV": NOTE, "DSC_0001.XMP": MARKS, "EMPTY.XMP": b"", "NOTE.TXT": b"hello"}
    with FatWriter(image) as writer:
        for file, data in made.items():
            writer.add_file(f"DCIM/101NCD90/{file}", data, MOMENT)
    for file in made:
        delete_like_a_camera(image, f"DCIM/101NCD90/{file}")
    back = {file.path.name: file for file in recover(image, tmp_path / "out").files}
    assert set(back) == {"_RW_0003.CRW", "_SC_0001.WAV", "_SC_0001.XMP"}
    assert all(file.whole for file in back.values())
    assert back["_RW_0003.CRW"].path.read_bytes() == CIFF
    assert back["_SC_0001.XMP"].path.read_bytes() == MARKS


@pytest.mark.parametrize("fill", ["noise", "zeros"])
def test_after_a_sweep_a_name_alone_brings_nothing_back(tmp_path: Path, fill: str) -> None:
    image = camera_card(tmp_path / "c.img", 2)
    with FatWriter(image) as writer:
        writer.add_file("DCIM/101NCD90/CRW_0003.CRW", CIFF, MOMENT)
        writer.add_file("DCIM/101NCD90/DSC_0001.XMP", MARKS, MOMENT)
    for file in ("CRW_0003.CRW", "DSC_0001.XMP"):
        delete_like_a_camera(image, f"DCIM/101NCD90/{file}")
    with open_card(image, writable=True) as card:
        writer_of_free = FreeWriter(card)
        for offset, length in card.free.tolist():
            writer_of_free.write(offset, os.urandom(length) if fill == "noise" else bytes(length))
        writer_of_free.flush()
    with pytest.raises(NothingFound):
        recover(image, tmp_path / "out")


def test_what_says_nothing() -> None:
    assert says_nothing(b"")
    assert says_nothing(bytes(600))
    assert says_nothing(os.urandom(600))
    assert says_nothing(os.urandom(65536))
    assert says_nothing(b"\xff" * 5000)
    assert not says_nothing(MARKS)
    assert not says_nothing(LARGE[:65536])


@pytest.mark.parametrize("number", [1, 3])
def test_no_name_is_given_before_the_medium_has_all_of_its_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    image = tmp_path / "c.img"
    camera_card(image, 5, delete=(1, 2, 3, 4, 5))
    real, flushes = os.fsync, list[int]()

    def fails(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            flushes.append(descriptor)
            if len(flushes) == number:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Errno 5"):
        recover(image, tmp_path / "out")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert len(recover(image, tmp_path / "out").files) >= 5


def test_batches_end_after_so_many_files_and_bytes_and_miss_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "c.img"
    camera_card(image, 5, delete=(1, 2, 3, 4, 5))
    whole = {file.path.name: file.path.read_bytes() for file in recover(image, tmp_path / "out").files}
    for limit, value in (("_BATCH_FILES", 2), ("_BATCH_BYTES", 1)):
        renamed = list[int]()
        with monkeypatch.context() as changed:
            changed.setattr(placing, limit, value)
            changed.setattr(placing, "rename_all", lambda pairs, done=renamed: done.append(len(list(_renamed(pairs)))))
            files = recover(image, tmp_path / limit).files
        assert {file.path.name: file.path.read_bytes() for file in files} == whole
        assert len(renamed) == -(-len(whole) // value)


def test_two_entries_that_begin_at_one_place_are_both_brought_back(tmp_path: Path) -> None:
    """Damaged directories name one place twice; written in one batch, neither takes the part of the other."""
    camera_card(tmp_path / "c.img", 2)
    with open_card(tmp_path / "c.img") as card:
        first = next(file for volume in card.volumes for file in volume.files() if file.path.endswith(".JPG"))
        plans = [placing.ToWrite(name, "DCIM", first.extents, True, None) for name in ("a.jpg", "b.jpg")]
        files = list(placing.written(card, plans, tmp_path / "out"))
    assert [file.path.name for file in files] == ["a.jpg", "b.jpg"]
    assert {file.path.read_bytes() for file in files} == {files[0].path.read_bytes()}
    assert sorted(path.name for path in (tmp_path / "out" / "DCIM").iterdir()) == ["a.jpg", "b.jpg"]


def _renamed(pairs: Iterable[tuple[Path, Path]]) -> Iterator[Path]:
    for part, target in pairs:
        part.replace(target)
        yield target


@pytest.mark.parametrize(
    ("over", "deleted"),
    [(b"\0", False), (b"\0", True), (b"\x83" + bytes(31), True)],
    ids=["first byte", "first byte of a deleted one", "entry of a deleted one used again"],
)
@pytest.mark.parametrize("name", ["IMG_0003.JPG", "ФОТО_long name of 3.jpg"])
def test_a_name_whose_file_entry_is_hurt_keeps_its_place(tmp_path: Path, name: str, over: bytes, deleted: bool) -> None:
    """Not "overwritten": the stream entry behind it says where the photograph lies, and it lies there whole."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    nodes = [
        builder.add(f"DCIM/100CANON/{one}", photograph(n), start=99 * n)
        for n, one in enumerate(("A.JPG", name, "B.JPG"), 1)
    ]
    kept = builder.entry_set(nodes[1])
    if deleted:
        builder.delete(nodes[1])
    builder.finish()
    image = builder.path.read_bytes()
    at = image.index(kept[34:64]) - 34
    builder.path.write_bytes(image[:at] + over + image[at + len(over) :])
    found = recover(builder.path, tmp_path / "out")
    assert found.overwritten == 0
    assert (tmp_path / "out" / "DCIM" / "100CANON" / name).read_bytes() == photograph(2)


def hurt_card(path: Path, name: str, over: bytes, *, first_entry: int, length: int) -> Path:
    """A card with three photographs, the second deleted and `over` written on so much of its entries."""
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=4096)
    nodes = [
        builder.add(f"DCIM/100CANON/{one}", photograph(n), start=99 * n)
        for n, one in enumerate(("A.JPG", name, "B.JPG"), 1)
    ]
    kept = builder.entry_set(nodes[1])
    builder.delete(nodes[1])
    builder.finish()
    image = bytearray(path.read_bytes())
    at = image.index(kept[34:64]) - 34 + 32 * first_entry
    image[at : at + length] = over.ljust(length, b"\0")
    path.write_bytes(image)
    return path


@pytest.mark.parametrize("over", [b"", b"\x40" + b"\x07" * 31, b"\x83\x01A"], ids=["zeros", "what was", "used again"])
@pytest.mark.parametrize("name", ["IMG_0003.JPG", "ФОТО_long name of 3.jpg"])
def test_a_name_without_its_place_finds_it_by_its_checksum(tmp_path: Path, name: str, over: bytes) -> None:
    """The stream extension is gone; the sum over the set is right for one place and length only."""
    card = hurt_card(tmp_path / "c.img", name, over, first_entry=1, length=32)
    found = recover(card, tmp_path / "out")
    assert (found.overwritten, found.unplaced) == (0, 0)
    assert "carved" not in {file.path.parent.name for file in found.files}
    assert (tmp_path / "out" / "DCIM" / "100CANON" / name).read_bytes() == photograph(2)
    (said,) = [item for item in audit([card], None).report.findings if item.kind == "card.deleted"]
    assert (said.facts["whole"], said.facts["gone"], said.facts["unplaced"]) == (1, 0, 0)


def test_a_name_that_lost_its_place_for_good_is_not_called_overwritten(tmp_path: Path) -> None:
    """Only the name is left: the photograph comes back without it, and what is said is that no entry says where."""
    card = hurt_card(tmp_path / "c.img", "IMG_0003.JPG", b"\x83\x01A", first_entry=0, length=64)
    found = recover(card, tmp_path / "out")
    assert (found.overwritten, found.unplaced) == (0, 1)
    assert "carved" in {file.path.parent.name for file in found.files}
    assert "IMG_0003.JPG" not in {file.path.name for file in found.files}
    (said,) = [item for item in audit([card], None).report.findings if item.kind == "card.deleted"]
    assert (said.facts["whole"], said.facts["gone"], said.facts["unplaced"]) == (0, 0, 1)


def test_another_photograph_does_not_get_a_name_that_lost_its_place(tmp_path: Path) -> None:
    """Its own has been overwritten: of whatever else is carved, place and length give another sum."""
    card = hurt_card(tmp_path / "c.img", "IMG_0003.JPG", b"", first_entry=1, length=32)
    image = bytearray(card.read_bytes())
    at = image.index(photograph(2))
    image[at : at + len(photograph(7))] = photograph(7)
    card.write_bytes(image)
    found = recover(card, tmp_path / "out")
    assert (found.overwritten, found.unplaced) == (0, 1)
    assert "carved" in {file.path.parent.name for file in found.files}
    assert "IMG_0003.JPG" not in {file.path.name for file in found.files}
