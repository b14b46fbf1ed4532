"""Bare `fifthfloor` at a terminal: plain questions, the command it makes, and that it does what is said."""

from __future__ import annotations

import re
import shutil
import signal
import sys
from pathlib import Path

import click
import pytest
from tests.cli.test_every_command import with_photograph
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.floors.test_frames import shooting_card
from tests.tasks.fresh import PROGRAM, fresh
from tests.tasks.quick import PASSPHRASE, command
from tests.terminal import at_terminal

from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.cli import walk
from fifthfloor.cli.group import COMMANDS, fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.tasks.floors import readers

pytestmark = pytest.mark.usefixtures("quick_kdf")
Answers = dict[str, str | list[str]]
DO = "what do you want to do"
SECRET: Answers = {"once more": PASSPHRASE, "label": "", "passphrase": PASSPHRASE}
NUMBER = {name: str(number) for number, name in enumerate(walk.WALKS, start=1)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    exfat_card(tmp_path / "card one.img", 1, size_bytes=12_000_000, files=5)
    for number in (2, 3):
        exfat_card(tmp_path / f"card-{number}.img", number, size_bytes=12_000_000, files=5)
    roll(tmp_path / "my photos", megabytes=0.3)
    (tmp_path / "Seoul, 3 May").mkdir()
    shooting_card(tmp_path / "camera.img", {f"DCIM/100CANON/IMG_080{n}.JPG": bytes([n]) * 9_000 for n in range(1, 6)})
    with_photograph(tmp_path / "deleted.img")
    return tmp_path


def walked(folder: Path, answers: Answers) -> tuple[int, str]:
    code, shown = at_terminal([sys.executable, str(PROGRAM)], folder, SECRET | answers)
    assert not re.search(r"traceback", shown, re.IGNORECASE), shown
    assert PASSPHRASE not in shown
    return code, shown


def made(shown: str) -> str:
    """The command that was shown."""
    (line,) = re.findall(
        r"as you could have typed it:\s+fifthfloor (.*?)\r?\n", shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    )
    return str(line)


def test_photographs_are_hidden_checked_and_opened_without_knowing_a_single_option(place: Path) -> None:
    cards = "'card one.img' card-2.img, card-3.img"
    code, shown = walked(place, {
        DO: NUMBER["hide"], "where are the photographs": "1", "which files or folders": ["my photo", "my photos"],
        "which cards shall hold them": cards, "may be lost": "", "run it now": "",
    })  # fmt: skip
    assert code == 0, shown
    assert "my is not there" in shown, "asked again until it is"
    assert made(shown) == "hide 'my photos' --in 'card one.img' --in card-2.img --in card-3.img --lose 1"
    assert shown.index("as you could have typed it") < shown.index("passphrase to hide with")
    assert "passphrase" not in made(shown)
    code, shown = walked(place, {DO: ["what", "12", "Health"], "which cards are they on": cards, "run it now": "y"})
    assert (code, "comes back: " in shown) == (0, True), shown
    assert "what is none of these: answer with a number from 0 to 11" in " ".join(shown.split())
    code, shown = walked(place, {DO: NUMBER["open"], "which cards are they on": "card-3.img card-2.img",
                                 "which folder": "back to me", "run it now": ""})  # fmt: skip
    assert code == 0, shown
    assert made(shown) == "open card-3.img card-2.img --out 'back to me'"
    assert tree(place / "back to me" / "my photos") == tree(place / "my photos")


def test_frames_are_taken_from_the_camera_and_removed_where_that_is_said(place: Path) -> None:
    code, shown = walked(place, {
        DO: NUMBER["hide"], "where are the photographs": "2", "which card is the camera": "camera.img",
        "which frames": ["", "IMG_0802-0804"], "remove them": "y", "as well, so that": "n",
        "which cards shall hold them": "card-2.img", "run it now": "",
    })  # fmt: skip
    assert code == 0, shown
    assert made(shown) == "hide --from camera.img --only IMG_0802-0804 --remove --in card-2.img"
    assert "sweep 1 card now, then remove 3 frames from camera.img?" in " ".join(shown.split())
    listed = fresh(place, "list", "card-2.img", "--label", "", "--passphrase-file", "-", "--json").document
    assert len(listed["floors"][0]["files"]) == 3


@pytest.mark.parametrize(("name", "answers", "typed"), [
    ("list", {"which cards are they on": "card-2.img"}, "list card-2.img"),
    ("audit", {"which cards, images": "card-2.img 'my photos'"}, "audit card-2.img 'my photos'"),
    ("audit", {"which cards, images": "'Seoul, 3 May', card-2.img,'my photos'"},
     "audit 'Seoul, 3 May' card-2.img 'my photos'"),
    ("recover", {"which card (": ["card-2.img card-3.img", "deleted.img"], "which folder": ""},
     "recover deleted.img --out recovered"),
    ("wipe", {"which cards (": "card-2.img"}, "wipe card-2.img"),
    ("tidy", {"which card (": "deleted.img"}, "tidy deleted.img"),
    ("plan", {"which cards (": "card-2.img card-3.img"}, "plan card-2.img card-3.img"),
    ("cards", {}, "cards"),
    ("passphrase", {}, "passphrase"),
])  # fmt: skip
def test_every_other_thing_makes_its_command(name: str, answers: Answers, typed: str, place: Path) -> None:
    before = {path.name: path.read_bytes() for path in place.glob("*.img")}
    code, shown = walked(place, {DO: NUMBER[name], "run it now": "n", **answers})
    assert code == 0, shown
    assert made(shown) == typed
    assert shown.rstrip().endswith("nothing was done")
    assert {path.name: path.read_bytes() for path in place.glob("*.img")} == before
    context = fifthfloor.get_command(click.Context(fifthfloor), name)
    assert context is not None
    assert ("--label" in {option for one in context.params for option in one.opts}) >= (name in walk.SECRET)


def test_nothing_stops_at_once_and_an_answer_of_0_stops_anywhere(place: Path) -> None:
    ways: list[Answers] = [
        {DO: "0"}, {DO: NUMBER["hide"], "where are": "0"}, {DO: NUMBER["wipe"], "which cards (": "0"},
        {DO: NUMBER["wipe"], "which cards (": "card-2.img", "run it now": ["perhaps", "0"]},
    ]  # fmt: skip
    for answers in ways:
        code, shown = walked(place, answers)
        assert (code, shown.rstrip().splitlines()[-1]) == (0, "nothing was done"), shown
    assert "perhaps is neither y for yes nor n for no" in shown


def test_ctrl_c_at_a_question_is_answered_on_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("click.termui.visible_prompt_func", interrupted)
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        assert run(click.Command("asks", callback=lambda: walk.ask("walk.frames")), []) == 130
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert capsys.readouterr().err.splitlines()[0] == "", "the line of the question is ended"


def test_cards_in_readers_are_numbered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    facts = DeviceFacts("SanDisk", "Extreme", "42", removable=True, is_block_device=True)
    offered = [
        Offered(path, facts, 64 << 30, ("x",), ("EOS",), slot) for path, slot in (("/dev/null", 1), ("/dev/zero", 2))
    ]
    monkeypatch.setattr(readers, "offered", lambda: offered)
    given = iter(["2 1 3", "2, 1"])
    monkeypatch.setattr(click, "prompt", lambda *_a, **_more: next(given))
    assert walk.cards("walk.swept") == ["/dev/zero", "/dev/null"]
    shown = capsys.readouterr().err
    assert '  2 /dev/zero: SanDisk Extreme, 68.7 GB, "EOS", in slot 2 of its reader' in shown
    assert "3 is not there" in shown


def test_a_file_called_as_a_number_of_the_list_is_no_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("1").write_bytes(b"an image")
    for typed, meant in (("./1", "1"), ("/dev/null", "/dev/null"), ("2", "/dev/zero")):
        given = iter([f"1 {typed}", typed])
        monkeypatch.setattr(click, "prompt", lambda *_a, given=given, **_more: next(given))
        assert walk.paths("walk.swept", numbered=["/dev/null", "/dev/zero"]) == [meant]
        shown = " ".join(capsys.readouterr().err.split())
        assert (
            "1 is card 1 of the list, and something in this folder is called 1 too: "
            "write /dev/null for the card, or ./1 for that" in shown
        )


def test_every_thing_to_do_is_a_command_of_the_base_install(place: Path) -> None:
    assert set(walk.WALKS) <= set(COMMANDS)
    shutil.rmtree(place / "my photos")


def test_without_a_terminal_it_is_the_help() -> None:
    said = command()
    assert (said.code, said.out.startswith("Usage: fifthfloor"), said.err) == (2, True, "")
    assert said.out == command("--help").out
    assert DO not in said.out + said.err


def test_an_ear_hears_whole_lines_and_nothing_is_drawn(place: Path) -> None:
    _code, shown = walked(place, {DO: NUMBER["wipe"], "which cards (": "card-2.img", "run it now": "n"})
    assert "\r" not in shown.replace("\r\n", "")
    assert not re.search(r"\x1b\[[^m]*[A-LN-Za-ln-z]", shown), "no cursor is moved"
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert not set(plain) & set("│─┌└▶●✓•█░"), "a screen reader would spell them"
