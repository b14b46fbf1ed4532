"""`hide --quick` on cards with evenings of the same passphrase: what it ends is named first, and needs --discard."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.quick import LABEL, WRONG, command, hide, open_in_process

from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.quick_earlier import Meeting

pytestmark = pytest.mark.usefixtures("quick_kdf")
KEY = ("--label", LABEL, "--passphrase-file", "-")


@pytest.fixture(name="cards")
def swept_cards(tmp_path: Path) -> list[Path]:
    cards = [exfat_card(tmp_path / f"card{n}.img", n, size_bytes=40_000_000, files=4) for n in range(2)]
    assert command("wipe", *cards, "--yes").code == 0
    return cards


def test_what_would_not_come_back_is_named_and_refused_and_goes_only_with_discard(
    tmp_path: Path, cards: list[Path]
) -> None:
    first = roll(tmp_path / "first", 1, megabytes=6)
    assert hide(first, *cards, options=("--overwrite", "10")).code == 0
    before, source = [card.read_bytes() for card in cards], roll(tmp_path / "roll", 2, megabytes=3)
    for options in (("--quick",), ("--quick", "--dry-run"), ("--quick", "--discard-broken")):
        said = hide(source, *cards, options=options)
        assert (said.code, said.document["error"]) == (4, "quick.ends"), said
        cause, hint = said.cause_and_hint
        assert re.match(
            r"what this passphrase and label hid on [\d-]{10} \(5 files, 6.0 MB\) would not come back", cause
        )
        assert "leave out --quick, then it is kept" in hint
        assert "--discard" not in hint, "a hint offers nothing that has a price"
        assert [card.read_bytes() for card in cards] == before
    dry = hide(source, *cards, options=("--quick", "--discard", "--dry-run"))
    assert [(one["files"], one["bytes"]) for one in dry.document["discarded"]] == [(5, 6_000_000)]
    assert re.search(r"  GONE for good: what this passphrase hid on [\d-]{10} \(5 files, 6.0 MB\)", dry.err)
    assert [card.read_bytes() for card in cards] == before
    assert hide(source, *cards, options=("--quick", "--discard")).code == 0
    assert tree(open_only(tmp_path, cards)) == tree(source), "what was let go went"


def open_only(folder: Path, cards: list[Path]) -> Path:
    said = open_in_process(folder / "out", *cards)
    assert said.code == 0, said.err
    (back,) = [path for path in (folder / "out").rglob("roll") if path.is_dir()]
    return back


def test_what_still_comes_back_is_named_with_what_it_can_bear_then(tmp_path: Path, cards: list[Path]) -> None:
    first = roll(tmp_path / "first", 1, megabytes=1)
    assert hide(first, *cards, options=("--overwrite", "90")).code == 0
    said = hide(roll(tmp_path / "roll", 2, megabytes=2), *cards, options=("--quick", "--overwrite", "0"))
    assert said.code == 0, said.err
    told = re.search(
        r"  what this passphrase and label hid on [\d-]{10} \(5 files, 1.0 MB\) still comes back after that; it may "
        r"then lose 0 cards, or (\d+) % of each", " ".join(said.err.split("\n")).replace("    ", " "),
    )  # fmt: skip
    assert told, said.err
    health = command("health", *cards, *KEY, "--json").document["floors"]
    assert {one["opens"] for one in health} == {True}
    assert abs(max(one["may_lose_percent"] for one in health) - int(told[1])) <= 1, "as health says it afterwards"


def test_no_other_passphrase_is_met_and_the_cards_are_not_read_for_it(tmp_path: Path, cards: list[Path]) -> None:
    assert hide(roll(tmp_path / "first", 1, megabytes=6), *cards, options=("--overwrite", "10")).code == 0
    source = roll(tmp_path / "roll", 2, megabytes=3)
    for label, phrase in (("another", None), (LABEL, WRONG)):
        more = {"passphrase": phrase} if phrase else {}
        said = hide(source, *cards, options=("--quick", "--dry-run"), label=label, **more)
        assert (said.code, said.document["borne"], said.document["discarded"]) == (0, [], [])
        assert "  nothing that this passphrase and label hid before is written over" in said.err


def test_what_these_cards_do_not_open_is_refused_until_it_is_let_go(tmp_path: Path, cards: list[Path]) -> None:
    """Its other card lies elsewhere: whether it bears the runs nobody can know here."""
    first = roll(tmp_path / "first", 1, megabytes=6)
    assert hide(first, *cards, options=("--overwrite", "0")).code == 0
    source = roll(tmp_path / "roll", 2, megabytes=1)
    said = hide(source, cards[0], options=("--quick",))
    assert (said.code, said.document["error"]) == (4, "keep.locked")
    assert hide(source, cards[0], options=("--quick", "--discard-broken")).code == 0
    assert tree(open_only(tmp_path, cards[:1])) == tree(source)


def test_slots_are_met_before_and_after_the_keys_are_there() -> None:
    from fifthfloor.floor.header import SlotHeader
    from fifthfloor.floor.slot import SYMBOL_BYTES, SlotCipher

    keys = secret.keys_of(WRONG, "")
    header = SlotHeader(1, bytes(16), 0, 0, bytes(32), bytes(32), veiled=True)
    slot = SlotCipher(keys).seal(header, bytes(SYMBOL_BYTES), bytes(range(16)))
    noise = np.random.default_rng(1).bytes(1 << 16)
    for data, met in ((noise, False), (noise + slot, True), (noise[:512] + slot[:512], True)):
        meeting = Meeting(keys)
        meeting.see(data)
        assert meeting.met is met
