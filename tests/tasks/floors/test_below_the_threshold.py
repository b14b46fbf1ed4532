"""Who has a passphrase and fewer cards than are needed cannot work out how large the floor is (spec/floor.md, 3.4)."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.quick import LABEL, PASSPHRASE, hide, open_in_process, seeded

from fifthfloor.floor.shards import SURPLUS, WrongSymbols, decode
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher
from fifthfloor.floor.veil import Veil
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors.here import collected
from fifthfloor.tasks.progress import silent

Symbols = dict[int, bytes]


def sizes_that_fit(symbols: Symbols) -> list[int]:
    """Try every number of source symbols that leaves enough over: the right one, and no other, fits all.

    With fewer than `SURPLUS` over, our decoder may have used them up in place of octet rows, and compares nothing.
    """
    return [count for count in range(1, len(symbols) - SURPLUS + 1) if _fits(count, symbols)]


def _fits(count: int, symbols: Symbols) -> bool:
    try:
        return decode(count, symbols, compare=True) is not None
    except WrongSymbols:
        return False


@pytest.mark.usefixtures("quick_kdf")
@pytest.mark.parametrize("options", [("--lose", "0", "--overwrite", "40"), ("--lose", "0", "--overwrite", "60")])
def test_more_symbols_than_sources_do_not_tell_the_size(options: tuple[str, ...], tmp_path: Path) -> None:
    """Of a small floor one card of two has more symbols than it needs, and more of any with much overwriting."""
    cards = [exfat_card(tmp_path / f"{n}.img", n, size_bytes=12_000_000, files=2) for n in (1, 2)]
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"\xff\xd8" + bytes(150_000))
    assert hide(photo, *cards, options=options).code == 0
    keys = secret.keys_of(PASSPHRASE, LABEL)
    with collected([cards[0]], keys, silent) as (collection, _):
        (facts,) = collection.floors()
        assert facts.unlock() is None, "one card is not enough"
        data, cipher = cards[0].read_bytes(), SlotCipher(keys)
        slots = [cipher.open(data[at : at + SLOT_BYTES]) for (_, at), _header in collection.placed(facts, 0)]
    here = {opened[0].symbol: opened[1] for opened in slots if opened}
    with collected(cards, keys, silent) as (collection, _):
        unlocked = collection.floors()[0].unlock()
    assert unlocked is not None
    sources = next(iter(unlocked.terms.values())).symbols
    assert len(here) >= sources + SURPLUS, "this trial means nothing with fewer"
    assert sizes_that_fit(here) == []
    veil = Veil(unlocked.content_key)
    bare = {number: veil.over(0, number, symbol) for number, symbol in here.items()}
    assert sizes_that_fit(bare) == [sources], "so it would be told without the veil"
    assert open_in_process(tmp_path / "out", *cards).code == 0


def numbers_of_one(carriers: int, shards: int) -> NDArray[np.int64]:
    """What stands in the headers of one card of several, of one group."""
    labels = [Mock(groups=np.zeros(shards, np.int64))] * carriers
    plan = Mock(shards=(shards,) * carriers, groups=(2_772,))
    archive = Mock(groups=plan.groups, content_key=secret.RANDOM(32), window_slots=1 << 30)
    return hiding.begin(Mock(placed=labels, plan=plan), archive).numbers[0]


def apart(left: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    """How far two samples are from one distribution: Kolmogorov's and Smirnov's distance, in its own scale."""
    at = np.sort(np.concatenate([left, right]))
    shares = [np.searchsorted(np.sort(one), at, side="right") / len(one) for one in (left, right)]
    return float(np.abs(shares[0] - shares[1]).max()) * float(np.sqrt(len(left) * len(right) / len(at)))


def test_numbers_of_one_card_do_not_tell_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """45 MB on cards of 256 MiB: of three cards together a group has more shards than 2^14, of two it has not."""
    monkeypatch.setattr(hiding, "SymbolFeed", Mock())
    monkeypatch.setattr(secret, "RANDOM", seeded(3))
    drawn = {carriers: np.concatenate([numbers_of_one(carriers, 7_682) for _ in range(6)]) for carriers in (1, 2, 3, 9)}
    for carriers in (2, 3, 9):
        assert apart(drawn[1], drawn[carriers]) < 2.2, "one of 10^4 seeds"
    other = numbers_of_one(3, 200)
    assert apart(drawn[3], other) < 2.2, "nor do they tell how much is hidden"
    assert apart(drawn[1], drawn[1] >> 1) > 20, "so one bit less would show"
