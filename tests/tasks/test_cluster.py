"""Many machines: a dask scheduler and its workers on loopback, killed, restarted and cut off, and inputs that kill."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tests.essay.protected import essay
from tests.redact.drawn import scene as drawn
from tests.redact.drawn import telling
from tests.tasks.cards_at_hand import exfat_card, fat32_card
from tests.tasks.clusters import Dask, Way
from tests.tasks.quick import command, seeded
from tests.tasks.trace.test_many import POISON, deadly, pictures
from tests.trace.scenes import jpeg, scene

import fifthfloor
from fifthfloor.engine import cluster as module
from fifthfloor.engine.cluster import Cluster
from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.tasks.people.photographs import Refused
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer
from fifthfloor.tasks.trace.ingest import Added, SetAside, add, waiting


class PoisonedCluster(Cluster):
    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return super().submit(deadly, function, *arguments, **named)


class SlowCluster(Cluster):
    """Leaves time for something to happen meanwhile."""

    at_once = 4

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return super().submit(slowly, function, *arguments, **named)


def slowly(function: Callable[[Any], Any], task: Any) -> Any:
    time.sleep(0.2)
    return function(task)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A scheduler with two workers."""
    with Dask(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def workers_of(keeper: int) -> list[int]:
    """Return the processes that work for a keeper: those it started, or copies of the one that waits in it."""
    found = dict[int, tuple[int, bytes]]()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            found[int(path.parent.name)] = parent, path.with_name("cmdline").read_bytes()
    below = {one: words for one, (parent, words) in found.items() if parent == keeper}
    started = [one for one, words in below.items() if b"spawn_main" in words]
    copies = [one for one, (parent, words) in found.items() if below.get(parent) == words and b"forkserver" in words]
    return sorted(started + copies)


def added_with(folder: Path, mine: Path, executor: Cluster, at_three: Callable[[], None]) -> int:
    """Add a folder, let something happen once three of it are there, and return how many were new."""
    new = 0
    for one in add(waiting([folder], mine).files, mine, executor):
        new += isinstance(one, Added) and one.is_new
        if new == 3:
            at_three()
    return new


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.skipif(sys.platform != "linux", reason="workers are found in /proc")
def test_killed_workers_and_a_poisoned_photograph_lose_no_other(dask: Dask, tmp_path: Path) -> None:
    folder, mine = pictures(tmp_path / "pictures", 8), tmp_path / "ours"
    (folder / POISON).write_bytes(jpeg(scene(40, 240, 160)))
    killed, found = 0, []
    with PoisonedCluster(dask.url) as executor:
        for one in add(waiting([folder], mine).files, mine, executor):
            found.append(one)
            if len(found) in (2, 5):
                for worker in workers_of(dask.keeper)[:1]:
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
    assert killed == 2
    assert [one.path.name for one in found if isinstance(one, SetAside)] == [POISON]
    assert sum(isinstance(one, Added) and one.is_new for one in found) == 8
    assert waiting([folder], mine).done == 8
    said = command("trace", str(folder / "03.jpg"), "--archive", str(mine), "--cluster", dask.url)
    assert said.code == 0, said


def protected(files: list[Path], out: Path, executor: Cluster | None, patch: pytest.MonkeyPatch) -> list[object]:
    """Protect with chance that is the same each time, in one process: what remains to differ is who found the faces."""
    patch.setattr("fifthfloor.tasks.secret.fresh_bytes", seeded(18))
    patch.setattr("fifthfloor.engine.cores", lambda: 1)
    intent = ProtectIntent(out, find_faces=True, suggest_writing=True)
    return list(protect(files, intent, Signer(SigningKey(bytes(range(32))), "story"), executor))


def test_protect_writes_what_it_writes_alone(dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for name, seed in (("1.jpg", 1), ("3.jpg", 3)):
        (given / name).write_bytes(telling(drawn(480, 320, seed=seed)))
    (given / "2.jpg").write_bytes(b"\xff\xd8\xff and no photograph")
    whole = [given / name for name in ("1.jpg", "2.jpg", "3.jpg")]
    alone = protected(whole, tmp_path / "alone", None, monkeypatch)
    with Cluster(dask.url) as executor:
        together = protected(whole, tmp_path / "together", executor, monkeypatch)
    assert contents(tmp_path / "alone") == contents(tmp_path / "together")
    assert together == alone
    assert [type(one) for one in alone] == [Protected, Refused, Protected]


def luggage(folder: Path) -> list[Path]:
    """Two cards, files, a folder and something that is not there."""
    folder.mkdir()
    photographs = pictures(folder / "photographs", 2)
    words = folder / "words.txt"
    words.write_text("nothing\n")
    cards = [fat32_card(folder / "1.img", files=3), exfat_card(folder / "2.img", files=3)]
    return [cards[0], words, photographs / "00.jpg", cards[1], photographs, folder / "gone"]


def test_audit_says_what_it_says_alone(dask: Dask, tmp_path: Path) -> None:
    paths = luggage(tmp_path / "luggage")
    alone, together = (command("audit", *paths, "--json", *more) for more in ([], ["--cluster", dask.url]))
    assert together.document == alone.document
    assert (together.code, together.err) == (alone.code, alone.err)
    assert len(alone.document["targets"]) == 5
    assert [one["path"] for one in alone.document["refused"]] == [str(paths[-1])]


def test_publish_makes_what_it_makes_alone(dask: Dask, tmp_path: Path) -> None:
    folder = essay(tmp_path / "the essay")
    assert command("publish", folder, "--out", tmp_path / "alone").code == 0
    said = command("publish", folder, "--out", tmp_path / "together", "--cluster", dask.url)
    assert said.code == 0, said
    assert contents(tmp_path / "together") == contents(tmp_path / "alone")


def test_a_scheduler_that_is_killed_loses_nothing_and_one_that_stays_away_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask.config

    monkeypatch.setattr(module, "_WATCH_S", 0.2)
    folder, mine, more = pictures(tmp_path / "pictures", 12), tmp_path / "ours", pictures(tmp_path / "more", 6)
    said: list[str] = []
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        Dask(tmp_path) as started,
        SlowCluster(started.url, lambda key, **_: said.append(key)) as executor,
    ):
        executor.at_once = 4
        assert added_with(folder, mine, executor, started.again) == waiting([folder], mine).done == 12
        assert "cluster.lost" in said
        adding = add(waiting([more], mine).files, mine, executor)
        assert isinstance(next(adding), Added)
        monkeypatch.setattr(module, "PATIENCE_S", 1)
        started.kill()
        with pytest.raises(BadInput) as refused:
            list(adding)
    assert refused.value.key == "cluster.gone"
    assert 1 <= waiting([more], mine).done < 6


def test_a_network_that_is_cut_loses_nothing(dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WATCH_S", 0.2)
    monkeypatch.setattr(module, "REPORT_S", 0.2)
    folder, mine = pictures(tmp_path / "pictures", 12), tmp_path / "ours"
    said: list[str] = []
    with (
        Way(dask.port) as way,
        SlowCluster(way.url, lambda key, **_: said.append(key)) as executor,
    ):
        executor.at_once = 4
        assert added_with(folder, mine, executor, way.cut_for_a_second) == waiting([folder], mine).done == 12
    assert {"cluster.lost", "cluster.standing"} <= set(said)


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
    import dask.config

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(BadInput) as refused:
        Cluster("tcp://127.0.0.1:9")
    assert refused.value.key == "cluster.silent"


def test_a_worker_with_another_version_is_named() -> None:
    assert module.as_here(fifthfloor.__version__, hashlib.sha256, b"").digest() == hashlib.sha256().digest()
    with pytest.raises(BadInput) as refused:
        module.as_here("0.0.9", hashlib.sha256, b"")
    assert refused.value.key == "cluster.version"
