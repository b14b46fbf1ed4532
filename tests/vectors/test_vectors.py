"""Every vector of `spec/vectors/floor` against both readers, fed whole, in small pieces, and with trailing bytes."""

from __future__ import annotations

import hashlib
import io
import itertools
import struct
from pathlib import Path

import pytest
from tests.vectors.readers import Reader, hashes
from tools.vectors.__main__ import VECTORS, made, names
from tools.vectors.build import OUTCOMES, Vector, chance, files_of, group_bytes, images_of, parse, tar

from fifthfloor.carriers import collection
from fifthfloor.errors import BadInput
from fifthfloor.floor.shards import decode, encode
from tools import rescue

SYMBOL_BYTES = 16_240
EXIT = {"files": 0, "incomplete": 1, "nothing": 1, "rejected": 3}


def of(*prefixes: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """Return the names of some vectors; those with the real cost marked so."""
    chosen = [name for name in names() if name.startswith(prefixes)]
    return [pytest.param(n, marks=[pytest.mark.real_kdf] if n.endswith("real_cost") else []) for n in chosen]


def load(name: str) -> Vector:
    vector = parse((VECTORS / name).read_text(encoding="ascii"))
    assert vector.expect in OUTCOMES
    return vector


def test_the_generators_make_what_is_stored() -> None:
    stored = {file.name: file.read_text(encoding="ascii") for file in VECTORS.iterdir()}
    assert sorted(stored) == names()
    for name in names():
        assert made(name).text() == stored[name], f"{name}: `make vectors` makes something else"


@pytest.mark.parametrize("name", of("slot_", "label_", "passphrase_"))
@pytest.mark.parametrize("before", [0, 512, 31 * 512])
@pytest.mark.parametrize("after", [b"", b"\xff", bytes(5000)])
def test_slot(name: str, before: int, after: bytes, reader: Reader) -> None:
    if name.endswith("real_cost") and (before or after):
        return  # 256 MiB of memory a try: once whole is enough
    vector = load(name)
    found = reader.slots(vector, bytes(before) + vector.body[0][1] + after)
    if vector.expect == "no slot":
        assert found == []
        return
    [(header, symbol)] = found
    assert header.hex() == vector.head["header"]
    assert hashlib.sha256(symbol).hexdigest() == vector.head["symbol_sha256"]


@pytest.mark.parametrize("name", of("slot_plain", "slot_largest_numbers"))
@pytest.mark.parametrize("before", [1, 16, 256, 511, 513])
def test_no_slot_beside_a_multiple_of_512(name: str, before: int, reader: Reader) -> None:
    vector = load(name)
    assert reader.slots(vector, bytes(before) + vector.body[0][1] + bytes(1024)) == []


@pytest.mark.parametrize("name", of("share_"))
def test_share(name: str, reader: Reader) -> None:
    vector = load(name)
    shares = {int(title.removeprefix("x ")): data for title, data in vector.body}
    for order in (shares, dict(reversed(shares.items()))):
        given = reader.secret(order).hex()
        assert given == vector.head["secret"] if "secret" in vector.head else given != vector.head["not"]


@pytest.mark.parametrize("name", of("code_"))
def test_code(name: str) -> None:
    vector = load(name)
    sources = int(vector.head["sources"])
    group = group_bytes(sources)
    wanted = {int(key[7:]): value for key, value in vector.head.items() if key.startswith("symbol_")}
    symbols = encode(group, list(wanted))
    assert [hashlib.sha256(symbol.tobytes()).hexdigest() for symbol in symbols] == list(wanted.values())
    numbers = list(range(sources, 2 * sources + 2))
    repair = {number: symbol.tobytes() for number, symbol in zip(numbers, encode(group, numbers), strict=True)}
    assert bytes(decode(sources, repair) or b"") == group
    assert rescued(sources, repair) == group


def rescued(sources: int, symbols: dict[int, bytes]) -> bytes:
    """Bring a group back with `rescue.Floor.group`, given its symbols in place of slots."""

    header = rescue.Header(1, 1, 1, 1, b"", 1, 0, sources, 0, b"", b"", b"")

    class Given(rescue.Slots):
        def open(self, image: int, at: int) -> tuple[rescue.Header, bytes] | None:
            return None if image else (header, symbols[at])

    floor = rescue.Floor(header, Given([], bytes(32), bytes(32)))
    floor.sources, floor.places = {0: sources}, {0: {number: (0, number) for number in symbols}}
    return floor.group(0)


@pytest.mark.parametrize("name", of("archive_"))
@pytest.mark.parametrize(
    ("piece_bytes", "trailing"), [(1 << 20, 0), (512, 0), (1, 0), (1 << 20, 1), (1 << 20, SYMBOL_BYTES)]
)
def test_archive(name: str, piece_bytes: int, trailing: int, reader: Reader, tmp_path: Path) -> None:
    vector = load(name)
    key = bytes.fromhex(vector.head["content_key"])
    sealed = vector.body[0][1] + chance("trailing")(trailing)
    if vector.expect == "files":
        assert reader.unpack(sealed, key, piece_bytes, tmp_path) == files_of(vector)
        return
    assert vector.expect == "rejected"
    with pytest.raises(BadInput):
        reader.unpack(sealed, key, piece_bytes, tmp_path)


@pytest.mark.parametrize("name", of("archive_plain"))
@pytest.mark.parametrize("cut", [0, 1, 8, 9, 40, 512, 600, 3000, 8 + len(tar()) + 31])
def test_a_shortened_archive_is_rejected(name: str, cut: int, reader: Reader, tmp_path: Path) -> None:
    vector = load(name)
    with pytest.raises(BadInput):
        reader.unpack(vector.body[0][1][:cut], bytes.fromhex(vector.head["content_key"]), 1 << 20, tmp_path)


def opened(reader: Reader, vector: Vector, images: list[bytes], folder: Path) -> dict[str, str]:
    paths = [folder / f"card {number}.img" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        path.write_bytes(image)
    out = folder / "out"
    assert reader.open(vector, paths, out) == EXIT[vector.expect]
    return dict(hashes(out)) if out.exists() else {}


@pytest.mark.parametrize("name", of("floor_"))
@pytest.mark.parametrize("trailing", [b"", b"\x55" * 700])
def test_floor(name: str, trailing: bytes, reader: Reader, tmp_path: Path) -> None:
    if name.endswith("real_cost") and trailing:
        return
    vector = load(name)
    found = opened(reader, vector, [image + trailing for image in images_of(vector)], tmp_path)
    expected = files_of(vector)
    if name != "floor_two_ids":
        assert found == expected
        return
    assert {name.split("/", 1)[1]: digest for name, digest in found.items()} == expected
    assert len({name.split("/", 1)[0] for name in found}) == 2


def test_any_two_of_three_in_any_order(reader: Reader, tmp_path: Path) -> None:
    vector = load("floor_two_of_three")
    images = images_of(vector)
    for number, pair in enumerate(itertools.permutations(images, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert opened(reader, vector, list(pair), folder) == files_of(vector)


def test_reads_of_512_bytes(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "READ_BYTES", 512)
    monkeypatch.setattr(rescue, "PIECE", 512)
    vector = load("floor_two_of_three")
    assert opened(reader, vector, images_of(vector), tmp_path) == files_of(vector)


class OneByteAtATime(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(1, size or 0))


class BadSectors(io.BytesIO):
    """Every read that touches a byte from `first` up to `last` fails."""

    first, last = 0, 0

    def read(self, size: int | None = -1, /) -> bytes:
        here = self.tell()
        if here < self.last and here + (size or 0) > self.first:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_rescue_reads_byte_by_byte_and_round_bad_sectors(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = load("slot_plain")
    monkeypatch.setattr(rescue, "KDF_KIB", 64)
    monkeypatch.setattr(rescue, "KDF_PASSES", 1)
    monkeypatch.setattr(rescue, "KDF_LANES", 1)
    keys = rescue.derive("stove orchid lantern unveil cobalt ridge mule", "Pyongyang 2026")
    image = bytes(1024) + vector.body[0][1] + bytes(512) + vector.body[0][1]

    def found_in(one: io.BytesIO) -> list[int]:
        return [at for *_, at in rescue.find([one], [rescue.Slots([one], *keys)])]

    assert found_in(OneByteAtATime(image)) == [1024, 17_920]
    bad = BadSectors(image)
    bad.first, bad.last = 2000, 2001
    assert found_in(bad) == [17_920]
    bad.first, bad.last = 0, 1024
    assert found_in(bad) == [1024, 17_920]


def test_the_header_of_the_worked_example() -> None:
    fields = struct.unpack(">BBBB16sIIII32s28s", bytes.fromhex(load("slot_plain").head["header"]))
    assert fields[:4] + fields[5:9] == (1, 3, 2, 1, 7, 5, 10, 11)
