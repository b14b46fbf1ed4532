"""Passphrases and labels at a terminal: three tries, nothing shown, a made one typed back, a slip told at once."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.person import Typist, typed
from tests.jpeg.pictures import jpeg
from tests.tasks.cards_at_hand import roll, tree
from tests.tasks.fresh import PROGRAM
from tests.tasks.quick import PASSPHRASE, WRONG, command, quick_argon2id

from fifthfloor.identity import Cost
from fifthfloor.tasks import secret
from fifthfloor.tasks.people import identity as identities
from fifthfloor.tasks.secret import wordlist
from fifthfloor.tasks.spelling import strange_words
from fifthfloor.words import sentence

pytestmark = pytest.mark.usefixtures("quick_kdf")


def test_a_word_that_is_none_of_the_list_is_told_before_anything_is_read(tmp_path: Path, card: Path) -> None:
    assert strange_words(PASSPHRASE) == strange_words("my own sentence of no list at all, zzyzx") == ()
    slip = PASSPHRASE.replace("skedaddle", "skedadle")
    assert strange_words(slip) == (4,)
    source = roll(tmp_path / "roll", megabytes=0.2)
    where = ("--in", card, "--label", "", "--passphrase-file", "-", "--yes")
    assert command("hide", source, *where).code == 0
    answers: dict[str, str | list[str]] = {"passphrase": [slip, PASSPHRASE], "label": ""}
    code, shown = typed(tmp_path, answers, "open", card, "--out", tmp_path / "out")
    assert (code, "word 4 is not in the list" in shown) == (0, True), shown
    assert tree(tmp_path / "out/roll") == tree(source)
    assert slip not in shown


def test_a_wrong_passphrase_is_asked_again_three_times(tmp_path: Path, card: Path) -> None:
    answers: dict[str, str | list[str]] = {"passphrase": WRONG, "label": ""}
    code, shown = typed(tmp_path, answers, "open", card, "--out", tmp_path / "out")
    assert (code, shown.count("passphrase to open with")) == (1, 3)
    assert shown.count("nothing was found that this passphrase opens") == 1


def hidden(card: Path, source: Path) -> None:
    where = ("--in", card, "--label", "", "--passphrase-file", "-", "--yes")
    assert command("hide", source, *where).code == 0


@pytest.mark.parametrize("name", ["open", "health", "list"])
def test_a_wrong_one_an_empty_card_and_a_wiped_card_are_asked_alike(
    name: str, tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 2: the same questions, sentences, exit code and derivations; and a file is tried once."""
    derived, seen = [], []

    def kdf(phrase: bytes, salt: bytes) -> bytes:
        derived.append(phrase)
        return quick_argon2id(phrase, salt)

    monkeypatch.setattr(secret, "KDF", kdf)
    out = ("--out", tmp_path / "out") if name == "open" else ()
    for kind in ("empty", "hidden", "wiped"):
        if kind == "hidden":
            hidden(card, roll(tmp_path / "roll", megabytes=0.2))
        elif kind == "wiped":
            assert command("wipe", card, "--yes").code == 0
        said = command(name, card, *out, "--label", "", "--passphrase-file", "-", stdin=WRONG + "\n")
        assert (said.code, "once more" in said.err) == (1, False), "a file is tried once"
        derived.clear()
        with monkeypatch.context() as patch:
            typist = Typist(patch, {"passphrase": WRONG, "label": ""})
            said = command(name, card, *out)
        assert (said.code, typist.count("passphrase to "), len(derived)) == (1, 3, 3)
        assert said.err.count(sentence("ask.again_wrong")) == 2
        assert said.err.count("nothing was found that this passphrase opens") == 1
        seen.append((said.out, said.err, typist.asked))
    assert seen[0] == seen[1] == seen[2]


