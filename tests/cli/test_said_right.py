"""What a fresh reader stumbled over: each sentence says what is so, and its hint helps."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from tests.cli.person import typed
from tests.outside import REPOSITORY
from tests.tasks.cards_at_hand import exfat_card, roll
from tests.tasks.floors.test_frames import shooting_card
from tests.tasks.quick import PASSPHRASE, command

from fifthfloor.cli import terminal
from fifthfloor.words import SENTENCES, sentence
from fifthfloor.words.lines import before, health, rolls

pytestmark = pytest.mark.usefixtures("quick_kdf")


def test_a_mismatch_typed_three_times_ends_with_a_hint_that_helps(tmp_path: Path, card: Path) -> None:
    answers: dict[str, str | list[str]] = {"passphrase to hide": PASSPHRASE, "once more": "another"}
    code, shown = typed(tmp_path, answers, "hide", roll(tmp_path / "roll", megabytes=0.2), "--in", card)
    assert (code, shown.count("passphrase to hide with")) == (2, 3)
    assert sentence("cli.differ_hint") in shown
    assert "--help" not in shown


def test_enter_is_no_passphrase_to_open_with_and_a_slip_is_no_yes(tmp_path: Path, card: Path) -> None:
    answers: dict[str, str | list[str]] = {"passphrase to": ["", "", ""], "label": ""}
    code, shown = typed(tmp_path, answers, "open", card, "--out", tmp_path / "out")
    assert (code, shown.count("passphrase to open with"), shown.count(sentence("ask.empty"))) == (3, 3, 3)
    assert "type it; a new one is made with: fifthfloor passphrase" in shown
    code, shown = typed(tmp_path, {"[y/N]": ["ja", "Y e s", "NO"]}, "wipe", card)
    assert (code, shown.count(sentence("cli.yes_or_no")), shown.count("[y/N]")) == (1, 2, 3)
    assert "nvalid" not in shown


@pytest.mark.parametrize("option", ["--passphrase-file", "--keep-file"])
@pytest.mark.parametrize(("name", "key"), [("nowhere", "cli.unreadable"), ("latin.txt", "cli.not_text")])
def test_a_file_with_a_passphrase_that_cannot_be_read_has_a_hint_of_its_own(
    tmp_path: Path, card: Path, option: str, name: str, key: str
) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 soir\n")
    phrase = () if option == "--passphrase-file" else ("--passphrase-file", "-")
    what = ("hide", roll(tmp_path / "roll", megabytes=0.1), "--in", card, "--label", "", "--yes")
    said = command(*what, option, tmp_path / name, *phrase)
    assert (said.code, said.cause_and_hint[1]) == (2, sentence(f"{key}_hint"))


@pytest.mark.parametrize("name", ["open", "list", "health"])
def test_what_is_too_small_to_hold_anything_is_said_before_a_secret_is_asked(
    name: str, tmp_path: Path, card: Path
) -> None:
    note, folder = tmp_path / "note.txt", tmp_path / "empty"
    note.write_bytes(b"x" * 1_023)
    folder.mkdir()
    more = ("--out", tmp_path / "out") if name == "open" else ()
    for paths in ([note], [folder], [folder, note]):
        said = command(name, *paths, *more, "--json")
        assert (said.code, said.document["error"]) == (3, "open.can_hold_nothing"), said
    said = command(name, note, folder, card, *more, "--label", "", "--passphrase-file", "-", "--json")
    assert said.document["error"] == "open.nothing", "beside a card they do no harm"


def test_a_card_that_is_given_as_a_file_is_named(tmp_path: Path, card: Path) -> None:
    other = exfat_card(tmp_path / "other.img", 2, size_bytes=3_000_000, files=1)
    key = ("--label", "", "--passphrase-file", "-", "--dry-run")
    told = sentence("before.file_is_card", name="other.img")
    assert told in command("hide", other, "--in", card, "--overwrite", "0", *key).err
    photograph = roll(tmp_path / "roll", megabytes=0.2) / "DSC_0041.JPG"
    assert "is an image" not in command("hide", photograph, "--in", card, *key).err


PROMPTS = sorted(
    key for key in SENTENCES
    if re.match(r"(ask|walk)[.]|cli[.]again$", key) or re.search(r"[.]ask(_|$)|_ask$", key)
)  # fmt: skip


@pytest.mark.parametrize("width", [20, 40])
def test_no_question_is_wider_than_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "columns", lambda _stream: width)
    monkeypatch.setattr("getpass.getpass", lambda shown, stream: print(shown, file=stream))
    monkeypatch.setattr("click.prompt", lambda shown, **_: print(f"{shown}: ", file=sys.stderr))
    assert {"ask.new", "ask.keep", "sealed.ask", "walk.out", "before.island_ask", "approve.ask_name"} <= set(PROMPTS)
    for key in PROMPTS:
        for asked in (terminal.ask, terminal.ask_hidden, lambda said: terminal.ask(said, "opened")):
            asked(SENTENCES[key])
            said = capsys.readouterr().err.splitlines()
            assert all(len(line) <= width or " " not in line.strip(": ") for line in said), key
            assert "".join(" ".join(said).split()).startswith("".join(SENTENCES[key].split())), key


def test_whoever_asks_asks_at_the_terminals_width() -> None:
    """`terminal.ask`, `ask_hidden` and `last_line` are the only ways to a prompt."""
    for file in (REPOSITORY / "src" / "fifthfloor").rglob("*.py"):
        if file.name != "terminal.py":
            assert not re.search(r"click[.](prompt|confirm)|getpass|(?<![\w.])input\(", file.read_text("utf-8")), file


def test_no_sentence_counts_what_is_not_there() -> None:
    gone = {"card": "s.img", "frames": 20, "ranges": ["IMG_0801 to IMG_0820"], "left": 0, "gaps": []}
    assert before.removed(gone).endswith("a minder will then find no photograph on it")
    assert before.removed(gone | {"left": 1}).endswith("a minder will then count 1, no gap")
    room = {"name": "cover", "covers": 6, "most_bytes": 0, "refused": {}}
    assert list(rolls.rooms([room | {"most_whole": 0, "most_small": 0}])) == [
        "cover alone can hold no whole file in 6 photographs"
    ]


def test_a_room_is_said_in_photographs_too() -> None:
    room = {"name": "DCIM", "covers": 90, "most_bytes": 700_000, "refused": {}}
    room |= {"whole_bytes": 320_000, "small_bytes": 300_000}
    for whole, small, said in (
        (2, 2, "2 photographs of some 320.0 kB, as the smallest there are, "
               "or 2 at 1,600 pixels (--shrink), of some 300.0 kB"),
        (1, 0, "1 photograph of some 320.0 kB, as the smallest there are"),
        (0, 2, "2 photographs at 1,600 pixels (--shrink), of some 300.0 kB; "
               "as it is none: the smallest there has 320.0 kB"),
        (0, 0, "no photograph: the smallest there has 320.0 kB, and at 1,600 pixels (--shrink) some 300.0 kB"),
    ):  # fmt: skip
        assert list(rolls.rooms([room | {"most_whole": whole, "most_small": small}]))[1] == f"  so {said}"


def test_what_is_the_same_of_several_evenings_is_said_once() -> None:
    lost = {"threshold": None, "carriers_here": 1, "opens": False, "unreadable_bytes": 0}
    whole = {
        "threshold": 2, "carriers_here": 3, "carriers": 3, "opens": True, "unreadable_bytes": 0, "bytes": 6_800_000,
        "photographs": 0, "broken": False, "may_lose_cards": 1, "may_lose_percent": 43,
    }  # fmt: skip
    said = health.lines([lost, whole, lost])
    assert sum(line.startswith("each of 1, 3: ") for line in said) == 1
    assert sum(" not come back: 1 card of it is here" in line for line in said) == 1
    assert sum(line.startswith("2: ") for line in said) == 1


def test_a_card_that_frames_come_from_and_are_hidden_on_is_warned_about(tmp_path: Path, card: Path) -> None:
    shooting = shooting_card(tmp_path / "shooting.img", {"DCIM/100CANON/IMG_0801.JPG": b"x" * 9_000})
    take = ("hide", "--from", shooting, "--only", "all", "--label", "", "--passphrase-file", "-", "--dry-run")
    told = sentence("before.from_is_in", card="shooting.img")
    assert told in command(*take, "--in", shooting, "--in", card).err
    assert told not in command(*take, "--in", card).err


def test_that_the_label_is_the_only_salt_is_said_where_it_is_asked_for() -> None:
    for key in ("ask.label", "desk.label.help"):
        assert "without one, guesses can be prepared in advance" in sentence(key)
    assert "only salt" in sentence("help.label")


def test_what_is_hidden_is_not_hidden_in_itself(tmp_path: Path, card: Path) -> None:
    photos = roll(tmp_path / "photos")
    (tmp_path / "again").symlink_to(photos)
    for what, where in ((photos, photos), (photos, tmp_path / "again"), (card, card)):
        said = command("hide", what, "--in", where, "--label", "", "--passphrase-file", "-", "--dry-run", "--json")
        assert (said.code, said.document["error"]) == (3, "hide.into_itself")


def test_what_cannot_be_read_is_told_before_anything_is_asked_and_by_a_dry_run(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = roll(tmp_path / "roll", megabytes=0.2)

    def closed(path: Path, **_more: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("fifthfloor.tasks.floors.sources.reading", closed)
    for more in ((), ("--dry-run",)):
        said = command("hide", source, "--in", card, "--json", *more)  # a passphrase that is asked for would be exit 2
        assert (said.code, said.document["error"]) == (3, "hide.unreadable")


def test_a_label_is_the_passphrase_however_it_is_spelled(tmp_path: Path, card: Path) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in PASSPHRASE)
    for label in (wide, PASSPHRASE.title(), PASSPHRASE.replace(" ", "\u3000 ")):
        said = command(
            "hide", roll(tmp_path / label[:3], megabytes=0.1), "--in", card, "--label", label, "--passphrase-file", "-",
            "--yes", "--json",
        )  # fmt: skip
        assert (said.code, said.document["error"]) == (3, "ask.label_is_passphrase"), label


def test_what_is_given_twice_is_searched_once_by_whatever_name(tmp_path: Path, card: Path) -> None:
    other = tmp_path / "other.img"
    other.hardlink_to(card)
    alone = command("audit", card, "--json").document
    for names in ((card, card), (card, other), (card, card.parent / ".." / card.parent.name / card.name)):
        said = command("audit", *names)
        assert "1 path is another name of what was given already; each thing is looked at once" in said.err
        assert len(command("audit", *names, "--json").document["findings"]) == len(alone["findings"])
