"""A card that fails at any call: a named error, the right exit code, and every visible file as it was."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.doubles import FailingDevice, Fails, Fault
from tests.outside import in_long
from tests.tasks.cards_at_hand import KINDS, exfat_card, fat32_card, roll, visible
from tests.tasks.quick import LABEL, Said, command, hide, open_in_process
from tests.tasks.recording import Reader

from fifthfloor.cards import reading
from fifthfloor.cards.descriptor import DeviceFacts
from fifthfloor.cards.device import Device

pytestmark = pytest.mark.usefixtures("quick_kdf")

# What each fault may end in; 0 where it is harmless (a bad sector met while only the rate is measured).
CODES: dict[Fault, set[int]] = {
    "eio": {0, 3},
    "enospc": {0, 4},
    "gone": {5},
    "drop": {0, 3},
    "short": {0, 5},
    "grow": {0, 3},
    "shrink": {3},
}


def small(kind: str, path: Path, seed: int) -> Path:
    """A card of little more than the least, because it is swept often."""
    if kind == "fat32":
        return fat32_card(path, seed, size_bytes=34_500_000, files=10)
    return exfat_card(path, seed, size_bytes=10_000_000, files=10)


def sweep(name: str, cards: list[Path], source: Path) -> Said:
    return command("wipe", *cards, "--yes") if name == "wipe" else hide(source, *cards)


def calls_of_interest(log: Sequence[str]) -> list[int]:
    """First and last call of each run of one kind, and some between."""
    edges = [at for at in range(len(log)) if at == 0 or log[at] != log[at - 1]]
    between = edges[4 : -2 : max(1, len(edges) // in_long(4, 2))]
    return sorted({*edges[: in_long(4, 2)], *between, *edges[-2:], len(log) // 3, len(log) - 1})


@pytest.mark.parametrize("fault", CODES)
@pytest.mark.parametrize(("kind", "name"), [("fat32", "wipe"), ("exfat", "hide")])
def test_a_fault_at_any_call(kind: str, name: str, fault: Fault, tmp_path: Path, reader: Reader) -> None:
    originals = [small(kind, tmp_path / f"original{number}.img", number) for number in range(2)]
    cards = [tmp_path / f"card{number}.img" for number in range(2)]
    files, source = visible(originals[1]), roll(tmp_path / "roll", megabytes=0.5)
    renew(originals, cards)
    reader.forget()
    assert sweep(name, cards, source).code == 0
    log = [call[0] for call in reader.logs[1] if call[0] != "drop_cache"]
    for at in calls_of_interest(log):
        if fault == "drop" and log[at] != "write":
            continue
        renew(originals, cards)  # both: what a stopped hide left on the other would be found, and refused
        reader.forget()
        reader.faults = [(), (Fails(at, fault),)]
        said = sweep(name, cards, source)
        reader.faults = []
        assert_named(said, fault, f"{fault} at call {at}, a {log[at]}")
        if fault == "drop" or (fault == "enospc" and log[at] != "read"):
            assert said.code, f"{fault} at call {at} passed unseen"
        assert visible(cards[1]) == files


def renew(originals: list[Path], cards: list[Path]) -> None:
    for original, card in zip(originals, cards, strict=True):
        shutil.copyfile(original, card)


def assert_named(said: Said, fault: Fault, what: str) -> None:
    """An exit code of the fault, and if it is none, one cause with one hint."""
    assert said.code in CODES[fault], f"{what}: {said}"
    if said.code:
        cause, hint = said.cause_and_hint
        assert "card1.img" in cause or "the card " in cause, f"{what}: which card? {cause}"
        assert hint
        assert not said.out or said.document["exit_code"] == said.code


def test_a_card_that_loses_every_write_is_found_out(tmp_path: Path, reader: Reader) -> None:
    card = KINDS["exfat"](tmp_path / "card.img", 1)
    reader.faults = [(Fails(0, "drop", lasting=True),)]
    said = command("wipe", card, "--yes")
    assert said.code == 3
    assert said.cause_and_hint[0].startswith("the card does not keep what is written to it")


@pytest.mark.parametrize("kind", KINDS)
def test_open_reads_round_bad_sectors(kind: str, tmp_path: Path, reader: Reader) -> None:
    cards = [KINDS[kind](tmp_path / f"card{number}.img", number) for number in range(2)]
    assert hide(roll(tmp_path / "roll", megabytes=1), *cards).code == 0
    reader.forget()
    reader.faults = [(), (), (Fails(3, "eio"), Fails(7, "eio")), (Fails(0, "eio", lasting=False),)]
    said = open_in_process(tmp_path / "out", *cards)
    assert said.code == 0, said.err
    assert min(len(log) for log in reader.logs[2:]) > 8, "the faults were met"


def test_open_and_health_say_what_could_not_be_read(
    tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = KINDS["exfat"](tmp_path / "card.img", 1)
    assert hide(roll(tmp_path / "roll", megabytes=0.5), card).code == 0
    really = reader.open_path

    def worn(path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
        device, facts = really(path, writable=writable, serial=serial)
        return FailingDevice(device, bad_sectors=frozenset({0, 1, 9})), facts

    monkeypatch.setattr(reading, "open_path", worn)
    opened = open_in_process(tmp_path / "out", card)
    assert opened.document["unreadable_bytes"] == 1536
    assert "1.5 kB of the cards could not be read" in opened.err
    key = ("--label", LABEL, "--passphrase-file", "-")
    (floor,) = command("health", card, *key, "--json").document["floors"]
    assert (floor["opens"], floor["unreadable_bytes"]) == (True, 1536)
    assert "1.5 kB of the cards could not be read" in command("health", card, *key).out
    # Nor where nothing opens: a sector may be why.
    empty = KINDS["exfat"](tmp_path / "empty.img", 2)
    for said in (
        open_in_process(tmp_path / "none", empty),
        command("health", empty, *key),
        command("list", empty, *key),
    ):
        assert said.code == 1
        assert "1.5 kB of the cards could not be read" in said.err


@pytest.mark.parametrize("fault", ["gone", "shrink"])
def test_open_says_which_card_went_away_and_leaves_nothing(fault: Fault, tmp_path: Path, reader: Reader) -> None:
    cards = [KINDS["exfat"](tmp_path / f"card{number}.img", number) for number in range(2)]
    assert hide(roll(tmp_path / "roll", megabytes=1), *cards).code == 0
    reader.forget()
    assert open_in_process(tmp_path / "really", *cards).code == 0
    calls = len(reader.logs[3])
    for opening, at in ((3, 0), (3, 4), (3, calls // 2), (3, calls - 1)):
        reader.forget()
        reader.faults = [()] * opening + [(Fails(at, fault),)]
        said = open_in_process(tmp_path / "out", *cards)
        assert said.code == (5 if fault == "gone" else 3), said.err
        assert "card1.img" in said.cause_and_hint[0]
        assert not (tmp_path / "out").exists()
