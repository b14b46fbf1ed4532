"""`hide --from W --remove --wipe`: the sweep of W is said, asked, timed and counted before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.audit.made import camera_card
from tests.tasks.cards_at_hand import exfat_card, roll
from tests.tasks.quick import command, hide

from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor.cli.bar import Bar
from fifthfloor.cli.console import Console
from fifthfloor.tasks.floors.pace import Step

pytestmark = pytest.mark.usefixtures("quick_kdf")
KEY = ("--label", "", "--passphrase-file", "-")


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    card = exfat_card(tmp_path / "c.img", 1, size_bytes=48_000_000, files=4)
    assert command("wipe", card, "--yes").code == 0
    return card


@pytest.mark.parametrize("way", [(), ("--quick",)])
def test_the_sweep_of_the_shooting_card_is_said_with_what_it_ends_before_the_question(
    way: tuple[str, ...], tmp_path: Path, carrier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = camera_card(tmp_path / "s.img", 6, delete=(2, 3))
    taken: tuple[str | Path, ...] = ("hide", "--from", camera, "--only", "all", "--in", carrier, "--remove", *way, *KEY)
    asked: list[str] = []

    def no(_console: Console, question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr(Console, "confirm", no)
    before = [path.read_bytes() for path in (camera, carrier)]
    left, swept = command(*taken, "--no-wipe"), command(*taken, "--wipe")
    assert [path.read_bytes() for path in (camera, carrier)] == before
    assert "and sweep" not in asked[0]
    assert re.search(r"from s\.img, and sweep (all of )?s\.img", asked[1]), "the question names the sweep"
    assert "swept as well" not in left.err
    full = r"s\.img is swept as well then \(\d.*\): 2 deleted photographs and whatever else"
    assert re.search(f"{full}|s.img swept too: 2 deleted photographs, all else there: lost", swept.err)
    assert re.search(full, command(*taken, "--wipe", "--dry-run", "-v").err)
    dry = command(*taken, "--wipe", "--dry-run", "--json").document
    (after,) = dry["swept_after"]
    assert (after["card"], after["deleted_photographs"], after["deleted_photographs_exact"]) == ("s.img", 2, True)
    assert after["free_bytes"] > after["deleted_bytes"] > 0
    assert command(*taken, "--no-wipe", "--dry-run", "--json").document["swept_after"] == []


@pytest.mark.parametrize("way", [(), ("--quick",)])
def test_the_time_and_the_bar_count_the_sweep_of_the_shooting_card(
    way: tuple[str, ...], tmp_path: Path, carrier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = camera_card(tmp_path / "s.img", 3)
    expected: list[list[Step]] = []
    monkeypatch.setattr(Bar, "expect", lambda _self, _pace, steps: expected.append(list(steps)))
    times: dict[str, list[float]] = {}
    for answer in ("--no-wipe", "--wipe"):
        taken = ("hide", "--from", camera, "--only", "all", "--in", carrier, "--remove", answer, "--yes", "--json")
        said = command(*taken, *way, *KEY, "--dry-run")
        times[answer] = said.document["seconds"]
    with open_card(camera) as card:
        free = int(card.free[:, 1].sum())
    (later,) = [step for step in expected[-1] if step.kind == "write" and step.card == 1]
    assert later.length_bytes > free, "what the frames free is swept too"
    assert [(step.key, step.card) for step in expected[-1]][-3:] == [
        ("work.remove", -1),
        ("work.write", 1),
        ("work.check", 1),
    ]
    assert not [step for step in expected[len(expected) // 2 - 1] if step.card == 1]


def test_what_the_passphrase_hid_on_the_shooting_card_is_not_swept_away_unsaid(tmp_path: Path, carrier: Path) -> None:
    camera = camera_card(tmp_path / "s.img", 6, delete=(1, 2, 3, 4))
    assert hide(roll(tmp_path / "r", megabytes=0.1), camera, label="").code == 0
    with open_card(camera, writable=True) as opened:  # a camera shoots on it: it looks no longer like a swept card
        writer, left = FreeWriter(opened), int(opened.free[:, 1].sum()) // 2
        for offset, length in opened.free.tolist():
            writer.write(offset, bytes(min(length, left)))
            left -= min(length, left)
        writer.flush()
    taken = (
        "hide",
        "--from",
        camera,
        "--only",
        "all",
        "--in",
        carrier,
        "--remove",
        "--wipe",
        "--yes",
        "--dry-run",
        *KEY,
    )
    said = command(*taken, "--json")
    assert (said.code, said.document["error"]) == (3, "remove.hidden_there")
    assert command(*taken, "--yes", "--dry-run", "--discard").code == 0
