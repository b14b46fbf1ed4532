"""A cluster's workers stand in another folder: they find what a relative path means, and call it as given."""

from __future__ import annotations

import contextlib
import pickle
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tests.outside import REPOSITORY
from tests.redact.drawn import scene as drawn
from tests.redact.drawn import telling
from tests.tasks.cards_at_hand import fat32_card
from tests.tasks.trace.test_many import pictures

from fifthfloor.engine.many import InThisProcess
from fifthfloor.identity import SigningKey
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.trace.ingest import Added, add, waiting
from fifthfloor.tasks.trace.trace import Traced, trace


class Elsewhere(InThisProcess):
    """A worker that stands in another folder, and gets what a network carries."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        carried = pickle.loads(pickle.dumps((function, arguments, named)))
        with contextlib.chdir(REPOSITORY):
            return super().submit(carried[0], *carried[1], **carried[2])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_archive_and_trace() -> None:
    pictures(Path("pictures"), 2)
    mine = Path("ours")
    added = list(add(waiting([Path("pictures")], mine).files, mine, Elsewhere()))
    assert [type(one) for one in added] == [Added, Added]
    found = list(trace([Path("pictures"), Path("pictures/01.jpg")], mine, Elsewhere()))
    assert found == list(trace([Path("pictures"), Path("pictures/01.jpg")], mine))
    assert [one.name for one in found if isinstance(one, Traced) and one.same_file] == [
        "pictures/00.jpg",
        "pictures/01.jpg",
        "pictures/01.jpg",
    ]


def test_protect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 1)
    Path("given").mkdir()
    Path("given/1.jpg").write_bytes(telling(drawn(240, 160)))
    signer = Signer(SigningKey(bytes(range(32))), "story")
    done = list(protect([Path("given")], ProtectIntent(Path("out"), find_faces=False), signer, Elsewhere()))
    assert [(type(one), one.path) for one in done if isinstance(one, Protected)] == [(Protected, Path("given/1.jpg"))]
    assert Path("out/1.jpg").is_file()


def test_audit_calls_things_as_they_were_given() -> None:
    photograph = pictures(Path("pictures"), 2) / "00.jpg"
    shutil.copy(photograph, "alone.jpg")
    given = [fat32_card(Path("1.img"), files=1), Path("alone.jpg"), Path("pictures")]
    together = audit(given, None, executor=Elsewhere())
    assert together == audit(given, None)
    assert [one.path for one in together.report.targets] == ["1.img", "alone.jpg", "pictures"]
