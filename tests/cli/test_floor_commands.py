"""The command line around floors: options in any place, passphrases from files and terminals, questions and answers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.fresh import PROGRAM
from tests.tasks.quick import LABEL, PASSPHRASE, command, hide, open_in_process
from tests.terminal import at_terminal

pytestmark = pytest.mark.usefixtures("quick_kdf")


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return exfat_card(tmp_path / "card.img", 1, size_bytes=9_000_000, files=5)


def at_a_terminal(tmp_path: Path, answers: dict[str, str], *arguments: str | Path) -> tuple[int, str]:
    return at_terminal([sys.executable, str(PROGRAM), *map(str, arguments)], tmp_path, answers)


def test_yes_and_json_stand_anywhere_after_the_command(card: Path) -> None:
    for arguments in (("--yes", "--json", card), (card, "--json", "--yes"), ("--json", card, "--yes")):
        said = command("wipe", *arguments)
        assert said.code == 0
        assert said.document["cards"] == [str(card)]


def test_a_passphrase_file_gives_its_first_line_whatever_ends_it(tmp_path: Path, card: Path) -> None:
    source = roll(tmp_path / "roll", megabytes=0.2)
    assert hide(source, card).code == 0
    for number, ending in enumerate(("", "\n", "\r\n", "\nsecond line\n")):
        key = tmp_path / f"key{number}"
        key.write_bytes((PASSPHRASE + ending).encode())
        where = ("--out", tmp_path / f"out{number}", "--label", LABEL, "--passphrase-file", key)
        assert command("open", card, *where).code == 0


def test_a_passphrase_file_that_is_not_text_is_not_quoted(tmp_path: Path, card: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"secret \xff\xfe words")
    said = command("open", card, "--out", tmp_path / "out", "--passphrase-file", key)
    assert said.code == 2
    assert said.cause_and_hint[0] == "the passphrase file is not UTF-8 text"
    assert "secret" not in said.err
    missing = command("open", card, "--out", tmp_path / "out", "--passphrase-file", tmp_path / "nowhere")
    assert (missing.code, "cannot be read" in missing.err) == (2, True)


def test_at_a_terminal_it_asks_for_everything_and_shows_no_passphrase(tmp_path: Path, card: Path) -> None:
    source = roll(tmp_path / "roll", megabytes=0.2)
    answers = {"passphrase": PASSPHRASE, "once more": PASSPHRASE, "label": LABEL, "sweep 1 card now?": "y"}
    code, shown = at_a_terminal(tmp_path, answers, "hide", source, "--in", card)
    assert code == 0, shown
    for asked in (
        "passphrase to hide with (Enter makes one):",
        "once more:",
        "label or Enter (remember it: without one, guesses can be prepared in advance)",
        "sweep 1 card now?",
    ):
        assert asked in shown
    assert PASSPHRASE not in shown
    code, shown = at_a_terminal(tmp_path, answers, "open", card, "--out", tmp_path / "out")
    assert code == 0, shown
    assert tree(tmp_path / "out/roll") == tree(source)


def test_at_a_terminal_no_is_no_and_a_slip_is_told(tmp_path: Path, card: Path) -> None:
    source, before = roll(tmp_path / "roll", megabytes=0.2), card.read_bytes()
    no = {"passphrase": PASSPHRASE, "once more": PASSPHRASE, "label": "", "sweep 1 card now?": "n"}
    code, _shown = at_a_terminal(tmp_path, no, "hide", source, "--in", card)
    assert code == 1
    slip = no | {"once more": PASSPHRASE + "x"}
    code, shown = at_a_terminal(tmp_path, slip, "hide", source, "--in", card)
    assert (code, "the two did not match; nothing was done" in shown) == (2, True)
    assert card.read_bytes() == before


def test_yes_lifts_no_refusal(tmp_path: Path, card: Path) -> None:
    said = hide(roll(tmp_path / "roll", megabytes=20), card, options=("--yes",))
    assert said.code == 4
    weak = command("hide", PROGRAM, "--in", card, "--yes", "--passphrase-file", "-", stdin="password\n")
    assert weak.code == 3


def test_the_label_is_empty_where_nobody_can_be_asked(tmp_path: Path, card: Path) -> None:
    source = roll(tmp_path / "roll", megabytes=0.2)
    assert command("hide", source, "--in", card, "--yes", "--passphrase-file", "-").code == 0
    assert open_in_process(tmp_path / "out", card, label="").code == 0


def test_passphrase_gives_words_and_bits() -> None:
    said = command("passphrase", "--json")
    assert (len(said.document["passphrase"].split()), said.document["bits"]) == (7, 90.5)
    assert command("passphrase").out != command("passphrase").out
    few = command("passphrase", "--words", "5")
    assert (few.code, few.cause_and_hint[0]) == (3, "5 words are too few; 6 is the least")
