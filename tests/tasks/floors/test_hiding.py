"""`hide` and `health`: what they refuse, what they say, and whether it is true."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from tests.tasks.cards_at_hand import exfat_card, fat32_card, layout_of, roll, tree, visible
from tests.tasks.quick import LABEL, PASSPHRASE, Said, command, hide, open_in_process, seeded

from fifthfloor.cards.image import open_raw
from fifthfloor.carriers.collection import scan
from fifthfloor.floor import plan
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.floor.tar_stream import Entry
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import sources
from fifthfloor.tasks.floors.here import collected
from fifthfloor.tasks.progress import silent
from fifthfloor.words.form import size

pytestmark = pytest.mark.usefixtures("quick_kdf")

BYTES = 12_000_000


def cards_in(folder: Path, count: int = 1) -> list[Path]:
    return [exfat_card(folder / f"card{number}.img", number, size_bytes=BYTES, files=8) for number in range(count)]


def assert_untouched(card: Path, run: Callable[[], Said]) -> Said:
    before = card.read_bytes()
    said = run()
    assert card.read_bytes() == before, "refused, and written all the same"
    assert not said.out or said.document["exit_code"] == said.code
    return said


# Refusals: nothing is written, the cause is named.


def test_too_little_room_says_both_numbers_and_what_fits(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path, 2), roll(tmp_path / "roll", megabytes=12)
    said = assert_untouched(cards[0], partial(hide, source, *cards, options=("--overwrite", "60")))
    cause, hint = said.cause_and_hint
    assert said.code == 4
    room = sum(len(layout_of(card).places) * 16384 for card in cards)
    assert cause.endswith(f" of room are needed, {size(room)} are there")
    fits = int(hint.split("--overwrite ")[1].split()[0])
    too_much = assert_untouched(cards[0], partial(hide, source, *cards, options=("--overwrite", str(fits + 1))))
    assert too_much.code == 4
    assert hide(source, *cards, options=("--overwrite", str(fits))).code == 0
    assert open_in_process(tmp_path / "out", *cards).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


def test_no_room_at_all_says_both_numbers(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path)
    said = assert_untouched(card, partial(hide, roll(tmp_path / "roll", megabytes=15), card))
    cause, hint = said.cause_and_hint
    assert (said.code, "use more or larger cards" in hint) == (4, True)
    assert " MB of room are needed, " in cause
    assert not {"carriers", "slots", "groups", "shards"} & set(cause.split())


def test_a_weak_passphrase_is_refused(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path)
    for weak in ("Pyongyang2026!", "correct horse", ""):
        said = assert_untouched(card, partial(hide_with, tmp_path, card, weak))
        assert said.code == 3
        assert weak not in said.err or not weak
    assert "10^20 are needed" in hide_with(tmp_path, card, "correct horse").cause_and_hint[0]


def hide_with(folder: Path, card: Path, passphrase: str) -> Said:
    source = folder / "photo.jpg"
    source.write_bytes(b"x" * 1000)
    arguments = ("hide", source, "--in", card, "--passphrase-file", "-", "--yes")
    return command(*arguments, stdin=passphrase + "\n")


def test_same_names_links_and_nothing_are_refused(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path)
    first, second = roll(tmp_path / "a", 1, megabytes=0.1), roll(tmp_path / "b", 2, megabytes=0.1)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/link.jpg").symlink_to(first / "DSC_0041.JPG")
    (tmp_path / "empty").mkdir()
    bad = {
        "stored as DSC_0041.JPG": (first / "DSC_0041.JPG", second / "DSC_0041.JPG"),
        "is a link or a special file": (tmp_path / "linked",),
        "there is no file to hide": (tmp_path / "empty",),
        "is not there": (tmp_path / "nowhere.jpg",),
    }
    for cause, files in bad.items():
        where = ("--in", card, "--passphrase-file", "-", "--yes")
        said = assert_untouched(card, partial(command, "hide", *files, *where))
        assert said.code == 3
        assert cause in said.cause_and_hint[0]


def test_usage(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path)
    source = roll(tmp_path / "roll", megabytes=0.1)
    for wrong in (
        ("hide", source, "--yes"),
        ("hide", "--in", card, "--yes"),
        ("hide", source, "--in", card, "--lose", "1", "--yes", "--passphrase-file", "-"),
        ("hide", source, "--in", card, "--overwrite", "96", "--yes"),
        ("hide", source, "--in", card, "--yes"),
        ("hide", source, "--in", card, "--passphrase-file", "-"),
        ("wipe", card),
        ("open", card, "--out", tmp_path / "out"),
        ("open", card),
        ("health",),
    ):
        said = assert_untouched(card, partial(command, *wrong))
        assert said.code == 2, (wrong, said)
        assert all(said.cause_and_hint)


def test_a_card_given_twice_is_refused(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path)
    (tmp_path / "other").symlink_to(tmp_path)
    for second in (card, tmp_path / "other" / card.name):
        said = assert_untouched(card, partial(command, "wipe", card, second, "--yes"))
        assert (said.code, "is given twice" in said.err) == (3, True)


def test_a_file_that_changes_between_the_passes_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (card,) = cards_in(tmp_path)
    source, files = roll(tmp_path / "roll", megabytes=1), visible(card)
    photo = source / "DSC_0041.JPG"
    really = sources.FolderReader.read_into

    def changing(self: sources.FolderReader, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        if entry.name.endswith("DSC_0041.JPG"):
            with photo.open("r+b") as file:  # in place: another thread may be reading it
                file.seek(-1, 2)
                file.write(b"!")
        really(self, entry, offset_bytes, buffer)

    monkeypatch.setattr(sources.FolderReader, "read_into", changing)
    said = hide(source, card)
    assert said.code == 3
    assert said.cause_and_hint[0] == "a file changed while it was being read; what was being hidden is not complete"
    assert visible(card) == files
    assert open_in_process(tmp_path / "out", card).code == 1
    assert hide(source, card).code == 0, "it can be run again"


def test_a_file_that_shrinks_or_grows_or_goes_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (card,) = cards_in(tmp_path)
    source, really = roll(tmp_path / "roll", megabytes=0.2), sources.gather
    photo = source / "DSC_0041.JPG"
    contents = photo.read_bytes()
    for change in (lambda: photo.write_bytes(contents[:-5]), lambda: photo.write_bytes(contents + b"x"), photo.unlink):
        photo.write_bytes(contents)

        def gather(files: list[Path], change: Callable[[], object] = change) -> sources.Sources:
            found = really(files)
            change()
            return found

        monkeypatch.setattr(sources, "gather", gather)
        said = assert_untouched(card, partial(hide, source, card))
        assert said.code == 3, said.err


# What it says.


def test_json_is_one_document_and_the_words_go_to_stderr(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path, 3), roll(tmp_path / "roll", megabytes=1)
    said = hide(source, *cards)
    document = said.document
    assert (document["files"], document["bytes"]) == (5, 1_000_000)
    assert (document["carriers"], document["threshold"], document["overwrite_percent"]) == (3, 2, 20)
    assert sum(document["slots"].values()) * 16384 == document["written_bytes"]
    for told in (
        "any 2 of these 3 cards and the passphrase open it",
        "all free space is rewritten on card0.img (",
        "what other passphrases or labels hid (--keep asks) or is sealed: lost for good",
    ):
        assert told in said.err
    assert PASSPHRASE not in said.err + said.out
    health = command("health", *cards, "--label", LABEL, "--json", "--passphrase-file", "-")
    assert [floor["opens"] for floor in health.document["floors"]] == [True]
    opened = open_in_process(tmp_path / "out", *cards)
    assert opened.document["floors"][0]["folder"] == str(tmp_path / "out")
    wiped = command("wipe", *cards, "--yes", "--json")
    assert wiped.document["swept_bytes"] == sum(layout_of(card).free_bytes for card in cards)


@pytest.mark.parametrize(("cards", "options", "told"), [
    (1, (), "this card and the passphrase open it"),
    (2, (), "both cards and the passphrase are needed to open it"),
    (3, (), "any 2 of these 3 cards and the passphrase open it"),
    (3, ("--lose", "2"), "any 1 of these 3 cards and the passphrase open it"),
])  # fmt: skip
def test_it_says_how_many_cards_open_it_and_that_is_so(
    cards: int, options: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    made, source = cards_in(tmp_path, cards), roll(tmp_path / "roll", megabytes=0.5)
    said = hide(source, *made, options=options)
    assert told in said.err
    threshold = said.document["threshold"]
    assert open_in_process(tmp_path / "out", *made[-threshold:]).code == 0
    if threshold > 1:
        assert open_in_process(tmp_path / "few", *made[1:threshold]).code == 1


def test_unequal_cards_the_largest_may_be_lost(tmp_path: Path) -> None:
    small = [exfat_card(tmp_path / f"small{n}.img", n, size_bytes=9_000_000, files=5) for n in range(2)]
    large = fat32_card(tmp_path / "large.img", 3)
    source = roll(tmp_path / "roll", megabytes=2)
    assert hide(source, *small, large).code == 0
    large.unlink()
    assert open_in_process(tmp_path / "out", *small).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


# Health.


def slots_by_group(cards: list[Path]) -> dict[int, list[tuple[int, int]]]:
    """(card, offset) of every slot of each group."""
    devices = [open_raw(card) for card in cards]
    index = scan(devices, SlotCipher(secret.keys_of(PASSPHRASE, LABEL)), lambda _done: None)
    for device in devices:
        device.close()
    found: dict[int, list[tuple[int, int]]] = {}
    for source, offset, group in zip(index.source, index.offset, index.group, strict=True):
        found.setdefault(int(group), []).append((int(source), int(offset)))
    return found


def destroy(cards: list[Path], slots: list[tuple[int, int]]) -> None:
    for card, offset in slots:
        with cards[card].open("r+b") as image:
            image.seek(offset)
            image.write(bytes(64))


def health(*cards: Path) -> Said:
    return command("health", *cards, "--label", LABEL, "--passphrase-file", "-")


@pytest.mark.parametrize(("left", "opens"), [(2, True), (-1, False)])
def test_the_poorest_group_decides(left: int, opens: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards, source = cards_in(tmp_path, 2), roll(tmp_path / "roll", megabytes=2)
    monkeypatch.setattr(plan, "MAX_SOURCE_SYMBOLS", 50)
    assert hide(source, *cards).code == 0
    slots = slots_by_group(cards)
    assert len(slots) == 3
    chosen = random.Random(1).sample(slots[1], len(slots[1]) - source_symbols(cards) - left)
    destroy(cards, chosen)
    said = health(*cards)
    assert said.code == int(not opens)
    document = command("health", *cards, "--label", LABEL, "--passphrase-file", "-", "--json").document["floors"][0]
    assert (document["poorest_spare"], document["groups_lost"], document["groups"]) == (left, int(not opens), 3)
    if opens:
        assert "you may lose nothing more" in said.out
    else:
        assert "does not come back: too much of it was overwritten or is missing" in said.out
    assert open_in_process(tmp_path / "out", *cards).code == int(not opens)


def source_symbols(cards: list[Path]) -> int:
    """K of group 1."""
    with collected(cards, secret.keys_of(PASSPHRASE, LABEL), silent) as (collection, _found):
        unlocked = collection.floors()[0].unlock()
    assert unlocked
    return next(iter(unlocked.terms.values())).source_symbols(1)


def test_health_says_what_may_still_be_lost_and_that_is_so(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path, 4), roll(tmp_path / "roll", megabytes=2)
    assert hide(source, *cards, options=("--lose", "2", "--overwrite", "10")).code == 0
    document = command("health", *cards, "--label", LABEL, "--passphrase-file", "-", "--json").document["floors"][0]
    assert document["may_lose_cards"] == 2
    assert f"you may lose 2 more cards, or {document['may_lose_percent']} % of each" in health(*cards).out
    assert open_in_process(tmp_path / "out", *cards[2:]).code == 0
    assert document["may_lose_percent"] >= 40, "two of four cards and a tenth of the others are 55 % of everything"
    percent = document["may_lose_percent"]
    damaged = [Path(shutil.copyfile(card, tmp_path / f"damaged{number}.img")) for number, card in enumerate(cards)]
    for number, card in enumerate(damaged):
        places = layout_of(card).places.tolist()
        destroy(damaged, [(number, at) for at in random.Random(number).sample(places, len(places) * percent // 100)])
    assert open_in_process(tmp_path / "out2", *damaged).code == 0


def test_health_with_too_few_carriers_says_no_more_than_that(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path, 3), roll(tmp_path / "roll", megabytes=0.5)
    assert hide(source, *cards, options=("--lose", "0")).code == 0
    said = health(cards[1])
    assert said.code == 1
    assert (
        "does not come back: 1 card of it is here, and not enough. Where it is on other cards too, give those"
        in said.out
    )
    (floor,) = command("health", cards[1], "--label", LABEL, "--passphrase-file", "-", "--json").document["floors"]
    assert [floor[key] for key in ("bytes", "carriers", "threshold", "more_carriers_needed")] == [None] * 4
    files = [path.name for path in source.iterdir()]
    assert not any(name in said.out + said.err for name in files), "no hidden name before enough carriers are here"


def test_slots_are_spread_over_the_whole_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # True chance leaves a tenth this poor in one run of twenty.
    monkeypatch.setattr(secret, "RANDOM", seeded(1))
    (card,) = cards_in(tmp_path)
    assert hide(roll(tmp_path / "roll", megabytes=3), card).code == 0
    offsets = np.array([offset for slots in slots_by_group([card]).values() for _, offset in slots])
    places = layout_of(card).places
    assert np.isin(offsets, places).all()
    tenths = np.histogram(np.searchsorted(places, offsets), bins=10, range=(0, len(places)))[0]
    assert tenths.min() > len(offsets) / 10 * 0.6
