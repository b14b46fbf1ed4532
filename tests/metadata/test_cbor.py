"""CBOR: the examples of RFC 8949, appendix A, and bytes that are none."""

from __future__ import annotations

import math
import random
import struct

import pytest

from fifthfloor.metadata.cbor import MAX_CBOR_ITEMS, CborError, CborValue, read_cbor

EXAMPLES: dict[str, CborValue] = {
    "00": 0,
    "17": 23,
    "1818": 24,
    "1b000000e8d4a51000": 1_000_000_000_000,
    "20": -1,
    "3903e7": -1000,
    "f93c00": 1.0,
    "fa47c35000": 100_000.0,
    "fb3ff199999999999a": 1.1,
    "f4": False,
    "f5": True,
    "f6": None,
    "f7": None,
    "c074323031332d30332d32315432303a30343a30305a": "2013-03-21T20:04:00Z",
    "c11a514b67b0": 1_363_896_240,
    "4401020304": b"\1\2\3\4",
    "60": "",
    "64f0908591": "\U00010151",
    "80": [],
    "8301820203820405": [1, [2, 3], [4, 5]],
    "a201020304": {"1": 2, "3": 4},
    "a26161016162820203": {"a": 1, "b": [2, 3]},
    "5f42010243030405ff": b"\1\2\3\4\5",
    "7f657374726561646d696e67ff": "streaming",
    "9fff": [],
    "9f018202039f0405ffff": [1, [2, 3], [4, 5]],
    "bf61610161629f0203ffff": {"a": 1, "b": [2, 3]},
    "a2616101616102": {"a": 1},
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_standard(example: str) -> None:
    assert read_cbor(bytes.fromhex(example)) == EXAMPLES[example]


def test_a_number_that_is_none() -> None:
    assert math.isnan(read_cbor(bytes.fromhex("f97e00")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "damaged",
    [
        "", "18", "1c00", "62c3", "62c328", "8201", "a161", "a16161", "9f01", "bf6161ff", "5f6161ff", "7f4161ff", "ff",
        "81ff", "0000", "1f", "df00", "c0", "9bffffffffffffffff", "5bffffffffffffffff00", "fb00",
    ],
)  # fmt: skip
def test_damage_is_said(damaged: str) -> None:
    with pytest.raises(CborError):
        read_cbor(bytes.fromhex(damaged))


@pytest.mark.parametrize("holder", [b"\x81", b"\x9f", b"\xc1", b"\xa1\x01", b"\x5f", b"\xd8\x20"])
def test_nesting_has_an_end(holder: bytes) -> None:
    with pytest.raises(CborError):
        read_cbor(holder * 100_000)


def test_items_are_counted() -> None:
    assert read_cbor(b"\x99" + struct.pack(">H", MAX_CBOR_ITEMS - 1) + bytes(MAX_CBOR_ITEMS - 1)) is not None
    with pytest.raises(CborError):
        read_cbor(b"\x99" + struct.pack(">H", MAX_CBOR_ITEMS) + bytes(MAX_CBOR_ITEMS))


def test_noise_is_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(8949)
    for _ in range(3000):
        noise = chance.randbytes(chance.randrange(40))
        for data in (noise, b"\xbf" + noise + b"\xff", b"\x9f\xa3" + noise):
            try:
                read_cbor(data)
            except CborError:
                continue
