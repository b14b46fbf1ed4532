"""Every vector of `spec/vectors/roll`, read by the package and by the words of spec/roll-carrier.md alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.carriers.test_roll import by_the_spec
from tools.vectors import roll
from tools.vectors.build import Vector, keys, parse

from fifthfloor.carriers.roll.covers import cover_of
from fifthfloor.carriers.roll.embedding import extract
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher


def load(name: str) -> Vector:
    return parse((roll.OUT / name).read_text(encoding="ascii"))


def keys_of(vector: Vector) -> FloorKeys:
    return keys(json.loads(vector.head["passphrase"]), json.loads(vector.head["label"]))


STORED = sorted(path.name for path in Path(roll.OUT).iterdir())


def of(outcome: str) -> list[str]:
    return [name for name in STORED if load(name).expect == outcome]


@pytest.mark.parametrize("name", of("order"))
def test_orders(name: str) -> None:
    vector = load(name)
    assert keys_of(vector).roll.hex() == vector.head["roll_key"]
    assert roll.order(int(vector.head["blocks"])) == vector


@pytest.mark.parametrize("name", of("ladder"))
def test_ladders(name: str) -> None:
    vector = load(name)
    assert roll.ladder(int(vector.head["blocks"])) == vector


@pytest.mark.parametrize("name", of("slots"))
def test_photographs(name: str) -> None:
    vector = load(name)
    (_, data), *rest = vector.body
    slots, mine = [slot for _, slot in rest], keys_of(vector)
    cover = cover_of(data)
    assert cover.fingerprint.hex() == vector.head["fingerprint"]
    assert extract(cover, SlotCipher(mine), mine) == slots
    count = int(vector.head["count"])
    rows = int(vector.head.get("rows", "12"))
    assert [by_the_spec(data, count, number, mine.roll, rows) for number in range(count)] == slots


@pytest.mark.parametrize("name", of("nothing"))
def test_another_passphrase_finds_nothing(name: str) -> None:
    vector = load(name)
    mine = keys_of(vector)
    (_, data), *_ = load(vector.head["photograph"]).body
    assert extract(cover_of(data), SlotCipher(mine), mine) == []


def test_every_case_is_there() -> None:
    assert {load(name).expect for name in STORED} == {"order", "ladder", "slots", "nothing"}
