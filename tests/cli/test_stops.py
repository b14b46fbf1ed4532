"""Ctrl-C and SIGTERM at a terminal, at every stage of what a person waits for: no innards, and only what is true."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
import tomllib
from pathlib import Path

import pytest
from tests.cli.test_every_command import with_photograph
from tests.tasks.cards_at_hand import exfat_card, roll, visible
from tests.tasks.floors.test_frames import shooting_card
from tests.tasks.fresh import PROGRAM
from tests.tasks.fresh_process import HELD
from tests.tasks.quick import PASSPHRASE, command, hide

from fifthfloor.words import sentence
from fifthfloor.words.lines.width import broken

pytestmark = pytest.mark.usefixtures("quick_kdf")
LONGEST_SECONDS = 60.0
ANSWERS = {"[y/N]": "y", "once more": PASSPHRASE, "label": "", "passphrase": PASSPHRASE}
HIDE = ("hide", "roll", "--in", "card.img", "--overwrite", "50")
FIRST = ("hide", "roll", "--in", "empty.img", "--overwrite", "50")
TAKE = (
    "hide",
    "--from",
    "shooting.img",
    "--only",
    "all",
    "--in",
    "card.img",
    "--remove",
    "--overwrite",
    "50",
)
LEAVE, SWEEP = (*TAKE, "--no-wipe"), (*TAKE, "--wipe")
QUICK = ("hide", "roll", "--in", "noise.img", "--quick")
OPEN = ("open", "card.img", "--out", "back")
RECOVER = ("recover", "deleted.img", "--out", "recovered")
# What is typed, where it is stopped (a step of the bar, or a question), and what is said.
STAGES: list[tuple[tuple[str, ...], str, str]] = [
    (HIDE, "work.cards", "cli.interrupted"),
    (HIDE, "passphrase to hide with", "cli.interrupted"),
    (HIDE, "work.keys", "cli.interrupted"),
    (HIDE, "work.look", "cli.interrupted"),
    (HIDE, "work.find", "cli.interrupted"),
    (HIDE, "[y/N]", "cli.interrupted"),
    (HIDE, "work.sources", "cli.stopped_before"),
    (HIDE, "work.write", "hide.stopped_keeping"),
    (HIDE, "work.check", "hide.stopped_keeping"),
    (FIRST, "work.write", "hide.stopped"),
    ((*HIDE, "--discard"), "work.write", "hide.stopped_discarding"),
    (FIRST, "result", "hide.stopped_done"),
    (LEAVE, "work.prove", "hide.stopped_proving"),
    (LEAVE, "removing", "remove.stopped_card"),
    (LEAVE, "work.remove", "remove.stopped_after"),
    (SWEEP, "work.remove", "remove.stopped_before_wiping"),
    (SWEEP, "2 work.write", "remove.stopped_wiping"),
    (SWEEP, "reading free space", "remove.stopped_after"),
    (QUICK, "work.look", "cli.interrupted"),
    (QUICK, "work.write", "quick.stopped"),
    (("wipe", "empty.img"), "work.cards", "cli.interrupted"),
    (("wipe", "empty.img"), "work.look", "cli.interrupted"),
    (("wipe", "empty.img"), "[y/N]", "cli.interrupted"),
    (("wipe", "empty.img"), "work.write", "wipe.stopped"),
    (("wipe", "empty.img"), "result", "wipe.stopped_done"),
    (OPEN, "passphrase to open with", "cli.interrupted"),
    (OPEN, "work.keys", "cli.interrupted"),
    (OPEN, "work.scan", "open.stopped"),
    (OPEN, "work.open", "open.stopped"),
    (("audit", "empty.img"), "reading free space", "cli.interrupted"),
    (RECOVER, "audit.reading", "cli.stopped_before"),
    (RECOVER, "recover.pieces", "cli.stopped_before"),
    (("health", "card.img"), "work.count", "cli.interrupted"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card with a floor, one without, one of noise, a shooting card, one with a deleted photograph, a roll."""
    folder = tmp_path_factory.mktemp("stops")
    source = roll(folder / "roll", megabytes=0.3)
    exfat_card(folder / "empty.img", 1, size_bytes=24_000_000, files=5)
    shutil.copyfile(folder / "empty.img", folder / "card.img")
    exfat_card(folder / "noise.img", 2, size_bytes=48_000_000, files=5)
    shooting_card(folder / "shooting.img", {f"DCIM/100CANON/IMG_080{n}.JPG": bytes([n]) * 9_000 for n in range(1, 4)})
    with_photograph(folder / "deleted.img")
    with pytest.MonkeyPatch.context() as patch:
        from tests.tasks.quick import quick_argon2id

        from fifthfloor.tasks import secret

        patch.setattr(secret, "KDF", quick_argon2id)
        assert hide(source, folder / "card.img", label="", options=("--overwrite", "50")).code == 0
        assert command("wipe", folder / "noise.img", "--yes").code == 0
    return folder


