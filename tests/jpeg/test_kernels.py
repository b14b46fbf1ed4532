"""The kernels against bits written one by one, at every edge of a machine word, a buffer and a table."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import coefficients as codec
from fifthfloor.jpeg.bits import CACHED, cache_folder
from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture
from fifthfloor.jpeg.huffman import TYPICAL, HuffmanTable
from fifthfloor.jpeg.sequential_encoder import BUFFER_BYTES

TABLES = [(TYPICAL[0x00], TYPICAL[0x10])]
# A code of each length; size 10 has the longest, fifteen ones and a zero.
LONGEST = HuffmanTable(bytes([1] * 16), bytes([*range(10), *range(11, 16), 10]))


def grey(blocks_wide: int, blocks_high: int) -> CanonicalHeader:
    return CanonicalHeader(blocks_wide * 8, blocks_high * 8, "grey", ((1, 1),), (bytes([1] * 64),), b"\0")


def by_hand(blocks: NDArray[np.int16], tables: tuple[HuffmanTable, HuffmanTable], restart: int) -> bytes:
    """Encode grey blocks as T.81 F.1.2 says it, one bit after the other."""
    dc, ac = ({symbol: format(code, f"0{length}b") for code, length, symbol in table.codes} for table in tables)
    out: list[bytes] = []
    for first in range(0, len(blocks), restart):
        bits, before = "", 0
        for block in blocks[first : first + restart].tolist():
            bits += _value(dc, 0, block[0] - before)
            before, run = block[0], 0
            for value in block[1:]:
                if value:
                    bits += ac[0xF0] * (run // 16) + _value(ac, run % 16, value) if run > 15 else _value(ac, run, value)
                run = 0 if value else run + 1
            bits += ac[0] if run else ""
        bits += "1" * (-len(bits) % 8)
        data = int(bits, 2).to_bytes(len(bits) // 8, "big")
        out.append(data.replace(b"\xff", b"\xff\0"))
    return b"".join(part + (bytes([0xFF, 0xD0 + i % 8]) if i + 1 < len(out) else b"") for i, part in enumerate(out))


def _value(codes: dict[int, str], run: int, value: int) -> str:
    size = abs(value).bit_length()
    bits = value if value >= 0 else value + (1 << size) - 1
    return codes[run << 4 | size] + (format(bits, f"0{size}b") if size else "")


def drawn(chance: random.Random, count: int, density: float, most: int) -> NDArray[np.int16]:
    blocks = np.zeros((count, 64), dtype=np.int16)
    for block in blocks:
        for place in range(64):
            if chance.random() < density:
                block[place] = chance.randint(-most, most)
    return blocks


@pytest.mark.parametrize("seed", range(8))
def test_blocks_are_written_as_by_hand_and_read_back(seed: int) -> None:
    chance = random.Random(seed)
    density, most = chance.choice([0.01, 0.1, 0.5, 1.0]), chance.choice([1, 3, 60, 1023])
    header = grey(40, 3)
    blocks = drawn(chance, 120, density, most)
    coded = codec.encode(header.frame, blocks, restart_mcus=16, tables=TABLES, order=(0,))
    assert coded.data == by_hand(blocks, TABLES[0], 16)
    back = codec.read(CanonicalPicture(header, coded.data, coded.starts, coded.ends).to_bytes())
    assert (back.coefficients == blocks).all()


@pytest.mark.parametrize("places", [(1,), (63,), (16,), (17,), (18,), (33,), (48, 63), (49,), (1, 62), (62, 63), (0,)])
def test_runs_of_every_length_are_written_as_by_hand(places: tuple[int, ...]) -> None:
    for value in (1, -1, 1023, -1023, 255, -128):
        blocks = np.zeros((3, 64), dtype=np.int16)
        blocks[1, list(places)] = value
        coded = codec.encode(grey(3, 1).frame, blocks, restart_mcus=3, tables=TABLES, order=(0,))
        assert coded.data == by_hand(blocks, TABLES[0], 3)


def test_an_interval_longer_than_the_buffer_and_full_of_ff_is_written_as_by_hand() -> None:
    # Codes and values of ones: most bytes are FF and stuffed.
    blocks = np.full((400, 64), 1023, dtype=np.int16)
    blocks[:, 0] = np.arange(400) % 2 * 1023
    tables = (LONGEST, LONGEST)
    coded = codec.encode(grey(400, 1).frame, blocks, restart_mcus=400, tables=[tables], order=(0,))
    assert coded.data == by_hand(blocks, tables, 400)
    assert coded.data.count(0xFF) > len(coded.data) / 4
    assert len(coded.data) > 3 * BUFFER_BYTES


@pytest.mark.parametrize(("place", "value"), [(0, 2048), (0, -2048), (5, 1024), (63, -1024), (9, -32768), (0, 32767)])
def test_what_no_table_codes_is_refused(place: int, value: int) -> None:
    blocks = np.zeros((2, 64), dtype=np.int16)
    blocks[1, place] = value
    with pytest.raises(BadInput) as caught:
        codec.encode(grey(2, 1).frame, blocks, restart_mcus=2, tables=TABLES, order=(0,))
    assert caught.value.key == "jpeg.range"


def test_a_table_without_the_end_of_a_block_is_refused() -> None:
    no_end = HuffmanTable(bytes([0, 1] + [0] * 14), b"\x01")
    with pytest.raises(BadInput):
        codec.encode(
            grey(1, 1).frame, np.zeros((1, 64), np.int16), restart_mcus=1, tables=[(TYPICAL[0], no_end)], order=(0,)
        )


@pytest.mark.parametrize("slot", [0x00, 0x01])
def test_the_small_tables_say_what_the_large_ones_say(slot: int) -> None:
    for table, small in ((TYPICAL[slot], TYPICAL[slot].fast_dc), (TYPICAL[slot | 0x10], TYPICAL[slot | 0x10].fast_ac)):
        codes = {format(code, f"0{length}b"): symbol for code, length, symbol in table.codes}
        for number, entry in enumerate(small.tolist()):
            bits = format(number, "010b")
            code = next((bits[:length] for length in range(1, 11) if bits[:length] in codes), "")
            size = codes[code] & 15 if code else 0
            value = bits[len(code) : len(code) + size]
            if not code or len(value) < size or (table is TYPICAL[slot | 0x10] and not size and codes[code]):
                assert entry == 0
                continue
            number_ = int(value, 2) - (0 if value[0] == "1" else (1 << size) - 1) if size else 0
            assert (entry >> 16, entry & 255, entry >> 8 & 255) == (number_, len(code) + size, codes[code] >> 4)


def test_compiled_code_is_kept_beside_the_source_by_what_the_source_says(tmp_path: Path) -> None:
    assert CACHED
    (tmp_path / "kernel.py").write_text("one = 1")
    first = cache_folder(tmp_path)
    assert Path(first).parent == tmp_path / "__pycache__"
    (tmp_path / "kernel.py").write_text("one = 2")
    assert cache_folder(tmp_path) not in ("", first)
    assert cache_folder(tmp_path / "not there") == ""
