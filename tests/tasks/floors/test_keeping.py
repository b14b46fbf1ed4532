"""`hide --keep`: floors that are carried over come back, whatever moment the sweep was stopped at."""

from __future__ import annotations

import itertools
import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cards.exfat_builder import ExfatBuilder
from tests.tasks.cards_at_hand import CARD_BYTES, KINDS, Tree, exfat_card, layout_of, roll, tree, visible
from tests.tasks.fresh import fresh_open
from tests.tasks.quick import PASSPHRASE, WRONG, Said, command, hide, open_in_process
from tests.tasks.recording import Reader
from tests.tasks.writes import WriteLog, power_cuts

from fifthfloor.cards.image import open_card
from fifthfloor.carriers import collection
from fifthfloor.errors import NoRoom
from fifthfloor.floor.shards import decode
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import earlier, renewal
from fifthfloor.tasks.floors import keep as keeping
from fifthfloor.tasks.floors.card_slots import CardSlots
from fifthfloor.tasks.floors.hide import intend
from fifthfloor.tasks.floors.kept import Keeping, KeptCard, KeptFloor, KeptHealth
from fifthfloor.tasks.floors.renewal import share_budget
from fifthfloor.tasks.floors.sources import gather
from fifthfloor.tasks.floors.sweep import opened_cards

pytestmark = pytest.mark.usefixtures("quick_kdf")
HALF = ("--overwrite", "50")
OPEN_EVERY = 7


def keep_file(folder: Path, *lines: str) -> Path:
    """A file for --keep-file."""
    path = folder / f"keep-{abs(hash(lines))}.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def first_floor(folder: Path, *cards: Path, label: str = "one", seed: int = 7) -> Tree:
    """Hide a roll that can bear a lot of overwriting; returns what must come back."""
    source = roll(folder / label, seed, megabytes=1.5)
    said = hide(source, *cards, label=label, options=HALF)
    assert said.code == 0, said.err
    return tree(source)


def add_floor(folder: Path, *cards: Path, keep: tuple[Path, ...], label: str = "two") -> Said:
    source = roll(folder / label, 8, megabytes=1)
    options = [item for path in keep for item in ("--keep-file", path)]
    return hide(source, *cards, label=label, options=(*options, *HALF))


def brought_back(folder: Path, name: str, *cards: Path, label: str) -> Tree:
    said = open_in_process(folder / name, *cards, label=label)
    assert said.code == 0, said.err
    return tree(folder / name / label)


