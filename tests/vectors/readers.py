"""The two readers the vectors are run against, behind one face: the package, and `tools/rescue.py` without it."""

from __future__ import annotations

import hashlib
import io
import json
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from tools.vectors.build import Vector, quick

from fifthfloor.carriers import collection
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.floor.seal import FloorKeys, argon2id, derive_keys
from fifthfloor.floor.shares import combine
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.floor.tar_stream import Unpacked, opener, unpack
from fifthfloor.tasks.floors.open import open_floors
from tools import rescue

Slot = tuple[bytes, bytes]
"""Header of 96 bytes, symbol."""


class Reader(Protocol):
    """What both can be asked."""

    def slots(self, vector: Vector, image: bytes) -> list[Slot]:
        """Open every slot of an image."""

    def secret(self, shares: dict[int, bytes]) -> bytes:
        """Combine shares, as many as the threshold."""

    def unpack(self, sealed: bytes, key: bytes, piece_bytes: int, work: Path) -> dict[str, str]:
        """Unpack an archive fed in pieces: name -> SHA-256. Raises BadInput if it is rejected."""

    def open(self, vector: Vector, images: list[Path], out: Path) -> int:
        """Open images into a folder and return the exit code."""


def typed(vector: Vector) -> tuple[str, str]:
    """Return passphrase and label of a vector."""
    return json.loads(vector.head["passphrase"]), json.loads(vector.head["label"])


@contextmanager
def silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar nobody sees."""
    yield lambda _: None


class Package:
    """`src/fifthfloor`."""

    def _keys(self, vector: Vector) -> FloorKeys:
        return derive_keys(*typed(vector), argon2id if vector.head["kdf"] == "real" else quick)

    def slots(self, vector: Vector, image: bytes) -> list[Slot]:
        cipher = SlotCipher(self._keys(vector))
        index = collection.scan([Memory(image)], cipher, lambda _: None)
        opened = [cipher.open(image[at : at + 16_384]) for at in index.offset.tolist()]
        return [(found[0].pack(), found[1]) for found in opened if found]

    def secret(self, shares: dict[int, bytes]) -> bytes:
        return combine(shares)

    def unpack(self, sealed: bytes, key: bytes, piece_bytes: int, work: Path) -> dict[str, str]:
        assert not list(work.iterdir())
        decrypt, learned = opener(key), Unpacked()
        archive = memoryview(bytearray(sealed))
        pieces = [archive[at : at + piece_bytes] for at in range(0, len(sealed), piece_bytes)]
        for piece in pieces:
            decrypt(piece)
        found = {}
        for entry, contents in unpack(pieces, learned):
            digest = hashlib.sha256(b"".join(contents)).hexdigest()
            if not entry.is_directory:
                found[entry.name] = digest
        if found != learned.hashes:
            raise BadInput("floor.archive_broken")
        return found

    def open(self, vector: Vector, images: list[Path], out: Path) -> int:
        try:
            open_floors(images, self._keys(vector), out, force=False, progress=silent)
        except FifthFloorError as error:
            assert not out.exists()
            return error.exit_code
        return 0


class Rescue:
    """`tools/rescue.py`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def _cost(self, vector: Vector) -> None:
        memory, passes, lanes = (262_144, 3, 4) if vector.head["kdf"] == "real" else (64, 1, 1)
        self._patch.setattr(rescue, "KDF_KIB", memory)
        self._patch.setattr(rescue, "KDF_PASSES", passes)
        self._patch.setattr(rescue, "KDF_LANES", lanes)

    def slots(self, vector: Vector, image: bytes) -> list[Slot]:
        self._cost(vector)
        slots = rescue.Slots([io.BytesIO(image)], *rescue.derive(*typed(vector)))
        found = []
        for _, header, number, at in rescue.find([io.BytesIO(image)], [slots]):
            opened = slots.open(number, at)
            assert opened is not None
            found.append((packed(header), opened[1]))
        return found

    def secret(self, shares: dict[int, bytes]) -> bytes:
        header = rescue.Header(1, 255, len(shares), 1, b"", 1, 0, 1, 0, b"", b"", b"")
        floor = rescue.Floor(header, rescue.Slots([], bytes(32), bytes(32)))
        floor.shares = shares
        return floor.content_key()

    def unpack(self, sealed: bytes, key: bytes, piece_bytes: int, work: Path) -> dict[str, str]:
        pieces = (sealed[at : at + piece_bytes] for at in range(0, len(sealed), piece_bytes))
        floor = rescue.Floor(rescue.Header(1, 1, 1, 1, bytes(16), 1, 0, 1, 0, key, bytes(28), b""), _NO_SLOTS)
        floor.shares = {1: key}
        self._patch.setattr(rescue.Floor, "group", lambda *_: next(pieces, b""))
        floor.first = floor.first._replace(groups=len(sealed) // piece_bytes + 1)
        try:
            rescue.restore(floor, work, False)
        except rescue.RefusedError as error:
            assert not list(work.iterdir())
            raise BadInput("floor.archive_broken") from error
        return dict(hashes(work))

    def open(self, vector: Vector, images: list[Path], out: Path) -> int:
        self._cost(vector)
        passphrase, label = typed(vector)
        code = rescue.rescue(passphrase, label, out, images)
        assert code == 0 or not out.exists() or not list(out.iterdir())
        return code


def packed(header: rescue.Header) -> bytes:
    """The 96 bytes of a header as `rescue.py` read it."""
    if header.version == 1:
        return struct.pack(">BBBB16sIIII32s28s", *header[:-1])
    h = header
    return struct.pack(
        ">BB2s16sII32s32s4s", h.version, h.carrier, h.zero[:2], h.floor, h.group, h.number, h.share, h.terms, h.zero[2:]
    )


_NO_SLOTS = rescue.Slots([], bytes(32), bytes(32))


class Memory:
    """An image in memory, as `carriers` reads one."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        buffer[:] = self._data[offset_bytes : offset_bytes + len(buffer)]


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Name below `folder` and SHA-256 of every file in it."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
