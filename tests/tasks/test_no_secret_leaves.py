"""What is handed to others (`--cluster`): no key and nothing drawn; and inputs that kill whoever is given them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.essay.protected import essay
from tests.jpeg.pictures import jpeg
from tests.redact.drawn import scene, telling
from tests.statement.test_c2pa import newsroom
from tests.tasks.quick import seeded
from tests.tasks.trace.test_many import POISON, pictures

from fifthfloor.engine.many import InThisProcess, Workers
from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision
from fifthfloor.statement.c2pa import Newsroom
from fifthfloor.tasks.people.photographs import Refused
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer
from fifthfloor.tasks.search import audit as searching
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.site.publish import publish
from fifthfloor.tasks.site.published import Wanted
from fifthfloor.tasks.trace.ingest import Added, add, waiting
from fifthfloor.tasks.trace.trace import Traced, trace

KEY = bytes(range(100, 132))
LEAST_SECRET_BYTES = 8


@dataclass
class Seen(InThisProcess):
    """Does each task, and keeps what would have gone over the network: what was sent, and what came back."""

    sent: list[bytes] = field(default_factory=list)

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        self.sent.append(pickle.dumps((function, arguments, named)))
        told = super().submit(function, *arguments, **named)
        self.sent.append(pickle.dumps(told.result()))
        return told

    def holds(self, secret: bytes) -> bool:
        return any(secret in one for one in self.sent)


class Deadly(Workers):
    """Executes as `InThisProcess`, but what has POISON in it takes its worker along each time."""

    at_once = 2

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        if POISON not in str(arguments):
            return InThisProcess().submit(function, *arguments, **named)
        told: Future[Any] = Future()
        told.set_exception(BrokenExecutor())
        return told


@pytest.fixture(name="drawn")
def every_chance(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """All that is drawn while a test runs, in this one process."""
    drawn: list[bytes] = []
    chance = seeded(18)

    def draw(count: int) -> bytes:
        drawn.append(chance(count))
        return drawn[-1]

    monkeypatch.setattr("fifthfloor.tasks.secret.fresh_bytes", draw)
    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 1)
    return drawn


def photographs(folder: Path, *names: str) -> list[Path]:
    folder.mkdir()
    for seed, name in enumerate(names):
        (folder / name).write_bytes(telling(scene(320, 240, seed=seed)))
    return [folder / name for name in names]


def test_protect_gives_nobody_its_key_nor_what_it_draws(drawn: list[bytes], tmp_path: Path) -> None:
    certificate, key = newsroom()
    files = photographs(tmp_path / "in", "1.jpg", "2.jpg")
    decisions = {"1.jpg": Decision(hide=(Box(0, 0, 60, 60),))}
    intent = ProtectIntent(tmp_path / "out", False, decisions, newsroom=Newsroom(certificate, key))
    seen = Seen()
    done = list(protect(files, intent, Signer(SigningKey(KEY), "story"), seen))
    assert [type(one) for one in done] == [Protected, Protected]
    assert len(seen.sent) == 4
    assert seen.holds(files[0].name.encode())
    assert not seen.holds(KEY)
    assert not seen.holds(key.strip().splitlines()[1])
    secrets = [one for one in drawn if len(one) >= LEAST_SECRET_BYTES]
    assert len(secrets) > 10
    assert not [one for one in secrets if seen.holds(one)]


def test_publish_gives_nobody_the_key_of_the_newsroom(tmp_path: Path) -> None:
    certificate, key = newsroom()
    seen = Seen()
    folder = essay(tmp_path / "the essay", 1)
    wanted = Wanted(newsroom=Newsroom(certificate, key))
    publish([folder], tmp_path / "site", wanted, today=lambda: date(2026, 11, 22), executor=seen)
    assert len(seen.sent) == 2
    assert seen.holds((folder / "01-picture.jpg").read_bytes())
    assert not seen.holds(key.strip().splitlines()[1])


def test_what_is_added_traced_and_audited_can_be_sent(drawn: list[bytes], tmp_path: Path) -> None:
    folder, mine = pictures(tmp_path / "pictures", 2), tmp_path / "ours"
    seen = Seen()
    assert all(isinstance(one, Added) for one in add(waiting([folder], mine).files, mine, seen))
    assert all(isinstance(one, Traced) for one in trace([folder], mine, seen))
    assert audit([folder], None, executor=seen) == audit([folder], None)
    assert len(seen.sent) == 10
    assert not drawn


def test_a_poisoned_photograph_is_refused_and_the_others_are_protected(drawn: list[bytes], tmp_path: Path) -> None:
    files = photographs(tmp_path / "in", "1.jpg", POISON, "3.jpg")
    signer = Signer(SigningKey(KEY), "story")
    done = list(protect(files, ProtectIntent(tmp_path / "out", False), signer, Deadly()))
    assert [type(one) for one in done] == [Protected, Refused, Protected]
    assert [(one.path.name, one.key) for one in done if isinstance(one, Refused)] == [(POISON, "protect.killed")]
    assert drawn
    assert sorted(file.name for file in (tmp_path / "out").glob("*.jpg")) == ["1.jpg", "3.jpg"]


def test_a_poisoned_file_among_what_is_audited_is_named(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.txt", POISON, "b.txt")]
    for file in files:
        file.write_bytes(b"words\n")
    report = audit(files, None, executor=Deadly()).report
    assert [target.path for target in report.targets] == [str(files[0]), str(files[2])]
    assert [(one.path, one.error, one.facts) for one in report.refused] == [
        (str(files[1]), "audit.killed", {"count": 3})
    ]
    with pytest.raises(BadInput) as refused:
        audit(files[1:2], None, executor=Deadly())
    assert refused.value.key == "audit.killed"


def test_a_poisoned_photograph_of_an_essay_is_named_and_nothing_is_published(tmp_path: Path) -> None:
    folder = essay(tmp_path / "the essay", {"01-fine.jpg": jpeg(640, 424, seed=1), POISON: jpeg(640, 424, seed=2)})
    with pytest.raises(BadInput) as refused:
        publish([folder], tmp_path / "site", Wanted(), today=lambda: date(2026, 11, 22), executor=Deadly())
    assert (refused.value.key, refused.value.facts) == ("essay.killed", {"photo": POISON, "count": 3})
    assert not (tmp_path / "site").exists()
    publish([folder], tmp_path / "site", Wanted(), today=lambda: date(2026, 11, 22))  # the way out that is named
    assert (tmp_path / "site" / "index.html").exists()


def test_another_file_at_the_path_of_a_worker_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "not mounted"
    empty.mkdir()
    share = searching._Share((empty,), searching._rulebook(None), quick=False, several=False)
    marked = searching._marked(share)
    (seen,), _ = searching._look(marked)
    assert seen.target is not None
    (empty / "photograph.jpg").write_bytes(b"")
    (seen,), _ = searching._look(marked)
    assert (seen.target, seen.error and seen.error.key) == (None, "cluster.other_file")