def moved(old: Path, path: Path, shift_bytes: int) -> Path:
    """A card formatted anew whose free bytes are those of `old`, shifted: its slots are on no grid any more."""
    builder = ExfatBuilder(path, CARD_BYTES // 512 * 512, cluster_bytes=32768)
    builder.add("DCIM/100CANON/IMG_0001.JPG", random.Random(1).randbytes(50_000), start=500)
    builder.finish()
    contents = bytearray(path.read_bytes())
    before = bytes(shift_bytes) + old.read_bytes()
    with open_card(path) as card:
        for offset, length in card.free.tolist():
            contents[offset : offset + length] = before[offset : offset + length]
    path.write_bytes(contents)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_the_kept_floor_and_the_new_one_come_back_in_a_fresh_process(kind: str, tmp_path: Path) -> None:
    card = KINDS[kind](tmp_path / "card.img", 3)
    first, files = first_floor(tmp_path, card), visible(card)
    said = add_floor(tmp_path, card, keep=(keep_file(tmp_path, PASSPHRASE, "one"),))
    assert said.code == 0, said.err
    assert "what was not named to --keep, or was sealed, is lost for good" in said.err
    (health,) = said.document["kept_health"]
    assert (said.document["kept_floors"], health["before"]) == (1, health["after"])
    assert visible(card) == files
    for label, expected in (("one", first), ("two", tree(tmp_path / "two"))):
        done = fresh_open(tmp_path, tmp_path / f"out-{label}", card, label=label)
        assert done.code == 0, done.err
        assert tree(tmp_path / f"out-{label}" / label) == expected


def test_without_keep_the_others_are_overwritten_and_it_says_so_before(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", 3)
    first_floor(tmp_path, card)
    before = card.read_bytes()
    source = roll(tmp_path / "two", 8, megabytes=1)
    asked = command("hide", source, "--in", card, "--label", "two", "--passphrase-file", "-")
    assert asked.code != 0, "nobody said yes"
    assert "--keep" in asked.err
    assert card.read_bytes() == before
    assert hide(source, card, label="two").code == 0
    assert open_in_process(tmp_path / "out", card, label="one").code == 1


@pytest.mark.parametrize("shift_bytes", [512, 7 * 512, 16384 - 512])
def test_slots_off_the_grid_move_onto_it(shift_bytes: int, tmp_path: Path) -> None:
    old = exfat_card(tmp_path / "old.img", 3, files=2)
    first = first_floor(tmp_path, old)
    card = moved(old, tmp_path / "card.img", shift_bytes)
    said = add_floor(tmp_path, card, keep=(keep_file(tmp_path, PASSPHRASE, "one"),))
    assert said.code == 0, said.err
    assert brought_back(tmp_path, "out1", card, label="one") == first
    assert brought_back(tmp_path, "out2", card, label="two") == tree(tmp_path / "two")


def damage(card: Path, share: float, seed: int) -> None:
    """Overwrite a share of the places."""
    chance = random.Random(seed)
    places = layout_of(card).places.tolist()
    with card.open("r+b") as image:
        for place in chance.sample(places, int(len(places) * share)):
            image.seek(place)
            image.write(bytes(4096))


def test_lost_shards_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [exfat_card(tmp_path / f"card{number}.img", number) for number in range(2)]
    source = roll(tmp_path / "one", megabytes=1.5)
    dealt = hide(source, *cards, label="one", options=("--lose", "1", "--overwrite", "30")).document["slots"]
    damage(cards[1], 0.25, 1)
    checked: list[bool] = []

    def watched(needed: int, held: dict[int, memoryview], *, compare: bool) -> memoryview | None:
        checked.append(compare)
        return decode(needed, held, compare=compare)

    monkeypatch.setattr(collection, "decode", watched)
    said = add_floor(tmp_path, *cards, keep=(keep_file(tmp_path, PASSPHRASE, "one"),))
    assert said.code == 0, said.err
    assert True in checked, "of a group with a wrong shard that is not noticed, all new ones would be wrong"
    (health,) = said.document["kept_health"]
    assert health["before"] < health["after"] == sum(dealt.values()) > health["needed"]
    lost = health["after"] - health["before"]
    assert lost > 20
    damage(cards[1], 0.25, 2)
    assert brought_back(tmp_path, "out", cards[1], label="one") == tree(source), "the other card may be lost again"


def test_more_lost_than_one_run_makes_anew_is_said_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = [exfat_card(tmp_path / f"card{number}.img", number) for number in range(2)]
    source = roll(tmp_path / "one", megabytes=1.5)
    assert hide(source, *cards, label="one", options=("--lose", "1", "--overwrite", "30")).code == 0
    damage(cards[1], 0.25, 1)
    monkeypatch.setattr(renewal, "MOST_RENEWED", 9)
    keep = (keep_file(tmp_path, PASSPHRASE, "one"),)
    lost = []
    for number in range(2):
        said = add_floor(tmp_path / str(number), *cards, keep=keep, label=f"two{number}")
        assert said.code == 0, said.err
        (health,) = said.document["kept_health"]
        assert health["after"] - health["before"] == 9
        told = next(line for line in said.err.splitlines() if "not made anew this time (at most 9" in line)
        lost.append(int(told.split("of what is kept, ")[1].split()[0]))
    assert lost[0] - lost[1] == 9


def test_the_poorest_groups_are_raised_first() -> None:
    spare, missing = np.array([50, 10, 30, 12]), np.array([60, 100, 80, 1])
    for budget, expected in (
        (0, [0, 0, 0, 0]),
        (1, [0, 1, 0, 0]),
        (5, [0, 4, 0, 1]),
        (21, [0, 20, 0, 1]),
        (24, [0, 22, 1, 1]),
        (64, [1, 41, 21, 1]),
        (241, [60, 100, 80, 1]),
        (999, [60, 100, 80, 1]),
    ):
        given = share_budget(spare, missing, budget)
        assert given.tolist() == expected, budget
        assert given.sum() == min(budget, missing.sum())


def test_a_smaller_card_has_lost_nothing(tmp_path: Path) -> None:
    cards = [exfat_card(tmp_path / "big.img", 1), exfat_card(tmp_path / "small.img", 2, size_bytes=12_000_000, files=8)]
    source = roll(tmp_path / "one", megabytes=5)
    assert hide(source, *cards, label="one", options=("--lose", "0", "--overwrite", "40")).code == 0
    found: dict[str, Keeping] = {}
    with pytest.MonkeyPatch.context() as patched:
        really = keeping.carry_over
        patched.setattr(earlier, "carry_over", lambda *a: found.setdefault("keeping", really(*a)))
        said = hide(source, *cards, label="x", options=("--keep-file", keep_file(tmp_path, PASSPHRASE, "one")))
    assert said.code == 0, said.err
    counts = found["keeping"]
    assert (len(counts.floors), counts.lost, counts.renewed) == (1, 0, 0)


def test_several_floors_of_several_passphrases(tmp_path: Path) -> None:
    cards = [KINDS[kind](tmp_path / f"{kind}.img", 5) for kind in KINDS]
    source = roll(tmp_path / "other", 3, megabytes=1)
    (tmp_path / "w").write_text(WRONG, encoding="utf-8")
    kept = [keep_file(tmp_path, PASSPHRASE, "one"), keep_file(tmp_path, WRONG)]
    first = first_floor(tmp_path, *cards)
    other: list[str | Path] = [
        "--label",
        "two",
        "--passphrase-file",
        tmp_path / "w",
        "--yes",
        *HALF,
        "--keep-file",
        kept[0],
    ]
    done = command("hide", source, "--in", cards[0], "--in", cards[1], *other)
    assert done.code == 0, done.err
    # The file without a label has that of --label; a floor named twice is one floor.
    said = add_floor(tmp_path, *cards, keep=(kept[0], kept[1], kept[0]))
    assert said.code == 0, said.err
    assert said.document["kept_floors"] == 2
    assert brought_back(tmp_path, "out1", *cards, label="one") == first
    assert brought_back(tmp_path, "out2", *cards, label="two") == tree(tmp_path / "two")
    assert open_in_process(tmp_path / "out3", *cards, passphrase=WRONG, label="two").code == 0
    assert tree(tmp_path / "out3/other") == tree(source)


def refused(card: Path, run: Callable[[], Said], code: int) -> Said:
    before = card.read_bytes()
    said = run()
    assert (said.code, card.read_bytes() == before) == (code, True), said.err
    assert said.document.keys() == {"error", "cause", "hint", "exit_code"}, "it asked for --json"
    return said


def test_a_wrong_passphrase_or_label_writes_nothing(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", 3)
    first_floor(tmp_path, card)
    for number, lines in enumerate([(WRONG, "one"), (PASSPHRASE, "uno")]):
        keep = (keep_file(tmp_path, *lines),)
        said = refused(card, lambda n=number, k=keep: add_floor(tmp_path / str(n), card, keep=k), 1)  # type: ignore[misc]
        assert WRONG not in said.err
        assert PASSPHRASE not in said.err


def test_a_floor_that_these_cards_do_not_bring_back_is_refused(tmp_path: Path) -> None:
    cards = [exfat_card(tmp_path / f"card{number}.img", number) for number in range(2)]
    source = roll(tmp_path / "one", megabytes=4)
    assert hide(source, *cards, label="one", options=("--lose", "0", "--overwrite", "5")).code == 0
    keep = (keep_file(tmp_path, PASSPHRASE, "one"),)
    cause, _hint = refused(cards[0], lambda: add_floor(tmp_path, cards[0], keep=keep), 4).cause_and_hint
    begin, end = "what is to be kept does not open from these cards: ", "on 1 card, and it needs 2 cards or more"
    assert re.fullmatch(rf"{begin}[\d.]+ [kM]B of it are here, {end}", cause)


@pytest.mark.usefixtures("seeded_chance")  # once in some dozens of runs a stop would have cost no more than that
def test_a_floor_that_cannot_spare_a_piece_is_refused(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", 3)
    assert hide(roll(tmp_path / "one", megabytes=4), card, label="one", options=("--overwrite", "0")).code == 0
    keep = (keep_file(tmp_path, PASSPHRASE, "one"),)
    cause, _hint = refused(card, lambda: add_floor(tmp_path, card, keep=keep), 4).cause_and_hint
    assert re.search(r"a part of it has [\d.]+ \w+ to spare, and a stop could cost [\d.]+ kB$", cause)


def test_more_kept_than_there_are_places_is_no_room(tmp_path: Path) -> None:
    cards = [exfat_card(tmp_path / f"card{number}.img", number, size_bytes=12_000_000, files=8) for number in range(2)]
    (tmp_path / "photo.jpg").write_bytes(b"x" * 1000)
    with opened_cards(cards) as opened:
        many = np.zeros(len(opened[0].layout.places) - 3, np.int64)
        crowded, empty = KeptCard(many, many), KeptCard(many[:0], many[:0])
        cipher = SlotCipher(secret.keys_of(PASSPHRASE, ""))
        kept = Keeping((KeptFloor(cipher, (crowded, empty), many, KeptHealth(0, 0, 0, 0)),))
        for lose in (0, 1):
            with pytest.raises(NoRoom):
                intend(gather([tmp_path / "photo.jpg"]), opened, lose, 0.2, kept)


@pytest.mark.parametrize("kind", KINDS)
def test_the_writes_are_those_of_a_wipe(kind: str, tmp_path: Path, reader: Reader) -> None:
    card = KINDS[kind](tmp_path / "card.img", 3)
    first_floor(tmp_path, card)
    wiped = Path(shutil.copyfile(card, tmp_path / "wiped.img"))

    def writes(run: Callable[[], Said]) -> list[tuple[str, int, int]]:
        reader.forget()
        said = run()
        assert said.code == 0, said.err
        return [call for log in reader.logs for call in log if call[0] in ("write", "flush", "drop_cache")]

    keep = (keep_file(tmp_path, PASSPHRASE, "one"),)
    kept = writes(lambda: add_floor(tmp_path, card, keep=keep))
    assert kept == writes(lambda: command("wipe", wiped, "--yes"))
    assert len(kept) > 20


def free_of(card: Path) -> NDArray[np.uint8]:
    """All free bytes of a card."""
    contents = np.frombuffer(card.read_bytes(), np.uint8)
    with open_card(card) as opened:
        return np.concatenate([contents[offset : offset + length] for offset, length in opened.free.tolist()])


def unchanged_sectors(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> int:
    """Sectors of which more bytes are equal than chance makes equal: 2 of 512; 32 has odds below 10^-24."""
    size = len(before) // 512 * 512
    return int(((before[:size] == after[:size]).reshape(-1, 512).sum(axis=1) >= 32).sum())


def repeated_sectors(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> int:
    """Sectors of the one that stand somewhere in the other."""
    sets = [{bytes(one) for one in image[: len(image) // 512 * 512].reshape(-1, 512)} for image in (before, after)]
    return len(sets[0] & sets[1])


def test_two_images_differ_in_every_free_sector_whatever_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = exfat_card(tmp_path / "card.img", 3)
    first_floor(tmp_path, card)
    images = [free_of(card)]
    keep = keep_file(tmp_path, PASSPHRASE, "one")
    for number in range(2):
        assert add_floor(tmp_path / str(number), card, keep=(keep,)).code == 0
        images.append(free_of(card))
    assert command("wipe", card, "--yes").code == 0
    images.append(free_of(card))
    for before, after in itertools.combinations(images, 2):
        assert unchanged_sectors(before, after) == repeated_sectors(before, after) == 0
        counts = np.bincount(before ^ after, minlength=256)
        spread = float(((counts - counts.mean()) ** 2 / counts.mean()).sum())
        assert 255 - 8 * 22.6 < spread < 255 + 8 * 22.6, "chi-square of 255 degrees, within eight deviations"
    # A planted tell: kept slots that are copied as they stand.
    first_floor(tmp_path / "again", card)
    copied = free_of(card)

    def copy(self: CardSlots, _floor: int, sources: Sequence[int], places: Sequence[memoryview]) -> None:
        for at, place in zip(sources, places, strict=True):
            place[:] = self._waiting.get(at) or self._read(at)

    monkeypatch.setattr(CardSlots, "_keep", copy)
    assert add_floor(tmp_path / "tell", card, keep=(keep,)).code == 0
    assert repeated_sectors(copied, free_of(card)) > 100 * 32


@pytest.mark.parametrize("kind", [*KINDS, "moved"])
def test_every_power_cut_leaves_the_kept_floor_open(
    kind: str, tmp_path: Path, write_log: WriteLog, seeded_chance: Callable[[int], None]
) -> None:
    seeded_chance(11)
    card = tmp_path / "card.img"
    if kind == "moved":
        old = exfat_card(tmp_path / "old.img", 3, files=2)
        first = first_floor(tmp_path, old)
        moved(old, card, 7 * 512)
    else:
        first = first_floor(tmp_path, KINDS[kind](card, 3))
    before = Path(shutil.copyfile(card, tmp_path / "before.img"))
    write_log.cards.clear()
    said = add_floor(tmp_path, card, keep=(keep_file(tmp_path, PASSPHRASE, "one"),))
    assert said.code == 0, said.err
    opened = 0
    for number, state in enumerate(power_cuts(before, write_log.cards["card.img"], random.Random(5), torn=2)):
        if number % OPEN_EVERY == 0:
            assert brought_back(tmp_path, f"out{number}", before, label="one") == first, state
            shutil.rmtree(tmp_path / f"out{number}")
            opened += 1
    assert opened >= 5
    assert before.read_bytes() == card.read_bytes()
