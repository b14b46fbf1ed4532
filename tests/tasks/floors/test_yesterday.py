"""The second evening: what the same passphrase hid before is kept, let go only by name, and never lost by a sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.fresh import fresh_open
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, command, hide, open_in_process

from fifthfloor.audit import card as auditing
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import look as looking
from fifthfloor.tasks.floors.look import look_at
from fifthfloor.tasks.floors.sweep import opened_cards
from fifthfloor.words.form import size

pytestmark = pytest.mark.usefixtures("quick_kdf")
HALF = ("--overwrite", "50")


def cards_of(folder: Path, count: int = 2) -> list[Path]:
    return [exfat_card(folder / f"card{n}.img", n, size_bytes=24_000_000, files=8) for n in range(count)]


def evening(folder: Path, number: int, *cards: Path, options: tuple[str | Path, ...] = HALF) -> Path:
    source = roll(folder / f"evening-{number}", number, megabytes=0.5)
    said = hide(source, *cards, options=options)
    assert said.code == 0, said.err
    return source


def test_three_evenings_of_one_passphrase_all_come_back(tmp_path: Path) -> None:
    cards = cards_of(tmp_path)
    sources = [evening(tmp_path, number, *cards) for number in range(3)]
    said = fresh_open(tmp_path, tmp_path / "out", *cards)
    assert said.code == 0, said.err
    for source in sources:
        (back,) = (tmp_path / "out").glob(f"*/{source.name}")
        assert tree(back) == tree(source)
    assert command("health", *cards, "--label", LABEL, "--passphrase-file", "-").code == 0


def test_it_is_said_what_is_kept_and_what_is_let_go(tmp_path: Path) -> None:
    cards = cards_of(tmp_path)
    first = evening(tmp_path, 1, *cards)
    size = sum(path.stat().st_size for path in first.rglob("*") if path.is_file())
    said = hide(roll(tmp_path / "two", 2, megabytes=0.5), *cards, options=HALF)
    assert said.document["kept_floors"] == 1
    assert "kept: what this passphrase and label hid on " in said.err
    assert f"(5 files, {size / 1000:.1f} kB)" in said.err
    before = [card.read_bytes() for card in cards]
    options = (*HALF, "--discard")
    dry = hide(roll(tmp_path / "three", 3, megabytes=0.5), *cards, options=(*options, "--dry-run"))
    assert [card.read_bytes() for card in cards] == before, "a dry run writes nothing"
    assert [one["files"] for one in dry.document["discarded"]] == [5, 5]
    assert dry.document["kept"] == []
    done = hide(tmp_path / "three", *cards, options=options)
    assert done.err.count("GONE for good: what this passphrase hid on ") == 2
    assert len(open_in_process(tmp_path / "out", *cards).document["floors"]) == 1


def test_another_passphrase_or_label_and_a_card_without_a_floor_keep_nothing_and_say_the_same(tmp_path: Path) -> None:
    """A forgotten label would cost the evening before; that it may be so is said, and never whether it is."""
    cards = cards_of(tmp_path)
    told = {}
    for name in ("empty", "another label", "no label", "another passphrase"):
        if name == "another label":
            evening(tmp_path, 1, *cards)
        label = {"another label": "another floor", "no label": ""}.get(name, LABEL)
        phrase = WRONG if name == "another passphrase" else PASSPHRASE
        source, options = roll(tmp_path / name, 4, megabytes=0.5), (*HALF, "--dry-run")
        said = hide(source, *cards, options=options, label=label, passphrase=phrase)
        assert (said.code, said.document["kept"], said.document["discarded"]) == (0, [], []), said
        told[name] = (
            said.err.replace("hid without a label", "and label hid before")
            .partition("\n  ")[2]
            .rpartition("\nthis takes ")[0]
            .strip()
        )
    assert set(told.values()) == {
        "nothing that this passphrase and label hid before was found on these cards\n"
        "  what other passphrases or labels hid (--keep asks) or is sealed: lost for good"
    }, told
    same = hide(tmp_path / "empty", *cards, options=(*HALF, "--dry-run"))
    assert (len(same.document["kept"]), "nothing that" in same.err) == (1, False)


def test_where_not_everything_is_read_a_sample_meets_a_slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (card,) = cards_of(tmp_path, 1)
    evening(tmp_path, 1, card)
    keys = secret.keys_of("tapeless unwitting gargle skedaddle ozone frolic plywood", LABEL)
    for module in (auditing, looking):
        monkeypatch.setattr(module, "QUICK_BUDGET_BYTES", 64 << 10)
    really = auditing.recoverable
    monkeypatch.setattr(looking, "recoverable", lambda *a: really(*a, budget_bytes=64 << 10))
    read: list[int] = []
    with opened_cards([card]) as (opened,):
        found = look_at(opened, [keys], read.append)
        assert (found.met, found.everything) == (True, False)
        assert sum(read) < opened.layout.free_bytes, "once a slot is met nothing more is read"
        strange = secret.keys_of("skedaddle ozone frolic plywood tapeless unwitting gargle", LABEL)
        assert not look_at(opened, [strange], read.append).met


def test_what_a_stopped_hide_left_is_told_and_let_go_alone(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, 3)
    first = evening(tmp_path, 1, *cards)
    before = [card.read_bytes() for card in cards]
    evening(tmp_path, 2, *cards)
    for card, contents in zip(cards[1:], before[1:], strict=True):
        card.write_bytes(contents)  # the second evening was stopped after its first card
    key = ("--label", LABEL, "--passphrase-file", "-")
    health = command("health", *cards, *key)
    assert health.code == 0, "a floor comes back"
    assert "does not come back: 1 card of it is here, and not enough." in health.out, "what is certain comes first"
    assert "What a stopped hide left was never complete, and there are no others" in health.out
    assert not re.search(r"bring|give \d", health.out), "all cards were given"
    source, stopped = roll(tmp_path / "three", 6, megabytes=0.5), [card.read_bytes() for card in cards]
    refused = hide(source, *cards, options=HALF)
    assert (refused.code, refused.document["error"]) == (4, "keep.locked")
    assert "--discard" not in refused.cause_and_hint[1], "a hint offers nothing that has a price"
    assert "help hide" in refused.cause_and_hint[1]
    assert "cannot be gone on with: how far it came is noted nowhere" in refused.cause_and_hint[1]
    assert [card.read_bytes() for card in cards] == stopped
    done = hide(source, *cards, options=(*HALF, "--discard-broken"))
    assert done.code == 0, done.err
    assert "GONE for good: what these cards hold of something" in done.err
    assert done.document["kept_floors"] == 1
    said = open_in_process(tmp_path / "out", *cards)
    assert (said.code, said.document["incomplete"]) == (0, 0)
    for roll_ in (first, source):
        (back,) = (tmp_path / "out").glob(f"*/{roll_.name}")
        assert tree(back) == tree(roll_)


def test_too_little_room_beside_what_is_kept_names_it_and_says_how_the_room_is_shared(tmp_path: Path) -> None:
    (card,) = cards_of(tmp_path, 1)
    first = roll(tmp_path / "one", 1, megabytes=6)
    assert hide(first, card, options=HALF).code == 0
    before, second = card.read_bytes(), roll(tmp_path / "two", 2, megabytes=6)
    said = hide(second, card, options=HALF)
    assert (said.code, said.document["error"]) == (4, "keep.no_room"), said.err
    cause, hint = said.cause_and_hint
    assert said.err.index("kept: what this passphrase and label hid on ") < said.err.index(cause), (
        "by date, files and size"
    )
    room, kept, new = (float(number) for number in re.findall(r"([\d.]+) MB", cause))
    assert cause.startswith("card0.img has room for ")
    assert kept < room < kept + new, "three numbers that show why"
    assert new < room, "alone it would fit"
    assert (hint.startswith("hide fewer photographs"), "--discard" in hint) == (True, False)
    assert card.read_bytes() == before
    shared = hide(roll(tmp_path / "three", 3, megabytes=0.5), card, options=(*HALF, "--verbose", "--dry-run"))
    assert shared.code == 0, shared.err
    told = re.search(r"of the room on card0.img, ([\d.]+) MB are kept and ([\d.]+) MB are new; ([\d.]+) MB", shared.err)
    assert told, shared.err
    assert abs(sum(map(float, told.groups())) - room) < 0.2, "what is kept, new and left is all of it"
    assert hide(second, card, options=(*HALF, "--discard")).code == 0


def test_one_card_of_three_is_no_place_to_keep_and_what_is_let_go_costs_that_card_alone(tmp_path: Path) -> None:
    """An older evening on three cards, a hide on one of them: refused; let go there, it opens from the others."""
    cards = cards_of(tmp_path, 3)
    first = roll(tmp_path / "roll1", 1, megabytes=0.5)
    written = hide(first, *cards, options=("--overwrite", "20")).document
    held = cards[0].read_bytes()
    said = hide(roll(tmp_path / "two", 2, megabytes=0.5), cards[0], options=HALF)
    assert (said.code, said.document["error"]) == (4, "keep.locked")
    cause, hint = said.cause_and_hint
    told = re.fullmatch(
        r"what is to be kept does not open from these cards: ([\d.]+ [kM]B) of it are here, on 1 card, and it needs "
        r"2 cards or more", cause,
    )  # fmt: skip
    assert told, cause
    assert told[1] == size(written["slots"][str(cards[0])] * SLOT_BYTES), "as much as was written on this card"
    assert hint.startswith("give its other cards too, all in one command: with them it may come back")
    assert cards[0].read_bytes() == held
    # Whoever gives the passphrase to --keep hides under another one: --discard-broken lets go nothing of it.
    (tmp_path / "keep.txt").write_text(f"{PASSPHRASE}\n{LABEL}\n", encoding="utf-8")
    for words in (
        ("wipe", cards[0]),
        ("hide", tmp_path / "two", "--in", cards[0], "--label", "other", "--passphrase-file", "-", "--discard-broken"),
    ):
        named = command(*words, "--keep-file", tmp_path / "keep.txt", "--yes", "--json")
        assert (named.code, named.document["error"]) == (4, "keep.locked_named")
        assert (named.document["cause"], "--discard-broken" in named.document["hint"]) == (cause, False)
    assert cards[0].read_bytes() == held
    assert hide(tmp_path / "two", cards[0], options=(*HALF, "--discard-broken")).code == 0
    assert open_in_process(tmp_path / "out", *cards[1:]).code == 0, "any two of three"
    assert tree(tmp_path / f"out/{first.name}") == tree(first)


def test_a_stopped_hide_that_is_just_complete_is_let_go_by_discard(
    tmp_path: Path, seeded_chance: Callable[[int], None]
) -> None:
    """Of 12 MB a stop would lose some 20 shards and more where 4 can be spared; drawing again does not help."""
    seeded_chance(5)
    (card,) = cards_of(tmp_path, 1)
    before = card.read_bytes()
    assert hide(roll(tmp_path / "one", 1, megabytes=12), card, options=("--overwrite", "0")).code == 0
    assert card.read_bytes() != before
    said = hide(roll(tmp_path / "two", 2, megabytes=0.5), card, options=HALF)
    assert (said.code, said.document["error"]) == (4, "keep.no_spare"), said.err
    assert said.cause_and_hint[1].startswith("open it first (fifthfloor open), then hide it on other cards")
    assert hide(tmp_path / "two", card, options=(*HALF, "--discard")).code == 0
