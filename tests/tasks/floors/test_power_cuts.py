"""A sweep stopped at any moment: replays of its writes, real kills, and Ctrl-C."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.cards.judges import assert_clean
from tests.tasks.cards_at_hand import KINDS, roll, tree, visible
from tests.tasks.kills import ended, started
from tests.tasks.quick import LABEL, Said, command, hide, open_in_process
from tests.tasks.writes import WriteLog, power_cuts

TORN = 4
CLEAN_EVERY, AGAIN_EVERY = 29, 67
KILLS = 10


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.usefixtures("quick_kdf")
@pytest.mark.parametrize("sweep", ["wipe", "hide"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_power_cut_leaves_every_visible_file(kind: str, sweep: str, tmp_path: Path, write_log: WriteLog) -> None:
    card, again = KINDS[kind](tmp_path / "card.img", 4), tmp_path / "again.img"
    before = Path(shutil.copyfile(card, tmp_path / "before.img"))
    files = visible(before)
    source = roll(tmp_path / "roll", megabytes=3)
    said = command("wipe", card, "--yes") if sweep == "wipe" else hide(source, card)
    assert said.code == 0, said.err
    states = 0
    for state in power_cuts(before, write_log.cards["card.img"], random.Random(5), TORN):
        states += 1
        assert visible(before) == files, state
        if states % CLEAN_EVERY == 0:
            assert_clean(before, kind)
        if states % AGAIN_EVERY == 0:
            shutil.copyfile(before, again)
            assert begun_anew(source, again).code == 0, state
            assert open_in_process(tmp_path / f"out{states}", again).code == 0, state
    assert states > 60
    assert before.read_bytes() == card.read_bytes(), "the log is the whole of what was written"


def begun_anew(source: Path, *cards: Path) -> Said:
    """Run a stopped `hide` again as its last line says, or, where its floor was complete already, let that go."""
    said = hide(source, *cards, options=("--discard-broken",))
    if said.code and said.document["error"] in ("keep.no_spare", "keep.nothing_spare"):
        return hide(source, *cards, options=("--discard",))
    return said


def start(sweep: str, cards: list[Path], *arguments: str | Path, slow: float = 0.0) -> subprocess.Popen[str]:
    """Start a real process that hides or wipes."""
    where = [item for card in cards for item in ("--in", card)] if sweep == "hide" else cards
    secret = ["--label", LABEL, "--passphrase-file", "-"] if sweep == "hide" else []
    return started(sweep, *arguments, *where, *secret, "--yes", slow=slow)


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.usefixtures("quick_kdf")
@pytest.mark.parametrize("kind", KINDS)
def test_ten_kills_leave_every_visible_file(kind: str, tmp_path: Path) -> None:
    cards = [KINDS[kind](tmp_path / f"card{number}.img", number) for number in range(2)]
    files = [visible(card) for card in cards]
    source = roll(tmp_path / "roll", megabytes=2)
    begun = time.monotonic()
    assert ended(start("hide", cards, source))[0] == 0
    whole = time.monotonic() - begun
    chance, killed = random.Random(6), 0
    for number in range(KILLS // 2):
        process = start("hide" if number % 2 else "wipe", cards, *([source] if number % 2 else []))
        time.sleep(whole * chance.uniform(0.2, 1.0))
        process.kill()
        killed += ended(process)[0] == -signal.SIGKILL
        assert [visible(card) for card in cards] == files
        for card in cards:
            assert_clean(card, kind)
    assert killed, "not one of the moments fell into the run"
    assert hide(source, *cards, options=("--discard",)).code == 0
    assert open_in_process(tmp_path / "out", *cards).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


@pytest.mark.usefixtures("quick_kdf")
@pytest.mark.parametrize("sweep", ["wipe", "hide"])
def test_ctrl_c_says_how_to_go_on(sweep: str, tmp_path: Path) -> None:
    card = KINDS["exfat"](tmp_path / "card.img", 1)
    files, source = visible(card), roll(tmp_path / "roll", megabytes=2)
    before = card.read_bytes()
    process = start(sweep, [card], *([source] if sweep == "hide" else []), slow=0.5)
    deadline = time.monotonic() + 60
    while card.read_bytes() == before and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    code, said = ended(process)
    assert code == 130
    last = said.splitlines()[-1]
    assert last.startswith("fifthfloor: stopped; every visible file is as it was. ")
    assert "begins anew" in last
    assert "came is noted nowhere: a note would be a trace" in last, "why it cannot go on"
    if sweep == "hide":
        told = [last.index(word) for word in ("may be damaged or gone", "may not be complete", "fifthfloor health")]
        assert told == sorted(told), "what is certain, then how to see"
    assert "Traceback" not in said
    assert card.read_bytes() != before, "it was in the middle of it"
    assert visible(card) == files
    assert begun_anew(source, card).code == 0
    assert open_in_process(tmp_path / "out", card).code == 0
