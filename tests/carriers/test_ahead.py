"""What is made ahead comes in order, its error in its turn, and nobody is left waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from fifthfloor.carriers.ahead import Ahead


def test_items_come_in_order_and_the_next_is_made_meanwhile() -> None:
    made: list[int] = []
    third = threading.Event()

    def items() -> Iterator[int]:
        for number in range(6):
            made.append(number)
            if number == 2:
                third.set()
            yield number

    with Ahead(items()) as ahead:
        came = iter(ahead)
        assert next(came) == 0
        assert third.wait(10), "one is used, one waits, one is made"
        assert made == [0, 1, 2]
        assert list(came) == [1, 2, 3, 4, 5]


def test_an_error_comes_when_its_turn_has_come() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("gone")

    with Ahead(items()) as ahead:
        came = iter(ahead)
        assert next(came) == 1
        with pytest.raises(KeyError, match="gone"):
            next(came)


def test_leaving_early_ends_the_thread() -> None:
    ended = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield from range(1000)
        finally:
            ended.set()

    before = threading.active_count()
    with Ahead(items()) as ahead:
        assert next(iter(ahead)) == 0
    assert threading.active_count() == before
    del ahead
    assert ended.wait(10)
