"""Photographs in a store that speaks S3 (moto's, on loopback) and in memory: each one record, read within bounds."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fsspec
import pytest
from tests.tasks.clusters import Dask
from tests.tasks.quick import command
from tests.trace.scenes import jpeg, scene

from fifthfloor.engine.many import InThisProcess
from fifthfloor.errors import BadInput
from fifthfloor.tasks.trace import remote
from fifthfloor.tasks.trace.ingest import Added, SetAside, add, waiting
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.store_places import Remote, place_of

SECRET = "a-secret-of-the-store"
# It takes its port itself: one that was free a moment ago may be another worker's by now.
_SERVER = """if True:
    import sys
    from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module", autouse=True)
def store() -> Iterator[Any]:
    """A store on loopback with one bucket, told by the environment alone."""
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _SERVER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout
    url = f"http://127.0.0.1:{int(server.stdout.readline())}"
    told = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in told.items():
                patch.setenv(name, value)
            # The one of an earlier server, which this process may have had, is at that one's port.
            fsspec.get_filesystem_class("s3").clear_instance_cache()
            found = fsspec.filesystem("s3", use_listings_cache=False)
            found.mkdir("photographs")
            yield found
    finally:
        server.kill()
        server.communicate()


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.tasks.workers.Processes", InThisProcess)


def names(mine: Path) -> list[str]:
    with Store(mine) as archive:
        return sorted(place for number in range(archive.count) for place in archive.known(number).places)


def test_photographs_of_a_store_are_hashed_and_recorded_once(store: Any, tmp_path: Path) -> None:
    mine, on_disk = tmp_path / "ours", tmp_path / "disk"
    on_disk.mkdir()
    for key, seed in (("2026/a.jpg", 1), ("2026/b #1 ?*.jpg", 2), ("2026/in/a copy of a.jpg", 1)):
        store.pipe(f"photographs/{key}", jpeg(scene(seed, 240, 160)))
    (on_disk / "a.jpg").write_bytes(jpeg(scene(1, 240, 160)))
    store.pipe("photographs/2026/words.txt", b"nothing")
    given = ("archive", "add", "s3://photographs/2026", on_disk, "--archive", mine, "--json")
    said = command(*given)
    assert said.code == 0, said
    assert (said.document["new"], said.document["copies"], said.document["aside"]) == (2, 2, [])
    begin = "s3://photographs/2026/"
    inside = [f"{begin}{name}" for name in ("a.jpg", "b #1 ?*.jpg", "in/a copy of a.jpg")]
    assert names(mine) == sorted([*inside, str(on_disk / "a.jpg")])
    again = command(*given).document
    assert (again["new"], again["copies"], again["known"]) == (0, 0, 4)
    store.pipe("photographs/2026/a.jpg", jpeg(scene(3, 240, 160)))
    changed = command(*given).document
    assert (changed["new"], changed["known"]) == (1, 3)
    assert SECRET.encode() not in (mine / "archive.sqlite").read_bytes()
    found = command("trace", "s3://photographs/2026/in", "--archive", mine, "--json").document["pictures"]
    assert [(one["name"], len(one["same_file"])) for one in found] == [(f"{begin}in/a copy of a.jpg", 2)]


def test_a_folder_without_a_name_is_walked_too(store: Any, tmp_path: Path) -> None:
    keys = [f"odd/{key}" for key in ("1.jpg", "/2.jpg", "//3.jpg", "/in/4.jpg")]
    for seed, key in enumerate(keys):
        store.pipe_file(f"photographs/{key}", jpeg(scene(30 + seed, 240, 160)))
    said = command("archive", "add", "s3://photographs/odd", "--archive", tmp_path / "ours", "--json")
    assert (said.code, said.document["new"]) == (0, 4)
    assert names(tmp_path / "ours") == sorted(f"s3://photographs/{key}" for key in keys)


