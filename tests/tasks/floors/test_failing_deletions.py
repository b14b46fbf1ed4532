"""`--remove`, `--keep` and `tidy` on a card that fails at any call: named, and nothing is lost that was anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.doubles import Fails, Fault
from tests.outside import in_long
from tests.tasks.cards_at_hand import exfat_card, roll, tree, visible
from tests.tasks.floors.test_failing_devices import CODES, calls_of_interest, small
from tests.tasks.floors.test_torn_writes import GOING, contents_of, half_deleted
from tests.tasks.quick import LABEL, PASSPHRASE, Said, command, hide, open_in_process
from tests.tasks.recording import Reader

from fifthfloor import engine
from fifthfloor.cards.image import open_card

pytestmark = pytest.mark.usefixtures("quick_kdf")
ASKED = ("--label", LABEL, "--passphrase-file", "-", "--yes")
FAULTS: list[Fault] = [*CODES, "ctrl-c"]
# Both file systems meet every fault in `tidy`; in `--remove`, which costs a whole hide each time, they take turns.
TURNS = [(fault, ("fat32", "exfat")[number % 2]) for number, fault in enumerate(FAULTS)] + [("drop", "exfat")]
MOST_CALLS = in_long(3, 2)


@pytest.fixture(autouse=True)
def no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a second process gives, without starting it: its own tests are `test_removing.py`."""

    def stream(function: Callable[..., Iterator[bytes]], *arguments: Any) -> Iterator[bytes]:
        return function(*arguments)

    monkeypatch.setattr(engine, "stream", stream)


def failing_runs(reader: Reader, run: Callable[[], Said], renew: Callable[[], None], fault: Fault) -> Iterator[Said]:
    """Run a command with the fault at some call of each opening of `shooting.img`; what it said each time."""
    renew()
    reader.forget()
    reader.faults = []
    assert run().code == 0
    openings = [
        (number, [call[0] for call in device.log if call[0] != "drop_cache"])
        for number, device in enumerate(reader.devices)
        if device.path.endswith("shooting.img")
    ]
    writing = [one for one in openings if "write" in one[1]]
    for number, log in writing:
        chosen = [at for at in calls_of_interest(log) if fault != "drop" or log[at] == "write"]
        for at in chosen[:: max(1, len(chosen) // MOST_CALLS)]:
            renew()
            reader.forget()
            reader.faults = [()] * number + [(Fails(at, fault),)]
            said = run()
            reader.faults = []
            what = f"{fault} at call {at} of opening {number}, a {log[at]}"
            assert_said(said, fault, what)
            yield replace(said, err=what)


def assert_said(said: Said, fault: Fault, what: str) -> None:
    """The exit code of the fault, with a cause that names the card and a hint."""
    if fault == "ctrl-c":
        assert said.code == 130, what
        assert "stopped" in said.err.splitlines()[-1], what
        return
    assert said.code in CODES[fault], f"{what}: {said}"
    if said.code:
        cause, hint = said.cause_and_hint
        assert "shooting.img" in cause or "the card " in cause, f"{what}: which card? {cause}"
        assert hint


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["fat32", "exfat"])
def test_tidy(kind: str, fault: Fault, tmp_path: Path, reader: Reader) -> None:
    original, card = small(kind, tmp_path / "original.img", 4), tmp_path / "shooting.img"
    kept = {path: digest for path, digest in visible(original).items() if not path.endswith(GOING)}
    half_deleted(original)
    runs = 0
    for said in failing_runs(
        reader, lambda: command("tidy", card, "--lost", "--yes"), lambda: renewed(original, card), fault
    ):
        runs += 1
        assert contents_of(card, set(kept)) == kept, said.err
        assert command("tidy", card, "--lost", "--yes").code == 0, said.err
        assert visible(card) == kept, said.err
    assert runs > 1


@pytest.mark.parametrize(("fault", "kind"), dict.fromkeys(TURNS))
def test_remove(kind: str, fault: Fault, tmp_path: Path, reader: Reader) -> None:
    original, card = small(kind, tmp_path / "original.img", 4), tmp_path / "shooting.img"
    empty, carrier = small("exfat", tmp_path / "empty.img", 5), tmp_path / "carrier.img"
    whole = visible(original)

    def renew() -> None:
        renewed(original, card)
        renewed(empty, carrier)  # what was hidden the time before would be kept

    asked = ("--from", card, "--only", "IMG_0003,IMG_0005", "--in", carrier, "--remove", "--no-wipe", *ASKED)
    runs = 0
    for said in failing_runs(reader, lambda: command("hide", *asked), renew, fault):
        runs += 1
        with open_card(card, mending=True) as opened:
            named = {file.path for file in opened.files() if not file.is_directory}
        assert contents_of(card, named) == {path: whole[path] for path in named}, said.err
        assert {path for path in whole if not path.endswith(GOING)} <= named, said.err
        if len(named) < len(whole):  # what is gone from the card is in the floor
            assert open_in_process(tmp_path / "out", carrier, force=True).code == 0, said.err
            for path in whole.keys() - named:
                assert tree(tmp_path / "out")[path.rpartition("/")[2]][0] == whole[path], said.err
    assert runs > 1
    assert command("tidy", card, "--lost", "--yes").code == 0


@pytest.mark.parametrize("fault", ["eio", "gone", "short", "drop", "ctrl-c"])
def test_keep(fault: Fault, tmp_path: Path, reader: Reader) -> None:
    original, card = exfat_card(tmp_path / "original.img", 4, size_bytes=18_000_000, files=8), tmp_path / "shooting.img"
    source, keep = roll(tmp_path / "one", megabytes=0.5), tmp_path / "keep.txt"
    assert hide(source, original, label="one", options=("--overwrite", "60")).code == 0
    keep.write_text(f"{PASSPHRASE}\none\n", encoding="utf-8")
    files, new = visible(original), roll(tmp_path / "two", 8, megabytes=0.3)
    asked = (new, "--in", card, "--keep-file", keep, *ASKED)
    runs = 0
    for said in failing_runs(reader, lambda: command("hide", *asked), lambda: renewed(original, card), fault):
        runs += 1
        assert visible(card) == files, said.err
        back = open_in_process(tmp_path / "out", card, label="one", force=True)
        assert back.code == 0, f"{said.err}: the kept floor is lost: {back.err}"
        assert tree(tmp_path / "out/one") == tree(source), said.err
    assert runs, "some call was of interest"


def renewed(original: Path, card: Path) -> None:
    shutil.copyfile(original, card)
