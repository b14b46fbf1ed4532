"""Damage a floor survives with nothing lost (issue "Damage it survives").

Three cards of each file system are swept once with `--lose 1 --overwrite 20`; every test damages copies and opens them
in a fresh process that knows passphrase, label and images only: what was hidden is gone from the disk.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from tests.cards.judges import done
from tests.tasks import damage
from tests.tasks.cards_at_hand import KINDS, Tree, in_partition, roll, tree
from tests.tasks.fresh import fresh_open
from tests.tasks.quick import hide, quick_argon2id, seeded

from fifthfloor.floor import plan
from fifthfloor.tasks import secret
from fifthfloor_theatre.cards.format import quick_format

PERCENT = 20
PAIRS = list(combinations(range(3), 2))


@dataclass(frozen=True, slots=True)
class Hidden:
    """Three swept cards and what they hide."""

    cards: tuple[Path, ...]
    inside: Tree


def swept(folder: Path, cards: tuple[Path, ...], *options: str) -> Hidden:
    """Hide a roll in several groups, and move it away."""
    source = roll(folder / "roll")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "KDF", quick_argon2id)
        patch.setattr(secret, "RANDOM", seeded(2))
        patch.setattr(plan, "MAX_SOURCE_SYMBOLS", 150)  # three groups; a reader takes their number from the slots
        said = hide(source, *cards, options=("--overwrite", str(PERCENT), *options))
    assert said.code == 0, said.err
    inside = {f"roll/{name}": facts for name, facts in tree(source).items()}
    inside["roll"] = ("folder", source.stat().st_mtime_ns)
    shutil.rmtree(source)
    return Hidden(cards, inside)


@pytest.fixture(scope="module", params=KINDS)
def hidden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    folder = tmp_path_factory.mktemp(f"hidden-{request.param}")
    cards = tuple(KINDS[request.param](folder / f"card{number}.img", number) for number in range(3))
    yield swept(folder, cards, "--lose", "1")
    shutil.rmtree(folder)


def copies(hidden: Hidden, folder: Path, chosen: tuple[int, ...]) -> list[Path]:
    return [Path(shutil.copyfile(hidden.cards[number], folder / f"copy{number}.img")) for number in chosen]


def assert_opens(hidden: Hidden, folder: Path, images: list[Path], bad: dict[str, list[int]] | None = None) -> None:
    said = fresh_open(folder, folder / "out", *images, bad=bad)
    assert said.code == 0, said.err
    assert tree(folder / "out") == hidden.inside


@pytest.mark.parametrize("left", PAIRS, ids=str)
def test_any_card_may_be_missing(hidden: Hidden, tmp_path: Path, left: tuple[int, ...]) -> None:
    assert_opens(hidden, tmp_path, [hidden.cards[number] for number in left])


def test_two_missing_are_one_too_many_and_leave_nothing(hidden: Hidden, tmp_path: Path) -> None:
    said = fresh_open(tmp_path, tmp_path / "out", hidden.cards[1])
    assert said.code == 1
    cause, hint = said.cause_and_hint
    assert cause == "something is here, and these cards do not open it; of its cards given: 1"
    assert hint.startswith("where it is on other cards too, give those, in any order: "), (
        "one card does not tell how many are needed"
    )
    assert not (tmp_path / "out").exists()


HARM: dict[str, Callable[[Path, float, int], None]] = {
    "the first free clusters": damage.first_free_clusters,
    "scattered places": damage.scattered_places,
    "scattered runs": damage.scattered_runs,
    "flipped bits": damage.flipped_bits,
    "cut short": damage.cut_short,
}


@pytest.mark.parametrize("harm", HARM)
def test_overwriting_each_card_that_is_left(hidden: Hidden, tmp_path: Path, harm: str) -> None:
    images = copies(hidden, tmp_path, PAIRS[list(HARM).index(harm) % len(PAIRS)])
    for seed, image in enumerate(images):
        HARM[harm](image, PERCENT, seed)
    assert_opens(hidden, tmp_path, images)


@pytest.mark.parametrize("start", [0.0, 0.37, 0.8, 0.9])
def test_one_burst(hidden: Hidden, tmp_path: Path, start: float) -> None:
    images = copies(hidden, tmp_path, (0, 2))
    for image in images:
        damage.burst(image, PERCENT, start)
    assert_opens(hidden, tmp_path, images)


def test_sectors_that_cannot_be_read(hidden: Hidden, tmp_path: Path) -> None:
    images = copies(hidden, tmp_path, (1, 2))
    bad = {image.name: damage.bad_sectors(image, PERCENT, seed) for seed, image in enumerate(images)}
    assert_opens(hidden, tmp_path, images, bad)


def test_far_more_damage_than_promised_is_told_and_leaves_nothing(hidden: Hidden, tmp_path: Path) -> None:
    images = copies(hidden, tmp_path, (0, 1))
    for image in images:
        damage.scattered_places(image, 60)
    said = fresh_open(tmp_path, tmp_path / "out", *images)
    assert said.code == 1
    assert "too much of it is gone: " in said.cause_and_hint[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("hidden", ["fat32"], indirect=True)
def test_camera_files_through_the_file_system(hidden: Hidden, tmp_path: Path) -> None:
    images = copies(hidden, tmp_path, (0, 2))
    for seed, image in enumerate(images):
        damage.camera_files(image, PERCENT, seed)
    assert_opens(hidden, tmp_path, images)


@pytest.mark.judge("mcopy", "mmd")
@pytest.mark.parametrize("hidden", ["fat32"], indirect=True)  # exFAT: tests/oracle/test_floor_exfat_fuse.py
def test_camera_files_written_by_mtools(hidden: Hidden, tmp_path: Path) -> None:
    images = copies(hidden, tmp_path, (0, 1))
    for seed, image in enumerate(images):
        write_by_mtools(image, tmp_path, seed)
    assert_opens(hidden, tmp_path, images)


def write_by_mtools(image: Path, folder: Path, seed: int) -> None:
    """Files of at least 4 MB, as a computer would copy them, to 20 % of the free bytes."""
    chance = random.Random(seed)
    left = int(damage.layout_free(image) * PERCENT / 100) - 64 * 1024
    done("mmd", "-i", image, "::DCIM/102CANON")
    number = 0
    while left > 0:
        size = left if left < 8_000_000 else 4_000_000
        photo = folder / f"new{seed}{number}.jpg"
        photo.write_bytes(chance.randbytes(size))
        done("mcopy", "-i", image, photo, "::DCIM/102CANON/")
        photo.unlink()
        left, number = left - size, number + 1


@pytest.mark.parametrize("cluster_bytes", [None, 512], ids=["same clusters", "512 bytes"])
def test_formatted_by_a_camera(hidden: Hidden, tmp_path: Path, cluster_bytes: int | None) -> None:
    images = copies(hidden, tmp_path, (0, 1))
    for image in images:
        quick_format(image, label="NEW", cluster_bytes=cluster_bytes)
    assert_opens(hidden, tmp_path, images)


FORMATS = {
    "fat32": ("mkfs.fat", "-F", "32"),
    "fat32 of small clusters": ("mkfs.fat", "-F", "32", "-s", "1"),
    "fat16": ("mkfs.fat", "-F", "16", "-s", "16"),
    "exfat": ("mkfs.exfat",),
    "exfat of small clusters": ("mkfs.exfat", "-c", "4K"),
    "exfat of large clusters": ("mkfs.exfat", "-c", "1M"),
}


@pytest.mark.judge("mkfs.fat", "mkfs.exfat")
@pytest.mark.parametrize("kind", FORMATS)
def test_formatted_by_others(hidden: Hidden, tmp_path: Path, kind: str) -> None:
    images = copies(hidden, tmp_path, (1, 2))
    for image in images:
        done(*FORMATS[kind], image)
    assert_opens(hidden, tmp_path, images)


def test_one_lost_one_overwritten_one_formatted(hidden: Hidden, tmp_path: Path) -> None:
    first, second = copies(hidden, tmp_path, (2, 0))
    damage.burst(first, PERCENT, 0.5)
    quick_format(second, label="FRESH")
    assert_opens(hidden, tmp_path, [first, second])


@pytest.mark.parametrize("shift", [1, 31, 63, 2048, 12345])
def test_an_image_that_begins_elsewhere(hidden: Hidden, tmp_path: Path, shift: int) -> None:
    images = []
    for number in (0, 1):
        shifted = tmp_path / f"shifted{number}.img"
        with shifted.open("xb") as image, hidden.cards[number].open("rb") as card:
            image.write(bytes(512 * shift))
            shutil.copyfileobj(card, image, 1 << 20)
        images.append(shifted)
    assert_opens(hidden, tmp_path, images)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first_sector", [63, 2048])
def test_an_image_of_one_partition_only(tmp_path: Path, kind: str, first_sector: int) -> None:
    cards = []
    for number in range(2):
        bare = KINDS[kind](tmp_path / f"bare{number}.img", number)
        cards.append(in_partition(bare, tmp_path / f"card{number}.img", first_sector))
        bare.unlink()
    hidden = swept(tmp_path, tuple(cards))
    partitions = []
    for number, card in enumerate(cards):
        partition = tmp_path / f"partition{number}.img"
        partition.write_bytes(card.read_bytes()[512 * first_sector :])
        card.unlink()
        partitions.append(partition)
    assert_opens(hidden, tmp_path, partitions)
