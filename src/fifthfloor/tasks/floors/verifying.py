"""Opening a floor without writing a file: every byte is brought back, hashed and thrown away."""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fifthfloor import engine
from fifthfloor.cards.image import open_raw
from fifthfloor.carriers.collection import Collection, FloorFacts, Unlocked
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.tar_stream import Unpacked, unpack
from fifthfloor.tasks.floors.here import collected
from fifthfloor.tasks.floors.restore import GroupMissing, archive_of
from fifthfloor.tasks.progress import Progress, silent

_COUNT_BYTES = 8


def hashes_apart(
    paths: Sequence[Path], keys: FloorKeys, floor_id: bytes, progress: Progress = silent
) -> dict[str, str]:
    """Open one floor in a fresh process that knows only the carriers and the keys.

    Args:
        paths: carriers.
        keys: of the floor; they go through a pipe.
        floor_id: 16 bytes.
        progress: shown for the reading.

    Returns:
        stored name -> SHA-256 of what came back, each equal to the one in the manifest.

    Raises:
        NothingFound: the floor is not there or does not come back.
        BadInput: it came back different.
    """
    names = [str(path) for path in paths]
    told = b""
    with progress("work.prove", sum(_size(path) for path in paths)) as advance:
        for item in engine.stream(_hashes, names, keys.recogniser, keys.seal, floor_id):
            if len(item) == _COUNT_BYTES:
                advance(int.from_bytes(item, "big"))
            else:
                told = bytes(item)
    return dict(json.loads(told))


def _size(path: Path) -> int:
    with open_raw(path) as device:
        return device.size_bytes


def _hashes(paths: Sequence[str], recogniser: bytes, seal: bytes, floor_id: bytes) -> Iterator[bytes]:
    """Give how many bytes were read since the last item, in eight bytes, and at the end the document."""
    done: queue.SimpleQueue[int | str | BaseException] = queue.SimpleQueue()

    @contextmanager
    def counted(_key: str, _total: int) -> Iterator[Callable[[int], None]]:
        yield done.put

    def work() -> None:
        try:
            done.put(_document(paths, FloorKeys(recogniser, seal), floor_id, counted))
        except BaseException as error:
            done.put(error)

    threading.Thread(target=work, daemon=True).start()
    while isinstance(told := done.get(), int):
        yield told.to_bytes(_COUNT_BYTES, "big")
    if isinstance(told, BaseException):
        raise told
    yield told.encode().rjust(_COUNT_BYTES + 1)


def _document(paths: Sequence[str], keys: FloorKeys, floor_id: bytes, progress: Progress) -> str:
    with collected([Path(path) for path in paths], keys, progress) as (collection, _found):
        floors = [facts for facts in collection.floors() if facts.floor_id == floor_id]
        unlocked = floors[0].unlock() if floors else None
        if unlocked is None:
            raise NothingFound("open.nothing")
        found = file_hashes(collection, floors[0], unlocked)
    return json.dumps(found)


def file_hashes(collection: Collection, facts: FloorFacts, unlocked: Unlocked) -> dict[str, str]:
    """Bring every file of a floor back and throw it away: stored name -> SHA-256.

    Raises:
        NothingFound: a group does not come back.
        BadInput: a file came back different.
    """
    found: dict[str, str] = {}
    unpacked = Unpacked()
    try:
        for entry, contents in unpack(archive_of(collection, facts, unlocked, lambda _done: None), unpacked):
            digest = hashlib.sha256()
            for piece in contents:
                digest.update(piece)
            if not entry.is_directory:
                found[entry.name] = digest.hexdigest()
    except GroupMissing:
        raise NothingFound("open.nothing") from None
    if found != unpacked.hashes:
        raise BadInput("floor.archive_broken")
    return found
