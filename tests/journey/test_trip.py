"""The journey: what it says has happened, whatever photographs it is given, and it deletes nothing of anybody's."""

from __future__ import annotations

import functools
import json
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from tests.carriers.covers_made import roll_of

from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput
from fifthfloor.tasks.progress import silent
from fifthfloor_theatre.journey import props, trip
from fifthfloor_theatre.journey.carried import carry_note
from fifthfloor_theatre.journey.maps import CardMap
from fifthfloor_theatre.journey.scenes import roll
from fifthfloor_theatre.journey.teller import Teller

COUNTS = re.compile(r"\b\d+ of \d+\b")


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn photographs that are quick to make, and cards that are quick to sweep."""
    monkeypatch.setattr(props, "roll", functools.partial(roll, size_px=(96, 64)))
    monkeypatch.setattr(props, "_SMALLEST_CARD_BYTES", 72 << 20)  # the least for clusters of 1 KiB


class Listener:
    """Hears the story."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.maps: list[CardMap] = []

    @property
    def teller(self) -> Teller:
        return Teller(self.lines.append, self.maps.append, silent)


def given(folder: Path, sizes: dict[str, int]) -> Path:
    """Write files of chance."""
    for name, size in sizes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(random.Random(name).randbytes(size))
    return folder


def visible(card: Path) -> set[str]:
    with open_card(card) as opened:
        return {file.path for file in opened.files() if not file.is_directory}


@pytest.mark.real_kdf
@pytest.mark.usefixtures("small_pictures")
def test_the_road_as_it_is_drawn(tmp_path: Path) -> None:
    listener, stage = Listener(), props.set_stage(tmp_path, None)
    assert (stage.count, len(stage.today)) == (54, 10), "nine frames, one of them with a sidecar"
    before = visible(stage.shooting)
    _, left, back = trip.until_back(stage, listener.teller, drawn=True)
    assert trip.came_back(stage, Counter(back.values())) == 54
    assert [card.name for card in left] == ["card-1.img", "card-3.img"]
    # What was on the camera's card is there no more, but for what anybody may see.
    assert before - visible(stage.shooting) == set(stage.today)
    assert len(visible(stage.shooting)) == props.VISIBLE_FRAMES
    told = "\n".join(listener.lines)
    assert "delete IMG_0086.JPG in the camera. In the hotel it comes back whole" in told
    assert "8 frames IMG_0087 to IMG_0094" in told
    assert "At noon: do not cross with this." in told
    assert "After `tidy`: do not cross with this, because 1 deleted photograph" in told
    assert "After `wipe`: be ready to explain." in told
    assert [len(listener.maps), {run.kind for run in listener.maps[0].runs}] == [
        5,
        {"visible", "random", "hidden", "decoy"},
    ]
    assert {run.kind for run in listener.maps[3].runs} >= {"damaged", "visible", "hidden", "decoy"}
    for name in ("1-hidden", "2-after-the-border"):
        with Image.open(tmp_path / "maps" / f"{name}.png") as picture:
            assert picture.width > 900


@pytest.mark.real_kdf
@pytest.mark.usefixtures("small_pictures")
@pytest.mark.parametrize(
    ("sizes", "photographs", "today"),
    [
        ({"notes.txt": 10}, 1, 0),
        ({"a/IMG_1.JPG": 90_000, "b/IMG_1.JPG": 90_000, "b/IMG_1.XMP": 30, "é, #1.jpeg": 1, "raw.NEF": 0}, 4, 1),
    ],
)
def test_any_files_may_be_given(sizes: dict[str, int], photographs: int, today: int, tmp_path: Path) -> None:
    listener, stage = Listener(), props.set_stage(tmp_path / "out", given(tmp_path / "in", sizes))
    assert (stage.count, len(stage.today)) == (photographs, today)
    _, _, back = trip.until_back(stage, listener.teller, drawn=False)
    assert trip.came_back(stage, Counter(back.values())) == photographs
    assert len(list((tmp_path / "in").rglob("*.*"))) == len(sizes), "what was given is only read"


@pytest.mark.usefixtures("small_pictures")
@pytest.mark.parametrize("sizes", [{}, {"only.xmp": 5}])
def test_a_folder_without_photographs_is_named(sizes: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(BadInput) as caught:
        props.set_stage(tmp_path / "out", given(tmp_path / "in", sizes))
    assert caught.value.key == "journey.empty"


def test_a_note_goes_home_inside_photographs_of_ones_own(tmp_path: Path) -> None:
    """Only where they pass as covers; drawn ones, and small ones, do not, and that is said."""
    listener = Listener()
    for name, count, carried in (("enough", 13, True), ("few", 2, False)):
        photographs = roll_of(tmp_path / name / "photographs", count)
        (photographs / "drawn.jpg").write_bytes(b"no photograph")
        stage = replace(stage_with({}), folder=tmp_path / name, photographs=photographs)
        assert carry_note(stage, listener.teller) == carried
    assert sum("goes home inside 12 photographs" in line for line in listener.lines) == 1
    assert sum("No note goes home inside these photographs: the 2 photographs" in line for line in listener.lines) == 1


def stage_with(hashes: dict[str, str]) -> props.Stage:
    nowhere = Path("nowhere")
    return props.Stage(nowhere, nowhere, (), nowhere, (), nowhere, tuple(hashes.items()), {})


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (["1", "1", "2", "x"], 3),
        (["1", "2", "x"], 2),
        (["1", "1", "3", "x"], 2),
        (["1", "1", "2"], 2),
        (["1", "1", "2", "x", "stranger"], 2),
        ([], 0),
    ],
)
def test_what_came_back_is_counted_strictly(found: list[str], same: int) -> None:
    stage = stage_with({"a.jpg": "1", "copy of a.jpg": "1", "b.jpg": "2", "b.xmp": "x"})
    assert trip.came_back(stage, Counter(found)) == same


def test_folders_that_no_journey_made_are_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "photographs" / "wedding.jpg"
    letter.parent.mkdir()
    letter.write_bytes(b"mine")
    with pytest.raises(BadInput) as caught:
        props.set_stage(tmp_path, None)
    assert caught.value.key == "journey.not_ours"
    assert letter.read_bytes() == b"mine"


@pytest.mark.real_kdf
def test_the_whole_journey_is_one_document_and_one_essay(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for file in roll(["square", "lift-panel"], 5, props.STARTED, sidecar_every=2, size_px=(480, 320)):
        (photos / file.name).write_bytes(file.content)
    out = tmp_path / "out"
    (out / "mine").mkdir(parents=True)
    (out / "mine" / "index.html").write_text("mine")
    command = [sys.executable, "-m", "fifthfloor", "journey", "--json", "--photos", str(photos), "--out", str(out)]
    refused = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (refused.returncode, json.loads(refused.stdout)["error"]) == (2, "cli.would_ask")
    done = subprocess.run([*command, "--yes"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["photographs"], document["came_back"], document["decoy"]) == (5, 5, props.DECOY_FRAMES)
    (line,) = [line for line in done.stderr.splitlines() if "photographs came back" in line]
    assert COUNTS.findall(line) == ["5 of 5"]
    assert (out / "mine" / "index.html").read_text() == "mine"
    assert [page.relative_to(out).as_posix() for page in (out / "essay").rglob("index.html")] == ["essay/index.html"]
    assert document["essay"] == str(out / "essay" / "index.html")
    assert "essay/index.html" in done.stderr
    page = (out / "essay" / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<figure\b", page)) >= 14
    assert "still verifies" in done.stderr
    assert "refuses the original" in done.stderr
