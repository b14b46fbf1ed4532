"""plan, list, sets of cards, --dry-run, what is asked first and what is refused before anything is asked."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.floors.test_frames import shooting_card
from tests.tasks.quick import PASSPHRASE, Said, command
from tests.terminal import at_terminal

from fifthfloor.audit.card_sets import is_card_set
from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.cards.image import open_card
from fifthfloor.cli.bar import Bar
from fifthfloor.cli.group import COMMANDS, fifthfloor
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import planning, quick, readers, steps, sweep
from fifthfloor.tasks.floors import wipe as wiping
from fifthfloor.tasks.floors.card_sets import expanded
from fifthfloor.tasks.search import tidy as tidying
from fifthfloor.words import error, sentence
from fifthfloor.words.lines.width import broken

pytestmark = pytest.mark.usefixtures("quick_kdf")
KEY = ("--label", "", "--passphrase-file", "-")


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return exfat_card(tmp_path / "card.img", 1, size_bytes=12_000_000, files=5)


def hidden(card: Path, source: Path, *options: str | Path) -> Said:
    said = command("hide", source, "--in", card, *KEY, "--yes", "--json", *options)
    assert said.code == 0, said.err
    return said


def test_what_a_plan_says_fits_fits_and_a_quarter_more_does_not(tmp_path: Path, card: Path) -> None:
    before = card.read_bytes()
    planned = command("plan", card, tmp_path / "nowhere.img", "--json").document
    assert card.read_bytes() == before
    assert [one["error"] for one in planned["refused"]] == ["cards.missing"]
    (fit,) = planned["fits"]
    for share, code in ((0.98, 0), (1.25, 4)):
        file = tmp_path / f"file-{share}"
        file.write_bytes(bytes(int(share * fit["bytes"])))
        assert command("hide", file, "--in", card, *KEY, "--yes", "--dry-run").code == code
    assert planned["seconds"][0] < planned["seconds"][1]


def test_a_list_names_everything_and_open_brings_some_back(tmp_path: Path, card: Path) -> None:
    source = roll(tmp_path / "roll", megabytes=0.3)
    hidden(card, source)
    (floor,) = command("list", card, *KEY, "--json").document["floors"]
    names = {f"roll/{path}" for path in tree(source) if (source / path).is_file()}
    assert {one["name"] for one in floor["files"]} == names
    said = command("open", card, "--out", tmp_path / "some", "--only", "*0041.nef", *KEY, "--json")
    assert (said.code, said.document["floors"][0]["files"]) == (0, 1)
    assert [path.name for path in (tmp_path / "some").rglob("*") if path.is_file()] == ["DSC_0041.NEF"]
    none = command("open", card, "--out", tmp_path / "none", "--only", "*.mov", *KEY, "--json")
    assert (none.code, none.document["error"], (tmp_path / "none").exists()) == (3, "open.none_fit", False)


def test_check_reads_everything_and_writes_nothing(tmp_path: Path, card: Path) -> None:
    hidden(card, roll(tmp_path / "roll", megabytes=0.3))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    said = command("open", card, "--check", *KEY, "--json")
    assert (said.code, said.document["written"], said.document["floors"][0]["files"]) == (0, False, 5)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert command("open", card, *KEY).code == command("open", card, "--check", "--out", "x", *KEY).code == 2


def test_a_set_of_cards_has_a_name_and_audit_calls_it_a_trace(tmp_path: Path, card: Path) -> None:
    other = exfat_card(tmp_path / "other.img", 2, size_bytes=12_000_000, files=5)
    file = tmp_path / "trip.cards"
    assert command("plan", card, other, "--save", f"{file}:trip").code == 0
    there = file.read_text(encoding="utf-8")
    again = command("plan", card, "--save", f"{file}:two")
    assert again.code == 3
    assert again.cause_and_hint[1].endswith("or write one more line into this one: `two: CARD, CARD`")
    file.write_text(f"{there}two: {other}\n", encoding="utf-8")
    assert command("plan", f"@{file}:two").code == 0, "the hint works"
    file.write_text(there, encoding="utf-8")
    for given in (f"@{file}", f"@{file}:trip"):
        assert expanded([Path(given), Path("x")]) == (card, other, Path("x"))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())  # as Notepad saves it
    assert command("wipe", f"@{file}", "--yes", "--json").document["cards"] == [str(card), str(other)]
    assert is_card_set(file.read_bytes())
    assert "fifthfloor" not in file.read_text(encoding="utf-8"), "it names no program"
    report = command("audit", file, "--json").document
    assert "laptop.own" in {item["kind"] for item in report["findings"]}
    for text in ("", "# cards\nno colon\n", "# cards\na: x\na: y\n", "\xff", "# cards\na: x\nb: y\n"):
        file.write_text(text, encoding="latin-1")
        said = command("wipe", f"@{file}", "--yes", "--json")
        assert (said.code, said.document["error"].partition(".")[0]) == (3, "sets"), text


def test_no_dry_run_writes(tmp_path: Path, card: Path) -> None:
    frames = {f"DCIM/100CANON/IMG_080{n}.JPG": bytes([n]) * 9_000 for n in range(1, 9)}
    shooting = shooting_card(tmp_path / "s.img", frames)
    before = [path.read_bytes() for path in (card, shooting)]
    taken = (
        "hide",
        "--from",
        shooting,
        "--only",
        "IMG_0803-0806",
        "--in",
        card,
        "--remove",
        *KEY,
        "--yes",
        "--dry-run",
    )
    assert command(*taken).code == 3, "--yes says neither that the card is wiped nor that it is not"
    said = command(*taken, "--no-wipe", "--json")
    assert said.code == 0, said.err
    assert said.document["removed"] == [
        {
            "card": "s.img",
            "frames": 4,
            "names": "IMG_0803 to IMG_0806",
            "ranges": ["IMG_0803 to IMG_0806"],
            "left": 4,
            "gaps": [[803, 806]],
        }
    ]
    told = "4 frames will be removed from s.img: IMG_0803 to IMG_0806; a minder will then count 4, a gap: 803-806"
    assert told in said.err
    assert command("wipe", card, "--dry-run").code == command("tidy", card, "--dry-run").code == 0
    assert [path.read_bytes() for path in (card, shooting)] == before


def test_no_report_or_list_is_written_by_a_dry_run(tmp_path: Path, card: Path) -> None:
    new = tmp_path / "new"
    for typed in (
        ("plan", card, "--save", new),
        ("audit", card, "--quick", "--html", new),
        ("audit", card, "--quick", "--pick", new),
        ("verify", "--page", new),
    ):
        said = command(*typed, "--dry-run")
        assert said.code in (0, 1), said.err
        assert sentence("files.would_write", path=str(new)) in said.err + said.out
        assert not new.exists(), typed


def test_no_picture_of_a_line_is_drawn_by_a_dry_run(tmp_path: Path) -> None:
    who, picture, phrase = tmp_path / "who.json", tmp_path / "line.png", tmp_path / "phrase"
    phrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
    assert command("identity", "new", who, "--passphrase-file", phrase).code == 0
    show = ("identity", "show", who, "--passphrase-file", phrase, "--png", picture)
    said = command(*show, "--dry-run")
    assert (said.code, picture.exists()) == (0, False), said.err
    assert sentence("files.would_write", path=str(picture)) in said.out
    assert command(*show).code == 0
    assert picture.exists()
    assert command(*show, "--dry-run").code == 3, "what would be refused is refused"


def test_whatever_writes_can_be_said_without_writing() -> None:
    writes = {"--out", "--save", "--html", "--pick", "--page", "--zip", "--pdf", "--archive", "--png", "--collect"}
    for name in COMMANDS:
        given = fifthfloor.get_command(click.Context(fifthfloor), name)
        assert given is not None
        for one in given.commands.values() if isinstance(given, click.Group) else [given]:
            options = {option for parameter in one.params for option in parameter.opts}
            assert not writes & options or "--dry-run" in options, name


def test_an_only_that_says_nothing_is_answered_with_all_that_can_be_written(tmp_path: Path, card: Path) -> None:
    shooting = shooting_card(tmp_path / "s.img", {"DCIM/100CANON/IMG_0801.JPG": b"x" * 9_000})
    for only in ("", " ", "yesterday", "30.11.2026"):
        said = command("hide", "--from", shooting, "--only", only, "--in", card, *KEY, "--yes", "--json")
        assert said.code == 3, only
        assert "DSC_0041-0057, DSC_0041.JPG-DSC_0057.JPG, DSC_0041, 41-57, DSC_00*" in said.document["hint"], only


def test_without_remove_nothing_is_said_of_a_minder(tmp_path: Path, card: Path) -> None:
    shooting = shooting_card(tmp_path / "s.img", {"DCIM/100CANON/IMG_0801.JPG": b"x" * 9_000})
    said = command("hide", "--from", shooting, "--only", "all", "--in", card, *KEY, "--yes")
    assert said.code == 0, said.err
    assert "minder" not in said.err + said.out


def test_a_wipe_says_nothing_of_floors(card: Path) -> None:
    said = command("wipe", card, "--yes", "-v")
    shown = (said.err + said.out).lower()
    assert not {"floor", "floors", "hid", "sealed", "passphrase", "carrier"} & set(shown.replace(",", " ").split())
    assert "whatever the free space holds is lost for good, whoever put it there" in shown, "a sealed floor too"


def test_quiet_says_the_result_alone_and_verbose_the_details(card: Path) -> None:
    assert command("wipe", card, "--yes", "--quiet").err == ""
    assert "whole free slots of 16 KiB" in command("wipe", card, "--yes", "--verbose").err
    assert "--quick" not in command("hide", "x", "--qui", "--in", card).err


@pytest.mark.parametrize("name", ["hide", "identity", "open"])
def test_help_hide_is_hide_help(name: str) -> None:
    assert command("help", name).out == command(name, "--help").out != ""


def test_what_is_wrong_with_a_card_is_said_before_any_secret(tmp_path: Path) -> None:
    (tmp_path / "empty.img").touch()
    for name, key in (("empty.img", "cards.empty"), ("nowhere", "cards.missing")):
        for words in (("open", name, "--check"), ("health", name), ("list", name)):
            said = command(*words[:1], tmp_path / words[1], *words[2:], "--json")
            assert (said.code, said.document["error"]) == (3, key), words
    # A folder is a roll: what is wrong with it is found with the secret alone.
    (tmp_path / "folder").mkdir()
    said = command("open", tmp_path / "folder", "--out", tmp_path / "empty.img", "--json")
    assert said.code == 3


def test_recovering_twice_brings_nothing_back_twice(tmp_path: Path) -> None:
    from tests.cli.test_every_command import with_photograph

    with_photograph(tmp_path / "deleted.img")
    for there in (0, 1):
        for more in (("--dry-run",), (), ("--json",)) if there else ((),):
            said = command("recover", tmp_path / "deleted.img", "--out", tmp_path / "out", *more)
            assert said.code == 0, said.err
            told = f"1 of them was in {tmp_path / 'out'} already, byte for byte; no second copy is made"
            assert (told in said.out) is (bool(there) and "--json" not in more), said.out
    assert (said.document["already_there"], said.document["written"]) == (1, True), "it is written once more"
    assert len([path for path in (tmp_path / "out").rglob("*") if path.is_file()]) == 1


def test_nothing_of_a_secret_is_asked_where_there_is_too_little_room(tmp_path: Path, card: Path) -> None:
    import sys

    from tests.tasks.fresh import PROGRAM

    (tmp_path / "large").write_bytes(bytes(40_000_000))
    words = [sys.executable, str(PROGRAM), "hide", "large", "--in", str(card)]
    code, shown = at_terminal(words, tmp_path, {"passphrase": PASSPHRASE})
    assert (code, "passphrase" in shown) == (4, False)


def test_a_bar_moves_while_rates_are_measured_and_places_are_drawn(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may last a second on a slow card or a slow computer is done inside a step, never beside one."""
    open_steps: list[str] = []
    seen: dict[str, list[str]] = {}

    @contextmanager
    def step(_bar: Bar, key: str, _total: int) -> Iterator[Callable[[int], None]]:
        open_steps.append(key)
        yield lambda _done: None
        open_steps.pop()

    def watched(module: ModuleType, name: str) -> None:
        really = getattr(module, name)

        def function(*arguments: Any, **more: Any) -> Any:
            seen.setdefault(name, []).append(" ".join(open_steps))
            return really(*arguments, **more)

        monkeypatch.setattr(module, name, function)

    monkeypatch.setattr(Bar, "step", step)
    for module, name in (
        (steps, "cpu_rate"), (planning, "cpu_rate"), (sweep, "read_rate"), (planning, "read_rate"),
        (hiding, "place_all"), (wiping, "place_all"), (quick, "draw"), (tidying, "look"),
    ):  # fmt: skip
        watched(module, name)
    source = roll(tmp_path / "roll", megabytes=0.2)
    hidden(card, source)
    for words in (("plan", card), ("wipe", card, "--yes"), ("tidy", card, "--yes")):
        assert command(*words).code == 0
    command("hide", source, "--in", card, *KEY, "--quick", "--yes")
    assert set(seen) == {"cpu_rate", "read_rate", "place_all", "draw", "look"}
    assert not [(name, where) for name, calls in seen.items() for where in calls if not where]


