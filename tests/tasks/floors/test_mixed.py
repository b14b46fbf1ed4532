"""One floor on cards and in photographs: any of them may be lost, and a later evening keeps it (roll-carrier.md, 6)."""

from __future__ import annotations

import random
import shutil
from itertools import combinations
from pathlib import Path

import pytest
from tests.carriers.covers_made import roll_of
from tests.cli.test_json_documents import compare_row
from tests.tasks.cards_at_hand import exfat_card, fat32_card, visible
from tests.tasks.quick import PASSPHRASE, WRONG, command, quick_argon2id, seeded

from fifthfloor.cli.console import Console
from fifthfloor.floor.odds import PROMISED_ODDS, Spread, survivors, times
from fifthfloor.floor.plan import Room
from fifthfloor.floor.roll_plan import Cards, Offer, RollPlan, TooFew, left_after, make_mixed_plan
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import mixed_hide
from tools import rescue

pytestmark = pytest.mark.usefixtures("quick_kdf")
SECRET = random.Random(7).randbytes(9_000)
ASKED = ("--passphrase-file", "-", "--label", "")


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cards and a roll, any two of which open a file of 9 kB; each test takes a copy."""
    folder = tmp_path_factory.mktemp("hidden")
    carriers = (
        fat32_card(folder / "a.img", 1, size_bytes=36_000_000, files=3),
        exfat_card(folder / "b.img", 2, size_bytes=9_000_000, files=3),
        roll_of(folder / "DCIM", 8),
    )
    (folder / "a.bin").write_bytes(SECRET)
    before = [visible(card) for card in carriers[:2]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "KDF", quick_argon2id)
        patch.setattr(secret, "RANDOM", seeded(17))  # so that the damage of a test always meets slots
        where = [part for carrier in carriers for part in ("--in", carrier)]
        said = command("hide", folder / "a.bin", *where, "--rate", "0.05", "--lose", "1", "--yes", "--json", *ASKED)
    assert said.code == 0, said.err
    compare_row("hide --in CARD --in FOLDER", said.document)
    assert said.document["threshold"] == 2
    assert said.document["rolls"][0]["written"] > 0
    assert said.document["changes"] > 1_000
    assert [visible(card) for card in carriers[:2]] == before
    return folder


@pytest.fixture
def trip(hidden: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(hidden, tmp_path / "trip"))


def opens(out: Path, *carriers: Path) -> bool:
    said = command("open", *carriers, "--out", out, *ASKED)
    if said.code == 0:
        assert (out / "a.bin").read_bytes() == SECRET
    else:
        assert said.code == 1, said.err
    return said.code == 0


def test_any_two_of_two_cards_and_a_folder_open_it(trip: Path, tmp_path: Path) -> None:
    carriers = [trip / "a.img", trip / "b.img", trip / "DCIM"]
    for number, two in enumerate(combinations(carriers, 2)):
        assert opens(tmp_path / f"two{number}", *two), two
    for number, one in enumerate(carriers):
        assert not opens(tmp_path / f"one{number}", one), one
    said = command("open", *carriers, "--out", tmp_path / "wrong", *ASKED, stdin=WRONG + "\n")
    assert (said.code, "nothing was found" in said.err) == (1, True)


def test_it_bears_a_lost_card_a_fifth_of_the_other_and_a_quarter_of_the_photographs(trip: Path, tmp_path: Path) -> None:
    photographs = sorted((trip / "DCIM").iterdir())
    for path in photographs[:2]:
        path.unlink()
    with (trip / "b.img").open("r+b") as card:
        card.seek(6_000_000)
        card.write(bytes(1_500_000))
    assert opens(tmp_path / "out", trip / "b.img", trip / "DCIM")


def test_health_counts_slots_of_cards_and_photographs(trip: Path) -> None:
    (all_of_it,) = command("health", trip / "a.img", trip / "b.img", trip / "DCIM", "--json", *ASKED).document["floors"]
    assert (all_of_it["opens"], all_of_it["may_lose_cards"], all_of_it["may_lose_percent"]) == (True, 1, 100)
    (cards,) = command("health", trip / "a.img", trip / "b.img", "--json", *ASKED).document["floors"]
    assert (cards["opens"], cards["carriers"], cards["threshold"], cards["photographs"]) == (True, 3, 2, 0)
    assert 20 <= cards["may_lose_percent"] < 100
    (mixed,) = command("health", trip / "b.img", trip / "DCIM", "--json", *ASKED).document["floors"]
    assert mixed["opens"]
    assert 25 <= mixed["may_lose_percent"] < 100, "with the last photograph a share goes"


def test_a_later_evening_on_the_cards_keeps_it(trip: Path, tmp_path: Path) -> None:
    """What was hidden with photographs is carried over like any floor, lost slots made anew under their own numbers."""
    with (trip / "b.img").open("r+b") as card:
        card.seek(4_000_000)
        card.write(bytes(3_000_000))
    (tmp_path / "next.bin").write_bytes(b"the next evening" * 100)
    cards = ("--in", trip / "a.img", "--in", trip / "b.img")
    said = command("hide", tmp_path / "next.bin", *cards, "--yes", "--json", *ASKED)
    assert said.code == 0, said.err
    assert said.document["kept_floors"] == 1
    assert said.document["kept_health"][0]["after"] > said.document["kept_health"][0]["before"]
    found = command("list", trip / "a.img", trip / "b.img", *ASKED)
    assert "a.bin" in found.out
    assert "next.bin" in found.out
    for two in ((trip / "a.img", trip / "b.img"), (trip / "b.img", trip / "DCIM")):
        out = tmp_path / f"out of {two[1].name}"
        assert command("open", *two, "--out", out, "--only", "a.bin", *ASKED).code == 0
        assert next(out.rglob("a.bin")).read_bytes() == SECRET


def test_the_rescue_decoder_opens_it_from_the_cards_alone(
    trip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("KDF_KIB", 64), ("KDF_PASSES", 1), ("KDF_LANES", 1)):
        monkeypatch.setattr(rescue, name, value)
    assert rescue.rescue(PASSPHRASE, "", tmp_path / "out", [trip / "a.img", trip / "b.img"]) == 0
    assert next((tmp_path / "out").rglob("a.bin")).read_bytes() == SECRET
    assert rescue.rescue(PASSPHRASE, "", tmp_path / "none", [trip / "a.img"]) == 1


def test_what_will_happen_is_said_and_a_dry_run_writes_nothing(hidden: Path, tmp_path: Path) -> None:
    card, folder = fat32_card(tmp_path / "c.img", 3, size_bytes=36_000_000, files=1), roll_of(tmp_path / "new", 4, 40)
    before = [card.read_bytes(), *(path.read_bytes() for path in sorted(folder.iterdir()))]
    line = ("hide", hidden / "a.bin", "--in", card, "--in", folder, "--rate", "0.05", "--lose-photos", "0")
    said = command(*line, "--dry-run", *ASKED)
    assert said.code == 0, said.err
    for part in (
        "both of these and the passphrase are needed",
        "all free space is rewritten on c.img",
        "into 4 of 4 photographs in new",
        "a copy shows every change; originals must go (wipe)",
        "our detectors saw little",
    ):
        assert part in " ".join(said.err.split()), said.err
    document = command(*line, "--dry-run", "--json", *ASKED).document
    assert (document["written"], len(document["cards"]), len(document["rolls"])) == (False, 1, 1)
    compare_row("hide --in CARD --in FOLDER --dry-run", document)
    assert document["cards"][0]["written_bytes"] > 0
    assert [card.read_bytes(), *(path.read_bytes() for path in sorted(folder.iterdir()))] == before
    for option in (("--quick",), ("--remove",), ("--to", "x")):
        refused = command(*line, *option)
        assert (refused.code, "for cards alone" in refused.err or "does not go with" in refused.err) == (2, True)
    little = command(*line, "--lose", "1", "--yes", *ASKED)
    assert (little.code, "and the 4 photographs that may hold something hold" in little.err) == (4, True)


def test_a_stop_in_the_sweep_leaves_every_photograph_as_it_was(
    hidden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, folder = fat32_card(tmp_path / "c.img", 3, size_bytes=36_000_000, files=1), roll_of(tmp_path / "new", 4, 40)
    seen, before = visible(card), {path.name: path.read_bytes() for path in folder.iterdir()}
    line = ("hide", hidden / "a.bin", "--in", card, "--in", folder, "--rate", "0.05", "--lose-photos", "0", *ASKED)

    def stop(_opened: object, _slots: object, progress: object) -> None:
        with progress("work.write", 1):  # type: ignore[operator]
            raise KeyboardInterrupt

    monkeypatch.setattr(mixed_hide, "sweep_card", stop)
    said = command(*line, "--yes")
    assert (said.code, "every photograph is as it was" in " ".join(said.err.split())) == (130, True), said.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    monkeypatch.setattr(Console, "confirm", lambda _console, _question: False)
    assert command(*line).code == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert visible(card) == seen


OFFERS = [Offer((1, 2, 4, 8, 11), 11)] * 40


def test_photographs_hold_as_little_as_lets_the_cards_do_the_rest() -> None:
    cards = Cards([Room(2_000, 2_000 * 16_384)] * 2, 0.2)
    plan = make_mixed_plan(cards, [OFFERS], 200, 1, 0.25)
    assert isinstance(plan, RollPlan)
    assert plan.threshold == 2
    assert plan.odds <= PROMISED_ODDS
    assert len(plan.shards) == 2
    assert 18 * plan.shards[0] >= 200, "one card alone holds the symbols where the other is lost"
    assert sum(plan.slots[0]) == 40, "one slot in each photograph: the least of a ladder that all have"
    alone = make_mixed_plan(cards, [OFFERS], 200, 2, 0.25)
    assert isinstance(alone, RollPlan)
    assert (alone.threshold, left_after(alone.slots[0], 0.25) >= 206) == (1, True)


def test_too_little_room_says_what_there_is() -> None:
    little = make_mixed_plan(Cards([Room(3, 3 * 16_384)], 0.2), [OFFERS[:4]], 300, 0, 0.25)
    assert isinstance(little, TooFew)
    assert little.left < little.needed
    none = make_mixed_plan(Cards([Room(0, 0)], 0.2), [OFFERS], 10, 0, 0.25)
    assert isinstance(none, TooFew)


def test_what_stands_for_eighteen_is_counted_by_eighteens() -> None:
    one = survivors(100, 20, 5)
    many = times(one, 18)
    assert isinstance(many, Spread)
    assert many.first == 18 * one.first
    assert many.weight[::18].tolist() == one.weight.tolist()
    assert float(many.weight.sum()) == pytest.approx(float(one.weight.sum()))
