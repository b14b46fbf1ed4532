"""`tools/rescue.py` reads what it should of slots and floors of every version, and rejects what the format rejects."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tools.vectors.build import (
    CONTENT_KEY,
    FLOOR_ID,
    HEADER_2_BYTES,
    LABEL,
    PASSPHRASE,
    archive,
    chance,
    dealt_2,
    encrypted,
    keys,
    sealed,
    tar,
)

from fifthfloor.floor.header import SlotHeader, Terms, expand
from fifthfloor.floor.roll_floor import card_symbols
from fifthfloor.floor.shards import encode, solve
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import FINE_SYMBOL_BYTES, SYMBOL_BYTES, SlotCipher
from fifthfloor.floor.veil import Veil
from tools import rescue

BITS = 14
MANY = (("a.jpg", chance("a")(70_000)), ("b.jpg", chance("b")(30_000)))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("KDF_KIB", 64), ("KDF_PASSES", 1), ("KDF_LANES", 1)):
        monkeypatch.setattr(rescue, name, value)


def coarse(*, veiled: bool) -> list[list[bytes]]:
    """A floor of version 2 or 4 in two groups on three cards, any two of which open it; slots of each card."""
    plain = archive(tar(files=MANY))
    terms = Terms(3, 2, BITS, 2, len(plain) // SYMBOL_BYTES, 0, 1)
    numbers = {x: [(g, 100 * x + n) for g in range(2) for n in range(4)] for x in (9, 4, 200)}
    return list(dealt_2(plain, terms, numbers, veiled=veiled).values())


def fine(*, veiled: bool) -> list[list[bytes]]:
    """The same of version 3 or 5, whose symbols have 880 bytes, eighteen to a slot."""
    plain = archive(tar(files=MANY)).rstrip(b"\0")
    plain += bytes(-len(plain) % FINE_SYMBOL_BYTES)
    symbols, whole = len(plain) // FINE_SYMBOL_BYTES, encrypted(plain)
    at = (9, 4, 200)
    shares, veil = split(CONTENT_KEY, 2, 3, chance("shares"), at), Veil(CONTENT_KEY) if veiled else None
    half = -(-symbols // 2)
    groups = [solve(part, FINE_SYMBOL_BYTES) for part in (whole[: half * FINE_SYMBOL_BYTES], whole[half * FINE_SYMBOL_BYTES :])]  # noqa: E501  # fmt: skip
    cards: list[list[bytes]] = []
    for card, (x, share) in enumerate(zip(at, shares, strict=True)):
        terms = Terms(3, 2, BITS, 2, symbols, 3 * card, 3).seal(CONTENT_KEY, x)
        header = SlotHeader(x, FLOOR_ID, 0, 0, share, terms, fine=True, veiled=veiled)
        cards.append([])
        for group, solved in enumerate(groups):
            for number in range(3 * card, 3 * card + 3):
                head = SlotHeader(x, FLOOR_ID, group, number, share, header.terms, fine=True, veiled=veiled).pack()
                symbol = bytes(card_symbols(solved, veil, group, number))
                cards[-1].append(sealed(head, symbol, seed=f"{x} {group} {number}"))
    return cards


def written(folder: Path, cards: Sequence[Sequence[bytes]]) -> list[Path]:
    paths = [folder / f"{number}.img" for number in range(len(cards))]
    for path, slots in zip(paths, cards, strict=True):
        path.write_bytes(bytes(512) + b"".join(slots))
    return paths


def opens(folder: Path, cards: Sequence[Sequence[bytes]]) -> int:
    return rescue.rescue(PASSPHRASE, LABEL, folder / "out", written(folder, cards))


FLOORS = {2: (coarse, False), 3: (fine, False), 4: (coarse, True), 5: (fine, True)}


@pytest.mark.parametrize("version", FLOORS)
def test_floors_of_every_version_come_back_from_two_cards(version: int, tmp_path: Path) -> None:
    made, veiled = FLOORS[version]
    cards = made(veiled=veiled)
    assert rescue.Slots([image(cards[0][0])], *rescue.derive(PASSPHRASE, LABEL)).open(0, 0)[0].version == version  # type: ignore[index]
    assert opens(tmp_path, cards[1:]) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == dict(MANY)


def image(data: bytes) -> BinaryIO:
    return cast(BinaryIO, io.BytesIO(data))


def opened(header: bytes) -> tuple[object, object]:
    """What both readers make of a slot with this header, and the hint that it would have in version 2."""
    hint = header[4:7] + (5 << 20 | 11).to_bytes(5, "big")
    slot = sealed(header, bytes(SYMBOL_BYTES), hint=hint)
    return rescue.Slots([image(slot)], *rescue.derive(PASSPHRASE, LABEL)).open(0, 0), SlotCipher(keys()).open(slot)


@pytest.mark.parametrize("version", [0, 6, 7, 255])
def test_a_slot_of_a_version_there_is_not_is_none(version: int) -> None:
    assert None not in opened(HEADER_2_BYTES)
    assert opened(bytes([version]) + HEADER_2_BYTES[1:]) == (None, None)


def test_a_group_that_would_run_into_the_floor_id_is_none() -> None:
    """The hint's three parts are laid over one another: with this floor id a group of 2^20 makes a hint like any."""
    head = HEADER_2_BYTES[:6] + b"\x01" + HEADER_2_BYTES[7:20] + (1 << 20).to_bytes(4, "big") + HEADER_2_BYTES[24:]
    hint = (int.from_bytes(head[4:7], "big") << 40 | 1 << 40 | 11).to_bytes(8, "big")
    slot = sealed(head, bytes(SYMBOL_BYTES), hint=hint)
    assert rescue.Slots([image(slot)], *rescue.derive(PASSPHRASE, LABEL)).open(0, 0) is None
    assert SlotCipher(keys()).open(slot) is None


