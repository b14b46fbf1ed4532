"""Fixtures of the floor's tests."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from unittest import mock

import pytest
from tests.tasks.memory_cards import ONE_DAY
from tests.tasks.quick import quick_kdf, seeded_chance
from tests.tasks.recording import reader
from tests.tasks.writes import write_log

from fifthfloor.tasks.floors import hide, quick

__all__ = ["quick_kdf", "reader", "seeded_chance", "write_log"]


class _OneDay(datetime.date):
    """Every day is the same."""

    @classmethod
    def today(cls) -> _OneDay:
        return cls.fromtimestamp(ONE_DAY)


@pytest.fixture(scope="module", autouse=True)
def hidden_on_one_day() -> Iterator[None]:
    """A floor says when it was hidden, and its bytes are drawn from what it says: else each run judges other ones.

    A 99 % interval misses the truth once in a hundred; with a dozen of them some run is red of itself.
    """
    with mock.patch.object(hide, "date", _OneDay), mock.patch.object(quick, "date", _OneDay):
        yield
