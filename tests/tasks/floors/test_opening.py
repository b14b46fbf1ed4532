"""`open`: any order, strangers, several floors, and files that appear whole or not at all."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.cards.judges import unmount
from tests.outside import kernel_refused
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.fresh import PROGRAM, fresh_open
from tests.tasks.quick import LABEL, PASSPHRASE, command, hide, open_in_process

pytestmark = pytest.mark.usefixtures("quick_kdf")


def cards_in(folder: Path, count: int = 3) -> list[Path]:
    return [exfat_card(folder / f"card{number}.img", number, size_bytes=12_000_000, files=8) for number in range(count)]


def listing(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_any_order_and_strangers_among_them(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path), roll(tmp_path / "roll", megabytes=2)
    assert hide(source, *cards).code == 0
    stranger = exfat_card(tmp_path / "stranger.img", 9, size_bytes=9_000_000)
    paper = tmp_path / "not-a-card.txt"
    paper.write_text("a shopping list", encoding="utf-8")
    for number, order in enumerate(permutations([*cards[:2], stranger])):
        said = open_in_process(tmp_path / f"out{number}", *order, paper)
        assert said.code == 0, said.err
        assert tree(tmp_path / f"out{number}/roll") == tree(source)


def test_one_file_and_times_are_kept(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    source = roll(tmp_path / "roll", megabytes=1)
    photo = source / "DSC_0041.NEF"
    assert hide(photo, card).code == 0
    said = open_in_process(tmp_path / "out", card)
    assert said.document["floors"][0]["files"] == 1
    assert tree(tmp_path / "out") == {"DSC_0041.NEF": tree(source)["DSC_0041.NEF"]}


def test_two_floors_of_one_passphrase_go_into_their_own_folders(tmp_path: Path) -> None:
    first, second = cards_in(tmp_path, 2)
    sources = [roll(tmp_path / "one", 1, megabytes=1), roll(tmp_path / "two", 2, megabytes=1)]
    for source, card in zip(sources, (first, second), strict=True):
        assert hide(source, card).code == 0
    said = open_in_process(tmp_path / "out", first, second)
    assert said.code == 0, said.err
    floors = said.document["floors"]
    assert len(floors) == 2
    for floor in floors:
        folder = Path(floor["folder"])
        assert folder == tmp_path / "out" / f"{floor['hidden']}-{floor['id']}"
    found = {name.partition("/")[2] for name in listing(tmp_path / "out") if name.count("/") == 1}
    assert found == {"one", "two"}
    for source in sources:
        (back,) = (tmp_path / "out").glob(f"*/{source.name}")
        assert tree(back) == tree(source)


def test_what_an_interrupted_hide_left_does_not_disturb(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path), roll(tmp_path / "roll", megabytes=1)
    assert hide(source, *cards).code == 0
    half = cards[0].read_bytes()
    assert hide(source, *cards, options=("--discard",)).code == 0
    cards[0].write_bytes(half)  # a card of the first floor, two of the second
    said = open_in_process(tmp_path / "out", *cards)
    assert said.code == 0, said.err
    assert said.document["incomplete"] == 1
    assert "something more is here, and these cards do not open it; of its cards given: 1" in said.err
    assert tree(tmp_path / "out/roll") == tree(source)


def test_a_partial_collection_is_completed_later(tmp_path: Path) -> None:
    cards, source = cards_in(tmp_path), roll(tmp_path / "roll", megabytes=1)
    assert hide(source, *cards, options=("--lose", "0")).code == 0
    for count in (1, 2):
        said = open_in_process(tmp_path / "out", *cards[:count])
        assert said.code == 1
        assert said.cause_and_hint == (
            f"something is here, and these cards do not open it; of its cards given: {count}",
            "where it is on other cards too, give those, in any order: how many it needs can be read only then; "
            "what a stopped hide left was never complete, and there are no others",
        )
        assert not (tmp_path / "out").exists()
    assert open_in_process(tmp_path / "out", *cards).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    source, out = roll(tmp_path / "roll", megabytes=1), tmp_path / "out"
    assert hide(source, card).code == 0
    (out / "roll").mkdir(parents=True)
    (out / "roll/DSC_0041.JPG").write_text("mine", encoding="utf-8")
    (out / "other.txt").write_text("also mine", encoding="utf-8")
    before = tree(out)
    said = open_in_process(out, card)
    assert (said.code, tree(out)) == (3, before)
    assert said.cause_and_hint[0].startswith("1 of the names are already in ")
    assert "DSC" not in said.err, "no hidden name in any message"
    assert open_in_process(out, card, force=True).code == 0
    assert tree(out / "roll") == tree(source)
    assert (out / "other.txt").read_text(encoding="utf-8") == "also mine"


@pytest.mark.parametrize("what", ["a folder for a file", "a file for a folder", "a link for a folder"])
def test_what_not_even_force_overwrites_is_told(what: str, tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    out = tmp_path / "out"
    assert hide(roll(tmp_path / "roll", megabytes=1), card).code == 0
    (out / "roll").mkdir(parents=True)
    if what == "a folder for a file":
        (out / "roll/zero.xmp").mkdir()  # the last name of all: the others must not have been moved
    elif what == "a file for a folder":
        (out / "roll/märz 행군").write_text("mine", encoding="utf-8")
    else:
        (tmp_path / "elsewhere").mkdir()
        (out / "roll/märz 행군").symlink_to(tmp_path / "elsewhere")
    before = listing(tmp_path)
    for force in (False, True):
        said = open_in_process(out, card, force=force)
        assert said.code == 3, said.err
        assert said.cause_and_hint[0].startswith("1 of the names in ")
        assert "zero" not in said.err, "no hidden name in any message"
        assert listing(tmp_path) == before


def test_out_that_is_a_file_is_told(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    assert hide(roll(tmp_path / "roll", megabytes=1), card).code == 0
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    said = open_in_process(tmp_path / "out", card)
    assert said.code == 3
    assert said.cause_and_hint[0].endswith("/out is not a folder")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file"


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A disk of 1 MB, if the kernel lets us mount one."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        kernel_refused(f"a tmpfs: {done.stderr.strip()}")
    yield place
    unmount(place)


@pytest.mark.kernel
def test_a_full_disk_leaves_nothing(tmp_path: Path, small_disk: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    assert hide(roll(tmp_path / "roll", megabytes=2), card).code == 0
    said = open_in_process(small_disk / "deep/out", card)
    assert said.code == 4, said.err
    assert said.cause_and_hint[0] == "the system refused: no space left on device"
    assert listing(small_disk) == set()


def test_a_disk_that_refuses_large_files_leaves_nothing(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    assert hide(roll(tmp_path / "roll", megabytes=2), card).code == 0
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); " + (
        "sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    arguments: list[str | Path] = ["open", card, "--out", tmp_path / "out", "--label", LABEL, "--passphrase-file", "-"]
    done = subprocess.run(
        [sys.executable, "-c", limited, PROGRAM, *arguments],
        input=PASSPHRASE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (3, 4), done.stderr
    assert "fifthfloor: error: the system refused: file too large" in done.stderr
    assert not (tmp_path / "out").exists()


def test_images_made_before_and_after_damage_help_each_other(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    source, halves = roll(tmp_path / "roll", megabytes=1), []
    assert hide(source, card, options=("--overwrite", "0")).code == 0
    whole = card.read_bytes()
    for number, part in enumerate((slice(0, len(whole) // 2), slice(len(whole) // 2, None))):
        broken = bytearray(whole)
        broken[part] = random.Random(number).randbytes(len(whole[part]))
        halves.append(tmp_path / f"half{number}.img")
        halves[-1].write_bytes(broken)
        assert open_in_process(tmp_path / "out", halves[-1]).code == 1
    assert open_in_process(tmp_path / "out", *halves).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


@pytest.mark.real_kdf
def test_the_true_command_line_at_the_real_cost(tmp_path: Path) -> None:
    """Nothing is patched: `python -m fifthfloor` hides in one process and opens in another."""
    cards, source = cards_in(tmp_path, 2), roll(tmp_path / "roll", megabytes=1)
    key = tmp_path / "key"
    key.write_text(PASSPHRASE + "\n", encoding="utf-8")
    inside = tree(source)
    asked = ["--label", LABEL, "--passphrase-file", str(key), "--yes", "--json"]
    hidden = true_command("hide", source, "--in", cards[0], "--in", cards[1], "--lose", "1", *asked)
    assert hidden.returncode == 0, hidden.stderr
    shutil.rmtree(source)
    cards[0].unlink()
    opened = true_command("open", cards[1], "--out", tmp_path / "out", *asked)
    assert opened.returncode == 0, opened.stderr
    assert tree(tmp_path / "out/roll") == inside
    quick = fresh_open(tmp_path, tmp_path / "quick", cards[1])
    assert quick.code == 1, "the cheap derivation of the tests is not the real one"


@pytest.mark.real_kdf
def test_the_true_command_line_finds_nothing_with_a_wrong_passphrase(tmp_path: Path) -> None:
    (card,) = cards_in(tmp_path, 1)
    wiped = true_command("wipe", card, "--yes")
    assert wiped.returncode == 0, wiped.stderr
    key = tmp_path / "key"
    key.write_text("anything\n", encoding="utf-8")
    opened = true_command("open", card, "--out", tmp_path / "out", "--passphrase-file", key)
    assert (opened.returncode, opened.stdout) == (1, "")
    assert "nothing was found that this passphrase opens" in opened.stderr


def true_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fifthfloor", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_health_and_open_agree(tmp_path: Path) -> None:
    cards = cards_in(tmp_path)
    assert hide(roll(tmp_path / "roll", megabytes=1), *cards).code == 0
    for chosen in (cards[:1], cards[1:], cards):
        health = command("health", *chosen, "--label", LABEL, "--passphrase-file", "-", "--json")
        (floor,) = health.document["floors"]
        opened = open_in_process(tmp_path / "out", *chosen, force=True)
        assert health.code == opened.code == int(not floor["opens"])