def test_labels_fold_as_unicode_says() -> None:
    assert rescue.derive(PASSPHRASE, "Straße") == rescue.derive(PASSPHRASE, "STRASSE")


def test_a_slot_of_fine_symbols_holds_eighteen() -> None:
    floor = rescue.Floor(header(5, b""), rescue.Slots([], bytes(32), bytes(32)))
    floor.note(header(5, b"", number=2), 0, 512)
    assert sorted(floor.places[0]) == list(range(36, 54))


LIES: dict[str, dict[str, object]] = {
    "not zero": {"zero": b"\0" * 11 + b"\1"},
    "not zero before the groups": {"end": 1},
    "threshold none": {"threshold": 0},
    "threshold above carriers": {"threshold": 4},
    "bits": {"bits": 21},
    "no groups": {"groups": 0},
    "too many groups": {"groups": (1 << 20) + 1, "symbols": 1 << 21},
    "fewer symbols than groups": {"symbols": 1},
    "more symbols than fit": {"symbols": 6_401},
    "no shards": {"shards": 0},
    "stretch": {"first": (1 << BITS) - 5},
}
LAWFUL: dict[str, object] = {"zero": bytes(12), "carriers": 3, "threshold": 1, "bits": BITS, "end": 0}
LAWFUL |= {"groups": 2, "symbols": 7, "first": (1 << BITS) - 6, "shards": 6}


def floor_with(*said: dict[str, object]) -> rescue.Floor:
    """A floor of version 2 whose carriers say this in their terms; each share is the whole key."""
    floor = rescue.Floor(header(2, b""), rescue.Slots([], bytes(32), bytes(32)))
    shares = split(CONTENT_KEY, len(said), len(said), chance("shares"), range(1, len(said) + 1))
    for number, (share, one) in enumerate(zip(shares, said, strict=True), 1):
        plain = struct.pack(">12sBBBBIIII", *(LAWFUL | one).values())
        key = algorithms.AES(expand(CONTENT_KEY, b"terms" + bytes([number])))
        floor.shares[number] = share
        floor.terms[number] = Cipher(key, modes.CTR(bytes(16))).encryptor().update(plain)
        floor.places = {0: {}, 1: {}}
    return floor


