"""The reading of a manifest alone: what was hidden is named, nothing is brought back, and lies are refused."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthfloor.errors import BadInput
from fifthfloor.floor.manifest import read_listing
from fifthfloor.floor.plan import cut_groups
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import Digests, Entry, archive_bytes, pack

KEY = bytes(range(32))


def sealed_groups(entries: list[Entry], count: int, key: bytes = KEY) -> list[bytes]:
    """The groups of an archive as they stand in a floor, encrypted."""
    chance = random.Random(1)
    plain = b"".join(pack(entries, "2026-11-28", lambda e: iter([chance.randbytes(e.size_bytes)]), Digests()))
    assert len(plain) == archive_bytes(entries, "2026-11-28")
    sealed = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(plain)
    at, groups = 0, []
    for symbols in cut_groups(len(plain) // SYMBOL_BYTES, count):
        groups.append(sealed[at : at + symbols * SYMBOL_BYTES])
        at += symbols * SYMBOL_BYTES
    return groups


def asked(groups: list[bytes], gone: set[int] | None = None) -> tuple[Callable[[int], memoryview | None], list[int]]:
    """Give groups as a floor does, and note which were asked for."""
    noted: list[int] = []

    def group(number: int) -> memoryview | None:
        noted.append(number)
        return None if gone and number in gone else memoryview(groups[number])

    return group, noted


@pytest.mark.parametrize("files", [0, 1, 7, 900])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_list_is_read_from_the_ends(files: int, count: int) -> None:
    entries = [Entry("roll", 0, 1.0, is_directory=True)]
    entries += [Entry(f"roll/행군 {number:04d}.JPG", 300 + number, 1.5) for number in range(files)]
    entries.append(Entry("roll/large.NEF", 400_000, 2.0))
    group, noted = asked(sealed_groups(entries, count))
    listing = read_listing(group, count, KEY)
    assert listing is not None
    assert listing.hidden == "2026-11-28"
    assert listing.files == tuple((entry.name, entry.size_bytes) for entry in entries if not entry.is_directory)
    assert listing.size_bytes == sum(entry.size_bytes for entry in entries)
    if count == 5 and files < 10:
        assert set(noted) == {0, 4}


def test_a_group_that_is_gone_is_no_lie() -> None:
    groups = sealed_groups([Entry("a", 200_000, 1.0)], 3)
    for gone in (0, 2):
        assert read_listing(asked(groups, {gone})[0], 3, KEY) is None
    assert read_listing(asked(groups, {1})[0], 3, KEY) is not None


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 100_000)), st.integers(0, 99))
def test_what_no_writer_made_is_refused_in_bounded_steps(count: int, length: int, seed: int) -> None:
    chance = random.Random(seed)
    groups = [bytearray(chance.randbytes(SYMBOL_BYTES)) for _ in range(count)]
    stream = Cipher(algorithms.AES(KEY), modes.CTR(bytes(16))).encryptor().update(bytes(8))
    # The length at the head is what the maker of the floor wished it to be.
    groups[0][:8] = bytes(a ^ b for a, b in zip(stream, length.to_bytes(8, "big"), strict=True))
    with pytest.raises(BadInput):
        read_listing(asked([bytes(group) for group in groups])[0], count, KEY)
