"""What noise on a card looks like as a whole: swept, stopped, or an island; on cards that the real tasks wrote."""

from __future__ import annotations

import bz2
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.audit.made import MOMENT
from tests.cards.cards_made import noise
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.audit.card import audit_card
from fifthfloor.audit.finding import Finding
from fifthfloor.audit.free_map import Band, FreeMap
from fifthfloor.audit.islands import with_islands, with_noise_at
from fifthfloor.audit.swept import noise_findings, piece_bytes
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.remove import remove_names
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.carriers.free_space import lay_out, stretch_of
from fifthfloor.tasks.floors.remove import sweep_lost
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.floors.wipe import wipe
from fifthfloor.tasks.progress import Progress
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

FILES = [f"DCIM/100NCD90/DSC_{number:04d}.JPG" for number in range(1, 7)]
FILE_BYTES = 2_400_000
TEXT = b"what lay here before, of an earlier journey\n"


def fat32(path: Path) -> Path:
    format_fat32(path, 64_000_000, label="CARD", partitioned=False)
    with FatWriter(path) as writer:
        for number, name in enumerate(FILES):
            writer.add_file(name, noise(FILE_BYTES, number), MOMENT)
    return path


def exfat(path: Path) -> Path:
    builder = ExfatBuilder(path, 64 << 20, cluster_bytes=32768)
    for number, name in enumerate(FILES):
        builder.add(name, noise(FILE_BYTES, number))
    builder.finish()
    return path


MADE = {"fat32": fat32, "exfat": exfat}


