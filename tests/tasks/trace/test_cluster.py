"""Many machines: a dask scheduler and its workers on loopback; workers killed, and a photograph that kills."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tests.outside import REPOSITORY
from tests.tasks.quick import command
from tests.tasks.trace.test_many import POISON, deadly, pictures
from tests.trace.scenes import jpeg, scene

from fifthfloor.engine.cluster import Cluster
from fifthfloor.errors import BadInput
from fifthfloor.tasks.trace.ingest import Added, SetAside, add, waiting


class PoisonedCluster(Cluster):
    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return super().submit(deadly, function, *arguments, **named)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a scheduler with two workers, and the process of the workers' keeper."""
    folder = tmp_path_factory.mktemp("cluster")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    url = f"tcp://127.0.0.1:{port}"
    environment = os.environ | {
        "PYTHONPATH": str(REPOSITORY),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        "DASK_TEMPORARY_DIRECTORY": str(folder),
    }
    begin = [sys.executable, "-m", "dask"]
    kept = ["--nworkers", "2", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
    started = [
        subprocess.Popen([*begin, *words], cwd=folder, env=environment, stderr=subprocess.DEVNULL)
        for words in (
            ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            ["worker", url, "--host", "127.0.0.1", *kept],
        )
    ]
    yield url, started[1].pid
    for process in reversed(started):
        process.terminate()
        process.wait(30)


def workers_of(keeper: int) -> list[int]:
    """Return the processes that work for a keeper: its children that are no tracker of resources."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            words = path.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if parent == keeper and b"spawn_main" in words:
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="workers are found in /proc")
def test_killed_workers_and_a_poisoned_photograph_lose_no_other(scheduler: tuple[str, int], tmp_path: Path) -> None:
    url, keeper = scheduler
    folder, mine = pictures(tmp_path / "pictures", 8), tmp_path / "ours"
    (folder / POISON).write_bytes(jpeg(scene(40, 240, 160)))
    killed, found = 0, []
    with PoisonedCluster(url) as executor:
        for one in add(waiting([folder], mine).files, mine, executor):
            found.append(one)
            if len(found) in (2, 5):
                for worker in workers_of(keeper)[:1]:
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
    assert killed == 2
    assert [one.path.name for one in found if isinstance(one, SetAside)] == [POISON]
    assert sum(isinstance(one, Added) and one.is_new for one in found) == 8
    assert waiting([folder], mine).done == 8
    said = command("trace", str(folder / "03.jpg"), "--archive", str(mine), "--cluster", url)
    assert said.code == 0, said


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("tcp://192.0.2.1:8786", "cluster.plain"),
        ("http://127.0.0.1:8786", "cluster.url"),
        ("tls://127.0.0.1", "cluster.url"),
        ("tcp://[::1", "cluster.url"),
    ],
)
def test_an_address_that_is_none_or_plain_is_refused(url: str, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        Cluster(url)
    assert refused.value.key == key


def test_a_scheduler_that_is_not_there_is_named() -> None:
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(BadInput) as refused:
        Cluster("tcp://127.0.0.1:9")
    assert refused.value.key == "cluster.silent"
