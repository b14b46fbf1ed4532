"""Later passes read, compare and encrypt what the first pass saw, from any place (spec/floor.md, section 6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.vectors.build import chance

from fifthfloor.errors import BadInput
from fifthfloor.floor.again import Again, Sealer, batch_marks, batch_symbols
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import Digests, Entry, archive_bytes, opener, pack

KEY = bytes(range(32))
NAMES = ("trip", "trip/a.jpg", "b.raw", "trip/long " + "x" * 120, "empty", "z")


class Contents:
    """Contents that are a function of the name, the place and a change."""

    def __init__(self) -> None:
        self.changed: str | None = None

    def whole(self, entry: Entry) -> bytes:
        noise = chance(entry.name)(entry.size_bytes)
        return noise if entry.name != self.changed else noise[:-1] + bytes([noise[-1] ^ 1])

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        yield self.whole(entry)

    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        buffer[:] = self.whole(entry)[offset_bytes : offset_bytes + len(buffer)]


def entries_of(sizes: list[int]) -> list[Entry]:
    return [Entry("trip", 0, 1.5, is_directory=True)] + [
        Entry(name, size, 1_700_000_000.25) for name, size in zip(NAMES[1:], sizes, strict=False)
    ]


@given(st.lists(st.integers(0, 3000), max_size=5), st.data())
def test_any_part_is_what_pack_made(sizes: list[int], data: st.DataObject) -> None:
    entries, digests, contents = entries_of(sizes), Digests(), Contents()
    whole = b"".join(pack(entries, "2026-11-22", contents, digests))
    again = Again(entries, "2026-11-22", contents, digests)
    assert again.length_bytes == len(whole) == archive_bytes(entries, "2026-11-22")
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    buffer = bytearray(end - start)
    again.read_into(start, memoryview(buffer))
    assert buffer == whole[start:end]


def made(groups: tuple[int, ...], contents: Contents) -> tuple[Sealer, bytes]:
    entries, digests = entries_of([0, sum(groups) * SYMBOL_BYTES - 9000]), Digests()
    fingerprinter = Fingerprinter(lambda _: KEY)
    plain = b"".join(pack(entries, "2026-11-22", contents, digests))
    marks = batch_marks([plain], groups, fingerprinter)
    return Sealer(Again(entries, "2026-11-22", contents, digests), groups, marks, fingerprinter, KEY[::-1]), plain


@pytest.mark.parametrize("groups", [(1,), (64,), (70, 69), (3, 2, 2)])
def test_batches_and_groups_decrypt_in_order_to_the_archive(groups: tuple[int, ...]) -> None:
    sealer, plain = made(groups, Contents())
    decrypt = opener(KEY[::-1])
    most = batch_symbols(groups)
    assert sealer.batch_symbols == most
    came = []
    for group, count in enumerate(groups):
        batches = b"".join(sealer.batch(group, batch) for batch in range(-(-count // most)))
        whole = bytearray(count * SYMBOL_BYTES)
        sealer.group(group, memoryview(whole))
        assert batches == whole
        assert whole not in plain
        decrypt(memoryview(whole))
        came.append(whole)
    assert b"".join(came) == plain


def test_nothing_that_changed_is_encrypted() -> None:
    """One bit of the last file differs: its batch and its group are refused, the others are not."""
    contents = Contents()
    sealer, _plain = made((70, 69), contents)
    contents.changed = "b.raw"
    sealer.batch(1, 0)
    whole = memoryview(bytearray(69 * SYMBOL_BYTES))
    for changed in (lambda: sealer.batch(1, 1), lambda: sealer.group(1, whole)):
        with pytest.raises(BadInput) as raised:
            changed()
        assert raised.value.key == "hide.changed"


def test_batches_shrink_where_there_are_many_groups() -> None:
    assert batch_symbols((3200,)) == 64
    assert batch_symbols((3200,) * 100) == 20
    assert batch_symbols((3200,) * 5000) == 1
