"""Symbols are made beside the look at the cards, and not beside the derivation of keys: memory for one at a time."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from fifthfloor.tasks.floors import meanwhile
from fifthfloor.tasks.floors.hide import Begun, Intent
from fifthfloor.tasks.floors.meanwhile import Beginning

INTENT = cast(Intent, "intent")


class Steps:
    """Stands in for both passes; says when each was begun."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read, self.encoding, self.closed = threading.Event(), threading.Event(), threading.Event()
        self.feed = self
        monkeypatch.setattr(meanwhile, "first_pass", self._first_pass)
        monkeypatch.setattr(meanwhile, "begin", self._begin)

    def _first_pass(self, _intent: Intent, _progress: Any) -> str:
        self.read.set()
        return "archive"

    def _begin(self, _intent: Intent, archive: str) -> Begun:
        assert archive == "archive"
        self.encoding.set()
        return cast(Begun, self)

    def close(self) -> None:
        self.closed.set()


def test_symbols_wait_for_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    with Beginning(INTENT, after_keys=True) as beginning:
        made = beginning.start()
        assert steps.read.wait(10)
        assert not steps.encoding.wait(0.05)
        assert not made.done
        beginning.keys_are_there()
        assert made.result() is cast(Begun, steps)
    assert steps.closed.is_set()


def test_who_leaves_before_has_begun_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    with Beginning(INTENT, after_keys=True) as beginning:
        made = beginning.start()
        assert steps.read.wait(10)
    assert made.done
    assert not steps.encoding.is_set()


def test_without_keys_to_wait_for_they_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    with Beginning(INTENT) as beginning:
        beginning.start()
        assert steps.encoding.wait(10)