def test_a_slip_at_health_and_list_is_mended(tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden(card, roll(tmp_path / "roll", megabytes=0.2))
    for name, told in (("health", "comes back"), ("list", "hidden on")):
        with monkeypatch.context() as patch:
            Typist(patch, {"passphrase": [WRONG, PASSPHRASE], "label": ""})
            said = command(name, card)
        assert (said.code, told in said.out) == (0, True), said


def test_the_passphrase_of_an_identity_is_asked_again_too(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "COST", Cost(memory_kib=64, passes=1, lanes=1))
    who, shot = tmp_path / "who.json", tmp_path / "photo.jpg"
    shot.write_bytes(jpeg(64, 64, seed=1))
    with monkeypatch.context() as patch:
        Typist(patch, {"new identity": ["12345", PASSPHRASE, PASSPHRASE], "once more": [WRONG, PASSPHRASE]})
        said = command("identity", "new", who)
    assert (said.code, who.exists()) == (0, True), said
    assert "too weak" in said.err
    assert sentence("ask.differ") in said.err
    opens = ("open", card, "--check", "--identity", who)
    for words, right, code in (
        (("identity", "show", who), False, 1),
        (("identity", "show", who), True, 0),
        (("sign", shot, "--out", tmp_path / "signed", "--identity", who), True, 0),
        (opens, False, 1),
        (opens, True, 1),
        (("health", card, "--identity", who), True, 1),
    ):
        with monkeypatch.context() as patch:
            typist = Typist(patch, {"passphrase": [WRONG, PASSPHRASE] if right else WRONG})
            said = command(*words)
        assert (said.code, typist.count("passphrase of the identity")) == (code, 2 if right else 3), said
        assert ("this passphrase does not open the identity" in said.err) is not right, said
        assert ("nothing was found that is sealed to this identity" in said.err) is (right and code == 1), said


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_a_weak_one_and_a_slip_are_asked_again_and_the_label_is_no_passphrase(
    quiet: tuple[str, ...], tmp_path: Path, card: Path
) -> None:
    source, before = roll(tmp_path / "roll", megabytes=0.2), card.read_bytes()
    answers: dict[str, str | list[str]] = {
        "passphrase": ["password 2012", PASSPHRASE, PASSPHRASE],
        "once more": [WRONG, PASSPHRASE],
        "label": PASSPHRASE,
        "[y/N]": "n",
    }
    code, shown = typed(tmp_path, answers, "hide", source, "--in", card, *quiet)
    assert code == 3
    assert (shown.count("passphrase to hide with"), shown.count("label or Enter (")) == (3, 3), "each by itself"
    for told in ("too weak to hide with", "the two did not match", "the label is the passphrase"):
        assert told in shown, shown
    assert PASSPHRASE not in shown
    assert card.read_bytes() == before


def test_after_a_label_that_cannot_be_the_label_is_asked_next(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told to type another label types one: the next question must not be for the passphrase."""
    answers: dict[str, str | list[str]] = {
        "passphrase": PASSPHRASE,
        "once more": PASSPHRASE,
        "label again": ["night", "day"],
        "label": [PASSPHRASE, "day", "day"],
    }
    with monkeypatch.context() as patch:
        typist = Typist(patch, answers)
        said = command("hide", roll(tmp_path / "roll", megabytes=0.2), "--in", card, "--dry-run", "--json")
    assert (said.code, said.document["labelled"]) == (0, True), said
    assert typist.count("passphrase to hide with") == 1
    assert "the label is the passphrase" in said.err
    assert sentence("ask.differ_label") in said.err


def test_a_label_that_is_the_passphrase_is_refused_from_an_option_too(tmp_path: Path, card: Path) -> None:
    said = command(
        "hide",
        roll(tmp_path / "roll"),
        "--in",
        card,
        "--label",
        PASSPHRASE,
        "--passphrase-file",
        "-",
        "--yes",
        "--json",
    )
    assert (said.code, said.document["error"]) == (3, "ask.label_is_passphrase")


def conversation(arguments: list[str], folder: Path, answer: Callable[[str], str | None]) -> str:
    """Talk to the program at a terminal, where an answer depends on what was shown."""
    leader, follower = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, str(PROGRAM), *arguments],
        cwd=folder, stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
        env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(follower)
    shown, asked, until = "", 0, time.monotonic() + 90
    while time.monotonic() < until:
        if not select.select([leader], [], [], 1.0)[0]:
            continue
        try:
            shown += os.read(leader, 65_536).decode(errors="replace")
        except OSError:
            break
        # What was asked since the last answer, which itself comes back as an empty line.
        if shown[asked:].rstrip().endswith(":") and (said := answer(shown[asked:])) is not None:
            asked = len(shown)
            os.write(leader, said.encode() + b"\n")
    program.kill()
    program.wait()
    os.close(leader)
    return shown


def test_enter_makes_a_passphrase_has_it_typed_back_and_takes_it_from_the_screen(tmp_path: Path, card: Path) -> None:
    source, listed, made = roll(tmp_path / "roll", megabytes=0.2), frozenset(wordlist()), []

    def answer(shown: str) -> str | None:
        if "type the passphrase back" in shown:
            words = [word for word in re.findall(r"[a-z-]+", shown.partition("learn it:")[2]) if word in listed]
            made.append(" ".join(words[:7]))
            return made[-1]
        if shown.rstrip().endswith("learn it:"):
            return None  # what was read ends between two lines of one message
        return "n" if "[y/N]" in shown else ""

    shown = conversation(["hide", str(source), "--in", str(card)], tmp_path, answer)
    assert len(made) == 1, shown
    assert len(made[0].split()) == 7
    assert "\x1b[" in shown.partition("type the passphrase back")[2], "it is wiped from the screen"
    assert "sweep 1 card now?" in shown


def test_the_mark_that_an_editor_puts_before_a_passphrase_is_not_part_of_it(tmp_path: Path) -> None:
    for mark, read in ((b"", ""), (b"\xef\xbb\xbf", ""), (b"\xef\xbb\xbf" * 2, "\ufeff")):
        (tmp_path / "phrase").write_bytes(mark + b"seven words\r\nlabel\r\n")
        assert secret.written_in(tmp_path / "phrase").splitlines() == [f"{read}seven words", "label"]
