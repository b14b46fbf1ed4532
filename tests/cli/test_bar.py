"""The bar and the terminal: it moves whatever it waits for, its range holds, lines fit, colour never stands alone."""

from __future__ import annotations

import io
import itertools
import re
import time
from unittest import mock

import pytest

from fifthfloor.cli import terminal
from fifthfloor.cli.bar import Bar
from fifthfloor.tasks.floors.pace import Pace, Step, whole_time
from fifthfloor.words.form import span
from fifthfloor.words.lines.width import broken


class Screen(io.StringIO):
    """A terminal that remembers when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.times.append(time.monotonic())
        return super().write(text)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


MB = 1_000_000


def swept(pace: Pace, cards: int, free: int) -> list[Step]:
    del pace
    kinds = (("work.write", "write"), ("work.check", "read"))
    return [Step(key, kind, free, card) for card in range(cards) for key, kind in kinds]  # type: ignore[arg-type]


@pytest.mark.usefixtures("narrow")
def test_no_second_without_movement_and_no_line_too_long() -> None:
    screen = Screen()
    bar = Bar(screen)
    bar.expect(Pace([1e6, 1e6], 1e9), swept(Pace([], 1), 2, 10 * MB))
    begun = time.monotonic()
    with bar.step("work.write", 10 * MB):
        time.sleep(1.3)  # a card that says nothing
    moments = [begun, *screen.times, time.monotonic()]
    assert max(b - a for a, b in itertools.pairwise(moments)) < 1.0
    shown = re.split(r"[\r]", screen.getvalue())
    assert max(map(len, shown)) <= 59
    assert "card 1 of 2: writing" in screen.getvalue()
    assert shown[-1] == "", "the bar takes itself away"


def test_it_moves_between_steps_until_something_is_said_or_asked() -> None:
    screen = Screen()
    bar = Bar(screen)
    bar.wait()  # while libraries are loaded
    begun = time.monotonic()
    time.sleep(0.6)
    assert "starting |" in screen.getvalue()
    with bar.step("work.find", 0):
        pass
    time.sleep(0.9)
    moments = [begun, *screen.times, time.monotonic()]
    assert max(b - a for a, b in itertools.pairwise(moments)) < 0.8
    assert screen.getvalue().count("reading what was hidden before") >= 3
    with bar.aside():
        assert screen.getvalue().endswith("\r"), "the line is free"
        shown = len(screen.times)
        time.sleep(0.6)
        assert len(screen.times) == shown, "nobody draws over a question"
    time.sleep(0.4)
    assert len(screen.times) > shown, "and it goes on after it"
    bar.erase()
    shown = len(screen.times)
    time.sleep(0.4)
    assert len(screen.times) == shown


def test_the_share_never_goes_back_and_comes_near_the_end() -> None:
    screen, clock = Screen(), iter(range(10_000))
    bar = Bar(screen, clock=lambda: float(next(clock)))
    steps = swept(Pace([], 1), 3, 40 * MB)
    bar.expect(Pace([5e6] * 3, 1e9), steps)
    for step in steps:
        with bar.step(step.key, step.length_bytes) as advance:
            for _ in range(10):
                advance(4 * MB)
                bar._draw()
    shares = [int(found) for found in re.findall(r"(\d+) %", screen.getvalue())]
    assert shares == sorted(shares)
    assert shares[-1] >= 95


@pytest.mark.parametrize(("write", "read"), [(15 * MB, 40 * MB), (90 * MB, 90 * MB), (40 * MB, 80 * MB)])
def test_the_range_holds_before_and_narrows_once_the_card_writes(write: int, read: int) -> None:
    free = 2_000 * MB
    pace = Pace([read] * 3, 1e9)
    steps = swept(pace, 3, free)
    truth = 3 * (free / write + free / read)
    low, high = whole_time(pace, steps)
    assert low <= truth <= high
    pace.learn(steps[0], 200 * MB, 200 * MB / write)
    then_low, then_high = whole_time(pace, steps)
    assert then_low <= truth <= then_high
    assert then_high - then_low < 0.75 * (high - low)


def test_what_a_card_did_so_far_is_no_promise_either_way() -> None:
    pace, step = Pace([40 * MB], 1e9), Step("work.write", "write", 1_000 * MB, 0)
    pace.learn(step, 100 * MB, 5.0)  # 20 MB a second
    low, high = pace.seconds_of(step)
    assert low < 0.9 * 50
    assert high > 1.2 * 50


def test_nothing_is_shown_where_nobody_looks() -> None:
    silent = io.StringIO()
    with Bar(silent).step("work.write", 10) as advance:
        advance(10)
    assert silent.getvalue() == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.1, 0.6, "up to 1 s"), (4, 11.2, "4 to 12 s"), (70, 130, "1 to 3 min"), (3, 3, "3 s"), (9_000, 2e4, "2 to 6 h")],
)  # fmt: skip
def test_a_time_is_a_range(low: float, high: float, said: str) -> None:
    assert span(low, high) == said


def test_lines_are_broken_at_words_and_paths_stay_whole() -> None:
    path = "/dev/disk/by-id/usb-SanDisk_Ultra_4C530001161122113344-0:0"
    lines = broken(f"  all free space is rewritten on {path} and nothing else is touched", 40)
    assert path in [line.strip() for line in lines]
    assert all(line.startswith("  ") for line in lines)
    assert broken("short", 40) == broken("short", None) == ["short"]


def test_colour_obeys_and_never_says_anything_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert terminal.has_colour(Screen())
    assert not terminal.has_colour(io.StringIO())
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with mock.patch.dict("os.environ", {name: value}):
            assert not terminal.has_colour(Screen())