def stopped(folder: Path, words: tuple[str, ...], stage: str, by: int) -> tuple[int, str]:
    """Run a command at a terminal of 80 columns until a stage, and stop it there; its exit code and all it showed."""
    is_step = stage.lstrip("2 ").startswith(("work.", "reading", "audit.", "recover.", "result", "removing"))
    leader, follower = pty.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
        # A shell that runs tests in the background has told them to ignore Ctrl-C; a person's shell has not.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    fcntl.ioctl(follower, termios.TIOCSWINSZ, b"\x18\0\x50\0\0\0\0\0")
    options = ["--hold", stage] if is_step else []
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), *options, *words],
        cwd=folder, stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
        env={**os.environ, "NO_COLOR": "1", "TERM": "xterm"},
        preexec_fn=take_terminal,
    )  # fmt: skip
    os.close(follower)
    shown, seen, sent, until = "", 0, False, time.monotonic() + LONGEST_SECONDS
    try:
        while time.monotonic() < until:
            if not select.select([leader], [], [], 0.5)[0]:
                continue
            try:
                shown += os.read(leader, 65_536).decode(errors="replace")
            except OSError:
                break
            last = shown[seen:].rsplit("\n", 1)[-1].rsplit("\r", 1)[-1]
            here = HELD in shown if is_step else stage in last and last.rstrip().endswith(":")
            if here and not sent:
                sent = True
                time.sleep(0.05)
                if by == signal.SIGINT:
                    os.write(leader, b"\x03")
                else:
                    process.send_signal(by)
            elif not sent and last.rstrip().endswith((":", "?")):
                answer = next((said for question, said in ANSWERS.items() if question in last), None)
                if answer is not None:
                    seen = len(shown)
                    os.write(leader, answer.encode() + b"\n")
        assert sent, f"never came to {stage}: {shown}"
        return process.wait(timeout=20), shown
    finally:
        process.kill()
        process.wait()
        os.close(leader)


# A closed session ends like Ctrl-C does, through the same clean-up.
TERMINATED = ("passphrase to hide with", "work.write", "work.open", "reading free space", "audit.reading")


@pytest.mark.parametrize(
    ("words", "stage", "said", "by"),
    [
        pytest.param(*row, by, id=f"{row[0][0]} {row[1]} {row[2]} {name}")
        for row in STAGES
        for name, by in (("ctrl-c", signal.SIGINT), ("sigterm", signal.SIGTERM))
        if by == signal.SIGINT or (row[1] in TERMINATED and row[0] not in (FIRST, QUICK) and "--discard" not in row[0])
    ],
)
def test_a_stop_says_what_is_true_and_nothing_of_us(
    words: tuple[str, ...], stage: str, said: str, by: int, made: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "place"
    shutil.copytree(made, folder)
    cards = {card.name: card.read_bytes() for card in folder.glob("*.img")}
    files = {card.name: visible(card) for card in folder.glob("*.img")}
    code, shown = stopped(folder, words, stage, by)
    assert code == 130, shown
    assert not re.search(r"traceback|File \"|Error\b|fifthfloor: error", shown), shown
    one_line = " ".join(shown.split())
    # The photographs are read while the card is looked at: what is left of it is shown before or behind that.
    keys = (said, "cli.interrupted") if stage == "work.sources" else (said,)
    true = [sentence(key, path="recovered", card="shooting.img", cards="shooting.img") for key in keys]
    told = next((text for text in true if text in one_line), true[0])
    assert told in one_line, shown
    lines = [line.rsplit("\r", 1)[-1] for line in shown.replace("\r\n", "\n").split("\n")]
    assert lines[-2] == broken(f"fifthfloor: {told}", 80)[-1], "it is the last thing that is said, broken at words"
    assert PASSPHRASE not in shown
    if said in ("cli.interrupted", "cli.stopped_before", "open.stopped", "recover.stopped"):
        assert {card.name: card.read_bytes() for card in folder.glob("*.img")} == cards, "nothing was written"
    if said.startswith("remove."):
        check = command("open", folder / "card.img", "--check", "--label", "", "--passphrase-file", "-", "--json")
        assert check.code == 0, "it is all hidden, whatever was removed by then"
        if said != "remove.stopped_card":
            assert not visible(folder / "shooting.img"), "what was to be removed is removed"
    else:
        assert {card.name: visible(card) for card in folder.glob("*.img")} == files
    if words is OPEN:
        assert not (folder / "back").exists()
    if said == "hide.stopped_keeping":
        check = command("open", folder / "card.img", "--check", "--label", "", "--passphrase-file", "-", "--json")
        assert check.code == 0, "what was to be kept comes back"


EARLY = """
import runpy, sys, time
class Slow:
    def find_spec(self, name, path, target=None):
        if name == "fifthfloor.cli":
            print("here", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
runpy.run_module("fifthfloor.__main__", run_name="__main__")
"""


def test_ctrl_c_before_there_are_words_ends_it_like_any_program() -> None:
    """The entry of the package's script: nothing is imported before Ctrl-C can be borne."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"]["fifthfloor"].startswith("fifthfloor.__main__:")
    process = subprocess.Popen(
        [sys.executable, "-c", EARLY], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == (b"", b"")
    assert process.returncode == -signal.SIGINT


SWALLOWED = """
import _thread, sys, time, weakref
from fifthfloor.cli import main
from fifthfloor.tasks.floors import readers

class Held: pass

def interrupted(_held):
    _thread.interrupt_main()  # within a callback Python prints what is raised, and goes on
    for _ in range(1000): pass

def found():
    held = Held()
    gone = weakref.ref(held, interrupted)
    del held
    time.sleep(20)
    return []

readers.cards_in_readers = found
sys.argv = ["fifthfloor", "cards"]
main()
"""


def test_an_interrupt_that_a_callback_swallows_is_not_lost_and_shows_no_innards() -> None:
    process = subprocess.run(
        [sys.executable, "-c", SWALLOWED], capture_output=True, text=True, timeout=15,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.returncode == 130, process
    assert process.stderr.lstrip() == f"fifthfloor: {sentence('cli.interrupted')}\n"
