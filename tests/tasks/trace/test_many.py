"""Many photographs at once: workers that are killed, and photographs that kill them; every other one is there, once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.trace.scenes import jpeg, scene

from fifthfloor.engine.many import Lost, Processes, WorkerDied, Workers, each
from fifthfloor.errors import BadInput
from fifthfloor.tasks.trace.ingest import Added, SetAside, add, waiting
from fifthfloor.tasks.trace.trace import Traced, Untraced, trace

POISON = "poison.jpg"


class Poisoned(Processes):
    """Processes in which the photograph of that name kills whoever looks at it."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return super().submit(deadly, function, *arguments, **named)


def deadly(function: Callable[[Any], Any], task: Any) -> Any:
    if POISON in str(task):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return function(task)


def doubled(number: int) -> int:
    return 2 * number


def pictures(folder: Path, count: int) -> Path:
    folder.mkdir()
    for seed in range(count):
        (folder / f"{seed:02}.jpg").write_bytes(jpeg(scene(seed, 240, 160)))
    return folder


def kill_one() -> None:
    for child in multiprocessing.active_children():
        child.kill()
        return


def test_a_photograph_that_kills_is_named_after_three_tries_and_all_others_are_there_once(tmp_path: Path) -> None:
    folder, mine = pictures(tmp_path / "pictures", 8), tmp_path / "ours"
    (folder / POISON).write_bytes(jpeg(scene(40, 240, 160)))
    killed = 0
    with Poisoned(2) as executor:
        found = []
        for one in add(waiting([folder], mine).files, mine, executor):
            found.append(one)
            if len(found) % 3 == 0:
                kill_one()
                killed += 1
        pages = list(trace([folder / "03.jpg", folder / POISON], mine, executor))
    assert killed == 3
    aside = [one for one in found if isinstance(one, SetAside)]
    assert [(one.path.name, one.key, one.facts) for one in aside] == [(POISON, "trace.poisoned", {"count": 3})]
    assert sum(isinstance(one, Added) and one.is_new for one in found) == 8
    with sqlite3.connect(mine / "archive.sqlite") as database:
        placed = database.execute("SELECT path, number FROM place ORDER BY path").fetchall()
        numbers = database.execute("SELECT number FROM photograph ORDER BY number").fetchall()
    assert [Path(path).name for path, _ in placed] == [f"{seed:02}.jpg" for seed in range(8)]
    assert sorted(number for _, number in placed) == [number for (number,) in numbers] == list(range(8))
    again = waiting([folder], mine)
    assert (again.files, again.done, again.aside) == ((), 8, tuple(aside))
    first, second = pages
    assert isinstance(first, Traced)
    assert [Path(place).name for place in first.same_file] == ["03.jpg"]
    assert isinstance(second, Untraced)
    assert (second.key, second.facts) == ("trace.poisoned", {"count": 3})


def test_any_executor_will_do_and_results_come_in_order() -> None:
    with ThreadPoolExecutor(3) as executor:
        assert list(each(doubled, range(20), executor)) == list(range(0, 40, 2))
        begun = each(doubled, iter(range(1_000_000)), executor)
        assert next(begun) == 0
        begun.close()


def test_what_a_task_raises_is_raised() -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="invalid literal"):
        list(each(int, ["12", "nothing"], executor))


def test_a_lost_task_is_returned_whole() -> None:
    with Poisoned(1) as executor:
        assert list(each(len, ["ab", POISON, "abc"], executor)) == [2, Lost(POISON, 3), 3]


@dataclass
class Preempted(Workers):
    """Workers of which the first so many are taken away, whatever they do, or only where they do something."""

    taken: int
    also_idle: bool = True
    tasks: int = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        del named
        told: Future[Any] = Future()
        idle = function is time.sleep
        if self.taken > 0 and (self.also_idle or not idle):
            self.taken -= 1
            told.set_exception(WorkerDied("taken away", 2))
        else:
            told.set_result(None if idle else function(*arguments))
        self.tasks += not idle
        return told


def test_a_task_is_not_blamed_for_workers_that_die_idle_and_that_ends() -> None:
    assert list(each(doubled, [4], Preempted(7))) == [8]
    assert list(each(doubled, [4], Preempted(100, also_idle=False))) == [Lost(4, 3)]
    taken = Preempted(100)
    with pytest.raises(BadInput) as refused:
        list(each(doubled, [4], taken))
    assert refused.value.key == "cluster.workers_die"
    assert taken.tasks == 7


def test_what_killed_the_workers_of_a_cluster_is_tried_again_by_this_machine(tmp_path: Path) -> None:
    folder, mine = pictures(tmp_path / "pictures", 1), tmp_path / "ours"
    cluster = Preempted(4, also_idle=False)
    cluster.is_here = False
    (aside,) = add(waiting([folder], mine).files, mine, cluster)
    assert isinstance(aside, SetAside)
    assert aside.key == "trace.poisoned_there"
    again = waiting([folder], mine, is_here=False)
    assert (again.files, again.aside) == ((), (aside,))
    (added,) = add(waiting([folder], mine).files, mine)
    assert isinstance(added, Added)
    assert waiting([folder], mine).done == 1


def test_a_worker_that_starts_again_imports_no_more_than_it_needs() -> None:
    line = (
        "import sys, fifthfloor.tasks.trace.added_photo; print({'numba', 'sqlite3', 'distributed'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
