"""A floor with K shards, or one more, comes back: it is not broken, not carried over, and never let go as broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.quick import LABEL, PASSPHRASE, command, hide, open_in_process

from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.carriers import collection as collecting
from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.floor import shards
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.keep import find
from fifthfloor.tasks.floors.quick_earlier import _bears
from fifthfloor.tasks.floors.sweep import opened_cards
from fifthfloor.tasks.progress import silent

pytestmark = pytest.mark.usefixtures("quick_kdf")
KEY = ("--label", LABEL, "--passphrase-file", "-")


def left_with(card: Path, spare: int) -> None:
    """Write over shards of the floor of a card until its one group has so many more than it needs."""
    with open_raw_to_read(card) as device:
        cipher = SlotCipher(secret.keys_of(PASSPHRASE, LABEL))
        there = Collection([device], cipher, scan([device], cipher, lambda _: None))
        (facts,) = there.floors()
        unlocked = facts.unlock()
        assert unlocked
        places = [offset for (_, offset), _header in there.placed(facts, 0)]
        needed = unlocked.source_symbols(0)
        assert needed
    with card.open("r+b") as file:
        for offset in places[needed + spare :]:
            file.seek(offset)
            file.write(bytes(SLOT_BYTES))


def card_with_little(folder: Path, spare: int) -> tuple[Path, Path]:
    """Return a card whose floor has so many shards to spare, and what is in it."""
    card, first = (
        exfat_card(folder / "card.img", 3, size_bytes=24_000_000, files=6),
        roll(folder / "one", 1, megabytes=0.5),
    )
    assert hide(first, card, options=("--overwrite", "20")).code == 0
    left_with(card, spare)
    return card, first


@pytest.mark.parametrize("spare", [0, 1])
def test_what_still_opens_is_refused_and_never_let_go_as_broken(
    spare: int, tmp_path: Path, seeded_chance: Callable[[int], None]
) -> None:
    seeded_chance(3)
    card, first = card_with_little(tmp_path, spare)
    before, second = card.read_bytes(), roll(tmp_path / "two", 2, megabytes=0.5)
    (health,) = command("health", card, *KEY, "--json").document["floors"]
    assert (health["opens"], health["poorest_spare"]) == (True, spare)
    for options in ((), ("--discard-broken",), ("--dry-run",)):
        said = hide(second, card, options=options)
        assert (said.code, said.document["error"]) == (4, "keep.nothing_spare"), options
        cause, hint = said.cause_and_hint
        assert cause == (
            "what is to be kept comes back, but has nothing to spare and could be lost while it is carried over"
        )
        assert hint.startswith("open it first (fifthfloor open)")
    (tmp_path / "keep.txt").write_text(f"{PASSPHRASE}\n{LABEL}\n", encoding="utf-8")
    named = command("wipe", card, "--keep-file", tmp_path / "keep.txt", "--yes", "--json")
    assert (named.code, named.document["error"]) == (4, "keep.nothing_spare")
    assert card.read_bytes() == before
    assert open_in_process(tmp_path / "out", card).code == 0
    assert tree(tmp_path / f"out/{first.name}") == tree(first)
    assert hide(second, card, options=("--discard",)).code == 0, "its own word lets it go"


def test_as_many_shards_as_are_needed_that_do_not_bring_it_back_are_called_broken_by_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, _first = card_with_little(tmp_path, 0)
    really = shards.decode
    monkeypatch.setattr(collecting, "decode", lambda k, held, **how: None if len(held) == k else really(k, held, **how))
    health = command("health", card, *KEY)
    assert (health.code != 0, "does not come back" in health.out) == (True, True)
    assert open_in_process(tmp_path / "out", card).code != 0
    second = roll(tmp_path / "two", 2, megabytes=0.5)
    said = hide(second, card)
    assert (said.code, said.document["error"]) == (4, "keep.incomplete")
    here, needed = (float(number) for number in re.findall(r"([\d.]+) kB", said.cause_and_hint[0]))
    assert abs(needed - here - SLOT_BYTES / 1000) < 0.11, "one more at least"
    assert hide(second, card, options=("--discard-broken",)).code == 0


def test_what_a_quick_hide_does_not_touch_bears_it_as_it_is(
    tmp_path: Path, seeded_chance: Callable[[int], None]
) -> None:
    seeded_chance(3)
    card, _first = card_with_little(tmp_path, 1)
    with opened_cards([card]) as (opened,):
        (found,) = find([opened], [secret.keys_of(PASSPHRASE, LABEL)], silent)
        assert found.census is not None
        assert _bears(found.census, [np.zeros(0, np.int64)]) == (0, 0)
        assert _bears(found.census, [found.census.slots[:1, 1]]) is None