def test_workers_of_a_cluster_ask_the_store_themselves(store: Any, tmp_path: Path) -> None:
    """The environment of the workers says which store, and who asks; the command hands them addresses alone."""
    for seed in range(6):
        store.pipe(f"photographs/many/{seed}.jpg", jpeg(scene(20 + seed, 240, 160)))
    with Dask(tmp_path) as dask, pytest.MonkeyPatch.context() as patch:
        patch.setattr("fifthfloor.tasks.trace.added_photo.read_place", None)  # nothing is looked at in this process
        given = ("archive", "add", "s3://photographs/many", "--archive", tmp_path / "ours", "--json")
        said = command(*given, "--cluster", dask.url)
    assert said.code == 0, said
    assert (said.document["new"], said.document["aside"]) == (6, [])
    assert names(tmp_path / "ours") == [f"s3://photographs/many/{seed}.jpg" for seed in range(6)]


def test_what_a_store_cannot_give_is_named_and_stops_nothing(store: Any, tmp_path: Path) -> None:
    store.pipe("photographs/bad/1.jpg", jpeg(scene(1, 240, 160)))
    store.pipe("photographs/bad/2.jpg", b"\xff\xd8\xff")
    store.pipe("photographs/bad/3.jpg", b"")
    store.pipe("photographs/bad/4.jpg", jpeg(scene(4, 240, 160)))
    store.pipe("photographs/bad/4.jpg.statement.json", b"{}")
    mine, folder = tmp_path / "ours", Remote("s3://photographs/bad")
    files = waiting([folder], mine).files
    store.rm("photographs/bad/1.jpg")
    done = list(add(files, mine))
    assert not [one for one in done if isinstance(one, Added)]
    keys = [one.key for one in done if isinstance(one, SetAside)]
    assert keys[0] == "files.missing"
    assert len(waiting([folder], mine).aside) == 3
    store.rm("photographs/bad/4.jpg.statement.json")
    assert [str(file) for file in waiting([folder], mine).files] == [f"{folder}/4.jpg"]
    for limit_bytes in (1, 2):
        with pytest.raises(BadInput) as refused:
            remote.read_at(Remote(f"{folder}/2.jpg"), limit_bytes)
        assert refused.value.key == "files.too_large"
    for address, key in (("s3://photographs/gone", "files.missing"), ("s3://no-such-bucket/x", "files.missing")):
        said = command("archive", "add", address, "--archive", mine, "--json")
        assert (said.code, said.document["error"]) == (3, key)


def test_a_length_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/lying/1.jpg", bytes(1000))
    truth = memory.info("/lying/1.jpg")
    monkeypatch.setattr(type(memory), "info", lambda *_, **__: truth | {"size": 10})
    with pytest.raises(BadInput) as refused:
        remote.read_at(Remote("memory://lying/1.jpg"), 100)
    assert refused.value.key == "files.too_large"


def test_photographs_in_memory_are_taken_by_any_executor(tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(Remote("memory://roll"))) == Remote("memory://roll")
    memory = fsspec.filesystem("memory")
    for seed in range(3):
        memory.pipe(f"/roll/{seed}.jpg", jpeg(scene(seed, 240, 160)))
    mine, folder = tmp_path / "ours", Remote("memory://roll")
    with ThreadPoolExecutor(2) as executor:
        done = list(add(waiting([folder], mine).files, mine, executor))
    assert [isinstance(one, Added) and one.is_new for one in done] == [True] * 3
    assert (waiting([folder], mine).files, waiting([folder], mine).done) == ((), 3)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("http://example.org/a.jpg", "stores.protocol"),
        ("file:///etc", "stores.protocol"),
        ("simplecache::s3://photographs", "stores.protocol"),
        ("s3://somebody:secret@photographs/a", "stores.password"),
    ],
)
def test_an_address_that_is_not_taken_is_refused(given: str, key: str, tmp_path: Path) -> None:
    said = command("archive", "add", given, "--archive", tmp_path / "ours", "--json")
    assert (said.code, said.document["error"]) == (3, key)
    assert "somebody" not in said.out


def test_a_plain_store_on_a_network_is_refused_and_paths_stay_paths() -> None:
    with pytest.raises(BadInput) as refused:
        remote._refuse_plain("http://192.0.2.1:9000")
    assert refused.value.key == "stores.plain"
    remote._refuse_plain("https://s3.example.org")
    assert place_of("s3:/photographs") == Path("s3:/photographs")
    assert place_of(os.fspath(Path("a") / "b.jpg")) == Path("a/b.jpg")
