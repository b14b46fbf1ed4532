"""`hide --keep` and `hide --quick` at a pseudo-terminal: what a person is asked, in which order, and what is said."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.cli.person import Typist
from tests.tasks.cards_at_hand import Tree, exfat_card, roll, tree, visible
from tests.tasks.fresh import PROGRAM, fresh_open
from tests.tasks.quick import PASSPHRASE, WRONG, command, hide
from tests.terminal import at_terminal

SECOND = "unwitting ozone tapeless plywood gargle frolic skedaddle"
pytestmark = pytest.mark.usefixtures("quick_kdf")
CARRY = "(Enter: no more)"
HALF = ("--overwrite", "50")


def typed(folder: Path, *arguments: str | Path, answers: dict[str, str | list[str]]) -> tuple[int, str]:
    """Run the program at a terminal, with the cheap key derivation; lines joined, as a person reads them."""
    code, shown = at_terminal([sys.executable, str(PROGRAM), *map(str, arguments)], folder, answers)
    return code, " ".join(shown.split())  # a terminal breaks lines anywhere


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Two floors: one under a label, one under another passphrase and no label."""
    made = exfat_card(tmp_path / "card.img", 3)
    hidden = [roll(tmp_path / name, seed, megabytes=1) for name, seed in (("one", 1), ("two", 2))]
    assert hide(hidden[0], made, label="one", options=HALF).code == 0
    (tmp_path / "keep.txt").write_text(f"{PASSPHRASE}\none\n", encoding="utf-8")
    where = ("--in", made, "--label", "", "--passphrase-file", "-", "--yes", *HALF)
    done = command("hide", hidden[1], *where, "--keep-file", tmp_path / "keep.txt", stdin=SECOND + "\n")
    assert done.code == 0, done.err
    return made


def opened(folder: Path, card: Path, label: str, passphrase: str = PASSPHRASE) -> Tree:
    from tests.tasks.fresh import fresh

    out = folder / f"out-{label or 'none'}"
    arguments = ("open", card, "--out", out, "--label", label, "--passphrase-file", "-", "--json")
    said = fresh(folder, *arguments, stdin=passphrase + "\n")
    assert said.code == 0, said.err
    return tree(out)


def inside(source: Path) -> Tree:
    return {f"{source.name}/{name}": facts for name, facts in tree(source).items()} | {
        source.name: ("folder", source.stat().st_mtime_ns)
    }


def test_several_floors_are_asked_for_until_an_empty_answer(tmp_path: Path, card: Path) -> None:
    source = roll(tmp_path / "three", 3, megabytes=1)
    answers: dict[str, str | list[str]] = {
        CARRY: [PASSPHRASE, SECOND, PASSPHRASE, ""],  # the first floor twice: it is one floor
        "label again": "three",  # asked twice of what is hidden now, since it is not shown
        "label": ["three", "one", "", " ONE "],
        "passphrase": WRONG,
        "once more": WRONG,
    }
    code, shown = typed(tmp_path, "hide", source, "--in", card, "--keep", "--overwrite", "20", "-v", answers=answers)
    assert code == 0, shown
    assert shown.count(CARRY) == 4
    said = [
        "2 floors will be carried over",
        "kept floor 1: ",
        "kept floor 2: ",
        "all free space is rewritten on card.img",
        "what was not named to --keep, or was sealed, is lost for good",
        f"kept: what these passphrases hid on {date.today()} (10 files, 2.0 MB)",
        "sweep 1 card now? [y/N]: y",
        "hidden: ",
    ]
    places = [shown.find(one) for one in said]
    assert -1 not in places, said[places.index(-1)]
    assert places == sorted(places), "all of it before the question"
    assert "kept floor 3" not in shown
    healths = re.findall(r"kept floor \d: ([\d,]+) shards before, ([\d,]+) after, about ([\d,]+) are needed", shown)
    assert len(healths) == 2
    for before, after, needed in healths:
        assert int(before) == int(after) > int(needed)
    assert not any(secret in shown for secret in (PASSPHRASE, SECOND, WRONG)), "what is typed is not shown"
    assert opened(tmp_path, card, "one") == inside(tmp_path / "one")
    assert opened(tmp_path, card, "", SECOND) == inside(tmp_path / "two")
    assert opened(tmp_path, card, "three", WRONG) == inside(source)


def test_the_passphrase_of_today_named_to_keep_is_kept_once(tmp_path: Path, card: Path) -> None:
    """Kept by itself, named once more, and let go in the same breath: it comes through, and is one floor."""
    source = roll(tmp_path / "three", 3, megabytes=1)
    keep = ("--keep-file", tmp_path / "keep.txt", "--discard")
    said = hide(source, card, label="one", options=(*HALF[:1], "20", *keep))
    assert (said.code, said.document["kept_floors"]) == (0, 1), said.err
    assert "GONE" not in said.err
    from tests.tasks.fresh import fresh

    listed = fresh(tmp_path, "list", card, "--label", "one", "--passphrase-file", "-", "--json").document
    assert len(listed["floors"]) == 2