def header(version: int, terms: bytes, **other: object) -> rescue.Header:
    return rescue.Header(version, 0, 0, 1, FLOOR_ID, 0, 0, 0, 0, CONTENT_KEY, bytes(6), terms)._replace(**other)


@pytest.mark.parametrize("lie", LIES)
def test_terms_that_no_writer_makes_open_nothing(lie: str) -> None:
    assert floor_with({}).settle()
    assert not floor_with(LIES[lie]).settle()


def test_terms_say_how_large_each_group_is() -> None:
    floor = floor_with({})
    assert floor.settle()
    assert (floor.first.carriers, floor.first.threshold, floor.first.groups) == (3, 1, 2)
    assert floor.sources == {0: 4, 1: 3}


@pytest.mark.parametrize(("what", "value"), [("carriers", 4), ("threshold", 2), ("groups", 3), ("symbols", 8)], ids=str)
def test_carriers_that_disagree_open_nothing(what: str, value: int) -> None:
    assert floor_with({"threshold": 1}, {"threshold": 1, "first": 0}).settle()
    assert not floor_with({"threshold": 1}, {"threshold": 1, what: value}).settle()


@pytest.mark.parametrize(
    "other",
    [{"carriers": 4}, {"threshold": 2}, {"groups": 8}, {"sources": 11}, {"share": bytes(32)}, {"terms": bytes(32)}],
    ids=lambda other: next(iter(other)),
)
def test_slots_that_contradict_each_other_are_said_to(other: dict[str, object]) -> None:
    one = header(1, bytes(range(32)), carriers=3, threshold=1, groups=7, group=5, sources=10)
    floor = rescue.Floor(one, rescue.Slots([], bytes(32), bytes(32)))
    floor.note(one, 0, 0)
    floor.note(one._replace(number=3), 0, 16_384)
    assert floor.agrees
    floor.note(one._replace(number=4, **other), 0, 32_768)
    assert not floor.agrees
    assert floor.lacks() == "its slots contradict each other"


def test_a_wrong_symbol_of_a_floor_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Section 4: sixteen more than K are compared with the others, where there are so many; the hash is the last."""
    plain = archive(tar(files=MANY))
    symbols = len(plain) // SYMBOL_BYTES
    numbers = [(0, number) for number in range(symbols, 2 * symbols + 16)]
    (slots,) = dealt_2(plain, Terms(1, 1, BITS, 1, symbols, 0, 1), {7: numbers}, veiled=True).values()
    bad = bytearray(encode(encrypted(plain), [symbols])[0].tobytes())
    bad[5] ^= 1
    first = rescue.Slots([image(slots[0])], *rescue.derive(PASSPHRASE, LABEL)).open(0, 0)
    assert first is not None
    said = SlotHeader(7, FLOOR_ID, 0, symbols, first[0].share, first[0].terms, veiled=True).pack()
    slots[0] = sealed(said, Veil(CONTENT_KEY).over(0, symbols, bytes(bad)), seed="wrong")
    assert opens(tmp_path, [slots]) == 3
    assert "contradict each other" in capsys.readouterr().err


def test_a_floor_that_lacks_its_cards_changes_nothing_for_another(tmp_path: Path) -> None:
    whole = coarse(veiled=True)
    lone = SlotHeader(1, bytes(16), 0, 0, bytes(32), bytes(32), veiled=True).pack()  # of a floor that lacks all else
    assert opens(tmp_path, [[*whole[0], sealed(lone, bytes(SYMBOL_BYTES))], whole[1]]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "b.jpg"]


def test_times_come_back(tmp_path: Path) -> None:
    assert opens(tmp_path, coarse(veiled=True)) == 0
    assert {path.stat().st_mtime for path in (tmp_path / "out").iterdir()} == {1_760_000_000}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_nowhere_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.jpg").symlink_to("nowhere")
    assert opens(tmp_path, coarse(veiled=True)) == 3
    assert "is already in the output folder" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.jpg"]