def fill(path: Path, share: float = 1.0) -> None:
    """Write text over the first part of free space, as a camera writes from its start."""
    with open_card(path, writable=True) as card:
        writer, left = FreeWriter(card), int(card.free[:, 1].sum() * share)
        for offset, length in card.free.tolist():
            writer.write(offset, (TEXT * (length // len(TEXT) + 1))[: min(length, left)])
            left -= min(length, left)
        writer.flush()


@contextmanager
def silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None


def stopping(after_bytes: int) -> Progress:
    """A progress that ends the sweep, as a person does, once so much of it is told."""
    told = [0]

    @contextmanager
    def progress(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
        def advance(done: int) -> None:
            told[0] += done
            if told[0] >= after_bytes:
                raise KeyboardInterrupt

        yield advance

    return progress


def swept(path: Path, progress: Progress = silent) -> Path:
    with open_card(path, writable=True) as card:
        wipe([OpenedCard(path, card, lay_out(card.volumes), 0.0)], progress)
    return path


def remove(path: Path, names: list[str]) -> None:
    with open_card(path, writable=True) as card:
        extents = np.array([(e.offset_bytes, e.length_bytes) for f in files(card, names) for e in f.extents], np.int64)
        remove_names(card, names)
    with open_card(path, writable=True, mending=True) as card:
        sweep_lost(card, extents)


def files(card: Card, names: list[str]) -> list[VisibleFile]:
    return [file for file in card.files() if file.path in names]


def of_noise(path: Path, *, quick: bool = False) -> list[Finding]:
    with open_card(path) as card:
        return [item for item in audit_card(card, quick=quick).findings if item.kind.startswith("card.noise")]


def kinds(path: Path, *, quick: bool = False) -> list[str]:
    return [item.kind for item in of_noise(path, quick=quick)]


@pytest.mark.parametrize("kind", MADE)
def test_frames_removed_from_a_card_that_was_never_swept_are_an_island(kind: str, tmp_path: Path) -> None:
    card = MADE[kind](tmp_path / "c.img")
    fill(card)
    assert kinds(card) == []
    remove(card, FILES[2:4])
    (found,) = of_noise(card)
    assert found.kind == "card.noise_island"
    assert sum(place.length_bytes or 0 for place in found.places) == pytest.approx(2 * FILE_BYTES, rel=0.05)
    assert kinds(card, quick=True) == ["card.noise_island"]


def photographs_on_clusters(path: Path, kind: str, lengths: tuple[int, ...]) -> Path:
    """A card with clusters as cameras have them, photographs of these lengths, and a harmless one between each two."""
    if kind == "exfat":
        builder = ExfatBuilder(path, 64 << 20, cluster_bytes=32768)
        for number, length in enumerate(lengths):
            builder.add(f"DCIM/100NCD90/DSC_{2 * number:04d}.JPG", noise(length, number))
            builder.add(f"DCIM/100NCD90/DSC_{2 * number + 1:04d}.JPG", TEXT * 900)
        builder.finish()
        return path
    format_fat32(path, 270_000_000, label="CARD", cluster_bytes=4096, partitioned=False)
    with FatWriter(path) as writer:
        for number, length in enumerate(lengths):
            writer.add_file(f"DCIM/100NCD90/DSC_{2 * number:04d}.JPG", noise(length, number), MOMENT)
            writer.add_file(f"DCIM/100NCD90/DSC_{2 * number + 1:04d}.JPG", TEXT * 900, MOMENT)
    return path


@pytest.mark.parametrize("kind", MADE)
def test_an_island_of_one_small_photograph_is_seen_and_its_bounds_are(kind: str, tmp_path: Path) -> None:
    card = photographs_on_clusters(tmp_path / "c.img", kind, (570_000, 290_000, 150_000))
    if kind == "exfat":
        fill(card)
    assert kinds(card) == []
    with open_card(card) as opened:
        ((offset, length),) = [
            (file.extents[0].offset_bytes, file.extents[0].length_bytes)
            for file in opened.files() if file.path.endswith("DSC_0000.JPG")
        ]  # fmt: skip
    remove(card, ["DCIM/100NCD90/DSC_0000.JPG"])
    (found,) = of_noise(card)
    assert found.kind == "card.noise_island"
    assert [(place.offset_bytes, place.length_bytes) for place in found.places] == [(offset, length)]
    remove(card, ["DCIM/100NCD90/DSC_0002.JPG", "DCIM/100NCD90/DSC_0004.JPG"])
    with open_card(card) as opened:
        report = audit_card(opened)
    (found,) = (item for item in report.findings if item.kind.startswith("card.noise"))
    assert len(found.places) == 2, "below 256 KiB nothing is named"
    assert "remains" in {item.what for item in report.unchecked}, "but counted as not checked"


PACKED = {
    "a mark of its own": b"7z\xbc\xaf\x27\x1c" + noise(294_912 - 6, 1),
    "it ends within a cluster": noise(300_000, 2),
    "bzip2": bz2.compress(np.random.default_rng(3).choice(list(TEXT), 900_000).astype(np.uint8).tobytes())[:294_912],
    "bytes are not alike": np.random.default_rng(4).choice(256, 294_912, p=[0.0055, *[0.9945 / 255] * 255])
    .astype(np.uint8).tobytes(),
    "pairs are not alike": np.random.default_rng(5).integers(0, 256, 147_456, np.uint8).repeat(2).tobytes(),
}  # fmt: skip


@pytest.mark.parametrize("what", PACKED)
def test_what_is_packed_and_deleted_is_no_island(what: str, tmp_path: Path) -> None:
    card = photographs_on_clusters(tmp_path / "c.img", "exfat", (570_000,))
    fill(card)
    with open_card(card, writable=True) as opened:
        writer = FreeWriter(opened)
        writer.write(int(opened.free[-1, 0]) + 12 * 32768, PACKED[what])
        writer.flush()
    assert kinds(card) == []


def test_a_quick_look_reads_whole_what_it_is_told_to(tmp_path: Path) -> None:
    card = photographs_on_clusters(tmp_path / "c.img", "exfat", (60_000, 570_000))
    fill(card)
    names = ["DCIM/100NCD90/DSC_0000.JPG"]
    with open_card(card) as opened:
        places = [(e.offset_bytes, e.length_bytes) for f in files(opened, names) for e in f.extents]
    remove(card, names)
    assert kinds(card, quick=True) == []
    with open_card(card) as opened:
        found = [item for item in audit_card(opened, quick=True, closely=places).findings if "noise" in item.kind]
    assert [item.kind for item in found] == ["card.noise_island"]
    assert [(place.offset_bytes, place.length_bytes) for place in found[0].places] == places


@pytest.mark.parametrize("kind", MADE)
def test_a_swept_card_stays_one_when_frames_go_or_a_camera_writes(kind: str, tmp_path: Path) -> None:
    card = swept(MADE[kind](tmp_path / "c.img"))
    assert kinds(card) == ["card.noise"]
    remove(card, FILES[2:4])
    assert kinds(card) == ["card.noise"]
    fill(card, 0.75)
    assert kinds(card) == ["card.noise"], "filled from its start; what is left reaches its end"


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_sweep_that_was_stopped_is_named(kind: str, share: float, tmp_path: Path) -> None:
    card = MADE[kind](tmp_path / "c.img")
    fill(card)
    with open_card(card) as opened:
        free = int(opened.free[:, 1].sum())
    with pytest.raises(KeyboardInterrupt):
        swept(card, stopping(int(free * share)))
    assert kinds(card) == ["card.noise_stopped"]
    assert kinds(card, quick=True) != ["card.noise_stopped"], "its bounds are a MiB wide"
    swept(card)
    assert kinds(card) == ["card.noise"], "run to its end"


def test_noise_that_ends_between_two_pieces_was_not_ours(tmp_path: Path) -> None:
    """A file of noise that another program was stopped in: it ends on any cluster."""
    card = fat32(tmp_path / "c.img")
    fill(card)
    with open_card(card, writable=True) as opened:
        writer, (offset, length) = FreeWriter(opened), opened.free.tolist()[-1]
        heap = opened.volumes[0].heap_offset_bytes
        end = heap + (offset - heap + length // 3) // (256 << 10) * (256 << 10) + (96 << 10)
        writer.write(offset, noise(end - offset))
        writer.flush()
    assert kinds(card) == ["card.noise_island"]


@pytest.mark.parametrize("free_bytes", [0, 1, 1 << 20, 16 << 20, 40_000_000, 64 << 20, 255 << 20, 1 << 30, 1 << 36])
def test_the_pieces_are_those_of_the_sweep(free_bytes: int) -> None:
    assert piece_bytes(free_bytes) == stretch_of(free_bytes)


class NoiseDevice:
    """A device full of noise; it notes how much is read at a time."""

    def __init__(self) -> None:
        self.most_bytes = 0

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        self.most_bytes = max(self.most_bytes, length_bytes)
        return noise(length_bytes, offset_bytes)


def test_long_stretches_are_never_in_memory_whole(tmp_path: Path) -> None:
    """A removed film is looked at in pieces; what is long and was not told is not looked at again."""
    length = 40 << 20
    reader, nothing = NoiseDevice(), FreeMap({}, (), ())
    assert with_noise_at(nothing, [(4096, length)], reader).random_runs == (Band("random", 4096, length),)
    assert 1 << 20 < reader.most_bytes <= 8 << 20
    ExfatBuilder(tmp_path / "card.img", 48 << 20, cluster_bytes=4096).finish()
    with open_card(tmp_path / "card.img") as card:
        free = [(int(offset), int(size)) for offset, size in card.free]
        packed = FreeMap({}, (Band("random", *free[0]),), ())
        reader = NoiseDevice()
        assert with_islands(packed, free, card.volumes, reader) == packed
    assert reader.most_bytes == 0


def test_a_band_is_looked_up_among_the_runs() -> None:
    kib = 1024
    here, runs = range(90, 320), tuple(Band("random", start * kib, 10 * kib) for start in (100, 200, 300))
    known, device = FreeMap({}, (), runs), NoiseDevice()
    told = [with_noise_at(known, [(at * kib, 5 * kib)], device).random_runs == runs for at in here]
    assert told == [any(at < run + 10 and run < at + 5 for run in (100, 200, 300)) for at in here]


def test_noise_between_remains_is_an_island_on_a_card_that_was_swept_before() -> None:
    """Free space in its order, files left out: remains, noise, remains, and then what is left of the sweep."""
    mib = 1 << 20
    kinds_there = ("photo", "random", "mixed", "random")
    bands = tuple(Band(kind, at * 4 * mib, 2 * mib) for at, kind in enumerate(kinds_there))  # type: ignore[arg-type]
    bands = (*bands[:3], Band("random", 12 * mib, 60 * mib))
    runs = (bands[1], bands[3])
    free_map = FreeMap({"zero": 0, "ff": 0, "photo": 2 * mib, "mixed": 2 * mib, "random": 62 * mib}, bands, runs)
    free = [(band.offset_bytes, band.length_bytes) for band in bands]
    found = {item.kind: [place.offset_bytes for place in item.places] for item in noise_findings(free_map, free, [0])}
    assert found == {"card.noise": [12 * mib], "card.noise_island": [4 * mib]}