@pytest.mark.parametrize(
    ("passphrases", "labels", "told"),
    [
        ([SECOND, ""], ["two"], "nothing came back with that"),
        ([PASSPHRASE, ""], ["uno"], "nothing came back with that"),
        ([PASSPHRASE, WRONG, ""], ["one", ""], "nothing came back with number 2 of those to keep"),
    ],
)
def test_a_wrong_passphrase_to_keep_is_asked_three_times_and_writes_nothing(
    passphrases: list[str], labels: list[str], told: str, tmp_path: Path, card: Path
) -> None:
    before, files = card.read_bytes(), visible(card)
    source = roll(tmp_path / "three", 3, megabytes=1)
    answers: dict[str, str | list[str]] = {
        CARRY: passphrases,
        "of those to keep": [passphrases[-2], WRONG],
        "label again": "three",
        "label": ["three", *labels, *labels[-1:], "one"],
        "passphrase": WRONG,
        "once more": WRONG,
    }
    code, shown = typed(tmp_path, "hide", source, "--in", card, "--keep", answers=answers)
    assert code == 1
    assert shown.count(CARRY) == len(passphrases), "each is asked for before any is looked for"
    assert (shown.count(told), shown.count("of those to keep:")) == (2, 2), shown
    for number in range(1, len(passphrases) + 1):
        assert f"passphrase number {number} of those to keep {CARRY}" in shown, "each question says which"
    assert shown.count(f"passphrase number {len(passphrases) - 1} of those to keep:") == 2, "the wrong one"
    assert shown.count("nothing was found that this passphrase opens") == 1
    assert "sweep 1 card now" not in shown
    assert (card.read_bytes(), visible(card)) == (before, files)


@pytest.mark.parametrize("task", ["hide", "wipe"])
def test_a_slip_at_a_passphrase_to_keep_is_mended_and_keeps_it(
    task: str, tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: dict[str, str | list[str]] = {
        CARRY: [PASSPHRASE, SECOND, ""],
        "of those to keep": [WRONG, PASSPHRASE],
        "label again": "three",
        # The first of them has the label "one": typed wrongly twice, then right.
        "label": [*(["three"] if task == "hide" else []), "uno", "", "one", "one"],
        "passphrase": WRONG,
        "once more": WRONG,
    }
    new = ("hide", roll(tmp_path / "three", 3, megabytes=1), "--in", card, "--overwrite", "20")
    with monkeypatch.context() as patch:
        Typist(patch, answers)
        said = command(*(new if task == "hide" else ("wipe", card)), "--keep", "--yes", "--json")
    assert (said.code, said.document["kept_floors"]) == (0, 2), said
    assert said.err.count("nothing came back with number 1 of those to keep; once more") == 2
    assert opened(tmp_path, card, "one") == inside(tmp_path / "one")


def test_todays_passphrase_typed_at_the_second_try_to_keep_is_one_floor(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = roll(tmp_path / "three", 3, megabytes=1)
    answers: dict[str, str | list[str]] = {
        CARRY: [WRONG, ""],
        "of those to keep": PASSPHRASE,
        "label": "one",
        "passphrase": PASSPHRASE,
        "once more": PASSPHRASE,
    }
    with monkeypatch.context() as patch:
        Typist(patch, answers)
        words = ("hide", source, "--in", card, "--overwrite", "20", "--keep", "--discard", "--label", "one")
        said = command(*words, "--yes", "--json")
    assert (said.code, said.document["kept_floors"], "GONE" in said.err) == (0, 1, False), said
    assert "nothing came back with that; once more" in said.err


def test_nothing_named_to_keep_is_said_before_the_question(tmp_path: Path, card: Path) -> None:
    before = card.read_bytes()
    source = roll(tmp_path / "three", 3, megabytes=1)
    answers: dict[str, str | list[str]] = {
        CARRY: "", "label": "three", "passphrase": WRONG, "once more": WRONG, "[y/N]:": "n",
    }  # fmt: skip
    code, shown = typed(tmp_path, "hide", source, "--in", card, "--keep", answers=answers)
    assert code == 1
    told = "what other passphrases or labels hid (--keep asks) or is sealed: lost for good"
    assert -1 < shown.find(told) < shown.find("sweep 1 card now?")
    assert "kept:" not in shown
    assert shown.endswith("nothing was done")
    assert card.read_bytes() == before, "the answer was no"


def test_quick_asks_for_the_passphrase_first_and_says_what_two_images_show(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", 3, size_bytes=96_000_000)
    assert command("wipe", card, "--yes").code == 0
    source = roll(tmp_path / "one", 1, megabytes=2)
    answers: dict[str, str | list[str]] = {"passphrase": PASSPHRASE, "once more": PASSPHRASE, "label": "quick"}
    code, shown = typed(tmp_path, "hide", source, "--in", card, "--quick", answers=answers)
    assert code == 0, shown
    order = [
        "passphrase to hide with",
        "once more",
        "label or Enter (",
        "the label again",
        "3 photographs and 2 other files (2.0 MB)",
        "of the free space is rewritten on card.img",
        "two images of a card, one from before and one from now, show about how much",
        "write to 1 card now? [y/N]: y",
        "hidden: ",
    ]
    places = [shown.find(one) for one in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert PASSPHRASE not in shown
    done = fresh_open(tmp_path, tmp_path / "out", card, label="quick")
    assert done.code == 0, done.err
    before = card.read_bytes()
    answers["[y/N]:"] = "n"
    code, shown = typed(tmp_path, "hide", source, "--in", card, "--quick", answers=answers)
    assert (code, card.read_bytes() == before) == (1, True)