@pytest.mark.parametrize(("slot", "told"), [
    (None, ""), (0, ", in the slot of this computer"), (3, ", in slot 3 of its reader")])  # fmt: skip
def test_cards_says_in_which_slot_a_card_is(slot: int | None, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = DeviceFacts("SanDisk", "Extreme", "42", removable=True, is_block_device=True)
    offered = [Offered("/dev/sdx", facts, 64 << 30, ("sdx1",), ("EOS",), slot)]
    monkeypatch.setattr(readers, "offered", lambda: offered)
    said = command("cards")
    assert (said.code, said.out) == (0, f'/dev/sdx: SanDisk Extreme, 68.7 GB, "EOS"{told}\n')
    assert command("cards", "--json").document["cards"][0]["slot"] == slot


@pytest.mark.parametrize("shooting", [False, True])
def test_before_quick_removes_anything_eight_lines_say_it_all(
    shooting: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three cards, frames of a camera's card or files, --quick and --remove: still one screen of eight lines."""
    monkeypatch.setenv("COLUMNS", "80")
    cards = [exfat_card(tmp_path / f"card-{n}.img", n, size_bytes=96_000_000, files=4) for n in (1, 2, 3)]
    assert command("wipe", *cards, "--yes").code == 0
    frames = {f"DCIM/100CANON/IMG_080{n}.JPG": bytes([n]) * 9_000 for n in range(1, 9)}
    camera = shooting_card(tmp_path / "shooting.img", frames)
    what = ("--from", camera, "--only", "IMG_0803-0806") if shooting else (roll(tmp_path / "roll", megabytes=0.3),)
    into = [word for card in cards for word in ("--in", card)]
    before = {card.name: card.read_bytes() for card in (*cards, camera)}
    said = command("hide", *what, *into, *KEY, "--quick", "--remove", "--no-wipe" if shooting else "--yes", "--dry-run")
    assert said.code == 0, said.err
    lines = [part for line in said.err.splitlines() for part in broken(line.replace(f"{tmp_path}/", ""), 80)]
    screen = [line for line in lines if "leaves noise on" not in line and "and a search sees" not in line]
    assert len(screen) <= 8, screen
    for told in (
        "of the free space is rewritten on card-1.img",
        "--quick keeps nothing: what is hidden there already loses about",
        "two images of a card, one from before and one from now, show about how much",
        "will be removed from shooting.img" if shooting else "5 originals will be deleted by the system",
        "this takes ",
    ):
        assert told in " ".join(" ".join(screen).split()), screen
    assert {card.name: card.read_bytes() for card in (*cards, camera)} == before


def test_a_plan_counts_no_card_twice_and_none_that_could_not_be_written(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = command("plan", card, card, "--json")
    assert (twice.code, twice.document["error"]) == (3, "cards.twice")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("no photograph")
    strange = command("plan", card, "--like", tmp_path / "notes", "--json")
    assert (strange.code, strange.document["error"]) == (3, "plan.no_photograph")
    none = command("plan", tmp_path / "notes", tmp_path / "nowhere.img", "--json").document
    assert (none["error"], [one["error"] for one in none["also"]]) == ("cards.directory", ["cards.missing"])
    locked, system_open = tmp_path / "locked.img", os.open
    locked.write_bytes(card.read_bytes())

    def opened(path: Path, flags: int, mode: int = 0o777, **more: Any) -> int:
        if Path(path) == locked and flags & os.O_RDWR:
            raise OSError(errno.EROFS, "Read-only file system")
        return system_open(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", opened)
    said = command("plan", card, locked)
    assert f"cannot be used: {error('cards.locked', {'path': str(locked)})[0]}" in said.out
    assert error("cards.locked", {"path": ""})[1] in " ".join(said.out.split())
    assert command("plan", card, locked, "--json").document["fits"] == command("plan", card, "--json").document["fits"]


def test_one_and_two_are_read_aloud() -> None:
    facts: dict[str, str | int | float] = {"what": "1 file", "path": "trip.cards", "threshold": 1}
    said = [sentence(f"{area}.all", carriers=2, **facts) for area in ("before", "brief")]
    assert all("both cards" in one and "2" not in one for one in said)
    assert "all 3 cards" in sentence("before.all", carriers=3, **facts)
    assert [sentence("sets.written", count=count, **facts).split("for ")[1].split(";")[0] for count in (1, 2)] == [
        "this card",
        "these 2 cards",
    ]
    assert sentence("brief.any", carriers=3, **facts).endswith("any 1 of 3 cards and the passphrase open it")
    assert error("hide.no_files", {"count": 1})[0] == "there is no file to hide in what was given"


def test_frames_are_called_frames_before_and_after(tmp_path: Path, card: Path) -> None:
    files = {f"DCIM/100NIKON/DSC_0041.{ending}": bytes(3000) for ending in ("JPG", "NEF")}
    shooting = shooting_card(tmp_path / "s.img", files)
    said = command("hide", "--from", shooting, "--only", "all", "--in", card, *KEY, "--yes")
    before, after = (re.findall(r"\d+ frames? \([^)]*\)", text) for text in (said.err, said.out))
    assert said.code == 0, said.err
    assert before[0] == after[0]


def test_a_plan_counts_no_device_that_hide_would_refuse_and_the_set_says_so(
    tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_in, facts = (
        exfat_card(tmp_path / "sda", 2, size_bytes=12_000_000, files=5),
        DeviceFacts("Disk", "Large", "S4EN", removable=False, is_block_device=True),
    )
    monkeypatch.setattr(
        planning,
        "open_card",
        lambda path: replace(open_card(path), facts=facts) if path == built_in else open_card(path),
    )
    saved = tmp_path / "trip.cards"
    said = command("plan", card, built_in, "--save", f"{saved}:trip")
    assert said.code == 0, said.err
    assert f"{built_in} is not a removable device (serial number S4EN)" in said.out
    assert sentence("sets.left_out", path=str(saved), names=str(built_in), count=1) in said.out
    assert expanded([Path(f"@{saved}")]) == (card,)
    alone = command("plan", card, "--json").document["fits"]
    assert command("plan", card, built_in, "--json").document["fits"] == alone
    with_number = command("plan", card, built_in, "--device", "S4EN", "--json").document
    assert (len(with_number["fits"]), with_number["refused"]) == (2, [])
    assert "not in" not in command("plan", card, "--save", tmp_path / "one.cards").out
